"""`send` and `erase`: what a person does in a case."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from toritsugi_adapters.cli.account import Failure
from toritsugi_adapters.cli.acts import Sent, occurred, recorded, refusals_told
from toritsugi_adapters.cli.desk import Desk
from toritsugi_adapters.cli.language import words
from toritsugi_adapters.cli.layout import paragraph
from toritsugi_adapters.cli.options import argument, case_argument, command, option

if TYPE_CHECKING:
    from toritsugi.engine import Engine


@command(
    "send",
    case_argument(),
    argument("event"),
    argument("values", nargs=-1),
    option(
        "--reason", metavar="TEXT", ja="理由（個人情報として扱われる）", en="a written reason (kept as personal data)"
    ),
    option(
        "--override",
        is_flag=True,
        ja="原則の条件の例外とする（--reason で理由を書く）",
        en="lift what holds only in principle; needs a reason",
    ),
    option(
        "--via",
        metavar="CHANNEL",
        ja="受け取った、または送る方法（email、fax、post、郵送など）",
        en="how it came in or shall leave (email, fax, post)",
    ),
    option(
        "--address", metavar="ADDRESS", ja="使った宛先（正しい宛先か確かめる）", en="the address that was used; checked"
    ),
    option(
        "--at",
        metavar="MOMENT",
        ja="実際に行われた日時、日本時間（既定：今）",
        en="when it happened, by Japan's clock (default: now)",
    ),
    option(
        "--key",
        metavar="KEY",
        ja="受付キー。同じキーの再送は一度だけ記録される",
        en="idempotency key: the same again is recorded once",
    ),
    usage="CASE EVENT [FIELD=VALUE ...]",
    ja="""
できる操作と必要な項目は toritsugi can 案件番号 で分かります。例：
    toritsugi send 案件番号 accept_form1 form1_arrived_at="2026-12-25 18:30"
    toritsugi send 案件番号 send_form1 --via fax""",
    en="""
What may be done, and with which fields: toritsugi can CASE. For example:
    toritsugi send CASE accept_form1 form1_arrived_at="2026-12-25 18:30"
    toritsugi send CASE send_form1 --via fax""",
)
def send(
    desk: Desk,
    case: str,
    event: str,
    values: tuple[str, ...],
    reason: str | None,
    override: bool,
    via: str | None,
    address: str | None,
    at: str | None,
    key: str | None,
) -> None:
    from toritsugi_adapters.cli.spoken import channel, named
    from toritsugi_adapters.cli.typed import typed_values

    via = channel(via)
    with desk.engine(writing=True) as engine:
        found = engine.case(case)
        procedure = engine.procedure_of(found)
        event = named(event, {one.id: one.title for one in procedure.events.values()})
        spec = procedure.events.get(event)
        actor = desk.actor_in(found, procedure, spec.by if spec else tuple(procedure.parties)[:1])
        given = typed_values(procedure, values)
        kept = {*found.personal_set, *(name for name, value in found.data.items() if value is not None)}
        known = {*given, *(kept.difference(spec.anew) if spec else kept)}
        sent = Sent(event=spec, via=via, reason=reason, override=override)

        def moved() -> str | None:
            after = engine.case(case).state
            return after if after != found.state else None

        with refusals_told(procedure, spec.needs if spec else (), known, sent, moved):
            answer = engine.send(
                case,
                event,
                actor,
                given,
                key=key,
                occurred_at=occurred(at),
                reason=reason,
                override=override,
                channel=via,
                address=address,
            )
        recorded(desk, engine, answer, str(actor.role))


@command(
    "erase",
    case_argument(),
    option(
        "--reason",
        metavar="TEXT",
        required=True,
        ja="理由。そのまま残るので個人情報を書かないこと",
        en="why; it stays readable, so no personal data in it",
    ),
    option(
        "--yes",
        is_flag=True,
        ja="確認せずに消去する（端末がないときは必要）",
        en="do not ask; needed without a terminal",
    ),
    usage="CASE --reason TEXT [--yes]",
    ja="個人情報を読む鍵を捨てます。元に戻せません。案件の経過は残り、検証もできます。端末では消去の前に確認を求めます。",
    en="Destroys the key to the personal data, for good. The history stays and can be verified. A terminal asks first.",
)
def erase(desk: Desk, case: str, reason: str, yes: bool) -> None:
    from toritsugi_adapters.cli.shapes import answer_shape

    with desk.engine(writing=True) as engine:
        engine.case(case)
        if not yes:
            _agreed(case)
        procedure = engine.procedure_of(engine.case(case))
        role = desk.role or procedure.owner
        owner = procedure.parties.get(role)
        actor = desk.actor(role, (owner.institution if owner else None) or role)
        answer = engine.erase(case, actor, reason)
        done = words(f"案件 {case} の個人情報を消去しました。", f"The personal data of case {case} was erased.")
        left = list(_left_to_do(desk, engine))
        shape = {**answer_shape(answer), "left_to_do": [{"ja": ja, "en": en} for ja, en in left]}
        desk.show(shape, [done, *(line for ja, en in left for line in paragraph(words(ja, en)))])


def _left_to_do(desk: Desk, engine: Engine) -> Iterator[tuple[str, str]]:
    """What an erasure cannot reach and an operator has to see to, Japanese and English."""
    yield (
        f"spool に残る控え（{desk.spool}）は別途廃棄してください。",
        f"Copies in the spool ({desk.spool}) have to be destroyed separately.",
    )
    if engine.store.remains:
        vacuum = (
            "toritsugi_case の VACUUM は実行しましたが、長いトランザクションが残っていないことを確かめ",
            "toritsugi_case was vacuumed; see that no long transaction was open",
        )
        if not engine.store.vacuumed:
            vacuum = (
                "toritsugi_case の VACUUM は実行できませんでした（ほかの処理が表を使っているか、権限がありません）。"
                "長いトランザクションが残っていないときに VACUUM toritsugi_case を行い",
                "toritsugi_case could not be vacuumed (somebody else holds the table, or it is not this user's); run VACUUM "
                "toritsugi_case while no long transaction is open",
            )
        yield (
            f"PostgreSQL では、捨てた鍵（包まれたもの）の痕跡がしばらく残ります。{vacuum[0]}、必要なら VACUUM FULL toritsugi_case "
            "を行い、WAL・その保管先・複製・バックアップの保存期間の満了を確認してください。",
            f"PostgreSQL keeps traces of the destroyed (wrapped) key for a while. {vacuum[1]}, run VACUUM FULL "
            "toritsugi_case if the bytes must go now, and have the WAL, its archive, replicas and backups expire.",
        )


def _agreed(case: str) -> None:
    """Ask whoever sits at the terminal.

    Raises:
        Failure: the answer is no, or nobody can be asked.
    """
    if not sys.stdin.isatty():
        raise Failure(
            "消去は元に戻せません。端末で確認できないときは --yes を付けてください。",
            "Erasing is for good; where no terminal can ask, add --yes.",
        )
    question = words(
        f"案件 {case} の個人情報を消去します。元に戻せません。", f"Erases the personal data of case {case}, for good."
    )
    print(question, words("よろしいですか（はい／いいえ）: ", "Go on (yes/no)? "), file=sys.stderr, end="", flush=True)
    if sys.stdin.readline().strip().casefold() not in ("はい", "yes", "y"):
        raise Failure("消去を取りやめました。", "Nothing was erased.")

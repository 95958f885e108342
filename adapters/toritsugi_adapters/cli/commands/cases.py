"""`case`, `history` and `messages`: a case as it stands, how it came to that, and what left it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from toritsugi_adapters.cli.desk import Desk
from toritsugi_adapters.cli.language import words
from toritsugi_adapters.cli.layout import paragraph, table
from toritsugi_adapters.cli.options import case_argument, command, option

if TYPE_CHECKING:
    from toritsugi.core.values import Case
    from toritsugi.definition.model import Procedure
    from toritsugi.engine import Engine
    from toritsugi.ports import DeadlineRecord, MessageRecord

#: values of a history row that are told one by one; of more, only how many they are.
_MOST_VALUES = 6


@command(
    "case",
    case_argument(),
    option(
        "--family",
        is_flag=True,
        default=False,
        ja="関連する案件すべての現在の状態と、通しの経過",
        en="every case that has to do with it, and one story of them all",
    ),
    usage="CASE [--family] [--as ROLE]",
)
def case(desk: Desk, case: str, family: bool) -> None:
    from toritsugi_adapters.cli.shapes import case_shape

    with desk.engine() as engine:
        if family:
            _family(desk, engine, case)
            return
        found, procedure, viewer = desk.looked_at(engine, case)
        deadlines = engine.views.deadlines(case, viewer)
        linked = engine.views.linked(case, viewer)
        text = list(_case_text(found, procedure, deadlines, linked, desk.present()))
        desk.show(case_shape(found, procedure, deadlines, linked), text)


def _family(desk: Desk, engine: Engine, case: str) -> None:
    from toritsugi_adapters.cli.kin import family_shape, family_text

    _, _, viewer = desk.looked_at(engine, case)
    story = engine.family(case, viewer)
    procedures = {one.case.id: engine.procedure_of(one.case) for one in story.relatives}
    desk.show(family_shape(story, procedures), list(family_text(story, procedures, case)))


def _case_text(
    case: Case, procedure: Procedure, deadlines: list[DeadlineRecord], linked: Mapping[str, Case], now: int
) -> Iterator[str]:
    from toritsugi_adapters.cli import wording
    from toritsugi_adapters.cli.installed import installed

    yield f"{wording.of(procedure.title)}  {case.id}"
    state = wording.state_title(procedure, case.state) + (words("［終了］", " [ended]") if case.ended else "")
    rows = [
        (words("状態", "state"), f"{state} ({case.state})"),
        (words("開始", "opened"), wording.moment(case.opened_at)),
        (words("更新", "updated"), wording.moment(case.recorded_at)),
    ]
    rows += [
        (wording.party_title(procedure, role), installed().title(name, wording.locale()))
        for role, name in case.parties.items()
    ]
    yield from table(rows, indent=2)
    if case.erased:
        yield words("  個人情報は消去されています。", "  The personal data has been erased.")
    if deadlines:
        yield from ("", words("期限", "Deadlines"), *_deadlines(procedure, deadlines, now))
    for name, amounts in _ledgers(case, linked):
        yield from ("", name, *table(amounts, indent=2))
    values = {**case.data, **(case.personal or {})}
    yield from ("", words("内容", "Data"))
    filled = [(field, values[name]) for name, field in procedure.data.items() if values.get(name) is not None]
    yield from table([(wording.of(field.title), wording.shown(value, field.type)) for field, value in filled], indent=2)


def _deadlines(procedure: Procedure, deadlines: list[DeadlineRecord], now: int) -> Iterator[str]:
    from toritsugi_adapters.cli import wording

    for one in deadlines:
        status = wording.deadline_status(one.status)
        if one.status == "armed":
            status += words(f"（{wording.left(one.due_on, now)}）", f", {wording.left(one.due_on, now)}")
        yield f"  {wording.due_words(one.due_on)}  {status}"
        yield from paragraph(wording.deadline_title(procedure, one.name), indent=4)
        yield from paragraph(one.explanation[wording.locale()], indent=4)


def _ledgers(case: Case, linked: Mapping[str, Case]) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    from toritsugi_adapters.cli import wording
    from toritsugi_adapters.cli.installed import installed

    for one in (case, *linked.values()):
        known = installed().procedures.get(one.procedure)
        for name, ledger in one.ledgers.items():
            title = wording.of(known.ledgers[name].title) if known and name in known.ledgers else name
            about = "" if one is case else words(f"（関連案件 {one.id}）", f" (linked case {one.id})")
            amounts = [
                (words("上限", "ceiling"), ledger.ceiling_yen),
                (words("実績", "consumed"), ledger.consumed_yen),
                (words("仮押さえ", "reserved"), ledger.reserved_yen),
                (words("利用可能", "available"), ledger.available_yen),
            ]
            yield title + about, [(label, wording.yen(amount).rjust(16)) for label, amount in amounts]


@command("history", case_argument(), usage="CASE [--as ROLE]")
def history(desk: Desk, case: str) -> None:
    from toritsugi_adapters.cli.shapes import history_shape

    with desk.engine() as engine:
        _, procedure, viewer = desk.looked_at(engine, case)
        rows = engine.views.history(case, viewer)
        desk.show([history_shape(row, procedure) for row in rows], list(_history_text(rows, procedure)))


def _history_text(rows: list[Mapping[str, Any]], procedure: Procedure) -> Iterator[str]:
    from toritsugi_adapters.cli import wording

    for row in rows:
        title = wording.of(wording.event_title(procedure, row["event"]))
        yield from paragraph(f"{wording.moment(row['occurred_at'])}  {title}", indent=6, first=f"{row['seq']:>3}.  ")
        who = wording.party_title(procedure, row["role"])
        if row["authority"] == "operator" and row["actor"]:
            who += words(f"（{row['actor']} が端末で記録）", f" (recorded by {row['actor']})")
        details = [(words("担当", "by"), who)]
        to = wording.state_title(procedure, row["to"])
        unchanged = words("（変わらない）", " (unchanged)") if row["from"] == row["to"] else ""
        details.append((words("状態", "state"), to + unchanged))
        if row["recorded_at"] != row["occurred_at"]:
            details.append((words("記録", "recorded"), wording.moment(row["recorded_at"])))
        details += _marks(row, procedure)
        yield from table(details, indent=6)


def _marks(row: Mapping[str, Any], procedure: Procedure) -> Iterator[tuple[str, str]]:
    """Values, deadlines, approvals, bookings, overrides and messages of a history row."""
    from toritsugi.core.values import ERASURE_REASON
    from toritsugi_adapters.cli import wording
    from toritsugi_adapters.cli.installed import installed

    if why := row.get("values", {}).get(ERASURE_REASON):
        yield words("理由", "reason"), why
    if told := _values_told(row, procedure):
        yield words("内容", "data"), told

    for name, marks in row.get("deadlines", {}).items():
        for mark in marks.split(","):
            what = wording.due_words(mark[6:]) if mark.startswith("armed:") else wording.deadline_status(mark)
            yield words("期限", "deadline"), f"{wording.deadline_title(procedure, name)}  {what}"
    for name, mark in row.get("approvals", {}).items():
        title = wording.of(procedure.approvals[name].title) if name in procedure.approvals else name
        yield (
            words("同意", "approval"),
            f"{title}  {words('あり', 'given') if mark == 'given' else words('撤回', 'withdrawn')}",
        )
    for _, act, item, _, reserved, consumed, company in row.get("postings", ()):
        yield words("経費", "cost"), wording.posting_words(act, item, reserved, consumed, company)
    for party, institution in row.get("parties", {}).items():
        now = words("なし", "nobody") if institution is None else installed().title(institution, wording.locale())
        yield words("指名", "appointed"), f"{wording.party_title(procedure, party)}  {now}"
    if row.get("unreached"):
        links = [procedure.links.get(name.partition(".")[0]) for name in row["unreached"]]
        reached = words("該当する案件なし", "no such case open")
        told = wording.joined(dict.fromkeys(wording.of(link.title) for link in links if link is not None))
        yield words("未達", "unreached"), f"{told}  {reached}"
    for name, number in row.get("counts", {}).items():
        title = wording.of(procedure.counts[name].title) if name in procedure.counts else name
        yield words("件数", "count"), f"{title}  {number}"
    if row.get("sitting"):
        mark = row["sitting"]
        place = (
            words(f"  {mark['of']}件中{mark['number']}件目", f"  {mark['number']} of {mark['of']}")
            if "of" in mark
            else ""
        )
        yield words("会議", "sitting"), mark["id"] + place
    if row.get("overridden"):
        yield words("例外", "override"), wording.joined(row["overridden"])
    for sent in row.get("messages", ()):
        how = wording.channel_title(sent["channel"])
        yield words("送付", "message"), wording.sent(procedure, sent["document"], sent["party"], how)


def _values_told(row: Mapping[str, Any], procedure: Procedure) -> str:
    """The values of a history row, or only how many they are; personal ones are only counted."""
    from toritsugi.definition.types import Kind
    from toritsugi_adapters.cli import wording

    values = {name: value for name, value in row.get("values", {}).items() if value is not None}
    given = [(procedure.data[name], value) for name, value in values.items() if name in procedure.data]
    plain = [(field, value) for field, value in given if field.type.kind is not Kind.LIST]
    told = [f"{wording.of(field.title)}{words('：', ': ')}{wording.shown(value, field.type)}" for field, value in plain]
    if len(told) > _MOST_VALUES:
        told = [words(f"{len(given)}項目", f"{len(given)} fields")]
    if personal := len(row.get("personal", ())):
        told.append(words(f"個人情報{personal}項目", f"{personal} personal"))
    return wording.joined(told)


@command("messages", case_argument(), usage="CASE [--as ROLE]")
def messages(desk: Desk, case: str) -> None:
    from toritsugi_adapters.cli.shapes import message_shape

    with desk.engine() as engine:
        _, procedure, viewer = desk.looked_at(engine, case)
        found = engine.views.messages(case, viewer)
        desk.show([message_shape(one) for one in found], list(_messages_text(found, procedure)))


def _messages_text(found: list[MessageRecord], procedure: Procedure) -> Iterator[str]:
    from toritsugi_adapters.cli import wording

    if not found:
        yield words("送付物はありません。", "Nothing was to be sent.")
    for place, one in enumerate(found, 1):
        what = wording.document_title(procedure, one.document)
        to = wording.party_title(procedure, one.party)
        first = f"{place:>3}.  "
        yield from paragraph(f"{wording.moment(one.created_at)}  {what} → {to}", indent=6, first=first)
        where = wording.message_progress(one)
        if one.settled_at is not None:
            where += f"  {wording.moment(one.settled_at)}"
        rows = [(words("方法", "by"), wording.channel_title(one.channel)), (words("現在", "now"), where)]
        if one.proof is not None:
            rows.append((words("控え", "proof"), wording.whereabouts(one.proof)))
        yield from table(rows, indent=6)

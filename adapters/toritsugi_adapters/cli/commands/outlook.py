"""`can`: what may be done with a case now, by whom, with what; and why not the rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from toritsugi_adapters.cli.desk import Desk
from toritsugi_adapters.cli.language import words
from toritsugi_adapters.cli.layout import paragraph, table, whole
from toritsugi_adapters.cli.options import case_argument, command, option

if TYPE_CHECKING:
    from toritsugi.core.outlook import Possibility
    from toritsugi.core.values import Case
    from toritsugi.definition.model import Procedure

#: how values of these kinds are written: ja, en.
_FORMATS = {
    "date": ("日付 例 2026-12-01、令和8年12月1日", "a date such as 2026-12-01"),
    "moment": ('日時 例 "2026-12-01 14:00"、日本時間', 'date and time such as "2026-12-01 14:00", Japan\'s'),
    "yen": ("円 例 100000、10万円", "yen such as 100000"),
    "yes_no": ("はい／いいえ", "yes or no"),
    "corporate_number": ("13桁の法人番号", "corporate number of 13 digits"),
}
#: states named where an event belongs to many; `show` names them all.
_STATES = 2


@command(
    "can",
    case_argument(),
    option("--all", "everything", is_flag=True, ja="ほかの状態の操作も示す", en="what belongs to other states too"),
    usage="CASE [--as ROLE] [--all]",
    ja="--as を付けると、その立場の操作だけを示します。",
    en="With --as only what that party may do.",
)
def can(desk: Desk, case: str, everything: bool) -> None:
    from toritsugi_adapters.cli.shapes import possibility_shape, who

    with desk.engine() as engine:
        found, procedure, viewer = desk.looked_at(engine, case)
        role = viewer.role if desk.role else None
        asked = engine.can(case, viewer)
        outlook = [one for one in asked if role is None or role in who(procedure.events[one.event])]
        text = list(_text(found, procedure, outlook, everything))
        desk.show([possibility_shape(one, procedure) for one in outlook], text)


def _text(case: Case, procedure: Procedure, outlook: list[Possibility], everything: bool) -> Iterator[str]:
    from toritsugi_adapters.cli import wording

    yield f"{wording.of(procedure.title)}  {case.id}"
    yield words("状態：", "State: ") + wording.state_title(procedure, case.state)
    yield ""
    open_ = [one for one in outlook if one.possible]
    yield (
        words("今できる操作", "May be done now")
        if open_
        else words("今できる操作はありません。", "Nothing may be done now.")
    )
    for one in open_:
        yield from _possible(procedure, one)
    here = [one for one in outlook if not one.possible and one.by and not _elsewhere(one)]
    if here:
        yield from ("", words("この状態の操作だが、今はできないもの", "Belongs here, but not yet"))
    for one in here:
        yield from _blocked(procedure, one)
    rest = [one for one in outlook if not one.possible and one.by and _elsewhere(one)]
    if rest and not case.ended and not everything:
        counted = words(
            f"ほかの状態の操作 {len(rest)}件（--all で表示）", f"{len(rest)} belong to other states (--all)"
        )
        yield from ("", counted)
    elif rest and not case.ended:
        yield from ("", words("ほかの状態の操作", "Belongs to another state"))
        yield from _other_states(procedure, rest)
    automatic = [one for one in outlook if not one.by]
    if automatic and not case.ended:
        yield from ("", words("人ではなくシステムが行うもの", "Done by the system, not by a person"))
        yield from table([(one.event, wording.of(one.title)) for one in automatic], indent=2)


def _elsewhere(one: Possibility) -> bool:
    return [reason.code for reason in one.reasons] == ["INVALID_TRANSITION"] and not one.reasons[0].source


def _possible(procedure: Procedure, one: Possibility) -> Iterator[str]:
    from toritsugi_adapters.cli import wording

    event = procedure.events[one.event]
    yield from paragraph(f"{one.event}  {wording.of(one.title)}", indent=4, first="  ")
    by = wording.joined(f"{wording.party_title(procedure, role)} ({role})" for role in one.by)
    rows = [(words("担当", "by"), by)]
    if event.target:
        rows.append((words("結果", "leads to"), wording.state_title(procedure, event.target)))
    rows += _fields(words("必要", "needs"), procedure, one.to_give)
    rows += _fields(words("任意", "may give"), procedure, _still_open(one))
    if one.reason_required:
        rows.append(("--reason", words("理由が必要", "a reason is needed")))
    if one.channels:
        ways = wording.joined(f"{name} ({wording.channel_title(name)})" for name in one.channels)
        needed = words(f"必要：{ways} のどれか", f"needed, one of {ways}")
        rows.append(("--via", needed if event.channels else words(f"任意：{ways}", f"optional: {ways}")))
    if event.origin:
        rows.append((words("出典", "source"), event.origin.source))
    yield from table(rows, indent=6)


def _still_open(one: Possibility) -> tuple[str, ...]:
    """Optional fields; a long list of them helps nobody here, `--json` has it all."""
    return one.may_give if len(one.may_give) <= 6 else ()


def _fields(label: str, procedure: Procedure, names: Iterable[str]) -> list[tuple[str, str]]:
    from toritsugi.definition.types import Kind
    from toritsugi_adapters.cli import wording

    rows = []
    for name in names:
        field = procedure.data[name]
        text = f"{name}  {wording.of(field.title)}"
        if field.type.kind is Kind.CHOICE:
            options = (whole(f"{id_} {wording.of(title)}") for id_, title in field.type.options.items())
            text += "\n" + words("（", "(") + " / ".join(options) + words("）", ")")
        elif example := _FORMATS.get(str(field.type.kind)):
            text += "\n" + words(f"（{example[0]}）", f"({example[1]})")
        rows.append((label, text))
        label = ""
    return rows


def _blocked(procedure: Procedure, one: Possibility) -> Iterator[str]:
    from toritsugi_adapters.cli import wording

    yield from paragraph(f"{one.event}  {wording.of(one.title)}", indent=4, first="  ")
    for reason in one.reasons:
        source = words(f"（{reason.source}）", f" ({reason.source})") if reason.source else ""
        soft = words("［理由を書けば可］", " [a written reason lifts it]") if reason.soft else ""
        told = words(reason.ja, reason.en)
        yield from paragraph(f"{told}{source}{soft} [{reason.code}]", indent=8, first="      - ")


def _other_states(procedure: Procedure, rest: Iterable[Possibility]) -> Iterator[str]:
    from toritsugi_adapters.cli import wording

    for one in rest:
        event = procedure.events[one.event]
        states = wording.joined(wording.state_title(procedure, state) for state in event.sources[:_STATES])
        more = len(event.sources) - _STATES
        if more > 0:
            states += words(f" ほか{more}", f" and {more} more")
        source = event.origin.source if event.origin else ""
        yield from paragraph(f"{one.event}  {wording.of(one.title)}", indent=4, first="  ")
        yield from paragraph(words(f"行える状態：{states}（{source}）", f"from: {states} ({source})"), indent=6)

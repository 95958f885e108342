"""`procedures` and `show`: what is installed, and what a procedure says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from toritsugi_adapters.cli.desk import Desk
from toritsugi_adapters.cli.language import words
from toritsugi_adapters.cli.layout import paragraph, table
from toritsugi_adapters.cli.options import argument, command

if TYPE_CHECKING:
    from toritsugi.definition.model import Deadline, Procedure
    from toritsugi.definition.model_events import Event
    from toritsugi.definition.recurring import Series


@command("procedures")
def procedures(desk: Desk) -> None:
    from toritsugi_adapters.cli.installed import installed
    from toritsugi_adapters.cli.shapes import procedure_row

    found = list(installed().procedures.values())
    desk.show([procedure_row(one) for one in found], _rows(found))


def _rows(found: list[Procedure]) -> list[str]:
    from toritsugi_adapters.cli import wording

    heads = words("手続,版,名称,所管", "PROCEDURE,VERSION,TITLE,OWNER").split(",")
    return table([(one.id, one.version, wording.of(one.title), _owner(one)) for one in found], heads=heads)


def _owner(procedure: Procedure) -> str:
    from toritsugi_adapters.cli import wording
    from toritsugi_adapters.cli.installed import installed

    if procedure.owner in procedure.parties:
        return wording.party_title(procedure, procedure.owner)
    return installed().title(procedure.owner, wording.locale())


@command("show", argument("procedure"), usage="PROCEDURE | FILE")
def show(desk: Desk, procedure: str) -> None:
    from toritsugi_adapters.cli.installed import installed
    from toritsugi_adapters.cli.shapes import procedure_shape

    found = installed().procedure(procedure)
    desk.show(procedure_shape(found), _text(found))


def _text(procedure: Procedure) -> Iterator[str]:
    from toritsugi_adapters.cli import wording

    yield f"{wording.of(procedure.title)}  {procedure.id} {procedure.version}"
    yield from table(
        [(words("所管", "owner"), _owner(procedure)), (words("出典", "source"), procedure.source)], indent=2
    )
    yield ""
    yield words(f"状態（{len(procedure.states)}）", f"States ({len(procedure.states)})")
    ends = words("［終了］", "[ends]")
    states = [
        (one.id, wording.of(one.title) + (f" {ends}" if one.terminal else "")) for one in procedure.states.values()
    ]
    yield from table(states, indent=2)
    yield ""
    yield words(f"操作（{len(procedure.events)}）", f"Events ({len(procedure.events)})")
    for event in procedure.events.values():
        yield from _event(procedure, event)
    yield ""
    if procedure.recurring:
        yield words(f"繰り返す日（{len(procedure.recurring)}）", f"Recurring days ({len(procedure.recurring)})")
    for series in procedure.recurring.values():
        yield from _series(series)
    yield words(f"期限（{len(procedure.deadlines)}）", f"Deadlines ({len(procedure.deadlines)})")
    for deadline in procedure.deadlines.values():
        yield from _deadline(procedure, deadline)


def _event(procedure: Procedure, event: Event) -> Iterator[str]:
    from toritsugi_adapters.cli import wording
    from toritsugi_adapters.cli.shapes import who

    yield from paragraph(f"{event.id}  {wording.of(event.title)}", indent=4, first="  ")
    by = wording.joined(wording.party_title(procedure, party) for party in who(event))
    open_states = sum(not state.terminal for state in procedure.states.values())
    if len(event.sources) == open_states:
        sources = words("終了していないすべての状態", "every state that is not the end")
    else:
        sources = wording.joined(wording.state_title(procedure, state) for state in event.written or event.sources)
    to = wording.state_title(procedure, event.target) if event.target else words("（変わらない）", "(unchanged)")
    rows = [(words("担当", "by"), by), (words("状態", "from"), f"{sources} → {to}")]
    if event.needs:
        fields = wording.joined(wording.field_title(procedure, name) for name in event.needs)
        rows.append((words("必要", "needs"), fields))
    if event.origin:
        rows.append((words("出典", "source"), event.origin.source))
    yield from table(rows, indent=6)


def _series(series: Series) -> Iterator[str]:
    """Days that come again, and by the rule of whose manifest they would come instead."""
    from toritsugi_adapters.cli import wording
    from toritsugi_adapters.cli.installed import installed

    yield f"  {series.id}  {wording.of(series.title)}"
    rows = [(words("いつ", "when"), series.rule.text(wording.locale()))]
    if series.calendar is not None:
        rows.append((words("暦", "calendar"), installed().title(series.calendar, wording.locale())))
        manifest = installed().manifests.get(series.calendar)
        own = manifest.recurring.get(series.id) if manifest is not None else None
        if own is not None:
            rows.append((words("機関の定め", "its own rule"), own.text(wording.locale())))
    if series.origin:
        rows.append((words("出典", "source"), series.origin.source))
    yield from table(rows, indent=4)


def _deadline(procedure: Procedure, deadline: Deadline) -> Iterator[str]:
    from toritsugi.definition.expression import readable
    from toritsugi_adapters.cli import wording
    from toritsugi_adapters.cli.installed import installed

    yield f"  {deadline.id}  {wording.of(deadline.title)}"
    starts = wording.joined(wording.of(wording.event_title(procedure, event)) for event in deadline.starts)
    if deadline.within is not None:
        length = deadline.within.text(wording.locale())
    elif deadline.due_value is not None:
        length = readable(deadline.due_value, wording.locale())
    else:
        length = wording.field_title(procedure, deadline.due_field or "")
    rows = [
        (words("期間", "length"), length),
        (words("開始", "starts"), starts),
        (
            words("達成", "met by"),
            wording.joined(wording.of(wording.event_title(procedure, e)) for e in deadline.met_by),
        ),
        (words("暦", "calendar"), installed().title(deadline.calendar, wording.locale())),
    ]
    if deadline.responsible:
        rows.append((words("担当", "who"), wording.party_title(procedure, deadline.responsible)))
    if deadline.origin:
        rows.append((words("出典", "source"), deadline.origin.source))
    yield from table(rows, indent=6)

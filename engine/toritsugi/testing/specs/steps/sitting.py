"""Steps in which several cases are decided in one act, all of them or none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from toritsugi.core.sitting import Item
from toritsugi.definition.literals import fold
from toritsugi.testing.specs import days
from toritsugi.testing.specs.faults import SpecFault
from toritsugi.testing.specs.naming import found
from toritsugi.testing.specs.phrases import Slots
from toritsugi.testing.specs.steps.acting import WHO_EN, WHO_JA
from toritsugi.testing.specs.steps.refusals import refusal_of
from toritsugi.testing.specs.values import Table, is_blank, stored_values
from toritsugi.testing.specs.vocabulary import phrase
from toritsugi.testing.specs.world import World

#: heading -> what stands under it; any other heading is a field.
_HEADS = {
    "案件": "case",
    "操作": "event",
    "理由": "reason",
    "例外": "exception",
    "case": "case",
    "event": "event",
    "reason": "reason",
    "exception": "exception",
}
_YES = frozenset({"はい", "例外", "yes"})


@phrase(
    "act",
    WHO_JA + r"(?:会議で|一度に)、?次のとおり(?:決める|決めた|決めようとする|行う|行った|行おうとする)",
    WHO_EN + r"(?:decides|acts) in one meeting(?: as follows)?",
    ja="令和8年6月15日14時に、委員会が会議で次のとおり決める",
    en="at 2026-06-15 14:00, the committee decides in one meeting:",
    table="must",
    rows=(("案件", "操作", "理由"), ("甲", "選定する", ""), ("乙", "選定しない", "実績が足りないため")),
    note=(
        "一行が一件。全部が行われるか、一つも行われないかである。列は案件・操作、必要なら理由・例外（はい）・記入する項目。",
        "A row for each case; all of it happens, or nothing. Columns: case, event, and if needed reason, exception (yes) "
        "and the fields to give.",
    ),
)
def decide_in_one_meeting(world: World, slots: Slots, table: Table) -> None:
    if "moment" in slots:
        world.pass_until(days.read_moment(slots["moment"]))
    rows = _rows(table)
    items = [_item(world, row) for row in rows]
    with world.speaking_of(items[0].case_id):
        actor = world.actor(world.party(slots.get("party") or slots["party_2"]), slots.get("stranger"))
    world.attempt(lambda: world.engine.send_together(items, actor))


@phrase(
    "expect",
    r"拒否されたのは、?案件「{name}」である",
    r'it was refused for the case "{name}"',
    ja="拒否されたのは案件「乙」である",
    en='it was refused for the case "B"',
    note=("会議で何件かを決めようとしたとき。", "Where several cases were to be decided in one meeting."),
    of_refusal=True,
)
def refused_for(world: World, slots: Slots) -> None:
    item = refusal_of(world).item
    if item is None or item[1] != world.case_named(slots["name"]):
        number = "-" if item is None else str(item[0])
        raise SpecFault(f"拒否されたのは{number}件目です。", f"It was refused for item {number}.")


def _rows(table: Table) -> list[dict[str, str]]:
    heads = [_HEADS.get(fold(cell).casefold(), cell) for cell in table[0]]
    if not {"case", "event"} <= {*heads} or len(table) < 2:
        raise SpecFault(
            "表の一行目に「案件」と「操作」（、理由、例外、項目）を、その下に一件ずつ書いてください。",
            "The table's first row names its columns: case, event (reason, exception, fields); below, a row for each case.",
        )
    return [dict(zip(heads, row, strict=True)) for row in table[1:]]


def _item(world: World, row: Mapping[str, str]) -> Item:
    case_id = world.case_named(row["case"])
    with world.speaking_of(case_id):
        procedure = world.procedure
        titles = {one.id: one.title for one in procedure.events.values()}
        event = found(row["event"], titles, "操作", "event")
        given = {name: text for name, text in row.items() if name not in _HEADS.values() and not is_blank(text)}
        values: dict[str, Any] = stored_values(procedure, given)
    return Item(
        case_id=case_id,
        event=event,
        values=values,
        reason=None if is_blank(row.get("reason", "")) else row["reason"],
        override=fold(row.get("exception", "")).casefold() in _YES,
    )

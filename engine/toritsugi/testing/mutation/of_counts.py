"""What can be wrong with a count: a state too many or too few, other cases than those meant, another time, another reader."""

from __future__ import annotations

from collections.abc import Iterator

from toritsugi.definition.expression import names_read
from toritsugi.definition.model_counts import Count, Period
from toritsugi.definition.model_events import Event
from toritsugi.definition.nodes import Entries, Text
from toritsugi.definition.types import Title
from toritsugi.definition.uses import expressions_of
from toritsugi.testing.mutation.mutant import Mutant, Sheet

#: how many states may be counted too, in as many mutants.
_MORE_STATES = 3
_STATES = Title(ja="数える状態", en="the states that count")
_SAME = Title(ja="同じであるべきもの", en="what must be the same")
_SEEN = Title(ja="数を見られる立場", en="who may know the number")


def of_counts(sheet: Sheet) -> Iterator[Mutant]:
    """Every mutant of every count."""
    for count in sheet.procedure.counts.values():
        path = f"counts.{count.id}"
        events = [event.id for event in sheet.procedure.events.values() if _reads(event, count.id)]
        yield from _which(sheet, count, path, events)
        yield from _when(sheet, count, path, events)
        yield from sheet.fewer("sight", f"{path}.seen_by", "parties", _SEEN, events=None)
        yield from sheet.more("sight", f"{path}.seen_by", "parties", _SEEN, sheet.procedure.parties, events=None)


def _reads(event: Event, count: str) -> bool:
    return any(count in names_read(one) for one in expressions_of(event))


def _which(sheet: Sheet, count: Count, path: str, events: list[str]) -> Iterator[Mutant]:
    own = count.procedure == sheet.procedure.id
    part = "states" if own else ""
    yield from sheet.fewer("count", f"{path}.in", part, _STATES, events=events, least=1)
    if own:
        open_ = [one.id for one in sheet.procedure.states.values() if not one.terminal and one.id not in count.states]
        yield from sheet.more("count", f"{path}.in", part, _STATES, open_[:_MORE_STATES], events=events)
    same = sheet.node(f"{path}.same")
    if isinstance(same, Entries):
        for name in same.entries:
            at = f"{path}.same.{name}"
            told = Title(ja=f"「{name}」が違うものも数える", en=f"counted whatever '{name}' is")
            yield sheet.mutant("count", at, "removed", told, (at, None), events=events)
    else:
        # ended cases are found by their subject alone
        least = 0 if not count.ended else len(sheet.words(f"{path}.same"))
        yield from sheet.fewer("count", f"{path}.same", "data", _SAME, events=events, least=least)


def _when(sheet: Sheet, count: Count, path: str, events: list[str]) -> Iterator[Mutant]:
    if count.during is None:
        return
    at = f"{path}.during"
    told = Title(ja="いつのものでも数える", en="counted whenever it was")
    yield sheet.mutant("count", at, "removed", told, (at, None), events=events)
    for period in Period:
        if period is not count.during.period:
            told = Title(ja=f"期間を {period} にする", en=f"counted within the {period}")
            edit = (f"{at}.period", Text(period.value))
            yield sheet.mutant("count", f"{at}.period", period.value, told, edit, events=events)

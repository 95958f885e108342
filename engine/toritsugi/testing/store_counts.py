"""What every Store promises about counts: which cases are counted, and that the number still holds when it is relied on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from toritsugi.core.lookups import Counted, Tally
from toritsugi.core.values import Case, Decision
from toritsugi.errors import Conflict
from toritsugi.ports import Store
from toritsugi.testing.decisions import PROCEDURE, moving, opening
from toritsugi.testing.store_acts import is_, load, moved, opened, refused, write

_ANY = Tally(procedure=PROCEDURE, states=("opened",))
#: from all cases of a procedure to those of one subject with a value and a date.
_TALLIES = (
    _ANY,
    replace(_ANY, procedure="another"),
    replace(_ANY, states=("accepted", "opened")),
    replace(_ANY, states=("accepted", "closed")),
    replace(_ANY, subject="s"),
    replace(_ANY, values=(("room", "赤"),)),
    replace(_ANY, values=(("room", "赤"), ("town", 'a"b'))),
    replace(_ANY, values=(("room", "3"),)),
    replace(_ANY, during=("on", "2026-04-01", "2027-03-31")),
    replace(_ANY, states=("closed", "opened"), ended=True, subject="s"),
    replace(_ANY, states=("closed",), ended=True, subject="s", during=("on", "2026-04-01", "2026-04-30")),
)


def the_cases_of_a_tally_are_counted(store: Store) -> None:
    """As `Tally.takes` says of each of them."""
    cases = [
        opened(store, "c1", subject="s", values={"room": "赤", "on": "2026-04-01"}),
        opened(store, "c2", subject="s", values={"room": "赤", "town": 'a"b', "on": "2027-03-31"}),
        opened(store, "c3", subject="t", values={"room": "青", "on": "2026-03-31"}),
        opened(store, "c4", values={"room": 3, "on": 20260501}),
        moved(store, opened(store, "c5", subject="s", values={"room": "赤"}), "accept", "accepted"),
        moved(store, opened(store, "c6", subject="s", values={"on": "2026-04-30"}), "end", "closed", ended=True),
        moved(store, opened(store, "c7", values={"on": "2026-04-30"}), "end", "closed", ended=True),
    ]
    for tally in _TALLIES:
        with store.unit() as unit:
            is_((tally, unit.number_of(tally)), (tally, sum(_taken(tally, case) for case in cases)))


def a_unit_counts_what_it_wrote(store: Store) -> None:
    """Later counts of a unit see its earlier writes; others see them once they are committed."""
    case = opened(store)
    with store.unit() as unit:
        unit.write(moving(case, "accept", "accepted"))
        is_(unit.number_of(_ANY), 0)
    with store.unit() as unit:
        is_(unit.number_of(_ANY), 1)


def what_was_counted_must_come_to_the_same(store: Store) -> None:
    """Where units run side by side; where they come one after the other, nothing can come between."""
    case = opened(store, "c1")
    if not store.serial:
        refused(Conflict, lambda: write(store, _rests_on(moving(case, "accept", "accepted"), 1)))
        is_(load(store, "c1"), case)
    write(store, _rests_on(moving(case, "accept", "accepted"), 0))
    write(store, _rests_on(opening("c2"), 1))


def _rests_on(decision: Decision, number_then: int) -> Decision:
    return replace(decision, counted=(Counted(tally=_ANY, number_then=number_then),))


def _taken(tally: Tally, case: Case) -> bool:
    return tally.takes(case.procedure, case.state, case.subject, case.data, ended=case.ended)


PROMISES_OF_COUNTS: tuple[Callable[[Store], None], ...] = (
    the_cases_of_a_tally_are_counted,
    a_unit_counts_what_it_wrote,
    what_was_counted_must_come_to_the_same,
)

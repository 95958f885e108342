"""What is due fires before the event that comes after it, and stands whatever becomes of that event."""

from typing import Any

import pytest

from crash.office import BANK, COMPANY, DAY, draft, open_office, submit
from toritsugi.engine import Engine
from toritsugi.errors import NotPossible
from toritsugi.testing.clock import FakeClock
from world import START


def _told(engine: Engine, case_id: str) -> list[tuple[str, int]]:
    return [(row["event"], row["occurred_at"]) for row in engine.views.history(case_id)]


def test_a_due_deadline_fires_before_the_event(engine: Engine, clock: FakeClock) -> None:
    case_id = draft(engine)
    submit(engine, case_id, START)
    due_at = engine.case(case_id).deadlines["answer"].due_at
    clock.set(due_at + DAY)
    engine.send(case_id, "jot", BANK, {"note": "a"})
    assert _told(engine, case_id)[-2:] == [("answer_overdue", due_at), ("jot", due_at + DAY)]
    assert engine.tick() == 0


def test_what_was_due_stands_though_the_event_is_refused(engine: Engine, clock: FakeClock) -> None:
    case_id = draft(engine)
    submit(engine, case_id, START)
    clock.advance(seconds=30 * 86_400)
    with pytest.raises(NotPossible):
        engine.send(case_id, "submit", COMPANY)
    assert _told(engine, case_id)[-1][0] == "answer_overdue"
    assert [one.status for one in engine.views.deadlines(case_id)] == ["missed"]  # type: ignore[attr-defined]  # records


def test_the_answer_does_not_depend_on_when_a_tick_ran(store_url: str, clock: FakeClock) -> None:
    with open_office(store_url, clock) as engine:
        ticked, waiting = draft(engine, "One"), draft(engine, "Two")
        for case_id in (ticked, waiting):
            submit(engine, case_id, START)
        clock.advance(seconds=30 * 86_400)
        engine.send(waiting, "answer", BANK)
        engine.tick()
        engine.send(ticked, "answer", BANK)
        rows: list[list[dict[str, Any]]] = [
            [
                {name: row.get(name) for name in ("event", "from", "to", "occurred_at", "recorded_at", "deadlines")}
                for row in engine.views.history(case_id)
            ]
            for case_id in (ticked, waiting)
        ]
        assert rows[0] == rows[1]
        assert rows[0][-1]["deadlines"] == {"answer": "late"}


def test_deadlines_of_an_outage_fire_in_due_order_stamped_with_their_due_moment(
    engine: Engine, clock: FakeClock
) -> None:
    case_id = draft(engine)
    submit(engine, case_id, START)
    engine.send(case_id, "promise", BANK, {"promised_on": "2026-05-20"})
    due = {name: one.due_at for name, one in engine.case(case_id).deadlines.items()}
    clock.advance(seconds=365 * 86_400)
    assert engine.tick() == 2
    assert _told(engine, case_id)[-2:] == [("answer_overdue", due["answer"]), ("deadline_passed", due["promise"])]
    assert engine.tick() == 0


def test_a_recorded_moment_never_goes_back_though_the_clock_does(store_url: str) -> None:
    moments = iter([START, START - DAY, START - 2 * DAY, START + 1])

    class Wandering:
        """A machine's clock that somebody sets."""

        moment = START

        def now(self) -> int:
            return self.moment

    clock = Wandering()
    with open_office(store_url, clock) as engine:
        case_id = draft(engine)
        for moment in moments:
            clock.moment = moment
            engine.send(case_id, "jot", BANK, {"note": "a"})
        recorded = [row["recorded_at"] for row in engine.views.history(case_id)]
    assert recorded == [START, START, START, START, START + 1]

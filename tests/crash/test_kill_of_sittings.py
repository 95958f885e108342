"""A worker is killed at every named write point of one act over three cases: it has happened in all of them or in none."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crash.client import Connection, Dead, Nursery
from crash.office import BANK, draft, open_office, submit
from crash.points import POINTS
from toritsugi.engine import Engine
from toritsugi.store.audit import verify
from toritsugi.testing.clock import FakeClock
from world import START

WHO = {"id": BANK.id, "institution": BANK.institution, "role": BANK.role}
#: points on the way of an act that is not refused, with how often each is passed: once for each item, or once for all.
PASSED = {
    "event: after load": 3,
    "event: after decide": 3,
    "event: after case row": 3,
    "event: after history": 3,
    "event: after personal": 1,
    "event: before commit": 1,
    "event: after commit": 1,
    "event: before the answer": 1,
}


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    found = Nursery()
    yield found
    found.close()


@pytest.fixture
def engine(store_url: str) -> Iterator[Engine]:
    with open_office(store_url, FakeClock(START)) as opened:
        yield opened


def _events(engine: Engine, cases: list[str]) -> list[str]:
    return [engine.views.history(case_id)[-1]["event"] for case_id in cases]


def test_a_killed_sitting_has_happened_in_every_case_or_in_none_and_can_be_sent_again(
    nursery: Nursery, store_url: str, engine: Engine, tmp_path: Path
) -> None:
    assert PASSED.keys() <= set(POINTS)
    done = ["answer", "answer_early", "jot"]
    for point in (one for one, times in PASSED.items() for one in [(one, passage) for passage in range(1, times + 1)]):
        cases = [draft(engine, f"{point} {number}") for number in range(3)]
        for case_id in cases:
            submit(engine, case_id, START)
        request: dict[str, Any] = {
            "act": "together",
            "now": START,
            "actor": WHO,
            "key": str(point),
            "items": [
                {"case_id": cases[0], "event": "answer"},
                {"case_id": cases[1], "event": "answer_early", "reason": "not now"},
                {"case_id": cases[2], "event": "jot", "values": {"note": "next month"}},
            ],
        }
        worker = Connection(nursery, store=store_url, spool=str(tmp_path))
        worker.ask(act="arm", point=point[0], passage=point[1])
        with pytest.raises(Dead):
            worker.ask(**request)
        worker.hang_up()
        after = _events(engine, cases)
        assert after in (done, ["submit"] * 3), point
        second = Connection(nursery, store=store_url, spool=str(tmp_path))
        told = second.ask(**request)["answers"]
        second.hang_up()
        assert [one["repeated"] for one in told] == [after == done] * 3, point
        assert [one["case_id"] for one in told] == cases
        assert _events(engine, cases) == done
        marks = [engine.views.history(case_id)[-1]["sitting"] for case_id in cases]
        assert {mark["id"] for mark in marks} == {told[0]["sitting"]}
    assert verify(engine.store).clean

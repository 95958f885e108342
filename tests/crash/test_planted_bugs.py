"""The checker is awake: four bugs, each planted into the workers, are each reported; without them it is silent."""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest

from crash.checker import faults
from crash.client import SECOND, Client, Nursery

#: the plant, and what the checker says about it.
BY_A_KILL = {
    "outbox_outside_the_transaction": "stands in the history and is lost",
    "timer_armed_after_commit": "is armed in the history and lost",
    "key_not_checked": "rows for",
}
LEASE_S = 120


class Employs(Protocol):
    """Makes a client whose workers carry a plant."""

    def __call__(self, plant: str | None = None) -> Client: ...


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    found = Nursery()
    yield found
    found.close()


@pytest.fixture
def employ(nursery: Nursery, store_url: str, tmp_path: Path) -> Iterator[Employs]:
    made: list[Client] = []
    spool = tmp_path / "spool"
    spool.mkdir()

    def client(plant: str | None = None) -> Client:
        made.append(Client(nursery, store_url, spool, seed=7, plant=plant))
        return made[-1]

    yield client
    for one in made:
        one.close()


@pytest.mark.parametrize("plant", BY_A_KILL)
def test_a_planted_bug_is_reported_after_a_kill_behind_the_commit(employ: Employs, plant: str) -> None:
    client = employ(plant)
    found: list[str] = []
    for _ in range(20):
        found = client.live_until("event: after commit")
        if found:
            break
    assert any(BY_A_KILL[plant] in one for one in found), found


def _two_workers_on_one_message(client: Client) -> list[str]:
    """One holds a message until its claim has expired and another has handed it over; then it says: not now."""
    client.work(4)
    slow = client.connect()
    held = slow.ask(act="deliver", now=client.now, first="held, then delayed")["holding"]
    client.now += (LEASE_S + 1) * SECOND
    quick = client.worker.ask(act="deliver", now=client.now)
    assert [held, "handed_over"] in quick["settled"]
    client.book.handed_over |= {key for key, status in quick["settled"] if status == "handed_over"}
    slow.go()
    late = slow.listen()
    slow.hang_up()
    assert held in {key for key, _ in late["settled"]}
    return client.faults()


def test_a_missing_fence_is_reported_when_two_workers_settle_one_message(employ: Employs) -> None:
    found = _two_workers_on_one_message(employ("no_fence"))
    assert any("was reported as handed over and is not recorded as such" in one for one in found), found


def test_with_the_fence_the_slower_worker_changes_nothing(employ: Employs) -> None:
    assert _two_workers_on_one_message(employ()) == []


def test_the_checker_says_so_when_an_order_was_never_answered(employ: Employs, store_url: str, tmp_path: Path) -> None:
    client = employ()
    client.work(6)
    client.book.orders[-1].answer = None
    assert any("was never answered" in one for one in faults(store_url, tmp_path / "spool", client.book))

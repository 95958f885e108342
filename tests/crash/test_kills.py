"""Workers are killed with SIGKILL at every named write point, on both databases; the store is clean after each kill.

120 kills a database, each followed by a fresh worker, by the client sending again whatever nobody answered, and by the
checker. A kill leaves the page cache, so this says nothing about the power going: that is SQLite's and PostgreSQL's.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from crash.client import Client, Nursery, schedule
from crash.points import POINTS

KILLS = 120


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    found = Nursery()
    yield found
    found.close()


@pytest.fixture
def client(nursery: Nursery, store_url: str, tmp_path: Path) -> Iterator[Client]:
    spool = tmp_path / "spool"
    spool.mkdir()
    found = Client(nursery, store_url, spool, seed=20261122)
    yield found
    found.close()


def test_no_acknowledged_event_timer_or_message_is_lost_or_doubled_by_kills(client: Client) -> None:
    for point in schedule(KILLS, seed=1):
        faults = client.live_until(point) if point is not None else client.live_a_while()
        assert faults == [], f"after a kill at {point or 'any moment'!r}"
    assert client.finish() == []
    print(f"{sum(client.kills.values())} kills: {dict(client.kills)}")
    assert client.kills.keys() == {*POINTS, "any moment"}
    assert sum(client.kills.values()) == KILLS


def test_every_order_of_an_undisturbed_worker_is_carried_out(client: Client) -> None:
    client.work(120)
    assert client.finish() == []
    refused = Counter(order.refused for order in client.book.orders)
    assert refused.keys() == {None, "CEILING_EXCEEDED", "DISCLOSURE_NOT_APPROVED"}

"""Threads and processes at the same rows: nothing is lost, nothing doubled, nobody is stuck."""

import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from toritsugi.core.allowance import reserve
from toritsugi.errors import Conflict
from toritsugi.ports import ClaimTaken, Idempotency
from toritsugi.store.audit import verify
from toritsugi.store.store import SqlStore
from toritsugi.testing.decisions import DAY, NOON, change, moving, together
from toritsugi.testing.store_acts import claim, load, opened


def _until_it_succeeds(act: Callable[[], None]) -> None:
    for _ in range(200):
        try:
            return act()
        except Conflict:
            continue
    raise AssertionError("somebody else was always first")


def _crew(work: Callable[[int], None], size: int = 6) -> None:
    with ThreadPoolExecutor(size) as crew:
        for done in [crew.submit(work, number) for number in range(size)]:
            done.result(60)


@pytest.mark.parametrize("write", [True, False], ids=["lock first", "optimistic"])
def test_many_writers_of_one_case_lose_no_step(store: SqlStore, write: bool) -> None:
    opened(store)

    def step() -> None:
        with store.unit(write=write) as unit:
            case = unit.case("c1")
            assert case is not None
            unit.write(moving(case, values={"n": case.data.get("n", 0) + 1}))
            unit.commit()

    _crew(lambda number: [_until_it_succeeds(step) for _ in range(10)] and None)
    assert (load(store, "c1").revision, load(store, "c1").data["n"]) == (61, 60)
    assert verify(store).clean


def test_the_same_request_sent_at_once_is_carried_out_once(store: SqlStore) -> None:
    opened(store)
    outcomes: list[str] = []

    def step() -> None:
        try:
            with store.unit(write=True) as unit:
                case = unit.case("c1")
                assert case is not None
                unit.write(moving(case), Idempotency(claim="k", request="0"))
                unit.commit()
            outcomes.append("done")
        except ClaimTaken:
            outcomes.append("taken")

    _crew(lambda number: _until_it_succeeds(step))
    assert sorted(outcomes) == ["done"] + ["taken"] * 5
    assert load(store, "c1").revision == 2


def test_a_ledger_shared_by_many_is_never_overdrawn(store: SqlStore) -> None:
    opened(store, "frame", ledgers={"frame": 1000})
    for number in range(6):
        opened(store, f"c{number}")

    def book(number: int, item: int) -> None:
        with store.unit() as unit:
            case, frame = unit.case(f"c{number}"), unit.case("frame")
            assert case is not None and frame is not None
            ledger = frame.ledgers["frame"]
            if ledger.available_yen < 30:
                return
            booked = reserve(ledger, ledger="frame", item=f"{number}-{item}", amount_yen=30, consent=False)
            unit.write(together(change(case), change(frame, book=(booked,))))
            unit.commit()

    def work(number: int) -> None:
        for item in range(8):
            _until_it_succeeds(lambda item=item: book(number, item))  # type: ignore[misc]  # bound now

    _crew(work)
    assert load(store, "frame").ledgers["frame"].reserved_yen == 990
    assert verify(store).clean


def test_two_workers_claim_no_message_twice(store: SqlStore) -> None:
    for number in range(10):
        case = opened(store, f"c{number}")
        with store.unit() as unit:
            unit.write(moving(case, send=({"subject": "s"}, {"subject": "t"})))
            unit.commit()
    found: list[str] = []
    lock = threading.Lock()

    def work(_number: int) -> None:
        def some() -> None:
            parcels = claim(store, NOON + DAY, limit=4)
            with lock:
                found.extend(parcel.key for parcel in parcels)

        for _ in range(6):
            _until_it_succeeds(some)

    _crew(work)
    assert len(found) == len(set(found)) == 20


def test_an_approval_revoked_a_moment_earlier_stops_the_message(store: SqlStore) -> None:
    """Whoever comes first, a message that was claimed had its approval at that moment."""
    for number in range(12):
        case = opened(store, f"c{number:02}")
        with store.unit() as unit:
            unit.write(moving(case, give=("disclosure",)))
            again = unit.case(case.id)
            assert again is not None
            unit.write(moving(again, send=({"subject": "s", "approval": "disclosure"},)))
            unit.commit()
    claimed: list[str] = []

    def work(worker: int) -> None:
        if worker % 2:
            for _ in range(12):
                _until_it_succeeds(lambda: claimed.extend(one.case_id for one in claim(store, NOON + DAY, limit=1)))
            return
        for number in range(worker // 2, 12, 3):

            def revoke(case_id: str = f"c{number:02}") -> None:
                with store.unit(write=True) as unit:
                    case = unit.case(case_id)
                    assert case is not None
                    unit.write(moving(case, revoke=("disclosure",)))
                    unit.commit()

            _until_it_succeeds(revoke)

    _crew(work)
    for number in range(12):
        (message,) = store.messages(f"c{number:02}")
        left = message.case_id in claimed
        assert message.status == ("waiting" if left else "recalled")


def test_each_thread_keeps_its_connection_and_an_ended_thread_gives_it_back(store: SqlStore) -> None:
    opened(store)
    for _ in range(3):
        _crew(lambda number: load(store, "c1") and None)
    assert store.engine.pool.checkedout() <= 1  # type: ignore[attr-defined]  # QueuePool's


def test_a_unit_inside_a_unit_has_a_connection_of_its_own(store: SqlStore) -> None:
    case = opened(store)
    with store.unit() as outer:
        assert outer.case("c1") == case
        with store.unit() as inner:
            inner.write(moving(case, "step", "a"))
            inner.commit()
        with pytest.raises(Conflict):
            outer.write(moving(case, "step", "b"))
            outer.commit()
    assert load(store, "c1").state == "a"


def test_a_forked_child_leaves_the_parents_connections_alone(store: SqlStore) -> None:
    case = opened(store)
    child = os.fork()
    if child == 0:
        status = 1
        try:
            with store.unit() as unit:
                unit.write(moving(case, "step", "a"))
                unit.commit()
            status = 0
        finally:
            os._exit(status)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    again = load(store, "c1")
    assert again.state == "a"
    with store.unit() as unit:
        unit.write(moving(again, "step", "b"))
        unit.commit()
    assert load(store, "c1").state == "b"


def test_a_lost_connection_is_replaced(store: SqlStore) -> None:
    if store.engine.dialect.name != "postgresql":
        return
    opened(store)
    with store.engine.connect() as connection:
        others = (
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        connection.execute(sa.text(others))
    with pytest.raises(Exception), store.unit() as unit:  # noqa: B017 - the driver's own error, whatever it is
        unit.case("c1")
    assert load(store, "c1").state == "opened"

"""Group commit: writers of one process that queue share a COMMIT, and nothing else."""

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from toritsugi.core.values import Case
from toritsugi.errors import Conflict
from toritsugi.runtime.vault import KeyVault
from toritsugi.store.audit import verify
from toritsugi.store.store import SqlStore, open_store
from toritsugi.store.turns import Turns
from toritsugi.testing.decisions import moving
from toritsugi.testing.store_acts import keep_example, load, opened

Act = Callable[[Any], None]


class Desk:
    """A store on SQLite that waits for the disk, and threads that queue at it in a known order."""

    def __init__(self, store: SqlStore) -> None:
        self.store = store
        self.threads = ThreadPoolExecutor(8)
        self.statements: list[str] = []
        self.cases: dict[str, Case] = {name: opened(store, name) for name in ("a", "b", "c")}
        with store.unit(write=True):
            assert self._turns._link is not None
            self._turns._link.raw.set_trace_callback(self.statements.append)
        self.statements.clear()

    @property
    def _turns(self) -> Turns:
        assert self.store._turns is not None
        return self.store._turns

    def step(self, name: str, act: Act | None = None) -> None:
        """Write a step of the case, do `act`, commit."""
        with self.store.unit(write=True) as unit:
            unit.write(moving(self.cases[name]))
            if act is not None:
                act(unit)
            unit.commit()

    def queue(self, first: str, *others: tuple[str, Act | None]) -> list["Future[None]"]:
        """`first` has the turn and is done when all the others queue behind it, in this order; how each ended."""
        ended: list[Future[None]] = []

        def let_them_queue(_: Any) -> None:
            for place, (name, act) in enumerate(others, 1):
                ended.append(self.threads.submit(self.step, name, act))
                while len(self._turns._queue) < place:
                    os.sched_yield()

        head = self.threads.submit(self.step, first, let_them_queue)
        head.exception(60)
        for one in ended:
            one.exception(60)
        return [head, *ended]

    def stand(self) -> dict[str, int]:
        """How many steps each case has now."""
        return {name: load(self.store, name).revision for name in self.cases}


@pytest.fixture
def desk(tmp_path: Path, vault: KeyVault) -> Iterator[Desk]:
    store = open_store(f"sqlite:///{tmp_path}/store.db", vault=vault, synchronous="FULL")
    keep_example(store)
    found = Desk(store)
    yield found
    found.threads.shutdown()
    store.close()


def _fails(_: Any) -> None:
    raise ZeroDivisionError


def test_writers_who_queue_share_one_commit(desk: Desk) -> None:
    for one in desk.queue("a", ("b", None), ("c", None)):
        one.result()
    assert desk.stand() == {"a": 2, "b": 2, "c": 2}
    assert [one for one in desk.statements if one in ("BEGIN IMMEDIATE", "COMMIT")] == ["BEGIN IMMEDIATE", "COMMIT"]
    assert verify(desk.store).clean


def test_a_lone_writer_has_a_transaction_without_savepoints(desk: Desk) -> None:
    desk.step("a")
    assert (desk.statements[0], desk.statements[-1]) == ("BEGIN IMMEDIATE", "COMMIT")
    assert not [one for one in desk.statements if "SAVEPOINT" in one]


@pytest.mark.parametrize("place", ["in the middle", "last"])
def test_one_writers_failure_leaves_the_others_rows(desk: Desk, place: str) -> None:
    failing, fine = ("b", _fails), ("c", None)
    order = [failing, fine] if place == "in the middle" else [fine, failing]
    ended = desk.queue("a", *order)
    assert [type(one.exception()) for one in ended if one.exception()] == [ZeroDivisionError]
    assert desk.stand() == {"a": 2, "b": 1, "c": 2}
    assert verify(desk.store).clean


def test_a_failure_of_the_first_writer_leaves_the_others_rows(desk: Desk) -> None:
    waiting: list[Future[None]] = []

    def fail_when_somebody_queues(_: Any) -> None:
        waiting.append(desk.threads.submit(desk.step, "b"))
        while not desk._turns._queue:
            os.sched_yield()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        desk.step("a", fail_when_somebody_queues)
    waiting[0].result(60)
    assert desk.stand() == {"a": 1, "b": 2, "c": 1}


def test_a_failed_commit_is_told_to_everybody_in_it(desk: Desk) -> None:
    def leave_a_row_of_no_case(unit: Any) -> None:
        unit._link.run("PRAGMA defer_foreign_keys = ON")
        unit._link.run("INSERT INTO toritsugi_personal VALUES ('nobody', 1, x'00')")

    ended = desk.queue("a", ("b", None), ("c", leave_a_row_of_no_case))
    assert [type(one.exception()) for one in ended] == [sqlite3.IntegrityError] * 3
    assert len({id(one.exception()) for one in ended}) == 3
    assert desk.stand() == {"a": 1, "b": 1, "c": 1}
    desk.step("a")
    assert desk.stand() == {"a": 2, "b": 1, "c": 1}


def test_who_stands_in_a_transaction_that_sqlite_took_back_is_told_to_try_again(desk: Desk) -> None:
    def take_everything_back(unit: Any) -> None:
        unit._link.run("ROLLBACK")
        raise ZeroDivisionError

    ended = desk.queue("a", ("b", None), ("c", take_everything_back))
    assert [type(one.exception()) for one in ended] == [Conflict, Conflict, ZeroDivisionError]
    assert desk.stand() == {"a": 1, "b": 1, "c": 1}
    desk.step("b")
    assert desk.stand() == {"a": 1, "b": 2, "c": 1}


def test_a_turn_that_does_not_come_in_time_is_a_conflict(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("toritsugi.store.turns.LOCK_TIMEOUT_S", 0.01)

    def come_in_between(_: Any) -> None:
        with pytest.raises(Conflict):
            desk.step("b")

    desk.step("a", come_in_between)
    assert desk.stand() == {"a": 2, "b": 1, "c": 1}
    desk.step("b")


def test_a_unit_that_has_ended_does_not_read_what_others_write(desk: Desk) -> None:
    with desk.store.unit(write=True) as unit:
        unit.commit()
        with pytest.raises(RuntimeError):
            unit.case("a")


def test_a_forked_child_does_not_wait_for_a_turn_of_its_parent(desk: Desk) -> None:
    desk._turns.enter()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            desk.step("b")
            status = 0
        finally:
            os._exit(status)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    desk._turns.leave()
    desk.step("a")
    assert desk.stand() == {"a": 2, "b": 2, "c": 1}


def test_many_threads_at_once_lose_and_double_nothing(desk: Desk) -> None:
    together = threading.Barrier(8)

    def work(number: int) -> None:
        together.wait()
        for _ in range(20):
            with desk.store.unit(write=True) as unit:
                case = unit.case("abc"[number % 3])
                assert case is not None
                unit.write(moving(case, values={"n": case.data.get("n", 0) + 1}))
                if number % 4 != 3:  # every fourth thinks better of it
                    unit.commit()

    for done in [desk.threads.submit(work, number) for number in range(8)]:
        done.result(60)
    assert sum(desk.stand().values()) == 3 + 6 * 20
    assert sum(load(desk.store, name).data["n"] for name in "abc") == 6 * 20
    assert verify(desk.store).clean


class Drowsy:
    """A place in the queue: whoever hands the turn on to it nods off right then, for as long as `meanwhile` takes."""

    def __init__(self, place: Any, meanwhile: Callable[[], None]) -> None:
        self._place = place
        self._meanwhile = meanwhile

    def release(self) -> None:
        self._place.release()
        self._meanwhile()


def test_who_has_left_lets_nobody_in_however_late_it_goes_on(desk: Desk) -> None:
    held, go_on = threading.Event(), threading.Event()
    later: list[Future[None]] = []
    entered: list[bool] = []

    def hold() -> None:
        with desk.store.unit(write=True):
            held.set()
            go_on.wait(60)

    def enter() -> None:
        with desk.store.unit(write=True):
            entered.append(go_on.is_set())

    def meanwhile() -> None:
        while desk._turns._taken:  # the next one commits for all
            os.sched_yield()
        later.append(desk.threads.submit(hold))
        held.wait(60)
        later.append(desk.threads.submit(enter))
        while not desk._turns._queue:
            os.sched_yield()

    def fail_drowsily(_: Any) -> None:
        while not desk._turns._queue:
            os.sched_yield()
        desk._turns._queue[0] = Drowsy(desk._turns._queue[0], meanwhile)
        raise ZeroDivisionError

    desk.queue("a", ("b", fail_drowsily), ("c", None))
    go_on.set()
    for one in later:
        one.result(60)
    assert entered == [True]
    assert desk.stand() == {"a": 2, "b": 1, "c": 2}


class Interrupted(BaseException):
    """Comes from outside at any moment, as a Ctrl-C does, or a worker's limit of time."""


@pytest.mark.parametrize("statement", ["BEGIN IMMEDIATE", "PRAGMA data_version"])
def test_who_is_interrupted_while_it_begins_gives_the_turn_back(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, statement: str
) -> None:
    link = desk._turns._link
    assert link is not None
    run = link.run

    def run_and_be_interrupted(text: str, *parameters: Any) -> Any:
        done = run(text, *parameters)
        if text == statement:
            raise Interrupted
        return done

    with monkeypatch.context() as patched:
        patched.setattr(link, "run", run_and_be_interrupted)
        patched.setattr(link.recent, "_run", run_and_be_interrupted)
        with pytest.raises(Interrupted):
            desk.step("a")
    desk.step("a")
    assert desk.stand() == {"a": 2, "b": 1, "c": 1}


def test_who_is_interrupted_while_it_takes_its_rows_back_leaves_nobody_waiting(desk: Desk) -> None:
    def fail_and_be_interrupted(unit: Any) -> None:
        link, run = unit._link._link, unit._link._link.run

        def interrupted(text: str, *parameters: Any) -> Any:
            link.run = run
            run(text, *parameters)
            raise Interrupted

        link.run = interrupted
        raise ZeroDivisionError

    ended = desk.queue("a", ("b", fail_and_be_interrupted), ("c", None))
    assert [type(one.exception()) for one in ended] == [Conflict, Interrupted, type(None)]
    assert desk.stand() == {"a": 1, "b": 1, "c": 2}


def test_an_interrupt_before_the_commit_is_its_own_threads_and_the_others_try_again(desk: Desk) -> None:
    def be_interrupted_later(unit: Any) -> None:
        link, run = unit._link._link, unit._link._link.run

        def interrupted(text: str, *parameters: Any) -> Any:
            if text != "COMMIT":
                return run(text, *parameters)
            link.run = run
            raise Interrupted

        link.run = interrupted

    ended = desk.queue("a", ("b", be_interrupted_later))
    assert [type(one.exception()) for one in ended] == [Conflict, Interrupted]
    assert desk.stand() == {"a": 1, "b": 1, "c": 1}
    desk.step("a")

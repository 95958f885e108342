"""W1 by several callers at once, each waiting for its answer before it asks again; beside a program by hand that does the same."""

from __future__ import annotations

import gc
import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median
from time import perf_counter
from typing import Any

from bench.byhand import Prepared, prepared
from bench.databases import Sqlite
from bench.office import BenchClock, open_engine
from bench.rows import holdings, procedure_rows
from bench.w1 import APART, TRANSITIONS, Differs, record, run_case
from toritsugi.engine import Engine

#: transactions that the program by hand commits together at most.
_MOST = 64


class TogetherByHand:
    """One connection for all threads: whoever finds nobody at it carries out what all queue, as one transaction."""

    def __init__(self, raw: Any) -> None:
        self._execute = raw.cursor().execute
        self._guard = threading.Lock()
        self._queue: deque[_Order] = deque()
        self._led = False

    def commit(self, statements: Sequence[tuple[str, tuple[Any, ...]]]) -> None:
        """Returns when these rows are durable."""
        order = _Order(statements)
        with self._guard:
            self._queue.append(order)
            lead, self._led = not self._led, True
        if lead:
            self._lead()
        while not order.done:
            order.told.acquire()
            if not order.done:
                self._lead()

    def _lead(self) -> None:
        execute = self._execute
        carried_out: list[_Order] = []
        execute("BEGIN IMMEDIATE")
        while self._queue and len(carried_out) < _MOST:
            order = self._queue.popleft()
            for text, parameters in order.statements:
                execute(text, parameters)
            carried_out.append(order)
        execute("COMMIT")
        for order in carried_out:
            order.done = True
            order.told.release()
        with self._guard:
            following = self._queue[0] if self._queue else None
            self._led = following is not None
        if following is not None:
            following.told.release()


class _Order:
    """A transaction that waits to be carried out, or to carry out those of others with it."""

    __slots__ = ("done", "statements", "told")

    def __init__(self, statements: Sequence[tuple[str, tuple[Any, ...]]]) -> None:
        self.statements = statements
        self.done = False
        self.told = threading.Lock()
        self.told.acquire()


@dataclass(slots=True)
class Crowd:
    """What came out of the rounds: microseconds for each transition, as the clock on the wall has it."""

    engine: list[float] = field(default_factory=list)
    limit: list[float] = field(default_factory=list)
    #: the engine with one caller, in the same rounds.
    alone: list[float] = field(default_factory=list)
    #: transitions for each COMMIT, when they were counted: the engine, the program by hand.
    shared: tuple[float, float] = (0.0, 0.0)

    @property
    def throughput(self) -> float:
        """The engine's as a part of the limit's."""
        return median(limit / engine for limit, engine in zip(self.limit, self.engine, strict=True))

    @property
    def gain(self) -> float:
        """The engine's as a multiple of its own with one caller."""
        return median(alone / engine for alone, engine in zip(self.alone, self.engine, strict=True))


def crowd(database: Sqlite, callers: int, *, rounds: int, cases: int) -> Crowd:
    """W1 under FULL by so many callers, so many cases each, interleaved with the program by hand and with one caller.

    Raises:
        Differs: rows or bytes of the two sides are not the same.
    """
    name, clock, share = f"callers{callers}", BenchClock(), callers * cases
    kept, orders = _recorded(database, f"{name}_recorded", clock, (rounds + 1) * share)
    open_engine(database.url(f"{name}_limit"), clock, "FULL").close()
    by_hand = database.by_hand(f"{name}_limit", "FULL")
    by_hand.commit(kept)
    limit = TogetherByHand(by_hand.raw)
    engine = open_engine(database.url(f"{name}_engine"), clock, "FULL")
    single = open_engine(database.url(f"{name}_single"), clock, "FULL")
    result = Crowd()
    gc.collect()
    gc.freeze()
    for round_ in range(rounds + 1):
        numbers = range(round_ * share, (round_ + 1) * share)
        took = (
            _together([_cases(engine, numbers[at::callers]) for at in range(callers)], share),
            _together([_orders(limit, orders, numbers[at::callers]) for at in range(callers)], share),
            _together([_cases(single, numbers[:cases])], cases),
        )
        if round_:
            for times, each in zip((result.engine, result.limit, result.alone), took, strict=True):
                times.append(each)
        else:  # what is remembered is filled, and the log has not started over: its commits can be counted
            made = [database.commits(f"{name}_{side}") for side in ("engine", "limit")]
            result.shared = share * TRANSITIONS / made[0], share * TRANSITIONS / made[1]
        engine.store.checkpoint()
        single.store.checkpoint()
        by_hand.checkpoint()
    gc.unfreeze()
    by_hand.close()
    single.close()
    _same_rows(engine, open_engine(f"sqlite:///{database.file(f'{name}_limit')}", clock))
    return result


def _recorded(database: Sqlite, store: str, clock: BenchClock, cases: int) -> tuple[Prepared, list[Prepared]]:
    """What keeps the procedure, and what carries each case."""
    engine = open_engine(database.url(store), clock)
    orders = [prepared(record(engine, number), "?") for number in range(cases)]
    kept = prepared([procedure_rows(engine)], "?")
    engine.close()
    return kept, orders


def _cases(engine: Engine, numbers: Iterable[int]) -> Callable[[], None]:
    def act() -> None:
        for number in numbers:
            run_case(engine, number)

    return act


def _orders(limit: TogetherByHand, orders: Sequence[Prepared], numbers: Iterable[int]) -> Callable[[], None]:
    def act() -> None:
        for number in numbers:
            for statements in orders[number]:
                limit.commit(statements)

    return act


def _together(acts: Sequence[Callable[[], None]], cases: int) -> float:
    """Each in a thread of its own, all begun at once; microseconds for each transition of their cases."""
    ready = threading.Barrier(len(acts) + 1)

    def run(act: Callable[[], None]) -> None:
        ready.wait()
        act()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    ready.wait()
    began = perf_counter()
    for thread in threads:
        thread.join()
    return (perf_counter() - began) / (cases * TRANSITIONS) * 1e6


def _same_rows(engine: Engine, other: Engine) -> None:
    held, by_hand = (holdings(one.store.engine, APART) for one in (engine, other))
    engine.close()
    other.close()
    if held != by_hand:
        raise Differs(f"rows and bytes: engine {held}, limit {by_hand}")

"""W1: one JETRO case, ten durable transitions, through the public API and by hand; interleaved rounds."""

from __future__ import annotations

import gc
from dataclasses import dataclass, field
from statistics import median, quantiles
from time import perf_counter
from typing import TypeVar

from bench.byhand import Prepared, prepared
from bench.databases import ByHand, Database, settings_of
from bench.office import ARRIVED_AT, BANK, CASE, COMPANY, BenchClock, acts, open_engine
from bench.rows import Holding, Transaction, changes, holdings, procedure_rows, rows_of
from toritsugi.engine import Engine
from toritsugi.store.dialect import Synchronous

T = TypeVar("T")

#: a case's transitions.
TRANSITIONS = 10


class Differs(Exception):
    """The two sides did not commit the same, so that their times cannot be compared."""


@dataclass(slots=True)
class Times:
    """Seconds of each transaction, round by round."""

    rounds: list[list[float]] = field(default_factory=list)

    @property
    def p50(self) -> float:
        return median(time for one in self.rounds for time in one)

    @property
    def p99(self) -> float:
        return quantiles((time for one in self.rounds for time in one), n=100)[98]


@dataclass(frozen=True, slots=True)
class Race:
    """What came out of interleaved rounds."""

    engine: Times
    limit: Times
    #: table -> what each side's store holds; the same.
    holdings: dict[str, Holding]
    commits: int
    settings: dict[str, str]
    #: size of the write-ahead log at the end: engine, limit; None: not a store's own.
    wal: tuple[int | None, int | None]

    @property
    def throughput(self) -> float:
        """The engine's as a part of the limit's: the median of the rounds."""
        pairs = zip(self.limit.rounds, self.engine.rounds, strict=True)
        return median(sum(limit) / sum(engine) for limit, engine in pairs)


def corporate_number(number: int) -> str:
    """A corporate number with its check digit."""
    digits = f"{10**11 + number:012}"
    total = sum(int(digit) * (1 if place % 2 == 0 else 2) for place, digit in enumerate(reversed(digits)))
    return f"{9 - total % 9}{digits}"


def run_case(engine: Engine, number: int) -> list[float]:
    """Carry one case from its opening to its end; seconds of each transition."""
    values = {**CASE, "corporate_number": corporate_number(number)}
    rest = [(*act, f"w1-{number:08}-{step:02}") for step, act in enumerate(acts(ARRIVED_AT), 1)]
    began = perf_counter()
    case_id = engine.start(
        "jetro_case", BANK, values, parties={"client_company": COMPANY.institution}, key=f"w1-{number:08}-00"
    ).case_id
    times = [perf_counter() - began]
    for event, actor, given, channel, key in rest:
        began = perf_counter()
        engine.send(case_id, event, actor, given, key=key, channel=channel)
        times.append(perf_counter() - began)
    return times


def record(engine: Engine, number: int) -> list[Transaction]:
    """Carry one case through; what each transition committed."""
    values = {**CASE, "corporate_number": corporate_number(number)}
    parties = {"client_company": COMPANY.institution}
    case_id = engine.start("jetro_case", BANK, values, parties=parties, key=f"w1-{number:08}-00").case_id
    before = rows_of(engine, [case_id])
    committed = [changes({}, before)]
    for step, (event, actor, given, channel) in enumerate(acts(ARRIVED_AT), 1):
        engine.send(case_id, event, actor, given, key=f"w1-{number:08}-{step:02}", channel=channel)
        after = rows_of(engine, [case_id])
        committed.append(changes(before, after))
        before = after
    return committed


def race(database: Database, name: str, synchronous: Synchronous, *, rounds: int, cases: int) -> Race:
    """W1 on one database: a round in which commits are counted, then `rounds` that are timed.

    Raises:
        Differs: rows, bytes, settings or commits of the two sides are not the same.
    """
    clock = BenchClock()
    kept, transactions = _recorded(database, f"{name}_recorded", clock, (rounds + 1) * cases)
    batches = [transactions[at : at + cases * TRANSITIONS] for at in range(0, len(transactions), cases * TRANSITIONS)]
    open_engine(database.url(f"{name}_limit"), clock, synchronous).close()
    limit = database.by_hand(f"{name}_limit", synchronous)
    limit.commit(kept)
    engine = open_engine(database.url(f"{name}_engine"), clock, synchronous)

    commits = _warmed_up(database, name, engine, clock, limit, batches[0], cases)
    result = (Times(), Times())
    gc.collect()
    gc.freeze()
    for round_, batch in enumerate(batches[1:], 1):
        numbers = range(round_ * cases, (round_ + 1) * cases)
        result[0].rounds.append([time for number in numbers for time in run_case(engine, number)])
        result[1].rounds.append(limit.commit(batch))
        engine.store.checkpoint()  # as a driver does in an idle moment
        limit.checkpoint()
    gc.unfreeze()
    wal = database.wal_bytes(f"{name}_engine"), database.wal_bytes(f"{name}_limit")
    settings = _same("settings", dict(settings_of(database, engine)), dict(database.settings(limit.raw.execute)))
    limit.close()
    other = open_engine(_existing(engine, name), clock)
    held = _same("rows and bytes", holdings(engine.store.engine, APART), holdings(other.store.engine, APART))
    other.close()
    engine.close()
    return Race(*result, held, commits, settings, wal)


#: a procedure's row carries the moment at which it was kept; there is one, written before the first round that counts.
APART = ("toritsugi_procedure",)


def _existing(engine: Engine, name: str) -> str:
    url: str = engine.store.engine.url.render_as_string(hide_password=False)
    return url.replace(f"{name}_engine", f"{name}_limit")


def _recorded(database: Database, store: str, clock: BenchClock, cases: int) -> tuple[Prepared, Prepared]:
    """What keeps the procedure, and what carries the cases."""
    engine = open_engine(database.url(store), clock)
    mark = "?" if database.name == "SQLite" else "%s"
    transactions = [one for number in range(cases) for one in record(engine, number)]
    kept = procedure_rows(engine)
    engine.close()
    return prepared([kept], mark), prepared(transactions, mark)


def _warmed_up(
    database: Database, name: str, engine: Engine, clock: BenchClock, limit: ByHand, batch: Prepared, cases: int
) -> int:
    """Both sides once without a clock; how often each committed."""
    counts = []
    for store, act in (
        (f"{name}_engine", lambda: [run_case(engine, number) for number in range(cases)]),
        (f"{name}_limit", lambda: limit.commit(batch)),
    ):
        before = database.commits(store)
        act()
        counts.append(database.commits(store) - before)
    return _same("commits", *counts)


def _same(what: str, engine: T, limit: T) -> T:
    if engine != limit:
        raise Differs(f"{what}: engine {engine}, limit {limit}")
    return engine

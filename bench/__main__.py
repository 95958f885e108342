"""`python -m bench`: every row of the performance targets that is due; QUICK=1 for a look that takes under a minute.

Prints a table and, as its last line, one JSON object with all figures. Ends with 1 when the two sides of a comparison did
not commit the same (then no ratio means anything); a missed target does not end it.
"""

from __future__ import annotations

import os
import platform
import sqlite3
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median
from time import perf_counter

from bench import others
from bench.callers import crowd
from bench.databases import Database, Sqlite, postgresql, sqlite
from bench.figures import Figure, as_json, details, table
from bench.w1 import Differs, Race, race
from toritsugi.store.dialect import Synchronous

#: rows of the targets that need parts which do not exist yet.
NOT_DUE = (
    "W1 on PostgreSQL with 8 worker processes",
    "growth to 1M stored cases, bulk import, memory of a worker",
    "peers",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much is measured."""

    rounds: int
    #: cases of W1 in a round, ten transactions each; FULL and PostgreSQL wait for the disk and take fewer.
    cases: int
    waiting_cases: int
    #: cases of each of several callers in a round.
    callers_cases: int
    armed: int
    open_cases: int
    commands: int


QUICK = Size(rounds=5, cases=30, waiting_cases=8, callers_cases=2, armed=10_000, open_cases=2_000, commands=7)
WHOLE = Size(rounds=9, cases=100, waiting_cases=30, callers_cases=6, armed=1_000_000, open_cases=100_000, commands=21)


def main() -> int:
    quick = os.environ.get("QUICK", "") not in ("", "0")
    began = perf_counter()
    figures: list[Figure] = []
    try:
        for figure in measured(QUICK if quick else WHOLE):
            figures.append(figure)
            print(f"  {figure.id} ({perf_counter() - began:.0f} s)", file=sys.stderr, flush=True)
    except Differs as difference:
        print(f"The two sides did not do the same; nothing was compared. {difference}", file=sys.stderr)
        return 1
    about = {
        "quick": quick,
        "seconds": round(perf_counter() - began, 1),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "cores": os.cpu_count(),
        "not_due": NOT_DUE,
    }
    print(table(figures), details(figures), "Not due, left out: " + "; ".join(NOT_DUE) + ".", sep="\n\n", end="\n\n")
    print(as_json(figures, about))
    return 0


def measured(size: Size) -> Iterator[Figure]:
    """Each figure as it is found."""
    with sqlite() as database:
        yield from _w1(database, "NORMAL", size.rounds, size.cases, target=0.5, stretch=0.65)
        yield from _w1(database, "FULL", size.rounds, size.waiting_cases, target=0.8, stretch=0.9)
    yield from _w1_postgresql(size)
    for callers in (8, 16, 32):
        with sqlite() as database:
            yield from _callers(database, callers, size)
    for some in (_deadlines, _linked, _refusals, _restart):
        with sqlite() as database:
            yield from some(database, size)
    yield from _command_line(size)


def _w1(
    database: Database, synchronous: Synchronous, rounds: int, cases: int, *, target: float, stretch: float
) -> Iterator[Figure]:
    found = race(database, f"w1_{synchronous.lower()}", synchronous, rounds=rounds, cases=cases)
    name = f"w1_{database.name.lower()}_{synchronous.lower()}"
    title = f"W1 {database.name} {synchronous}"
    yield Figure(
        id=name,
        title=f"{title}, throughput / limit",
        value=found.throughput,
        unit="",
        target=target,
        stretch=stretch,
        more_is_better=True,
        details=_made_of(found),
    )
    normal = synchronous == "NORMAL" and database.name == "SQLite"
    yield Figure(
        id=f"{name}_p50",
        title=f"{title}, p50 / limit's",
        value=found.engine.p50 / found.limit.p50,
        target=2.0 if normal else None,
    )
    p99 = found.engine.p99 / found.limit.p99
    bounded = database.name == "SQLite"
    yield Figure(
        id=f"{name}_p99",
        title=f"{title}, p99 / limit's",
        value=p99,
        target=2.0 if bounded else None,
        stretch=1.2 if bounded else None,
    )


def _made_of(found: Race) -> dict[str, object]:
    rounds = [sum(limit) / sum(engine) for limit, engine in zip(found.limit.rounds, found.engine.rounds, strict=True)]
    held = {
        name.removeprefix("toritsugi_"): f"{one.rows} rows {one.bytes} B"
        for name, one in found.holdings.items()
        if one.rows
    }
    made: dict[str, object] = {
        "rounds": " ".join(f"{ratio:.2f}" for ratio in rounds),
        "p50": f"{_us(found.engine.p50)} / {_us(found.limit.p50)}",
        "p99": f"{_us(found.engine.p99)} / {_us(found.limit.p99)}",
        "commits of a round, both": found.commits,
        "held, both": held,
        "set to, both": found.settings,
    }
    if found.wal[0] is not None:
        made["wal at the end, bytes"] = f"{found.wal[0]} / {found.wal[1]}"
    return made


def _w1_postgresql(size: Size) -> Iterator[Figure]:
    try:
        server = postgresql()
        with server as database:
            yield from _w1(database, "FULL", size.rounds, size.waiting_cases, target=0.7, stretch=1.2)
    except (RuntimeError, ImportError) as reason:
        print(f"  PostgreSQL left out: {reason}", file=sys.stderr)


def _callers(database: Sqlite, callers: int, size: Size) -> Iterator[Figure]:
    found = crowd(database, callers, rounds=size.rounds, cases=size.callers_cases)
    title = f"W1 SQLite FULL, {callers} callers, throughput"
    yield Figure(
        id=f"w1_callers_{callers}",
        title=f"{title} / limit",
        value=found.throughput,
        unit="",
        target=0.5,
        stretch=0.7,
        more_is_better=True,
        details={
            "each transition": " / ".join(f"{median(one):.0f} µs" for one in (found.engine, found.limit)),
            "one caller": f"{median(found.alone):.0f} µs",
            "transitions for each commit": " / ".join(f"{one:.1f}" for one in found.shared),
        },
    )
    yield Figure(
        id=f"w1_callers_{callers}_gain",
        title=f"{title} / one caller's",
        value=found.gain,
        target=1.0,
        more_is_better=True,
    )


def _deadlines(database: Sqlite, size: Size) -> Iterator[Figure]:
    found = others.deadlines(database, armed=size.armed, rounds=size.rounds)
    title = f"{others.DUE} due of {size.armed:,} armed deadlines"
    yield Figure(id="find_due", title=f"find {title}", value=found["find"] * 1000, unit="ms", target=0.5)
    ratio = found["fire"] / found["limit"]
    yield Figure(id="fire_due", title=f"fire {title}", value=ratio, target=2.0, stretch=1.5, details=_each(found))


def _linked(database: Sqlite, size: Size) -> Iterator[Figure]:
    found = others.linked(database, rounds=size.rounds, cases=size.cases)
    title = "event over three linked cases and a ledger / single-case event"
    ratio = found["family"] / found["one"]
    yield Figure(id="linked", title=title, value=ratio, target=3.5, stretch=2.5, details=_each(found))


_BOTH: tuple[Synchronous, Synchronous] = ("NORMAL", "FULL")


def _refusals(database: Sqlite, size: Size) -> Iterator[Figure]:
    for synchronous, events in zip(_BOTH, (size.cases, size.waiting_cases), strict=True):
        found = others.refusals(database, synchronous, rounds=size.rounds, events=events)
        name, title = f"refused_{synchronous.lower()}", f"refused event / accepted, {synchronous}"
        yield Figure(id=name, title=title, value=found["refused"] / found["accepted"], target=1.0, details=_each(found))


def _restart(database: Sqlite, size: Size) -> Iterator[Figure]:
    found = others.restart(database, open_cases=size.open_cases, rounds=size.rounds)
    title = f"restart to the first answer, {size.open_cases:,} open cases / one"
    yield Figure(id="restart", title=title, value=found["many"] / found["few"], target=1.1, details=_each(found))


def _command_line(size: Size) -> Iterator[Figure]:
    found = others.command_line(size.commands)
    for option in ("help", "version"):
        ratio = found[option] / found["bare"]
        title = f"--{option} / bare interpreter"
        yield Figure(id=f"cli_{option}", title=title, value=ratio, target=4.0, stretch=2.5, details=_each(found))


def _each(found: dict[str, float]) -> dict[str, str]:
    return {name: _us(seconds) for name, seconds in found.items()}


def _us(seconds: float) -> str:
    return f"{seconds * 1e6:.0f} µs"


if __name__ == "__main__":
    sys.exit(main())

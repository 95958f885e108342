"""The other rows: deadlines found and fired, linked cases, refusals, start-up, restart."""

from __future__ import annotations

import gc
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import partial
from statistics import median
from time import perf_counter

import sqlalchemy as sa

from bench.byhand import prepared
from bench.databases import Sqlite
from bench.office import ARRIVED_AT, BANK, CASE, COMPANY, DAY, JETRO, START, BenchClock, acts, open_engine
from bench.rows import Rows, Transaction, changes, rows_of
from bench.w1 import Differs, corporate_number
from toritsugi.engine import Engine
from toritsugi.errors import NotPossible
from toritsugi.store.dialect import Synchronous
from toritsugi.store.tables import METADATA

PARTIES = {"client_company": COMPANY.institution}
#: deadlines that are due at a time.
DUE = 100
_FAR = 40_000 * DAY
_FAMILY = {"order", "notice_a", "notice_b", "pot"}


def timed(act: Callable[[], object]) -> float:
    """Seconds that `act` takes."""
    began = perf_counter()
    act()
    return perf_counter() - began


def interleaved(rounds: int, *acts: Callable[[], object]) -> list[float]:
    """The median seconds of each act, done in turn."""
    gc.collect()
    times = [[timed(act) for act in acts] for _ in range(rounds)]
    return [median(column) for column in zip(*times, strict=True)]


def _reminders(engine: Engine, count: int) -> list[str]:
    """Cases that wait for an answer, each with its deadline."""
    values = {"company": "株式会社見本製作所", "contact_name": "見本 花子"}
    ids = [engine.start("reminder", JETRO, values, parties=PARTIES).case_id for _ in range(count)]
    for case_id in ids:
        engine.send(case_id, "ask", JETRO)
    return ids


def _fill(engine: sa.Engine, case_id: str, armed: int) -> None:
    """Armed deadlines of a case that lie far ahead, each at a moment of its own."""
    table = METADATA.tables["toritsugi_deadline"]
    with engine.connect() as connection:
        row = connection.execute(sa.select(table).where(table.c.case_id == case_id)).mappings().one()
        connection.rollback()
        for start in range(1, armed + 1, 10_000):
            numbers = range(start, min(start + 10_000, armed + 1))
            new = [{**row, "seq": 1000 + number, "due_at": START + _FAR + number} for number in numbers]
            connection.execute(sa.insert(table), new)
        connection.commit()


def deadlines(database: Sqlite, *, armed: int, rounds: int) -> dict[str, float]:
    """Finding DUE among `armed` deadlines, and firing them: {find, fire, limit}, seconds, medians."""
    clock = BenchClock()
    engine = open_engine(database.url("deadlines_engine"), clock)
    other = open_engine(database.url("deadlines_limit"), clock)
    for one in (engine, other):
        _fill(one.store.engine, _reminders(one, 1)[0], armed)
        one.tick()
        one.store.checkpoint()
    limit = database.by_hand("deadlines_limit", "NORMAL")
    find, fire, by_hand = [], [], []
    for _ in range(rounds):
        ids = _reminders(engine, DUE)
        before = rows_of(engine, ids)
        limit.commit(prepared([changes({}, before)], limit.mark))
        clock.ahead(30)
        gc.collect()
        find.append(timed(lambda: _find(engine, clock)))
        fire.append(timed(engine.tick))
        fired = prepared(_by_case(before, rows_of(engine, ids), ids), limit.mark)
        by_hand.append(timed(lambda: _find(other, clock)) + timed(partial(limit.commit, fired)))
        if any(len(transaction) < 3 for transaction in fired):
            raise Differs("a deadline did not fire")
    for closable in (engine, other, limit):
        closable.close()
    return {"find": median(find), "fire": median(fire), "limit": median(by_hand)}


def _find(engine: Engine, clock: BenchClock) -> None:
    with engine.store.unit() as unit:
        found = len(unit.due(clock.now(), DUE))
    if found != DUE:
        raise Differs(f"{found} deadlines due instead of {DUE}")


def _by_case(before: Rows, after: Rows, ids: Sequence[str]) -> list[Transaction]:
    def of(rows: Rows, case_id: str) -> Rows:
        return {key: row for key, row in rows.items() if key[1][0] == case_id}

    return [changes(of(before, case_id), of(after, case_id)) for case_id in ids]


def linked(database: Sqlite, *, rounds: int, cases: int) -> dict[str, float]:
    """An event of one case, and one that reaches three linked cases and a ledger: {one, family}, seconds an event."""
    engine = open_engine(database.url("linked"), BenchClock())
    ids = [_order(engine, number) for number in range(cases)]
    values = {"item": "海外ミニ調査", "amount": 1}

    def send(event: str) -> Callable[[], object]:
        return lambda: [engine.send(case_id, event, JETRO, values) for case_id in ids]

    _ = send("draw")(), send("jot")()
    one, family = interleaved(rounds, send("jot"), send("draw"))
    reached = {case.procedure for case in engine.views.cases(limit=10) if case.revision > rounds}
    engine.close()
    if reached != _FAMILY:
        raise Differs(f"the event reached {sorted(reached)}")
    return {"one": one / cases, "family": family / cases}


def _order(engine: Engine, number: int) -> str:
    values = {"company": f"見本製作所{number:04}", "about": "部品の発注"}
    case_id = engine.start("order", JETRO, values, parties=PARTIES).case_id
    engine.send(case_id, "begin", JETRO)
    return case_id


def refusals(database: Sqlite, synchronous: Synchronous, *, rounds: int, events: int) -> dict[str, float]:
    """An accepted and a refused event of a case in the middle of its life: {accepted, refused}, seconds an event."""
    engine = open_engine(database.url(f"refusals_{synchronous}"), BenchClock(), synchronous)
    values = {**CASE, "corporate_number": corporate_number(1)}
    case_id = engine.start("jetro_case", BANK, values, parties=PARTIES).case_id
    for event, actor, given, channel in acts(ARRIVED_AT)[:5]:
        engine.send(case_id, event, actor, given, channel=channel)
    keys = iter(range(10**9))

    def accepted() -> None:
        for _ in range(events):
            engine.send(case_id, "jot", JETRO, {"note": "電話で連絡した。"}, key=f"a{next(keys):09}")

    def refused() -> None:
        for _ in range(events):
            try:
                engine.send(
                    case_id, "issue_form2", JETRO, {"support_results": "三社と商談した。"}, key=f"r{next(keys):09}"
                )
            except NotPossible:
                continue
            raise Differs("the event was not refused")

    accepted()
    refused()
    one, other = interleaved(rounds, accepted, refused)
    engine.close()
    return {"accepted": one / events, "refused": other / events}


def restart(database: Sqlite, *, open_cases: int, rounds: int) -> dict[str, float]:
    """From opening a store to its first event's answer: {few, many}, seconds; `many` has that many open cases."""
    firsts = {}
    for name, copies in (("few", 0), ("many", open_cases)):
        engine = open_engine(database.url(f"restart_{name}"), BenchClock())
        values = {**CASE, "corporate_number": corporate_number(1)}
        firsts[name] = engine.start("jetro_case", BANK, values, parties=PARTIES).case_id
        _copy(engine.store.engine, firsts[name], copies)
        engine.close()

    def first_event(name: str) -> Callable[[], object]:
        def act() -> None:
            url = f"sqlite:///{database.file(f'restart_{name}')}"
            with open_engine(url, BenchClock()) as engine:
                engine.send(firsts[name], "jot", BANK, {"note": "再開した。"})

        return act

    few, many = interleaved(rounds, first_event("few"), first_event("many"))
    return {"few": few, "many": many}


def _copy(engine: sa.Engine, case_id: str, copies: int) -> None:
    table = METADATA.tables["toritsugi_case"]
    with engine.connect() as connection:
        row = connection.execute(sa.select(table).where(table.c.id == case_id)).mappings().one()
        connection.rollback()
        for start in range(0, copies, 5000):
            numbers = range(start, min(start + 5000, copies))
            connection.execute(sa.insert(table), [{**row, "id": f"COPY-{number:09}"} for number in numbers])
            connection.commit()


#: what `--help` must not cost.
HEAVY = ("sqlmodel", "fastapi", "pydantic")


def command_line(rounds: int) -> dict[str, float]:
    """A bare interpreter, `--help` and `--version`: seconds, medians.

    Raises:
        Differs: one of them imported what it has no use for, or failed.
    """
    program = "from toritsugi_adapters.cli.main import main; main()"

    def run(*arguments: str) -> Callable[[], object]:
        return lambda: subprocess.run([sys.executable, "-c", *arguments], check=True, capture_output=True)

    for option in ("--help", "--version"):
        watched = f"import sys, atexit; atexit.register(lambda: print(*[m for m in {HEAVY} if m in sys.modules], file=sys.stderr)); "
        heavy = subprocess.run(
            [sys.executable, "-c", watched + program, option], check=True, capture_output=True, text=True
        )
        if heavy.stderr.strip():
            raise Differs(f"{option} imports {heavy.stderr.strip()}")
    bare, help_, version = interleaved(rounds, run("pass"), run(program, "--help"), run(program, "--version"))
    return {"bare": bare, "help": help_, "version": version}

# Races with 8 processes, the host's rollback, and kill -9.
import multiprocessing as mp
import os
import random
import signal
import sqlite3
import time

import check
import psycopg
from procedures import Refusal
from store import Conflict, Path, create_postgres, create_sqlite, new_ledger, postgres, sqlite

FORK = mp.get_context("fork")
WORKERS = 8


class Database:
    def __init__(self, pg, where):
        self.pg, self.where = pg, where

    def fresh(self):
        if self.pg:
            create_postgres(self.where)
        else:
            for end in ("", "-wal", "-shm"):
                if os.path.exists(self.where + end):
                    os.remove(self.where + end)
            create_sqlite(self.where, ticket=True)

    def connect(self):
        return postgres(self.where) if self.pg else sqlite(self.where)


def family(db, n_e, n_d=1):
    """n_e JETRO cases in support that share one frame and its ledger; n_d approved disclosures."""
    conn = db.connect()
    p = Path(conn, db.pg)
    new_ledger(conn, db.pg, "L1")
    p.open("J1", "support_cost_frame", {"ledger": "L1"})
    for i in range(n_d):
        p.open(f"D{i}", "entry_sheet_disclosure")
        p.send(f"D{i}", "referrer_approves", "referring_institution", {})
        p.send(f"D{i}", "company_approves_last", "client_company", {})
    for i in range(n_e):
        p.open(f"E{i}", "tokyo_jetro_support", {"frame": "J1", "disclosure": f"D{i % n_d}"})
        for event, who in (("send_form1", "financial_institution"), ("accept_form1", "jetro_tokyo"), ("contact_company", "navigator")):
            p.send(f"E{i}", event, who, {})
    conn.close()


def race(db, work, seconds_cap=25, **options):
    """Run `work(path, worker)` in 8 processes; returns added counts, wall seconds."""
    results = FORK.SimpleQueue()

    def worker(i):
        random.seed(i)
        conn = db.connect()
        path = Path(conn, db.pg, **options)
        said = {"ok": 0, "refused": 0}
        for case, event, actor, payload in work(i):
            try:
                answer = path.send(case, event, actor, payload, key=f"{i}-{random.getrandbits(64):x}")
                said["refused" if isinstance(answer, Refusal) else "ok"] += 1
            except Conflict:
                pass
        results.put({**said, **path.counts})
        conn.close()

    began = time.perf_counter()
    crew = [FORK.Process(target=worker, args=(i,)) for i in range(WORKERS)]
    [w.start() for w in crew]
    for w in crew:
        w.join(max(0.1, seconds_cap - (time.perf_counter() - began)))
    stuck = [w for w in crew if w.is_alive()]
    [w.kill() for w in stuck]
    total = {"stuck": len(stuck), "crashed": sum(w.exitcode not in (0, None, -9) for w in crew)}
    while not results.empty():
        for k, v in results.get().items():
            total[k] = total.get(k, 0) + v
    total["seconds"] = round(time.perf_counter() - began, 2)
    conn = db.connect()
    total["checker"] = check.problems(conn, db.pg, shares=True) or "clean"
    conn.close()
    return total


def reserve_against_reserve(db, **options):
    db.fresh()
    family(db, WORKERS)

    def work(i):
        for _ in range(60):
            yield f"E{i}", "post_cost", "jetro_tokyo", {"amount": random.choice((1_000, 3_000, 7_000))}
        yield f"E{i}", "post_cost", "jetro_tokyo", {"amount": 1_000_000}

    return race(db, work, **options)


def revoke_against_share(db, **options):
    db.fresh()
    family(db, WORKERS, 1)

    def work(i):
        for _ in range(80):
            if i < 6:
                yield f"E{i}", "share_sheet", "navigator", {}
            else:
                yield "D0", "revoke", "client_company", {}
                yield "D0", "referrer_approves", "referring_institution", {}
                yield "D0", "company_approves_last", "client_company", {}

    return race(db, work, **options)


def parent_against_child(db, **options):
    db.fresh()
    family(db, 3)

    def work(i):
        for _ in range(60):
            if i % 2:
                yield f"E{i % 3}", "post_cost", "jetro_tokyo", {"amount": 100}      # E, then J, then the ledger
            else:
                yield "J1", "release", "jetro_tokyo", {"amount": 100, "case": f"E{i % 3}"}  # J, then E
    return race(db, work, **options)


# --- the host's own transaction -----------------------------------------------------------------------------------
def host_rollback(db, dsn):
    import sqlalchemy as sa
    from sqlalchemy.orm import Session

    db.fresh()
    family(db, 1)
    url = f"postgresql+psycopg://spike@/postgres?host={dsn.split()[0][5:]}" if db.pg else f"sqlite:///{db.where}"
    engine = sa.create_engine(url)
    seen = {}

    def state():
        conn = db.connect()
        rows = [conn.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in ("history", "outbox", "postings")]
        ledger = conn.execute("SELECT reserved FROM ledgers").fetchone()[0]
        conn.close()
        return (*rows, ledger)

    def driver(session):
        return session.connection().connection.driver_connection

    def send(session):
        raw = driver(session)
        return Path(raw, db.pg, trips="each").send("E0", "post_cost", "jetro_tokyo", {"amount": 10}, key="host", host=True)

    if db.pg:
        conn = db.connect()
        conn.execute("DROP TABLE IF EXISTS host_rows; CREATE TABLE host_rows (n INTEGER)")
    else:
        conn = db.connect()
        conn.execute("CREATE TABLE host_rows (n INTEGER)")
    conn.close()

    before = state()
    with Session(engine) as s:
        s.execute(sa.text("INSERT INTO host_rows VALUES (1)"))
        send(s)
        s.rollback()
    seen["host wrote first, rolled back"] = "nothing left" if state() == before else "LEFT"
    with Session(engine) as s:
        answer = send(s)
        s.rollback()
    seen["our send first, rolled back"] = "nothing left" if state() == before else f"LEFT {answer}"
    with Session(engine) as s:
        s.execute(sa.text("SELECT count(*) FROM host_rows")).all()
        refused = Path(driver(s), db.pg, trips="each").send("E0", "post_cost", "jetro_tokyo", {"amount": 2_000_000}, host=True)
        s.execute(sa.text("INSERT INTO host_rows VALUES (2)"))
        s.commit()
    seen["a refusal leaves the host's transaction usable"] = isinstance(refused, Refusal) and state() == before
    with Session(engine) as s:
        s.execute(sa.text("INSERT INTO host_rows VALUES (3)"))
        send(s)
        s.commit()
    seen["committed with the host"] = state() == (before[0] + 2, before[1], before[2] + 1, before[3] + 10)
    if not db.pg:
        with Session(engine) as s:
            s.begin_nested()
            s.execute(sa.text("INSERT INTO host_rows VALUES (77)"))
            s.commit()  # releases the savepoint only
            s.rollback()
        conn = db.connect()
        left = conn.execute("SELECT count(*) FROM host_rows WHERE n = 77").fetchone()[0]
        seen["TRAP: begin_nested() first, then outer rollback"] = "row SURVIVES" if left else "row gone"
        now = state()
        with Session(engine) as s:  # the cure: the lock first, the host's savepoint inside it
            driver(s).execute("BEGIN IMMEDIATE")
            with s.begin_nested():
                s.execute(sa.text("INSERT INTO host_rows VALUES (78)"))
                send(s)
            s.rollback()
        left = conn.execute("SELECT count(*) FROM host_rows WHERE n = 78").fetchone()[0]
        seen["CURE: BEGIN IMMEDIATE, begin_nested(), our send, outer rollback"] = "row SURVIVES" if left or state() != now else "nothing left"
        with Session(engine) as s:  # the host opened a savepoint before we were asked: too late for our BEGIN
            with s.begin_nested():
                s.execute(sa.text("SELECT 1"))
                inside = driver(s).in_transaction
                Path(driver(s), False, trips="each").send("E0", "post_cost", "jetro_tokyo", {"amount": 10}, key="late", host=True)
            s.rollback()
        seen[f"our send inside the host's begin_nested() (in_transaction={inside}), outer rollback"] = "SURVIVES" if state() != now else "nothing left"
        tuned = sa.create_engine(url)
        sa.event.listen(tuned, "connect", lambda dbapi, _: setattr(dbapi, "isolation_level", None))
        sa.event.listen(tuned, "begin", lambda c: c.exec_driver_sql("BEGIN IMMEDIATE"))
        now = state()
        with Session(tuned) as s:
            with s.begin_nested():
                Path(driver(s), False, trips="each").send("E0", "post_cost", "jetro_tokyo", {"amount": 10}, key="tuned", host=True)
            s.rollback()
        seen["the same on a tuned engine (isolation_level None, begin event sends BEGIN IMMEDIATE)"] = "SURVIVES" if state() != now else "nothing left"
        tuned.dispose()
        other = db.connect()
        conn.execute("BEGIN")
        conn.execute("SELECT count(*) FROM host_rows").fetchone()
        other.execute("INSERT INTO host_rows VALUES (5)")
        began = time.perf_counter()
        try:
            conn.execute("INSERT INTO host_rows VALUES (6)")
            seen["deferred BEGIN that has read, other wrote"] = "accepted"
        except sqlite3.OperationalError as e:
            seen["deferred BEGIN that has read, other wrote"] = f"refused in {(time.perf_counter() - began) * 1e3:.0f} ms: {e.sqlite_errorname}"
        conn.execute("ROLLBACK")
        with Session(engine) as s:  # the host's session has only read; on SQLite no BEGIN was sent by pysqlite: ours is IMMEDIATE
            s.execute(sa.text("SELECT count(*) FROM host_rows")).all()
            seen["pysqlite default: in_transaction after host's SELECT"] = driver(s).in_transaction
            s.rollback()
    conn = db.connect()
    seen["checker"] = check.problems(conn, db.pg) or "clean"
    conn.close()
    engine.dispose()
    return seen


# --- kill -9 ------------------------------------------------------------------------------------------------------
POINTS = ("decided", "begun", "write", "before commit", "committed")


def kills(db, rounds):
    """The client notes answers; the server process kills itself at a random point and is started again."""
    db.fresh()
    family(db, 2, 1)
    rng = random.Random(9)
    acknowledged, killed, n = {}, {}, 0

    def server(pipe, point, nth):
        conn = db.connect()
        count = [0]

        def at(here):
            if here == point:
                count[0] += 1
                if count[0] == nth:
                    os.kill(os.getpid(), signal.SIGKILL)

        path = Path(conn, db.pg, at=at, trips=("each", "pipeline", "cte")[nth % 3])
        while (order := pipe.recv()) is not None:
            pipe.send(path.send(*order))

    def start():
        here, there = FORK.Pipe()
        process = FORK.Process(target=server, args=(there, rng.choice(POINTS), rng.randint(3, 12)))
        process.start()
        there.close()
        return here, process

    pipe, process = start()
    resent_answers = 0
    while sum(killed.values()) < rounds:
        n += 1
        order = rng.choice((
            (f"E{n % 2}", "post_cost", "jetro_tokyo", {"amount": 10}),
            (f"E{n % 2}", "share_sheet", "navigator", {}),
            (f"E{n % 2}", "log_failed_contact", "navigator", {}),
            ("J1", "release", "jetro_tokyo", {"amount": 10, "case": f"E{n % 2}"}),
            ("D0", "share", "concierge", {}),
        ))
        tries = 0
        while True:
            tries += 1
            try:
                pipe.send((*order, f"k{n}"))
                answer = pipe.recv()
                break
            except (EOFError, BrokenPipeError, ConnectionResetError):
                process.join()
                killed["at"] = killed.get("at", 0) + (process.exitcode == -9)
                pipe.close()
                pipe, process = start()
        if not isinstance(answer, Refusal):
            acknowledged[f"k{n}"] = answer
            resent_answers += tries > 1
    pipe.send(None)
    process.join(5)
    conn = db.connect()
    kept = {r[0]: (r[1], r[2]) for r in conn.execute("SELECT key, case_id, seq FROM history WHERE key IS NOT NULL").fetchall()}
    rows = conn.execute("SELECT count(*) FROM history WHERE key IS NOT NULL").fetchone()[0]
    out = {
        "kills": sum(killed.values()), "events": n, "acknowledged": len(acknowledged), "answers after a resend": resent_answers,
        "lost": sum(k not in kept or kept[k] != a[:2] for k, a in acknowledged.items()),
        "doubled": rows - len(kept), "kept but never acknowledged": len(set(kept) - set(acknowledged)),
        "checker": check.problems(conn, db.pg, shares=True) or "clean",
    }
    conn.close()
    return out


# --- is the checker awake? ----------------------------------------------------------------------------------------
def planted(db):
    """Each planted damage must be named."""
    damages = {
        "history row removed": "DELETE FROM history WHERE case_id = 'E0' AND seq = 2",
        "history row altered": "UPDATE history SET actor = 'nobody' WHERE case_id = 'E0' AND seq = 2",
        "posting removed": "DELETE FROM postings WHERE seq = 1",
        "message removed": "DELETE FROM outbox WHERE case_id = 'E0' AND seq = 1",
        "timer lost": "DELETE FROM timers WHERE case_id = 'E0'",
        "state changed": "UPDATE cases SET state = 'accepted' WHERE id = 'E0'",
        "ledger changed": "UPDATE ledgers SET reserved = reserved + 1",
    }
    out = {}
    db.fresh()
    family(db, 1)
    conn = db.connect()
    Path(conn, db.pg).send("E0", "post_cost", "jetro_tokyo", {"amount": 10}, key="a")
    for name, sql in damages.items():
        conn.execute("BEGIN")
        conn.execute(sql)
        out[name] = ", ".join(check.problems(conn, db.pg)) or "NOT SEEN"
        conn.execute("ROLLBACK")
    conn.close()
    return out

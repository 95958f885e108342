# One write path on SQLite and PostgreSQL: load, decide, write in one global order, check what was only read, commit.
import hashlib
import json
import random
import sqlite3
import time

import psycopg

from procedures import PROCEDURES, Case, Ledger, Refusal, Situation, decide, members

SCHEMA = """
CREATE TABLE cases (id TEXT PRIMARY KEY, procedure TEXT NOT NULL, state TEXT NOT NULL, revision INTEGER NOT NULL,
  data TEXT NOT NULL, links TEXT NOT NULL, head BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE history (case_id TEXT NOT NULL, seq INTEGER NOT NULL, event TEXT NOT NULL, state TEXT NOT NULL, actor TEXT NOT NULL,
  recorded_at BIGINT NOT NULL, cause TEXT, detail BIGINT, reads TEXT, key_by TEXT, key TEXT, content BLOB, hash BLOB NOT NULL,
  PRIMARY KEY (case_id, seq)) WITHOUT ROWID;
CREATE UNIQUE INDEX history_key ON history (key_by, key) WHERE key IS NOT NULL;
CREATE TABLE ledgers (id TEXT PRIMARY KEY, reserved BIGINT NOT NULL, consumed BIGINT NOT NULL, revision INTEGER NOT NULL,
  CHECK (reserved >= 0 AND consumed >= 0 AND reserved + consumed <= 1000000)) WITHOUT ROWID;
CREATE TABLE postings (ledger_id TEXT NOT NULL, seq INTEGER NOT NULL, kind TEXT NOT NULL, amount BIGINT NOT NULL, case_id TEXT NOT NULL,
  case_seq INTEGER NOT NULL, PRIMARY KEY (ledger_id, seq)) WITHOUT ROWID;
CREATE TABLE outbox (case_id TEXT NOT NULL, seq INTEGER NOT NULL, n INTEGER NOT NULL, addressee TEXT NOT NULL, body TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'waiting', PRIMARY KEY (case_id, seq, n)) WITHOUT ROWID;
CREATE TABLE timers (case_id TEXT NOT NULL, name TEXT NOT NULL, due_at BIGINT NOT NULL, state TEXT NOT NULL,
  PRIMARY KEY (case_id, name)) WITHOUT ROWID;
CREATE INDEX timers_due ON timers (due_at) WHERE state = 'armed';
"""
TABLES = ("cases", "history", "ledgers", "postings", "outbox", "timers")
# Test-only: SQLite has no commit timestamps; the one writer makes this number the order of commits.
TICKET = """CREATE TABLE ticket (n INTEGER PRIMARY KEY AUTOINCREMENT, case_id TEXT, seq INTEGER);
CREATE TRIGGER order_of_commits AFTER INSERT ON history BEGIN
  INSERT INTO ticket (case_id, seq) VALUES (NEW.case_id, NEW.seq); END;"""

Q = {
    "case": "SELECT id, procedure, state, revision, data, links, head FROM cases WHERE id = ?",
    "ledger": "SELECT id, reserved, consumed, revision FROM ledgers WHERE id = ?",
    "update": "UPDATE cases SET state = ?, revision = ?, head = ? WHERE id = ? AND revision = ?",
    "update_data": "UPDATE cases SET state = ?, revision = ?, head = ?, data = ? WHERE id = ? AND revision = ?",
    "book": "UPDATE ledgers SET reserved = ?, consumed = ?, revision = ? WHERE id = ? AND revision = ?",
    "history": "INSERT INTO history VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    "posting": "INSERT INTO postings VALUES (?, ?, ?, ?, ?, ?)",
    "outbox": "INSERT INTO outbox (case_id, seq, n, addressee, body) VALUES (?, ?, ?, ?, ?)",
    "arm": "INSERT INTO timers VALUES (?, ?, ?, 'armed') ON CONFLICT (case_id, name) DO UPDATE SET due_at = excluded.due_at, state = 'armed'",
    "stop": "UPDATE timers SET state = 'stopped' WHERE case_id = ? AND name = ?",
    "unchanged": "SELECT 1 FROM cases WHERE id = ? AND revision = ?",
    "first": "SELECT case_id, seq, state, content FROM history WHERE key_by = ? AND key = ?",
    "open": "INSERT INTO cases VALUES (?, ?, ?, ?, ?, ?, ?)",
}


CTES = {}


class Conflict(Exception):
    pass


class KeyReused(Exception):
    pass


class Stale(Exception):
    pass


ENCODE = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, check_circular=False).encode


def canonical(value):
    return ENCODE(value).encode()


def chained(previous, row):
    return hashlib.sha256(previous + canonical(row)).digest()


class Path:
    """mode: optimistic | locked (lock first) | mixed (optimistic once, then lock first)."""

    def __init__(self, conn, pg, mode="mixed", order="global", read_check=True, trips="pipeline", think=0.0, at=lambda point: None,
                 key_first=False, cache=False):
        self.conn, self.pg, self.mode, self.order, self.read_check = conn, pg, mode, order, read_check
        self.cache, self.version = ({} if cache else None), None
        self.trips, self.think, self.at, self.key_first = trips, think, at, key_first
        self.q = {k: v.replace("?", "%s") for k, v in Q.items()} if pg else Q
        if pg:
            self.q["unchanged"] += " FOR SHARE"
        self.run = conn.execute
        self.counts = {"conflict": 0, "deadlock": 0, "gave_up": 0, "tries": 0}
        self.record = None

    # --- public ---------------------------------------------------------------------------------------------------
    def open(self, id, procedure, links=None, data=None):
        row = (id, procedure, PROCEDURES[procedure][0], 0, canonical(data or {}).decode(), canonical(links or {}).decode(), b"")
        if self.record is not None:
            self.record.append([(self.q["open"], row)])
        self.run(self.q["open"], row)

    def send(self, case_id, event, actor, payload, key=None, host=False):
        content = hashlib.sha256(canonical([case_id, event, actor, payload])).digest()
        lock, known = (self.mode == "locked"), ()
        for attempt in range(1 if host else 5):
            self.counts["tries"] += 1
            try:
                if host:
                    return self._in_host(case_id, event, actor, payload, key, content)
                return self._once(case_id, event, actor, payload, key, content, lock, known)
            except (Stale, psycopg.errors.UniqueViolation, sqlite3.IntegrityError) as stale:
                self._rollback(host)
                if key and not isinstance(stale, Stale):
                    first = self._first(actor, key, content)
                    if first:
                        return first
                self.counts["conflict"] += 1
                if self.cache:
                    self.cache.clear()
                known = getattr(stale, "args", ())[0] if isinstance(stale, Stale) and stale.args else known
            except (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure):
                self._rollback(host)
                self.counts["deadlock"] += 1
            if self.mode == "mixed":
                lock = True
        self.counts["gave_up"] += 1
        raise Conflict(case_id)

    # --- one try --------------------------------------------------------------------------------------------------
    def _once(self, case_id, event, actor, payload, key, content, lock, known):
        if lock:
            self.run("BEGIN" if self.pg else "BEGIN IMMEDIATE")
        if key and self.key_first:
            first = self._first(actor, key, content)
            if first:
                if lock:
                    self.run("ROLLBACK")
                return first
        if self.cache is not None and not self.pg:
            # Under BEGIN IMMEDIATE an unchanged data_version means nobody else has committed: what we remember is what is stored.
            version = self.run("PRAGMA data_version").fetchone()[0]
            if version != self.version:
                self.version = version
                self.cache.clear()
        situation = self._load(case_id, event, payload, lock)
        decision = decide(PROCEDURES, case_id, event, actor, payload, situation)
        if isinstance(decision, Refusal) and self.cache and self.pg:
            self.cache.clear()  # never refuse on what is only remembered
            situation = self._load(case_id, event, payload, lock)
            decision = decide(PROCEDURES, case_id, event, actor, payload, situation)
        if isinstance(decision, Refusal):
            if lock:
                self.run("COMMIT")  # nothing was written; a ROLLBACK would make psycopg forget every prepared statement
            # The key is looked up only here and on a UNIQUE violation: an accepted first event pays nothing for it.
            return (self._first(actor, key, content) if key else None) or decision
        if self.think:
            time.sleep(random.random() * self.think)
        self.at("decided")
        statements = self._statements(situation, decision, actor, key, content)
        if self.record is not None:
            self.record.append([(sql, params) for sql, params, _ in statements])
        if self.pg and self.trips != "each":
            if self.trips == "cte" and len(decision.cases) == 1 and not decision.reads and not decision.ledgers and not lock:
                self._as_one_statement(statements)
            elif self.trips == "one trip":
                self._one_trip(statements)
            else:
                self._pipelined(statements, lock)
        else:
            self._one_by_one(statements, lock)
        if self.cache is not None:
            for id, new in decision.cases.items():
                self.cache[id] = Case(id, new.procedure, new.state, new.revision, new.data, new.links, self.heads[id])
            self.cache.update(decision.ledgers)
        case = decision.cases[case_id]
        return (case_id, decision.history[0][1], case.state)

    def _in_host(self, case_id, event, actor, payload, key, content):
        if not self.pg and not self.conn.in_transaction:
            self.run("BEGIN IMMEDIATE")
        self.run("SAVEPOINT toritsugi")
        situation = self._load(case_id, event, payload, True)
        decision = decide(PROCEDURES, case_id, event, actor, payload, situation)
        if isinstance(decision, Refusal):
            self.run("ROLLBACK TO toritsugi")
            self.run("RELEASE toritsugi")
            return decision
        for sql, params, must in self._statements(situation, decision, actor, key, content):
            self._check(self.run(sql, params), must)
        self.run("RELEASE toritsugi")
        return (case_id, decision.history[0][1], decision.cases[case_id].state)

    def _load(self, case_id, event, payload, lock):
        rows = {}
        ledgers = {}
        if self.cache and case_id in self.cache and not (lock and self.pg):
            case = self.cache[case_id]
            others = members(case, event, payload)
            if all(o in self.cache for o in others):
                rows = {i: self.cache[i] for i in (case_id, *others)}
                wanted = {c.links["ledger"] for c in rows.values() if "ledger" in c.links}
                if all(w in self.cache for w in wanted):
                    return Situation(time.time_ns() // 1000, rows, {w: self.cache[w] for w in wanted})
                rows = {}
        case = self._case(case_id, lock and self.pg and not self._family_event(event))
        rows[case_id] = case
        others = members(case, event, payload)
        if lock and self.pg and self._family_event(event):
            ids = sorted({case_id, *others})
            self.run("SELECT id FROM cases WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE", (ids,))
            rows = {i: self._case(i, False) for i in ids}
        elif others:
            many = f"{Q['case'].removesuffix('id = ?')}id IN ({', '.join(['%s' if self.pg else '?'] * len(others))})"
            rows.update({r[0]: self._as_case(r) for r in self.run(many, tuple(others)).fetchall()})
        for ledger_id in sorted({c.links["ledger"] for c in rows.values() if "ledger" in c.links}):
            sql = self.q["ledger"] + (" FOR NO KEY UPDATE" if lock and self.pg else "")
            ledgers[ledger_id] = Ledger(*self.run(sql, (ledger_id,)).fetchone())
        return Situation(time.time_ns() // 1000, rows, ledgers)

    @staticmethod
    def _family_event(event):
        return event in ("post_cost", "settle", "share_sheet", "release")

    def _case(self, id, lock):
        return self._as_case(self.run(self.q["case"] + (" FOR NO KEY UPDATE" if lock else ""), (id,)).fetchone())

    @staticmethod
    def _as_case(r):
        return Case(r[0], r[1], r[2], r[3], json.loads(r[4]), json.loads(r[5]), bytes(r[6]))

    def _statements(self, situation, d, actor, key, content):
        """(sql, params, rows that must be hit or None), cases by id (written and only read alike), then ledgers, then what is new."""
        q, heads, added = self.q, {}, []
        reads = canonical(d.reads).decode() if d.reads else None
        for i, row in enumerate(d.history):
            mine = (actor, key, content) if i == 0 and key else (None, None, None)
            whole = (*row, reads if i == 0 else None)
            id = row[0]
            heads[id] = chained(heads.get(id) or situation.cases[id].head, (*whole, mine[0], mine[1], content.hex() if mine[2] else None))
            added.append((q["history"], (*whole, *mine, heads[id]), None))
        self.heads = heads
        out = []
        touched = [*d.cases, *d.reads] if self.order == "naive" else sorted({**d.cases, **d.reads})
        for id in touched:
            old = situation.cases[id]
            if id in d.cases:
                new = d.cases[id]
                if new.data is old.data:
                    out.append((q["update"], (new.state, new.revision, heads[id], id, old.revision), 1))
                else:
                    data = canonical(new.data).decode()
                    out.append((q["update_data"], (new.state, new.revision, heads[id], data, id, old.revision), 1))
            elif self.read_check:
                out.append((q["unchanged"], (id, old.revision), 1))
        for id in sorted(d.ledgers):
            new, old = d.ledgers[id], situation.ledgers[id]
            out.append((q["book"], (new.reserved, new.consumed, new.revision, id, old.revision), 1))
        out += added
        out += [(q["posting"], p, None) for p in d.postings]
        out += [(q["outbox"], o, None) for o in d.outbox]
        out += [(q["stop"], t[:2], None) if t[2] is None else (q["arm"], t, None) for t in d.timers]
        return out

    def _one_by_one(self, statements, begun):
        if not begun:
            self.run("BEGIN" if self.pg else "BEGIN IMMEDIATE")
        self.at("begun")
        for sql, params, must in statements:
            self._check(self.run(sql, params), must)
            self.at("write")
        self.at("before commit")
        self.run("COMMIT")
        self.at("committed")

    def _pipelined(self, statements, begun):
        """Two trips: everything up to the checks, then COMMIT."""
        with self.conn.pipeline():
            if not begun:
                self.run("BEGIN")
            self.at("begun")
            # prepare=False: a PREPARE skipped because an earlier statement of the pipeline failed stays in psycopg's cache as if done
            # (seen: InvalidSqlStatementName on the next use).
            results = [(self.conn.execute(sql, params, prepare=False), must) for sql, params, must in statements]
            self.at("write")
        for result, must in results:
            self._check(result, must)
        self.at("before commit")
        self.run("COMMIT")
        self.at("committed")

    def _one_trip(self, statements):
        """COMMIT in the same trip: a stale UPDATE hits nothing, but then the history row collides on (case_id, seq). Not for reads."""
        with self.conn.pipeline():
            self.run("BEGIN")
            for sql, params, _ in statements:
                self.conn.execute(sql, params, prepare=False)
            self.run("COMMIT")

    def _as_one_statement(self, statements):
        """One data-modifying statement that is its own transaction; only for a single case: CTEs run in no promised order."""
        shape = tuple(sql for sql, _, _ in statements)
        text = CTES.get(shape)
        if text is None:
            parts = [f"u AS ({shape[0]} RETURNING id)"]
            for i, sql in enumerate(shape[1:]):
                if sql.startswith("UPDATE timers"):
                    body = "UPDATE timers SET state = 'stopped' FROM u WHERE case_id = %s AND name = %s"
                else:
                    body = sql.replace("VALUES (", "SELECT ").replace("%s)", "%s FROM u", 1) if "armed" not in sql else (
                        "INSERT INTO timers SELECT %s, %s, %s, 'armed' FROM u ON CONFLICT (case_id, name)"
                        " DO UPDATE SET due_at = excluded.due_at, state = 'armed'")
                    if "INTO history" in sql:
                        body = ("INSERT INTO history SELECT %s, %s, %s, %s, %s, %s, %s, %s::bigint, %s, %s, %s, %s::bytea, %s::bytea FROM u")
                parts.append(f"w{i} AS ({body})")
            text = CTES[shape] = f"WITH {', '.join(parts)} SELECT count(*) FROM u"
        flat = tuple(v for _, params, _ in statements for v in params)
        self.at("begun")
        if self.run(text, flat).fetchone()[0] != 1:
            raise Stale()
        self.at("committed")

    def _check(self, result, must):
        if must is None:
            return
        hit = len(result.fetchall()) if result.description else result.rowcount
        if hit != must:
            raise Stale()

    def _rollback(self, host):
        if host:
            self.run("ROLLBACK TO toritsugi")
            self.run("RELEASE toritsugi")
        elif self.pg:
            if self.conn.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
                self.run("ROLLBACK")
        elif self.conn.in_transaction:
            self.run("ROLLBACK")

    def _first(self, actor, key, content):
        row = self.run(self.q["first"], (actor, key)).fetchone()
        if row is None:
            return None
        if bytes(row[3]) != content:
            raise KeyReused(key)
        return tuple(row[:3])


# --- databases ----------------------------------------------------------------------------------------------------
def sqlite(path, sync="NORMAL", timeout=20):
    conn = sqlite3.connect(path, isolation_level=None, timeout=timeout, cached_statements=256)
    conn.execute("PRAGMA journal_mode=WAL")
    conn.execute(f"PRAGMA synchronous={sync}")
    return conn


def postgres(dsn):
    conn = psycopg.connect(dsn, autocommit=True)
    conn.prepare_threshold = 3
    conn.execute("SET statement_timeout = '20s'")
    return conn


def create_sqlite(path, ticket=False):
    conn = sqlite(path)
    conn.executescript(SCHEMA + (TICKET if ticket else ""))
    conn.close()


def create_postgres(dsn):
    conn = postgres(dsn)
    conn.execute("SET client_min_messages = error")
    conn.execute("".join(f"DROP TABLE IF EXISTS {t};" for t in TABLES))
    conn.execute(SCHEMA.replace(" WITHOUT ROWID", "").replace("BLOB", "BYTEA"))
    conn.execute("ALTER TABLE cases SET (fillfactor = 70)")
    conn.execute("ALTER TABLE ledgers SET (fillfactor = 50)")
    conn.close()


def new_ledger(conn, pg, id):
    conn.execute("INSERT INTO ledgers VALUES (%s, 0, 0, 0)" if pg else "INSERT INTO ledgers VALUES (?, 0, 0, 0)", (id,))

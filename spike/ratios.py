# The ratio to the limit and the design questions, all as interleaved rounds, medians.
import hashlib
import json
import os
import sqlite3
import statistics
import time

from procedures import PROCEDURES
from store import Path, create_postgres, create_sqlite, new_ledger, postgres, sqlite

ROUNDS = 9
E9 = [("send_form1", "financial_institution")] + [("accept_form1", "jetro_tokyo")] + [("log_failed_contact", "navigator")] * 5 + \
    [("contact_company", "navigator"), ("log_failed_contact", "navigator")]
DATA = {f"field_{i}": "株式会社の内容" * 2 for i in range(12)}


def interleaved(makers, rounds=ROUNDS):
    """{name: make() -> (run, units)}: seconds per unit, median, and each against the first named."""
    times = {name: [] for name in makers}
    for _ in range(rounds):
        for name, make in makers.items():
            run, units = make()
            began = time.perf_counter()
            run()
            times[name].append((time.perf_counter() - began) / units)
    mid = {n: statistics.median(t) for n, t in times.items()}
    first = next(iter(mid.values()))
    return {n: f"{m * 1e6:.0f}us (x{m / first:.2f} of first's time; {first / m:.2f} of its throughput)" for n, m in mid.items()}


class Bench:
    """Files and tables for one measured database; a fresh set of cases every round."""

    def __init__(self, pg, where, sync="NORMAL"):
        self.pg, self.n = pg, 0
        if pg:
            create_postgres(where)
            self.connect = lambda: postgres(where)
        else:
            create_sqlite(where)
            self.connect = lambda: sqlite(where, sync)
        self.conn = self.connect()

    def w1(self, cases=40, **options):
        """Ten transitions a case: opened, then nine events of one case."""
        self.n += 1
        path = Path(self.conn, self.pg, **options)
        tag = self.n

        def run():
            for i in range(cases):
                id = f"E{tag}-{i}"
                path.open(id, "tokyo_jetro_support", data=DATA)
                for k, (event, who) in enumerate(E9):
                    path.send(id, event, who, {}, key=f"{id}-{k}")
        return run, cases * 10, path


def recorded(bench, cases):
    """Statements of fresh cases, recorded by running the path in a scratch database of the same kind."""
    run, units, path = bench.w1(cases)
    path.record = []
    run()
    return path.record, units


def limit(conn, pg, transactions):
    execute = conn.execute
    begin = "BEGIN" if pg else "BEGIN IMMEDIATE"

    def run():
        for statements in transactions:
            if len(statements) > 1:
                execute(begin)
            for sql, params in statements:
                execute(sql, params)
            if len(statements) > 1:
                execute("COMMIT")
    return run


def renamed(transactions, old, new):
    return [[(sql, tuple(p.replace(old, new, 1) if isinstance(p, str) else p for p in params)) for sql, params in t] for t in transactions]


def w1(where_scratch, make_bench, variants, cases):
    bench = make_bench()
    template, units = recorded(bench, cases)
    counter = [0]

    def the_limit():
        counter[0] += 1
        return limit(bench.conn, bench.pg, renamed(template, "E1-", f"H{counter[0]}-")), units

    makers = {"limit by hand": the_limit}
    for name, options in variants.items():
        makers[name] = lambda options=options: bench.w1(cases, **options)[:2]
    return interleaved(makers)


def linked(bench, **options):
    """An event on one case, against one event over three (four) cases in all and the ledger."""
    n = bench.n = bench.n + 1
    path = Path(bench.conn, bench.pg, **options)
    ids = [f"F{n}-{i}" for i in range(40)]
    for i in ids:
        new_ledger(bench.conn, bench.pg, f"L{i}")
        path.open(f"J{i}", "support_cost_frame", {"ledger": f"L{i}"})
        for d in "abc":
            path.open(f"D{d}{i}", "entry_sheet_disclosure")
            path.send(f"D{d}{i}", "referrer_approves", "referring_institution", {})
            path.send(f"D{d}{i}", "company_approves_last", "client_company", {})
        path.open(f"E{i}", "tokyo_jetro_support", {"frame": f"J{i}", "disclosure": f"Da{i}"}, DATA)
        for event, who in E9[:2]:
            path.send(f"E{i}", event, who, {})

    def each(event, who, payload):
        def run():
            for r in range(3):
                for i in ids:
                    path.send(f"E{i}", event, who, payload(i), key=f"{event}{i}{r}{len(str(payload(i)))}")
        return run, 3 * len(ids)

    return {
        "one case": lambda: each("log_failed_contact", "navigator", lambda i: {}),
        "one case + one only read": lambda: each("share_sheet", "navigator", lambda i: {}),
        "E + J + ledger": lambda: each("post_cost", "jetro_tokyo", lambda i: {"amount": 1}),
        "E + J + D + ledger (three in all)": lambda: each("settle", "jetro_tokyo", lambda i: {"amount": 1, "share_in": [f"Da{i}"]}),
        "E + three linked + ledger": lambda: each("settle", "jetro_tokyo", lambda i: {"amount": 1, "share_in": [f"Da{i}", f"Db{i}"]}),
    }


def family_cost(bench, **options):
    times = {}
    for _ in range(5):
        for name, make in linked(bench, **options).items():
            run, units = make()
            began = time.perf_counter()
            run()
            times.setdefault(name, []).append((time.perf_counter() - began) / units)
    mid = {n: statistics.median(t) for n, t in times.items()}
    first = mid["one case"]
    return {n: f"{m * 1e6:.0f}us x{m / first:.2f}" for n, m in mid.items()}


def main(folder, dsn, show):
    kinds = {"optimistic": {"mode": "optimistic"}, "locked": {"mode": "locked"},
             "locked, key looked up first": {"mode": "locked", "key_first": True}, "locked, remembered": {"mode": "locked", "cache": True}}
    for sync, cases in (("NORMAL", 40), ("FULL", 30)):
        show(f"W1 sqlite {sync}", w1(None, lambda: Bench(False, f"{folder}/w1{sync}.db", sync), kinds, cases))
        show(f"linked sqlite {sync} locked", family_cost(Bench(False, f"{folder}/linked{sync}.db", sync), mode="locked"))
    on_pg = {"each": {"trips": "each"}, "each, locked": {"trips": "each", "mode": "locked"}, "pipeline, 2 trips": {"trips": "pipeline"},
             "pipeline, 1 trip": {"trips": "one trip"}, "one statement (CTE)": {"trips": "cte"},
             "CTE, key looked up first": {"trips": "cte", "key_first": True}, "CTE, remembered": {"trips": "cte", "cache": True}}
    show("W1 pg", w1(None, lambda: Bench(True, dsn), on_pg, 12))
    off = lambda: [b := Bench(True, dsn), b.conn.execute("SET synchronous_commit = off")][0]  # noqa: E731
    show("W1 pg, synchronous_commit off (shows CPU and trips)", w1(None, off, on_pg, 25))
    show("linked sqlite NORMAL remembered", family_cost(Bench(False, f"{folder}/linkedc.db"), mode="locked", cache=True))
    show("linked pg pipeline/cte", family_cost(Bench(True, dsn), trips="cte", mode="optimistic"))
    show("linked pg each", family_cost(Bench(True, dsn), trips="each", mode="optimistic"))


# --- the design questions ------------------------------------------------------------------------------------------
H = ("CREATE TABLE h (case_id TEXT NOT NULL, seq INTEGER NOT NULL, event TEXT, state TEXT, actor TEXT, at INTEGER, body TEXT{columns}, hash BLOB,"
     " PRIMARY KEY (case_id, seq)){tail};")
PLAIN, DIGEST = ", key_by TEXT, key TEXT, content BLOB", ", key BLOB, content BLOB"
KEYS = {  # name: (columns of history, further DDL)
    "key columns": (PLAIN, "CREATE UNIQUE INDEX hk ON h (key_by, key) WHERE key IS NOT NULL;"),
    "key as one 16-byte digest": (DIGEST, "CREATE UNIQUE INDEX hk ON h (key) WHERE key IS NOT NULL;"),
    "key table": ("", "CREATE TABLE k (key_by TEXT, key TEXT, case_id TEXT, seq INTEGER, content BLOB, PRIMARY KEY (key_by, key)) WITHOUT ROWID;"),
}
BODY = json.dumps({"amount": 1, "note": "x" * 120})
PRELOAD, EVENTS = 100_000, 1500


def scratch(folder, name, ddl, pg=None):
    path = f"{folder}/{hashlib.md5(name.encode()).hexdigest()}.db"
    if os.path.exists(path):
        os.remove(path)
    conn = sqlite3.connect(path, isolation_level=None, cached_statements=256)
    conn.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;" + ddl)
    return conn


def history_rows(i, keys, scattered):
    """The row(s) of the i-th event; scattered: 10,000 open cases in turn at random; else ten events of one case in a row."""
    case = f"{i * 7919 % (PRELOAD // 10) if scattered else i // 10:08d}"
    digest = hashlib.md5(str(i).encode())
    base = (case, i, "log_failed_contact", "accepted", "navigator", i, BODY)
    if keys == "key columns":
        return (*base, "jetro_tokyo", digest.hexdigest(), b"c" * 32, b"h" * 32), None
    if keys == "key as one 16-byte digest":
        return (*base, digest.digest(), b"c" * 32, b"h" * 32), None
    return (*base, b"h" * 32), ("jetro_tokyo", digest.hexdigest(), case, i, b"c" * 32)


def history_variants(folder):
    out = {}
    for scattered in (True, False):
        conns, used = {}, {}
        for keys, (columns, extra) in KEYS.items():
            for tail in (" WITHOUT ROWID", ""):
                name = f"{keys},{tail or ' rowid'}"
                conn = scratch(folder, f"{name}{scattered}", H.format(tail=tail, columns=columns) + extra)
                rows = [history_rows(i, keys, scattered) for i in range(PRELOAD)]
                put = f"INSERT INTO h VALUES ({', '.join('?' * len(rows[0][0]))})"
                conn.execute("BEGIN")
                conn.executemany(put, (r[0] for r in rows))
                if rows[0][1]:
                    conn.executemany("INSERT INTO k VALUES (?, ?, ?, ?, ?)", (r[1] for r in rows))
                conn.execute("COMMIT")
                conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                conns[name], used[name] = (conn, keys, put), PRELOAD

        def write(name, scattered=scattered, conns=conns, used=used):
            conn, keys, put = conns[name]
            start = used[name]
            used[name] += EVENTS
            rows = [history_rows(i, keys, scattered) for i in range(start, start + EVENTS)]

            def run():
                for row, k in rows:
                    conn.execute("BEGIN IMMEDIATE")
                    conn.execute(put, row)
                    if k:
                        conn.execute("INSERT INTO k VALUES (?, ?, ?, ?, ?)", k)
                    conn.execute("COMMIT")
            return run, EVENTS

        def read(name, conns=conns):
            conn = conns[name][0]

            def run():
                for i in range(1000):
                    conn.execute("SELECT * FROM h WHERE case_id = ? ORDER BY seq", (f"{i * 31 % (PRELOAD // 10):08d}",)).fetchall()
            return run, 1000

        where = "scattered cases" if scattered else "ten events of a case in a row"
        out[f"write, {where}"] = interleaved({n: lambda n=n: write(n) for n in conns}, 7)
        out[f"read one case, {where}"] = interleaved({n: lambda n=n: read(n) for n in list(conns)[:2]}, 5)
        out[f"MB, {where}"] = {n: round(c[0].execute("SELECT page_count * 4096 / 1e6 FROM pragma_page_count").fetchone()[0], 1) for n, c in conns.items()}
        [c[0].close() for c in conns.values()]
    return out


def data_variants(folder, fields, width):
    """Case data of 30 fields (about 1 kB, or more); every event changes the row, every third event one field."""
    text = json.dumps({f"field_{i}": "株式会社の内容" * width for i in range(fields)}, ensure_ascii=False)
    n = 20_000 // width
    ddl = {
        "in the row, always rewritten": "",
        "in the row, SET only if changed": "",
        "one-to-one table, only if changed": "CREATE TABLE d (id TEXT PRIMARY KEY, data TEXT) WITHOUT ROWID;",
        "a row per field": "CREATE TABLE d (id TEXT, field TEXT, value TEXT, PRIMARY KEY (id, field)) WITHOUT ROWID;",
    }
    conns = {}
    for name, extra in ddl.items():
        conn = scratch(folder, name.replace(" ", "").replace(",", ""), "CREATE TABLE c (id TEXT PRIMARY KEY, state TEXT, revision INTEGER, head BLOB,"
                       " data TEXT) WITHOUT ROWID;" + extra)
        conn.execute("BEGIN")
        inside = name.startswith("in the row")
        conn.executemany("INSERT INTO c VALUES (?, 'accepted', 0, ?, ?)", ((f"{i:08d}", b"h" * 32, text if inside else None) for i in range(n)))
        if name.startswith("one"):
            conn.executemany("INSERT INTO d VALUES (?, ?)", ((f"{i:08d}", text) for i in range(n)))
        if name.startswith("a row"):
            conn.executemany("INSERT INTO d VALUES (?, ?, ?)", ((f"{i:08d}", k, v) for i in range(n) for k, v in json.loads(text).items()))
        conn.execute("COMMIT")
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        conns[name] = conn

    def make(name):
        conn = conns[name]

        def run():
            for k in range(EVENTS):
                id, changed = f"{k * 7919 % n:08d}", k % 3 == 0
                if name.startswith("in the row"):
                    json.loads(conn.execute("SELECT state, revision, head, data FROM c WHERE id = ?", (id,)).fetchone()[3])
                else:
                    conn.execute("SELECT state, revision, head FROM c WHERE id = ?", (id,)).fetchone()
                    if name.startswith("one"):
                        json.loads(conn.execute("SELECT data FROM d WHERE id = ?", (id,)).fetchone()[0])
                    else:
                        dict(conn.execute("SELECT field, value FROM d WHERE id = ?", (id,)).fetchall())
                conn.execute("BEGIN IMMEDIATE")
                if name == "in the row, always rewritten" or name.startswith("in the row") and changed:
                    conn.execute("UPDATE c SET state = 'x', revision = ?, head = ?, data = ? WHERE id = ?", (k, b"i" * 32, text, id))
                else:
                    conn.execute("UPDATE c SET state = 'x', revision = ?, head = ? WHERE id = ?", (k, b"i" * 32, id))
                    if changed and name.startswith("one"):
                        conn.execute("UPDATE d SET data = ? WHERE id = ?", (text, id))
                    elif changed and name.startswith("a row"):
                        conn.execute("UPDATE d SET value = ? WHERE id = ? AND field = 'field_3'", (str(k), id))
                conn.execute("COMMIT")
        return run, EVENTS

    out = interleaved({name: lambda name=name: make(name) for name in conns})
    [c.close() for c in conns.values()]
    return out


def micro(folder, dsn, show):
    for name, result in history_variants(folder).items():
        show(f"(a)(b) {name}", result)
    show("(c) 1 kB", data_variants(folder, 30, 1))
    show("(c) 12 kB", data_variants(folder, 50, 10))
    for name, us in single_costs().items():
        show("(e)(f) us each", f"{name}: {us}")


def single_costs():
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from procedures import Case, Situation, decide
    from transitions import Machine

    box, nonce, plain = AESGCM(b"k" * 32), b"n" * 12, b"p" * 200
    row = {"case": "E1", "seq": 4, "event": "contact_company", "actor": "navigator", "at": 1777777777000000, "note": "連絡済み" * 40, "data": {"a": 1, "b": [1, 2]}}
    blob = json.dumps(row).encode()[:500]
    encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode
    quick = json.encoder.c_make_encoder(None, None, json.encoder.encode_basestring, None, ":", ",", True, False, False)
    assert "".join(quick(row, 0)) == encode(row)
    machine = Machine(model=None, states=["a", "b"], initial="a", auto_transitions=False, send_event=True,
                      transitions=[{"trigger": "go", "source": "a", "dest": "b"}])

    class Token:
        state = "a"

    def trigger():
        token = Token()
        machine.events["go"].trigger(token)

    case = Case("E1", "tokyo_jetro_support", "accepted", 3, {}, {}, b"")
    situation = Situation(1, {"E1": case}, {})
    conn = sqlite3.connect(":memory:")
    conn.execute("CREATE TABLE c (id TEXT PRIMARY KEY, a TEXT) WITHOUT ROWID")
    acts = {
        "AES-GCM encrypt 200 B": lambda: box.encrypt(nonce, plain, b"aad"),
        "AES-GCM incl. os.urandom nonce": lambda: box.encrypt(os.urandom(12), plain, b"aad"),
        "AESGCM() made each time": lambda: AESGCM(b"k" * 32).encrypt(nonce, plain, b"aad"),
        "sha256 500 B": lambda: hashlib.sha256(blob).digest(),
        f"json.dumps canonical {len(encode(row).encode())} B": lambda: json.dumps(row, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode(),
        "the same, cached JSONEncoder": lambda: encode(row).encode(),
        "the same, c_make_encoder kept": lambda: "".join(quick(row, 0)).encode(),
        "json.loads": lambda t=encode(row): json.loads(t),
        "transitions flat trigger": trigger,
        "decide, one case": lambda: decide(PROCEDURES, "E1", "log_failed_contact", "navigator", {}, situation),
        "decide, refused": lambda: decide(PROCEDURES, "E1", "send_form1", "navigator", {}, situation),
        "one sqlite SELECT by key (memory)": lambda: conn.execute("SELECT a FROM c WHERE id = ?", ("x",)).fetchone(),
    }
    out = {}
    for name, act in acts.items():
        best = []
        for _ in range(5):
            began = time.perf_counter()
            for _ in range(4000):
                act()
            best.append((time.perf_counter() - began) / 4000 * 1e6)
        out[name] = round(statistics.median(best), 2)
    return out

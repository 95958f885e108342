# The checker: plain SQL for everything but the hashes themselves.
import json

from store import chained

ORDER = {  # (view of history with its place in the order of commits)
    False: "SELECT h.*, t.n AS place FROM history h JOIN ticket t ON t.case_id = h.case_id AND t.seq = h.seq",
    True: "SELECT h.*, pg_xact_commit_timestamp(h.xmin) AS place FROM history h",
}
QUERIES = {
    "chain not continuous": "SELECT case_id FROM history GROUP BY case_id HAVING min(seq) <> 1 OR max(seq) <> count(*)",
    "case and last row differ": """SELECT c.id FROM cases c LEFT JOIN history h ON h.case_id = c.id AND h.seq = c.revision
        WHERE c.revision > 0 AND (h.hash IS NULL OR h.hash <> c.head OR h.state <> c.state)""",
    "history past its case": "SELECT h.case_id FROM history h JOIN cases c ON c.id = h.case_id WHERE h.seq > c.revision",
    "ledger is not its postings": """SELECT l.id FROM ledgers l LEFT JOIN (SELECT ledger_id, count(*) AS n,
          sum(CASE kind WHEN 'reserve' THEN amount ELSE -amount END) AS r, sum(CASE kind WHEN 'consume' THEN amount ELSE 0 END) AS c
          FROM postings GROUP BY ledger_id) p ON p.ledger_id = l.id
        WHERE l.reserved <> coalesce(p.r, 0) OR l.consumed <> coalesce(p.c, 0) OR l.revision <> coalesce(p.n, 0)""",
    "over the ceiling": "SELECT id FROM ledgers WHERE reserved + consumed > 1000000 OR reserved < 0 OR consumed < 0",
    "posting without its event": """SELECT p.ledger_id FROM postings p LEFT JOIN history h ON h.case_id = p.case_id AND h.seq = p.case_seq
        AND h.event = p.kind AND h.detail = p.amount WHERE h.seq IS NULL""",
    "event without its posting": """SELECT h.case_id FROM history h LEFT JOIN postings p ON h.case_id = p.case_id AND h.seq = p.case_seq
        WHERE h.event IN ('reserve', 'consume', 'release') AND p.seq IS NULL""",
    "cost without its reserve": """SELECT h.case_id FROM history h WHERE h.event = 'post_cost' AND NOT EXISTS (SELECT 1 FROM history r
        WHERE r.event = 'reserve' AND r.cause = h.case_id || '/' || h.seq)""",
    "message without its event": """SELECT o.case_id FROM outbox o LEFT JOIN history h ON h.case_id = o.case_id AND h.seq = o.seq
        AND h.event IN ('send_form1', 'contact_company', 'share', 'share_sheet') WHERE h.seq IS NULL""",
    "event without its message": """SELECT h.case_id FROM history h LEFT JOIN outbox o ON h.case_id = o.case_id AND h.seq = o.seq
        WHERE h.event IN ('send_form1', 'contact_company', 'share', 'share_sheet') AND o.seq IS NULL""",
    "timer does not fit the state": """SELECT c.id FROM cases c LEFT JOIN timers t ON t.case_id = c.id AND t.name = 'contact_company'
        WHERE c.procedure = 'tokyo_jetro_support' AND coalesce(t.state, 'none') <>
          CASE c.state WHEN 'accepted' THEN 'armed' WHEN 'company_contacted' THEN 'stopped' ELSE 'none' END""",
    "key twice": "SELECT key FROM history WHERE key IS NOT NULL GROUP BY key_by, key HAVING count(*) > 1",
}
SHARE = """WITH o AS ({order}) SELECT s.case_id, s.seq FROM o s JOIN cases c ON c.id = s.case_id
    WHERE s.event = 'share_sheet' AND coalesce((SELECT d.state FROM o d WHERE d.case_id = {disclosure} AND d.place < s.place
      ORDER BY d.place DESC, d.seq DESC LIMIT 1), 'none') <> 'approved'"""


def problems(conn, pg, shares=False):
    found = {}
    for name, sql in QUERIES.items():
        rows = conn.execute(sql).fetchall()
        if rows:
            found[name] = len(rows)
    if shares:
        link = "(c.links::json->>'disclosure')" if pg else "json_extract(c.links, '$.disclosure')"
        rows = conn.execute(SHARE.format(order=ORDER[pg], disclosure=link)).fetchall()
        if rows:
            found["shared after revoke"] = len(rows)
    broken = _chains(conn)
    if broken:
        found["hash chain broken"] = broken
    return found


def _chains(conn):
    heads, broken = {}, 0
    rows = conn.execute("SELECT case_id, seq, event, state, actor, recorded_at, cause, detail, reads, key_by, key, content, hash"
                        " FROM history ORDER BY case_id, seq").fetchall()
    for r in rows:
        want = chained(heads.get(r[0], b""), (*r[:11], bytes(r[11]).hex() if r[11] else None))
        broken += want != bytes(r[12])
        heads[r[0]] = bytes(r[12])
    return broken

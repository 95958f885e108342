"""Looks at a store from outside: plain SQL on a connection of its own, the client's notes, the spool; no engine code.

Each rule below is one sentence of docs/semantics.md. `faults` lists what contradicts it; an empty list is a clean store.
"""

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg

from crash.spool import NOTES, file_of

STATES_OF_A_MESSAGE = {"waiting", "handed_over", "failed", "unknown", "set_aside", "recalled"}
STATES_OF_A_DEADLINE = {"armed", "missed", "met", "late", "cancelled", "cleared"}
#: members of an answer that the history row must show again.
ANSWERED = {"case_id": "case", "seq": "seq", "event": "event", "from_state": "from", "occurred_at": "occurred_at"}


@dataclass(slots=True)
class Order:
    """One request of the client, and what it was told."""

    key: str
    event: str
    #: None: the case is what the order opens.
    case_id: str | None
    #: what only this order says in its values, if the event has room for it.
    mark: str | None = None
    request: dict[str, Any] = field(default_factory=dict)
    answer: dict[str, Any] | None = None
    refused: str | None = None

    @property
    def claim(self) -> str:
        """What history keeps of the key: by whom, for which operation, which key; digested."""
        text = "\x1f".join((self.request["actor"]["institution"], self.request["act"], self.key))
        return sha256(text.encode()).hexdigest()[:32]

    @property
    def settled(self) -> bool:
        """The client was told how it ended."""
        return self.answer is not None or self.refused is not None


@dataclass(slots=True)
class Book:
    """All that the client knows."""

    orders: list[Order] = field(default_factory=list)
    #: message key -> the outcome that a worker reported once it was recorded.
    handed_over: set[str] = field(default_factory=set)
    #: moment of the last tick that came to an end.
    ticked: int = 0


class Store:
    """Reads whole tables, all as of one moment: a killed worker's server may still be busy with its last words."""

    def __init__(self, url: str) -> None:
        if url.startswith("sqlite:///"):
            self._link: Any = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
            self._link.execute("BEGIN")
        else:
            self._link = psycopg.connect(url.replace("+psycopg", ""), autocommit=True)
            self._link.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")

    def close(self) -> None:
        """Give the connection back."""
        self._link.close()

    def __getitem__(self, table: str) -> list[dict[str, Any]]:
        cursor = self._link.cursor()
        cursor.execute(f"SELECT * FROM toritsugi_{table}")
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def faults(url: str, spool: Path, book: Book) -> list[str]:
    """Everything that is wrong, in words; all orders of `book` must be settled."""
    with closing(Store(url)) as store:
        return list(Check(store, spool, book).all())


class Check:
    """One look at a store."""

    def __init__(self, store: Store, spool: Path, book: Book) -> None:
        self.book = book
        self.spool = spool
        self.cases = {row["id"]: row for row in store["case"]}
        self.history: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in store["history"]:
            row["record"], row["text"] = json.loads(row["record"]), row["record"]
            self.history[row["case_id"]].append(row)
        for rows in self.history.values():
            rows.sort(key=lambda row: row["seq"])
        self.records = [row["record"] for rows in self.history.values() for row in rows]
        self.deadlines = {(row["case_id"], row["name"], row["seq"]): row for row in store["deadline"]}
        self.messages = {f"{row['case_id']}/{row['seq']}/{row['number']}": row for row in store["message"]}
        self.personal = {(row["case_id"], row["seq"]) for row in store["personal"]}
        self.ledgers = store["ledger"]
        self.postings = store["posting"]
        self.refusals = Counter((row["case_id"], row["event"], row["code"]) for row in store["refusal"])

    def all(self) -> Iterator[str]:
        """Every fault."""
        yield from self.orders()
        yield from self.chains()
        yield from self.rows()
        yield from self.running()
        yield from self.armed()
        yield from self.outbox()
        yield from self.spooled()
        yield from self.books()

    def orders(self) -> Iterator[str]:
        """No acknowledged event is lost, none is doubled, no refused one has changed anything."""
        by_key: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for record in self.records:
            if "claim" in record:
                by_key[record["claim"]].append(record)
        marked = Counter(
            value for record in self.records for value in record.get("values", {}).values() if _mark(value)
        )
        done: Counter[tuple[str, str]] = Counter()
        for order in self.book.orders:
            rows = by_key.pop(order.claim, [])
            if order.refused is not None:
                if rows:
                    yield f"{order.key} was refused and stands in the history"
                if order.case_id and not self.refusals[order.case_id, order.event, order.refused]:
                    yield f"{order.key}: its refusal {order.refused} left no row"
                continue
            if order.answer is None:
                yield f"{order.key} was never answered"
                continue
            done[order.answer["case_id"], order.event] += 1
            if len(rows) != 1:
                yield f"{order.key} was acknowledged and stands in {len(rows)} rows"
            elif any(rows[0][theirs] != order.answer[ours] for ours, theirs in ANSWERED.items()):
                yield f"{order.key}: its row is not what the client was told"
            if order.mark is not None and marked[order.mark] != 1 + (order.event == "draw"):
                # a draw's item stands in the company's case and in the pot's
                yield f"{order.mark} of {order.key} stands in {marked[order.mark]} rows"
        yield from (f"claim {claim} stands in the history and was never made" for claim in by_key)
        stands = Counter(
            (record["case"], record["event"])
            for record in self.records
            if record["authority"] in ("role", "operator") or (record["event"] == "open" and "cause" not in record)
        )
        yield from (
            f"{event} of {case} stands in {count} rows for {done[case, event]} acknowledged orders"
            for (case, event), count in stands.items()
            if count != done[case, event]
        )

    def chains(self) -> Iterator[str]:
        """History is contiguous, and each row is hashed over its predecessor; moments never go back."""
        for case_id, rows in self.history.items():
            head = sha256(b"toritsugi history 1\0" + case_id.encode()).digest()
            before = 0
            for number, row in enumerate(rows, 1):
                record = row["record"]
                canonical = json.dumps(record, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
                head = sha256(head + row["text"].encode()).digest()
                if (row["seq"], record["seq"], record["case"]) != (number, number, case_id):
                    yield f"{case_id}: row {number} is numbered {row['seq']}"
                if canonical != row["text"]:
                    yield f"{case_id}/{number} is not canonical"
                if bytes(row["hash"]) != head:
                    yield f"{case_id}/{number}: the chain is broken"
                if record["recorded_at"] < before:
                    yield f"{case_id}/{number} was recorded before its predecessor"
                if record.get("claim", "") != bytes(row["idempotency"] or b"").hex():
                    yield f"{case_id}/{number}: the claim stands in one place only"
                before = record["recorded_at"]

    def rows(self) -> Iterator[str]:
        """A case row is its last history row; sealed values lie where the history says so."""
        for case_id in self.cases.keys() ^ self.history.keys():
            yield f"{case_id} has a row without a history, or the other way round"
        for case_id in self.cases.keys() & self.history.keys():
            row, last = self.cases[case_id], self.history[case_id][-1]
            found = (row["revision"], bytes(row["head"]), row["state"], row["recorded_at"])
            if found != (last["seq"], bytes(last["hash"]), last["record"]["to"], last["record"]["recorded_at"]):
                yield f"{case_id}: its row is not its last history row"
        told = {(one["case"], one["seq"]) for one in self.records if "personal" in one or "cleared" in one}
        yield from (f"{place}: personal values are lost or nobody's" for place in told ^ self.personal)

    def running(self) -> Iterator[str]:
        """No armed deadline is lost: each that the history arms is a row, in the status that the history leads to."""
        expected: dict[tuple[str, str, int], tuple[set[str], str]] = {}
        for case_id, rows in self.history.items():
            current: dict[str, int] = {}
            ended: dict[str, int] = {}
            for row in rows:
                told = row["record"].get("deadlines", {}).items()
                for name, mark in ((name, mark) for name, marks in told for mark in marks.split(",")):
                    if not mark.startswith("armed:"):
                        # an overdue mark is cleared by the row after the one that met the deadline
                        seq = ended.get(name, 0) if mark == "cleared" else current.get(name, 0)
                        self._ended(expected, (case_id, name, seq), mark)
                        ended[name] = seq
                        continue
                    before = (case_id, name, current.get(name, 0))
                    if "armed" in expected.get(before, (set(), ""))[0]:
                        # replaced while it was running: that row tells the arming only
                        expected[before] = ({"cancelled"}, expected[before][1])
                    current[name] = row["seq"]
                    expected[case_id, name, row["seq"]] = ({"armed"}, mark.removeprefix("armed:"))
        for place in expected.keys() - self.deadlines.keys():
            yield f"deadline {place} is armed in the history and lost"
        for place in self.deadlines.keys() - expected.keys():
            yield f"deadline {place} was armed by no row of the history"
        for place in expected.keys() & self.deadlines.keys():
            (statuses, due_on), row = expected[place], self.deadlines[place]
            if row["status"] not in statuses or row["due_on"] != due_on:
                yield f"deadline {place} is {row['status']} until {row['due_on']}; history says {statuses} until {due_on}"

    @staticmethod
    def _ended(
        expected: dict[tuple[str, str, int], tuple[set[str], str]], place: tuple[str, str, int], mark: str
    ) -> None:
        if place in expected:
            expected[place] = ({mark}, expected[place][1])

    def armed(self) -> Iterator[str]:
        """A case has exactly its armed and its missed deadlines in mind, and a finished tick leaves none that was due."""
        for case_id, case in self.cases.items():
            in_mind = {name: place[0] for name, place in json.loads(case["body"]).get("deadlines", {}).items()}
            armed = {row["name"]: row["seq"] for row in self._deadlines_of(case_id, "armed")}
            missed = {row["name"]: row["seq"] for row in self._deadlines_of(case_id, "missed")}
            if not armed.items() <= in_mind.items() or not in_mind.items() <= {**missed, **armed}.items():
                yield f"{case_id} has other deadlines in mind than its rows"
        for place, row in self.deadlines.items():
            if row["status"] not in STATES_OF_A_DEADLINE:
                yield f"deadline {place} is {row['status']}"
            if row["status"] == "armed" and row["due_at"] <= self.book.ticked:
                yield f"deadline {place} was due and a tick passed it over"
            if row["status"] == "armed" and self.cases[place[0]]["ended"]:
                yield f"deadline {place} runs in an ended case"
            rows = [row["record"] for row in self.history[place[0]]]
            fired = [one for one in rows if one.get("deadlines", {}).get(place[1]) == "missed"]
            if len({one["cause"] for one in fired}) != len(fired):
                yield f"deadline {place} fired twice"

    def _deadlines_of(self, case_id: str, status: str) -> list[dict[str, Any]]:
        return [row for row in self.deadlines.values() if row["case_id"] == case_id and row["status"] == status]

    def outbox(self) -> Iterator[str]:
        """Each message that the history names has its row, no other is there, and each is in a state that has a name."""
        named = {}
        for record in self.records:
            for one in record.get("messages", ()):
                named[f"{record['case']}/{record['seq']}/{one['number']}"] = one["content"]
        yield from (f"message {key} stands in the history and is lost" for key in named.keys() - self.messages.keys())
        yield from (f"message {key} was decided by no row" for key in self.messages.keys() - named.keys())
        for key, row in self.messages.items():
            if named.get(key, row["content_hash"]) != row["content_hash"]:
                yield f"message {key} is not what was decided"
            if row["status"] not in STATES_OF_A_MESSAGE:
                yield f"message {key} is {row['status']}"
            if (row["claim"] is None) != (row["claimed_until"] is None) or (
                row["claim"] is not None and row["status"] not in ("waiting", "failed")
            ):
                yield f"message {key} is claimed and {row['status']}"
            if (row["status"] == "handed_over") != (row["proof"] is not None):
                yield f"message {key} is {row['status']}, its proof {row['proof']}"

    def spooled(self) -> Iterator[str]:
        """What was handed over lies in the spool, what lies there was decided; one claim hands over once."""
        notes = self.spool / NOTES
        handed = [json.loads(line) for line in notes.read_text().splitlines()] if notes.exists() else []
        for (key, attempt), count in Counter((one["key"], one["attempt"]) for one in handed).items():
            if count > 1:
                yield f"message {key}: attempt {attempt} was made by {count} workers"
        for key in {one["key"] for one in handed} - self.messages.keys():
            yield f"message {key} left and is in no row"
        for key in self.book.handed_over:
            if key not in self.messages or self.messages[key]["status"] != "handed_over":
                yield f"message {key} was reported as handed over and is not recorded as such"
        for key, row in self.messages.items():
            path = file_of(self.spool, key)
            if row["status"] == "handed_over" and not path.exists():
                yield f"message {key} is handed over and not in the spool"
            if row["status"] == "recalled" and row["attempts"] == 0 and path.exists():
                yield f"message {key} was recalled before anybody claimed it, and left"
            if row["channel"] == "fax" and sum(one["key"] == key for one in handed) > 1:
                yield f"message {key} was faxed twice"

    def books(self) -> Iterator[str]:
        """A ledger's totals are the sum of its postings, never over its ceiling; history tells the same postings."""
        sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
        for row in sorted(self.postings, key=lambda row: (row["case_id"], row["seq"], row["number"])):
            total = sums[row["case_id"], row["ledger"]]
            total[0] += row["reserved"]
            total[1] += row["consumed"]
        for row in self.ledgers:
            total = sums.pop((row["case_id"], row["name"]), [0, 0])
            if [row["reserved"], row["consumed"]] != total:
                yield f"ledger {row['case_id']}/{row['name']} is {row['reserved']} and {row['consumed']}, postings say {total}"
            if row["reserved"] + row["consumed"] > row["ceiling"]:
                yield f"ledger {row['case_id']}/{row['name']} is over its ceiling"
        yield from (f"postings on {place}, which is no ledger" for place in sums)
        columns = ("ledger", "act", "item", "amount", "reserved", "consumed", "company_pays")
        rows = Counter((row["case_id"], row["seq"], *(row[name] for name in columns)) for row in self.postings)
        told = Counter(
            (one["case"], one["seq"], *posting) for one in self.records for posting in one.get("postings", ())
        )
        yield from (f"posting {place} stands on one side only" for place in (rows - told) + (told - rows))


def _mark(value: Any) -> bool:
    return isinstance(value, str) and value.startswith("order-")

"""Checks one case against its own history: every row that is there must follow from the records, and none may be missing."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from toritsugi.core.canonical import canonical_json
from toritsugi.core.history import ENCODING, commitment, field_salt, genesis, link
from toritsugi.core.moments import jst_date
from toritsugi.core.plainjson import decode
from toritsugi.core.suspension import SUSPENDED
from toritsugi.core.values import ERASURE_REASON, REASON, RESOLVED_MESSAGE
from toritsugi.store.sealing import Broken, unseal

Json = Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that is not as it was written."""

    #: the kind of damage, a key of `WORDS`.
    kind: str
    case_id: str | None = None
    seq: int | None = None
    #: what else names the place: a column, a seal's number.
    detail: str = ""

    def text(self, locale: str) -> str:
        """The finding in a sentence, ja or en."""
        ja, en = WORDS[self.kind]
        place = "/".join(str(part) for part in (self.case_id, self.seq) if part is not None)
        told = " ".join(part for part in (place, self.detail) if part)
        said = ja if locale == "ja" else en
        return f"{told}{'：' if locale == 'ja' else ': '}{said}" if told else said


#: kind -> Japanese, English.
WORDS: Mapping[str, tuple[str, str]] = {
    "row_altered": ("履歴の行が書き換えられています", "this history row was altered, moved or replaced"),
    "row_missing": ("履歴の行が欠けています", "a history row is missing here"),
    "rows_removed": ("末尾の履歴が失われています", "the last history rows are missing"),
    "unreadable": ("記録を読めません", "this record cannot be read"),
    "column_differs": ("列の値が記録と一致しません", "a column does not say what the record says"),
    "case_differs": ("案件の現況が履歴と一致しません", "the case's row does not follow from its history"),
    "stray_rows": ("案件のない行があります", "rows belong to a case that is not there"),
    "personal_missing": ("個人情報の行が失われています", "a personal value is missing"),
    "personal_differs": ("個人情報が記録と一致しません", "a personal value is not the one that was recorded"),
    "message_missing": ("送付物が失われています", "a message is missing"),
    "message_differs": ("送付物が記録と一致しません", "a message is not the one that was recorded"),
    "deadline_differs": ("期限が記録と一致しません", "a deadline is not the one that was recorded"),
    "posting_differs": ("予約・支出の記帳が記録と一致しません", "a booking is not the one that was recorded"),
    "ledger_differs": ("残高が記帳の合計と一致しません", "a ledger is not the sum of its bookings"),
    "sitting_broken": (
        "一括して決めた案件の一部の記録が失われ、または重なっています",
        "part of an act over several cases is missing, or stands twice",
    ),
    "key_missing": ("復号する鍵がありません", "the vault has no key for this case"),
    "case_removed": ("封印後に案件が失われています", "a case that was sealed is gone"),
    "sealed_rewritten": ("封印後に履歴が書き換えられています", "history was rewritten after it was sealed"),
    "seal_forged": ("封印の署名が正しくありません", "the seal's signature is wrong"),
    "seal_missing": ("封印が失われています", "a seal is missing"),
    "seal_broken": ("封印した内容と一致しません", "the store is not what was sealed"),
    "refusals_broken": ("封印後に拒否の記録が変えられています", "refusals were changed after they were sealed"),
}


@dataclass(slots=True, kw_only=True)
class Rows:
    """Everything that the store holds of one case."""

    case: Any
    history: Sequence[Any]
    personal: Sequence[Any]
    deadlines: Sequence[Any]
    messages: Sequence[Any]
    postings: Sequence[Any]
    ledgers: Sequence[Any]


@dataclass(slots=True)
class Replayed:
    """A case as its records make it."""

    state: str | None = None
    moment: int = 0
    occurred_at: int = 0
    frame: Mapping[str, Json] = field(default_factory=dict)
    data: dict[str, Json] = field(default_factory=dict)
    personal: set[str] = field(default_factory=set)
    approvals: set[str] = field(default_factory=set)
    #: deadline -> [seq that armed it, date].
    deadlines: dict[str, list[Json]] = field(default_factory=dict)
    #: deadline that has stopped -> [seq that armed it, date it had, day it stopped, days left].
    suspended: dict[str, list[Json]] = field(default_factory=dict)
    #: every deadline ever armed: (name, seq) -> date.
    armed: dict[tuple[str, int], str] = field(default_factory=dict)

    def add(self, record: Mapping[str, Json]) -> None:
        """Let one row happen."""
        self.state, self.moment = record["to"], record["recorded_at"]
        self.occurred_at = max(self.occurred_at, record["occurred_at"])
        self.frame = record.get("frame", self.frame)
        if "parties" in record:
            self._appoint(record["parties"])
        for name, value in record.get("values", {}).items():
            if name in (ERASURE_REASON, RESOLVED_MESSAGE):
                continue
            if value is None:
                self.data.pop(name, None)
            else:
                self.data[name] = value
        self.personal |= record.get("personal", {}).keys() - {REASON}
        self.personal -= set(record.get("cleared", ()))
        for name, mark in record.get("approvals", {}).items():
            (self.approvals.add if mark == "given" else self.approvals.discard)(name)
        for name, marks in record.get("deadlines", {}).items():
            for mark in marks.split(","):
                if mark.startswith("armed:"):
                    self.deadlines[name] = [record["seq"], mark[6:]]
                    self.armed[name, record["seq"]] = mark[6:]
                    self.suspended.pop(name, None)
                elif mark.startswith(SUSPENDED) and name in self.deadlines:
                    since = jst_date(record["occurred_at"]).isoformat()
                    self.suspended[name] = [*self.deadlines.pop(name), since, int(mark[len(SUSPENDED) :])]
                elif mark not in ("missed", "cleared"):  # what is cleared was met by the row before
                    self.deadlines.pop(name, None)
                    self.suspended.pop(name, None)

    def _appoint(self, parties: Mapping[str, Json]) -> None:
        """Who plays a part from this row on."""
        played = {**self.frame.get("parties", {}), **parties}
        self.frame = {**self.frame, "parties": {party: one for party, one in played.items() if one is not None}}


def chain(rows: Rows, hashes: list[bytes]) -> Iterator[Finding | Mapping[str, Json]]:
    """The records of a case, and what is wrong with their chain; `hashes` is filled with what each row's should be."""
    case_id = rows.case.id
    expected, previous = 1, genesis(case_id)
    for row in rows.history:
        if row.seq != expected:
            yield Finding(kind="row_missing", case_id=case_id, seq=expected)
            hashes += [b""] * (row.seq - expected)
        expected = row.seq + 1
        right = link(previous, row.record)
        hashes.append(right)
        if right != row.hash:
            yield Finding(kind="row_altered", case_id=case_id, seq=row.seq)
        previous = row.hash  # so that one altered row is one finding
        record = _record(row.record)
        if record is None:
            yield Finding(kind="unreadable", case_id=case_id, seq=row.seq)
            continue
        claim = row.idempotency.hex() if row.idempotency else None
        columns = (row.case_id, row.seq, row.event, row.recorded_at, claim)
        if columns != tuple(record.get(name) for name in ("case", "seq", "event", "recorded_at", "claim")):
            yield Finding(kind="column_differs", case_id=case_id, seq=row.seq)
        yield record
    if expected <= rows.case.revision:
        yield Finding(kind="rows_removed", case_id=case_id, seq=expected)


def _record(text: str) -> Mapping[str, Json] | None:
    try:
        record = json.loads(text)
    except ValueError:
        return None
    return record if isinstance(record, dict) and record.get("v") == ENCODING else None


def check(rows: Rows, records: Sequence[Mapping[str, Json]], cipher: AESGCM | None) -> Iterator[Finding]:
    """What does not follow from the records; without a cipher (erased, or no key) sealed values are not opened."""
    replayed = Replayed()
    for record in records:
        replayed.add(record)
    yield from _check_case(rows, replayed)
    yield from _check_deadlines(rows, replayed)
    yield from _check_personal(rows, records, cipher)
    yield from _check_messages(rows, records, cipher)
    yield from _check_postings(rows, records)


def _check_case(rows: Rows, replayed: Replayed) -> Iterator[Finding]:
    case, last = rows.case, rows.history[-1] if rows.history else None
    body = decode(case.body)
    frame = replayed.frame
    right = {
        "revision": (case.revision, last.seq if last else 0),
        "head": (case.head, last.hash if last else b""),
        "state": (case.state, replayed.state),
        "recorded_at": (case.recorded_at, replayed.moment),
        "occurred_at": (case.occurred_at, replayed.occurred_at),
        "procedure": (case.procedure, frame.get("procedure")),
        "version": (case.version, frame.get("version")),
        "content_hash": (case.content_hash, frame.get("content")),
        "opened_at": (case.opened_at, frame.get("opened_at")),
        "subject": (case.subject, frame.get("subject")),
        "parent": (case.parent, frame.get("parent")),
        "opened_by_link": (case.opened_by_link, frame.get("opened_by_link")),
        "parties": (body.get("parties", {}), frame.get("parties")),
        "data": (body.get("data", {}), replayed.data),
        "personal": (set(body.get("personal", ())), replayed.personal),
        "approvals": (set(body.get("approvals", ())), replayed.approvals),
        "deadlines": (
            {name: [seq, due_on] for name, (seq, due_on, *_) in body.get("deadlines", {}).items()},
            {} if case.ended else replayed.deadlines,
        ),
        "suspended": (body.get("suspended", {}), {} if case.ended else replayed.suspended),
    }
    for name, (found, expected) in right.items():
        if found != expected:
            yield Finding(kind="case_differs", case_id=case.id, detail=name)


def _check_deadlines(rows: Rows, replayed: Replayed) -> Iterator[Finding]:
    found = {(row.name, row.seq): row for row in rows.deadlines}
    body = {} if rows.case.ended else decode(rows.case.body)
    running, stopped = body.get("deadlines", {}), body.get("suspended", {})
    for key in sorted(found.keys() | replayed.armed.keys()):
        name, seq = key
        row = found.get(key)
        waits = name in running and running[name][0] == seq and not running[name][3]
        if (
            row is None
            or row.due_on != replayed.armed.get(key)
            or (row.status == "armed") != waits
            or (row.status == "suspended") != (name in stopped and stopped[name][0] == seq)
            or (waits and row.due_at != running[name][2])
        ):
            yield Finding(kind="deadline_differs", case_id=rows.case.id, seq=seq, detail=name)


def _check_personal(rows: Rows, records: Sequence[Mapping[str, Json]], cipher: AESGCM | None) -> Iterator[Finding]:
    case_id = rows.case.id
    promised = {
        record["seq"]: record.get("personal", {}) for record in records if "personal" in record or "cleared" in record
    }
    found = {row.seq: row.sealed for row in rows.personal}
    for seq in sorted(promised.keys() | found.keys()):
        if seq not in found:
            yield Finding(kind="personal_missing", case_id=case_id, seq=seq)
        elif seq not in promised or (cipher and not _keeps(cipher, f"{case_id}/{seq}", found[seq], promised[seq])):
            yield Finding(kind="personal_differs", case_id=case_id, seq=seq)


def _keeps(cipher: AESGCM, place: str, sealed: bytes, promised: Mapping[str, str]) -> bool:
    try:
        opened = unseal(cipher, place, sealed)
        salt = bytes.fromhex(opened["salt"])
        kept = {
            name: commitment(field_salt(salt, name), canonical_json(value))
            for name, value in opened["values"].items()
            if value is not None
        }
    except (Broken, KeyError, TypeError, ValueError):
        return False
    return kept == promised


#: members of a sent message in a record, and the columns that repeat them.
_SENT = {
    "party": "party",
    "institution": "institution",
    "channel": "channel",
    "document": "document",
    "approval": "approval",
    "content": "content_hash",
}


def _check_messages(rows: Rows, records: Sequence[Mapping[str, Json]], cipher: AESGCM | None) -> Iterator[Finding]:
    case_id = rows.case.id
    sent = {(record["seq"], one["number"]): one for record in records for one in record.get("messages", ())}
    found = {(row.seq, row.number): row for row in rows.messages}
    for key in sorted(sent.keys() | found.keys()):
        one, row = sent.get(key), found.get(key)
        if row is None:
            yield Finding(kind="message_missing", case_id=case_id, seq=key[0], detail=str(key[1]))
        elif one is None or not _is_sent(row, one, cipher):
            yield Finding(kind="message_differs", case_id=case_id, seq=key[0], detail=str(key[1]))


def _is_sent(row: Any, one: Mapping[str, Json], cipher: AESGCM | None) -> bool:
    """Whether a message is the one that its record promised."""
    if any(one[name] != getattr(row, column) for name, column in _SENT.items()):
        return False
    return cipher is None or _says(cipher, f"{row.case_id}/{row.seq}/{row.number}", row.sealed, one["content"])


def _says(cipher: AESGCM, place: str, sealed: bytes, content_hash: str) -> bool:
    try:
        opened = unseal(cipher, place, sealed)
        return commitment(bytes.fromhex(opened["salt"]), canonical_json(opened["content"])) == content_hash
    except (Broken, KeyError, TypeError, ValueError):
        return False


def _check_postings(rows: Rows, records: Sequence[Mapping[str, Json]]) -> Iterator[Finding]:
    case_id = rows.case.id
    booked = {
        (record["seq"], number): tuple(posting)
        for record in records
        for number, posting in enumerate(record.get("postings", ()), 1)
    }
    found = {(row.seq, row.number): tuple(row)[3:] for row in rows.postings}
    for key in sorted(booked.keys() | found.keys()):
        if booked.get(key) != found.get(key):
            yield Finding(kind="posting_differs", case_id=case_id, seq=key[0], detail=str(key[1]))
    for ledger in rows.ledgers:
        own = [row for row in booked.values() if row[0] == ledger.name]
        if (ledger.reserved, ledger.consumed) != (sum(row[4] for row in own), sum(row[5] for row in own)):
            yield Finding(kind="ledger_differs", case_id=case_id, detail=ledger.name)

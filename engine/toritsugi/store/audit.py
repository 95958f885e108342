"""Seals a store, and verifies that nothing in it was altered, removed, put in another order or rewritten.

What a seal covers cannot be changed afterwards without being found, by whoever has the seal, or the public key and the
store's own seals. Rows since the last seal are chained, but whoever can write to the database could chain them anew:
of those only accidents are found.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from toritsugi.core.merkle import MerkleRoot
from toritsugi.errors import KeyMissing, OutsideError
from toritsugi.store import convert
from toritsugi.store.replay import Finding, Rows, chain, check
from toritsugi.store.seals import Seal, head_leaf, refusal_leaf, seal_from, signed
from toritsugi.store.store import SqlStore
from toritsugi.store.streams import Stream, snapshot, streamed
from toritsugi.store.tables import METADATA
from toritsugi.store.together import Together

_case = METADATA.tables["toritsugi_case"]
_history = METADATA.tables["toritsugi_history"]
_refusal = METADATA.tables["toritsugi_refusal"]
_seal = METADATA.tables["toritsugi_seal"]
_sealed_head = METADATA.tables["toritsugi_sealed_head"]

#: findings kept in a report; more are only counted.
MOST_FINDINGS = 1_000


class Damaged(OutsideError):
    """The store is not what its last seal says, so it is not sealed again before somebody has looked."""

    code = "AUDIT_DAMAGED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What `verify` found."""

    findings: tuple[Finding, ...]
    #: all of them; `findings` keeps the first.
    finding_count: int
    cases: int
    rows: int
    #: cases whose personal data was erased: their commitments cannot be opened any more.
    erased: int
    #: numbers of the seals that the store was compared with.
    seals: tuple[int, ...]
    #: rows and refusals that no seal covers yet.
    unsealed_rows: int
    unsealed_refusals: int

    @property
    def clean(self) -> bool:
        """Nothing was found."""
        return not self.finding_count

    def text(self, locale: str = "en") -> str:
        """The report in words, ja or en."""
        ja = locale == "ja"
        lines = [finding.text(locale) for finding in self.findings]
        if self.finding_count > len(lines):
            more = self.finding_count - len(lines)
            lines.append(f"ほか{more}件" if ja else f"and {more} more")
        seals = ", ".join(str(number) for number in self.seals) or ("なし" if ja else "none")
        if ja:
            lines.append(
                f"案件{self.cases}件（うち個人情報消去済み{self.erased}件）、履歴{self.rows}行、照合した封印：{seals}"
            )
            if self.unsealed_rows or self.unsealed_refusals:
                lines.append(
                    f"未封印の履歴{self.unsealed_rows}行・拒否{self.unsealed_refusals}件については、"
                    "偶発的な破損しか検出できません。"
                )
            lines.append("異状ありません。" if self.clean else f"異状が{self.finding_count}件あります。")
        else:
            lines.append(
                f"{self.cases} cases ({self.erased} erased), {self.rows} history rows, seals compared: {seals}"
            )
            if self.unsealed_rows or self.unsealed_refusals:
                lines.append(
                    f"{self.unsealed_rows} rows and {self.unsealed_refusals} refusals are not sealed yet: "
                    "of these only accidents can be found."
                )
            lines.append("Nothing is wrong." if self.clean else f"{self.finding_count} things are wrong.")
        return "\n".join(lines)


@dataclass(slots=True)
class _Findings:
    kept: list[Finding] = field(default_factory=list)
    count: int = 0

    def add(self, kind: str, **place: Any) -> None:
        self.put(Finding(kind=kind, **place))

    def put(self, finding: Finding) -> None:
        self.count += 1
        if len(self.kept) < MOST_FINDINGS:
            self.kept.append(finding)


# --- sealing ----------------------------------------------------------------------------------------------------------
def seal(store: SqlStore, now: int) -> Seal:
    """Seal everything that is in the store now; keep a copy of the result outside.

    Raises:
        Damaged: the store is not what its last seal says.
    """
    with _sealing(store.engine) as connection:
        last = _last_seal(connection)
        number = last.number + 1 if last else 1
        before, after, rows = MerkleRoot(), MerkleRoot(), 0
        for case_id, revision, head, known in _heads(connection):
            if known is not None:
                before.add(head_leaf(case_id, known.revision, known.hash or b""))
            if revision is None:
                continue
            rows += revision
            after.add(head_leaf(case_id, revision, head))
            if known is None or known.revision != revision:
                changed = {"case_id": case_id, "seal": number, "revision": revision, "head": head}
                connection.execute(sa.insert(_sealed_head), changed)
        refused = _Refused(connection, last.last_refusal if last else 0)
        if last and (before.digest().hex(), refused.before) != (last.root, last.refusals_root):
            raise Damaged(seal=last.number)
        made = signed(
            store.keyring.vault,
            number=number,
            sealed_at=now,
            previous=last.digest if last else None,
            cases=after.count,
            rows=rows,
            root=after.digest().hex(),
            refusals=refused.count,
            last_refusal=refused.last,
            refusals_root=refused.after,
        )
        connection.execute(
            sa.insert(_seal),
            {
                "number": number,
                "content": made.content,
                "signature": bytes.fromhex(made.signature),
                "public_key": bytes.fromhex(made.public_key),
            },
        )
        connection.commit()
    return made


@contextmanager
def _sealing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A transaction that sees one moment, and in whose past no refusal can still appear."""
    with snapshot(engine).execution_options(begin="BEGIN IMMEDIATE") as connection:
        if engine.dialect.name == "postgresql":
            # before the first read, which is the moment that is seen: nobody else seals, and no refusal is under way
            connection.execute(sa.text(f"LOCK TABLE {_seal.name} IN EXCLUSIVE MODE"))
            connection.execute(sa.text(f"LOCK TABLE {_refusal.name} IN SHARE MODE"))
        yield connection


def _heads(connection: sa.Connection) -> Iterator[tuple[str, int | None, bytes, Any]]:
    """Each case with its last sealed head as its history has it now: (id, revision, head, sealed); gone: no revision."""
    joined = _sealed_head.outerjoin(
        _history, sa.and_(_history.c.case_id == _sealed_head.c.case_id, _history.c.seq == _sealed_head.c.revision)
    )
    query = sa.select(_sealed_head.c.case_id, _sealed_head.c.revision, _history.c.hash).select_from(joined)
    sealed = streamed(connection, query.order_by(_sealed_head.c.case_id, _sealed_head.c.seal))
    latest = (list(rows)[-1] for _case_id, rows in groupby(sealed, key=lambda row: row.case_id))
    known = next(latest, None)
    for row in streamed(connection, sa.select(_case.c.id, _case.c.revision, _case.c.head).order_by(_case.c.id)):
        while known is not None and known.case_id < row.id:
            yield known.case_id, None, b"", known
            known = next(latest, None)
        if known is not None and known.case_id == row.id:
            yield row.id, row.revision, row.head, known
            known = next(latest, None)
        else:
            yield row.id, row.revision, row.head, None
    while known is not None:
        yield known.case_id, None, b"", known
        known = next(latest, None)


class _Refused:
    """The roots over the refusals: up to one that was sealed, and over all."""

    def __init__(self, connection: sa.Connection, *sealed: int) -> None:
        root = MerkleRoot()
        self.count, self.last = 0, 0
        marks = sorted(sealed)
        self.roots: dict[int, str] = {}
        for row in streamed(connection, sa.select(_refusal).order_by(_refusal.c.id)):
            while marks and marks[0] < row.id:
                self.roots[marks.pop(0)] = root.digest().hex()
            root.add(refusal_leaf(row.id, convert.refusal_of(row[1:])))
            self.count, self.last = self.count + 1, row.id
        self.after = root.digest().hex()
        for mark in marks:
            self.roots[mark] = self.after
        self.before = self.roots[sealed[0]] if sealed else self.after


def _seal_of(row: Any) -> Seal:
    return seal_from(row.content[:-1] + f',"public_key":"{row.public_key.hex()}","signature":"{row.signature.hex()}"}}')


def _last_seal(connection: sa.Connection) -> Seal | None:
    row = connection.execute(sa.select(_seal).order_by(_seal.c.number.desc()).limit(1)).first()
    return None if row is None else _seal_of(row)


def seals(store: SqlStore) -> Sequence[Seal]:
    """The seals that the store itself keeps, oldest first."""
    with store.engine.connect() as connection:
        return [_seal_of(row) for row in connection.execute(sa.select(_seal).order_by(_seal.c.number))]


# --- verifying --------------------------------------------------------------------------------------------------------
def verify(store: SqlStore, kept: Sequence[Seal] = (), *, public_key: bytes | None = None) -> Report:
    """Compare the store with itself, with its newest seal, and with seals that were kept outside.

    Args:
        public_key: whose signature seals must bear; None: this vault's.
    """
    trusted = store.keyring.vault.public_key() if public_key is None else public_key
    findings = _Findings()
    with snapshot(store.engine) as connection:
        compared = _compared(connection, kept, trusted, findings)
        walk = _Walk(store, connection, compared, findings)
        walk.all_cases()
        refused = _Refused(connection, *{one.last_refusal for one in compared})
        for one in compared:
            if refused.roots[one.last_refusal] != one.refusals_root:
                findings.add("refusals_broken", detail=f"#{one.number}")
        newest = max(compared, key=lambda one: one.number, default=None)
        return Report(
            findings=tuple(findings.kept),
            finding_count=findings.count,
            cases=walk.cases,
            rows=walk.rows,
            erased=walk.erased,
            seals=tuple(one.number for one in compared),
            unsealed_rows=walk.unsealed,
            unsealed_refusals=max(0, refused.count - newest.refusals) if newest else refused.count,
        )


def _compared(connection: sa.Connection, kept: Sequence[Seal], trusted: bytes, findings: _Findings) -> list[Seal]:
    """The seals to compare the store with; those it keeps itself must form an unbroken row up to the newest."""
    previous: Seal | None = None
    outside = {one.number: one for one in kept}
    own: dict[int, Seal] = {}
    for row in connection.execute(sa.select(_seal).order_by(_seal.c.number)):
        try:
            one = _seal_of(row)
        except ValueError:
            findings.add("seal_forged", detail=f"#{row.number}")
            continue
        if one.number != row.number or not one.is_signed_by(trusted):
            findings.add("seal_forged", detail=f"#{row.number}")
        if (previous.digest if previous else None) != one.previous:
            findings.add("seal_missing", detail=f"#{one.number - 1}")
        if one.number in outside:
            own[one.number] = one
        previous = one
    for one in kept:
        if not one.is_signed_by(trusted):
            findings.add("seal_forged", detail=f"#{one.number}")
        elif one.number not in own or own[one.number].digest != one.digest:
            findings.add("seal_missing", detail=f"#{one.number}")
    wanted = dict(outside)
    if previous is not None:
        wanted.setdefault(previous.number, previous)
    return [wanted[number] for number in sorted(wanted)]


class _Walk:
    """Goes through all tables side by side, case by case."""

    def __init__(
        self, store: SqlStore, connection: sa.Connection, compared: Sequence[Seal], findings: _Findings
    ) -> None:
        self._store = store
        self._findings = findings
        self._compared = [(one, MerkleRoot()) for one in compared]
        self._newest = compared[-1].number if compared else 0
        self._case = Stream(connection, _case.name, key="id")
        self._sealed = Stream(connection, _sealed_head.name, then=("seal",))
        tables = {
            "history": ("seq",),
            "personal": ("seq",),
            "deadline": ("seq", "name"),
            "message": ("seq", "number"),
            "posting": ("seq", "number"),
            "ledger": ("name",),
        }
        self._streams = {name: Stream(connection, f"toritsugi_{name}", then=then) for name, then in tables.items()}
        self._together = Together()
        self.cases = self.rows = self.erased = self.unsealed = 0

    def all_cases(self) -> None:
        """Check every case, then whether the sealed heads make the sealed roots."""
        for row in self._case:
            self._before(row.id)
            self._one(row)
        self._before(None)
        for act in self._together.broken():
            self._findings.add("sitting_broken", detail=act)
        for sealed, root in self._compared:
            if root.digest().hex() != sealed.root:
                self._findings.add("seal_broken", detail=f"#{sealed.number}")

    def _before(self, case_id: str | None) -> None:
        """What stands between the last case and this one belongs to no case."""
        for stream in self._streams.values():
            for stray, _rows in stream.skipped(case_id):
                self._findings.add("stray_rows", case_id=stray)
        for gone, heads in self._sealed.skipped(case_id):
            self._findings.add("case_removed", case_id=gone)
            self._root(gone, heads, [])

    def _one(self, row: Any) -> None:
        taken = {name: stream.take(row.id) for name, stream in self._streams.items()}
        rows = Rows(
            case=row,
            history=taken["history"],
            personal=taken["personal"],
            deadlines=taken["deadline"],
            messages=taken["message"],
            postings=taken["posting"],
            ledgers=taken["ledger"],
        )
        hashes: list[bytes] = []
        records: list[Mapping[str, Any]] = []
        for found in chain(rows, hashes):
            if isinstance(found, Finding):
                self._findings.put(found)
            else:
                records.append(found)
                self._together.add(found)
        for finding in check(rows, records, self._cipher(row)):
            self._findings.put(finding)
        heads = self._sealed.take(row.id)
        self._root(row.id, heads, hashes)
        self.cases += 1
        self.rows += len(rows.history)
        self.unsealed += max(0, len(rows.history) - (heads[-1].revision if heads else 0))

    def _cipher(self, row: Any) -> AESGCM | None:
        if row.data_key is None:
            self.erased += 1
            return None
        try:
            return self._store.keyring.cipher(row.data_key, row.id)
        except KeyMissing:
            self._findings.add("key_missing", case_id=row.id)
            return None

    def _root(self, case_id: str, heads: Sequence[Any], hashes: Sequence[bytes]) -> None:
        """Add the case to each root as its history makes it, and name it where a sealed head is not so."""
        for head in heads:
            if hashes and (head.revision > len(hashes) or hashes[head.revision - 1] != head.head):
                self._findings.add("sealed_rewritten", case_id=case_id, seq=head.revision, detail=f"#{head.seal}")
        for sealed, root in self._compared:
            latest = next((head for head in reversed(heads) if head.seal <= sealed.number), None)
            if latest is not None:
                known = hashes[latest.revision - 1] if latest.revision <= len(hashes) else b""
                root.add(head_leaf(case_id, latest.revision, known))

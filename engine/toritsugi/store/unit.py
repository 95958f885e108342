"""The unit of work: one transaction on either database, or a savepoint in a host's."""

from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any

from toritsugi.core.history import answer_of, claim_digest
from toritsugi.core.lookups import Child, Tally
from toritsugi.core.plainjson import decode, encode
from toritsugi.core.values import REASON, Answer, Case, Decision
from toritsugi.errors import Conflict, MessageNotOpen
from toritsugi.ports import (
    ClaimTaken,
    DueDeadline,
    Idempotency,
    KeptProcedure,
    Parcel,
    Proof,
    Refusal,
    Remembered,
)
from toritsugi.store import convert, parcels
from toritsugi.store.connections import Connections
from toritsugi.store.counting import Counting
from toritsugi.store.dialect import ANY, HIT, Link, Missed, Statement
from toritsugi.store.recent import Recent
from toritsugi.store.sealing import Keyring, unseal
from toritsugi.store.statements import Rendering
from toritsugi.store.turns import Turns
from toritsugi.store.writing import Writing, absence_lock

Json = Any


class Unit:
    """Implements `ports.UnitOfWork`; made by `SqlStore.unit`, entered once.

    Nothing is begun before it must be: what is only read costs no transaction, and what is written checks that
    everything it rests on is still so. With `write` the transaction begins at once.
    """

    __slots__ = (
        "_begun",
        "_connections",
        "_counting",
        "_erased",
        "_held",
        "_keyring",
        "_keys",
        "_link",
        "_recent",
        "_sql",
        "_write",
        "_wrote",
        "on_erased",
    )

    def __init__(
        self,
        sql: Rendering,
        keyring: Keyring,
        counting: Counting,
        *,
        link: Link | None,
        connections: Connections | Turns,
        write: bool,
    ) -> None:
        self._sql = sql
        self._counting = counting
        self._keyring = keyring
        self._connections: Any = connections if link is None else None
        self._link: Any = link
        self._write = write
        self._begun = False
        self._erased = False
        #: cases that need not be read; None: every case is read.
        self._recent: Recent | None = None
        #: whether this unit told `_recent` of rows that are not committed yet.
        self._wrote = False
        self._keys: dict[str, bytes | None] = {}
        #: a decision that stands alone, kept back so that it can be written and committed in one round trip.
        self._held: tuple[Sequence[Statement], str | None] | None = None
        #: called after a commit that destroyed a key.
        self.on_erased: Any = None

    def __enter__(self) -> "Unit":
        if self._connections is not None:
            self._link = self._connections.take()
        if self._write and not (self._connections is not None and self._link.lazy):
            try:
                self._begin()
            except BaseException:
                try:
                    if self._begun or self._connections is not None:
                        self.rollback()  # `__exit__` is not called; an interrupt may come before `_begun` says so
                finally:
                    self._end()
                raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if self._begun:
                self.rollback()
        finally:
            self._end()

    def _end(self) -> None:
        if self._connections is not None:
            self._connections.give(self._link)
        self._link = None

    # --- reading ------------------------------------------------------------------------------------------------------
    def case(self, case_id: str, *, personal: bool = False) -> Case | None:
        known = self._recent.get(case_id) if self._recent is not None else None
        if known is not None and (not personal or known[0].personal is not None):
            self._keys[case_id] = known[1]
            return known[0]
        row = self._one(self._sql.case, (case_id,))
        if row is None:
            return None
        self._keys[case_id] = row[convert.DATA_KEY]
        body = decode(row[convert.BODY])
        ledgers = convert.ledgers_of(self._all(self._sql.ledgers, (case_id,))) if "ledgers" in body else {}
        values = self._personal(case_id, row[convert.DATA_KEY]) if personal else None
        case = convert.case_of(row, body, ledgers, values)
        if self._recent is not None:
            self._recent.keep(case, row[convert.DATA_KEY])
        return case

    def _personal(self, case_id: str, wrapped: bytes | None) -> dict[str, Json]:
        """The latest value of each personal field; nothing once the key was destroyed."""
        values: dict[str, Json] = {}
        if wrapped is not None:
            cipher = self._keyring.cipher(wrapped, case_id)
            for seq, sealed in self._all(self._sql.personal, (case_id,)):
                values.update(unseal(cipher, f"{case_id}/{seq}", sealed)["values"])
        values.pop(REASON, None)
        return {name: value for name, value in values.items() if value is not None}

    def lock(
        self, case_ids: Sequence[str], absent: Sequence[tuple[str, str]] = (), counted: Sequence[str] = ()
    ) -> None:
        for key in absent if self._sql.lock_absence else ():
            self._begin()
            self._one(self._sql.lock_absence, (absence_lock(*key),))
        if counted and self._sql.lock_counted:
            self._run_all([(self._sql.lock_counted, (procedure,), ANY) for procedure in counted])
        for case_id in case_ids:
            self._begin()
            self._one(self._sql.lock_case, (case_id,))

    def open_cases(self, procedure: str, subject: str) -> Sequence[str]:
        return [row[0] for row in self._all(self._sql.open_cases, (procedure, subject))]

    def opened_by(self, case_id: str) -> Sequence[Child]:
        rows = self._all(self._sql.opened_by, (case_id,))
        return [Child(id=id_, link=link, procedure=name, ended=bool(ended)) for id_, link, name, ended in rows]

    def number_of(self, tally: Tally) -> int:
        number: int = self._one(*self._counting.question(tally))[0]
        return number

    def remembered(self, claim: str) -> Remembered | None:
        row = self._one(self._sql.remembered, (claim_digest(claim),))
        if row is None:
            return None
        record = decode(row[0])
        return Remembered(request=record["request"], answer=answer_of(record))

    def due(self, until: int, limit: int, case_id: str | None = None) -> Sequence[DueDeadline]:
        if case_id is None:
            rows = self._all(self._sql.due, (until, limit))
        else:
            rows = self._all(self._sql.due_of, (until, case_id, limit))
        return [DueDeadline(case_id=case, name=name, seq=seq, due_at=due_at) for case, name, seq, due_at in rows]

    # --- writing ------------------------------------------------------------------------------------------------------
    def write(self, decision: Decision, idempotency: Idempotency | None = None) -> Answer:
        writing = Writing(self._sql, self._keyring, self._key_of, idempotency, self._counting)
        answer = writing.take(decision)
        claim = idempotency.claim if idempotency else None
        if self._link.lazy and not self._begun and self._held is None and writing.stands_alone(decision):
            self._held = (writing.statements(), claim)
        else:
            self._run_all(writing.statements(), claim)
            if self._recent is not None:
                self._wrote = True
                for change in decision.changes:
                    self._recent.keep(change.after, writing.key_of(change.after.id))
        return answer

    def _key_of(self, case_id: str) -> bytes | None:
        if case_id not in self._keys:
            row = self._one(self._sql.data_key, (case_id,))
            self._keys[case_id] = None if row is None else row[0]
        return self._keys[case_id]

    def keep_procedure(self, content_hash: str, procedure: KeptProcedure, now: int) -> None:
        interfaces = encode(dict(procedure.interfaces))
        row = (content_hash, procedure.id, procedure.version, procedure.content, now, interfaces, content_hash)
        self._run_all([(self._sql.keep_procedure, row, ANY)])

    def refuse(self, refusal: Refusal) -> None:
        self._run_all([(self._sql.insert_refusal, convert.refusal_row(refusal), ANY)])

    def erase(self, case_id: str, now: int) -> None:
        self._run_all([(self._sql.erase, (None, now, case_id), HIT)])
        self._keys[case_id] = None
        self._erased = self._wrote = True
        self._forget()

    # --- messages -----------------------------------------------------------------------------------------------------
    def claim_parcels(
        self,
        now: int,
        lease_us: int,
        limit: int,
        worker: str,
        *,
        repeatable: frozenset[str] = frozenset(),
        may_leave: Callable[[Parcel], bool | None] | None = None,
    ) -> Sequence[Parcel]:
        self._begin()
        lease = parcels.Lease(now=now, until=now + lease_us, worker=worker, repeatable=repeatable, may_leave=may_leave)
        try:
            return parcels.claim(self._link.run, self._sql, self._keyring, lease, limit)
        except self._link.errors as error:
            raise self._told(error, None) from error

    def begin_parcel(self, parcel: Parcel) -> Parcel | None:
        tried, row = parcels.begun(parcel)
        self._begin()
        try:
            return tried if self._link.run(self._sql.begin, row).rowcount == 1 else None
        except self._link.errors as error:
            raise self._told(error, None) from error

    def settle_parcel(
        self, parcel: Parcel, status: str, now: int, *, proof: Proof | None = None, retry_at: int | None = None
    ) -> bool:
        row = parcels.settled(parcel, status, now, proof=proof, retry_at=retry_at)
        self._begin()
        try:
            return bool(self._link.run(self._sql.settle, row).rowcount == 1)
        except self._link.errors as error:
            raise self._told(error, None) from error

    def resolve_message(self, key: str, status: str, now: int) -> None:
        if status not in parcels.RESOLUTIONS:
            raise ValueError(f"a message is resolved as one of {sorted(parcels.RESOLUTIONS)}, not {status}")
        case_id, seq, number = key.rsplit("/", 2)
        self._begin()
        if self._link.run(self._sql.resolve, (status, now, now, case_id, int(seq), int(number))).rowcount != 1:
            raise MessageNotOpen(message=key)

    # --- the transaction ----------------------------------------------------------------------------------------------
    def commit(self) -> None:
        held, self._held = self._held, None
        claim = held[1] if held is not None else None
        try:
            if held is not None:
                self._link.run_alone(held[0])
            elif self._begun:
                self._link.commit()
        except Missed:
            raise Conflict from None
        except self._link.errors as error:
            raise self._told(error, claim) from error
        self._begun = self._wrote = False
        if self._erased:
            self._erased = False
            self.on_erased()

    def rollback(self) -> None:
        self._begun = self._erased = False
        self._held = None
        self._keys.clear()
        if self._wrote:
            self._forget()
        self._wrote = False
        self._recent = None
        self._link.rollback()

    def _forget(self) -> None:
        if self._recent is not None:
            self._recent.forget()

    def _send(self) -> None:
        """Write what was held back after all: something else happens in this transaction."""
        if self._held is not None:
            (statements, claim), self._held = self._held, None
            self._run_all(statements, claim)

    def _begin(self) -> None:
        self._send()
        if not self._begun:
            try:
                self._link.begin()
                self._begun = True
                self._recent = self._link.recall()
            except self._link.errors as error:
                raise self._told(error, None) from error

    def _run_all(self, statements: Sequence[Statement], claim: str | None = None) -> None:
        self._send()
        begin, self._begun = not self._begun, True
        try:
            self._link.run_all(statements, begin=begin)
        except Missed:
            raise Conflict from None
        except self._link.errors as error:
            raise self._told(error, claim) from error

    def _one(self, text: str, parameters: Sequence[Any]) -> Any:
        self._send()
        try:
            return self._link.run(text, parameters).fetchone()
        except self._link.errors as error:
            raise self._told(error, None) from error

    def _all(self, text: str, parameters: Sequence[Any]) -> Any:
        self._send()
        try:
            return self._link.run(text, parameters).fetchall()
        except self._link.errors as error:
            raise self._told(error, None) from error

    def _told(self, error: Exception, claim: str | None) -> Exception:
        """Our error for the driver's: a race is a `Conflict`, a taken claim a `ClaimTaken`, the rest is what it is."""
        fault = self._link.fault(error)
        if fault == "claim" and claim is not None:
            return ClaimTaken(claim)
        return Conflict() if fault else error

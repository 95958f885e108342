"""What a store can list: the cold path, in SQLAlchemy Core, on connections of its own."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from toritsugi.core.plainjson import decode, encode
from toritsugi.core.values import Case
from toritsugi.ports import DeadlineRecord, KeptProcedure, MessageRecord, PersonalRecord, PostingRecord, Refusal
from toritsugi.store import convert, tables
from toritsugi.store.sealing import Keyring, unseal

Json = Any
_table = tables.METADATA.tables
case, history, deadline, message = tables.case, tables.history, tables.deadline, tables.message
ledger, posting = _table["toritsugi_ledger"], _table["toritsugi_posting"]
personal, refusal = _table["toritsugi_personal"], _table["toritsugi_refusal"]
procedure = _table["toritsugi_procedure"]

#: rows fetched at a time where a listing has no bound.
_AT_A_TIME = 500


def _plays_in(institution: str, backend: str) -> sa.ColumnElement[bool]:
    """That an institution is among the parties in a case's body; a body that does not even name it is not opened."""
    written = encode(institution)
    if backend == "postgresql":
        named = sa.func.strpos(case.c.body, written) > 0
        played = sa.func.jsonb_each_text(sa.cast(case.c.body, JSONB)["parties"]).table_valued("key", "value")
    else:
        named = sa.func.instr(case.c.body, written) > 0
        played = sa.func.json_each(case.c.body, "$.parties").table_valued("value")
    among = sa.exists().where(played.c.value == institution)
    return sa.case((named, among), else_=sa.false())


class Listings:
    """The reading half of `ports.Store`."""

    _engine: sa.Engine
    _keyring: Keyring

    def kept_procedure(self, content_hash: str) -> KeptProcedure | None:
        """A procedure that some case is or was pinned to."""
        columns = [procedure.c[name] for name in ("procedure", "version", "content", "interfaces")]
        with self._engine.connect() as connection:
            row = connection.execute(sa.select(*columns).where(procedure.c.content_hash == content_hash)).first()
        if row is None:
            return None
        known = decode(row.interfaces) if row.interfaces is not None else {}
        return KeptProcedure(id=row.procedure, version=row.version, content=row.content, interfaces=known)

    def versions(self, id_: str) -> Sequence[tuple[str, str]]:
        """(content hash, version) of every text of a procedure that is kept, the oldest first."""
        texts = sa.select(procedure.c.content_hash, procedure.c.version).where(procedure.c.procedure == id_)
        with self._engine.connect() as connection:
            rows = connection.execute(texts.order_by(procedure.c.kept_at, procedure.c.content_hash)).all()
        return [(content_hash, version) for content_hash, version in rows]

    def cases(
        self,
        procedure: str | None = None,
        state: str | None = None,
        *,
        subject: str | None = None,
        institution: str | None = None,
        limit: int = 100,
        after: str | None = None,
    ) -> Sequence[Case]:
        """Cases in id order, from the one after `after`, of one subject, `institution`'s only; personal values are not loaded."""
        wanted = [case.c.procedure == procedure] if procedure is not None else []
        wanted += [case.c.state == state] if state is not None else []
        wanted += [case.c.subject == subject] if subject is not None else []
        wanted += [case.c.id > after] if after is not None else []
        wanted += [_plays_in(institution, self._engine.dialect.name)] if institution is not None else []
        columns = [case.c[name] for name in convert.CASE]
        with self._engine.connect() as connection:
            rows = connection.execute(sa.select(*columns).where(*wanted).order_by(case.c.id).limit(limit)).all()
            bodies = [decode(row.body) for row in rows]
            owners = [row.id for row, body in zip(rows, bodies, strict=True) if "ledgers" in body]
            ledgers = self._ledgers(connection, owners)
        return [
            convert.case_of(row, body, convert.ledgers_of(ledgers.get(row.id, ())))
            for row, body in zip(rows, bodies, strict=True)
        ]

    def revisions(self) -> Mapping[str, int]:
        """The revision of every case, by id."""
        with self._engine.connect() as connection:
            rows = connection.execute(sa.select(case.c.id, case.c.revision)).all()
        return {row.id: row.revision for row in rows}

    def _ledgers(self, connection: sa.Connection, case_ids: Sequence[str]) -> Mapping[str, Sequence[convert.Row]]:
        found: dict[str, list[convert.Row]] = {}
        if case_ids:
            for row in connection.execute(sa.select(ledger).where(ledger.c.case_id.in_(case_ids))):
                found.setdefault(row[0], []).append(row[1:])
        return found

    def deadlines(self, case_id: str) -> Sequence[DeadlineRecord]:
        """Every deadline that was ever armed for a case, in the order of arming."""
        order = (deadline.c.seq, deadline.c.name)
        with self._engine.connect() as connection:
            rows = connection.execute(sa.select(deadline).where(deadline.c.case_id == case_id).order_by(*order))
            return [convert.deadline_of(row) for row in rows]

    def due_list(self, until: int) -> Sequence[DeadlineRecord]:
        """Armed deadlines of all cases that are due at or before `until`, and missed ones still open; in due order.

        Suspended ones are among them, by the date they had: they are not due before they go on.
        """
        # one query for each partial index
        armed = sa.select(deadline).where(deadline.c.status == sa.literal_column("'armed'"))
        missed = (
            sa.select(deadline)
            .join(case, case.c.id == deadline.c.case_id)
            .where(deadline.c.status == sa.literal_column("'missed'"), ~case.c.ended)
        )
        suspended = sa.select(deadline).where(deadline.c.status == sa.literal_column("'suspended'"))
        with self._engine.connect() as connection:
            rows = [
                convert.deadline_of(row)
                for query in (armed, missed, suspended)
                for row in connection.execute(query.where(deadline.c.due_at <= until))
            ]
        return sorted(rows, key=lambda one: (one.due_at, one.case_id, one.name, one.seq))

    def messages(self, case_id: str, *, content: bool = False) -> Sequence[MessageRecord]:
        """The messages of a case, in the order they were decided."""
        order = (message.c.seq, message.c.number)
        with self._engine.connect() as connection:
            wrapped = connection.scalar(sa.select(case.c.data_key).where(case.c.id == case_id))
            query = sa.select(message).where(message.c.case_id == case_id).order_by(*order)
            rows = [dict(row._mapping) for row in connection.execute(query)]
        return [convert.message_of(row, self._content(row, wrapped) if content else None) for row in rows]

    def _content(self, row: Mapping[str, Any], wrapped: bytes | None) -> Mapping[str, Json] | None:
        if wrapped is None:
            return None
        place = f"{row['case_id']}/{row['seq']}/{row['number']}"
        found: Mapping[str, Json] = unseal(self._keyring.cipher(wrapped, row["case_id"]), place, row["sealed"])[
            "content"
        ]
        return found

    def refusals(self, case_id: str) -> Sequence[Refusal]:
        """What was refused about a case, oldest first."""
        columns = [column for column in refusal.c if column.name != "id"]
        with self._engine.connect() as connection:
            query = sa.select(*columns).where(refusal.c.case_id == case_id).order_by(refusal.c.id)
            return [convert.refusal_of(row) for row in connection.execute(query)]

    def postings(self, case_id: str) -> Sequence[PostingRecord]:
        """The bookings on a case's ledgers, in order."""
        order = (posting.c.seq, posting.c.number)
        with self._engine.connect() as connection:
            query = sa.select(posting).where(posting.c.case_id == case_id).order_by(*order)
            return [convert.posting_of(row) for row in connection.execute(query)]

    def personal_history(self, case_id: str) -> Sequence[PersonalRecord]:
        """The personal values of each history row, oldest first; nothing once they were erased."""
        with self._engine.connect() as connection:
            wrapped = connection.scalar(sa.select(case.c.data_key).where(case.c.id == case_id))
            if wrapped is None:
                return []
            query = sa.select(personal.c.seq, personal.c.sealed).where(personal.c.case_id == case_id)
            rows = connection.execute(query.order_by(personal.c.seq)).all()
        cipher = self._keyring.cipher(wrapped, case_id)
        return [
            PersonalRecord(case_id=case_id, seq=seq, values=unseal(cipher, f"{case_id}/{seq}", sealed)["values"])
            for seq, sealed in rows
        ]

    def histories(self, case_id: str) -> Iterator[Mapping[str, Json]]:
        """The history rows of a case, oldest first, as records with their hashes."""
        query = sa.select(history.c.record, history.c.hash).where(history.c.case_id == case_id)
        with self._engine.connect().execution_options(yield_per=_AT_A_TIME) as connection:
            for record, digest in connection.execute(query.order_by(history.c.seq)):
                yield {**decode(record), "hash": digest.hex()}

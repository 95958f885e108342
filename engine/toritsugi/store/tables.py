"""The tables, declared once as SQLModel rows; every statement is rendered from these, on SQLite and PostgreSQL alike.

Moments are BIGINT microseconds UTC, dates ISO TEXT, JSON canonical TEXT, digests and sealed values BYTEA/BLOB: no type
here is converted on the way, so a rendered statement and a SQLAlchemy one mean the same. CHECK constraints repeat
what the engine promises anyway. Tables whose rows are found by their whole key alone are stored in key order on SQLite.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

#: Our own metadata: a host that uses SQLModel does not find our tables among its own.
METADATA = sa.MetaData(
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "fk": "%(table_name)s_%(column_0_name)s_fkey",
        "ck": "%(table_name)s_%(constraint_name)s_check",
    }
)

_KEY_ORDER: dict[str, Any] = {"sqlite_with_rowid": False}
_CASE = "toritsugi_case.id"
#: An ever rising row number, BIGINT on PostgreSQL and the rowid on SQLite.
_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
#: ids compare by their bytes on both databases: one order for locking, for listing and for seals.
_ID = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

DEADLINE_STATUS = ("armed", "missed", "met", "late", "cancelled", "cleared", "suspended", "resumed")
MESSAGE_STATUS = ("waiting", "handed_over", "failed", "unknown", "set_aside", "recalled")


def _check(name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=name)


def _one_of(column: str, allowed: tuple[str, ...]) -> sa.CheckConstraint:
    return _check(column, f"{column} IN ({', '.join(repr(value) for value in allowed)})")


def _text(**options: Any) -> Any:
    return Field(sa_type=sa.Text, **options)


def _id(**options: Any) -> Any:
    return Field(sa_type=_ID, **options)


def _big(**options: Any) -> Any:
    return Field(sa_type=sa.BigInteger, **options)


def _blob(**options: Any) -> Any:
    return Field(sa_type=sa.LargeBinary, **options)


class Row(SQLModel, registry=registry(metadata=METADATA)):
    """A row of one of our tables."""


class ProcedureRow(Row, table=True):
    """The canonical text of a procedure that some case is or was pinned to."""

    __tablename__ = "toritsugi_procedure"

    content_hash: str = _text(primary_key=True)
    procedure: str = _text()
    version: str = _text()
    content: str = _text()
    kept_at: int = _big()
    #: canonical JSON: linked procedure -> its outside, as the content was read with; NULL in rows older than the column.
    interfaces: str | None = _text(nullable=True)


class CaseRow(Row, table=True):
    """A case as it stands: all that the hot path needs is in this one row."""

    __tablename__ = "toritsugi_case"
    __table_args__ = (
        _check("revision", "revision >= 1"),
        _check("head", "length(head) = 32"),
        _check("key", "(data_key IS NULL) = (erased_at IS NOT NULL)"),
        _check("withdrawn", "withdrawn_seq BETWEEN 1 AND revision"),
    )

    id: str = _id(primary_key=True)
    procedure: str = _text()
    version: str = _text()
    content_hash: str = _text(foreign_key="toritsugi_procedure.content_hash")
    state: str = _text()
    ended: bool
    revision: int = _big()
    head: bytes = _blob()
    opened_at: int = _big()
    recorded_at: int = _big()
    occurred_at: int = _big()
    subject: str | None = _text(nullable=True)
    #: repeats the procedure's rule, so that the unique index below can.
    one_per_subject: bool
    #: the row that withdrew the case: messages of earlier rows must not leave any more.
    withdrawn_seq: int | None = _big(nullable=True)
    #: canonical JSON; members as in convert.py.
    body: str = _text()
    #: the wrapped data key; NULL once it was destroyed.
    data_key: bytes | None = _blob(nullable=True)
    erased_at: int | None = _big(nullable=True)
    #: the case that opened it, and the link of that case's procedure through which it did so.
    parent: str | None = _id(nullable=True)
    opened_by_link: str | None = _text(nullable=True)


class HistoryRow(Row, table=True):
    """One thing that happened to a case; never changed, never removed."""

    __tablename__ = "toritsugi_history"
    __table_args__ = (_check("seq", "seq >= 1"), _check("hash", "length(hash) = 32"), _KEY_ORDER)

    case_id: str = _id(primary_key=True, foreign_key=_CASE)
    seq: int = _big(primary_key=True)
    event: str = _text()
    recorded_at: int = _big()
    #: the canonical record that is hashed; see core/history.py.
    record: str = _text()
    hash: bytes = _blob()
    #: digest of the idempotency claim of the request that made this row.
    idempotency: bytes | None = _blob(nullable=True)


class PersonalRow(Row, table=True):
    """The personal values given in a history row, sealed with the case's data key."""

    __tablename__ = "toritsugi_personal"
    __table_args__ = (_KEY_ORDER,)

    case_id: str = _id(primary_key=True, foreign_key=_CASE)
    seq: int = _big(primary_key=True)
    sealed: bytes = _blob()


class DeadlineRow(Row, table=True):
    """A deadline that was armed: the queue while it is armed, the record afterwards."""

    __tablename__ = "toritsugi_deadline"
    __table_args__ = (
        _one_of("status", DEADLINE_STATUS),
        _check("ended", "(status = 'armed') = (ended_seq IS NULL)"),
        _check("due_on", "length(due_on) = 10"),
    )

    case_id: str = _id(primary_key=True, foreign_key=_CASE)
    name: str = _text(primary_key=True)
    #: the history row that armed it.
    seq: int = _big(primary_key=True)
    due_on: str = _text()
    due_at: int = _big()
    status: str = _text()
    responsible: str | None = _text(nullable=True)
    calendar: str = _text()
    calendar_hash: str = _text()
    #: canonical JSON {"en", "ja"}.
    explanation: str = _text()
    #: the history row that gave it its present status.
    ended_seq: int | None = _big(nullable=True)


class MessageRow(Row, table=True):
    """Something that leaves, and how far it has come."""

    __tablename__ = "toritsugi_message"
    __table_args__ = (
        _one_of("status", MESSAGE_STATUS),
        _check("attempts", "attempts >= 0"),
        _check("claim", "(claim IS NULL) = (claimed_until IS NULL)"),
        _check("waiting", "claim IS NULL OR status IN ('waiting', 'failed')"),
    )

    case_id: str = _id(primary_key=True, foreign_key=_CASE)
    seq: int = _big(primary_key=True)
    number: int = _big(primary_key=True)
    party: str = _text()
    institution: str = _text()
    channel: str = _text()
    document: str | None = _text(nullable=True)
    approval: str | None = _text(nullable=True)
    #: salted commitment to the content, hex; the history record carries the same.
    content_hash: str = _text()
    sealed: bytes = _blob()
    status: str = _text()
    attempts: int = _big()
    #: when it may be claimed: at once, at the retry, or when a running claim has expired.
    ready_at: int = _big()
    claim: str | None = _text(nullable=True)
    claimed_until: int | None = _big(nullable=True)
    #: canonical JSON {"channel", "reference", "details"}.
    proof: str | None = _text(nullable=True)
    created_at: int = _big()
    #: moment of the present status.
    settled_at: int | None = _big(nullable=True)


class LedgerRow(Row, table=True):
    """A ledger as it stands."""

    __tablename__ = "toritsugi_ledger"
    __table_args__ = (
        _check("consumed", "consumed >= 0"),
        _check("reserved", "reserved >= 0"),
        _check("ceiling", "consumed + reserved <= ceiling"),
        _KEY_ORDER,
    )

    case_id: str = _id(primary_key=True, foreign_key=_CASE)
    name: str = _text(primary_key=True)
    ceiling: int = _big()
    consumed: int = _big()
    reserved: int = _big()
    #: canonical JSON: item -> [covered, paid by the company].
    open_items: str = _text()


class PostingRow(Row, table=True):
    """One booking on a ledger; never changed, never removed."""

    __tablename__ = "toritsugi_posting"
    __table_args__ = (_one_of("act", ("reserve", "consume", "release")), _KEY_ORDER)

    case_id: str = _id(primary_key=True, foreign_key=_CASE)
    seq: int = _big(primary_key=True)
    number: int = _big(primary_key=True)
    ledger: str = _text()
    act: str = _text()
    item: str = _text()
    amount: int = _big()
    reserved: int = _big()
    consumed: int = _big()
    company_pays: int = _big()


class RefusalRow(Row, table=True):
    """Who was refused what; append-only, and no payload."""

    __tablename__ = "toritsugi_refusal"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, sa_type=_NUMBER, primary_key=True)
    #: no foreign key: an append to this table waits for nothing.
    case_id: str = _id()
    code: str = _text()
    event: str = _text()
    actor: str = _text()
    institution: str = _text()
    role: str = _text()
    recorded_at: int = _big()


class SealRow(Row, table=True):
    """A signed seal over all heads and refusals; a copy is kept outside."""

    __tablename__ = "toritsugi_seal"

    number: int = _big(primary_key=True, sa_column_kwargs={"autoincrement": False})
    #: canonical JSON of everything that is signed; see audit.py.
    content: str = _text()
    signature: bytes = _blob()
    public_key: bytes = _blob()


class SealedHeadRow(Row, table=True):
    """The head of a case that changed since the seal before: what is needed to check a seal again later."""

    __tablename__ = "toritsugi_sealed_head"
    __table_args__ = (_KEY_ORDER,)

    case_id: str = _id(primary_key=True)
    seal: int = _big(primary_key=True)
    revision: int = _big()
    head: bytes = _blob()


class SchemaRow(Row, table=True):
    """Which migration this store is at; alembic's version table under our own name."""

    __tablename__ = "toritsugi_schema"
    __table_args__ = (sa.PrimaryKeyConstraint("version_num", name="toritsugi_schema_pkc"),)

    version_num: str = Field(sa_type=sa.String(32), primary_key=True)


def _index(name: str, table: str, *columns: str, where: sa.ColumnElement[bool], unique: bool = False) -> None:
    found = METADATA.tables[table]
    sa.Index(name, *(found.c[column] for column in columns), unique=unique, sqlite_where=where, postgresql_where=where)


case = METADATA.tables["toritsugi_case"]
history = METADATA.tables["toritsugi_history"]
deadline = METADATA.tables["toritsugi_deadline"]
message = METADATA.tables["toritsugi_message"]

#: Indexes hold open work only, so they stay as small as the day's business; but for one, which a case comes into at its end.
_index("toritsugi_case_open", case.name, "procedure", "subject", "opened_at", where=~case.c.ended)
_index(
    "toritsugi_case_one", case.name, "procedure", "subject", where=~case.c.ended & case.c.one_per_subject, unique=True
)
_index("toritsugi_case_ended", case.name, "procedure", "subject", where=case.c.ended & case.c.subject.is_not(None))
_index("toritsugi_case_parent", case.name, "parent", "opened_at", "id", where=case.c.parent.is_not(None))
_index("toritsugi_history_claim", history.name, "idempotency", where=history.c.idempotency.is_not(None), unique=True)
_index(
    "toritsugi_deadline_due",
    deadline.name,
    "due_at",
    "case_id",
    where=deadline.c.status == sa.literal_column("'armed'"),
)
_index(
    "toritsugi_deadline_missed",
    deadline.name,
    "due_at",
    "case_id",
    where=deadline.c.status == sa.literal_column("'missed'"),
)
_index(
    "toritsugi_deadline_suspended",
    deadline.name,
    "due_at",
    "case_id",
    where=deadline.c.status == sa.literal_column("'suspended'"),
)
_index(
    "toritsugi_message_ready",
    message.name,
    "ready_at",
    "case_id",
    where=message.c.status.in_((sa.literal_column("'waiting'"), sa.literal_column("'failed'"))),
)
sa.Index("toritsugi_refusal_case", METADATA.tables["toritsugi_refusal"].c.case_id)

#: Room in each page, so that a case's next state lies beside its last and no index is touched (PostgreSQL's HOT).
_ROOM = sa.DDL("ALTER TABLE toritsugi_case SET (fillfactor = 70)")  # type: ignore[no-untyped-call]  # SQLAlchemy's own
sa.event.listen(case, "after_create", _ROOM.execute_if(dialect="postgresql"))

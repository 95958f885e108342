"""The statements of the hot path, rendered once per store from the tables: text, and positional parameters.

Each is SQLAlchemy Core below, for both databases; what differs (`?` or `%s`, casts, row locks, which SQLite has no need
of) is the business of SQLAlchemy's compiler. A rendered statement bypasses SQLAlchemy's types: convert.py binds what the
column holds. `Rendering` refuses a statement whose parameters do not come out in the order written down here.
"""

from dataclasses import dataclass, fields
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

from toritsugi.store import convert, tables

_table = tables.METADATA.tables
case = tables.case
history = tables.history
deadline = tables.deadline
message = tables.message
personal = _table["toritsugi_personal"]
ledger = _table["toritsugi_ledger"]
posting = _table["toritsugi_posting"]
refusal = _table["toritsugi_refusal"]
procedure = _table["toritsugi_procedure"]

_ARMED = deadline.c.status == sa.literal_column("'armed'")
_OPEN = message.c.status.in_((sa.literal_column("'unknown'"), sa.literal_column("'set_aside'")))
_LEAVING = message.c.status.in_((sa.literal_column("'waiting'"), sa.literal_column("'failed'")))
_FIRST: sa.ColumnElement[int] = sa.literal_column("0")


def _given(name: str, column: sa.ColumnElement[Any]) -> sa.BindParameter[Any]:
    """A parameter that a WHERE clause compares; an UPDATE keeps the bare column names for what it sets."""
    return sa.bindparam(f"w_{name}", type_=column.type)


def _is(table: sa.Table, *names: str) -> sa.ColumnElement[bool]:
    return sa.and_(*(table.c[name] == _given(name, table.c[name]) for name in names))


def _set(table: sa.Table, *names: str) -> dict[str, Any]:
    return {name: sa.bindparam(name, type_=table.c[name].type) for name in names}


def _update(table: sa.Table, sets: tuple[str, ...], where: tuple[str, ...]) -> tuple[sa.Update, tuple[str, ...]]:
    statement = sa.update(table).where(_is(table, *where)).values(_set(table, *sets))
    # SET comes out in the order of the table's columns
    ordered = tuple(column.name for column in table.c if column.name in sets)
    return statement, ordered + tuple(f"w_{name}" for name in where)


def _insert(table: sa.Table, skip: tuple[str, ...] = ()) -> tuple[sa.Insert, tuple[str, ...]]:
    names = tuple(column.name for column in table.c if column.name not in skip)
    return sa.insert(table).values(_set(table, *names)).inline(), names


def _insert_if_absent(table: sa.Table, key: str) -> tuple[sa.Insert, tuple[str, ...]]:
    names = tuple(column.name for column in table.c)
    row = sa.select(*(sa.bindparam(name, type_=table.c[name].type) for name in names))
    absent = ~sa.exists().where(_is(table, key)).correlate(None)
    return sa.insert(table).from_select(names, row.where(absent)), (*names, f"w_{key}")


#: open cases about one subject that a decision can look at: one more than it can hold.
MOST_OPEN = 65
#: units of SQLite that write come one after the other; what they looked for in vain cannot appear meanwhile.
_SIDE_BY_SIDE = frozenset({"lock_absence", "lock_counted"})

#: what every step changes; then with the body; then everything that can ever change (it touches indexes).
ADVANCE = ("state", "revision", "head", "recorded_at", "occurred_at")
ADVANCE_BODY = (*ADVANCE, "body")
REWRITE = ("procedure", "version", "content_hash", *ADVANCE, "ended", "subject", "withdrawn_seq", "body")
#: the columns of a message that a claim looks at.
PARCEL = ("seq", "number", "party", "institution", "channel", "document", "approval", "sealed", "attempts", "claim")

_case_columns = [case.c[name] for name in convert.CASE]
_queue = sa.select(deadline.c.case_id, deadline.c.name, deadline.c.seq, deadline.c.due_at).where(
    _ARMED, deadline.c.due_at <= _given("until", deadline.c.due_at)
)
_queue_order = (deadline.c.due_at, deadline.c.case_id, deadline.c.name)
_limit = sa.bindparam("limit", type_=sa.Integer)
_recalled = (
    sa.update(message)
    .values(status=sa.literal_column("'recalled'"), settled_at=sa.bindparam("settled_at", type_=sa.BigInteger))
    .where(_is(message, "case_id"), _LEAVING, message.c.claim.is_(None))
)
_one_message = ("case_id", "seq", "number")

_ALL: dict[str, tuple[sa.ClauseElement, tuple[str, ...]]] = {
    "case": (sa.select(*_case_columns).where(_is(case, "id")), ("w_id",)),
    "lock_case": (sa.select(case.c.revision).where(_is(case, "id")).with_for_update(), ("w_id",)),
    "ledgers": (
        sa.select(ledger.c.name, ledger.c.ceiling, ledger.c.consumed, ledger.c.reserved, ledger.c.open_items).where(
            _is(ledger, "case_id")
        ),
        ("w_case_id",),
    ),
    "data_key": (sa.select(case.c.data_key).where(_is(case, "id")), ("w_id",)),
    "open_cases": (
        sa.select(case.c.id)
        .where(_is(case, "procedure", "subject"), ~case.c.ended)
        .order_by(case.c.opened_at, case.c.id)
        .limit(sa.literal_column(str(MOST_OPEN)))
        .offset(_FIRST),
        ("w_procedure", "w_subject"),
    ),
    "still_absent": (
        sa.select(sa.literal_column("1")).where(
            sa.select(sa.func.count())
            .select_from(case)
            .where(_is(case, "procedure", "subject"), ~case.c.ended)
            .scalar_subquery()
            == sa.bindparam("open_then", type_=sa.BigInteger)
        ),
        ("w_procedure", "w_subject", "open_then"),
    ),
    "opened_by": (
        sa.select(case.c.id, case.c.opened_by_link, case.c.procedure, case.c.ended)
        .where(_is(case, "parent"))
        .order_by(case.c.opened_at, case.c.id),
        ("w_parent",),
    ),
    "lock_absence": (
        sa.select(sa.func.pg_advisory_xact_lock(sa.bindparam("key", type_=sa.BigInteger))),
        ("key",),
    ),
    # written, not only locked: a host's transaction with a snapshot from before must not count on
    "lock_counted": (
        sa.update(procedure).values(kept_at=procedure.c.kept_at).where(_is(procedure, "procedure")),
        ("w_procedure",),
    ),
    "remembered": (sa.select(history.c.record).where(_is(history, "idempotency")), ("w_idempotency",)),
    "unchanged": (
        sa.select(case.c.revision).where(_is(case, "id", "revision")).with_for_update(read=True),
        ("w_id", "w_revision"),
    ),
    "insert_case": _insert(case),
    "advance": _update(case, ADVANCE, ("id", "revision")),
    "advance_body": _update(case, ADVANCE_BODY, ("id", "revision")),
    "rewrite": _update(case, REWRITE, ("id", "revision")),
    "insert_history": _insert(history),
    "insert_personal": _insert(personal),
    "insert_deadline": _insert(deadline),
    "end_deadline": _update(deadline, ("status", "ended_seq"), ("case_id", "name", "seq")),
    "insert_message": _insert(message),
    "recall_all": (_recalled, ("settled_at", "w_case_id")),
    "recall_approval": (
        _recalled.where(_is(message, "approval")),
        ("settled_at", "w_case_id", "w_approval"),
    ),
    "insert_ledger": _insert(ledger),
    "update_ledger": _update(ledger, ("ceiling", "consumed", "reserved", "open_items"), ("case_id", "name")),
    "insert_posting": _insert(posting),
    "insert_refusal": _insert(refusal, skip=("id",)),
    "personal": (
        sa.select(personal.c.seq, personal.c.sealed).where(_is(personal, "case_id")).order_by(personal.c.seq),
        ("w_case_id",),
    ),
    "due": (_queue.order_by(*_queue_order).limit(_limit).offset(_FIRST), ("w_until", "limit")),
    "due_of": (
        _queue.where(_is(deadline, "case_id")).order_by(*_queue_order).limit(_limit).offset(_FIRST),
        ("w_until", "w_case_id", "limit"),
    ),
    "next_deadline": (sa.select(sa.func.min(deadline.c.due_at)).where(_ARMED), ()),
    "next_message": (sa.select(sa.func.min(message.c.ready_at)).where(_LEAVING), ()),
    "ready": (
        sa.select(message.c.case_id)
        .where(_LEAVING, message.c.ready_at <= _given("until", message.c.ready_at))
        .order_by(message.c.ready_at, message.c.case_id)
        .limit(_limit)
        .offset(_FIRST),
        ("w_until", "limit"),
    ),
    "hold_case": (
        sa.select(case.c.withdrawn_seq, case.c.body, case.c.data_key, case.c.content_hash)
        .where(_is(case, "id"))
        .with_for_update(read=True),
        ("w_id",),
    ),
    "take_ready": (
        sa.select(*(message.c[name] for name in PARCEL))
        .where(_is(message, "case_id"), _LEAVING, message.c.ready_at <= _given("until", message.c.ready_at))
        .order_by(message.c.seq, message.c.number)
        .with_for_update(skip_locked=True),
        ("w_case_id", "w_until"),
    ),
    "claim": (
        sa.update(message)
        .values(
            attempts=message.c.attempts + sa.bindparam("tries", type_=sa.BigInteger),
            **_set(message, "ready_at", "claim", "claimed_until"),
        )
        .where(_is(message, *_one_message)),
        ("tries", "ready_at", "claim", "claimed_until", "w_case_id", "w_seq", "w_number"),
    ),
    "begin": (
        sa.update(message)
        .values(attempts=message.c.attempts + sa.literal_column("1"), **_set(message, "claim"))
        .where(_is(message, *_one_message, "claim"), _LEAVING),
        ("claim", "w_case_id", "w_seq", "w_number", "w_claim"),
    ),
    "put_aside": _update(message, ("status", "claim", "claimed_until", "settled_at"), _one_message),
    "settle": (
        sa.update(message)
        .values(_set(message, "status", "ready_at", "claim", "claimed_until", "proof", "settled_at"))
        .where(_is(message, *_one_message, "claim"), _LEAVING),
        (
            "status",
            "ready_at",
            "claim",
            "claimed_until",
            "proof",
            "settled_at",
            "w_case_id",
            "w_seq",
            "w_number",
            "w_claim",
        ),
    ),
    "resolve": (
        sa.update(message)
        .values(_set(message, "status", "ready_at", "settled_at"))
        .where(_is(message, *_one_message), _OPEN),
        ("status", "ready_at", "settled_at", "w_case_id", "w_seq", "w_number"),
    ),
    "erase": _update(case, ("data_key", "erased_at"), ("id",)),
    "keep_procedure": _insert_if_absent(procedure, "content_hash"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendering:
    """The text of each statement for one database."""

    case: str
    lock_case: str
    ledgers: str
    data_key: str
    open_cases: str
    still_absent: str
    opened_by: str
    #: empty: not needed here.
    lock_absence: str
    #: empty: not needed here.
    lock_counted: str
    remembered: str
    unchanged: str
    insert_case: str
    advance: str
    advance_body: str
    rewrite: str
    insert_history: str
    insert_personal: str
    insert_deadline: str
    end_deadline: str
    insert_message: str
    recall_all: str
    recall_approval: str
    insert_ledger: str
    update_ledger: str
    insert_posting: str
    insert_refusal: str
    personal: str
    due: str
    due_of: str
    next_deadline: str
    next_message: str
    ready: str
    hold_case: str
    take_ready: str
    claim: str
    begin: str
    put_aside: str
    settle: str
    resolve: str
    erase: str
    keep_procedure: str


#: what was rendered already: a process that opens many stores (specs, tests) needs each dialect's words once.
_RENDERED: dict[object, Rendering] = {}


def render(dialect: Dialect) -> Rendering:
    """Every statement in the words of `dialect`, whose parameters are positional."""
    kind = (dialect.name, dialect.driver, dialect.paramstyle, dialect.server_version_info)
    if kind not in _RENDERED:
        _RENDERED[kind] = Rendering(**{field.name: _text(field.name, dialect) for field in fields(Rendering)})
    return _RENDERED[kind]


def _text(name: str, dialect: Dialect) -> str:
    if dialect.name == "sqlite" and name in _SIDE_BY_SIDE:
        return ""
    statement, parameters = _ALL[name]
    compiled: Any = statement.compile(dialect=dialect)
    found = tuple(compiled.positiontup or ())
    if found != parameters:
        raise AssertionError(f"{name} binds {found}, not {parameters}")
    return str(compiled).replace("\n", " ")

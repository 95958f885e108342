"""What differs between SQLite and PostgreSQL: how a connection is set up, begun and ended, and what its errors mean.

A `Link` is one connection with our statements running on the driver itself. `Link` works in transactions of its own,
`HostLink` inside somebody else's transaction, in a savepoint.
"""

import sqlite3
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Literal, Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Session, scoped_session

from toritsugi.store.recent import Recent
from toritsugi.store.tables import METADATA

Synchronous = Literal["FULL", "NORMAL", "OFF"]
Fault = Literal["claim", "conflict"]

#: what a statement of `run_all` must hit: anything, one row changed, one row found.
ANY, HIT, ROW = 0, 1, 2
Statement = tuple[str, Sequence[Any], int]

#: how long a writer waits for another one before it is a conflict.
LOCK_TIMEOUT_S = 5.0
#: pages in the write-ahead log at which a commit checkpoints after all, if nobody called `checkpoint()`: 64 MiB.
MOST_WAL_PAGES = 16_384

_SAVEPOINT, _RELEASE, _BACK = "SAVEPOINT toritsugi", "RELEASE SAVEPOINT toritsugi", "ROLLBACK TO SAVEPOINT toritsugi"
_CLAIM_INDEX = "toritsugi_history_claim"


class Missed(Exception):
    """A statement of `run_all` did not hit its row; `args[0]` is its position."""


class Link(Protocol):
    """A connection."""

    #: whether a round trip costs so much that what is written is best sent together: begun late, written at the end.
    lazy: bool
    #: the driver's connection.
    raw: Any
    #: executes one statement and returns the driver's cursor.
    run: Callable[..., Any]
    errors: type[Exception]

    def begin(self) -> None:
        """Begin to write."""

    def recall(self) -> Recent | None:
        """What this connection knows of cases, just after `begin`; None: nothing it could rely on."""

    def run_all(self, statements: Sequence[Statement], *, begin: bool) -> None:
        """Execute in order, beginning to write first if `begin`; raises `Missed`."""

    def run_alone(self, statements: Sequence[Statement]) -> None:
        """Execute, in no promised order, as one transaction that is committed then; raises `Missed`."""

    def commit(self) -> None:
        """Make it durable (in a host's transaction: let the host decide)."""

    def rollback(self) -> None:
        """Undo since `begin`; harmless if nothing was begun."""

    def fault(self, error: Exception) -> Fault | None:
        """What an error of the driver means to us; None: a fault that is nobody's race."""

    def usable(self) -> bool:
        """Whether the connection can be kept."""


class SqliteLink:
    """A connection to SQLite in autocommit mode."""

    lazy = False
    errors: type[Exception] = sqlite3.Error

    def __init__(self, raw: Any) -> None:
        self.raw = raw
        self._cursor = raw.cursor()
        self._cursor.row_factory = None  # a host may have set another one
        self.run = self._cursor.execute
        self.recent = Recent(self.run)

    def begin(self) -> None:
        self.run("BEGIN IMMEDIATE")

    def recall(self) -> Recent | None:
        return self.recent.begin()

    def run_all(self, statements: Sequence[Statement], *, begin: bool) -> None:
        if begin:
            self.begin()
        run = self.run
        for text, parameters, must in statements:
            done = run(text, parameters)
            if must and (done.rowcount if must == HIT else len(done.fetchall())) != 1:
                raise Missed(text)

    def run_alone(self, statements: Sequence[Statement]) -> None:
        self.run_all(statements, begin=True)
        self.commit()

    def commit(self) -> None:
        self.run("COMMIT")

    def rollback(self) -> None:
        if self.raw.in_transaction:
            self.run("ROLLBACK")

    def fault(self, error: Exception) -> Fault | None:
        if isinstance(error, sqlite3.IntegrityError):
            if error.sqlite_errorcode not in (sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY):
                return None
            return "claim" if str(error).endswith("toritsugi_history.idempotency") else "conflict"
        # BUSY (with its variant: what was read is outdated) and LOCKED
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        return "conflict" if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) else None

    def usable(self) -> bool:
        return not self.raw.in_transaction


class SqliteHostLink(SqliteLink):
    """The connection of a host's session."""

    _LOCK = str(sa.delete(METADATA.tables["toritsugi_seal"]).where(sa.false()).compile())

    def begin(self) -> None:
        if self.raw.in_transaction:
            # the host's BEGIN may have been a deferred one that has only read: get the lock, or hear it at once
            self.run(self._LOCK)
        else:
            self.run("BEGIN IMMEDIATE")
        self.run(_SAVEPOINT)

    def recall(self) -> Recent | None:
        return None  # the host writes through this connection too

    def commit(self) -> None:
        self.run(_RELEASE)

    def rollback(self) -> None:
        # SQLite itself rolls everything back on some errors (a full disk): then there is no savepoint left
        if self.raw.in_transaction:
            self.run(_BACK)
            self.run(_RELEASE)


class PostgresqlLink:
    """A connection to PostgreSQL in autocommit mode; what is written together makes one round trip."""

    lazy = True

    def __init__(self, raw: Any) -> None:
        import psycopg
        from psycopg.rows import tuple_row

        self._psycopg: Any = psycopg
        self._idle = psycopg.pq.TransactionStatus.IDLE
        self.errors: type[Exception] = psycopg.Error
        self.raw = raw
        self._cursor: Callable[[], Any] = lambda: raw.cursor(row_factory=tuple_row)
        self.run = self._cursor().execute

    def begin(self) -> None:
        self.run("BEGIN")

    def recall(self) -> Recent | None:
        return None  # nothing here says that nobody else has committed

    def run_all(self, statements: Sequence[Statement], *, begin: bool) -> None:
        cursors = []
        with self.raw.pipeline():
            if begin:
                self.begin()
            for text, parameters, must in statements:
                cursor = self._cursor()
                # not prepared: when one fails, psycopg would take those behind it for prepared, from then on
                cursor.execute(text, parameters, prepare=False)
                if must:
                    cursors.append((cursor, text))
        for cursor, text in cursors:
            if cursor.rowcount != 1:
                raise Missed(text)

    def run_alone(self, statements: Sequence[Statement]) -> None:
        shape = tuple([(text, must) for text, _parameters, must in statements])
        parameters = [value for _text, values, _must in statements for value in values]
        try:
            self.run(_one_statement(shape), parameters)
        except self._psycopg.errors.DivisionByZero:
            raise Missed from None

    def commit(self) -> None:
        self.run("COMMIT")

    def rollback(self) -> None:
        if not self.raw.closed and self.raw.info.transaction_status != self._idle:
            self.run("ROLLBACK")

    def fault(self, error: Exception) -> Fault | None:
        errors = self._psycopg.errors
        if isinstance(error, errors.UniqueViolation):
            return "claim" if error.diag.constraint_name == _CLAIM_INDEX else "conflict"
        races = (errors.SerializationFailure, errors.DeadlockDetected, errors.LockNotAvailable)
        return "conflict" if isinstance(error, races) else None

    def usable(self) -> bool:
        return not self.raw.closed and self.raw.info.transaction_status == self._idle


@lru_cache(512)
def _one_statement(shape: tuple[tuple[str, int], ...]) -> str:
    """PostgreSQL's one statement for several: one round trip, and a transaction of its own.

    Where a row had to be hit and was not, the division by the number of rows fails, and with it the whole statement.
    """
    parts = ", ".join(f"p{number} AS ({text} RETURNING 1)" for number, (text, _must) in enumerate(shape))
    hits = [f"1 / (SELECT count(*) FROM p{number})" for number, (_text, must) in enumerate(shape) if must]
    return f"WITH {parts} SELECT {', '.join(hits) or '1'}"


class PostgresqlHostLink(PostgresqlLink):
    """The connection of a host's session."""

    def begin(self) -> None:
        self.run(_SAVEPOINT)

    def commit(self) -> None:
        self.run(_RELEASE)

    def rollback(self) -> None:
        self.run(_BACK)
        self.run(_RELEASE)


def make_engine(url: str, synchronous: Synchronous) -> sa.Engine:
    """SQLAlchemy's engine for a store, its pool without a limit: each thread keeps the connection it uses."""
    parsed = sa.make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite_engine(parsed, synchronous)
    if parsed.get_backend_name() == "postgresql":
        return _postgresql_engine(parsed.set(drivername="postgresql+psycopg"), synchronous)
    raise ValueError(f"a store is a sqlite or postgresql URL, not {parsed.get_backend_name()}")


def _sqlite_engine(url: sa.URL, synchronous: Synchronous) -> sa.Engine:
    arguments = {"timeout": LOCK_TIMEOUT_S, "isolation_level": None, "check_same_thread": False}
    engine = sa.create_engine(url, pool_size=0, connect_args=arguments, paramstyle="qmark")

    @sa.event.listens_for(engine, "connect")
    def _set_up(raw: sqlite3.Connection, _record: object) -> None:
        raw.execute("PRAGMA journal_mode = WAL")
        raw.execute(f"PRAGMA synchronous = {synchronous}")
        raw.execute("PRAGMA foreign_keys = ON")
        # what is erased must not stay in the file
        raw.execute("PRAGMA secure_delete = ON")
        # a checkpoint in a commit is what the slowest commits wait for: see `SqlStore.checkpoint`
        raw.execute(f"PRAGMA wal_autocheckpoint = {MOST_WAL_PAGES}")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        # the driver is in autocommit mode for our sake, so SQLAlchemy's transactions need a BEGIN of their own
        connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))

    return engine


def _postgresql_engine(url: sa.URL, synchronous: Synchronous) -> sa.Engine:
    engine = sa.create_engine(url, pool_size=0, paramstyle="format")

    @sa.event.listens_for(engine, "connect")
    def _set_up(raw: Any, _record: object) -> None:
        raw.prepare_threshold = 1
        raw.execute(f"SET lock_timeout = {int(LOCK_TIMEOUT_S * 1000)}")
        raw.execute(f"SET synchronous_commit = {'on' if synchronous == 'FULL' else 'off'}")
        raw.commit()

    @sa.event.listens_for(engine, "checkin")
    def _give_back(raw: Any, _record: object) -> None:
        # a thread that ends leaves its kept connection to the pool as it was
        if raw is not None and not raw.closed:
            raw.autocommit = False

    return engine


def writing(engine: sa.Engine, lock: int | None = None) -> sa.Connection:
    """A SQLAlchemy connection that has the write lock from its first statement.

    Args:
        lock: PostgreSQL's advisory lock that stands for it; None: row locks do.
    """
    connection = engine.connect().execution_options(begin="BEGIN IMMEDIATE")
    if engine.dialect.name == "postgresql" and lock is not None:
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(lock)))
    return connection


def own_link(raw: Any, backend: str) -> Link:
    """A link for transactions of our own on a connection of our engine."""
    if backend == "sqlite":
        return SqliteLink(raw)
    raw.autocommit = True
    return PostgresqlLink(raw)


def host_link(session: Any, backend: str) -> Link:
    """A link inside the transaction of a host's SQLAlchemy or SQLModel session, or connection.

    Raises:
        TypeError: it is neither, or of another kind of database.
    """
    if not isinstance(session, Session | scoped_session | sa.Connection):
        raise TypeError(f"session is a SQLAlchemy or SQLModel Session, not a {type(session).__name__}")
    connection: sa.Connection = session if isinstance(session, sa.Connection) else session.connection()
    raw: Any = connection.connection.driver_connection
    driver = connection.dialect.driver
    if driver != ("pysqlite" if backend == "sqlite" else "psycopg"):
        raise TypeError(f"the session's driver is {driver}; this store is {backend} (with psycopg)")
    return SqliteHostLink(raw) if backend == "sqlite" else PostgresqlHostLink(raw)

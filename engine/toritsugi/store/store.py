"""The store: opens a database, hands out units of work, lists what is there."""

import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from toritsugi.ports import Vault
from toritsugi.store import schema
from toritsugi.store.address import check_address
from toritsugi.store.connections import Connections
from toritsugi.store.counting import Counting
from toritsugi.store.dialect import Synchronous, host_link, make_engine
from toritsugi.store.host import after, check_joinable
from toritsugi.store.reading import Listings
from toritsugi.store.sealing import Keyring
from toritsugi.store.statements import render
from toritsugi.store.tables import METADATA
from toritsugi.store.turns import Turns
from toritsugi.store.unit import Unit

#: a store that is gone when it is closed.
PASSING = ("sqlite://", "sqlite:///:memory:")


class SqlStore(Listings):
    """Implements `ports.Store` on SQLite and PostgreSQL; made by `open_store`."""

    def __init__(
        self,
        engine: sa.Engine,
        vault: Vault,
        folder: "tempfile.TemporaryDirectory[str] | None",
        *,
        together: bool = False,
    ) -> None:
        """`together`: writers of this process share their COMMITs (SQLite)."""
        self._engine = engine
        self._keyring = Keyring(vault)
        self._sql = render(engine.dialect)
        self._counting = Counting(engine.dialect)
        self._connections = Connections(engine)
        self._turns = Turns(self._connections, together=together) if self.serial else None
        self._folder = folder
        self._truncate = False
        self._vacuumed = False

    @property
    def engine(self) -> sa.Engine:
        """SQLAlchemy's engine, for the audit and for tests; a host uses its own."""
        return self._engine

    @property
    def keyring(self) -> Keyring:
        """The opened data keys."""
        return self._keyring

    @property
    def serial(self) -> bool:
        """Whether units that write come one after the other, so that what one reads cannot change beneath it."""
        return self._engine.dialect.name == "sqlite"

    def unit(self, session: Any = None, *, write: bool = False) -> Unit:
        """A transaction of its own, or a savepoint in the host's `session`.

        Args:
            write: take the write lock first where there is one for the whole store (SQLite), so that nothing read
                here can be outdated when it is written. Always so in a host's session.
        """
        link = None if session is None else host_link(session, self._engine.dialect.name)
        if session is not None:
            check_joinable(session)
        unit = Unit(
            self._sql,
            self._keyring,
            self._counting,
            link=link,
            connections=self._turns if write and self._turns is not None else self._connections,
            write=write or link is not None,
        )
        unit.on_erased = self._after_erasure if link is None else self._owe_truncation
        return unit

    def check_key(self) -> None:
        """That the vault opens what lies here: a second key would split the store's cases without a word.

        Raises:
            KeyMissing: the data keys were wrapped by another vault.
        """
        data_key = METADATA.tables["toritsugi_case"].c.data_key
        with self._engine.connect() as connection:
            wrapped = connection.scalar(sa.select(data_key).where(data_key.is_not(None)).limit(1))
        if wrapped is not None:
            self._keyring.vault.unwrap(bytes(wrapped))

    def after(self, session: Any, act: Callable[[], None]) -> None:
        """Do `act` once the transaction that the host's `session` is in has ended, committed or rolled back."""
        after(session, act)

    def next_due(self) -> int | None:
        """The earliest moment at which a deadline fires or a message may leave; None: nothing is waiting."""
        link = self._connections.take()
        try:
            found = [link.run(text).fetchone()[0] for text in (self._sql.next_deadline, self._sql.next_message)]
        finally:
            self._connections.give(link)
        return min((moment for moment in found if moment is not None), default=None)

    def checkpoint(self) -> None:
        """Housekeeping that hot commits leave undone: for a driver's idle moments; never waits for a writer.

        On SQLite it moves the write-ahead log into the database. After an erasure it also empties the log, in which
        the destroyed key still stands; that waits for readers, and is tried again next time if they stay.
        """
        if self._engine.dialect.name != "sqlite":
            return
        mode = "TRUNCATE" if self._truncate else "PASSIVE"
        link = self._connections.take()
        try:
            busy = link.run(f"PRAGMA wal_checkpoint({mode})").fetchone()[0]
        finally:
            self._connections.give(link)
        self._truncate = self._truncate and bool(busy)

    def _owe_truncation(self) -> None:
        self._truncate = True

    def _after_erasure(self) -> None:
        if self._engine.dialect.name == "postgresql":
            self._vacuum()
            return
        self._truncate = True
        self.checkpoint()

    def _vacuum(self) -> None:
        """Have PostgreSQL let go of the row that still has the destroyed key, as far as nobody reads it any more.

        The erasure is committed and stands whether or not this succeeds; what it cannot reach (the log, backups, the
        bytes of a page until they are used again) is the operator's: semantics.md, section 7.
        """
        link = self._connections.take()
        # it warns, and does not fail, where somebody else holds the table or it is not ours to vacuum
        warnings: list[object] = []
        link.raw.add_notice_handler(warnings.append)
        self._vacuumed = False
        try:
            with suppress(link.errors):
                link.run("VACUUM (SKIP_LOCKED) toritsugi_case")
                self._vacuumed = not warnings
        finally:
            link.raw.remove_notice_handler(warnings.append)
            self._connections.give(link)

    def content(self) -> bytes:
        """The whole database as a file's bytes, for `passing_store` to begin with; SQLite only, between units of work."""
        with self._engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            found: bytes = driver.serialize()
        return found

    @property
    def remains(self) -> bool:
        """Whether the bytes of a destroyed key may outlast its erasure in the database's files (PostgreSQL)."""
        return self._engine.dialect.name == "postgresql"

    @property
    def vacuumed(self) -> bool:
        """Whether the last erasure here could have PostgreSQL vacuum the table that the destroyed key stood in."""
        return self._vacuumed

    def close(self) -> None:
        """Give the connections back; a passing store is gone then."""
        if self._turns is not None:
            self._turns.forget()
        self._connections.close()
        if self._folder is not None:
            self._folder.cleanup()

    def __repr__(self) -> str:
        return f"SqlStore({self._engine.url.render_as_string(hide_password=True)!r})"


def open_store(
    url: str,
    *,
    vault: Vault,
    on_schema: schema.OnSchema = "refuse",
    synchronous: Synchronous = "FULL",
) -> SqlStore:
    """Open a store; an empty database is given its tables.

    Args:
        url: SQLAlchemy's, for SQLite or PostgreSQL. `sqlite://` is a store that is gone when it is closed.
        on_schema: what to do with an older schema.
        synchronous: FULL waits for the disk at every commit; with NORMAL the last commits may be lost with the power,
            and nothing else.
    Raises:
        StoreMismatch: the schema is newer, or older and not to be migrated; or the database cannot be reached.
    """
    if url in PASSING:
        return passing_store(vault)
    check_address(url)
    return SqlStore(_prepared(url, on_schema, synchronous), vault, None, together=synchronous == "FULL")


def _prepared(url: str, on_schema: schema.OnSchema, synchronous: Synchronous) -> sa.Engine:
    engine = make_engine(url, synchronous)
    try:
        schema.prepare(engine, on_schema)
    except BaseException:
        engine.dispose()
        raise
    return engine


def passing_store(vault: Vault, content: bytes | None = None) -> SqlStore:
    """A store in a folder that goes with it.

    Args:
        content: what `SqlStore.content` gave of a store with the same vault; None: tables with nothing in them, as a
            copy, because to make them takes ten times as long.
    """
    content = content or _empty()
    folder = tempfile.TemporaryDirectory(prefix="toritsugi-")
    file = Path(folder.name, "store.db")
    file.write_bytes(content)
    return SqlStore(make_engine(f"sqlite:///{file}", "OFF"), vault, folder)


@cache
def _empty() -> bytes:
    """The file of a store with tables and nothing in them."""
    with tempfile.TemporaryDirectory(prefix="toritsugi-") as folder:
        file = Path(folder, "store.db")
        _prepared(f"sqlite:///{file}", "refuse", "OFF").dispose()  # the last connection to close empties the log
        return file.read_bytes()

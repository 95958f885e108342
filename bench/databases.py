"""The two databases, as the bench needs them: where a store lies, what a connection is set to, how often was committed."""

from __future__ import annotations

import struct
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

import sqlalchemy as sa

from bench.byhand import COMPARED, COMPARED_SETTINGS, PostgresqlByHand, SqliteByHand
from toritsugi.engine import Engine
from toritsugi.store.dialect import Synchronous

#: the program by hand, on either.
ByHand = SqliteByHand | PostgresqlByHand


class Database(Protocol):
    """A kind of database."""

    name: str

    def url(self, store: str) -> str:
        """Where the store of this name lies, for the engine; a new and empty one."""

    def by_hand(self, store: str, synchronous: Synchronous) -> ByHand:
        """The program by hand on that store, which has its tables."""

    def commits(self, store: str) -> int:
        """Transactions that wrote, since some moment; only differences mean anything."""

    def settings(self, execute: Any) -> Mapping[str, str]:
        """What a connection is set to."""

    def wal_bytes(self, store: str) -> int | None:
        """Size of the write-ahead log, where it is a store's own."""


class Sqlite:
    """Files in a folder."""

    name = "SQLite"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def url(self, store: str) -> str:
        return f"sqlite:///{self.file(store)}"

    def file(self, store: str) -> Path:
        return self._folder / f"{store}.db"

    def by_hand(self, store: str, synchronous: Synchronous) -> SqliteByHand:
        return SqliteByHand(self.file(store), synchronous)

    def commits(self, store: str) -> int:
        """Commit frames in the write-ahead log: true until the log starts over at its first checkpoint."""
        return sum(1 for pages_after in _frames(self._log(store)) if pages_after)

    def wal_bytes(self, store: str) -> int | None:
        log = self._log(store)
        return log.stat().st_size if log.exists() else 0

    def settings(self, execute: Any) -> Mapping[str, str]:
        return {name: str(execute(f"PRAGMA {name}").fetchone()[0]) for name in COMPARED}

    def _log(self, store: str) -> Path:
        return self._folder / f"{store}.db-wal"


def _frames(log: Path) -> Iterator[int]:
    """For each frame of a write-ahead log: the database's size in pages if it ends a transaction, else 0."""
    content = log.read_bytes() if log.exists() else b""
    if len(content) < 32:
        return
    page_size, _, *salt = struct.unpack(">4I", content[8:24])
    for at in range(32, len(content) - 23, 24 + page_size):
        _, pages_after, *salt_here = struct.unpack(">4I", content[at : at + 16])
        if salt_here != salt:
            return
        yield pages_after


class Postgresql:
    """A server of our own that waits for the disk as a real one does."""

    name = "PostgreSQL"

    def __init__(self, server: Any) -> None:
        self._server = server
        self._urls: dict[str, str] = {}

    def url(self, store: str) -> str:
        self._urls[store] = self._server.emptied_database(f"bench_{store}")
        return self._urls[store]

    def by_hand(self, store: str, synchronous: Synchronous) -> PostgresqlByHand:
        return PostgresqlByHand(self._urls[store], synchronous)

    def commits(self, store: str) -> int:
        """The server's next transaction id: every transaction that writes takes one."""
        engine = sa.create_engine(self._urls[store])
        with engine.connect() as connection:
            count = connection.scalar(sa.text("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint"))
        engine.dispose()
        return int(count or 0)

    def wal_bytes(self, store: str) -> int | None:
        return None

    def settings(self, execute: Any) -> Mapping[str, str]:
        return {name: str(execute(f"SHOW {name}").fetchone()[0]) for name in COMPARED_SETTINGS}


@contextmanager
def sqlite() -> Iterator[Sqlite]:
    """SQLite files in a folder that is removed at the end."""
    with TemporaryDirectory(prefix="toritsugi-bench-") as folder:
        yield Sqlite(Path(folder))


@contextmanager
def postgresql() -> Iterator[Postgresql]:
    """A server for this run, as the tests use it, but with fsync; raises RuntimeError where none can be had."""
    sys.path.append(str(Path(__file__).parents[1] / "tests"))
    import psycopg

    from scratch_postgresql import ScratchPostgresql

    with TemporaryDirectory(prefix="toritsugi-pg-") as folder:
        server = ScratchPostgresql(Path(folder))
        server.start()
        try:
            with psycopg.connect(f"host={folder}/data user=postgres dbname=postgres", autocommit=True) as admin:
                for name, value in {"fsync": "on", "full_page_writes": "on", "autovacuum": "off"}.items():
                    admin.execute(f"ALTER SYSTEM SET {name} = '{value}'")
                admin.execute("SELECT pg_reload_conf()")
            yield Postgresql(server)
        finally:
            server.stop()
            Path(folder).mkdir(exist_ok=True)


def settings_of(database: Database, engine: Engine) -> Mapping[str, str]:
    """What the engine's own connections are set to."""
    held = engine.store.engine.raw_connection()
    try:
        return database.settings(held.driver_connection.cursor().execute)
    finally:
        held.close()

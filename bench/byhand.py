"""The limit: programs by hand that commit the same rows through the plain driver, and decide, hash and seal nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

from bench.rows import Transaction
from toritsugi.store.dialect import Synchronous

Prepared = Sequence[Sequence[tuple[str, tuple[Any, ...]]]]

#: what a connection of the engine is set to; the comparison fails when the engine's are others.
PRAGMAS = {
    "journal_mode": "wal",
    "foreign_keys": 1,
    "secure_delete": 1,
    "wal_autocheckpoint": 16_384,
}
#: what else is compared.
COMPARED = (*PRAGMAS, "synchronous", "page_size", "cache_size", "mmap_size", "temp_store", "auto_vacuum")
SETTINGS = {"lock_timeout": "5s"}
COMPARED_SETTINGS = (*SETTINGS, "synchronous_commit", "fsync", "default_transaction_isolation")


def prepared(transactions: Sequence[Transaction], mark: str) -> Prepared:
    """Every statement and its parameters, ready to be executed."""
    return [[write.statement(mark) for write in transaction] for transaction in transactions]


class SqliteByHand:
    """Stdlib sqlite3: BEGIN IMMEDIATE, one execute for each row, COMMIT."""

    mark = "?"

    def __init__(self, file: Path, synchronous: Synchronous) -> None:
        self.raw = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        for name, value in {**PRAGMAS, "synchronous": synchronous}.items():
            self.raw.execute(f"PRAGMA {name} = {value}")

    def commit(self, transactions: Prepared) -> list[float]:
        """Commit them one after the other; seconds each took."""
        return _timed(self.raw.cursor().execute, "BEGIN IMMEDIATE", transactions)

    def checkpoint(self) -> None:
        """What the engine's store does in an idle moment."""
        self.raw.execute("PRAGMA wal_checkpoint(PASSIVE)")

    def close(self) -> None:
        self.raw.close()


class PostgresqlByHand:
    """psycopg, statement by statement: BEGIN, one execute for each row, COMMIT."""

    mark = "%s"

    def __init__(self, url: str, synchronous: Synchronous) -> None:
        import psycopg

        self.raw = psycopg.connect(url.replace("+psycopg", ""), autocommit=True, prepare_threshold=1)
        for name, value in {**SETTINGS, "synchronous_commit": "on" if synchronous == "FULL" else "off"}.items():
            self.raw.execute(f"SET {name} = '{value}'")

    def commit(self, transactions: Prepared) -> list[float]:
        """Commit them one after the other; seconds each took."""
        return _timed(self.raw.cursor().execute, "BEGIN", transactions)

    def checkpoint(self) -> None:
        """The server's own business."""

    def close(self) -> None:
        self.raw.close()


def _timed(execute: Callable[..., Any], begin: str, transactions: Prepared) -> list[float]:
    times = []
    for statements in transactions:
        began = perf_counter()
        execute(begin)
        for text, parameters in statements:
            execute(text, parameters)
        execute("COMMIT")
        times.append(perf_counter() - began)
    return times

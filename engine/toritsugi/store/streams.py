"""A table read once, in the order of its cases, so that many tables can be walked side by side in little memory."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from toritsugi.store.tables import METADATA

_AT_A_TIME = 500


def snapshot(engine: sa.Engine) -> sa.Connection:
    """A connection all of whose reads see one moment."""
    connection = engine.connect()
    if engine.dialect.name == "postgresql":
        connection = connection.execution_options(isolation_level="REPEATABLE READ")
    return connection


def streamed(connection: sa.Connection, query: sa.Select[Any]) -> Iterator[Any]:
    """The rows of a query, a few at a time."""
    return iter(connection.execute(query.execution_options(yield_per=_AT_A_TIME)))


class Stream:
    """The rows of one table, handed out case by case in ascending id."""

    def __init__(self, connection: sa.Connection, table: str, *, key: str = "case_id", then: tuple[str, ...] = ()):
        found = METADATA.tables[table]
        order = [found.c[name] for name in (key, *then)]
        self._key = key
        self._rows: Iterator[Any] = streamed(connection, sa.select(found).order_by(*order))
        self._next: Any = next(self._rows, None)

    def take(self, case_id: str) -> list[Any]:
        """The rows of this case; those of cases before it must have been asked for."""
        rows = []
        while self._next is not None and getattr(self._next, self._key) == case_id:
            rows.append(self._next)
            self._next = next(self._rows, None)
        return rows

    def skipped(self, case_id: str | None) -> Iterator[tuple[str, list[Any]]]:
        """The rows of cases before `case_id` (None: of all), which no case owns: (case id, its rows)."""
        while self._next is not None and (case_id is None or getattr(self._next, self._key) < case_id):
            stray = getattr(self._next, self._key)
            yield stray, self.take(stray)

    def __iter__(self) -> Iterator[Any]:
        """All rows that are left."""
        while self._next is not None:
            row, self._next = self._next, next(self._rows, None)
            yield row

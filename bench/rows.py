"""What an engine committed, transaction by transaction, read back from its tables for a program by hand to commit again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from toritsugi.engine import Engine
from toritsugi.store.tables import METADATA

#: every table in the order in which rows can be put into it.
TABLES: Sequence[sa.Table] = [table for table in METADATA.sorted_tables if table.name != "toritsugi_schema"]
#: those with rows of a case, and the column that says whose.
OF_CASE = {
    table.name: "id" if "case_id" not in table.c else "case_id"
    for table in TABLES
    if table.name != "toritsugi_procedure"
}

Rows = Mapping[tuple[str, tuple[Any, ...]], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Write:
    """One row that is put in, or the columns of one row that change."""

    table: str
    columns: Mapping[str, Any]
    #: the key of the row that changes, a case's old revision included; None: a new row.
    where: Mapping[str, Any] | None

    def statement(self, mark: str) -> tuple[str, tuple[Any, ...]]:
        """Its text, with `mark` (? or %s) for each parameter, and the parameters."""
        names = list(self.columns)
        if self.where is None:
            marks = ", ".join([mark] * len(names))
            return f"INSERT INTO {self.table} ({', '.join(names)}) VALUES ({marks})", tuple(self.columns.values())
        sets = ", ".join(f"{name} = {mark}" for name in names)
        keys = " AND ".join(f"{name} = {mark}" for name in self.where)
        return f"UPDATE {self.table} SET {sets} WHERE {keys}", (*self.columns.values(), *self.where.values())


Transaction = Sequence[Write]


def rows_of(engine: Engine, case_ids: Iterable[str]) -> Rows:
    """Every row of these cases as it stands."""
    ids, found = list(case_ids), {}
    with engine.store.engine.connect() as connection:
        for table in TABLES:
            owner = OF_CASE.get(table.name)
            if owner is None or table.name == "toritsugi_seal":
                continue
            keys = [column.name for column in table.primary_key]
            for row in connection.execute(sa.select(table).where(table.c[owner].in_(ids))).mappings():
                found[table.name, tuple(row[key] for key in keys)] = dict(row)
    return found


def procedure_rows(engine: Engine) -> Transaction:
    """What puts the procedures in place that cases are pinned to."""
    with engine.store.engine.connect() as connection:
        rows = connection.execute(sa.select(METADATA.tables["toritsugi_procedure"])).mappings().all()
    return [Write("toritsugi_procedure", dict(row), None) for row in rows]


def changes(before: Rows, after: Rows) -> Transaction:
    """What leads from one state of the rows to the next, as few columns as possible."""
    writes = []
    order = {table.name: place for place, table in enumerate(TABLES)}
    for (table, key), row in sorted(after.items(), key=lambda one: (order[one[0][0]], one[0][1])):
        old = before.get((table, key))
        if old is None:
            writes.append(Write(table, row, None))
        elif old != row:
            names = [column.name for column in METADATA.tables[table].primary_key]
            where = dict(zip(names, key, strict=True))
            if "revision" in row:
                where["revision"] = old["revision"]
            writes.append(Write(table, {name: value for name, value in row.items() if old[name] != value}, where))
    return writes


@dataclass(frozen=True, slots=True)
class Holding:
    """How much a table holds."""

    rows: int
    bytes: int


def holdings(engine: sa.Engine, without: Iterable[str] = ()) -> dict[str, Holding]:
    """Rows and bytes of each table: texts in UTF-8, numbers in decimal, so that it means the same in both databases."""
    result = {}
    with engine.connect() as connection:
        for table in TABLES:
            if table.name not in without:
                rows = size = 0
                for row in connection.execute(sa.select(table)):
                    rows += 1
                    size += sum(_size(value) for value in row)
                result[table.name] = Holding(rows, size)
    return result


def _size(value: Any) -> int:
    if isinstance(value, str):
        return len(value.encode())
    if isinstance(value, bytes):
        return len(value)
    return 0 if value is None else len(str(int(value)))

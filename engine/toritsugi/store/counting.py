"""How many cases there are of what a decision counts: one query, over indexes that lead to few rows.

Open cases are found by their procedure (and subject), ended ones only by procedure and subject: what a case has in common
with others, and when it was, stands in its body, which is opened for cases in one of the states asked for. There is no
index on the state or the body, because PostgreSQL would then touch every index at every event of every procedure.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSON
from sqlalchemy.engine import Dialect

from toritsugi.core.lookups import Counted, Tally
from toritsugi.core.plainjson import encode
from toritsugi.store.tables import case

#: a statement, and what its parameters are to be.
Question = tuple[str, tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class _Shape:
    """All of a tally but its values: one statement for each, and a procedure has few."""

    states: int
    ended: bool
    about: bool
    fields: tuple[str, ...]
    during: str | None


class Counting:
    """Puts the question of a tally in the words of one database."""

    def __init__(self, dialect: Dialect) -> None:
        sqlite = dialect.name == "sqlite"
        inside = _in_sqlite if sqlite else _in_postgresql
        #: how a text is given that is compared with one inside a body.
        self._written: Callable[[str], str] = str if sqlite else encode
        self._render = lru_cache(256)(lambda shape, again: _rendered(shape, again, inside, dialect))

    def question(self, tally: Tally) -> Question:
        """How many there are: one row, one number."""
        text, names = self._render(_shape(tally), False)
        values = self._values(tally)
        return text, tuple([values[name] for name in names])

    def still(self, counted: Counted) -> Question:
        """Whether there are so many: one row, or none."""
        text, names = self._render(_shape(counted.tally), True)
        values = {**self._values(counted.tally), "number_then": counted.number_then}
        return text, tuple([values[name] for name in names])

    def _values(self, tally: Tally) -> dict[str, Any]:
        found: dict[str, Any] = {"procedure": tally.procedure, "subject": tally.subject}
        found |= {f"state_{number}": state for number, state in enumerate(tally.states)}
        found |= {f"value_{number}": self._written(value) for number, (_, value) in enumerate(tally.values)}
        if tally.during:
            found |= {"first": self._written(tally.during[1]), "last": self._written(tally.during[2])}
        return found


def _shape(tally: Tally) -> _Shape:
    fields = tuple([field for field, _ in tally.values])
    during = tally.during[0] if tally.during else None
    return _Shape(len(tally.states), tally.ended, tally.subject is not None, fields, during)


def _rendered(shape: _Shape, again: bool, inside: Callable[[str], Any], dialect: Dialect) -> tuple[str, Sequence[str]]:
    number: Any = _number(shape, ~case.c.ended, inside)
    if shape.ended:
        # apart, so that each half has an index of its own
        number += _number(shape, case.c.ended & case.c.subject.is_not(None), inside)
    query = sa.select(number)
    if again:
        query = sa.select(sa.literal_column("1")).where(number == sa.bindparam("number_then", type_=sa.BigInteger))
    compiled: Any = query.compile(dialect=dialect)
    return str(compiled).replace("\n", " "), tuple(compiled.positiontup or ())


def _number(shape: _Shape, standing: sa.ColumnElement[bool], inside: Callable[[str], Any]) -> Any:
    wanted = [case.c.procedure == _given("procedure"), standing]
    if shape.about:
        wanted.append(case.c.subject == _given("subject"))
    wanted.append(case.c.state.in_([_given(f"state_{number}") for number in range(shape.states)]))
    wanted += [inside(field) == _given(f"value_{number}") for number, field in enumerate(shape.fields)]
    if shape.during:
        wanted.append(inside(shape.during).between(_given("first"), _given("last")))
    return sa.select(sa.func.count()).select_from(case).where(*wanted).scalar_subquery()


def _given(name: str) -> sa.BindParameter[str]:
    return sa.bindparam(name, type_=sa.Text)


def _in_sqlite(field: str) -> Any:
    # the id of a field is lower-case letters, digits and `_`, whoever wrote it
    return sa.func.json_extract(case.c.body, sa.literal_column(f"'$.data.{_id(field)}'"), type_=sa.Text)


def _in_postgresql(field: str) -> Any:
    # as it is written in the body, quotes included, so that a number is no text; and byte by byte, as in SQLite
    data = sa.cast(case.c.body, JSON).op("->", return_type=JSON)(sa.literal_column("'data'"))
    found = data.op("->", return_type=JSON)(sa.literal_column(f"'{_id(field)}'"))
    return sa.cast(found, sa.Text).collate("C")


def _id(field: str) -> str:
    if not (field.isascii() and field.replace("_", "a").isalnum()):
        raise ValueError(f"no field is called {field!r}")
    return field

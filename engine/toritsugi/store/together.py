"""Acts over several cases, put together again from the rows of their cases: of each, every part must be there once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

#: what an act wants of which every part has come.
_NOTHING: frozenset[int] = frozenset()


class Together:
    """Takes rows in any order; what does not add up at the end is an act of which a part is missing or stands twice."""

    def __init__(self) -> None:
        #: id -> numbers of the parts that have not come yet; kept when there are none, to know a part that comes again.
        self._wanting: dict[str, frozenset[int]] = {}
        #: ids of the acts of which a part came that was not wanted.
        self._twice: set[str] = set()

    def add(self, record: Mapping[str, Any]) -> None:
        """Take a row, if it belongs to an act over several cases."""
        mark = record.get("sitting")
        if mark is None:
            return
        id_, number = mark["id"], mark["number"]
        wanting = self._wanting.get(id_)
        if wanting is None:
            wanting = frozenset(range(1, mark["of"] + 1))
        if number not in wanting:
            self._twice.add(id_)
        self._wanting[id_] = wanting - {number} or _NOTHING

    def broken(self) -> Iterator[str]:
        """The ids of the acts that do not add up."""
        yield from sorted(self._twice | {id_ for id_, wanting in self._wanting.items() if wanting})

"""Acts over several cases, put together again from the rows of their cases: of each, every part must be there once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


class Together:
    """Takes rows in any order; what is left at the end is an act of which a part is missing or stands twice."""

    def __init__(self) -> None:
        #: id -> numbers of the parts that have not come yet.
        self._open: dict[str, set[int]] = {}

    def add(self, record: Mapping[str, Any]) -> None:
        """Take a row, if it belongs to an act over several cases."""
        mark = record.get("sitting")
        if mark is None:
            return
        wanting = self._open.setdefault(mark["id"], set(range(1, mark["of"] + 1)))
        wanting ^= {mark["number"]}  # a part that comes twice stays behind
        if not wanting:
            del self._open[mark["id"]]

    def broken(self) -> Iterator[str]:
        """The ids of the acts that do not add up."""
        yield from sorted(self._open)

"""The catalogues as a scenario has them: those that are installed, but for the calls that it says are open or closed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from toritsugi.definition.measure import Catalogue, Row, RowKind, RowStatus, When, Window
from toritsugi.runtime.catalogues import Catalogues


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What a scenario says of a row: it is closed, it is open, or it is open on these days."""

    status: RowStatus
    window: tuple[date, date] | None = None

    def told_of(self, row: Row) -> Row:
        """The row, with this call."""
        if self.window is None:
            return replace(row, status=self.status)
        opens, closes = self.window
        return replace(row, status=self.status, when=When.DATES, windows=(Window(opens=opens, closes=closes),))


class CalledCatalogues(Catalogues):
    """Catalogues in which some rows stand as a scenario has said."""

    def __init__(self, base: Catalogues) -> None:
        super().__init__(())
        self._base = base
        #: number of the row -> its call; looked at whenever the catalogues are.
        self.calls: Mapping[str, Call] = {}

    def __bool__(self) -> bool:
        return bool(self._base)

    @property
    def all(self) -> tuple[Catalogue, ...]:
        """The installed catalogues, and in them what the scenario says."""
        return tuple(self._told(one) for one in self._base.all) if self.calls else self._base.all

    def numbers(self) -> Iterable[str]:
        """Every number of a measure."""
        return [number for one in self._base.all if one.kind is RowKind.MEASURES for number in one.rows]

    def _told(self, catalogue: Catalogue) -> Catalogue:
        if self.calls.keys().isdisjoint(catalogue.rows):
            return catalogue
        rows = {
            number: self.calls[number].told_of(row) if number in self.calls else row
            for number, row in catalogue.rows.items()
        }
        return replace(catalogue, rows=rows)

"""The figures of a run: what was measured, what was aimed at, as a table and as one JSON object."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure beside its target."""

    #: names it in the JSON.
    id: str
    #: what was measured, in words.
    title: str
    value: float
    #: how the value is printed: a ratio "0.53", a multiple "1.9 x", a time "0.31 ms".
    unit: str = "x"
    target: float | None = None
    stretch: float | None = None
    #: a larger value is the better one.
    more_is_better: bool = False
    #: what the value was made of, in microseconds unless the name says otherwise; printed below the table.
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None: there is none."""
        return self._reaches(self.target)

    def _reaches(self, bound: float | None) -> bool | None:
        if bound is None:
            return None
        return self.value >= bound if self.more_is_better else self.value <= bound

    def cells(self) -> tuple[str, ...]:
        """The row of the table."""
        verdict = {None: "", True: "met", False: "MISSED"}[self.met]
        if self._reaches(self.stretch):
            verdict = "stretch"
        sign = "≥" if self.more_is_better else "≤"
        bounds = ["" if bound is None else f"{sign} {self._shown(bound)}" for bound in (self.target, self.stretch)]
        return (self.title, self._shown(self.value), *bounds, verdict)

    def _shown(self, value: float) -> str:
        return f"{value:.2f} {self.unit}".strip()


def table(figures: Sequence[Figure]) -> str:
    """All figures, one line each."""
    head = ("figure", "seen", "target", "stretch", "")
    lines = [head, *(figure.cells() for figure in figures)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )


def details(figures: Sequence[Figure]) -> str:
    """What the figures were made of."""
    told = [(figure.id, figure.details) for figure in figures if figure.details]
    return "\n".join(f"{id_}: " + ", ".join(f"{name} {value}" for name, value in parts.items()) for id_, parts in told)


def as_json(figures: Sequence[Figure], about: Mapping[str, Any]) -> str:
    """Everything, on one line."""
    return json.dumps(
        {**about, "figures": [{**asdict(figure), "met": figure.met} for figure in figures]}, ensure_ascii=False
    )

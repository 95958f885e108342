"""Counts in a procedure: how many other cases stand in certain states, as a number that rules may read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from toritsugi.definition.origin import Origin
from toritsugi.definition.types import Title


class Period(StrEnum):
    """The stretch of time around the day of the act in which a date has to lie."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    #: April to March.
    FISCAL_YEAR = "fiscal_year"


@dataclass(frozen=True, slots=True, kw_only=True)
class During:
    """When the cases were that are counted."""

    #: field of those cases with the date.
    date: str
    period: Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many other cases there are; the case that asks is never one of them."""

    id: str
    title: Title
    #: the procedure of the cases that are counted.
    procedure: str
    #: ids of the states that they are in, states with parts written out.
    states: tuple[str, ...]
    #: some of these states end a case.
    ended: bool = False
    #: they are about what the asking case is about.
    about_same: bool = False
    #: field of those cases <- field of the asking case: both have the same value.
    same: Mapping[str, str] = field(default_factory=dict)
    during: During | None = None
    #: parties that may know the number; to all others it is as if nobody had counted.
    seen_by: tuple[str, ...] = ()
    origin: Origin | None = None

"""The first day of a series on or after a date: the day itself, and the open day it is moved to, of one occurrence.

Theory. Moving days off closed ones never changes their order, so the first occurrence, in the order of the days as the
rule names them, whose *moved* day is not too early is the one that is looked for. Moved forward, an occurrence may begin
before the date and still be held on or after it: so the search begins after the last open day before the date. Moved
backward, one may begin after the date and be held before it: it is passed over.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from toritsugi.core.calendar import Calendar, CalendarTooShort
from toritsugi.definition.recurring import Day, Every, Recurrence, Series
from toritsugi.definition.types import Title

_DAY = timedelta(days=1)
#: years in which every series that may be written comes again (the fifth Monday of February: 28, or 40 around 2100).
_YEARS = 41


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """One time that a series comes."""

    #: the day that the rule names.
    named: date
    #: the day on which it is held: the same, or an open day next to it.
    held: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """How a day of a series was found."""

    #: what the series is called.
    title: Title
    rule: Recurrence
    #: title of the institution whose own rule it is; None: the procedure's.
    own: Title | None
    #: the date that was asked from.
    asked: date
    #: True: after it, not on it.
    after: bool
    occurrence: Occurrence
    #: what closed the day that the rule names; None: it was not moved.
    closed: Title | None


def reached(series: Series, calendar: Calendar | None, day: date, *, after: bool) -> Reached | None:
    """The first day of a series on or after a date, with how it was found; None: there is none.

    Raises:
        CalendarTooShort: as `first_held`.
    """
    rule = rule_of(series, calendar)
    found = first_held(rule, calendar, day, after=after)
    if found is None:
        return None
    own = calendar.title if calendar is not None and series.id in calendar.recurring else None
    closure = calendar.why_closed(found.named) if calendar is not None and found.named != found.held else None
    closed = None if closure is None else closure.title
    return Reached(title=series.title, rule=rule, own=own, asked=day, after=after, occurrence=found, closed=closed)


def rule_of(series: Series, calendar: Calendar | None) -> Recurrence:
    """By which rule a series comes: the institution's own if its manifest has one, else the procedure's."""
    own = None if calendar is None else calendar.recurring.get(series.id)
    return series.rule if own is None else own


@lru_cache(maxsize=4096)
def first_held(rule: Recurrence, calendar: Calendar | None, day: date, *, after: bool = False) -> Occurrence | None:
    """The first occurrence that is held on or after a day; None: there is none until the year 9999.

    Args:
        calendar: needed where the rule moves closed days.
        after: not on the day itself.
    Raises:
        CalendarTooShort: the calendar ends before the answer.
    """
    try:
        earliest = day + _DAY if after else day
        begin = earliest
        if rule.roll == "next" and calendar is not None:
            begin = calendar.previous_open(earliest - _DAY) + _DAY
        for named in _from(rule, begin):
            held = _moved(named, rule.roll, calendar)
            if held >= earliest:
                return Occurrence(named=named, held=held)
    except OverflowError:
        return None
    return None


def _moved(day: date, roll: str, calendar: Calendar | None) -> date:
    if roll == "none":
        return day
    if calendar is None:
        raise CalendarTooShort("-", day, day)
    return calendar.next_open(day) if roll == "next" else calendar.previous_open(day)


def _from(rule: Recurrence, begin: date) -> Iterator[date]:
    """The days that the rule names, from `begin` on."""
    if rule.every is Every.WEEK:
        monday = begin - timedelta(days=begin.weekday())
        periods: Iterator[list[date]] = (_of_week(rule.on, monday + timedelta(weeks=n)) for n in range(_YEARS * 53))
    elif rule.every is Every.MONTH:
        periods = (_of_month(rule.on, *_month(begin, n)) for n in range(_YEARS * 12))
    else:
        periods = (_of_year(rule.on, begin.year + n) for n in range(_YEARS))
    for days in periods:
        yield from (day for day in days if day >= begin)


def _month(begin: date, n: int) -> tuple[int, int]:
    year, month = divmod(begin.year * 12 + begin.month - 1 + n, 12)
    return year, month + 1


def _of_week(on: tuple[Day, ...], monday: date) -> list[date]:
    return sorted({monday + timedelta(days=day.weekday or 0) for day in on})


def _of_month(on: tuple[Day, ...], year: int, month: int) -> list[date]:
    if year > date.max.year:
        raise OverflowError
    found = {_in_month(day, year, month) for day in on}
    return sorted(day for day in found if day is not None)


def _of_year(on: tuple[Day, ...], year: int) -> list[date]:
    if year > date.max.year:
        raise OverflowError
    found = {_in_month(day, year, day.month or 1) for day in on}
    return sorted(day for day in found if day is not None)


def _in_month(day: Day, year: int, month: int) -> date | None:
    """The day of one month; None: it has no fifth such weekday. A number it has not means its last day."""
    first_weekday, length = monthrange(year, month)
    if day.weekday is None:
        return date(year, month, length if day.number < 0 else min(day.number, length))
    first = 1 + (day.weekday - first_weekday) % 7
    number = first + 7 * (day.number - 1)
    if day.number < 0:
        number = first + 7 * ((length - first) // 7)
    return date(year, month, number) if number <= length else None

"""Arithmetic of rules as closures: exact fractions as pairs of whole numbers, roundings, and dates that are moved.

A number on its way is (above, below) with `below` over 0; nothing is ever a float. What is not set makes the whole not
set, and so does a date that leaves the calendar.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from toritsugi.core.calendar import CalendarTooShort
from toritsugi.core.deadline import due_date
from toritsugi.core.recurring import Occurrence, first_held, rule_of
from toritsugi.definition.duration import Direction, Duration, Unit
from toritsugi.definition.terms import (
    Expression,
    Extreme,
    FirstOf,
    LastDay,
    Moved,
    Percent,
    Product,
    Rounded,
    Rounding,
    Sum,
)
from toritsugi.definition.types import Kind

Environment = Mapping[str, Any]
Compiled = Callable[[Environment], Any]
#: (above, below): below is over 0.
Ratio = Callable[[Environment], tuple[int, int] | None]
#: compiles any other expression.
Leaf = Callable[[Expression], Compiled]


def calendar_key(institution: str) -> str:
    """Where an environment holds the calendar of an institution; no name of a case can be spelled like it."""
    return f"calendar of {institution}"


def ratio(expression: Expression, leaf: Leaf) -> Ratio:
    """A number, exactly."""
    match expression:
        case Percent(value=value):
            return lambda env: (value, 100)
        case Product():
            return _product(expression, leaf)
        case Sum():
            return _sum(expression, leaf)
        case Extreme():
            return _extreme(expression, leaf)
    answer = leaf(expression)

    def whole(env: Environment) -> tuple[int, int] | None:
        here = answer(env)
        return None if here is None else (here, 1)

    return whole


def _product(expression: Product, leaf: Leaf) -> Ratio:
    factors = tuple((factor.divides, ratio(factor.value, leaf)) for factor in expression.factors)

    def product(env: Environment) -> tuple[int, int] | None:
        above, below = 1, 1
        for divides, factor in factors:
            here = factor(env)
            if here is None or (divides and here[0] == 0):
                return None
            over, under = reversed(here) if divides else here
            above, below = above * over, below * under
        return (above, below) if below > 0 else (-above, -below)

    return product


def _sum(expression: Sum, leaf: Leaf) -> Ratio:
    terms = tuple((term.sign, ratio(term.value, leaf)) for term in expression.terms)

    def total(env: Environment) -> tuple[int, int] | None:
        above, below = 0, 1
        for sign, term in terms:
            here = term(env)
            if here is None:
                return None
            above, below = above * here[1] + sign * here[0] * below, below * here[1]
        return above, below

    return total


def _extreme(expression: Extreme, leaf: Leaf) -> Ratio:
    one, other, largest = ratio(expression.one, leaf), ratio(expression.other, leaf), expression.largest

    def extreme(env: Environment) -> tuple[int, int] | None:
        here, there = one(env), other(env)
        if here is None or there is None:
            return None
        larger = here[0] * there[1] > there[0] * here[1]
        return here if larger is largest else there

    return extreme


def number(expression: Product | Sum | Extreme, leaf: Leaf) -> Compiled:
    """A number that is whole for certain."""
    exact = ratio(expression, leaf)

    def whole(env: Environment) -> int | None:
        here = exact(env)
        return None if here is None else here[0] // here[1]

    return whole


def rounded(expression: Rounded, leaf: Leaf) -> Compiled:
    """A number rounded by its size: up is away from 0, half up takes a half away from 0."""
    exact, mode, unit = ratio(expression.value, leaf), expression.mode, expression.unit

    def rounds(env: Environment) -> int | None:
        here = exact(env)
        if here is None:
            return None
        above, below = here
        units, rest = divmod(abs(above), below * unit)
        if mode is Rounding.UP:
            units += rest > 0
        elif mode is Rounding.HALF_UP:
            units += 2 * rest >= below * unit
        return units * unit * (-1 if above < 0 else 1)

    return rounds


def first_or_last(expression: Extreme, leaf: Leaf) -> Compiled:
    """The earlier or later of two dates or moments: their stored forms sort as they do."""
    one, other, largest = leaf(expression.one), leaf(expression.other), expression.largest

    def pick(env: Environment) -> Any:
        here, there = one(env), other(env)
        if here is None or there is None:
            return None
        return max(here, there) if largest else min(here, there)

    return pick


def moved(expression: Moved, leaf: Leaf) -> Compiled:
    """A date some business days, months or years before or after another."""
    base, by = leaf(expression.base), expression.by
    key = calendar_key(expression.calendar or "")
    if by.unit is not Unit.business_days:
        months = by.count * (12 if by.unit is Unit.years else 1) * (-1 if by.direction is Direction.before else 1)
        return lambda env: _dated(base(env), lambda day: same_number(day, months))

    def counted(env: Environment) -> str | None:
        calendar = env.get(key)
        return None if calendar is None else _dated(base(env), lambda day: due_date(by, day, calendar).due)

    return counted


def first_of(expression: FirstOf, leaf: Leaf) -> Compiled:
    """The first day of a series on or after a date, by the institution's own rule if it has one."""
    base, series, after = leaf(expression.base), expression.series, expression.after
    key = calendar_key(series.calendar or "")

    def found(env: Environment) -> str | None:
        calendar = env.get(key)
        return _dated(base(env), lambda day: _held(first_held(rule_of(series, calendar), calendar, day, after=after)))

    return found


def _held(found: Occurrence | None) -> date:
    if found is None:
        raise OverflowError
    return found.held


def last_day(expression: LastDay, leaf: Leaf) -> Compiled:
    """The last day of a term: its first day counts (CAL-8; 70 days end 69 days later)."""
    base, term = leaf(expression.base), expression.term
    return lambda env: _dated(base(env), lambda day: _end_of(day, term))


def _end_of(day: date, term: Duration) -> date:
    if term.unit is Unit.calendar_days:
        return date.fromordinal(day.toordinal() + term.count - 1)
    after = same_number(day, term.count * (12 if term.unit is Unit.years else 1))
    return after if after.day != day.day else date.fromordinal(after.toordinal() - 1)


def same_number(day: date, months: int) -> date:
    """The day with the same number so many months later or earlier; the last day of that month where there is none.

    Raises:
        ValueError: it lies outside the years 1 to 9999.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        raise ValueError("outside the calendar")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _dated(day: str | None, move: Callable[[date], date]) -> str | None:
    if day is None:
        return None
    try:
        return move(date.fromisoformat(day)).isoformat()
    except (CalendarTooShort, ValueError, OverflowError):
        return None


def is_date(expression: Expression) -> bool:
    """Whether its stored form is a date or a moment, and no number."""
    return expression.type.kind in (Kind.DATE, Kind.MOMENT)

"""The date arithmetic of a deadline: from a start date to a due date, with every day accounted for and no words.

Each answer depends on dates alone and is remembered per start date, count and calendar; a hot desk asks for the same
few over and over.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from toritsugi.core.calendar import Calendar, CalendarTooShort, Skipped
from toritsugi.core.moments import jst_midnight
from toritsugi.definition.duration import Direction, Duration, Unit

__all__ = ["Reckoning", "Roll", "count_back", "count_calendar", "count_on", "take_as_printed"]

_REMEMBERED = 4096
_LONG_UNITS = (Unit.months, Unit.years)


class Roll(StrEnum):
    """What happens when a due date in days, weeks, months or years falls on a closed day (CAL-7)."""

    none = "none"
    next = "next"
    previous = "previous"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reckoning:
    """One count, carried out. Compared by identity, so that it is a cheap key for the words about it."""

    #: The date counted from; it is not counted itself, except as the first day of a term.
    start: date
    #: Last day on which the act is in time.
    due: date
    #: 00:00 JST of the day after `due`, microseconds UTC (CAL-9).
    fires_at: int
    #: 00:00 JST of the first day of the window this answer can open; None: it opens none.
    window_opens: int | None
    #: Business days counted, in the order of counting; empty for calendar arithmetic.
    counted: tuple[date, ...]
    #: Closed days passed over, earliest first, weekends included; empty for calendar arithmetic.
    skipped: tuple[Skipped, ...]
    #: The last day of which it mattered whether it is open.
    looked_until: date
    #: The due date before it was rolled; None: it was not.
    rolled_from: date | None = None


@lru_cache(maxsize=_REMEMBERED)
def count_on(accepted: date, count: int, calendar: Calendar) -> Reckoning:
    """`count` business days after the day of acceptance (CAL-5)."""
    last = calendar.count_forward(accepted, count)
    return Reckoning(
        start=accepted,
        due=last,
        fires_at=_end_of(last, calendar),
        window_opens=None,
        counted=(*calendar.open_between(accepted, last), last),
        skipped=calendar.closed_between(accepted, last),
        looked_until=last,
    )


@lru_cache(maxsize=_REMEMBERED)
def count_back(anchor: date, count: int, calendar: Calendar) -> Reckoning:
    """`count` business days before the anchor; the one found is the last day in time (CAL-6)."""
    last = calendar.count_backward(anchor, count)
    return Reckoning(
        start=anchor,
        due=last,
        fires_at=_end_of(last, calendar),
        window_opens=jst_midnight(last),
        counted=(*reversed(calendar.open_between(last, anchor)), last),
        skipped=calendar.closed_between(last, anchor),
        looked_until=anchor - timedelta(days=1),
    )


@lru_cache(maxsize=_REMEMBERED)
def count_calendar(
    start: date, duration: Duration, calendar: Calendar, roll: Roll, first_day_counts: bool
) -> Reckoning:
    """Days and weeks by CAL-7, months and years by CAL-8; moved off a closed day only where `roll` says so."""
    exact = _calendar_arithmetic(start, duration, calendar, first_day_counts)
    last = _rolled(exact, roll, calendar)
    back = duration.direction is Direction.before
    term = first_day_counts or (duration.unit in _LONG_UNITS and not back)
    return Reckoning(
        start=start,
        due=last,
        fires_at=_end_of(last, calendar),
        window_opens=jst_midnight(last) if back else jst_midnight(start) if term else None,
        counted=(),
        skipped=(),
        looked_until=max(exact, last),
        rolled_from=exact if last != exact else None,
    )


@lru_cache(maxsize=_REMEMBERED)
def take_as_printed(printed: date, calendar: Calendar) -> Reckoning:
    """A date on a form, taken as it stands (AMB-30)."""
    return Reckoning(
        start=printed,
        due=printed,
        fires_at=_end_of(printed, calendar),
        window_opens=None,
        counted=(),
        skipped=(),
        looked_until=printed,
    )


def _calendar_arithmetic(start: date, duration: Duration, calendar: Calendar, first_day_counts: bool) -> date:
    sign = -1 if duration.direction is Direction.before else 1
    try:
        if duration.unit in _LONG_UNITS:
            return _months_from(start, sign * duration.count * (12 if duration.unit is Unit.years else 1))
        days = duration.count * (7 if duration.unit is Unit.weeks else 1) - first_day_counts
        return start + timedelta(days=sign * days)
    except OverflowError:
        raise CalendarTooShort(calendar.id, calendar.first, calendar.last) from None


def _months_from(start: date, months: int) -> date:
    """CAL-8 forward: the day before the same number `months` later. Backward: the same number, that much earlier.

    Where that number does not exist, the last day of that month. CAL-8 is silent about backward; here it follows
    CAL-7: the anchor is not counted and the day found is inclusive.
    """
    year, month0 = divmod(start.year * 12 + start.month - 1 + months, 12)
    if not date.min.year <= year < date.max.year:
        raise OverflowError
    after = date(year + (month0 == 11), (month0 + 1) % 12 + 1, 1)
    last_of_month = after - timedelta(days=1)
    if start.day > last_of_month.day:
        return last_of_month
    same_number = last_of_month.replace(day=start.day)
    return same_number if months < 0 else same_number - timedelta(days=1)


def _rolled(day: date, roll: Roll, calendar: Calendar) -> date:
    if roll is Roll.none:
        return day
    return calendar.next_open(day) if roll is Roll.next else calendar.previous_open(day)


def _end_of(day: date, calendar: Calendar) -> int:
    if day == date.max:
        raise CalendarTooShort(calendar.id, calendar.first, calendar.last)
    return jst_midnight(day + timedelta(days=1))

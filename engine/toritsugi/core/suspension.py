"""Suspended deadlines: how many days are left when one stops, and when it is due once it goes on.

A deadline stops on the day of the act that suspends it and goes on after the day of the act that resumes it: neither of
these days counts, nor any between. So every day that counts lies wholly outside the suspension, and at least one is left.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from toritsugi.core.calendar import Calendar
from toritsugi.core.deadline import Due, Roll, Suspension, due_date
from toritsugi.core.moments import jst_date
from toritsugi.core.values import RunningDeadline, SuspendedDeadline
from toritsugi.definition.duration import Duration, Unit
from toritsugi.definition.model import Deadline

_ONE_DAY = timedelta(days=1)


def span_of(due: Due) -> tuple[str, str]:
    """The day after which the days of a deadline are counted, and the last of them, before it was moved off a closed day."""
    found = due.reckoning
    long = due.duration is not None and due.duration.unit in (Unit.months, Unit.years)
    # the first day of a term in months or years is its first day; of everything else it is the day before that
    before = found.start - _ONE_DAY if long else found.start
    return before.isoformat(), (found.rolled_from or found.due).isoformat()


def suspended(running: RunningDeadline, spec: Deadline, occurred_at: int, calendar: Calendar) -> SuspendedDeadline:
    """A running deadline that stops by an act at `occurred_at` (microseconds UTC), before it is due."""
    since = jst_date(occurred_at)
    before, last = (date.fromisoformat(day) for day in running.span or (since.isoformat(), running.due_on))
    # the last day before the first that is left
    passed = max(before, since - _ONE_DAY)
    if counted_in(spec) is Unit.business_days:
        left = len(calendar.open_between(passed, last)) + (last > passed)
    else:
        left = (last - passed).days
    return SuspendedDeadline(
        name=running.name, seq=running.seq, due_on=running.due_on, since=since.isoformat(), left=max(left, 1)
    )


def resumed(stopped: SuspendedDeadline, spec: Deadline, occurred_at: int, calendar: Calendar) -> Due:
    """When the deadline falls that goes on by an act at `occurred_at`.

    Raises:
        CalendarTooShort: the date lies beyond the calendar.
    """
    since = date.fromisoformat(stopped.since)
    # what is said to have resumed it before it stopped resumed it at once
    start: int | date = since if jst_date(occurred_at) < since else occurred_at
    until = jst_date(start) if isinstance(start, int) else start
    unit = counted_in(spec)
    due = due_date(Duration(count=stopped.left, unit=unit), start, calendar, roll=Roll(spec.roll))
    return replace(due, suspension=Suspension(since=since, until=until, left=stopped.left, unit=unit))


def days_left(marks: str) -> int | None:
    """How many days were left, in what a history row says of a deadline: `suspended:8`; None: it did not stop there."""
    return next((int(mark[len(SUSPENDED) :]) for mark in marks.split(",") if mark.startswith(SUSPENDED)), None)


#: What a history row says of a deadline that stops, before the number of days left.
SUSPENDED = "suspended:"


def counted_in(spec: Deadline) -> Unit:
    """In what the days left are counted: business days, or days as they come."""
    business = spec.within is not None and spec.within.unit is Unit.business_days
    return Unit.business_days if business else Unit.calendar_days

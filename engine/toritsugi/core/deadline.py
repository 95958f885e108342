"""Due dates: what a duration, a start and a calendar give, with an account of every day.

All dates are dates in Japan. A deadline fires at 00:00 of the day after its due date (CAL-9), so an act is in time
exactly when its moment lies before that. Only a forward count of business days asks when something was accepted
(CAL-4); backward counts, days, weeks, months and years start from the date itself (CAL-6 to CAL-8).
"""

from dataclasses import dataclass, field
from datetime import date, datetime

from toritsugi.core.calendar import Calendar, Skipped
from toritsugi.core.explanation import after_suspension, explain, of_series, warnings_about
from toritsugi.core.moments import jst_date
from toritsugi.core.reckoning import Reckoning, Roll, count_back, count_calendar, count_on, take_as_printed
from toritsugi.core.recurring import Reached
from toritsugi.definition.duration import Direction, Duration, Unit
from toritsugi.definition.types import Title

__all__ = ["Due", "Roll", "Suspension", "due_date", "due_on_date", "is_in_time"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspension:
    """Days that did not count: from the one on which a deadline stopped to the one on which it went on, both included."""

    since: date
    until: date
    #: what was left then, and in which unit.
    left: int
    unit: Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """The last day on which an act is in time, and how it was found. The words are made only when they are read."""

    #: What was counted; None: a date as printed on a form.
    duration: Duration | None
    #: What the count started from: a moment (microseconds UTC) or a date in Japan.
    counted_from: int | date
    #: Day of acceptance (受付日); None where nothing is accepted: backward counts, calendar arithmetic, printed dates.
    accepted_on: date | None
    calendar: Calendar = field(repr=False)
    roll: Roll = Roll.none
    first_day_counts: bool = False
    #: The suspension after which this is what was left; None: it was counted from its start.
    suspension: Suspension | None = None
    #: How it was found as a day that comes again; None: it is none.
    reached: Reached | None = None
    #: The count itself; follows from the fields above.
    reckoning: Reckoning = field(repr=False, compare=False)

    @property
    def due(self) -> date:
        """The last day on which the act is in time."""
        return self.reckoning.due

    @property
    def fires_at(self) -> int:
        """00:00 JST of the day after the due date, microseconds UTC (CAL-9)."""
        return self.reckoning.fires_at

    @property
    def window_opens(self) -> int | None:
        """First moment of the window this answer can open, microseconds UTC; None: it opens none.

        Counted backward ("from 6 weeks before the visit"): 00:00 JST of the date found. A term: of its first day.
        """
        return self.reckoning.window_opens

    @property
    def counted(self) -> tuple[date, ...]:
        """The business days counted, in the order of counting; empty when something else was counted."""
        return self.reckoning.counted

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        """Closed days passed over between start and due date, earliest first, weekends included."""
        return self.reckoning.skipped

    @property
    def calendar_hash(self) -> str:
        """Which calendar, to the letter, gave this answer."""
        return self.calendar.content_hash

    @property
    def warnings(self) -> tuple[Title, ...]:
        """What a person should know: 未公表 holidays, a due date on a closed day, a calendar that ends too early."""
        return warnings_about(self.reckoning, self.calendar)

    @property
    def explanation(self) -> Title:
        """The whole account in Japanese and English, warnings included."""
        if self.reached is not None:
            return of_series(self.reached, self.reckoning, self.calendar)
        account = explain(
            self.duration,
            self.counted_from,
            self.accepted_on,
            self.reckoning,
            self.calendar,
            roll=self.roll,
            first_day_counts=self.first_day_counts,
        )
        if self.suspension is None:
            return account
        one = self.suspension
        return after_suspension(account, one.since, one.until, Duration(count=one.left, unit=one.unit))


def due_date(
    duration: Duration,
    counted_from: int | date,
    calendar: Calendar,
    *,
    roll: Roll | str = Roll.none,
    first_day_counts: bool = False,
) -> Due:
    """The due date of `duration` counted from a moment or a date.

    Args:
        counted_from: microseconds UTC (a cut-off applies), or a date in Japan (none can).
        roll: only for days, weeks, months and years.
        first_day_counts: a stay in days or weeks whose first day is day 1 ("70 days from move-in" ends on move-in
            + 69). Terms of months and years always begin on their first day (CAL-8).
    Raises:
        CalendarTooShort: the table, or the range of dates, ends before the count does.
        ValueError: `roll` or `first_day_counts` where they mean nothing.
    """
    if isinstance(counted_from, datetime):
        raise TypeError("counted_from is integer microseconds or a date, never a datetime")
    roll = roll if roll.__class__ is Roll else Roll(roll)
    accepted: date | None = None
    if duration.unit is not Unit.business_days:
        if first_day_counts and duration.direction is Direction.before:
            raise ValueError("a first day counts only in a forward count")
        found = count_calendar(_date_of(counted_from), duration, calendar, roll, first_day_counts)
    elif first_day_counts or roll is not Roll.none:
        raise ValueError("business days neither roll nor count their first day")
    elif duration.direction is Direction.before:
        found = count_back(_date_of(counted_from), duration.count, calendar)
    else:
        accepted = _accepted(counted_from, calendar)
        found = count_on(accepted, duration.count, calendar)
    return Due(
        duration=duration,
        counted_from=counted_from,
        accepted_on=accepted,
        calendar=calendar,
        roll=roll,
        first_day_counts=first_day_counts,
        reckoning=found,
    )


def due_on_date(printed: date, calendar: Calendar, reached: Reached | None = None) -> Due:
    """A date printed on a form: due as printed, with a warning when it is a closed day (AMB-30).

    Args:
        reached: how it was found, if it is a day that comes again.
    """
    if isinstance(printed, datetime):
        raise TypeError("a printed date is a date, never a datetime")
    found = take_as_printed(printed, calendar)
    return Due(
        duration=None, counted_from=printed, accepted_on=None, calendar=calendar, reached=reached, reckoning=found
    )


def is_in_time(due: Due, moment_us: int) -> bool:
    """Whether an act at `moment_us` is in time: 23:59:59.999999 of the due date is, 00:00 of the next is not."""
    return moment_us < due.reckoning.fires_at


def _date_of(counted_from: int | date) -> date:
    return jst_date(counted_from) if isinstance(counted_from, int) else counted_from


def _accepted(counted_from: int | date, calendar: Calendar) -> date:
    if isinstance(counted_from, int):
        return calendar.accepted_on(counted_from)
    return calendar.accepted_from(counted_from)

"""A second opinion on suspended deadlines: a calendar walked day by day, each day asked whether it counts.

The first half is that second implementation: it knows no "days left". It walks from the start with a finger, skips every day
that a suspension touches, and stops at the day on which the length is full. The second half compares.
"""

from datetime import date, datetime, timedelta, timezone
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from toritsugi.core.deadline import due_date
from toritsugi.core.suspension import resumed, span_of, suspended
from toritsugi.core.values import RunningDeadline
from toritsugi.definition.duration import Duration, Unit
from toritsugi.definition.model import Deadline
from toritsugi.definition.types import Title
from toritsugi.runtime.calendars import build_calendar

# ---------------------------------------------------------------------------------------------------------------------
# The second implementation

JAPAN = timezone(timedelta(hours=9))
ONE_DAY = timedelta(days=1)


def read_holidays():
    lines = (Path(__file__).parent.parent / "data" / "cabinet_office_holidays.csv").read_text("utf-8").splitlines()[1:]
    return {date(*(int(part) for part in line.split(",")[0].split("/"))) for line in lines if line}


HOLIDAYS = read_holidays()


YEAR_END = {(12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3)}


def is_open(day):
    return day.weekday() < 5 and day not in HOLIDAYS and (day.month, day.day) not in YEAR_END


def first_open(day):
    while not is_open(day):
        day += ONE_DAY
    return day


def walk(start, length, business, pauses):
    """The last day of `length` days after `start`.

    `pauses` are (day it stopped, day it went on), one after another. A pause that comes when the finger has already passed its
    first day without filling the length cannot be: the finger is asked about each day in turn.
    """
    day = first_open(start) if business else start
    counted = 0
    waiting = list(pauses)
    while counted < length:
        day += ONE_DAY
        if waiting and day >= waiting[0][0]:
            _, day = waiting.pop(0)
            if business:
                day = first_open(day)  # what arrives on a closed day is taken in on the next open one
            continue
        if is_open(day) or not business:
            counted += 1
    return day


def term(start, months):
    """How many days a term of so many months has that begins on `start`, its first day counted."""
    year, month = start.year, start.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    day, days = start, 0
    while (day.year, day.month) < (year, month) or ((day.year, day.month) == (year, month) and day.day < start.day):
        day += ONE_DAY
        days += 1
        if (day.year, day.month) > (year, month):
            break
    return days


# ---------------------------------------------------------------------------------------------------------------------
# The comparison

CALENDAR = build_calendar("office", Title(ja="役所", en="Office"))


def moment_of(day, hour=10):
    return round(datetime(day.year, day.month, day.day, hour, tzinfo=JAPAN).timestamp()) * 1_000_000


def spec_of(duration, roll="none"):
    return Deadline(
        id="answer",
        title=Title(ja="回答", en="Answer"),
        calendar="office",
        starts=("claim",),
        counted_from=None,
        within=duration,
        roll=roll,
        suspended_by=("stop",),
        resumed_by=("go",),
    )


def carried_on(duration, start, pauses, roll="none"):
    """What the product makes of it: armed, stopped and let go on; the pauses as far as they came before it was due."""
    spec = spec_of(duration, roll)
    due = due_date(duration, moment_of(start), CALENDAR, roll=roll)
    taken = []
    for stop, go_on in pauses:
        if moment_of(stop) >= due.fires_at:
            break
        running = RunningDeadline(
            name="answer", seq=1, due_on=due.due.isoformat(), due_at=due.fires_at, span=span_of(due)
        )
        stopped = suspended(running, spec, moment_of(stop), CALENDAR)
        due = resumed(stopped, spec, moment_of(go_on), CALENDAR)
        taken.append((stop, go_on))
    return due.due, taken


DAYS = st.dates(min_value=date(2024, 1, 4), max_value=date(2026, 6, 30))
GAPS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=4)


def pauses_after(start, gaps):
    """Pauses one after another, none before the day on which the last one ended."""
    found, day = [], start
    for before, long in gaps:
        stop = day + timedelta(days=before)
        day = stop + timedelta(days=long)
        found.append((stop, day))
        day += ONE_DAY
    return found


@settings(max_examples=150, deadline=None)
@given(start=DAYS, count=st.integers(1, 60), gaps=GAPS)
def test_business_days_that_a_suspension_touches_do_not_count(start, count, gaps):
    found, taken = carried_on(Duration(count=count, unit=Unit.business_days), start, pauses_after(start, gaps))
    assert found == walk(start, count, True, taken)


@settings(max_examples=150, deadline=None)
@given(start=DAYS, count=st.integers(1, 90), gaps=GAPS)
def test_days_as_they_come_that_a_suspension_touches_do_not_count(start, count, gaps):
    found, taken = carried_on(Duration(count=count, unit=Unit.calendar_days), start, pauses_after(start, gaps))
    assert found == walk(start, count, False, taken)


@settings(max_examples=100, deadline=None)
@given(start=DAYS, months=st.integers(1, 14), gaps=GAPS)
def test_a_term_in_months_is_carried_on_in_days(start, months, gaps):
    found, taken = carried_on(Duration(count=months, unit=Unit.months), start, pauses_after(start, gaps))
    # the term's own first day counts, so the finger begins on the day before
    assert found == walk(start - ONE_DAY, term(start, months), False, taken)


@settings(max_examples=100, deadline=None)
@given(start=DAYS, count=st.integers(1, 90), gap=st.tuples(st.integers(0, 40), st.integers(0, 40)))
def test_a_closed_last_day_is_moved_after_all_days_were_counted(start, count, gap):
    pauses = pauses_after(start, [gap])
    unmoved, taken = carried_on(Duration(count=count, unit=Unit.calendar_days), start, pauses)
    if taken == pauses:
        found, _ = carried_on(Duration(count=count, unit=Unit.calendar_days), start, pauses, roll="next")
        assert found == first_open(unmoved)


def test_by_hand_a_request_for_papers_in_golden_week():
    # claimed Friday 24 April 2026, ten business days; day 1 is Mon 27, day 2 Tue 28; 29 is Showa Day, day 3 Thu 30.
    # Papers are asked for on Friday 1 May: it does not count, seven are left. They arrive on Monday 11 May:
    # 12, 13, 14, 15, 18, 19, 20 May.
    found, _ = carried_on(
        Duration(count=10, unit=Unit.business_days), date(2026, 4, 24), [(date(2026, 5, 1), date(2026, 5, 11))]
    )
    assert found == date(2026, 5, 20)

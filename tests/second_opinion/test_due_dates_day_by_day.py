"""A second opinion on due dates: a calendar walked day by day with a finger, from the Cabinet Office's own list.

The first half is that second implementation: plain loops, the standard library's time zones, no code of the product.
The second half compares. Ten due dates worked by hand in comments are held against both.
"""

import csv
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from toritsugi.core.deadline import due_date
from toritsugi.core.moments import parse_moment
from toritsugi.definition.duration import Direction, Duration, Unit, parse_duration
from toritsugi.definition.types import Title
from toritsugi.runtime.calendars import PUBLISHED_THROUGH, build_calendar

# ---------------------------------------------------------------------------------------------------------------------
# The second implementation

JAPAN = timezone(timedelta(hours=9))
ONE_DAY = timedelta(days=1)


def read_list():
    path = Path(__file__).parent.parent / "data" / "cabinet_office_holidays.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(lines))[1:]
    return {date(*(int(part) for part in day.split("/"))) for day, _ in rows}


HOLIDAYS = read_list()
LIST_ENDS = date(2027, 12, 31)
YEAR_END = {(12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3)}


@dataclass
class Office:
    """What one institution's door says: yearly days (month, day), single days, its rules of acceptance."""

    yearly: set
    single: set
    acceptance: str = "next_open_day"
    cutoff: time | None = None

    def open_on(self, day):
        assert day <= LIST_ENDS, "past the official list"
        if day.strftime("%a") in ("Sat", "Sun"):
            return False
        return day not in HOLIDAYS and day not in self.single and (day.month, day.day) not in self.yearly

    def accepts_on(self, arrived):
        local = arrived.astimezone(JAPAN)
        day = local.date()
        if self.cutoff is not None and local.time() > self.cutoff:
            day += ONE_DAY
        if self.acceptance == "next_open_day":
            while not self.open_on(day):
                day += ONE_DAY
        return day

    def forward(self, start, n):
        passed = 0
        day = start
        while passed < n:
            day += ONE_DAY
            if self.open_on(day):
                passed += 1
        return day

    def backward(self, anchor, n):
        passed = 0
        day = anchor
        while passed < n:
            day -= ONE_DAY
            if self.open_on(day):
                passed += 1
        return day


def months_later(first, n):
    """The last day of a term of n months: walk until the same number comes round, or the month is over."""
    year, month = first.year, first.month
    for _ in range(n):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    day = date(year, month, 1)
    while day.day != first.day:
        if (day + ONE_DAY).month != month:
            return day
        day += ONE_DAY
    return day - ONE_DAY


# ---------------------------------------------------------------------------------------------------------------------
# Worked by hand (Mo Tu We Th Fr Sa Su; x closed)

TITLE = Title(ja="窓口", en="Desk")
JETRO_BY_FINGER = Office(yearly=YEAR_END, single=set())
JETRO = build_calendar("jetro_tokyo", TITLE, years=(2018, 2030))

BY_HAND = [
    # 1 Golden Week. Fr 4/24 18:30 is accepted that day. Mo 27=1 Tu 28=2 We 29 x Th 30=3 Fr 5/1=4, weekend (Su 5/3 is
    #   Constitution Day), Mo 4 x Tu 5 x We 6 x (substitute for the Sunday), Th 7=5 Fr 8=6, weekend, Mo 11=7.
    ("7 business days", "2026-04-24T18:30:00+09:00", {}, "2026-04-24", "2026-05-11"),
    # 2 Year-end. Fr 12/25. Mo 28=1, Tu 29 to Su 1/3 x, Mo 4=2 Tu=3 We=4 Th=5 Fr 8=6, Mo 11 x (Coming of Age), Tu 12=7.
    ("7 business days", "2026-12-25T10:00:00+09:00", {}, "2026-12-25", "2027-01-12"),
    # 3 Silver Week. We 9/16. Th 17=1 Fr 18=2, Mo 21 x (Aged) Tu 22 x (between two holidays) We 23 x (equinox),
    #   Th 24=3 Fr 25=4, Mo 28=5 Tu 29=6 We 30=7.
    ("7 business days", "2026-09-16T09:00:00+09:00", {}, "2026-09-16", "2026-09-30"),
    # 4 Saturday. Sa 6/6 is accepted on Mo 8. Tu 9=1 We=2 Th=3 Fr 12=4, Mo 15=5 Tu 16=6 We 17=7.
    ("7 business days", "2026-06-06T11:00:00+09:00", {}, "2026-06-08", "2026-06-17"),
    # 5 One second before Saturday. Fr 6/5 23:59:59 is accepted that day. Mo 8=1 ... Fr 12=5, Mo 15=6 Tu 16=7.
    #   (At 00:00 it is Saturday: as number 4, a day later.)
    ("7 business days", "2026-06-05T23:59:59+09:00", {}, "2026-06-05", "2026-06-16"),
    ("7 business days", "2026-06-06T00:00:00+09:00", {}, "2026-06-08", "2026-06-17"),
    # 6 Cut-off 17:30. Th 6/4 at 17:30:00 is in time. Fr 5=1, Mo 8=2 ... Fr 12=6, Mo 15=7.
    #   One second later it arrives on Fr 5: Mo 8=1 ... Fr 12=5, Mo 15=6 Tu 16=7.
    ("7 business days", "2026-06-04T17:30:00+09:00", {"cutoff": "17:30"}, "2026-06-04", "2026-06-15"),
    ("7 business days", "2026-06-04T17:30:01+09:00", {"cutoff": "17:30"}, "2026-06-05", "2026-06-16"),
    # 7 The day of arrival stands. Sa 6/6 is day 0. Mo 8=1 ... Fr 12=5, Mo 15=6 Tu 16=7.
    ("7 business days", "2026-06-06T11:00:00+09:00", {"acceptance": "arrival_date"}, "2026-06-06", "2026-06-16"),
    # 8 Backward from departure on Th 5/7. We 6 x Tu 5 x Mo 4 x, weekend, Fr 5/1=1 Th 30=2 We 29 x Tu 28=3 Mo 27=4.
    ("4 business days before", "2026-05-07", {}, None, "2026-04-27"),
    # 9 A month from 31 January 2026: there is no 31 February, so to the end of that month; from the 15th, to the 14th.
    ("1 month", "2026-01-31", {}, None, "2026-02-28"),
    ("1 month", "2026-01-15", {}, None, "2026-02-14"),
    # 10 Six weeks before Fr 6/26: 26 days back is 5/31, 16 more is Fr 5/15.
    ("6 weeks before", "2026-06-26", {}, None, "2026-05-15"),
]


@pytest.mark.parametrize(("text", "start", "rules", "accepted", "due"), BY_HAND)
def test_due_dates_worked_by_hand_agree_with_both(text, start, rules, accepted, due):
    duration = parse_duration(text)
    counted_from = parse_moment(start) if "T" in start else date.fromisoformat(start)
    found = due_date(duration, counted_from, build_calendar("jetro_tokyo", TITLE, **rules))
    assert (str(found.due), found.accepted_on and str(found.accepted_on)) == (due, accepted)
    assert second_opinion(duration, start, rules) == (accepted, due)


def second_opinion(duration, start, rules):
    """The same question asked of the finger."""
    cutoff = time.fromisoformat(rules["cutoff"]) if "cutoff" in rules else None
    office = Office(YEAR_END, set(), rules.get("acceptance", "next_open_day"), cutoff)
    if "T" in start:
        accepted = office.accepts_on(datetime.fromisoformat(start))
        return str(accepted), str(office.forward(accepted, duration.count))
    first = date.fromisoformat(start)
    if duration.unit is Unit.months:
        return None, str(months_later(first, duration.count))
    if duration.unit is Unit.weeks:
        for _ in range(7 * duration.count):
            first -= ONE_DAY
        return None, str(first)
    return None, str(office.backward(first, duration.count))


# ---------------------------------------------------------------------------------------------------------------------
# Compared


def days(first, last):
    while first <= last:
        yield first
        first += ONE_DAY


def test_every_day_of_the_official_list_is_open_or_closed_alike():
    bare = build_calendar("bare", TITLE, closures=(), years=(1955, 2027))
    by_finger = Office(yearly=set(), single=set())
    wrong = [at for at in days(date(1955, 1, 1), LIST_ENDS) if bare.is_open(at) != by_finger.open_on(at)]
    assert wrong == []
    assert set(bare.closures) == HOLIDAYS
    assert PUBLISHED_THROUGH == LIST_ENDS


def test_seven_business_days_from_every_day_of_2020_to_2027():
    seven = parse_duration("7 business days")
    for at in days(date(2020, 1, 1), date(2027, 12, 15)):
        noon = datetime.combine(at, time(12), tzinfo=JAPAN)
        accepted = JETRO_BY_FINGER.accepts_on(noon)
        found = due_date(seven, microseconds(noon), JETRO)
        assert (found.accepted_on, found.due) == (accepted, JETRO_BY_FINGER.forward(accepted, 7)), at
        assert found.warnings == (), at


def test_past_the_official_list_the_answer_says_that_it_is_computed():
    seven = parse_duration("7 business days")
    for at in days(date(2027, 12, 16), date(2027, 12, 31)):
        found = due_date(seven, at, JETRO)
        assert (found.due > LIST_ENDS) == bool(found.warnings), at


def test_four_business_days_before_every_day_of_2020_to_2027():
    four = parse_duration("4 business days before")
    for at in days(date(2020, 1, 1), LIST_ENDS):
        assert due_date(four, at, JETRO).due == JETRO_BY_FINGER.backward(at, 4), at


def microseconds(moment):
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


@st.composite
def offices(draw):
    """An institution with random closures, as the product is told it and as the finger is."""
    told, yearly, single = [], set(), set()
    for _ in range(draw(st.integers(0, 3))):
        first = draw(st.dates(date(2024, 1, 1), date(2024, 12, 31)))  # a leap year, so 02-29 comes up
        span = [first + i * ONE_DAY for i in range(draw(st.integers(1, 12)))]
        told.append({"from": f"{span[0]:%m-%d}", "to": f"{span[-1]:%m-%d}"})
        yearly |= {(at.month, at.day) for at in span}
    for at in draw(st.lists(st.dates(date(2024, 1, 1), date(2027, 11, 30)), max_size=5)):
        told.append({"on": at.isoformat()})
        single.add(at)
    acceptance = draw(st.sampled_from(["next_open_day", "arrival_date"]))
    cutoff = draw(st.none() | st.times())
    closures = [{**entry, "title": {"ja": "休業", "en": "Closed"}} for entry in told]
    calendar = build_calendar("any", TITLE, closures=closures, acceptance=acceptance, cutoff=cutoff, years=(2024, 2027))
    return calendar, Office(yearly, single, acceptance, cutoff)


ARRIVALS = st.datetimes(datetime(2024, 6, 1), datetime(2027, 4, 30), timezones=st.just(UTC))
QUESTIONS = st.lists(st.tuples(ARRIVALS, st.integers(1, 60)), min_size=1, max_size=8)


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(both=offices(), questions=QUESTIONS)
def test_any_arrival_at_any_institution_is_due_on_the_same_day(both, questions):
    calendar, office = both
    for arrived, n in questions:
        accepted = office.accepts_on(arrived)
        expected = office.forward(accepted, n)
        found = due_date(Duration(count=n, unit=Unit.business_days), microseconds(arrived), calendar)
        assert (found.accepted_on, found.due) == (accepted, expected)
        assert found.fires_at == microseconds(datetime.combine(expected + ONE_DAY, time(), tzinfo=JAPAN))
        between = list(days(accepted + ONE_DAY, expected))
        assert list(found.counted) == [at for at in between if office.open_on(at)]
        assert [entry.date for entry in found.skipped] == [at for at in between if not office.open_on(at)]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(both=offices(), questions=QUESTIONS)
def test_any_backward_count_ends_on_the_same_day(both, questions):
    calendar, office = both
    for moment, n in questions:
        anchor = moment.date()
        duration = Duration(count=n, unit=Unit.business_days, direction=Direction.before)
        found = due_date(duration, anchor, calendar)
        assert found.due == office.backward(anchor, n)
        assert list(found.counted) == [
            at for at in reversed(list(days(found.due, anchor - ONE_DAY))) if office.open_on(at)
        ]


@given(first=st.dates(date(2020, 1, 1), date(2030, 12, 31)), n=st.integers(1, 60))
def test_any_term_of_months_ends_on_the_same_day(first, n):
    assert due_date(Duration(count=n, unit=Unit.months), first, JETRO).due == months_later(first, n)

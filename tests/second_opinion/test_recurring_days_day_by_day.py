"""A second opinion on recurring days: every day of years is asked whether the rule names it, and moved with a finger.

The first half is that second implementation: plain loops over days, no code of the product. The second half compares.
Ten days worked by hand in comments are held against both.
"""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from second_opinion.test_due_dates_day_by_day import YEAR_END, Office
from toritsugi.core.recurring import first_held
from toritsugi.definition.recurring import Every, read_recurrence
from toritsugi.definition.types import Title
from toritsugi.runtime.calendars import build_calendar

# ---------------------------------------------------------------------------------------------------------------------
# The second implementation

ONE_DAY = timedelta(days=1)
WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
ORDINALS = {
    "first": range(1, 8),
    "second": range(8, 15),
    "third": range(15, 22),
    "fourth": range(22, 29),
    "fifth": range(29, 32),
}
MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]


def ends_month(day):
    return (day + ONE_DAY).month != day.month


def is_named(day, word):
    """Whether a rule's word (in English) means this very day."""
    word, _, month = word.partition(" of ")
    if month and MONTHS[day.month - 1] != month:
        return False
    if word in WEEKDAYS:
        return WEEKDAYS[day.weekday()] == word
    which, name = word.split(" ")
    if which == "day":
        return day.day == int(name) or (ends_month(day) and day.day < int(name))
    if name == "day":
        return ends_month(day)
    if WEEKDAYS[day.weekday()] != name:
        return False
    return (day + timedelta(days=7)).month != day.month if which == "last" else day.day in ORDINALS[which]


def moved(day, roll, office):
    step = {"none": 0, "next": 1, "previous": -1}[roll]
    while step and not office.open_on(day):
        day += step * ONE_DAY
    return day


def first(words, roll, office, asked, after):
    """Every day that the rule names, around the date; each moved; the earliest of those that are not too early."""
    begin, found = asked - timedelta(days=40), []
    for n in range(480):
        day = begin + n * ONE_DAY
        if any(is_named(day, word) for word in words):
            held = moved(day, roll, office)
            if held > asked or (held == asked and not after):
                found.append(held)
    return min(found)


# ---------------------------------------------------------------------------------------------------------------------
# Compared

#: mid-summer and the year's end, so that moves reach far and over the ends of months.
CLOSED = [{"from": "12-29", "to": "01-03", "title": {"ja": "年末年始", "en": "Year end"}}]
SUMMER = [date(2026, 8, day) for day in range(10, 21)] + [date(2026, 2, 27), date(2025, 10, 31), date(2025, 3, 31)]
SINGLE = [{"on": day.isoformat(), "title": {"ja": "休館", "en": "Closed"}} for day in SUMMER]
OFFICE = Office(yearly=YEAR_END, single=set(SUMMER))
CALENDAR = build_calendar("office", Title(ja="事務局", en="Office"), closures=[*CLOSED, *SINGLE])

MONTHLY = st.one_of(
    st.integers(1, 31).map(lambda n: f"day {n}"),
    st.just("last day"),
    st.tuples(st.sampled_from([*ORDINALS, "last"]), st.sampled_from(WEEKDAYS)).map(" ".join),
)
YEARLY = st.tuples(
    st.one_of(st.integers(1, 28).map(lambda n: f"day {n}"), st.just("last day"), st.tuples(
        st.sampled_from(["first", "second", "third", "fourth", "last"]), st.sampled_from(WEEKDAYS)).map(" ".join)),
    st.sampled_from(MONTHS),
).map(" of ".join)  # fmt: skip
RULES = st.one_of(
    st.tuples(st.just(Every.MONTH), st.lists(MONTHLY, min_size=1, max_size=3)),
    st.tuples(st.just(Every.WEEK), st.lists(st.sampled_from(WEEKDAYS), min_size=1, max_size=3)),
    st.tuples(st.just(Every.YEAR), st.lists(YEARLY, min_size=1, max_size=3)),
)


@settings(max_examples=400, deadline=None)
@given(
    RULES, st.sampled_from(["none", "next", "previous"]), st.dates(date(2024, 1, 1), date(2026, 6, 30)), st.booleans()
)
def test_the_first_day_is_the_one_found_by_looking_at_every_day(rule, roll, asked, after):
    every, words = rule
    # "fifth" of a month may not come for months, of a single month not for years: weeks and months only
    found = first_held(read_recurrence(every, words, roll), CALENDAR, asked, after=after)
    assert found.held == first(words, roll, OFFICE, asked, after)
    assert any(is_named(found.named, word) for word in words), "the day belongs to the rule"
    assert moved(found.named, roll, OFFICE) == found.held, "and its move to the very same day"


@settings(max_examples=200, deadline=None)
@given(RULES, st.sampled_from(["none", "next", "previous"]), st.dates(date(2024, 1, 1), date(2026, 6, 30)))
def test_after_a_held_day_comes_the_next_one_and_on_it_that_day_itself(rule, roll, asked):
    read = read_recurrence(*rule, roll)
    here = first_held(read, CALENDAR, asked)
    following = first_held(read, CALENDAR, here.held, after=True)
    assert first_held(read, CALENDAR, here.held).held == here.held
    assert following.held > here.held
    assert following.named > here.named
    between = first_held(read, CALENDAR, here.held + ONE_DAY)
    assert between == following


#: (rule, moved, asked, after, held): 2026 begins on a Thursday.
BY_HAND = [
    # 15 August 2026 is a Saturday; the house is closed to the 20th (a Thursday): Friday the 21st
    (Every.MONTH, "day 15", "next", date(2026, 8, 1), False, date(2026, 8, 21)),
    # the 16th lies behind the named day and before the held one: still that meeting
    (Every.MONTH, "day 15", "next", date(2026, 8, 16), False, date(2026, 8, 21)),
    # on the held day itself, but after it: 15 September is a Tuesday
    (Every.MONTH, "day 15", "next", date(2026, 8, 21), True, date(2026, 9, 15)),
    # 31 May 2026 is a Sunday: moved over the month's end to Monday 1 June, and 1 June is still May's
    (Every.MONTH, "last day", "next", date(2026, 6, 1), False, date(2026, 6, 1)),
    (Every.MONTH, "last day", "next", date(2026, 6, 1), True, date(2026, 6, 30)),
    # moved back: 31 May 2026 (Sunday) is held on Friday 29 May; on the 30th it is over: 30 June, a Tuesday
    (Every.MONTH, "last day", "previous", date(2026, 5, 30), False, date(2026, 6, 30)),
    # 3 January 2026 is closed, as are the 4th (Sunday) and those before: 5 January; asked on the day of the year's end
    (Every.MONTH, "day 31", "next", date(2025, 12, 31), False, date(2026, 1, 5)),
    # Wednesdays of June 2026: 3, 10, 17, 24
    (Every.MONTH, "third wednesday", "none", date(2026, 6, 1), False, date(2026, 6, 17)),
    # 29 and 30 April: 29 April 2026 (Wednesday) is Showa Day; a Wednesday's meeting moves to Thursday 30
    (Every.WEEK, "wednesday", "next", date(2026, 4, 25), False, date(2026, 4, 30)),
    # the last Friday of February 2026 is the 27th, closed: back to Thursday 26; asked on the 27th, it is over
    (Every.YEAR, "last friday of february", "previous", date(2026, 2, 26), False, date(2026, 2, 26)),
]


@pytest.mark.parametrize(("every", "word", "roll", "asked", "after", "held"), BY_HAND)
def test_days_worked_by_hand(every, word, roll, asked, after, held):
    assert first_held(read_recurrence(every, [word], roll), CALENDAR, asked, after=after).held == held
    assert first([word], roll, OFFICE, asked, after) == held

"""A calendar knows its open days, says why the others are closed, and counts."""

from datetime import date, time

import pytest

from toritsugi.core.calendar import Acceptance, Calendar, CalendarTooShort, ClosedBecause, Closure
from toritsugi.core.moments import parse_moment
from toritsugi.definition.types import Title
from toritsugi.runtime.calendars import (
    PUBLISHED_THROUGH,
    YEAR_END_CLOSURE,
    BadClosure,
    build_calendar,
    national_holidays,
)

TITLE = Title(ja="ジェトロ東京", en="JETRO Tokyo")
JETRO = build_calendar("jetro_tokyo", TITLE)


def small(**changes):
    """A fortnight in June 2026, with the Friday of the first week closed."""
    fields = {
        "id": "desk",
        "title": TITLE,
        "first": date(2026, 6, 1),
        "last": date(2026, 6, 14),
        "known_through": date(2026, 6, 14),
        "closures": {
            date(2026, 6, 5): Closure(kind=ClosedBecause.institution, title=Title(ja="創立記念日", en="Founding day"))
        },
    }
    return Calendar(**(fields | changes))


@pytest.mark.parametrize(
    ("day", "kind", "ja", "en"),
    [
        (date(2026, 4, 25), ClosedBecause.weekend, "土曜日", "Saturday"),
        (date(2026, 4, 26), ClosedBecause.weekend, "日曜日", "Sunday"),
        (date(2026, 4, 29), ClosedBecause.national_holiday, "昭和の日", "Showa Day"),
        (date(2026, 5, 3), ClosedBecause.national_holiday, "憲法記念日", "Constitution Day"),  # also a Sunday
        (date(2026, 5, 6), ClosedBecause.substitute, "振替休日", "Substitute holiday"),
        (date(2026, 9, 22), ClosedBecause.citizens, "国民の休日", "Citizens' holiday"),
        (date(2026, 12, 29), ClosedBecause.institution, "年末年始休業", "Year-end closure"),
        (date(2027, 1, 1), ClosedBecause.national_holiday, "元日", "New Year's Day"),
        (date(2027, 1, 3), ClosedBecause.institution, "年末年始休業", "Year-end closure"),
    ],
)
def test_a_closed_day_says_why_in_both_languages(day, kind, ja, en):
    assert JETRO.why_closed(day) == Closure(kind=kind, title=Title(ja=ja, en=en))
    assert not JETRO.is_open(day)


def test_an_open_day_has_no_reason_to_be_closed():
    assert JETRO.why_closed(date(2026, 4, 24)) is None
    assert JETRO.is_open(date(2026, 12, 28))
    assert JETRO.is_open(date(2027, 1, 4))


def test_without_closures_only_holidays_and_weekends_are_closed():
    open_at_year_end = build_calendar("shop", TITLE, closures=())
    assert open_at_year_end.is_open(date(2026, 12, 29))
    assert not open_at_year_end.is_open(date(2027, 1, 1))


def test_fiscal_2026_has_241_business_days_and_244_without_the_year_end_closure():
    assert len(JETRO.open_between(date(2026, 3, 31), date(2027, 4, 1))) == 241
    without = build_calendar("shop", TITLE, closures=())
    assert len(without.open_between(date(2026, 3, 31), date(2027, 4, 1))) == 244


@pytest.mark.parametrize(
    ("closure", "closed", "still_open"),
    [
        ({"on": "06-01"}, [date(2026, 6, 1), date(2027, 6, 1)], date(2026, 6, 2)),
        ({"on": "2026-06-01"}, [date(2026, 6, 1)], date(2027, 6, 1)),
        ({"from": "2026-08-12", "to": "2026-08-14"}, [date(2026, 8, 12), date(2026, 8, 14)], date(2027, 8, 12)),
        ({"from": "08-12", "to": "08-14"}, [date(2026, 8, 13), date(2027, 8, 13)], date(2026, 8, 17)),
        ({"from": "12-29", "to": "01-04"}, [date(2010, 1, 4), date(2035, 12, 31)], date(2010, 1, 5)),
        ({"on": "02-29"}, [date(2028, 2, 29)], date(2027, 3, 1)),
    ],
)
def test_an_institution_closes_once_or_every_year(closure, closed, still_open):
    desk = build_calendar("desk", TITLE, closures=[{**closure, "title": {"ja": "休業", "en": "Closed"}}])
    for day in closed:
        assert desk.why_closed(day).kind is ClosedBecause.institution
    assert desk.is_open(still_open)


@pytest.mark.parametrize(
    "closure",
    [
        {"from": "12-29", "title": {"ja": "休業", "en": "Closed"}},
        {"on": "13-01", "title": {"ja": "休業", "en": "Closed"}},
        {"from": "2026-08-14", "to": "2026-08-12", "title": {"ja": "休業", "en": "Closed"}},
        {"from": "12-29", "to": "2027-01-03", "title": {"ja": "休業", "en": "Closed"}},
        {"from": "2026-01-01", "to": "2028-01-01", "title": {"ja": "休業", "en": "Closed"}},
        {"on": "12-29", "title": {"ja": "休業"}},
        {"on": "someday", "title": {"ja": "休業", "en": "Closed"}},
    ],
)
def test_a_closure_that_cannot_be_read_is_refused_in_both_languages(closure):
    with pytest.raises(BadClosure) as refused:
        build_calendar("desk", TITLE, closures=[closure])
    assert refused.value.ja.startswith("休業")
    assert refused.value.en.startswith("closure")


@pytest.mark.parametrize(
    ("arrived", "acceptance", "cutoff", "accepted"),
    [
        ("2026-04-24T23:59:59.999999+09:00", "next_open_day", None, date(2026, 4, 24)),
        ("2026-04-25T00:00+09:00", "next_open_day", None, date(2026, 4, 27)),
        ("2026-04-25T00:00+09:00", "arrival_date", None, date(2026, 4, 25)),
        ("2026-04-23T17:30:00+09:00", "next_open_day", "17:30", date(2026, 4, 23)),
        ("2026-04-23T17:30:00.000001+09:00", "next_open_day", "17:30", date(2026, 4, 24)),
        ("2026-04-24T17:30:01+09:00", "next_open_day", "17:30", date(2026, 4, 27)),
        ("2026-04-24T17:30:01+09:00", "arrival_date", "17:30", date(2026, 4, 25)),
        ("2026-04-23T15:00:00Z", "next_open_day", None, date(2026, 4, 24)),
    ],
)
def test_acceptance_is_the_first_open_day_on_or_after_arrival_unless_told_otherwise(
    arrived, acceptance, cutoff, accepted
):
    desk = build_calendar("desk", TITLE, acceptance=acceptance, cutoff=cutoff)
    assert desk.accepted_on(parse_moment(arrived)) == accepted


def test_counting_starts_after_the_start_day_and_before_the_anchor():
    desk = small()
    assert desk.count_forward(date(2026, 6, 1), 1) == date(2026, 6, 2)
    assert desk.count_forward(date(2026, 6, 4), 1) == date(2026, 6, 8)
    assert desk.count_backward(date(2026, 6, 8), 1) == date(2026, 6, 4)
    assert desk.next_open(date(2026, 6, 5)) == date(2026, 6, 8)
    assert desk.previous_open(date(2026, 6, 7)) == date(2026, 6, 4)
    assert [entry.date.day for entry in desk.closed_between(date(2026, 6, 4), date(2026, 6, 8))] == [5, 6, 7]


@pytest.mark.parametrize(
    "ask",
    [
        lambda desk: desk.count_forward(date(2026, 6, 8), 5),
        lambda desk: desk.count_backward(date(2026, 6, 2), 2),
        lambda desk: desk.next_open(date(2026, 6, 13)),
        lambda desk: desk.is_open(date(2026, 6, 15)),
        lambda desk: desk.why_closed(date(2026, 5, 31)),
        lambda desk: desk.count_forward(date(2026, 5, 29), 1),
        lambda desk: desk.count_backward(date(2026, 6, 15), 1),
    ],
)
def test_a_calendar_that_ends_too_early_says_so_instead_of_guessing(ask):
    with pytest.raises(CalendarTooShort) as refused:
        ask(small())
    assert "2026-06-14" in refused.value.en
    assert "2026-06-14" in refused.value.ja


@pytest.mark.parametrize("n", [0, -1])
def test_business_days_are_counted_from_one(n):
    with pytest.raises(ValueError, match="from 1"):
        small().count_forward(date(2026, 6, 1), n)


def test_the_hash_changes_with_anything_that_can_change_an_answer():
    hashes = {
        small(**change).content_hash
        for change in (
            {},
            {"id": "other"},
            {"last": date(2026, 6, 15)},
            {"known_through": date(2026, 6, 13)},
            {"closures": {}},
            {"acceptance": Acceptance.arrival_date},
            {"cutoff": time(17, 30)},
        )
    }
    assert len(hashes) == 7
    assert small().content_hash == small(title=Title(ja="窓口", en="Desk")).content_hash
    assert small() == small()
    assert hash(small()) == hash(small())


def test_a_calendar_is_built_once_per_institution():
    assert build_calendar("jetro_tokyo", TITLE) is build_calendar("jetro_tokyo", TITLE, closures=[YEAR_END_CLOSURE])


def test_holidays_are_known_past_the_published_list_but_marked():
    assert date(2028, 1, 1) in national_holidays()
    assert JETRO.known_through == PUBLISHED_THROUGH == date(2027, 12, 31)

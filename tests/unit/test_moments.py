"""Moments convert between microseconds UTC and dates in Japan without losing any."""

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toritsugi.core.moments import (
    DAY_US,
    BadMoment,
    format_date,
    format_moment,
    iso_moment,
    jst_date,
    jst_midnight,
    jst_time,
    parse_moment,
)

MOMENTS = st.integers(-2_208_988_800_000_000, 4_102_444_800_000_000)  # 1900 to 2100
JST = timezone(timedelta(hours=9))


@given(MOMENTS)
def test_the_date_and_time_in_japan_agree_with_the_standard_library(moment):
    told = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=moment)).astimezone(JST)
    assert (jst_date(moment), jst_time(moment)) == (told.date(), told.time())


@given(MOMENTS)
def test_a_written_moment_reads_back_exactly(moment):
    assert parse_moment(iso_moment(moment)) == moment


def test_a_day_in_japan_begins_nine_hours_before_utc():
    midnight = jst_midnight(date(2026, 4, 24))
    assert midnight == parse_moment("2026-04-23T15:00:00Z")
    assert jst_date(midnight) == date(2026, 4, 24)
    assert jst_date(midnight - 1) == date(2026, 4, 23)
    assert jst_time(midnight - 1) == time(23, 59, 59, 999999)
    assert jst_midnight(date(2026, 4, 25)) - midnight == DAY_US


@pytest.mark.parametrize("text", ["2026-04-24T18:30+09:00", "2026-04-24T09:30Z", "２０２６-04-24 18:30+09:00"])
def test_an_offset_names_the_moment(text):
    assert parse_moment(text) == 1_777_023_000_000_000


@pytest.mark.parametrize(("text", "suggestion"), [("2026-04-24T18:30", "18:30+09:00"), ("2026-04-24", "T00:00+09:00")])
def test_a_moment_without_an_offset_is_refused(text, suggestion):
    with pytest.raises(BadMoment) as refused:
        parse_moment(text)
    assert suggestion in refused.value.en
    assert suggestion in refused.value.ja


@pytest.mark.parametrize("text", ["", "yesterday", "2026-02-30T00:00Z", "2026-04-24T25:00+09:00"])
def test_what_is_no_moment_is_refused(text):
    with pytest.raises(BadMoment, match="2026-04-24T18:30"):
        parse_moment(text)


def test_dates_are_written_as_people_write_them():
    day = date(2026, 4, 24)
    assert format_date(day, "ja") == "2026年4月24日(金)"
    assert format_date(day, "ja", era=True) == "令和8年4月24日(金)"
    assert format_date(date(2019, 5, 1), "ja", era=True, weekday=False) == "令和元年5月1日"
    assert format_date(date(2019, 4, 30), "ja", era=True, weekday=False) == "平成31年4月30日"
    assert format_date(date(1926, 12, 24), "ja", era=True, weekday=False) == "1926年12月24日"
    assert format_date(day, "en") == "Fri 2026-04-24"
    assert format_date(day, "en", year=False) == "Fri 4/24"


def test_moments_are_written_in_japanese_time_and_never_rounded_up():
    last = parse_moment("2026-04-24T23:59:59.999999+09:00")
    assert format_moment(last, "ja") == "2026年4月24日(金)23:59:59"
    assert format_moment(parse_moment("2026-04-24T09:30Z"), "en", year=False) == "Fri 4/24 18:30"

"""Due dates carry their whole account, and an act is in time until the last microsecond of the due date."""

from datetime import date, datetime

import pytest

from toritsugi.core.calendar import CalendarTooShort
from toritsugi.core.deadline import due_date, due_on_date, is_in_time
from toritsugi.core.moments import jst_midnight, parse_moment
from toritsugi.definition.duration import Duration, Unit, parse_duration
from toritsugi.definition.types import Title
from toritsugi.runtime.calendars import build_calendar

TITLE = Title(ja="ジェトロ東京", en="JETRO Tokyo")
JETRO = build_calendar("jetro_tokyo", TITLE)
SEVEN = parse_duration("7 business days")
GOLDEN_WEEK = parse_moment("2026-04-24T18:30+09:00")


def day(text):
    return date.fromisoformat(text)


def due(text, start, calendar=JETRO, **options):
    return due_date(parse_duration(text), parse_moment(start) if "T" in start else day(start), calendar, **options)


def test_the_manuals_seven_days_over_golden_week_are_explained_in_both_languages():
    found = due_date(SEVEN, GOLDEN_WEEK, JETRO)
    assert (found.accepted_on, found.due) == (day("2026-04-24"), day("2026-05-11"))
    assert found.explanation == Title(
        ja="4月24日(金)18:30到着、4月24日(金)受付（受付の締切時刻なし）。翌営業日の4月27日(月)を1日目とし、"
        "土日と4月29日(水・昭和の日)、5月4日(月)〜6日(水)（みどりの日・こどもの日・振替休日）を除いて数えると、"
        "7営業日目は5月11日(月)。期限は5月11日(月)の終わり（24時）。",
        en="arrived Fri 4/24 18:30; accepted 4/24 (no cut-off); day 1 is Mon 4/27; "
        "4/29 and 5/4 to 5/6 skipped; due Mon 5/11",
    )
    assert found.warnings == ()


def test_every_day_between_is_either_counted_or_skipped_with_its_reason():
    found = due_date(SEVEN, GOLDEN_WEEK, JETRO)
    assert [at.isoformat()[5:] for at in found.counted] == [
        "04-27", "04-28", "04-30", "05-01", "05-07", "05-08", "05-11",
    ]  # fmt: skip
    assert [(entry.date.isoformat()[5:], entry.reason.en) for entry in found.skipped] == [
        ("04-25", "Saturday"),
        ("04-26", "Sunday"),
        ("04-29", "Showa Day"),
        ("05-02", "Saturday"),
        ("05-03", "Constitution Day"),
        ("05-04", "Greenery Day"),
        ("05-05", "Children's Day"),
        ("05-06", "Substitute holiday"),
        ("05-09", "Saturday"),
        ("05-10", "Sunday"),
    ]


def test_an_act_is_in_time_until_the_last_microsecond_of_the_due_date():
    found = due_date(SEVEN, GOLDEN_WEEK, JETRO)
    assert found.fires_at == parse_moment("2026-05-12T00:00+09:00")
    assert is_in_time(found, parse_moment("2026-05-11T23:59:59.999999+09:00"))
    assert not is_in_time(found, found.fires_at)


def test_years_are_written_when_the_account_crosses_new_year():
    found = due("7 business days", "2026-12-25T10:00+09:00")
    assert found.explanation.en == (
        "arrived Fri 2026-12-25 10:00; accepted 2026-12-25 (no cut-off); day 1 is Mon 2026-12-28; "
        "2026-12-29 to 2027-01-01 and 2027-01-11 skipped; due Tue 2027-01-12"
    )
    assert "2026年12月29日(火)〜2027年1月1日(金)（年末年始休業・元日）" in found.explanation.ja


@pytest.mark.parametrize(
    ("start", "options", "en", "ja"),
    [
        (
            "2026-04-25T10:00+09:00",
            {},
            "accepted Mon 4/27 (closed on 4/25: Saturday, 4/26: Sunday)",
            "4月27日(月)受付（4月25日は土曜日、4月26日は日曜日）",
        ),
        (
            "2026-04-25T10:00+09:00",
            {"acceptance": "arrival_date"},
            "accepted 4/25 (closed on 4/25: Saturday, but the day of arrival stands); day 1 is Mon 4/27",
            "4月25日は土曜日だが、到着日を受付日とする",
        ),
        (
            "2026-05-02T10:00+09:00",
            {},
            "(closed on 5/2: Saturday, 5/3: Constitution Day, 5/4: Greenery Day, 5/5: Children's Day, ",
            "5月7日(木)受付（5月2日は土曜日、5月3日は憲法記念日、5月4日はみどりの日、5月5日はこどもの日、",
        ),
        ("2026-04-23T17:30+09:00", {"cutoff": "17:30"}, "accepted 4/23 (cut-off 17:30)", "受付の締切時刻は17:30"),
        (
            "2026-04-24T17:30:01+09:00",
            {"cutoff": "17:30"},
            "arrived Fri 4/24 17:30:01; accepted Mon 4/27 (after the 17:30 cut-off; closed on 4/25: Saturday, 4/26: Sunday)",
            "受付の締切時刻17:30を過ぎたため翌日扱い、4月25日は土曜日、4月26日は日曜日",
        ),
        ("2026-04-24", {"cutoff": "17:30"}, "arrived Fri 4/24; accepted 4/24 (no time given)", "時刻の指定なし"),
    ],
)
def test_the_account_says_why_that_day_is_the_day_of_acceptance(start, options, en, ja):
    words = due("7 business days", start, build_calendar("desk", TITLE, **options)).explanation
    assert en in words.en
    assert ja in words.ja


def test_weekends_are_named_only_summarily():
    words = due("7 business days", "2026-06-08T10:00+09:00").explanation
    assert words.en.endswith("day 1 is Tue 6/9; weekends skipped; due Wed 6/17")
    assert "土日を除いて数えると、7営業日目は6月17日(水)" in words.ja
    short = due("3 business days", "2026-06-08T10:00+09:00").explanation
    assert short.en.endswith("day 1 is Tue 6/9; due Thu 6/11")
    assert "6月9日(火)を1日目として数えると、3営業日目は6月11日(木)" in short.ja


def test_dates_past_the_published_holiday_list_say_so():
    found = due("7 business days", "2027-12-24T10:00+09:00")
    assert [note.en for note in found.warnings] == [
        "holidays after 2027-12-31 are not yet published; computed ones were used"
    ]
    assert "2028年1月1日以降の祝日は未公表" in found.explanation.ja
    assert "not yet published" in found.explanation.en
    assert due("1 business day", "2027-12-24T10:00+09:00").warnings == ()
    assert due("4 business days before", "2028-01-04").warnings != ()


def test_a_backward_count_gives_the_last_day_in_time_inclusive():
    found = due("出発の4営業日前", "2026-05-08")
    assert found.due == day("2026-04-28")
    assert found.accepted_on is None
    assert [at.isoformat()[5:] for at in found.counted] == ["05-07", "05-01", "04-30", "04-28"]
    assert is_in_time(found, jst_midnight(day("2026-04-29")) - 1)
    assert found.explanation.en == (
        "counted back from Fri 5/8 (not counted); day 1 is Thu 5/7; 4/29 and 5/4 to 5/6 skipped; "
        "last day in time Tue 4/28"
    )


def test_weeks_before_open_a_window_at_midnight_and_never_roll():
    found = due("6 weeks before", "2026-06-26")
    assert found.due == day("2026-05-15")
    assert found.window_opens == parse_moment("2026-05-15T00:00+09:00")
    assert due("6 weeks before", "2026-06-14").due == day("2026-05-03")  # a Sunday and a holiday
    assert "Constitution Day" in due("6 weeks before", "2026-06-14").warnings[0].en


@pytest.mark.parametrize(("roll", "last"), [("none", "2026-05-03"), ("next", "2026-05-07"), ("previous", "2026-05-01")])
def test_calendar_days_roll_only_when_told(roll, last):
    found = due("30 calendar days", "2026-04-03", roll=roll)
    assert found.due == day(last)
    assert bool(found.warnings) == (roll == "none")


def test_a_policy_grace_of_seven_days_ends_on_start_plus_seven():
    assert due("7 calendar days", "2026-07-02").due == day("2026-07-09")


@pytest.mark.parametrize(
    ("text", "start", "last"),
    [
        ("1 month", "2026-04-01", "2026-04-30"),
        ("1 month", "2026-01-28", "2026-02-27"),
        ("1 month", "2026-01-29", "2026-02-28"),  # no 29 February: the last day of that month
        ("1 month", "2026-01-31", "2026-02-28"),
        ("1 month", "2028-01-29", "2028-02-28"),  # 29 February exists in 2028: the day before it
        ("1 month", "2028-01-30", "2028-02-29"),
        ("3 months", "2025-11-30", "2026-02-28"),
        ("3 months", "2026-10-15", "2027-01-14"),
        ("2 years", "2026-04-01", "2028-03-31"),
        ("2 years", "2024-02-29", "2026-02-28"),
        ("3か月前", "2026-05-31", "2026-02-28"),
        ("1 month before", "2026-05-15", "2026-04-15"),
    ],
)
def test_months_and_years_end_the_day_before_the_same_number(text, start, last):
    assert due(text, start).due == day(last)


def test_a_stay_in_days_counts_its_first_day_when_told():
    found = due("70 calendar days", "2026-04-01", first_day_counts=True)
    assert found.due == day("2026-06-09")
    assert found.window_opens == jst_midnight(day("2026-04-01"))


def test_a_date_on_a_form_stands_as_printed_with_a_warning_on_a_closed_day():
    printed = due_on_date(day("2026-05-06"), JETRO)
    assert printed.due == day("2026-05-06")
    assert printed.warnings[0].en == "Wed 2026-05-06 is a closed day (Substitute holiday); the date was not moved"
    assert "休業日です（振替休日）" in printed.explanation.ja
    assert due_on_date(day("2026-05-07"), JETRO).warnings == ()


def test_a_term_longer_than_the_calendar_ends_all_the_same_and_says_what_was_not_checked():
    found = due("20 years", "2026-04-01")
    assert found.due == day("2046-03-31")
    assert "was not checked" in found.warnings[0].en


@pytest.mark.parametrize(("text", "start"), [("3650 business days", "2026-04-01"), ("3650 years before", "2026-04-01")])
def test_a_count_that_leaves_the_calendar_is_refused(text, start):
    with pytest.raises(CalendarTooShort):
        due(text, start)


@pytest.mark.parametrize("options", [{"roll": "next"}, {"first_day_counts": True}])
def test_options_that_mean_nothing_for_business_days_are_refused(options):
    with pytest.raises(ValueError, match="business days"):
        due("7 business days", "2026-04-01", **options)


def test_a_datetime_is_refused_because_it_may_be_on_any_clock():
    with pytest.raises(TypeError):
        due_date(SEVEN, datetime(2026, 4, 24, 18, 30), JETRO)
    with pytest.raises(TypeError):
        due_on_date(datetime(2026, 4, 24), JETRO)


def test_the_same_question_gets_an_equal_answer_that_names_its_calendar():
    assert due_date(SEVEN, GOLDEN_WEEK, JETRO) == due_date(SEVEN, GOLDEN_WEEK, JETRO)
    assert due_date(SEVEN, GOLDEN_WEEK, JETRO).calendar_hash == JETRO.content_hash


def test_a_month_of_days_needs_no_business_days_to_be_listed():
    found = due_date(Duration(count=1, unit=Unit.months), day("2026-04-01"), JETRO)
    assert (found.counted, found.skipped) == ((), ())

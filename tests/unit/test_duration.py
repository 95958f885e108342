"""Lengths of time are read as manuals word them, and nothing ambiguous gets through."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toritsugi.definition.duration import BadDuration, Direction, Duration, IsoDurationRefused, Unit, parse_duration

AFTER, BEFORE = Direction.after, Direction.before


@pytest.mark.parametrize(
    ("text", "count", "unit", "direction"),
    [
        ("7 business days", 7, Unit.business_days, AFTER),
        ("1 business day", 1, Unit.business_days, AFTER),
        ("4 business days before", 4, Unit.business_days, BEFORE),
        ("6 weeks before", 6, Unit.weeks, BEFORE),
        ("30 calendar days", 30, Unit.calendar_days, AFTER),
        ("30 Calendar Days after", 30, Unit.calendar_days, AFTER),
        ("3 months", 3, Unit.months, AFTER),
        ("2 years", 2, Unit.years, AFTER),
        ("  7   business\tdays ", 7, Unit.business_days, AFTER),
        ("7営業日", 7, Unit.business_days, AFTER),
        ("7 営業日以内", 7, Unit.business_days, AFTER),
        ("７営業日以内に", 7, Unit.business_days, AFTER),
        ("4営業日前", 4, Unit.business_days, BEFORE),
        ("出発の4営業日前", 4, Unit.business_days, BEFORE),
        ("出発の４営業日前まで", 4, Unit.business_days, BEFORE),
        ("6週間前", 6, Unit.weeks, BEFORE),
        ("訪問日の６週間前", 6, Unit.weeks, BEFORE),
        ("30日", 30, Unit.calendar_days, AFTER),
        ("7日", 7, Unit.calendar_days, AFTER),  # 日 alone is a calendar day in Japanese usage
        ("70暦日", 70, Unit.calendar_days, AFTER),
        ("3か月", 3, Unit.months, AFTER),
        ("3ヶ月", 3, Unit.months, AFTER),
        ("3カ月間", 3, Unit.months, AFTER),
        ("2年", 2, Unit.years, AFTER),
        ("3650 calendar days", 3650, Unit.calendar_days, AFTER),
    ],
)
def test_a_length_of_time_is_read_as_the_manual_words_it(text, count, unit, direction):
    assert parse_duration(text) == Duration(count=count, unit=unit, direction=direction)


@given(
    count=st.integers(1, 3650),
    unit=st.sampled_from(list(Unit)),
    direction=st.sampled_from(list(Direction)),
    locale=st.sampled_from(["ja", "en"]),
)
def test_what_is_written_reads_back_to_the_same_value(count, unit, direction, locale):
    duration = Duration(count=count, unit=unit, direction=direction)
    assert parse_duration(duration.text(locale)) == duration


@pytest.mark.parametrize("text", ["P7D", "p7d", "P3M", "P1Y6M", "PT48H", "-P2W", "Ｐ７Ｄ"])
def test_an_iso_duration_is_refused_and_told_why(text):
    with pytest.raises(IsoDurationRefused) as refused:
        parse_duration(text)
    assert "cannot tell business days from calendar days" in refused.value.en
    assert "営業日か暦日かを区別できない" in refused.value.ja


def test_bare_english_days_are_asked_about():
    with pytest.raises(BadDuration) as refused:
        parse_duration("7 days before")
    assert "business days or calendar days?" in refused.value.en
    assert "営業日ですか、暦日ですか" in refused.value.ja
    assert [str(near) for near in refused.value.nearest] == ["7 business days before", "7 calendar days before"]


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("7 busines days", "7 business days"),
        ("7 working days", "7 business days"),
        ("within 7 business days", "7 business days"),
        ("3月", "3 months"),  # 3月 is March
        ("6 weks before", "6 weeks before"),
        ("P2W", "2 weeks"),
    ],
)
def test_a_refusal_names_the_nearest_form(text, nearest):
    with pytest.raises(BadDuration) as refused:
        parse_duration(text)
    assert str(refused.value.nearest[0]) == nearest
    assert nearest in refused.value.en


@pytest.mark.parametrize(
    "text", ["", "   ", "soon", "七営業日", "business days", "7", "7.5 weeks", "-3 weeks", "7営業日前後"]
)
def test_what_is_no_length_of_time_is_refused_with_examples(text):
    with pytest.raises(BadDuration) as refused:
        parse_duration(text)
    assert "7 business days" in refused.value.en
    assert "7営業日" in refused.value.ja


@pytest.mark.parametrize("text", ["0 business days", "3651 calendar days", "0日", "9" * 5000 + " weeks"])
def test_a_count_outside_1_to_3650_is_refused(text):
    with pytest.raises(BadDuration, match="3650"):
        parse_duration(text)


@pytest.mark.parametrize("count", [0, -1, 3651])
def test_no_duration_exists_with_a_count_outside_1_to_3650(count):
    with pytest.raises(BadDuration):
        Duration(count=count, unit=Unit.weeks)


@given(st.text(max_size=200))
def test_any_text_is_either_read_or_refused_in_both_languages(text):
    try:
        parse_duration(text)
    except BadDuration as refused:
        assert refused.ja
        assert refused.en
        assert len(refused.text) <= 41

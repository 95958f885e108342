"""Values of case data: what is accepted, how offices' spellings are read, and that messages keep secrets."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toritsugi.core.datavalues import check_value
from toritsugi.core.shown import show_value
from toritsugi.core.written import BadValue, read_text
from toritsugi.definition.literals import check_digit
from toritsugi.definition.types import (
    CORPORATE_NUMBER,
    DATE,
    INTEGER,
    MOMENT,
    TEXT,
    YEN,
    YES_NO,
    FieldOfRecord,
    Kind,
    Title,
    Type,
    choice,
    list_of,
)

LOAN = choice(
    {
        "in_use": Title(ja="利用中", en="In use"),
        "planned": Title(ja="利用予定", en="Planned"),
        "none": Title(ja="なし", en="None"),
    }
)
ITEM = Type(
    kind=Kind.RECORD,
    fields={
        "amount": FieldOfRecord(type=YEN, title=Title(ja="金額", en="Amount"), required=True),
        "on": FieldOfRecord(type=DATE, title=Title(ja="日付", en="Date")),
    },
)
EVERY_TYPE = [TEXT, INTEGER, YEN, DATE, MOMENT, YES_NO, CORPORATE_NUMBER, LOAN, ITEM, list_of(ITEM), list_of(LOAN)]
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.binary(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5) | st.integers(), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("type_", "value", "codes"),
    [
        (TEXT, "海外展開", []),
        (TEXT, " 　\n", ["BLANK_TEXT"]),
        (TEXT, "a\x00b", ["BAD_CHARACTER"]),
        (TEXT, "\ud800", ["BAD_CHARACTER"]),
        (TEXT, "x" * 10_001, ["TOO_LONG"]),
        (TEXT, 5, ["WRONG_KIND"]),
        (INTEGER, True, ["WRONG_KIND"]),
        (INTEGER, 1.0, ["WRONG_KIND"]),
        (INTEGER, 2**53, ["TOO_LARGE"]),
        (Type(kind=Kind.YEN, minimum=0), -1, ["TOO_SMALL"]),
        (DATE, "2026-02-30", ["BAD_DATE"]),
        (DATE, "20260430", ["BAD_DATE"]),
        (DATE, "2026-04-30", []),
        (MOMENT, 10**18, ["TOO_LARGE"]),
        (YES_NO, "yes", ["WRONG_KIND"]),
        (LOAN, "Planned", ["NOT_AN_OPTION"]),
        (CORPORATE_NUMBER, "7000012050002", []),
        (CORPORATE_NUMBER, "8000012050002", ["BAD_CORPORATE_NUMBER"]),
        (CORPORATE_NUMBER, "7-000012050002", ["BAD_CORPORATE_NUMBER"]),
        (list_of(INTEGER, max_length=2), [1, 2, 3], ["TOO_LONG"]),
        (list_of(INTEGER), [1] * 1_001, ["TOO_LONG"]),
        (ITEM, {"on": "2026-04-01"}, ["MISSING_FIELD"]),
        (ITEM, {"amount": 1, "tax": 2}, ["UNKNOWN_FIELD"]),
        (TEXT, None, ["NOT_SET"]),
    ],
)
def test_a_value_is_checked_against_its_type(type_: Type, value: object, codes: list[str]) -> None:
    assert [problem.code for problem in check_value(type_, value)] == codes


def test_every_problem_names_its_place_and_what_would_be_possible() -> None:
    problems = check_value(list_of(ITEM), [{"amount": 1}, {"amount": "x", "on": "?"}])
    assert [(problem.path, problem.code) for problem in problems] == [
        ("[1].amount", "WRONG_KIND"),
        ("[1].on", "BAD_DATE"),
    ]
    assert check_value(LOAN, "x")[0].allowed == ("in_use", "planned", "none")


@given(st.sampled_from(EVERY_TYPE), anything)
def test_no_value_whatever_makes_the_check_raise(type_: Type, value: object) -> None:
    check_value(type_, value)


@pytest.mark.parametrize(
    "text",
    [
        "2026-04-24",
        "2026/4/24",
        "２０２６／４／２４",
        "2026年4月24日",
        "令和8年4月24日",
        "令和８年 ４月 ２４日（金）",
        "R8.4.24",
        "r8/4/24",
        "令8.4.24",
        "2026.4.24",
    ],
)
def test_a_date_is_read_however_an_office_writes_it(text: str) -> None:
    assert read_text(DATE, text) == "2026-04-24"


@pytest.mark.parametrize(
    "text", ["2026-02-30", "平成32年4月1日", "8.4.24", "2026-04-24(木)", "24/4/2026", "昭和64年1月8日", "R0.1.1"]
)
def test_a_date_that_does_not_exist_or_is_ambiguous_is_refused(text: str) -> None:
    with pytest.raises(BadValue, match="UNREADABLE"):
        read_text(DATE, text)


def test_eras_begin_and_end_on_their_days() -> None:
    days = ["平成31年4月30日", "令和元年5月1日", "昭和64年1月7日", "平成元年1月8日"]
    assert [read_text(DATE, day) for day in days] == ["2019-04-30", "2019-05-01", "1989-01-07", "1989-01-08"]


@pytest.mark.parametrize(
    "text", ["1000000", "1,000,000円", "￥１，０００，０００", "100万円", "\\1,000,000", "1,000,000 yen", " 1000000 円"]
)
def test_yen_are_read_however_an_office_writes_them(text: str) -> None:
    assert read_text(YEN, text) == 1_000_000


@pytest.mark.parametrize("text", ["1,00", "1.5", "--5円", "円", "9" * 400, "1万2千円"])
def test_an_amount_that_is_not_clear_is_refused(text: str) -> None:
    with pytest.raises(BadValue):
        read_text(YEN, text)


@pytest.mark.parametrize(
    ("text", "value"), [("はい", True), ("○", True), ("ＹＥＳ", True), ("いいえ", False), ("×", False), ("no", False)]
)
def test_yes_and_no_are_read_as_words_and_marks(text: str, value: bool) -> None:
    assert read_text(YES_NO, text) is value


@pytest.mark.parametrize("text", ["planned", "利用予定", "PLANNED", " Planned "])
def test_a_choice_is_read_by_id_or_title(text: str) -> None:
    assert read_text(LOAN, text) == "planned"


def test_an_unknown_choice_names_the_possible_ones() -> None:
    with pytest.raises(BadValue) as caught:
        read_text(LOAN, "検討中")
    assert caught.value.allowed == ("in_use", "planned", "none")
    assert "利用中、利用予定、なし" in caught.value.ja


def test_a_corporate_number_is_read_with_hyphens_and_full_width_digits() -> None:
    assert read_text(CORPORATE_NUMBER, "７－００００－１２０５－０００２") == "7000012050002"


@given(st.from_regex(r"[0-9]{12}", fullmatch=True), st.integers(0, 11), st.integers(1, 9))
def test_nearly_every_single_wrong_digit_is_caught_by_the_check_digit(base: str, place: int, shift: int) -> None:
    """Weights 1 and 2 modulo 9 catch each changed digit except 0 for 9 and 9 for 0."""
    wrong = base[:place] + str((int(base[place]) + shift) % 10) + base[place + 1 :]
    if {base[place], wrong[place]} != {"0", "9"}:
        assert check_digit(base) != check_digit(wrong)


def test_a_moment_without_an_offset_is_japans() -> None:
    assert read_text(MOMENT, "1970-01-01T09:00:01+09:00") == 1_000_000
    for written in (
        "1970-01-01 09:00:01",
        "1970/1/1 9:00:01",
        "昭和45年1月1日９時０分１秒",
        "1970年1月1日(木) 午前9時0分1秒",
    ):
        assert read_text(MOMENT, written) == 1_000_000
    with pytest.raises(BadValue):
        read_text(MOMENT, "2026-04-24")


def test_a_persons_name_keeps_its_characters() -> None:
    """NFKC would turn a compatibility ideograph into another character."""
    assert read_text(TEXT, " 髙﨑　神田\ufa19\r\n") == "髙﨑　神田\ufa19"


def test_a_list_is_read_from_lines_and_separators() -> None:
    assert read_text(list_of(LOAN), "利用中、なし") == ["in_use", "none"]
    assert read_text(list_of(YEN), "1,000\n2,000円") == [1_000, 2_000]


@given(
    st.sampled_from([t for t in EVERY_TYPE if t is not TEXT]),
    st.text(alphabet="秘密ひみつ98765", min_size=3, max_size=30),
)
def test_a_personal_text_never_stands_in_a_message(type_: Type, text: str) -> None:
    try:
        read_text(type_, text, personal=True)
    except BadValue as bad:
        assert text not in str(bad) + bad.ja + repr(bad.args)


def test_a_short_list_of_long_words_is_read() -> None:
    two = list_of(TEXT, max_length=2)
    assert read_text(two, "金融機関、鳥取県経営サポートセンター") == ["金融機関", "鳥取県経営サポートセンター"]
    with pytest.raises(BadValue) as bad:
        read_text(two, "甲、乙、丙")
    assert bad.value.code == "TOO_LONG"


@given(st.sampled_from(EVERY_TYPE), st.text(max_size=60))
def test_no_text_whatever_makes_reading_raise_anything_else(type_: Type, text: str) -> None:
    try:
        assert check_value(type_, read_text(type_, text)) == []
    except BadValue as bad:
        assert bad.ja and bad.en


@given(
    st.dates(min_value=date(1868, 10, 23)), st.integers(-(10**12), 10**12), st.booleans(), st.sampled_from(["ja", "en"])
)
def test_what_is_shown_can_be_read_again(day: date, amount: int, answer: bool, locale: str) -> None:
    for type_, value in [
        (DATE, day.isoformat()),
        (YEN, amount),
        (INTEGER, amount),
        (YES_NO, answer),
        (LOAN, "planned"),
    ]:
        assert read_text(type_, show_value(type_, value, locale)) == value


def test_values_are_shown_in_both_languages() -> None:
    assert (
        show_value(list_of(ITEM), [{"amount": 1_000, "on": "2026-04-01"}], "ja") == "金額：1,000円、日付：2026年4月1日"
    )
    assert show_value(MOMENT, 0, "en") == "1970-01-01T09:00+09:00"
    assert show_value(MOMENT, 0, "ja") == "1970年1月1日 09:00（日本時間）"
    assert show_value(DATE, None, "ja") == "未入力"

"""Arithmetic in rules: exact until it is rounded, whole where it is kept, and refused where it could come to nothing."""

from fractions import Fraction
from math import ceil, floor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toritsugi.core.arithmetic import calendar_key, same_number
from toritsugi.core.guard import compile_expression
from toritsugi.core.moments import parse_moment
from toritsugi.definition.expression import BadExpression, calendars_read, parse, readable, unparse
from toritsugi.definition.types import DATE, INTEGER, YEN, YES_NO, Kind, Title, Type
from toritsugi.definition.vocabulary import Name, Vocabulary
from toritsugi.runtime.calendars import build_calendar

PARTS = Type(kind=Kind.INTEGER, minimum=1)
_NAMES = [
    Name(id="cost", type=YEN, titles=Title(ja="対象経費", en="cost")),
    Name(id="paid", type=YEN, titles=Title(ja="支払額", en="paid")),
    Name(id="minutes", type=INTEGER, titles=Title(ja="相談時間（分）", en="minutes")),
    Name(id="parts", type=PARTS, titles=Title(ja="分母", en="parts")),
    Name(id="visit_on", type=DATE, titles=Title(ja="訪問日", en="visit")),
    Name(id="departure_on", type=DATE, titles=Title(ja="出発日", en="departure")),
]
VOCABULARY = Vocabulary({name.id: name for name in _NAMES})
CALENDAR = build_calendar("jetro", Title(ja="ジェトロ", en="JETRO"))


def value(text: str, type_: Type, **env: Any) -> Any:
    return compile_expression(parse(text, VOCABULARY, type_))({**env, calendar_key("jetro"): CALENDAR})


def fault(text: str, type_: Type = YES_NO) -> str:
    with pytest.raises(BadExpression) as caught:
        parse(text, VOCABULARY, type_)
    return caught.value.code


@pytest.mark.parametrize(
    ("ja", "en"),
    [
        ("対象経費の2/3を切り捨て", "cost * 2/3 rounded down"),
        ("対象経費の3分の2を切り捨て", "cost * (2/3) rounded down"),
        ("対象経費 × 2 ÷ 3 を切捨て", "cost * 2 / 3 rounded down"),
        ("対象経費の10%を1,000円未満切り上げ", "cost * 10% rounded up to 1,000 yen"),
        ("対象経費の１０％を１０００円未満四捨五入", "cost * 10% rounded half up to 1000 yen"),
        ("対象経費 と 50万円 の小さい方", "smaller of cost and 500,000 yen"),
        ("対象経費の2/3を切り捨て と 50万円 のいずれか低い額", "lower of cost * 2/3 rounded down and 500000 yen"),
        ("対象経費 と 支払額 の大きい方", "the larger of cost and paid"),
    ],
)
def test_japanese_and_english_arithmetic_say_the_same(ja: str, en: str) -> None:
    assert parse(ja, VOCABULARY, YEN) == parse(en, VOCABULARY, YEN)


@pytest.mark.parametrize(
    ("ja", "en"),
    [
        ("出発日の4営業日前（jetro）", "4 business days before departure_on (jetro)"),
        ("出発日 - 4営業日（jetro）", "departure_on - 4 business days (jetro)"),
        ("訪問日の6週間前", "6 weeks before visit_on"),
        ("訪問日の3か月後", "visit_on + 3 months"),
        ("訪問日の１年前", "1 year before visit_on"),
        ("訪問日から3か月間の最終日", "last day of 3 months from visit_on"),
        ("訪問日から70日間の最終日", "the last day of 70 days from visit_on"),
        ("訪問日 と 出発日 の早い方", "earlier of visit_on and departure_on"),
    ],
)
def test_japanese_and_english_dates_say_the_same(ja: str, en: str) -> None:
    assert parse(ja, VOCABULARY, DATE) == parse(en, VOCABULARY, DATE)


_VALUES = [
    ("2/3 of cost rounded down", YEN),
    ("smaller of 2/3 of cost rounded down and 500,000 yen", YEN),
    ("((smaller of (larger of minutes - 30 and 0) and 600) / 30 rounded up) * 10,000 yen", YEN),
    ("(cost + paid) * 3 / parts rounded half up to 1,000 yen", YEN),
    ("cost / 10,000 yen * 100 yen rounded up", YEN),
    ("minutes - (minutes * 10% rounded down)", INTEGER),
    ("visit_on + 1 year - 3 months + 2 days - 4 business days (jetro)", DATE),
    ("last day of 2 years from (later of visit_on and departure_on)", DATE),
    ("対象経費の2/3を切り捨て と 支払額 の大きい方", YEN),
]


@pytest.mark.parametrize("locale", ["ja", "en"])
@pytest.mark.parametrize(("text", "type_"), _VALUES)
def test_arithmetic_written_out_reads_back_the_same(text: str, type_: Type, locale: str) -> None:
    found = parse(text, VOCABULARY, type_)
    assert parse(unparse(found, locale), VOCABULARY, type_) == found


_amounts = st.integers(-(10**12), 10**12)


@given(cost=_amounts, above=st.integers(1, 9), below=st.integers(1, 9), unit=st.sampled_from([1, 10, 1_000]))
def test_rounding_agrees_with_exact_fractions(cost: int, above: int, below: int, unit: int) -> None:
    size = Fraction(abs(cost) * above, below * unit)
    sign = -1 if cost < 0 else 1
    for mode, expected in (("down", floor(size)), ("up", ceil(size)), ("half up", floor(size + Fraction(1, 2)))):
        text = f"{above}/{below} of cost rounded {mode} to {unit} yen"
        assert value(text, YEN, cost=cost) == sign * expected * unit


@given(cost=_amounts, paid=_amounts, above=st.integers(1, 9), below=st.integers(1, 9))
def test_what_is_not_whole_is_compared_exactly(cost: int, paid: int, above: int, below: int) -> None:
    share = Fraction(cost * above, below)
    assert value(f"paid <= {above}/{below} of cost", YES_NO, cost=cost, paid=paid) is (paid <= share)
    assert value(f"not (paid <= {above}/{below} of cost)", YES_NO, cost=cost, paid=paid) is (paid > share)
    assert value(f"{above}/{below} of cost = paid", YES_NO, cost=cost, paid=paid) is (paid == share)


@given(cost=_amounts, paid=_amounts)
def test_the_smaller_and_the_larger_are_what_they_say(cost: int, paid: int) -> None:
    assert value("smaller of cost and paid", YEN, cost=cost, paid=paid) == min(cost, paid)
    exact = Fraction(paid, 7) >= Fraction(cost, 3)
    assert value("1/7 of paid = (larger of 1/3 of cost and 1/7 of paid)", YES_NO, cost=cost, paid=paid) is exact


@pytest.mark.parametrize(
    ("minutes", "fee"),
    [(0, 0), (30, 0), (31, 10_000), (60, 10_000), (61, 20_000), (629, 200_000), (630, 200_000), (900, 200_000)],
)
def test_a_fee_by_time_is_free_first_then_by_units_begun_up_to_a_most(minutes: int, fee: int) -> None:
    text = "((smaller of (larger of minutes - 30 and 0) and 600) / 30 rounded up) * 10,000 yen"
    assert value(text, YEN, minutes=minutes) == fee


@pytest.mark.parametrize(("cost", "subsidy"), [(749_999, 499_999), (750_000, 500_000), (750_001, 500_000), (0, 0)])
def test_a_subsidy_is_a_share_up_to_a_ceiling(cost: int, subsidy: int) -> None:
    assert value("対象経費の2/3を切り捨て と 50万円 の小さい方", YEN, cost=cost) == subsidy


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("2/3 of cost rounded down", YEN),
        ("smaller of cost and 500,000 yen", YEN),
        ("visit_on + 3 months", DATE),
        ("4 business days before visit_on (jetro)", DATE),
        ("last day of 70 days from visit_on", DATE),
        ("later of visit_on and 2026-04-01", DATE),
    ],
)
def test_what_rests_on_nothing_is_not_set(text: str, type_: Type) -> None:
    assert value(text, type_) is None


def test_a_divisor_that_is_0_after_all_leaves_the_value_unset() -> None:
    assert value("cost / parts rounded down", YEN, cost=10, parts=0) is None


@pytest.mark.parametrize(
    ("text", "type_", "code"),
    [
        ("2/3 of cost", YEN, "NOT_WHOLE"),
        ("smaller of 2/3 of cost and 500,000 yen", YEN, "NOT_WHOLE"),
        ("minutes in [1/2]", YES_NO, "NOT_WHOLE"),
        ("cost / minutes rounded down", YEN, "DIVISION_BY_ZERO"),
        ("cost / 0 rounded down", YEN, "DIVISION_BY_ZERO"),
        ("cost / (parts - 1) rounded down", YEN, "DIVISION_BY_ZERO"),
        ("cost * paid", YEN, "NOT_A_NUMBER"),
        ("minutes / 3 yen rounded down", INTEGER, "NOT_A_NUMBER"),
        ("visit_on * 2", DATE, "NOT_A_NUMBER"),
        ("visit_on rounded down", DATE, "NOT_A_NUMBER"),
        ("minutes / 2 rounded down to 10 yen", INTEGER, "WRONG_TYPE"),
        ("minutes / 2 rounded down to 0", INTEGER, "BAD_NUMBER"),
        ("smaller of cost and minutes", YEN, "WRONG_TYPE"),
        ("visit_on - 4 business days", DATE, "CALENDAR_NEEDED"),
        ("訪問日の4営業日前", DATE, "CALENDAR_NEEDED"),
        ("visit_on + 0 months", DATE, "BAD_NUMBER"),
        ("minutes + 3 months", INTEGER, "WRONG_TYPE"),
        ("visit_on + cost", DATE, "WRONG_TYPE"),
        ("visit_on + minutes / 2", DATE, "NOT_WHOLE"),
        ("last day of 3 months from cost", DATE, "WRONG_TYPE"),
        ("3 months from visit_on", DATE, "UNEXPECTED"),
        ("smaller of cost or paid", YEN, "UNEXPECTED"),
    ],
)
def test_arithmetic_without_a_meaning_is_refused(text: str, type_: Type, code: str) -> None:
    assert fault(text, type_) == code


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("visit_on + 1 month", "2026-02-28"),
        ("visit_on + 3 months", "2026-04-30"),
        ("visit_on - 2 months", "2025-11-30"),
        ("1 year after visit_on", "2027-01-31"),
        ("last day of 1 month from visit_on", "2026-02-28"),
        ("last day of 2 months from visit_on", "2026-03-30"),
        ("last day of 1 year from visit_on", "2027-01-30"),
        ("last day of 70 days from visit_on", "2026-04-10"),
        ("visit_on - 42 days", "2025-12-20"),
    ],
)
def test_months_lead_to_the_same_number_and_terms_end_the_day_before(text: str, expected: str) -> None:
    assert value(text, DATE, visit_on="2026-01-31") == expected


def test_business_days_in_a_rule_are_counted_as_deadlines_count_them() -> None:
    assert value("4 business days before departure_on (jetro)", DATE, departure_on="2026-05-07") == "2026-04-27"
    assert value("visit_on + 7 business days (jetro)", DATE, visit_on="2026-06-06") == "2026-06-17"
    assert calendars_read(parse("visit_on > departure_on - 4 business days (jetro)", VOCABULARY)) == {"jetro"}


@pytest.mark.parametrize("text", ["visit_on + 3650 years", "visit_on + 3000 business days (jetro)"])
def test_a_date_beyond_the_calendar_is_not_set(text: str) -> None:
    assert value(text, DATE, visit_on="9990-01-01") is None


def test_months_never_leave_the_years() -> None:
    day = CALENDAR.first
    with pytest.raises(ValueError, match="outside"):
        same_number(day, 12 * 9000)


def test_a_person_reads_dates_as_an_office_says_them() -> None:
    rule = parse("departure_on - 4 business days (jetro)", VOCABULARY, DATE)
    assert readable(rule, "ja") == "出発日の4営業日前（jetro）"
    assert readable(rule, "en") == "4 business days before departure (jetro)"


def test_moments_have_an_earlier_and_a_later_too() -> None:
    noon, one = parse_moment("2026-04-01T12:00+09:00"), parse_moment("2026-04-01T13:00+09:00")
    text = "(earlier of 2026-04-01T12:00+09:00 and 2026-04-01T13:00+09:00) = 2026-04-01T12:00+09:00"
    assert noon < one
    assert value(text, YES_NO) is True

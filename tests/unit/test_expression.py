"""The guard language: what it reads, how it says what is wrong, and that hostile text costs nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guard_scope import LOAN, SCOPE, SIMPLE, VOCABULARY, rules
from toritsugi.definition.expression import (
    BadExpression,
    Compare,
    Expression,
    Implies,
    Literal,
    Sum,
    names_read,
    parse,
    readable,
    unparse,
    walk,
)
from toritsugi.definition.types import DATE, INTEGER, YEN, YES_NO


def bad(text: str, expect: object = YES_NO) -> BadExpression:
    with pytest.raises(BadExpression) as caught:
        parse(text, VOCABULARY, expect)  # type: ignore[arg-type]  # always a Type
    return caught.value


def where(text: str) -> tuple[str, str]:
    fault = bad(text)
    return fault.code, text[fault.span.start : fault.span.end]


@pytest.mark.parametrize("locale", ["ja", "en"])
@given(text=rules)
def test_a_rule_written_out_reads_back_the_same(locale: str, text: str) -> None:
    rule = parse(text, VOCABULARY)
    assert parse(unparse(rule, locale), VOCABULARY) == rule


@pytest.mark.parametrize(
    ("ja", "en"),
    [
        (
            "融資状況 = 利用予定 ならば 制度融資案内日 が入力済み",
            "loan_status = planned implies scheme_loan_introduced_on is set",
        ),
        (
            "融資状況＝利用予定ならば制度融資案内日が入力済み",
            "loan_status = planned implies scheme_loan_introduced_on is set",
        ),
        ("融資状況が利用予定である", "loan_status = planned"),
        ("融資状況が利用予定でない", "loan_status != planned"),
        ("同意でない", "not agreed"),
        ("同意でない かつ 備考が未入力", "not agreed and note is not set"),
        ("融資状況が[利用中、利用予定]のいずれか", "loan_status in [in_use, planned]"),
        ("融資状況 が [利用中、利用予定] のいずれでもない", "loan_status not in [in_use, planned]"),
        ("費用が１，０００，０００円以下", "amount <= 1000000 yen"),
        ("費用 ≦ 100万円", "amount <= ¥1,000,000"),
        ("費用が支援枠の残額を超える", "amount > frame.available"),
        ("訪問日が令和８年４月１日より前", "visit_on < 2026-04-01"),
        ("訪問日－２８日 >= 2026/4/1", "visit_on - 4 weeks >= 2026-04-01"),
        (
            "費用明細の件数 = 0 または 費用明細の金額の合計が10円未満",
            "count of costs = 0 or sum of costs.amount < 10",
        ),
        ("メニューが利用予定を含む", "menus includes planned"),
        ("会社.名称 が入力済み", "company.name is set"),
        ("様式１の受付日が入力済み", "form1_on is set"),
        ("要件１＝はい", "e1 = yes"),
    ],
)
def test_japanese_and_english_say_the_same(ja: str, en: str) -> None:
    assert parse(ja, SCOPE) == parse(en, SCOPE)


def test_half_width_katakana_and_any_space_are_read() -> None:
    assert parse("ﾒﾆｭｰ　が\n 利用中 を含む", SCOPE) == parse("menus includes in_use", SCOPE)


def test_precedence_runs_from_implies_to_not() -> None:
    rule = parse("not agreed and agreed or agreed implies agreed implies agreed", SCOPE)
    assert rule == parse("(((not agreed) and agreed) or agreed) implies (agreed implies agreed)", SCOPE)
    assert isinstance(rule, Implies)
    assert parse("not count = 1", SCOPE) == parse("not (count = 1)", SCOPE)


def test_every_part_knows_its_place_in_the_text() -> None:
    text = "（融資状況＝利用予定）ならば　訪問日＋２８日＞訪問日"
    found = {type(part): text[part.span.start : part.span.end] for part in walk(parse(text, SCOPE))}
    assert found[Sum] == "訪問日＋２８日"
    assert found[Implies].endswith("＞訪問日")
    assert found[Compare] == "訪問日＋２８日＞訪問日"


def test_a_bare_number_takes_the_type_of_the_other_side() -> None:
    def number(text: str) -> Expression:
        return next(part for part in walk(parse(text, SCOPE)) if isinstance(part, Literal))

    assert number("amount = 1,000").type == YEN
    assert number("1,000 = amount").type == YEN
    assert number("count = 1,000").type == INTEGER


def test_an_effect_may_set_any_type() -> None:
    assert parse("planned", SCOPE, LOAN) == parse("利用予定", SCOPE, LOAN)
    assert parse("visit_on + 7", SCOPE, DATE).type == DATE
    assert parse("1,000", SCOPE, YEN).type == YEN
    assert parse("count > 1", SCOPE, YES_NO).type == YES_NO
    assert bad("amount", DATE).code == "WRONG_TYPE"


def test_an_option_that_no_field_offers_can_still_be_set() -> None:
    assert parse("利用予定", {}, LOAN) == parse("planned", {}, LOAN)


def test_the_names_a_rule_reads_are_the_keys_of_its_environment() -> None:
    rule = parse("sum of costs.amount <= frame.available and company.name is set and count of menus > 0", SCOPE)
    assert names_read(rule) == {"costs", "frame.available", "company", "menus"}


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("loan_status = plannd", "UNKNOWN_CHOICE", "plannd"),
        ("loan_statuz = planned", "UNKNOWN_NAME", "loan_statuz"),
        ("融資情況 = 利用予定", "UNKNOWN_NAME", "融資情況"),
        ("融資情況が入力済み", "UNKNOWN_NAME", "融資情況"),
        ("company.title is set", "UNKNOWN_NAME", "company.title"),
        ("双子 = 1", "AMBIGUOUS_NAME", "双子"),
        ("amount = 3 days", "WRONG_TYPE", "3 days"),
        ("費用 = 訪問日", "WRONG_TYPE", "訪問日"),
        ("visit_on = '2026-04-01'", "WRONG_TYPE", "'2026-04-01'"),
        ("amount + visit_on = 1", "WRONG_TYPE", "visit_on"),
        ("note + 1 = 2", "NOT_A_NUMBER", "note"),
        ("loan_status < planned", "NOT_ORDERED", "loan_status < planned"),
        ("costs = costs", "NOT_COMPARABLE", "costs"),
        ("(count = 1) = agreed", "NOT_COMPARABLE", "count = 1"),
        ("loan_status", "NOT_A_CONDITION", "loan_status"),
        ("agreed and count", "NOT_A_CONDITION", "count"),
        ("costs.amount = 1", "NOT_A_NAME", "costs.amount"),
        ("3 is set", "NOT_A_NAME", "3"),
        ("count of amount = 1", "NOT_A_LIST", "amount"),
        ("sum of menus = 1", "NOT_A_NUMBER", "menus"),
        ("sum of costs.paid_on = 1", "NOT_A_NUMBER", "costs.paid_on"),
        ("amount includes 1", "NOT_A_LIST", "amount"),
        ("menus includes 1", "WRONG_TYPE", "1"),
        ("loan_status == planned", "UNEXPECTED", "=="),
        ("agreed && agreed", "UNEXPECTED", "&&"),
        ("!agreed", "UNEXPECTED", "!"),
        ("agreed agreed", "UNEXPECTED", "agreed"),
        ("1 < count < 3", "UNEXPECTED", "<"),
        ("(agreed", "UNEXPECTED", ""),
        ("loan_status in []", "UNEXPECTED", "]"),
        ("", "EMPTY", ""),
        ("   ", "EMPTY", ""),
        ("note = 'x", "TEXT_NOT_CLOSED", "'x"),
        ("visit_on = 2026-02-30", "BAD_DATE", "2026-02-30"),
        ("訪問日 = 平成40年1月1日", "BAD_DATE", "平成40年1月1日"),
        ("count = 1.5", "BAD_NUMBER", "1"),
        ("count = 99999999999999999999", "BAD_NUMBER", "99999999999999999999"),
        ("count in [1,000, 2]", "AMBIGUOUS_NUMBER", "1,000"),
        ("corporate_number = 8000012050002", "BAD_NUMBER", "8000012050002"),
        ("visit_on + 7 business days > visit_on", "CALENDAR_NEEDED", "7 business days"),
        ("訪問日＋７営業日＞訪問日", "CALENDAR_NEEDED", "７営業日"),
        ("agreed\x00", "BAD_CHARACTER", "\x00"),
        ("count = \U0001f4a5", "BAD_CHARACTER", "\U0001f4a5"),
        ("__import__('os')", "UNEXPECTED", "("),
    ],
)
def test_what_is_wrong_is_named_where_it_stands(text: str, code: str, place: str) -> None:
    assert where(text) == (code, place)


def test_a_slip_of_the_pen_gets_a_suggestion() -> None:
    assert bad("loan_status = plannd").suggestions[0] == "planned"
    assert "loan_status" in bad("loan_statuz = planned").suggestions
    assert "融資状況" in bad("融資情況 = 利用予定").suggestions
    assert bad("双子 = 1").suggestions == ("twin_a", "twin_b")
    assert bad("agreed == agreed").suggestions == ("=",)


def test_a_type_error_names_both_types_in_both_languages() -> None:
    fault = bad("amount = visit_on")
    assert "amount in yen" in fault.message_en and "date" in fault.message_en
    assert "金額" in fault.message_ja and "日付" in fault.message_ja


@pytest.mark.parametrize(
    "text",
    [
        "(" * 1_999,
        "not " * 499,
        "agreed implies " * 133 + "a",
        "でない" * 600,
        "agreed" + "でない" * 600,
        ("(" * 39 + "agreed" + ("でない" * 10 + ")") * 39),
        "1" * 2_000,
        "+1" * 1_000,
        "'" * 1_999,
        "\ufdfa" * 2_000,
        "が" * 2_000,
        "a." * 1_000,
        "か\u3099" * 1_000,
        "[" * 2_000,
        "¥" * 2_000,
        "x" * 2_001,
    ],
)
def test_hostile_text_is_refused_at_once(text: str) -> None:
    assert bad(text).code


def test_long_flat_rules_are_fine_and_deep_ones_are_not() -> None:
    parse(" and ".join(["agreed"] * 180), SCOPE)
    parse("count = " + "+".join(["1"] * 900), SCOPE)
    parse("(" * 40 + "agreed" + ")" * 40, SCOPE)
    assert bad("(" * 41 + "agreed" + ")" * 41).code == "TOO_DEEP"
    assert bad("x" * 2_001).code == "TOO_LONG"


_pieces = st.sampled_from(
    [
        *SIMPLE,
        *"()[],+-<>=!'「」¥.が円日 ",
        "and",
        "not ",
        "でない",
        " is set",
        "の合計",
        "1,000",
        "2026-02-31",
        "令和",
        "\u3099",
        "\ud800",
    ]
)


@given(st.lists(_pieces | st.text(max_size=6), max_size=25).map("".join))
def test_whatever_the_text_there_is_a_rule_or_a_reason(text: str) -> None:
    try:
        rule = parse(text, VOCABULARY)
    except BadExpression as fault:
        assert fault.message_ja and fault.message_en
        assert 0 <= fault.span.start <= fault.span.end <= len(text)
    else:
        assert all(0 <= part.span.start <= part.span.end <= len(text) for part in walk(rule))
        assert parse(unparse(rule, "ja"), VOCABULARY) == rule


def test_a_title_that_could_be_misread_gives_way_to_its_id() -> None:
    assert unparse(parse("twin_a = twin_b", SCOPE), "ja") == "twin_a = twin_b"


def test_a_person_reads_titles() -> None:
    rule = parse("loan_status = planned implies scheme_loan_introduced_on is set", SCOPE)
    assert readable(rule, "en") == "loan status = planned implies scheme loan introduced on is set"
    assert unparse(rule, "ja") == "融資状況 = 利用予定 ならば 制度融資案内日 が入力済み"

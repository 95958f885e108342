"""Suggestions: what fits is found by step, need and day; what is closed is never offered; the answer is always the same."""

import dataclasses
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import toritsugi_workflows
from toritsugi.core.needwords import LONGEST_NEED, folded, words_of
from toritsugi.core.question import Question
from toritsugi.core.standing import OFFERED, Standing
from toritsugi.core.suggest import MOST_NEAREST, Suggestions, suggest
from toritsugi.definition.catalogue import load_catalogue
from toritsugi.definition.measure import Catalogue, Row, RowStatus
from toritsugi.errors import BadInput

CATALOGUES = tuple(load_catalogue(file.text, file=file.file) for file in toritsugi_workflows.toritsugi_catalogues())
IN_2016 = date(2016, 12, 1)
IN_2026 = date(2026, 5, 1)

#: what to type, how to call it, in the answers' order.
NEEDS = st.one_of(
    st.just(""),
    st.sampled_from(
        [word for one in CATALOGUES for need in one.needs.values() for word in (need.title.ja, *need.words)]
    ),
    st.sampled_from([row.id for one in CATALOGUES for row in one.rows.values()]),
    st.text(max_size=LONGEST_NEED),
)
DAYS = st.one_of(
    st.dates(date(2008, 1, 1), date(2028, 1, 1)),
    st.sampled_from([date.min, date.max]),
    st.integers(-2, 2).flatmap(
        lambda days: st.sampled_from([date(2016, 11, 4), date(2016, 11, 14), date(2017, 1, 17), date(2017, 1, 27)]).map(
            lambda day: day + timedelta(days=days)
        )
    ),
)


def ask(need: str = "", on: date = IN_2016, **rest: object) -> Suggestions:
    return suggest(Question(on=on, need=need, **rest), CATALOGUES)  # type: ignore[arg-type]  # each test gives its own


def ids(answer: tuple[object, ...]) -> list[str]:
    return [one.row.id for one in answer]  # type: ignore[attr-defined]  # suggestions


def codes(answer: Suggestions, number: str) -> list[str]:
    found = [one for one in (*answer.offered, *answer.withheld, *answer.nearest) if one.row.id == number]
    return [reason.code for one in found for reason in (*one.fits, one.stand.reason, *one.misses)]


def closed_then(catalogue: Catalogue, row: Row, day: date) -> bool:
    """Worked out here without the code under test."""
    if row.status is not RowStatus.RUNNING:
        return True
    if row.windows:
        inside = [w for w in row.windows if (w.opens or date.min) <= day <= (w.closes or date.max)]
        return not inside
    return not ((catalogue.valid.opens or date.min) <= day <= (catalogue.valid.closes or date.max))


def test_the_example_of_the_office_is_answered() -> None:
    answer = ask("商品開発", step=2)
    assert ids(answer.offered) == ["m18a", "m18b", "m18c"]
    assert ids(answer.withheld)[:2] == ["m16", "m17"]
    assert codes(answer, "m18a") == ["STEP_FITS", "NEED_FITS", "OPEN_ON_DAY"]
    assert codes(answer, "m16") == ["STEP_FITS", "NEED_FITS", "CALL_CLOSED"]
    assert answer.nearest == ()


@pytest.mark.parametrize(
    ("number", "first", "last"),
    [
        ("m15", date(2016, 11, 4), date(2017, 1, 27)),
        ("m18a", date(2016, 11, 14), date(2017, 1, 17)),
        ("m18b", date(2016, 11, 14), date(2017, 1, 17)),
        ("m18c", date(2016, 11, 14), date(2017, 1, 17)),
    ],
)
def test_a_window_is_open_from_its_first_to_its_last_day(number: str, first: date, last: date) -> None:
    day = timedelta(days=1)
    stands = {on: _standing(number, on) for on in (first - day, first, last, last + day)}
    assert list(stands.values()) == [Standing.LATER, Standing.OPEN, Standing.OPEN, Standing.CLOSED]


@pytest.mark.parametrize(
    ("number", "first", "last"),
    [
        ("c02", date(2008, 4, 1), date(2010, 3, 31)),
        ("c03", date(2010, 4, 1), date(2011, 3, 31)),
        ("c04", date(2011, 4, 1), date(2013, 3, 31)),
    ],
)
def test_a_programme_of_the_past_is_over(number: str, first: date, last: date) -> None:
    stands = [_standing(number, on, "collaboration_patterns_2017") for on in (first, last, last + timedelta(days=1))]
    assert stands == [Standing.OPEN, Standing.OPEN, Standing.CLOSED]


def _standing(number: str, on: date, catalogue: str = "overseas_support_2016") -> Standing:
    answer = ask(number, on, catalogue=catalogue)
    (found,) = [one for one in (*answer.offered, *answer.withheld) if one.row.id == number]
    assert (found in answer.offered) == (found.stand.standing in OFFERED)
    return found.stand.standing


def test_the_reason_names_the_days_in_both_languages() -> None:
    (before,) = [one for one in ask("m15", date(2016, 11, 3)).withheld if one.row.id == "m15"]
    assert "2016年11月4日(金)から2017年1月27日(金)まで" in before.stand.reason.text.ja
    assert "Fri 2016-11-04" in before.stand.reason.text.en
    (after,) = [one for one in ask("m15", date(2017, 1, 28)).withheld if one.row.id == "m15"]
    assert after.stand.reason.text.ja == "受付は2017年1月27日(金)で終わりました。"


@pytest.mark.parametrize("on", [date(2016, 3, 31), date(2017, 4, 1), IN_2026])
def test_beyond_its_days_a_document_offers_nothing(on: date) -> None:
    answer = ask("英文契約", on, catalogue="overseas_support_2016")
    assert answer.offered == answer.nearest == ()
    assert codes(answer, "m35")[-1] == "BEYOND_DOCUMENT"


@pytest.mark.parametrize("on", [date(2016, 4, 1), date(2017, 3, 31)])
def test_on_the_first_and_last_of_its_days_a_document_speaks(on: date) -> None:
    assert "m07" in ids(ask("貿易相談", on).offered)


def test_the_menus_of_tokyo_are_offered_in_their_year_without_the_old_document() -> None:
    answer = ask("越境EC", IN_2026)
    assert ids(answer.offered) == ["L-K4"]
    assert ids(answer.withheld) == ["m23"]


@settings(max_examples=150, deadline=None)
@given(
    need=NEEDS,
    on=DAYS,
    step=st.one_of(st.none(), st.integers(1, 4)),
    only=st.sampled_from([None, *(one.id for one in CATALOGUES)]),
)
def test_nothing_closed_is_ever_offered(need: str, on: date, step: int | None, only: str | None) -> None:
    answer = ask(need, on, step=step if only != "tokyo_support_2026" else None, catalogue=only)
    offered = (*answer.offered, *answer.nearest)
    assert [one.key for one in offered if closed_then(one.catalogue, one.row, on)] == []
    assert {one.key for one in offered} & {one.key for one in answer.withheld} == set()


@settings(max_examples=60, deadline=None)
@given(need=NEEDS, on=DAYS)
def test_the_same_question_gets_the_same_answer(need: str, on: date) -> None:
    assert ask(need, on) == ask(need, on)
    assert all(one.stand.reason.text.ja and one.stand.reason.text.en for one in ask(need, on).withheld)


def test_of_a_step_only_its_own_rows_fit() -> None:
    for step in (1, 2, 3, 4):
        answer = ask(step=step, catalogue="overseas_support_2016")
        assert {step in one.row.steps for one in (*answer.offered, *answer.withheld)} == {True}


def test_a_reference_is_of_no_step() -> None:
    assert "m41" in ids(ask("事業再編").offered)
    assert "m41" not in ids(ask("事業再編", step=4).offered)


@pytest.mark.parametrize(
    "typed",
    [
        "知的財産",
        "知財",
        "特許",
        "ﾉｳﾊｳ",
        "商標",
        "Intellectual property",
        "intellectual_property",
        "知財のことを相談したい",
    ],
)
def test_a_need_is_found_by_every_word_an_office_types(typed: str) -> None:
    answer = ask(typed, step=2)
    assert {"m19", "m20"} <= set(ids(answer.offered))


@pytest.mark.parametrize(
    ("typed", "expected"), [("ＥＣ", "m23"), ("ec", "m23"), ("F/S", "m12"), ("Ｆ／Ｓ", "m12"), ("iot", "m18a")]
)
def test_width_and_case_do_not_matter(typed: str, expected: str) -> None:
    answer = ask(typed)
    assert expected in ids((*answer.offered, *answer.withheld))


@pytest.mark.parametrize("typed", ["e", "a", "の", "artrade", "ecc"])
def test_a_letter_or_a_piece_of_a_latin_word_is_no_need(typed: str) -> None:
    assert ask(typed).unknown == (typed,)


def test_words_of_one_catalogue_count_in_another() -> None:
    """採用 is written in the routing and the patterns only; 商品改良 in two catalogues; 助言 in those that know consultations."""
    assert ids(ask("製品改良", catalogue="overseas_support_2016").offered) == ["m18a", "m18b", "m18c"]


def test_more_of_the_words_comes_first() -> None:
    answer = ask("知財 専門家", step=2)
    assert ids(answer.offered)[0] == "m20"
    assert "m09" in ids(answer.offered)


def test_the_words_nobody_knows_are_told_and_the_rest_is_answered() -> None:
    answer = ask("知財 ほげほげ")
    assert answer.unknown == ("ほげほげ",)
    assert "m19" in ids(answer.offered)


def test_where_nothing_fits_the_nearest_are_named_with_what_they_miss() -> None:
    answer = ask("商品開発", date(2017, 1, 18), step=2)
    assert answer.offered == ()
    assert ids(answer.nearest) == ["m07", "m08", "unclear"]
    assert "HELPS_WITH_ANYTHING" in codes(answer, "m07")


def test_the_same_need_in_another_step_is_nearer_than_anything_else() -> None:
    answer = ask("貿易保険", step=3)
    assert ids(answer.nearest)[0] == "m40"
    assert "OTHER_STEP" in codes(answer, "m40")
    assert len(answer.nearest) <= MOST_NEAREST


@pytest.mark.parametrize("typed", ["何が問題か分からない", "課題がわからない", "ﾜｶﾗﾅｲことばかりで漠然としている"])
def test_an_unclear_issue_is_passed_to_its_consultation(typed: str) -> None:
    (route,) = [one for one in ask(typed).offered if one.row.id == "unclear"]
    assert route.procedure == "unclear_issue_consultation"


def test_a_need_nobody_knows_leads_to_the_consultation_too() -> None:
    assert "unclear_issue_consultation" in [one.procedure for one in ask("ほげほげ").nearest]


def test_exports_are_passed_to_the_consortium_and_other_sales_are_not() -> None:
    (export,) = [one for one in ask("輸出").offered if one.row.id == "sales_channel"]
    assert (export.procedure, export.onward[0].institution) == ("consortium_referral", "jetro")
    (sales,) = [one for one in ask("売り先").offered if one.row.id == "sales_channel"]
    assert (sales.procedure, [one.institution for one in sales.onward]) == (None, ["yorozu", "professional"])


@pytest.mark.parametrize(
    ("need", "letter", "onward"),
    [
        ("起業", "イ", "municipality"),
        ("販路開拓", "ロ", "yorozu"),
        ("人手不足", "ハ", "professional"),
        ("IT導入", "ニ", "it_vendor"),
        ("商標", "ホ", "ip_desk"),
        ("親事業者", "ヘ", "subcontract_refuge"),
        ("後継者", "ト", "yorozu"),
        ("空き店舗", "チ", "shopping_street_center"),
        ("経営相談", "リ", "any_institution"),
        ("事業性評価", "ヌ", "yorozu"),
    ],
)
def test_each_issue_finds_its_institutions(need: str, letter: str, onward: str) -> None:
    (route,) = ask(need, catalogue="issue_routing_2017").offered
    assert (route.row.letter, route.onward[0].institution) == (letter, onward)


def test_an_issue_is_found_by_its_letter() -> None:
    assert ids(ask("ト", catalogue="issue_routing_2017").offered) == ["business_succession"]


@pytest.mark.parametrize("typed", ["中小機構", "smrj", "SMRJ", "ｓｍｒｊ"])
def test_an_institution_is_called_by_id_or_title(typed: str) -> None:
    answer = ask(institution=typed, step=2)
    assert {"smrj" in one.row.institutions for one in (*answer.offered, *answer.withheld)} == {True}


@pytest.mark.parametrize("typed", ["東京都", "東京", "tokyo", "Tokyo"])
def test_what_is_for_a_prefecture_fits_there_and_what_is_for_all_fits_everywhere(typed: str) -> None:
    answer = ask("創業", date(2017, 6, 1), prefecture=typed, catalogue="collaboration_patterns_2017")
    assert ids(answer.offered) == ["c09"]
    everywhere = ask("交流会", date(2017, 6, 1), prefecture=typed, catalogue="collaboration_patterns_2017")
    assert ids(everywhere.offered) == ["c06"]


def test_patterns_are_shown_only_to_whoever_asks_for_them() -> None:
    assert "collaboration_patterns_2017" not in {one.catalogue.id for one in ask("創業", date(2017, 6, 1)).offered}


def test_what_is_only_planned_is_not_offered() -> None:
    answer = ask("c12", date(2017, 6, 1), catalogue="collaboration_patterns_2017")
    assert codes(answer, "c12")[-1] == "PLANNED"
    assert ids(answer.withheld) == ["c12"]


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ({"step": 0}, "step"),
        ({"step": 5}, "step"),
        ({"step": -1}, "step"),
        ({"need": "あ" * (LONGEST_NEED + 1)}, "need"),
        ({"institution": "どこか"}, "institution"),
        ({"institution": "・"}, "institution"),
        ({"prefecture": "パリ"}, "prefecture"),
        ({"catalogue": "../../etc/passwd"}, "catalogue"),
    ],
)
def test_what_is_not_there_is_told_as_such(question: dict[str, object], place: str) -> None:
    with pytest.raises(BadInput) as caught:
        ask(**question)  # type: ignore[arg-type]  # the wrong ones on purpose
    assert [problem["place"] for problem in caught.value.problems] == [place]


def test_every_problem_of_a_question_is_told_at_once() -> None:
    with pytest.raises(BadInput) as caught:
        ask("あ" * 201, step=9, institution="どこか", prefecture="パリ")
    assert {problem["place"] for problem in caught.value.problems} == {"need", "step", "institution", "prefecture"}


@pytest.mark.parametrize(
    "typed", ["\x00\x1b[2J", "\ud800", "\u202e知財", "' OR 1=1 --", "((((", "%s%n", "{0.__class__}", "ﷺ" * 200]
)
def test_hostile_words_are_only_words(typed: str) -> None:
    answer = ask(typed)
    told = [reason.text.ja for one in (*answer.offered, *answer.nearest) for reason in one.fits]
    assert all(text.isprintable() for text in (*told, *answer.unknown))


def test_words_are_folded_alike() -> None:
    assert folded("ＪＡＰＡＮ ブランド・育成") == "japanブランド育成"
    assert words_of("知財、融資　知財") == ("知財", "融資")


def test_an_answer_is_a_value() -> None:
    answer = ask("知財")
    with pytest.raises(dataclasses.FrozenInstanceError):
        answer.unknown = ("x",)  # type: ignore[misc]  # that is what is tested

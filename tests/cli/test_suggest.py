"""`toritsugi suggest`: the office's question answered on one page, in both languages and as JSON."""

from pathlib import Path

import pytest

from toritsugi_adapters.cli.layout import width

from .conftest import Typed

EXAMPLE = ("suggest", "--step", "2", "--need", "商品開発", "--on", "2016-12-01")
CATALOGUES = Path(__file__).parents[2] / "workflows" / "toritsugi_workflows" / "catalogues"


def test_the_example_offers_what_is_open_and_says_what_is_closed(typed: Typed) -> None:
    shown = typed(*EXAMPLE)
    assert (shown.code, shown.err) == (0, "")
    usable, _, closed = shown.out.partition("当てはまるが、この日には使えないもの")
    assert "2016年12月1日(木)に使えるもの（3件）" in usable
    assert "m18a  ものづくり補助金（第四次産業革命型）" in usable and "2017年1月17日(火)まで" in usable
    assert "JAPANブランド育成支援" not in usable
    assert "JAPANブランド育成支援  公募は終了しています" in closed


def test_json_carries_every_fact_and_both_languages(typed: Typed) -> None:
    shape = typed(*EXAMPLE, "--json").json
    assert set(shape) == {"question", "offered", "withheld", "nearest", "unknown", "order"}
    assert shape["question"]["on"] == "2016-12-01"
    general = shape["offered"][1]
    assert (general["key"], general["standing"]) == ("overseas_support_2016/m18b", "open")
    assert (general["opens"], general["closes"], general["rate"]) == ("2016-11-14", "2017-01-17", "2/3")
    assert [one["yen"] for one in general["ceilings"]] == [10_000_000, 20_000_000, 30_000_000]
    assert all(reason["code"] and reason["ja"] and reason["en"] for reason in general["reasons"])
    assert [one["reasons"][-1]["code"] for one in shape["withheld"]][:2] == ["CALL_CLOSED", "CALL_CLOSED"]


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize(
    "words",
    [
        EXAMPLE[1:],
        ("--on", "2016-12-01"),
        ("--need", "輸出", "--on", "2016-12-01"),
        ("--on", "2026-05-01"),
        ("--catalogue", "collaboration_patterns_2017", "--on", "2017-06-01"),
        ("--catalogue", "issue_routing_2017"),
        ("--need", "ほげほげ", "--on", "2016-12-01"),
        ("--need", "m10", "--on", "2016-12-01"),
        ("--menus", "m07 m16 m99", "--on", "2016-12-01"),
    ],
)
def test_the_answer_fits_the_page(typed: Typed, language: str, words: tuple[str, ...]) -> None:
    shown = typed("suggest", *words, "--lang", language)
    assert shown.err == ""
    assert [line for line in shown.out.splitlines() if width(line) > 80] == []


def test_dates_and_steps_are_read_as_people_write_them(typed: Typed) -> None:
    japanese = ("suggest", "--step", "ＳＴＥＰ２", "--need", "商品開発", "--on", "平成28年12月1日")
    assert typed(*japanese).out == typed(*EXAMPLE).out


def test_without_a_day_it_is_today(typed: Typed) -> None:
    shown = typed("suggest", "--need", "越境EC", "--now", "2026-05-01T09:00+09:00")
    assert "2026年5月1日(金)に使えるもの（1件）" in shown.out and "L-K4" in shown.out


def test_an_issue_is_shown_with_whom_it_goes_to(typed: Typed) -> None:
    shown = typed("suggest", "--need", "輸出", "--on", "2016-12-01").out
    assert "  ロ  販路開拓" in shown
    assert "ジェトロ（輸出のとき）" in shown and "consortium_referral" in shown


def test_a_proposal_with_something_closed_is_refused(typed: Typed) -> None:
    assert typed("suggest", "--menus", "m07、m18a", "--on", "2017-01-17").code == 0
    shown = typed("suggest", "--menus", "m07、m18a", "--on", "2017-01-18")
    assert shown.code == 3
    assert "不可  m18a" in shown.out and "可    m07" in shown.out
    shape = typed("suggest", "--menus", "m07、m18a", "--on", "2017-01-18", "--json").json
    assert (shape["sound"], [menu["possible"] for menu in shape["menus"]]) == (False, [True, False])


def test_every_measure_tells_how_a_case_of_it_is_opened(typed: Typed) -> None:
    assert "generic_measure_application（toritsugi open --measure m18b）" in typed(*EXAMPLE).out.replace(
        "\n" + " " * 14, ""
    )
    shown = typed("suggest", "--menus", "m07 m16", "--on", "2016-12-01").out
    assert "toritsugi open --measure m07  generic_measure_application" in shown
    assert "--measure m16" not in shown


def test_a_case_is_opened_by_the_number_of_a_measure(typed: Typed) -> None:
    values = ("applicant_name=青海精機", "applicant_kind=company", "--now", "2016-12-01T10:00+09:00")
    opened = typed("open", "--measure", "m18b", *values)
    assert (opened.code, "2017年1月17日(火)まで" in opened.out) == (0, True)
    case = typed("cases", "--json").json[0]["case"]
    data = typed("case", case, "--json").json["data"]
    assert (data["measure_code"], data["base_ceiling"], data["rate_denominator"]) == ("m18b", 10_000_000, 3)


@pytest.mark.parametrize(("number", "told"), [("m99", "一覧にありません"), ("m03", "ここで行う手続がありません")])
def test_a_measure_that_cannot_be_opened_says_why(typed: Typed, number: str, told: str) -> None:
    shown = typed("open", "--measure", number)
    assert (shown.code, told in shown.err) == (2, True)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--step", "二"), "段階の番号ではありません"),
        (("--step", "9"), "そのような段階はありません"),
        (("--on", "いつか"), "日付として読めません"),
        (("--institution", "どこか"), "そのような機関は一覧にありません"),
        (("--prefecture", "パリ"), "そのような都道府県はありません"),
        (("--catalogue", "無い"), "そのような一覧はありません"),
        (("--need", "あ" * 201), "200文字まで"),
    ],
)
def test_a_slip_is_told_in_japanese(typed: Typed, words: tuple[str, ...], told: str) -> None:
    shown = typed("suggest", *words)
    assert (shown.code, shown.out) == (2, "")
    assert told in shown.err.replace("\n", "").replace("    ", "")


def test_no_database_is_needed_or_made(typed: Typed, tmp_path: Path) -> None:
    assert typed(*EXAMPLE).code == 0
    assert list(tmp_path.iterdir()) == []


def test_lint_knows_a_catalogue(typed: Typed, tmp_path: Path) -> None:
    assert typed("lint", str(CATALOGUES)).out == "問題はありません（4ファイル）。\n"
    text = (CATALOGUES / "tokyo_support_2026.yaml").read_text("utf-8")
    file = tmp_path / "mine.yaml"
    file.write_text(text.replace("procedure: tokyo_smrj_support", "procedure: tokyo_smrj_suport"), "utf-8")
    shown = typed("lint", str(file))
    assert shown.code == 6 and "UNKNOWN_PROCEDURE" in shown.out


def test_a_catalogue_of_one_s_own_folder_is_looked_into(typed: Typed, tmp_path: Path) -> None:
    text = (CATALOGUES / "tokyo_support_2026.yaml").read_text("utf-8")
    folder = tmp_path / "ours"
    folder.mkdir()
    (folder / "mine.yaml").write_text(text.replace("catalogue: tokyo_support_2026", "catalogue: mine"), "utf-8")
    shown = typed("suggest", "--catalogue", "mine", "--need", "越境EC", "--on", "2026-05-01", "--folder", str(folder))
    assert shown.code == 0 and "L-K4" in shown.out

"""Catalogue files: what a good one says, and how a wrong one is told to its author, every fault with its line."""

from datetime import date

import pytest

from toritsugi.definition.catalogue import MOST_ROWS, lint_catalogue, load_catalogue
from toritsugi.definition.lint import describes_catalogue
from toritsugi.definition.measure import Amount, Contact, Fee, Rate, RowKind, RowStatus, When, Window
from toritsugi.definition.prefectures import PREFECTURES, prefecture
from toritsugi.errors import DefinitionError

GOOD = """# 試験用
catalogue: our_support
version: "1"
title: {ja: 町の支援策, en: Our support}
kind: measures
source: 町の広報 4月号
valid: {from: 2026-04-01, until: 2027-03-31}
prefectures: [東京都]
steps:
  1: {ja: 準備, en: Prepare}
  2: {ja: 実行, en: Act}
institutions:
  town: {ja: 町役場, en: Town hall}
  bank: {ja: 銀行, en: Bank}
needs:
  shop: {title: {ja: 開店, en: Opening a shop}, words: [店舗, 出店]}
  help: {title: {ja: 相談, en: Help}, general: yes}
rows:
  t1:
    title: {ja: 出店補助, en: Shop grant}
    step: [1, 2]
    institution: [town, bank]
    needs: [shop]
    fee: subsidy
    rate: 2/3
    ceilings: 1,400,000
    window:
      - {opens: 2026-04-01, closes: 2026-04-30}
      - {opens: 2026-10-01, closes: 2026-10-31}
    screened: yes
    contacts: [{phone: 03-0000-0000}, {web: example.jp}]
    source: p.1
  t2:
    title: {ja: 相談室, en: Desk}
    step: ref
    institution: town
    needs: [help]
    prefectures: [大阪]
    fee: charged
    prices: [{yen: 500, title: {ja: 1回, en: Once}}]
    window: any_time
    source: p.2
    basis: policy
"""


def found(text: str) -> list[tuple[str, int | None]]:
    findings = lint_catalogue(text.encode(), known=lambda id_: id_ == "ours")
    return [(one.code, one.position.line if one.position else None) for one in findings]


def test_a_catalogue_is_read_as_written() -> None:
    assert found(GOOD) == []
    catalogue = load_catalogue(GOOD, file="ours.yaml")
    assert (catalogue.id, catalogue.kind, catalogue.historic) == ("our_support", RowKind.MEASURES, False)
    assert catalogue.valid == Window(opens=date(2026, 4, 1), closes=date(2027, 3, 31))
    assert {number: title.ja for number, title in catalogue.steps.items()} == {1: "準備", 2: "実行"}
    assert catalogue.needs["help"].general and not catalogue.needs["shop"].general
    grant, desk = catalogue.rows.values()
    assert (grant.steps, grant.institutions, grant.prefectures) == ((1, 2), ("town", "bank"), ("tokyo",))
    assert (grant.fee, grant.rate, grant.ceilings) == (
        Fee.SUBSIDY,
        Rate(numerator=2, denominator=3),
        (Amount(yen=1_400_000),),
    )
    assert (grant.when, [window.closes for window in grant.windows]) == (
        When.DATES,
        [date(2026, 4, 30), date(2026, 10, 31)],
    )
    assert grant.contacts == (Contact(way="phone", address="03-0000-0000"), Contact(way="web", address="example.jp"))
    assert (desk.steps, desk.prefectures, desk.when, desk.status) == ((), ("osaka",), When.ANY_TIME, RowStatus.RUNNING)
    assert (desk.prices[0].yen, desk.basis) == (500, "policy")


@pytest.mark.parametrize(
    ("old", "new", "code", "at"),
    [
        ("catalogue: our_support", "catalogue: Our Support", "BAD_ID", "Our Support"),
        ("catalogue: our_support\n", "", "MISSING", "version:"),
        ('version: "1"\n', "", "MISSING", "catalogue: "),
        ("kind: measures", "kind: mesures", "UNKNOWN_WORD", "kind:"),
        ("kind: measures\n", "", "MISSING", "catalogue: "),
        ("source: 町の広報 4月号\n", "", "MISSING", "catalogue: "),
        ("version:", "verzion:", "UNKNOWN_KEY", "verzion"),
        ("from: 2026-04-01", "from: 2026-04-31", "BAD_DATE", "valid:"),
        ("until: 2027-03-31", "until: 2026-03-31", "BAD_WINDOW", "valid:"),
        ("  2: {ja: 実行", "  二: {ja: 実行", "BAD_STEP", "steps:"),
        ("step: [1, 2]", "step: [1, 3]", "UNKNOWN_STEP", "step: [1"),
        ("    step: ref\n", "", "MISSING", "t2:"),
        ("institution: [town, bank]", "institution: [town, bnak]", "UNKNOWN_INSTITUTION", "institution: [town"),
        ("    institution: town\n", "", "MISSING", "t2:"),
        ("needs: [shop]", "needs: [shp]", "UNKNOWN_NEED", "needs: [sh"),
        ("    needs: [help]\n", "", "MISSING", "t2:"),
        ("prefectures: [大阪]", "prefectures: [大坂]", "UNKNOWN_PREFECTURE", "大坂"),
        ("fee: subsidy", "fee: subsidi", "UNKNOWN_WORD", "subsidi"),
        ("rate: 2/3", "rate: 3/2", "BAD_RATE", "rate:"),
        ("rate: 2/3", "rate: 66%", "BAD_RATE", "rate:"),
        ("ceilings: 1,400,000", "ceilings: -5", "NOT_AN_AMOUNT", "ceilings:"),
        ("ceilings: 1,400,000", "ceilings: 百万円", "NOT_AN_AMOUNT", "ceilings:"),
        ("yen: 500", "yen: 0", "NOT_AN_AMOUNT", "yen: 0"),
        ("closes: 2026-04-30", "closes: 2026-03-30", "BAD_WINDOW", "2026-03-30"),
        ("opens: 2026-10-01", "opens: 2026-04-30", "BAD_WINDOW", "window:"),
        ("opens: 2026-10-01", "opens: 10月1日", "BAD_DATE", "10月1日"),
        ("{opens: 2026-10-01, closes: 2026-10-31}", "{}", "MISSING", "{}"),
        ("window: any_time", "window: anytime", "UNKNOWN_WORD", "anytime"),
        ("window: any_time", "window: any_time\n    status: closed", "CLOSED_WITH_WINDOW", "window: any_time"),
        ("window: any_time", "window: any_time\n    procedure: theirs", "UNKNOWN_PROCEDURE", "theirs"),
        ("phone: 03-0000-0000", "fone: 03-0000-0000", "UNKNOWN_KEY", "fone"),
        ("basis: policy", "basis: hearsay", "UNKNOWN_WORD", "hearsay"),
        ("    source: p.2\n", "", "MISSING", "t2:"),
        ("  t2:", "  ２番:", "BAD_ID", "２番"),
        ("  t2:", "  t1:", "DUPLICATE_KEY", "t1:"),
        ("rows:\n", "rows: &a\n", "ANCHOR", "rows:"),
        ("{ja: 町の支援策, en: Our support}", "町の支援策", "ONE_LANGUAGE", "title:"),
        ("needs: [help]", "needs: [shop]", "UNUSED_NEED", "help:"),
    ],
)
def test_a_wrong_catalogue_is_told_with_its_line(old: str, new: str, code: str, at: str) -> None:
    assert GOOD.count(old) == 1
    text = GOOD.replace(old, new)
    lines = [text.splitlines()[(line or 0) - 1] for known, line in found(text) if known == code]
    assert lines and at in lines[0]


def test_all_faults_are_told_at_once_and_keep_the_catalogue_out() -> None:
    wrong = (
        GOOD.replace("rate: 2/3", "rate: many")
        .replace("needs: [help]", "needs: [halp]")
        .replace("step: ref", "step: 7")
    )
    with pytest.raises(DefinitionError) as caught:
        load_catalogue(wrong, file="ours.yaml")
    assert {one.code for one in caught.value.findings} == {"BAD_RATE", "UNKNOWN_NEED", "UNKNOWN_STEP"}
    assert "ours.yaml:25" in caught.value.message("ja")


def test_a_slip_is_answered_with_the_word_that_was_meant() -> None:
    (finding,) = lint_catalogue(GOOD.replace("needs: [shop]", "needs: [shoop]").encode(), known=lambda _: True)[:1]
    assert "shop" in (*finding.suggestions, *finding.allowed)


def test_a_procedure_that_is_there_is_no_fault() -> None:
    assert found(GOOD.replace("basis: policy", "procedure: ours")) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "catalogue:",
        "catalogue: x",
        "- a\n- b",
        "catalogue: [x",
        "catalogue: x\nrows: 1",
        "catalogue: x\nrows: {a: 1}",
        "\x00",
    ],
)
def test_whatever_an_author_writes_is_told_not_raised(text: str) -> None:
    assert lint_catalogue(text, known=lambda _: True) != ()
    with pytest.raises(DefinitionError):
        load_catalogue(text, file="x.yaml")


@pytest.mark.parametrize(
    "raw", [b"\xff\xfe", "catalogue: 町".encode("cp932"), b"catalogue: x\n" + b"#" * (1024 * 1024)]
)
def test_bytes_that_are_no_such_text_are_told_not_raised(raw: bytes) -> None:
    assert next(one.code for one in lint_catalogue(raw, known=lambda _: True)) in ("NOT_UTF8", "TOO_LARGE")


def test_a_catalogue_has_an_end() -> None:
    row = "{title: {ja: a, en: a}, step: 1, institution: town, needs: [shop], source: p}"
    rows = "".join(f"  r{number}: {row}\n" for number in range(MOST_ROWS + 1))
    codes = [code for code, _ in found(GOOD.partition("rows:\n")[0] + "rows:\n" + rows)]
    assert "TOO_MANY" in codes


def test_a_file_is_known_by_its_first_words() -> None:
    assert describes_catalogue(GOOD.encode())
    assert not describes_catalogue(b"procedure: x\n  catalogue: y\n")


def test_every_prefecture_is_found_by_what_people_call_it() -> None:
    assert len(PREFECTURES) == 47
    for id_, title in PREFECTURES.items():
        assert prefecture(id_) == prefecture(title.ja) == prefecture(title.en) == id_
    assert [prefecture(name) for name in ("京都", "東京", "大阪", "北海道", "北海")] == [
        "kyoto",
        "tokyo",
        "osaka",
        "hokkaido",
        None,
    ]

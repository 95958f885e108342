"""Days that come again: how they are written, what a file and a manifest may say of them, how they are spoken of in rules."""

from __future__ import annotations

import pytest

from toritsugi.core.guard import compile_expression
from toritsugi.definition.expression import BadExpression, Name, Vocabulary, parse, readable, series_read, unparse
from toritsugi.definition.lint import lint
from toritsugi.definition.recurring import BadDay, Day, Every, Series, read_day, read_recurrence
from toritsugi.definition.types import DATE, Title
from toritsugi.errors import DefinitionError
from toritsugi.hooks import read_manifest
from unit.test_load import nothing

NAMES = {"asked_on": Name(id="asked_on", type=DATE, titles=Title(ja="申込日", en="Asked on"))}
SERIES = {
    "board": Series(
        id="board",
        title=Title(ja="役員会の日", en="Day of the board"),
        rule=read_recurrence(Every.MONTH, ["third wednesday"]),
    ),
    "hall": Series(
        id="hall", title=Title(ja="総会", en="Assembly"), rule=read_recurrence(Every.YEAR, ["6月最終金曜日"])
    ),
}
VOCABULARY = Vocabulary(NAMES, series=SERIES)


@pytest.mark.parametrize(
    ("every", "texts", "day"),
    [
        (Every.MONTH, ["day 15", "15日", "15", "毎月15日", "１５日"], Day(number=15)),
        (Every.MONTH, ["last day", "末日", "月末", "毎月末日"], Day(number=-1)),
        (Every.MONTH, ["third wednesday", "第3水曜日", "第３水曜", "Third  Wednesday"], Day(weekday=2, number=3)),
        (Every.MONTH, ["last friday", "最終金曜日", "最終の金曜"], Day(weekday=4, number=-1)),
        (Every.WEEK, ["monday", "月曜日", "毎週月曜"], Day(weekday=0)),
        (Every.YEAR, ["06-15", "day 15 of june", "6月15日", "毎年6月15日"], Day(month=6, number=15)),
        (Every.YEAR, ["last day of march", "3月末日"], Day(month=3, number=-1)),
        (Every.YEAR, ["third wednesday of june", "6月第3水曜日", "6月の第3水曜"], Day(month=6, weekday=2, number=3)),
        (Every.YEAR, ["02-29", "2月29日"], Day(month=2, number=29)),
    ],
)
def test_a_day_is_read_as_an_office_writes_it(every: Every, texts: list[str], day: Day) -> None:
    assert [read_day(text, every) for text in texts] == [day] * len(texts)
    assert read_day(day.text("ja"), every) == read_day(day.text("en"), every) == day


@pytest.mark.parametrize(
    ("every", "text"),
    [
        *((Every.MONTH, text) for text in ("day 32", "0日", "第6水曜日", "6月15日", "いつか", "", "third someday")),
        *((Every.WEEK, text) for text in ("day 15", "第3水曜日", "someday")),
        *((Every.YEAR, text) for text in ("15日", "2月30日", "13月1日", "06-31", "third wednesday")),
    ],
)
def test_what_is_no_day_is_refused_with_an_example(every: Every, text: str) -> None:
    with pytest.raises(BadDay) as bad:
        read_day(text, every)
    assert "例：" in bad.value.ja


def test_a_rule_is_told_in_both_languages() -> None:
    rule = read_recurrence(Every.MONTH, ["第1火曜", "第3火曜"], "next")
    assert rule.text("ja") == "毎月第1火曜日・第3火曜日（休業日なら翌営業日）"
    assert rule.text("en") == "first Tuesday and third Tuesday of every month (if closed, the next open day)"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("first board on or after asked_on", "2026-06-17"),
        ("the first board after asked_on", "2026-07-15"),
        ("申込日以後の最初の役員会の日", "2026-06-17"),
        ("申込日より後の最初の役員会の日", "2026-07-15"),
        ("asked_on以降の最初のboard + 1 day", "2026-06-18"),
        ("first board after (asked_on - 1 month)", "2026-05-20"),
        ("1 month before first board on or after asked_on", "2026-05-17"),
        ("later of first hall on or after asked_on and first board after asked_on", "2026-07-15"),
        ("申込日以後の最初の総会以後の最初の役員会の日", "2026-07-15"),
    ],
)
def test_a_rule_speaks_of_the_first_day_of_a_series(text: str, day: str) -> None:
    found = parse(text, VOCABULARY, DATE)
    assert compile_expression(found)({"asked_on": "2026-06-17"}) == day
    assert parse(unparse(found, "en"), VOCABULARY, DATE) == found
    assert parse(unparse(found, "ja"), VOCABULARY, DATE) == found
    assert compile_expression(found)({}) is None
    assert series_read(found) <= SERIES.keys()


def test_a_person_reads_titles() -> None:
    found = parse("first board on or after asked_on", VOCABULARY, DATE)
    assert readable(found, "ja") == "申込日 以後の最初の役員会の日"
    assert readable(found, "en") == "first Day of the board on or after Asked on"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("first hoard on or after asked_on", "UNKNOWN_SERIES"),
        ("申込日以後の最初の理事会", "UNKNOWN_SERIES"),
        ("first board on or after 3", "WRONG_TYPE"),
        ("first board before asked_on", "UNEXPECTED"),
        ("board", "UNKNOWN_NAME"),
    ],
)
def test_what_is_no_such_day_is_told(text: str, code: str) -> None:
    with pytest.raises(BadExpression) as bad:
        parse(text, VOCABULARY, DATE)
    assert bad.value.code == code


def test_a_field_may_still_be_called_first() -> None:
    names = {**NAMES, "first": Name(id="first", type=DATE, titles=Title(ja="最初", en="First"))}
    found = parse("first + 1 day", Vocabulary(names, series=SERIES), DATE)
    assert compile_expression(found)({"first": "2026-06-17"}) == "2026-06-18"


PROCEDURE = """\
procedure: request
version: "1"
title: {ja: 申込み, en: Request}
owner: office
source: 手引
subject: [group]
parties:
  office: {title: {ja: 事務局, en: Office}, institution: office}
data:
  group: {type: text, title: {ja: 団体, en: Group}}
  asked_on: {type: date, title: {ja: 申込日, en: Asked on}}
recurring:
  board:
    title: {ja: 役員会の日, en: Day of the board}
    every: month
    on: 第3水曜日
    calendar: office
    basis: policy
deadlines:
  review:
    title: {ja: 審査, en: Review}
    due: first board on or after asked_on
    calendar: office
    starts: {on: open}
    met_by: decide
    basis: policy
start: {by: office, needs: [group, asked_on]}
initial: asked
states:
  asked: {title: {ja: 申込済み, en: Asked}, basis: policy}
  done: {title: {ja: 終了, en: Done}, ends: yes, basis: policy}
events:
  decide: {title: {ja: 決める, en: Decide}, by: office, from: asked, to: done, basis: policy}
"""


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("every: month", "every: fortnight", "UNKNOWN_WORD"),
        ("    every: month\n", "", "MISSING"),
        ("    on: 第3水曜日\n", "", "MISSING"),
        ("on: 第3水曜日", "on: [第3水曜日, 第9水曜日]", "BAD_DAY"),
        ("    calendar: office\n    basis: policy\ndead", "    roll: next\n    basis: policy\ndead", "CALENDAR_NEEDED"),
        (
            "    calendar: office\n    basis: policy\ndead",
            "    calendar: nobody\n    basis: policy\ndead",
            "UNKNOWN_CALENDAR",
        ),
        ("first board on or after asked_on", "asked_on", "UNUSED_SERIES"),
        ("    calendar: office\n    basis: policy\ndead", "    calendar: office\ndead", "NO_SOURCE"),
        ("every: month", "every: month\n    weekly: yes", "UNKNOWN_KEY"),
    ],
)
def test_a_wrong_series_is_told_where_it_stands(old: str, new: str, code: str) -> None:
    assert PROCEDURE.count(old) == 1
    assert code in [one.code for one in lint(PROCEDURE.replace(old, new), interfaces=nothing)]


def test_a_right_series_has_no_findings() -> None:
    assert lint(PROCEDURE, interfaces=nothing) == ()


MANIFEST = "id: office\ntitle: {ja: 事務局, en: Office}\nsource: 手引\n"


def test_a_manifest_may_name_the_days_of_its_institution() -> None:
    text = MANIFEST + "recurring:\n  board: {every: month, on: [day 10, day 25], roll: previous}\n"
    assert read_manifest(text.encode(), "office.yaml").recurring == {
        "board": read_recurrence(Every.MONTH, ["10日", "25日"], "previous")
    }


def test_a_wrong_series_in_a_manifest_is_told() -> None:
    with pytest.raises(DefinitionError, match="third wednesday"):
        read_manifest((MANIFEST + "recurring: {board: {every: month, on: someday}}\n").encode(), "office.yaml")

"""`agenda` and `sitting`: the sheet of a meeting, filled in and recorded in one act."""

import csv
from pathlib import Path

import pytest

from cli.conftest import Typed
from toritsugi.core.moments import parse_moment
from toritsugi.core.values import Actor
from toritsugi.engine import Engine
from toritsugi.testing.clock import FakeClock

DAY = ("--now", "2026-06-15 14:00")
COMMITTEE = ("--as", "成長企業発掘・育成委員会")


def _as(role: str) -> Actor:
    return Actor(id="desk", institution=role, role=role, operator=True)


@pytest.fixture
def cases(typed: Typed, tmp_path: Path) -> list[str]:
    """Three companies on the agenda of the meeting of 15 June, by number, and one that is not."""
    found = []
    clock = FakeClock(parse_moment("2026-06-10T10:00+09:00"))
    with Engine.open(f"sqlite:///{tmp_path / 'store.db'}", clock=clock) as engine:
        for name in ("甲機械", "乙化学", "丙食品", "丁運輸"):
            values = {"company_name": name, "member": "niro", "consultation": "量産"}
            case = engine.start("hyogo_growth_discovery", _as("member_institution"), values).case_id
            given = {"growth_expected": True, "company_agreed": True, "nomination_ground": "独自の技術"}
            engine.send(case, "nominate", _as("member_institution"), given)
            found.append(case)
        for case in found[:3]:
            engine.send(case, "put_on_agenda", _as("coordinator"))
    return found


def _filled(path: Path, results: dict[str, tuple[str, str]], encoding: str = "utf-8-sig") -> str:
    """The sheet with an event and a reason for each case."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        heads, *rows = list(csv.reader(lines))
    event, reason = heads.index("操作"), heads.index("理由")
    for row in rows:
        row[event], row[reason] = results.get(row[0], ("", ""))
    with path.open("w", encoding=encoding, newline="") as lines:
        csv.writer(lines).writerows([heads, *rows])
    return str(path)


def test_the_agenda_of_a_day_names_its_cases_and_what_may_be_decided(typed: Typed, cases: list[str]) -> None:
    shown = typed("agenda", "--on", "令和8年6月15日", *COMMITTEE, *DAY)
    assert shown.code == 0, shown.err
    assert "の議題　3件" in shown.out
    assert all(case in shown.out for case in cases[:3])
    assert cases[3] not in shown.out
    assert "成長期待企業に選定する" in shown.out
    assert "参加を取りやめる" not in shown.out, "it would not meet the deadline"
    told = typed("agenda", "--on", "2026-06-15", *DAY, "--json").json
    assert [one["name"] for one in told] == ["甲機械", "乙化学", "丙食品"]
    assert {event["id"] for event in told[0]["events"]} == {"defer", "select", "decline_candidate"}
    assert told[0]["deadline"]["due"] == "2026-06-15"


def test_a_day_without_a_deadline_has_no_agenda_and_a_stranger_sees_none(typed: Typed, cases: list[str]) -> None:
    assert "案件はありません" in typed("agenda", "--on", "2026-06-16", *DAY).out
    assert typed("agenda", "--on", "2026-06-15", "--procedure", "fukushima_escalation", *DAY, "--json").json == []
    assert typed("agenda", "--on", "2026-06-15", "--as", "金融機関", *DAY, "--json").json == []
    assert len(cases) == 4


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_a_sheet_that_was_filled_in_is_recorded_in_one_act(
    typed: Typed, cases: list[str], tmp_path: Path, encoding: str
) -> None:
    sheet = tmp_path / "議案.csv"
    assert typed("agenda", "--on", "2026-06-15", *COMMITTEE, *DAY, "--sheet", str(sheet)).code == 0
    results = {cases[0]: ("成長期待企業に選定する", ""), cases[1]: ("decline_candidate", "実績が足りない")}
    file = _filled(sheet, results, encoding)
    shown = typed("sitting", file, *COMMITTEE, *DAY, "--key", "june")
    assert shown.code == 0, shown.err
    assert "一括して記録しました：2件" in shown.out
    states = [typed("case", case, "--json").json["state"] for case in cases[:3]]
    assert states == ["selected", "not_selected", "under_review"], "the row of the third was left empty"
    assert "2件中" in typed("history", cases[0]).out
    again = typed("sitting", file, *COMMITTEE, *DAY, "--key", "june")
    assert "記録済みです" in again.out


def test_one_refused_row_is_named_and_nothing_is_recorded(typed: Typed, cases: list[str], tmp_path: Path) -> None:
    sheet = tmp_path / "agenda.csv"
    typed("agenda", "--on", "2026-06-15", *COMMITTEE, *DAY, "--sheet", str(sheet))
    results = {cases[0]: ("select", ""), cases[2]: ("graduate", "")}
    shown = typed("sitting", _filled(sheet, results), *COMMITTEE, *DAY)
    assert shown.code == 3
    told = "".join(shown.err.split())
    assert f"4行目（案件{cases[2]}、卒業とする）が拒否されたため、一件も記録していません。" in told
    assert typed("case", cases[0], "--json").json["state"] == "under_review"


def test_every_cell_that_cannot_be_read_is_told_with_its_row_and_column(
    typed: Typed, cases: list[str], tmp_path: Path
) -> None:
    sheet = tmp_path / "wrong.csv"
    lines = [
        "案件,操作,例外,審査した委員会の開催日",
        "00000-0000-0000,select,,",
        f"{cases[0]},えらぶ,たぶん,",
        f"{cases[1]},select,,六月ごろ",
    ]
    sheet.write_text("\n".join(lines), "utf-8")
    told = "".join(typed("sitting", str(sheet), *COMMITTEE, *DAY).err.split())
    assert "2行目「案件」:案件が見つかりません" in told
    assert "3行目「操作」:この手続にない操作です" in told
    assert "3行目「例外」:" in told
    assert "4行目「審査した委員会の開催日」:" in told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("名称,操作\n甲,select\n", "見出しに「案件」がありません"),
        ("", "見出しに「案件、操作」がありません"),
        ("案件,操作\n,\n", "「操作」が記入された行がありません"),
        ("案件,操作\n\x81", "UTF-8でもShift_JISでもありません"),
    ],
)
def test_a_file_that_is_no_sheet_is_told(typed: Typed, cases: list[str], tmp_path: Path, text: str, told: str) -> None:
    sheet = tmp_path / "other.csv"
    sheet.write_bytes(_bytes(text))
    assert told in "".join(typed("sitting", str(sheet), *COMMITTEE, *DAY).err.split())
    assert len(cases) == 4


def _bytes(text: str) -> bytes:
    """UTF-8, but for a byte that begins a character in neither encoding."""
    return text.replace("\x81", "").encode() + (b"\x81" if "\x81" in text else b"")

"""`agenda` and `sitting`: the sheet of a meeting, filled in and recorded in one act."""

import csv
from pathlib import Path

import pytest

from cli.conftest import Typed
from toritsugi.core.moments import parse_moment
from toritsugi.core.values import Actor
from toritsugi.engine import Engine
from toritsugi.hooks import ProcedureFile
from toritsugi.testing.clock import FakeClock
from unit.test_recurring import PROCEDURE

DAY = ("--now", "2026-06-15 14:00")
COMMITTEE = ("--as", "成長企業発掘・育成委員会")
EVENTS = """\
  hold: {title: {ja: 保留する, en: Hold}, by: office, from: asked, to: done, reason: required, basis: policy}
  hurry:
    title: {ja: 急ぐ, en: Hurry}
    by: office
    from: asked
    to: done
    requires:
      - rule: occurred_on >= 2030-01-01
        else: NOT_ELIGIBLE
        soft: yes
        message: {ja: 急ぐことはできません。, en: There is no hurry.}
    basis: policy
"""
#: what a request is about is kept from the office that decides it.
PARTIES = """\
  watcher: {title: {ja: 傍聴者, en: Watcher}, called: group}
  center: {title: {ja: センター, en: Center}, institution: hyogo_center}
"""
DISCLOSURE = """\
disclosure:
  request:
    title: {ja: 申込みの内容, en: The request}
    fields: [group, asked_on]
    seen_by: [watcher]
    basis: policy
"""


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
        ("PK\x03\x04", "Excelブックのままでは読めません"),
        ("案件,操作\n" + "x" * 200_000, "CSVとして読めません"),
        ("案件,操作,操作\nX,select,defer\n", "1行目「操作」:同じ見出しの列が二つあります"),
        ("案件,操作\n,select\n", "2行目「案件」:案件番号が空です"),
    ],
)
def test_a_file_that_is_no_sheet_is_told(typed: Typed, cases: list[str], tmp_path: Path, text: str, told: str) -> None:
    sheet = tmp_path / "other.csv"
    sheet.write_bytes(_bytes(text))
    assert told in "".join(typed("sitting", str(sheet), *COMMITTEE, *DAY).err.split())
    assert len(cases) == 4


def test_a_field_with_two_columns_is_told_whatever_they_are_called(
    typed: Typed, cases: list[str], tmp_path: Path
) -> None:
    sheet = tmp_path / "twice.csv"
    sheet.write_text(f"案件,操作,meeting_on,審査した委員会の開催日\n{cases[0]},select,2026-06-15,2026-06-14\n", "utf-8")
    told = "".join(typed("sitting", str(sheet), *COMMITTEE, *DAY).err.split())
    assert "2行目「審査した委員会の開催日」:同じ項目の列がほかにもあります" in told


def test_a_sheet_that_may_hold_results_is_never_written_over(typed: Typed, cases: list[str], tmp_path: Path) -> None:
    sheet = tmp_path / "議案.csv"
    sheet.write_text("記入済み", "utf-8")
    shown = typed("agenda", "--on", "2026-06-15", *DAY, "--sheet", str(sheet))
    assert shown.code == 2
    assert sheet.read_text("utf-8") == "記入済み"
    assert typed("agenda", "--on", "2026-06-16", *DAY, "--sheet", str(tmp_path / "none.csv")).code == 0
    assert not (tmp_path / "none.csv").exists(), "nothing is on that agenda"
    assert len(cases) == 4


@pytest.fixture
def veiled(tmp_path: Path) -> list[str]:
    """Requests about groups whom the office that decides may not know, each of another office."""
    text = (
        PROCEDURE.replace("data:\n", PARTIES + "data:\n", 1)
        .replace(", institution: office}", "}", 1)
        .replace("calendar: office", "calendar: hyogo_center")
        .replace("start: {by: office", "start: {by: watcher", 1)
        + EVENTS
        + DISCLOSURE
    )
    clock = FakeClock(parse_moment("2026-06-01T10:00+09:00"))
    file = ProcedureFile(file="request.yaml", text=text.encode())
    with Engine.open(f"sqlite:///{tmp_path / 'store.db'}", procedures=[file], clock=clock) as engine:
        watcher = Actor(id="w1", institution="citizens", role="watcher")
        return [
            engine.start(
                "request", watcher, {"group": group, "asked_on": "2026-06-01"}, parties={"office": where}
            ).case_id
            for group, where in (("秘密の会", "north"), ("内緒の会", "north"), ("匿名の会", "south"))
        ]


def test_what_a_sitting_prints_is_for_the_party_that_sat(typed: Typed, veiled: list[str], tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.csv"
    sheet.write_text(f"case,event\n{veiled[0]},decide\n{veiled[1]},decide\n", "utf-8")
    for more in ((), ("--json",)):
        shown = typed("sitting", str(sheet), "--as", "office", "--now", "2026-06-17T14:00", "--key", "k", *more)
        assert shown.code == 0, shown.err
        assert "の会" not in shown.out
    assert "秘密の会" in typed("case", veiled[0], "--as", "watcher").out, "whoever may know is told"


def test_a_sitting_is_of_one_institution(typed: Typed, veiled: list[str], tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.csv"
    sheet.write_text(f"案件,操作\n{veiled[0]},decide\n{veiled[2]},decide\n", "utf-8")
    shown = typed("sitting", str(sheet), "--as", "office", "--now", "2026-06-17T14:00")
    assert shown.code == 2
    told = "".join(shown.err.split())
    assert "3行目:「" in told
    assert "最初の案件とは別の機関です" in told
    assert "north" not in shown.err + shown.out, "who it is in the other case is not told"


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("hold,,", "「理由」の列に理由を記入してください"),
        ("hurry,,急ぐため", "「例外」の列に「はい」"),
        ("hurry,はい,急ぐため", ""),
    ],
)
def test_a_refused_row_is_told_with_what_to_fill_in(
    typed: Typed, veiled: list[str], tmp_path: Path, row: str, told: str
) -> None:
    sheet = tmp_path / "sheet.csv"
    sheet.write_text(f"案件,操作,例外,理由\n{veiled[0]},{row}\n", "utf-8")
    shown = typed("sitting", str(sheet), "--as", "office", "--now", "2026-06-17T14:00")
    assert shown.code == (3 if told else 0), shown.err
    assert told in "".join(shown.err.split())


def _bytes(text: str) -> bytes:
    """UTF-8, but for a byte that begins a character in neither encoding."""
    return text.replace("\x81", "").encode() + (b"\x81" if "\x81" in text else b"")

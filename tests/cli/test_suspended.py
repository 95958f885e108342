"""Parts and suspended deadlines at the command line: what `due`, `case`, `show` and `graph` print."""

from pathlib import Path

import pytest

from .conftest import Typed

HOME = Path(__file__).parents[2] / "examples" / "outside"


@pytest.fixture
def claim(typed: Typed) -> str:
    """An insurance claim that waits for papers since Monday, 5 October 2026."""
    folder = ("--folder", str(HOME))
    values = ("policy_number=12-3456", "claimant_name=架空太郎", "claimant_address=みほん市南町4-4")
    now = ("--now", "2026-10-01T09:00+09:00")
    shown = typed("open", "--procedure", "insurance_claim", *values, *folder, *now, "--json")
    assert shown.code == 0, shown.err
    case: str = shown.json["case"]
    for moment, *words in (
        (
            "2026-10-01T10:00+09:00",
            "claim",
            "event_on=2026-09-10",
            "amount=1000000",
            "account=普通1234567",
            "--via",
            "post",
        ),
        ("2026-10-05T10:00+09:00", "request_papers", "missing_papers=診断書"),
    ):
        shown = typed("send", case, *words, *folder, "--now", moment)
        assert shown.code == 0, shown.err
    return case


def test_due_lists_a_suspended_deadline_as_such(typed: Typed, claim: str) -> None:
    folder = ("--folder", str(HOME))
    shown = typed("due", *folder, "--now", "2026-12-01T10:00+09:00")
    assert "【停止中】" in shown.out
    assert "再開すると改めて決まる" in shown.out
    assert [one["status"] for one in typed("due", *folder, "--json").json] == ["suspended"]


def test_due_tells_of_the_suspension_once_the_deadline_goes_on(typed: Typed, claim: str) -> None:
    folder = ("--folder", str(HOME))
    typed("send", claim, "papers_arrived", "--via", "post", *folder, "--now", "2026-10-20T10:00+09:00")
    shown = typed("due", *folder, "--now", "2026-10-20T11:00+09:00")
    assert "【停止中】" not in shown.out
    assert "10月5日(月)から10月20日(火)まで" in "".join(shown.out.split("\n")).replace(" ", "")


def test_a_case_is_told_with_how_each_of_its_parts_stands(typed: Typed, claim: str) -> None:
    shown = typed("case", claim, "--folder", str(HOME), "--now", "2026-10-06T10:00+09:00")
    assert "審査中（書類：不足、確認：不要）" in "".join(line.strip() for line in shown.out.split("\n"))
    assert "停止中" in shown.out


def test_show_says_from_and_to_in_the_author_s_words(typed: Typed) -> None:
    shown = typed("show", "insurance_claim", "--folder", str(HOME))
    assert "書類：不足 → 書類：そろっている" in shown.out
    events = {
        one["id"]: one for one in typed("show", "insurance_claim", "--folder", str(HOME), "--json").json["events"]
    }
    assert events["papers_arrived"]["to"] == "papers_there"
    assert events["papers_arrived"]["from"] == ["papers_missing+no_inquiry", "papers_missing+inquiring"]


def test_an_svg_frames_the_parts(typed: Typed) -> None:
    drawn = typed("graph", "building_permit", "--format", "svg", "--folder", str(HOME)).out
    assert drawn.count('class="cluster"') == 3
    assert "都市計画" in drawn


def test_a_list_of_cases_names_no_day_that_is_suspended(typed: Typed, claim: str) -> None:
    shown = typed("cases", "--state", "書類：不足", "--folder", str(HOME), "--now", "2026-10-06T10:00+09:00")
    assert claim in shown.out
    assert "2026-10-08" not in shown.out and "10月8日" not in shown.out

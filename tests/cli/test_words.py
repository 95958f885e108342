"""What a person types in their own words: titles for identifiers, Japan's clock; and what they are told in return."""

from pathlib import Path

import pytest

from .conftest import Typed

NOW = ("--now", "2026-12-14 10:30")


def test_a_lost_case_number_is_found_in_the_list(typed: Typed, accepted: str) -> None:
    shown = typed("cases", "--now", "2026-12-28 10:00")
    assert accepted in shown.out
    assert "株式会社架空精密" in shown.out
    assert "2027年1月12日(火)  あと15日" in shown.out
    (row,) = typed("cases", "--procedure", "ジェトロの支援", "--state", "申込受付済み", "--json").json
    assert (row["case"], row["state"], row["next_due"]["due"]) == (accepted, "accepted", "2027-01-12")
    assert typed("cases", "--state", "no such state").code == 2
    assert typed("cases", "--state", "closed_withdrawn", "--json").json == []
    assert typed("cases", "--procedure", "none").code == 4


def test_a_long_list_of_cases_goes_on_after_a_number(typed: Typed, form: str) -> None:
    for place in range(3):
        assert typed("open", "--form", form, "--at", f"2026-0{place + 1}-01 09:00").code == 0
    whole = [row["case"] for row in typed("cases", "--json").json]
    first = typed("cases", "--limit", "2")
    assert f"--after {whole[1]}" in first.out
    rest = typed("cases", "--after", whole[1].lower(), "--json").json
    assert [row["case"] for row in rest] == whole[2:]


@pytest.mark.parametrize(
    "written",
    [
        "2026-12-14 09:50",
        "2026/12/14 9時50分",
        "令和8年12月14日9時50分",
        "２０２６－１２－１４　０９：５０：００",
        "2026-12-14T00:50Z",
    ],
)
def test_a_moment_without_an_offset_is_japans(typed: Typed, opened: str, written: str) -> None:
    assert typed("send", opened, "explain_programme", "--at", written, "--now", "2026-12-14 11:00").code in (0, 3)
    shown = typed("when", "7営業日", "--calendar", "jetro_tokyo", "--from", written)
    assert "12月14日(月)9:50到着" in shown.out or "12月14日(月)09:50到着" in shown.out


def test_a_bare_date_for_a_moment_asks_for_the_time(typed: Typed, opened: str) -> None:
    told = "時刻も書いてください。例：2026-12-01 14:00（日本時間）"
    assert told in typed("send", opened, "explain_programme", "--at", "2026-12-14", *NOW).err
    shown = typed("send", opened, "schedule_meeting", "meeting_at=2026-12-14", *NOW)
    assert (shown.code, told.partition("。")[0] in shown.err) == (2, True)


def test_events_fields_roles_and_ways_are_known_by_their_titles(typed: Typed, opened: str) -> None:
    assert typed("send", opened, "本事業の内容を説明する", "--as", "金融機関", *NOW).code == 0
    assert typed("send", opened, "制度融資を案内する", "相談時点の制度融資の利用状況=利用予定", *NOW).code == 0
    for event in ("submit_form1", "complete_bank_section"):
        assert typed("send", opened, event, *NOW).code == 0
    shown = typed("send", opened, "様式1をジェトロへ送付する", "--via", "ＦＡＸ", *NOW)
    assert shown.code == 0, shown.err
    assert typed("messages", opened, "--json").json[0]["channel"] == "fax"
    assert "送付待ち 1件" in shown.out


def test_an_answer_says_as_whom_it_was_recorded(typed: Typed, opened: str) -> None:
    assert "立場  金融機関" in typed("send", opened, "explain_programme", *NOW).out


def test_what_lies_in_the_spool_is_not_called_sent(typed: Typed, accepted: str) -> None:
    shown = typed("deliver", "--now", "2026-12-28 10:00")
    assert "書き出し（spool、未発送） 1件" in shown.out
    assert "書き出し済み（spool、未発送）" in typed("messages", accepted).out


def test_what_belongs_to_other_states_is_counted_and_shown_when_asked_for(typed: Typed, opened: str) -> None:
    assert "件（--all で表示）" in typed("can", opened).out
    assert "close_case" not in typed("can", opened).out
    assert "close_case" in typed("can", opened, "--all").out


def test_erasing_needs_an_agreement(typed: Typed, opened: str) -> None:
    shown = typed("erase", opened, "--reason", "保存期間の満了")
    assert (shown.code, "--yes" in shown.err) == (2, True)
    assert not typed("case", opened, "--json").json["erased"]
    assert "spool に残る控え" in typed("erase", opened, "--reason", "保存期間の満了", "--yes").out


def test_a_clock_set_by_hand_is_mentioned_where_something_is_written(typed: Typed, opened: str) -> None:
    shown = typed("send", opened, "explain_programme", "--json", *NOW)
    assert shown.err.splitlines() == [
        "注意：--now の日時（2026年12月14日(月)10:30）で記録します。実際の日時ではありません。"
    ]
    assert shown.json["state"] == "programme_explained"
    assert typed("due", *NOW).err == ""


def test_a_corporate_number_is_refused_with_what_is_wrong_with_it(typed: Typed, form: str) -> None:
    shown = typed("open", "--form", form, "corporate_number=1234567890123")
    assert "法人番号として正しくありません（検査用数字が一致しません）" in "".join(shown.err.split())
    assert "13桁の数字" in typed("open", "--form", form, "corporate_number=123").err


def test_a_place_that_cannot_hold_a_store_is_named(typed: Typed, form: str, tmp_path: Path) -> None:
    shown = typed("open", "--form", form, "--store", f"sqlite:///{tmp_path}/none/store.db")
    assert (shown.code, "none" in "".join(shown.err.split())) == (4, True)
    assert "フォルダーです" in "".join(typed("open", "--form", str(tmp_path)).err.split())


def test_a_refusal_that_moved_the_case_says_so(typed: Typed, accepted: str) -> None:
    steps = (
        ("coordinate_with_bank", "form2_destination=融資担当窓口", "form2_method=電子メール"),
        ("contact_company",),
        ("schedule_meeting", "meeting_at=2027-01-15 14:00", "meeting_place=企業の都内事業所"),
        ("hold_consultation", "--now", "2027-01-15 16:00"),
        ("agree_plan", "support_plan=販路を調べる", "--now", "2027-01-20 11:00"),
        ("start_support", "--now", "2027-01-22 09:30"),
    )
    for step in steps:
        at = () if "--now" in step else ("--now", "2027-01-08 10:05")
        shown = typed("send", accepted, *step, *at)
        assert shown.code == 0, shown.err
    cost = (
        "posting_kind=仮押さえ",
        "cost_item=F-1",
        "cost_service=見本市・展示会",
        "cost_amount=1,000,001円",
        "cost_tax=税抜",
    )
    shown = typed("send", accepted, "post_cost", *cost, "--now", "2027-01-25 10:00")
    assert shown.code == 3
    assert "[CEILING_EXCEEDED]" in shown.err
    assert "この結果、案件は「上限到達により中断」になりました。" in shown.err

"""A step that holds passes; one that does not fails at its own line, with one reason; nothing passes by accident."""

from collections.abc import Callable

import pytest

from toritsugi.testing.specs.record import ScenarioRecord

from .conftest import BEFORE, Run

Carry = Callable[..., ScenarioRecord]


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        ("状態は「完了」である", "「完了」ではなく「金融機関で検討中」"),
        ("案件は終了している", "終了していません"),
        ("「企業名（屋号）」は「別の企業」である", "「架空精機株式会社」です"),
        ("「企業名（屋号）」は空欄である", "「架空精機株式会社」です"),
        ("「代表者氏名」は「だれか」である", "未入力"),
        ("「支援経費の処理記録」は1件である", "0件です"),
        ("「様式1をジェトロへ提供することへの同意」が得られている", "得られていません"),
        ("関連案件「枠」が開かれている", "開かれていません"),
        ("関連案件「枠」では、状態は「利用可能」である", "開かれていません"),
        ("案件は全部で2件である", "1件あります"),
        ("「制度融資を案内する」が行われている", "行われていません"),
        ("期限「企業への連絡」は令和8年5月11日である", "始まっていません"),
        ("期限「企業への連絡」は過ぎている", "始まっていません"),
        ("ジェトロに電子メールで「様式1」が送付される", "送付されていません"),
        ("ジェトロへの「様式1」は送付済みである", "送付されていません"),
        ("別の組織「あおば銀行」には案件が見える", "見えません"),
        ("金融機関には案件が見えない", "見えます"),
        ("申込企業は書類「様式3」を見ることができる", "できません"),
        ("申込企業は「申込みを取り下げる」ことができる", "できません"),
        ("金融機関ができることはない", "制度融資を案内する"),
        ("利用可能額は1円である", "枠のある案件"),
        ("「ACTOR_NOT_ALLOWED」という理由で拒否される", "拒否されていません"),
        ("案件は何も変わらない", "変わっています"),
        ("状態は「無い状態」である", "ありません"),
        ("状態は「終了」である", "一つに決まりません"),
        ("支援担当者ができることはない", "立場「支援担当者」はありません"),
        ("期限「企業への連絡」は令和8年2月30日である", "日時はありません"),
        ("企業の機嫌はよい", "近い書き方"),
    ],
)
def test_what_is_not_so_fails_with_one_reason(carry_out: Carry, step: str, reason: str) -> None:
    done = carry_out("もし 金融機関が案件を開く", f"ならば {step}", "かつ 案件は終了していない")
    assert done.outcome == "failed"
    assert [one.outcome for one in done.steps[-3:]] == ["passed", "failed", "not_reached"]
    assert done.failed_step is not None
    assert reason in done.failed_step.reason_ja
    assert done.failed_step.reason_en


def test_a_refusal_that_the_spec_does_not_speak_of_fails_at_the_act(carry_out: Carry) -> None:
    done = carry_out(
        "もし 金融機関が案件を開く", "かつ 申込企業が「本事業の内容を説明する」", "ならば 案件は終了していない"
    )
    assert done.failed_step is not None
    assert done.failed_step.text.startswith("申込企業が")
    assert "ACTOR_NOT_ALLOWED" in done.failed_step.reason_ja


def test_a_refusal_at_the_very_end_is_not_lost(carry_out: Carry) -> None:
    assert carry_out("もし 金融機関が案件を開く", "かつ 申込企業が「本事業の内容を説明する」").outcome == "failed"


def test_a_refusal_must_name_every_reason(carry_out: Carry) -> None:
    opening = (
        "もし 金融機関が案件を開く",
        "かつ 金融機関が「本事業の内容を説明する」",
        "かつ 申込企業が「様式1を金融機関へ提出する」",
    )
    assert carry_out(*opening, "ならば 「記入が足りません：業種・事業内容」という理由で拒否される").outcome == "failed"
    assert carry_out(*opening, "ならば 「記入が足りません：業種・事業内容」などの理由で拒否される").outcome == "passed"
    assert carry_out(*opening, "ならば 「FORM_INCOMPLETE」という理由で拒否される").outcome == "passed"


def test_listed_reasons_are_matched_one_to_one_and_whole(carry_out: Carry) -> None:
    opening = ("もし 金融機関が案件を開こうとする", "  | 企業名（屋号） | （空欄） |", "  | 金融機関名 | （空欄） |")
    listing = (*opening, "ならば 次の理由で拒否される")
    name, bank = "  | 記入が足りません：企業名（屋号） |", "  | 記入が足りません：金融機関名 |"
    code = "  | FORM_INCOMPLETE |"
    assert carry_out(*listing, bank, name).outcome == "passed"
    assert carry_out(*listing, code, name).outcome == "passed"
    assert carry_out(*listing, code, code).outcome == "passed"
    for wrong in ((name,), (name, name), (name, bank, code), (code,), (name, "  | 記入が足りません：金融 |")):
        assert carry_out(*listing, *wrong).outcome == "failed"


def test_a_table_where_none_belongs_is_refused(carry_out: Carry) -> None:
    done = carry_out("もし 金融機関が案件を開く", "ならば 案件は終了していない", "  | 項目 | 内容 |")
    assert done.failed_step is not None
    assert "表は付けられません" in done.failed_step.reason_ja


def test_a_table_that_is_missing_is_asked_for(carry_out: Carry) -> None:
    done = carry_out("もし 金融機関が案件を開く", "ならば 案件の内容は次のとおりである")
    assert done.failed_step is not None
    assert "表が必要です" in done.failed_step.reason_ja


def test_every_cell_that_cannot_be_read_is_told_at_once(carry_out: Carry) -> None:
    done = carry_out("もし 金融機関が案件を開く", "  | 従業員数（人） | 沢山 |", "  | 色 | 赤 |", "  | 資本金 | 壱 |")
    assert done.failed_step is not None
    for word in ("従業員数", "項目「色」", "資本金"):
        assert word in done.failed_step.reason_ja


def test_time_does_not_go_back(carry_out: Carry) -> None:
    done = carry_out("もし 金融機関が案件を開く", "かつ 令和8年4月19日になる")
    assert done.failed_step is not None
    assert "時間は戻せません" in done.failed_step.reason_ja


def test_several_cases_are_spoken_of_by_name(carry_out: Carry) -> None:
    table = (
        "  | 企業名（屋号） | 乙社 |",
        "  | 金融機関名 | あおば銀行 |",
        "  | 金融機関への相談日 | 令和8年4月20日 |",
    )
    done = carry_out(
        "もし 金融機関が案件「甲」を開く",
        "かつ 「あおば銀行」が金融機関として案件「乙」を開く",
        *table,
        "ならば 案件「甲」では、「企業名（屋号）」は「架空精機株式会社」である",
        "かつ 「企業名（屋号）」は「乙社」である",
        "かつ 案件「甲」では、別の組織「あおば銀行」には案件が見えない",
        "かつ 案件「乙」では、別の組織「あおば銀行」には案件が見える",
        "もし 以後、案件「甲」を扱う",
        "かつ 金融機関が「本事業の内容を説明する」",
        "ならば 状態は「企業へ制度説明済み」である",
        "かつ 案件「乙」では、状態は「金融機関で検討中」である",
    )
    assert done.outcome == "passed", done.failed_step


def test_a_scenario_builds_on_another_and_names_the_line_that_fails(run: Run) -> None:
    text = f"{BEFORE}  シナリオ: 甲\n    もし 申込企業が案件を開く\n  シナリオ: 乙\n    前提 シナリオ「甲」のとおり進んでいる\n"
    text += "  シナリオ: 丙\n    前提 シナリオ「丁」のとおり進んでいる\n  シナリオ: 丁\n    前提 シナリオ「丙」のとおり進んでいる\n"
    record = run(text)
    reasons = [one.failed_step.reason_ja if one.failed_step else "" for one in record.scenarios]
    assert reasons[1].startswith("12行目「申込企業が案件を開く」：")
    assert "自分自身を繰り返しています" in reasons[2]


def test_english_is_spoken_too(run: Run) -> None:
    record = run(ENGLISH)
    (scenario,) = record.scenarios
    assert scenario.outcome == "passed", scenario.failed_step


ENGLISH = """
Feature: Support by JETRO
  Background:
    Given it is 2026-04-20 (Mon) 09:00
    And the procedure is "Support by JETRO"
    And the financial institution is played by "Midori Shinkin Bank"
    And the data of the case will be:
      | field                              | value              |
      | Company name                       | Example Seiki K.K. |
      | Financial institution              | Midori Shinkin     |
      | Date of the consultation with the bank | 2026-04-20     |
  Scenario: The bank explains
    When the financial institution opens the case "A"
    Then the state is "Bank weighs the needs"
    When the financial institution does "Explain the programme"
    Then it is refused with "Missing: Needs of the company"
    And nothing changes
    When on 2026-04-21 10:00, the financial institution does "Explain the programme"
      | Needs of the company | sales in Thailand |
    Then the state is "Programme explained"
    And another institution "Aoba Bank" cannot see the case
    And the client company can do "Withdraw"
    And nothing is sent
    When 3 business days pass by the calendar of JETRO, to 17:00
    And the client company does "Withdraw" with reason "no longer needed"
    Then the state is "Withdrawn"
    And the case has ended
    And the record is sound
"""

"""What Gherkin would lose in silence, or would refuse in words nobody understands."""

import pytest

from .conftest import BEFORE, Run

STEP = "    もし 金融機関が案件を開く\n"
GOOD = f"{BEFORE}  シナリオ: 甲\n{STEP}"


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        (GOOD.split("\n", 1)[1], 1, "# language: ja"),
        (GOOD.encode("cp932"), 2, "Shift_JISのようです。UTF-8で"),
        (GOOD.encode("euc_jp"), 2, "UTF-8で"),
        (f"{GOOD}  シナリオ: 甲\n{STEP}", 13, "11行目にもあります"),
        (f"{GOOD}  ルール: 別\n    シナリオ: 甲\n{STEP}", 14, "11行目にもあります"),
        (f"{GOOD}  シナリオ: 乙\n", 13, "手順がありません"),
        (f"{GOOD}    そして 金融機関が案件を開く\n", 13, "「かつ」と書いて"),
        (f"{GOOD}    また、 金融機関が案件を開く\n", 13, "「かつ」と書いて"),
        (f"{BEFORE}  シナリオ: 乙\n    前堤 金融機関が案件を開く\n{STEP}", 12, "手順として読めません"),
        (f"{GOOD}    前堤 金融機関が案件を開く\n", 13, "読めません"),
        (f"{GOOD}  シナリオ：乙\n{STEP}", 13, "コロンが全角"),
        ("# language: ja\n機能: 試し\n    もし 金融機関が案件を開く\n  シナリオ: 乙\n" + STEP, 3, "実行されません"),
        (f"{GOOD}      ｜ 企業名 ｜ 甲 ｜\n", 13, "半角の「|」"),
        (f"{GOOD}      | 企業名 | 甲 |\n      | 企業名 |\n", 14, "列の数"),
        (f"{GOOD}  シナリオアウトライン: 乙\n    もし <だれ>が案件を開く\n", 13, "「例:」"),
        (
            f"{GOOD}  シナリオアウトライン: 乙\n    もし <だれ>が案件を開く\n    例:\n      | だれ |\n",
            15,
            "行がありません",
        ),
        (f"{GOOD}  シナリオ: 乙\n    もし <だれ>が案件を開く\n", 13, "「例:」の表"),
        (
            f"{GOOD}  シナリオアウトライン: 乙\n    もし <だれ>が案件を開く\n    例:\n      | たれ |\n      | 都 |\n",
            15,
            "使われて",
        ),
        ("# language: ja\n機能: 試し\n", 2, "シナリオがありません"),
        ("# language: fr\nFonctionnalité: x\n", 1, "ja か en"),
        (f"{BEFORE}  @_隠し\n  シナリオ: 乙\n{STEP}", 1, "タグ"),
    ],
)
def test_a_file_is_refused_by_line_and_in_words(run: Run, text: str | bytes, line: int, says: str) -> None:
    record = run(text)
    (file,) = record.files.values()
    assert next((fault.line, says in fault.ja) for fault in file.faults) == (line, True), file.faults
    assert all(fault.en.isascii() or "「" not in fault.en for fault in file.faults)
    assert (record.scenarios, record.clean) == ([], False)


def test_a_byte_order_mark_does_no_harm(run: Run) -> None:
    assert run(b"\xef\xbb\xbf" + GOOD.encode()).clean


def test_lines_may_end_as_on_windows(run: Run) -> None:
    assert run(GOOD.replace("\n", "\r\n")).clean


def test_japanese_tags_are_known_to_a_strict_pytest(run: Run) -> None:
    text = GOOD.replace("機能:", "@東京都\n機能:").replace("  シナリオ:", "  @受付 @急ぎ\n  シナリオ:")
    assert run(text).clean


def test_every_row_of_an_outline_is_a_scenario(run: Run) -> None:
    outline = "  シナリオアウトライン: 乙\n    もし <だれ>が案件を開く\n"
    text = f"{BEFORE}{outline}    例:\n      | だれ |\n      | 金融機関 |\n      | ジェトロ |\n"
    record = run(text)
    assert [(one.name, one.outcome) for one in record.scenarios] == [
        ("乙（金融機関）", "passed"),
        ("乙（ジェトロ）", "failed"),
    ]

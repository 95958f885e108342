"""`toritsugi spec`, and plain pytest, on the same files."""

import json
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import pytest

from toritsugi_adapters.cli.layout import width
from toritsugi_adapters.cli.main import main

from .conftest import BEFORE

GOOD = (
    f"{BEFORE}  シナリオ: 金融機関が開く\n    もし 金融機関が案件を開く\n    ならば 状態は「金融機関で検討中」である\n"
)
BAD = f"{GOOD}  シナリオ: 企業が開く\n    もし 申込企業が案件を開く\n    ならば 案件は終了していない\n"

Typed = Callable[..., tuple[int, str, str]]


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typed:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TORITSUGI_LANG", "ja")
    (tmp_path / "good.feature").write_text(GOOD, encoding="utf-8")
    (tmp_path / "bad.feature").write_text(BAD, encoding="utf-8")
    (tmp_path / "sjis.feature").write_bytes(GOOD.encode("cp932"))

    def type_in(*words: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(["spec", *words])
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return type_in


def test_what_holds_is_one_line_and_ends_well(typed: Typed) -> None:
    code, out, err = typed("good.feature")
    assert (code, err) == (0, "")
    assert "  ✓ 金融機関が開く\n" in out
    assert "もし" not in out
    assert "成立 1、不成立 0" in out


def test_what_fails_is_told_step_by_step_within_80_columns(typed: Typed) -> None:
    code, out, _ = typed("bad.feature")
    assert code == 6
    assert "      ✗ もし 申込企業が案件を開く" in out
    assert "      ・ ならば 案件は終了していない" in out
    assert out.count("ACTOR_NOT_ALLOWED") == 1
    assert "bad.feature:15" in out
    assert max(width(line) for line in out.split("\n")) <= 80


def test_a_file_that_cannot_be_read_is_told_and_the_others_run(typed: Typed) -> None:
    code, out, _ = typed(".")
    assert code == 6
    assert "sjis.feature:2:" in out
    assert "読めないファイル 1 件" in out
    assert "✓ 金融機関が開く" in out


def test_the_report_comes_as_html_junit_and_json(typed: Typed, tmp_path: Path) -> None:
    code, out, _ = typed("bad.feature", "--html", "r.html", "--junit", "r.xml", "--json")
    shape = json.loads(out)
    assert (code, shape["clean"]) == (6, False)
    assert shape["files"][0]["scenarios"][1]["steps"][-2]["reason"]["ja"].startswith("拒否されました")
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "企業が開く" in page and "✗" in page and "<script" not in page
    cases = ET.parse(tmp_path / "r.xml").getroot().findall(".//testcase")
    assert [(one.get("name"), one.find("failure") is not None) for one in cases] == [
        ("金融機関が開く", False),
        ("企業が開く", True),
    ]


def test_texts_of_a_spec_cannot_break_the_page(typed: Typed, tmp_path: Path) -> None:
    text = GOOD.replace("シナリオ: 金融機関が開く", "シナリオ: &<b>'開く'\"")
    (tmp_path / "good.feature").write_text(text, encoding="utf-8")
    typed("good.feature", "--html", "r.html")
    assert "<b>'開く" not in (tmp_path / "r.html").read_text(encoding="utf-8")


def test_one_scenario_or_one_tag_can_be_asked_for(typed: Typed) -> None:
    assert "シナリオ 1 件" in typed("bad.feature", "--only", "金融機関")[1]
    assert typed("bad.feature", "--only", "どこにもない")[0] == 4


def test_coverage_says_what_was_and_was_not_reached(typed: Typed) -> None:
    out = typed("good.feature", "--coverage")[1]
    assert "1/22" in out
    assert "未確認の状態：完了" in out


def test_the_vocabulary_is_listed_with_examples_in_both_languages(typed: Typed) -> None:
    code, out, _ = typed("--steps")
    assert code == 0
    assert "状態は「申込受付済み」である" in out
    assert 'the state is "Application accepted"' in out
    assert max(width(line) for line in out.split("\n")) <= 80


def test_a_procedure_of_ones_own_is_run_without_installing_it(typed: Typed, tmp_path: Path) -> None:
    shipped = Path(__file__).parents[2] / "workflows/toritsugi_workflows/tokyo/tokyo_jetro_support.yaml"
    changed = shipped.read_text("utf-8").replace("ja: 金融機関で検討中", "ja: 考え中")
    (tmp_path / "own.yaml").write_text(changed, encoding="utf-8")
    (tmp_path / "own.feature").write_text(GOOD.replace("金融機関で検討中", "考え中"), encoding="utf-8")
    assert typed("own.feature", "--procedure", "own.yaml")[0] == 0
    assert typed("own.feature")[0] == 6


def test_a_missing_file_is_told(typed: Typed) -> None:
    code, _, err = typed("nowhere.feature")
    assert (code, "nowhere.feature" in err) == (4, True)


def test_pytest_runs_the_same_files_strictly_and_without_settings(tmp_path: Path) -> None:
    (tmp_path / "bad.feature").write_text(BAD.replace("機能:", "@東京都\n機能:"), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "toritsugi.testing.specs", "--strict-markers", "-q", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert "1 failed, 1 passed" in done.stdout, done.stdout
    assert "bad.feature:16: もし 申込企業が案件を開く\n  拒否されました" in done.stdout
    assert "Traceback" not in done.stdout


def test_pytest_leaves_feature_files_alone_unless_it_is_asked(tmp_path: Path) -> None:
    (tmp_path / "bad.feature").write_text(BAD, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert "no tests ran" in done.stdout

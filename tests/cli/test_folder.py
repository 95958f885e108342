"""A folder of YAML files is enough: an institution and its procedure run without a line of Python."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from toritsugi.core.values import Actor
from toritsugi.engine import Engine
from toritsugi.errors import DefinitionError
from toritsugi.hooks import INSTALLED, folder_plugin
from toritsugi.testing.specs.coverage import KINDS
from toritsugi.testing.specs.run import run_specs

from .conftest import Typed

EXAMPLE = Path(__file__).parents[2] / "examples" / "new-institution"


@pytest.fixture
def offices(tmp_path: Path) -> Path:
    """A folder of somebody's own that holds the example."""
    return Path(shutil.copytree(EXAMPLE, tmp_path / "offices"))


def test_the_example_is_without_a_fault(typed: Typed) -> None:
    assert typed("lint", str(EXAMPLE)).out == "問題はありません（2ファイル）。\n"
    assert typed("fmt", "--check", str(EXAMPLE / "manifest.yaml"), str(EXAMPLE / "consultation.yaml")).code == 0


def test_the_specs_of_the_example_hold_and_reach_everything() -> None:
    record = run_specs([EXAMPLE], folders=[EXAMPLE])
    missing = [title.ja for one in record.coverage.procedures() for kind in KINDS for title in one.missing(kind)]
    assert (record.clean, bool(record.scenarios), missing) == (True, True, [])


def test_the_procedure_of_a_folder_is_listed_beside_the_installed_ones(typed: Typed) -> None:
    listed = {one["procedure"] for one in typed("procedures", "--folder", str(EXAMPLE), "--json").json}
    assert listed > {"mirai_consultation", "tokyo_jetro_support"}
    assert "mirai_consultation" not in {one["procedure"] for one in typed("procedures", "--json").json}


def test_the_environment_names_the_folder_as_well(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TORITSUGI_FOLDER", str(EXAMPLE))
    assert "mirai_consultation" in {one["procedure"] for one in typed("procedures", "--json").json}


def test_a_case_counts_by_the_calendar_of_the_folder(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TORITSUGI_FOLDER", str(EXAMPLE))
    now = ("--now", "2026-10-09 10:00")
    names = ("企業名=架空電子株式会社", "金融機関名=しおかぜ信用金庫", "金融機関のFAX番号=099-555-0199")
    case = typed("open", "--procedure", "mirai_consultation", *names, *now, "--json").json["case"]
    asked = ("相談の内容=タイでの販路の開拓", "企業の同意=はい")
    assert "2026年10月20日(火)まで" in typed("send", case, "相談票を送る", *asked, "--via", "FAX", *now).out
    assert "創立記念日" in typed("due", *now).out
    assert typed("deliver", *now).code == 0


def test_an_engine_takes_a_folder_beside_the_installed_plugins(offices: Path, tmp_path: Path) -> None:
    plugins = [INSTALLED, folder_plugin(offices)]
    with Engine.open(f"sqlite:///{tmp_path / 'cases.db'}", plugins=plugins) as engine:
        bank = Actor(id="desk-1", institution="shiokaze", role="bank")
        values = {"company_name": "架空電子株式会社", "bank_name": "しおかぜ信用金庫", "bank_fax": "099-555-0199"}
        assert engine.start("mirai_consultation", bank, values).case_id
        assert {"mirai_foundation", "jetro_tokyo"} <= set(engine.institutions())


def test_a_folder_is_read_at_any_depth_but_for_what_is_hidden(offices: Path) -> None:
    (offices / "deeper").mkdir()
    (offices / "consultation.yaml").rename(offices / "deeper" / "consultation.yml")
    (offices / ".hidden").mkdir()
    (offices / ".hidden" / "broken.yaml").write_text("procedure: [", "utf-8")
    found = folder_plugin(offices).toritsugi_procedures()
    assert [one.file for one in found] == ["offices/deeper/consultation.yml"]


def test_a_file_that_is_neither_is_told_with_what_it_lacks(offices: Path, typed: Typed) -> None:
    (offices / "note.yaml").write_text("memo: 電話する\n", "utf-8")
    told = typed("procedures", "--folder", str(offices)).err
    assert "offices/note.yaml" in told
    assert "「procedure」が必要です" in told
    assert "note.yaml" in typed("lint", str(offices), "--folder", str(offices)).out


def test_a_fault_in_a_manifest_is_told_with_its_line(offices: Path, typed: Typed) -> None:
    manifest = offices / "manifest.yaml"
    manifest.write_text(manifest.read_text("utf-8").replace("10-15", "10-32"), "utf-8")
    shown = typed("lint", str(offices))
    assert shown.code == 6
    assert "manifest.yaml:16:" in shown.out
    with pytest.raises(DefinitionError):
        folder_plugin(offices).toritsugi_institutions()


def test_a_folder_that_is_not_there_is_told(typed: Typed, tmp_path: Path) -> None:
    shown = typed("procedures", "--folder", str(tmp_path / "nowhere"))
    assert shown.code == 4
    assert "フォルダーがありません" in shown.err.replace("\n  ", "")

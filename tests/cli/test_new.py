"""What `toritsugi new` promises: beginnings that are without a fault and keep their own specs; nothing is overwritten."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path

import pytest

from toritsugi.testing.specs.coverage import KINDS
from toritsugi.testing.specs.run import run_specs

from .conftest import Typed

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which the commands are typed."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _faultless(typed: Typed, folder: str, files: int) -> None:
    assert typed("lint", folder).out == f"問題はありません（{files}ファイル）。\n"
    for file in Path(folder).rglob("*.yaml"):
        assert typed("fmt", "--check", str(file)).code == 0


def test_an_institution_in_yaml_alone_runs_as_it_is(typed: Typed) -> None:
    shown = typed("new", "institution", "midori_zaidan", "--title", "みどり財団", "--folder", "offices")
    assert shown.code == 0, shown.err
    _faultless(typed, "offices", 2)
    record = run_specs(["offices"], folders=["offices"])
    missing = [title.ja for one in record.coverage.procedures() for kind in KINDS for title in one.missing(kind)]
    assert (record.clean, bool(record.scenarios), missing) == (True, True, [])


def test_a_procedure_goes_beside_its_institution(typed: Typed) -> None:
    typed("new", "institution", "midori_zaidan", "--title", "みどり財団", "--folder", "offices")
    shown = typed("new", "procedure", "midori_seminar", "--title", "勉強会の申込み", "--folder", "offices")
    assert shown.code == 0, shown.err
    _faultless(typed, "offices", 3)
    assert run_specs(["offices/midori_zaidan/midori_seminar.feature"], folders=["offices"]).clean


def test_a_distribution_is_without_a_fault_and_takes_further_procedures(typed: Typed, home: Path) -> None:
    assert typed("new", "institution", "midori_zaidan", "--distribution", "mine").code == 0
    assert typed("new", "procedure", "midori_seminar", "--distribution", "mine").code == 0
    _faultless(typed, "mine", 3)
    project = tomllib.loads((home / "mine" / "pyproject.toml").read_text("utf-8"))
    assert project["project"]["entry-points"]["toritsugi"] == {"midori_zaidan": "toritsugi_midori_zaidan.plugin"}
    assert run_specs(["mine/specs"], folders=["mine"]).clean


def test_a_distribution_may_bring_procedures_of_a_known_institution(typed: Typed) -> None:
    assert typed("new", "procedure", "kosha_seminar", "--institution", "kosha", "--distribution", "mine").code == 0
    _faultless(typed, "mine", 1)
    assert run_specs(["mine/specs"], folders=["mine"]).clean


def test_in_the_repository_a_plugin_is_named_wherever_plugins_are_listed(typed: Typed, home: Path) -> None:
    for name in ("plugins", "workflows", "specs"):
        (home / name).mkdir()
    shutil.copy(ROOT / "pyproject.toml", home)
    assert typed("new", "institution", "midori_zaidan").code == 0
    project = tomllib.loads((home / "pyproject.toml").read_text("utf-8"))
    name = "toritsugi_midori_zaidan"
    assert project["project"]["entry-points"]["toritsugi"]["midori_zaidan"] == f"{name}.plugin"
    assert f"plugins/{name}" in project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    linter = project["tool"]["importlinter"]
    contracts = {one["id"]: one for one in linter["contracts"]}
    assert name in linter["root_packages"]
    assert name in contracts["houses"]["layers"][0].split(" | ")
    assert name in contracts["institutions"]["source_modules"]
    assert (home / "plugins" / name / "plugin.py").is_file()
    assert (home / "specs" / "midori_zaidan" / "midori_zaidan_request.feature").is_file()


def test_what_is_there_is_not_overwritten_and_nothing_else_is_made(typed: Typed, home: Path) -> None:
    there = home / "offices" / "midori_zaidan" / "midori_zaidan_request.feature"
    there.parent.mkdir(parents=True)
    there.write_text("mine", "utf-8")
    shown = typed("new", "institution", "midori_zaidan", "--folder", "offices")
    assert shown.code == 2
    assert str(there.name) in shown.err
    assert [one for one in home.rglob("*") if one.is_file()] == [there]
    assert there.read_text("utf-8") == "mine"


@pytest.mark.parametrize("name", ["Midori", "みどり", "2nd", "a-b", "a__b", "a_", "_a", "../a", "a" * 41, ""])
def test_a_name_that_can_be_no_id_is_refused(name: str, typed: Typed, home: Path) -> None:
    shown = typed("new", "institution", "--folder", "offices", "--", name)
    assert shown.code == 2
    assert "識別名にできません" in shown.err
    assert "cannot be an id" in typed("new", "institution", "--folder", "offices", "--lang", "en", "--", name).err
    assert list(home.iterdir()) == []


@pytest.mark.parametrize("name", ["kosha", "tokyo_jetro_support"])
def test_a_name_that_is_taken_is_refused(name: str, typed: Typed) -> None:
    assert "もう使われています" in typed("new", "institution", name, "--folder", "offices").err
    assert "is taken" in typed("new", "institution", name, "--folder", "offices", "--lang", "en").err


@pytest.mark.parametrize("title", ["甲: 乙", "「甲」", "a}b", "甲, 乙", "", "- 甲", "甲" * 101, "甲\n乙", "甲\\"])
def test_a_title_that_would_need_quotes_is_refused(title: str, typed: Typed, home: Path) -> None:
    assert typed("new", "institution", "midori", "--title", title, "--folder", "offices").code == 2
    assert list(home.iterdir()) == []


def test_somebody_has_to_say_where(typed: Typed) -> None:
    assert "--folder" in typed("new", "institution", "midori").err


def test_a_procedure_has_to_say_for_which_institution(typed: Typed) -> None:
    shown = typed("new", "procedure", "seminar", "--folder", "offices")
    assert shown.code == 2
    assert "--institution" in shown.err
    assert "kosha" in shown.err

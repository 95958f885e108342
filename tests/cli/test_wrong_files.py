"""One wrong file of a plugin: it is told with its line, its own procedure cannot be used, and all others can."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from .conftest import Typed

EXAMPLE = Path(__file__).parents[2] / "examples" / "new-institution"
NAMES = ("企業名=架空電子株式会社", "金融機関名=しおかぜ信用金庫", "金融機関のFAX番号=099-555-0199")
NOW = ("--now", "2026-10-09 10:00")


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The procedure in a folder of somebody's own; not wrong yet."""
    offices = Path(shutil.copytree(EXAMPLE, tmp_path / "offices"))
    monkeypatch.setenv("TORITSUGI_FOLDER", str(offices))
    return offices / "consultation.yaml"


def _spoil(file: Path) -> None:
    """A text that is no YAML from its third line on."""
    lines = file.read_text("utf-8").splitlines()
    file.write_text("\n".join([*lines[:2], "title: [", *lines[2:]]), "utf-8")


def test_the_other_procedures_are_listed_and_the_wrong_one_is_told_with_its_line(typed: Typed, file: Path) -> None:
    _spoil(file)
    shown = typed("procedures", "--json")
    assert shown.code == 0
    assert "tokyo_jetro_support" in {one["procedure"] for one in shown.json}
    assert "offices/consultation.yaml" in shown.err
    assert "offices/consultation.yaml:3:" in shown.err


def test_a_case_of_another_procedure_goes_its_way(typed: Typed, file: Path, form: str) -> None:
    _spoil(file)
    case = typed("open", "--form", form, "--json").json["case"]
    shown = typed("case", case)
    assert shown.code == 0
    assert shown.err.count("offices/consultation.yaml に誤りがあるため") == 1


def test_what_needs_the_wrong_procedure_is_told_so(typed: Typed, file: Path) -> None:
    _spoil(file)
    for line in (("open", "--procedure", "mirai_consultation", *NAMES), ("show", "mirai_consultation")):
        shown = typed(*line)
        assert shown.code == 6
        assert "offices/consultation.yaml:3:" in shown.err


def test_a_case_that_is_open_under_an_earlier_text_goes_on(typed: Typed, file: Path) -> None:
    case = typed("open", "--procedure", "mirai_consultation", *NAMES, *NOW, "--json").json["case"]
    _spoil(file)
    asked = ("相談の内容=タイでの販路の開拓", "企業の同意=はい")
    sent = typed("send", case, "相談票を送る", *asked, "--via", "FAX", *NOW)
    assert (sent.code, "2026年10月20日(火)まで" in sent.out) == (0, True)
    assert typed("can", case, *NOW).code == 0
    assert typed("due", *NOW).code == 0


def test_a_fault_that_only_a_reader_of_the_whole_text_finds_is_told_where_it_matters(typed: Typed, file: Path) -> None:
    text = file.read_text("utf-8")
    file.write_text(text.replace("initial: ", "initial: nowhere_"), "utf-8")
    assert "consultation.yaml" in typed("procedures").err
    shown = typed("open", "--procedure", "mirai_consultation", *NAMES, *NOW)
    assert (shown.code, "nowhere_" in shown.err) == (6, True)

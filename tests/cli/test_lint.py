"""What `toritsugi lint` promises: every fault at once, under the exact place, for people and for programs, and quickly."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from toritsugi_adapters.cli.layout import width

from .conftest import Typed

SHIPPED = Path(__file__).parents[2] / "workflows" / "toritsugi_workflows" / "tokyo"
#: what a look at one file may not load.
COSTLY = {"click", "rich", "sqlmodel", "sqlalchemy", "pydantic", "pluggy", "openpyxl", "holidays", "json", "hashlib"}


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    """The shipped procedure with five slips in it."""
    text = (SHIPPED / "tokyo_jetro_support.yaml").read_text("utf-8")
    for old, new in (
        ("    to: accepted\n", "    to: acepted\n"),
        ("loan_status = in_use implies", "相談時点の制度融資の利用状況 = 利用注 ならば"),
        ("within: 7 business days", "within: 7 days"),
        ("    by: navigator\n", "    by: navigater\n"),
        ("  form2_balance: {type: yen,", "  form2_balance: {tipe: yen,"),
    ):
        assert old in text
        text = text.replace(old, new, 1)
    file = tmp_path / "slips.yaml"
    file.write_text(text, "utf-8")
    return file


def test_the_shipped_procedures_are_without_fault(typed: Typed) -> None:
    files = sorted(SHIPPED.glob("*.yaml"))
    shown = typed("lint", *map(str, files))
    assert (shown.code, shown.out, shown.err) == (0, f"問題はありません（{len(files)}ファイル）。\n", "")


def test_every_fault_is_told_in_one_go(typed: Typed, faulty: Path) -> None:
    shown = typed("lint", str(faulty))
    assert shown.code == 6
    for code in ("UNKNOWN_STATE", "UNKNOWN_CHOICE", "BAD_DURATION", "UNKNOWN_PARTY", "UNKNOWN_KEY"):
        assert shown.out.count(f" {code}\n") == 1
    assert "もしかして：accepted" in shown.out
    assert shown.out.rstrip().endswith("誤り 5件、注意 0件（1ファイル）")


def test_the_caret_stands_under_the_place_though_characters_are_wide(typed: Typed, faulty: Path) -> None:
    lines = typed("lint", str(faulty)).out.splitlines()
    at = next(number for number, line in enumerate(lines) if line.endswith("UNKNOWN_CHOICE"))
    excerpt, carets = lines[at + 1 : at + 3]
    place = excerpt.index("利用注")
    assert width(excerpt[:place]) == carets.index("^")
    assert carets.count("^") == width("利用注")
    assert all(width(line) <= 80 for line in lines if not line.startswith(str(faulty)))


def test_a_fault_inside_a_rule_of_several_lines_is_placed_to_the_word(typed: Typed, tmp_path: Path) -> None:
    text = (SHIPPED / "support_cost_frame.yaml").read_text("utf-8")
    file = tmp_path / "frame.yaml"
    file.write_text(text.replace("not earlier_purposes includes", "not earlier_porposes includes"), "utf-8")
    (finding,) = typed("lint", str(file), "--json").json["files"][0]["findings"]
    line = file.read_text("utf-8").splitlines()[finding["line"] - 1]
    assert line[finding["column"] - 1 :].startswith("earlier_porposes")
    assert finding["length"] == len("earlier_porposes")


def test_both_languages_are_spoken(typed: Typed, faulty: Path) -> None:
    english = typed("lint", str(faulty), "--lang", "en").out
    assert "did you mean: accepted" in english and "5 errors, 0 warnings in 1 file" in english
    assert "there is no state 'acepted'." in english


def test_warnings_alone_are_no_failure(typed: Typed, tmp_path: Path) -> None:
    text = (SHIPPED / "support_cost_frame.yaml").read_text("utf-8")
    file = tmp_path / "frame.yaml"
    file.write_text(text.replace("data:\n", "data:\n  spare: {type: text, title: {ja: 予備, en: Spare}}\n"), "utf-8")
    shown = typed("lint", str(file))
    assert shown.code == 0
    assert "注意 UNUSED_FIELD" in shown.out


def test_sarif_names_rule_level_and_region(typed: Typed, faulty: Path) -> None:
    log = json.loads(typed("lint", str(faulty), "--format", "sarif").out)
    (run,) = log["runs"]
    assert log["version"] == "2.1.0"
    assert {one["id"] for one in run["tool"]["driver"]["rules"]} == {one["ruleId"] for one in run["results"]}
    for result in run["results"]:
        region = result["locations"][0]["physicalLocation"]["region"]
        assert result["level"] in ("error", "warning")
        assert 0 < region["startColumn"] < region["endColumn"]


def test_a_plain_look_and_a_look_through_click_say_the_same(typed: Typed, faulty: Path) -> None:
    assert typed("lint", str(faulty)) == typed("lint", "--now", "2026-04-01T09:00+09:00", str(faulty))


def test_a_folder_stands_for_its_definitions(typed: Typed, faulty: Path) -> None:
    (faulty.parent / "settings.yaml").write_text("name: somebody\n", "utf-8")
    assert "（1ファイル）" in typed("lint", str(faulty.parent)).out
    (faulty.parent / "manifest.yaml").write_text("id: somebody\n", "utf-8")
    assert "（2ファイル）" in typed("lint", str(faulty.parent)).out


def test_a_file_that_is_not_there_is_told_as_such(typed: Typed) -> None:
    shown = typed("lint", "nowhere.yaml")
    assert (shown.code, shown.out) == (4, "")
    assert "「nowhere.yaml」が見つかりません" in shown.err


def test_a_linked_procedure_is_found_beside_the_file(typed: Typed, tmp_path: Path) -> None:
    for name, old, new in (
        ("tokyo_jetro_support", "procedure: support_cost_frame", "procedure: my_frame"),
        ("support_cost_frame", "procedure: support_cost_frame", "procedure: my_frame"),
    ):
        text = (SHIPPED / f"{name}.yaml").read_text("utf-8").replace(old, new)
        (tmp_path / f"{name}.yaml").write_text(text, "utf-8")
    assert typed("lint", str(tmp_path / "tokyo_jetro_support.yaml")).code == 0
    (tmp_path / "support_cost_frame.yaml").unlink()
    assert "UNKNOWN_PROCEDURE" in typed("lint", str(tmp_path / "tokyo_jetro_support.yaml")).out


def test_a_look_loads_nothing_that_it_does_not_need() -> None:
    words = ["lint", str(SHIPPED / "tokyo_jetro_support.yaml")]
    program = f"import sys; from toritsugi_adapters.cli.main import main; main({words!r}); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert set(done.stdout.splitlines()[-1].split()) & COSTLY == set()

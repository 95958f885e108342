"""What `toritsugi graph` promises: every state and step drawn, ASCII ids, titles as people say them, a case's way marked."""

import re
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from toritsugi_adapters.cli.installed import installed

from .conftest import Typed

SHIPPED = Path(__file__).parents[2] / "workflows" / "toritsugi_workflows" / "tokyo"


def test_every_state_is_a_box_with_its_title_and_an_ascii_id(typed: Typed) -> None:
    drawn = typed("graph", "tokyo_jetro_support").out
    boxes = dict(re.findall(r"^  (s_[a-z0-9_]+)\(?\[\"(.*)\"\]\)?$", drawn, re.MULTILINE))
    assert len(boxes) == 22
    assert boxes["s_accepted"] == "申込受付済み"
    assert re.sub(r'"[^"]*"', "", drawn).isascii()


def test_the_english_diagram_says_the_same_in_english(typed: Typed) -> None:
    assert '|"Accept the application"| s_accepted' in typed("graph", "tokyo_jetro_support", "--lang", "en").out


def test_what_happens_by_itself_is_dotted(typed: Typed) -> None:
    assert 's_in_support -.->|"上限到達により中断"| s_paused_at_ceiling' in typed("graph", "tokyo_jetro_support").out


def test_a_case_marks_its_state_and_its_way(typed: Typed, accepted: str) -> None:
    drawn = typed("graph", "--case", accepted).out
    assert "  class s_accepted now\n" in drawn
    assert 's_form1_sent ==>|"申込みを受け付ける"| s_accepted' in drawn
    assert "s_closed_duplicate passed" not in drawn
    dotted = typed("graph", "--case", accepted, "--format", "dot").out
    assert re.search(r's_accepted \[label="申込受付済み", .*fillcolor', dotted)


def test_a_file_is_drawn_as_well_as_an_installed_procedure(typed: Typed) -> None:
    file = SHIPPED / "tokyo_jetro_support.yaml"
    assert typed("graph", str(file)) == typed("graph", "tokyo_jetro_support")


def test_a_diagram_language_s_own_words_and_signs_do_no_harm(typed: Typed, tmp_path: Path) -> None:
    text = (SHIPPED / "support_cost_frame.yaml").read_text("utf-8")
    text = re.sub(r"(?<![a-z_])exhausted(?![a-z_])", "end", text).replace("ja: 上限到達,", "ja: '上限\"<到達>',")
    file = tmp_path / "frame.yaml"
    file.write_text(text, "utf-8")
    drawn = typed("graph", str(file)).out
    assert 's_end["上限#quot;#lt;到達#gt;"]' in drawn
    assert r'label="上限\"<到達>"' in typed("graph", str(file), "--format", "dot").out


def test_without_anything_to_draw_it_says_what_to_name(typed: Typed) -> None:
    shown = typed("graph")
    assert (shown.code, shown.out) == (2, "")
    assert "--case" in shown.err


def test_svg_shows_every_state_and_every_step_that_changes_one(typed: Typed) -> None:
    drawn = typed("graph", "tokyo_jetro_support", "--format", "svg").out
    shown = {text.strip(" \xa0") for text in ET.fromstring(drawn).itertext()}
    procedure = installed().procedure("tokyo_jetro_support")
    assert {state.title.ja for state in procedure.states.values()} <= shown
    assert {event.title.ja for event in procedure.events.values() if event.target} <= shown


def test_svg_marks_a_case_s_state_and_its_way(typed: Typed, accepted: str) -> None:
    drawn = typed("graph", "--case", accepted, "--format", "svg").out
    marked = {
        node.findtext("{*}title"): path.get("fill")
        for node in ET.fromstring(drawn).iterfind(".//{*}g[@class='node']")
        for path in node.iterfind("{*}path")
    }
    assert marked["s_accepted"] == "#ffe08a"
    assert marked["s_form1_sent"] == "#e6f1fa"
    assert marked["s_consultation"] == "white"


def test_titles_with_signs_of_the_picture_s_language_are_shown_as_they_are(typed: Typed, tmp_path: Path) -> None:
    text = (SHIPPED / "support_cost_frame.yaml").read_text("utf-8")
    text = text.replace("ja: 上限到達,", "ja: '上限\"<到達>&',").replace(
        "ja: 支援利用の上限（枠）, en: S", "ja: '<枠>&', en: S"
    )
    file = tmp_path / "frame.yaml"
    file.write_text(text, "utf-8")
    shown = set(ET.fromstring(typed("graph", str(file), "--format", "svg").out).itertext())
    assert {'上限"<到達>&', "<枠>&"} <= shown


def test_a_machine_without_graphviz_is_told_what_to_install(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "")
    monkeypatch.setenv("PATH", "")
    shown = typed("graph", "tokyo_jetro_support", "--format", "svg")
    assert shown.code == 7
    assert "toritsugi[graph]" in shown.err


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_learns_to_complete_commands(typed: Typed, monkeypatch: pytest.MonkeyPatch, shell: str) -> None:
    assert "_TORITSUGI_COMPLETE" in typed("completion", shell).out
    for name, value in (
        ("COMP_WORDS", "toritsugi li"),
        ("COMP_CWORD", "1"),
        ("_TORITSUGI_COMPLETE", f"{shell}_complete"),
    ):
        monkeypatch.setenv(name, "li" if (shell, name) == ("fish", "COMP_CWORD") else value)
    assert "lint" in typed().out


def test_limits_are_listed(typed: Typed) -> None:
    assert "1,024 KiB" in typed("limits").out
    assert {"limit", "value", "unit", "ja", "en"} == set(typed("limits", "--json").json[0])

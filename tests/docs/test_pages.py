"""Every code block of the documentation is true: terminals show what the program prints, procedures and specs run, names exist."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from scripts import pages, pictures

ROOT = Path(__file__).parents[2]


#: Pages that a reader can play from the first block to the last.
PLAYED = ["docs/new-procedure.ja.md", "docs/new-institution.ja.md", "docs/suggest.ja.md"]
#: Page -> the kinds of its blocks; whatever is shown elsewhere in these tests runs.
KINDS = {
    "docs/new-procedure.ja.md": {"", "console", "yaml", "gherkin", "diff"},
    "docs/new-institution.ja.md": {"", "console", "yaml", "gherkin", "diff"},
    "docs/suggest.ja.md": {"console", "yaml"},
    "docs/hooks.md": {"toml", "python"},  # the plugin runs in tests/contract/test_hooks.py
    "docs/first-session.ja.md": {""},
    "docs/language.md": {"yaml", "rule", "text"},  # in tests/lint/test_language.py
    "docs/semantics.md": set(),
    "README.md": {"", "python"},
    "README.ja.md": {""},
    "ARCHITECTURE.md": {""},
}


def _text(page: str) -> str:
    return (ROOT / page).read_text("utf-8")


@pytest.mark.parametrize("page", KINDS)
def test_a_page_holds_no_block_of_a_kind_that_nothing_verifies(page: str) -> None:
    fences = re.findall(r"^```(.*)$", _text(page), re.MULTILINE)
    assert len(fences) % 2 == 0
    assert {fence.split(" ")[0] for fence in fences[::2]} <= KINDS[page]


@pytest.mark.parametrize("page", PLAYED)
def test_a_reader_who_types_what_the_page_shows_sees_what_it_shows(page: str, tmp_path: Path) -> None:
    assert pages.Player(folder=tmp_path).played(_text(page)) == _text(page)


def test_a_reader_of_the_new_institution_ends_with_the_files_of_the_example(tmp_path: Path) -> None:
    player = pages.Player(folder=tmp_path)
    for block in pages.blocks(_text("docs/new-institution.ja.md")):
        if block.file is not None:
            player.block(block)
    for made, kept in (("機関.yaml", "manifest.yaml"), ("相談.yaml", "consultation.yaml")):
        assert (tmp_path / "財団" / made).read_bytes() == (ROOT / "examples" / "new-institution" / kept).read_bytes()


def test_the_pictures_show_what_the_page_shows() -> None:
    shown = [block.text for block in pages.blocks(_text(PLAYED[0])) if block.kind == "console"]
    for name, (_, begin, number) in pictures.TERMINALS.items():
        text = [one for one in shown if one.startswith(begin)][number]
        drawn = ET.parse(ROOT / "docs" / "pictures" / f"{name}.svg")
        words = [word.text for word in drawn.iterfind(".//{*}text")]
        assert "".join(map(str, words)) == re.sub(r"\s", "", text), f"{name}: run scripts/pictures.py"


@pytest.mark.parametrize("page", [*PLAYED, "docs/first-session.ja.md"])
def test_every_link_and_picture_of_the_page_is_there(page: str) -> None:
    targets = re.findall(r"\]\(([^)#]+)\)", _text(page))
    assert targets
    assert [target for target in targets if not (ROOT / "docs" / target).exists()] == []


@pytest.mark.parametrize("page", ["README.md", "README.ja.md", *PLAYED, "docs/first-session.ja.md"])
def test_every_make_target_that_is_named_exists(page: str) -> None:
    named = set(re.findall(r"^make ([a-z]+)", _text(page), re.MULTILINE))
    known = set(re.findall(r"^([a-z]+):.*##", _text("Makefile"), re.MULTILINE))
    assert named <= known


@pytest.mark.parametrize("page", ["README.md", "README.ja.md"])
def test_the_commands_of_the_readme_run_in_the_order_shown(page: str, tmp_path: Path) -> None:
    case = ""
    for command in _commands(page, tmp_path):
        for placeholder in ("案件番号", "CASE"):
            command = command.replace(f" {placeholder}", f" {case}")
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=tmp_path,
            env={**pages.environment(tmp_path), "TORITSUGI_SEAL_KEY": ""},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{command}\n{done.stderr}"
        if command.startswith("toritsugi open"):
            case = re.findall(r"\w{5}-\w{4}-\w{4}", done.stdout)[0]
    assert case


def _commands(page: str, folder: Path) -> list[str]:
    """The lines of the README that begin with `toritsugi`; the files that they name lie in `folder`."""
    form = ROOT / "adapters/toritsugi_adapters/documents/examples/form1_corporation.xlsx"
    for name in ("form1.xlsx", "様式1.xlsx"):
        shutil.copy(form, folder / name)
    for name in ("my_procedure.yaml", "手続.yaml"):
        shutil.copy(ROOT / "tests/procedures/shared_pot.yaml", folder / name)
    (folder / "specs" / "tokyo").mkdir(parents=True)
    shutil.copy(ROOT / "specs/tokyo/support_cost_frame.feature", folder / "specs" / "tokyo")
    return re.findall(r"^toritsugi [a-z].*$", _text(page), re.MULTILINE)


def test_every_module_named_in_the_path_of_an_event_exists() -> None:
    path, layers = (block.text for block in pages.blocks(_text("ARCHITECTURE.md")))
    named = re.findall(r"[a-z_]+(?:/[a-z_]+)*\.py", path)
    assert named
    assert [name for name in named if not (ROOT / "engine" / "toritsugi" / name).exists()] == []
    folders = re.findall(r"^ {12}([a-z]+)(?: \| ([a-z]+))?", layers, re.MULTILINE)
    names = [name for row in folders for name in row if name]
    assert names
    assert [name for name in names if not list((ROOT / "engine" / "toritsugi").glob(f"{name}*"))] == []

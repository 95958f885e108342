"""docs/procedures.md names every shipped procedure with its true counts, its file and its specification."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from toritsugi.definition.lint import id_written
from toritsugi.definition.load import load, load_interface
from toritsugi.definition.model import Procedure
from toritsugi_workflows import toritsugi_procedures

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "procedures.md").read_text("utf-8")
ROWS = {
    found[1]: found
    for found in re.finditer(r"^\| \w \| [^|]+ \| `(\w+)` \| ([^|]+) \| ([^|]+) \|.*$", PAGE, re.MULTILINE)
}
FILES = {id_written(file.text): file for file in toritsugi_procedures()}


def shipped(procedure: str) -> Procedure:
    """A procedure that ships, read from its file."""
    texts = {id_: file.text for id_, file in FILES.items()}
    interfaces = {id_: load_interface(file.text, file=file.file, texts=texts.get) for id_, file in FILES.items()}
    file = FILES[procedure]
    return load(file.text, file=file.file, interfaces=interfaces.get, texts=texts.get)


def test_every_shipped_procedure_stands_in_the_table() -> None:
    assert set(ROWS) == set(FILES)


@pytest.mark.parametrize("procedure", sorted(ROWS))
def test_the_counts_are_those_of_the_definition(procedure: str) -> None:
    found = shipped(procedure)
    final = sum(state.terminal for state in found.states.values())
    assert ROWS[procedure][3] == f"{len(found.states)} ({final}) / {len(found.events)}"


def test_every_difference_from_the_specification_is_explained() -> None:
    explained = PAGE.partition("## 数の違い")[2]
    different = {id_ for id_, row in ROWS.items() if row[2] != row[3]}
    assert different == {id_ for id_ in ROWS if f"`{id_}`：" in explained}


def test_every_file_that_is_named_is_there() -> None:
    for path in re.findall(r"\]\(\.\./([^)]+)\)", PAGE):
        assert (ROOT / path).is_file(), path

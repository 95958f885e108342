"""The fragments of docs/language.md say what the loader reads; its whole procedures are linted in tests/lint/test_language.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts import pages
from scripts.language_keys import ACCEPTED
from toritsugi.definition.expression import parse
from toritsugi.definition.finding import Faults
from toritsugi.definition.nodes import Entries
from toritsugi.definition.types import INTEGER, YEN, Title
from toritsugi.definition.vocabulary import Name, Vocabulary
from toritsugi.definition.yamltext import compose

ROOT = Path(__file__).parents[2]
BLOCKS = list(pages.blocks((ROOT / "docs" / "language.md").read_text("utf-8")))
TEXTS = [block.text.strip() for block in BLOCKS if block.kind == "text"]
FRAGMENTS = [block.text for block in BLOCKS if block.kind == "yaml" and not block.text.startswith("procedure:")]
NAMES = [
    Name(id="cost", type=YEN, titles=Title(ja="対象経費", en="cost")),
    Name(id="minutes", type=INTEGER, titles=Title(ja="相談時間（分）", en="minutes")),
]
VOCABULARY = Vocabulary({name.id: name for name in NAMES})


@pytest.mark.parametrize("text", TEXTS)
def test_every_sum_can_be_read(text: str) -> None:
    assert parse(text.partition(" = ")[2], VOCABULARY, YEN)


@pytest.mark.parametrize("text", FRAGMENTS)
def test_a_fragment_is_yaml_with_keys_that_the_loader_knows(text: str) -> None:
    faults = Faults()
    root = compose(text, faults)
    assert isinstance(root, Entries)
    assert faults.found == []
    assert set(root.entries) <= set(ACCEPTED["procedure"])
    for part, block in (
        *(("deadlines", "deadline"), ("events", "event"), ("data", "field"), ("documents", "document")),
        ("recurring", "series"),
    ):
        named = root.entries.get(part, Entries({}, {}))
        assert isinstance(named, Entries)
        for one in named.entries.values():
            assert isinstance(one, Entries)
            assert set(one.entries) <= set(ACCEPTED[block])

"""What `toritsugi fmt` promises: the same content, the same comments, one layout; or a file left alone and a reason."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toritsugi.definition.content import content_of
from toritsugi.definition.finding import Faults
from toritsugi.definition.yamltext import compose
from toritsugi_adapters.cli.fmt.marked import sheet_of
from toritsugi_adapters.cli.fmt.proof import NotFormatted, formatted

from .conftest import Typed

ROOT = Path(__file__).parents[2]
SHIPPED = sorted(
    [*(ROOT / "workflows").rglob("*.yaml"), *(ROOT / "bench").rglob("*.yaml"), *(ROOT / "tests/procedures").glob("*")]
)
sys.path.insert(0, str(ROOT / "tests" / "lint"))  # the generator of mutants stands there


def _content(text: str) -> str:
    root = compose(text, Faults())
    assert root is not None
    return content_of(root)


def _same(old: str, new: str) -> None:
    """The same content, the same comments in the same order, and nothing left to lay out."""
    assert _content(old) == _content(new)
    assert [one.text for one in sheet_of(old).comments] == [one.text for one in sheet_of(new).comments]
    assert formatted(new.encode()).decode() == new


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_the_shipped_procedures_are_laid_out(file: Path, typed: Typed) -> None:
    assert typed("fmt", "--check", str(file)).code == 0


MESSY = """\
# 見出し
procedure:   x
title: {ja:   '会議室, 大' ,en: "Room"}   # 行末
parties:
    # 申込者
    applicant: { title: 申込者 }


    office: {title: 総務課}

    # 当事者の終わり
data:
  a: {type: text}
events:
- one    # 一
# 間
-   two: 3
    four: [a,  # 括弧の中
       b]
text: |
     # これは本文
     二行目

long: [aaa,
  bbb]
plain: これは
   続き
"""

NEAT = """\
# 見出し
procedure: x
title: {ja: "会議室, 大", en: "Room"}  # 行末
parties:
  # 申込者
  applicant: {title: 申込者}

  office: {title: 総務課}

  # 当事者の終わり

data:
  a: {type: text}

events:
  - one  # 一
  # 間
  - two: 3
    four: [a,  # 括弧の中
      b]
text: |
  # これは本文
  二行目

long: [aaa, bbb]
plain: これは
  続き
"""


def test_a_messy_file_becomes_neat() -> None:
    assert formatted(MESSY.encode()).decode() == NEAT
    _same(MESSY, NEAT)


@pytest.mark.parametrize(
    "text",
    [
        "%YAML 1.2\n--- # 頭\na: b\n...\n# 終わり\n",
        "a: |+\n  x\n\n\nb: >-\n   folded\n   text\n\n# c\nc: |2 # 二\n    two\n   one\n",
        "? a\n: b\n? c\n: - d\n",
        "'a b': 1\na:\tb\t# c\nc: ''\n",
        "a: \"x\n\n  y # no\n  z\"  # yes\nb: 'p\n  q'\n",
        "a: [{b: 1}, c: 2]\nb: [ ]\nc: {x}\nd:\n- - 1\n  - 2\n",
        "a:\n    b: 1\n    # tail of a\n  # between\nc: http://x#y # z",
    ],
)
def test_unusual_yaml_is_laid_out_without_loss(text: str) -> None:
    _same(text, formatted(text.encode()).decode())


def test_lines_end_as_they_did() -> None:
    assert formatted(MESSY.replace("\n", "\r\n").encode()).decode() == NEAT.replace("\n", "\r\n")


def test_what_it_lays_out_is_written_to_the_file(typed: Typed, tmp_path: Path) -> None:
    file = tmp_path / "messy.yaml"
    file.write_text(MESSY, "utf-8")
    file.chmod(0o640)
    assert typed("fmt", "--check", str(file)).code == 6
    assert file.read_text("utf-8") == MESSY
    assert "整えました" in typed("fmt", str(file)).out
    assert (file.read_text("utf-8"), file.stat().st_mode & 0o777) == (NEAT, 0o640)
    assert typed("fmt", "--check", str(file)).code == 0
    assert [one.name for one in tmp_path.iterdir()] == ["messy.yaml"]


def test_what_is_no_yaml_is_told_and_left_alone(typed: Typed, tmp_path: Path) -> None:
    file = tmp_path / "broken.yaml"
    file.write_text("title: {ja: 会議室\nowner： office\n", "utf-8")
    shown = typed("fmt", str(file))
    assert (shown.code, shown.out) == (6, "")
    assert "lint" in shown.err
    assert f"{file}:" in shown.err
    assert file.read_text("utf-8") == "title: {ja: 会議室\nowner： office\n"


def test_every_slip_that_is_still_yaml_is_laid_out_without_loss() -> None:
    from mutants import mutants

    text = (ROOT / "workflows/toritsugi_workflows/tokyo/support_cost_frame.yaml").read_text("utf-8")
    done = 0
    for mutant in list(mutants(text))[::12]:
        try:
            new = formatted(mutant.text.encode()).decode()
        except NotFormatted as why:
            assert why.findings, why.en  # it is no YAML: anything else would be a weakness of the layout
            continue
        _same(mutant.text, new)
        done += 1
    assert done > 20


_WORDS = (
    "a",
    "様式1",
    "x y",
    "2026.1",
    "yes",
    "3-1 ※1",
    "受付・確認",
    "a#b",
    "",
    "b: c",
    "- d",
    "'",
    '"',
    "#e",
    "[",
    "{f}",
)
_WORD = st.sampled_from(_WORDS)
_TREE = st.recursive(
    _WORD,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.sampled_from("abcdef"), inner, max_size=4)),
    max_leaves=12,
)


class _Scribe:
    """Writes a tree in as many ways as YAML has, with comments and blank lines wherever they may stand."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.number = 0

    def file(self, tree: dict[str, object]) -> str:
        return self.noise(0) + self.block(tree, 0) + self.noise(self.chance.choice([0, 2]))

    def noise(self, column: int) -> str:
        lines = ""
        for _ in range(self.chance.choice([0, 0, 0, 1, 2, 3])):
            lines += self.chance.choice(["\n", "   \n", " " * column + self.comment() + "\n"])
        return lines

    def comment(self) -> str:
        self.number += 1
        return self.chance.choice(["# 注 ", "#", "#  "]) + str(self.number)

    def tail(self) -> str:
        return self.chance.choice(["", "", "", "  ", f"  {self.comment()}", f" {self.comment()}   "]) + "\n"

    def block(self, tree: object, column: int) -> str:
        if isinstance(tree, dict) and tree:
            return "".join(self.entry(f"{key}:", value, column, column) for key, value in tree.items())
        assert isinstance(tree, list)
        return "".join(self.entry("-", value, column, column + 1) for value in tree)

    def entry(self, head: str, value: object, column: int, least: int) -> str:
        before = self.noise(column) + " " * column + head
        if isinstance(value, str) or not value or self.chance.random() < 0.4:
            return before + self.chance.choice([" ", "   "]) + self.flow(value, column + 1) + self.tail()
        deeper = least + self.chance.choice([1, 2, 4])
        return before + self.tail() + self.noise(deeper) + self.block(value, deeper)

    def flow(self, tree: object, column: int) -> str:
        if isinstance(tree, str):
            return self.word(tree)
        parts = [
            f"{key}: {self.flow(value, column)}" for key, value in (tree.items() if isinstance(tree, dict) else ())
        ]
        parts = parts or [self.flow(value, column) for value in tree] if not isinstance(tree, dict) else parts
        left, right = "{}" if isinstance(tree, dict) else "[]"
        return left + self.gap(column) + f",{self.gap(column)} ".join(parts) + self.gap(column) + right

    def gap(self, column: int) -> str:
        found = self.chance.choice(["", "", "", "  ", "\n", f" {self.comment()}\n"])
        return found + " " * column if "\n" in found else found

    def word(self, text: str) -> str:
        ways = ["'" + text.replace("'", "''") + "'", '"' + text.replace('"', '\\"') + '"']
        if text and text[0] not in "-#[{'\"" and ": " not in text:
            ways.append(text)
        return self.chance.choice(ways)


@settings(max_examples=150, deadline=None)
@given(tree=st.dictionaries(st.sampled_from("uvwxyz"), _TREE, min_size=1, max_size=5), seed=st.integers(0, 2**32))
def test_no_layout_changes_the_content_or_loses_a_comment(tree: dict[str, object], seed: int) -> None:
    text = _Scribe(seed).file(tree)
    _same(text, formatted(text.encode()).decode())

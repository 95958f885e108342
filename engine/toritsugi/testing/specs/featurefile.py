"""Reads a feature file and refuses whatever would be lost in silence: each fault with its line, in plain words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from gherkin.dialect import Dialect
from gherkin.errors import CompositeParserException, ParserException
from gherkin.parser import Parser

from toritsugi.testing.specs.faults import FileFault, NotReadable

_BOM = b"\xef\xbb\xbf"
_LANGUAGE = re.compile(r"^\s*#\s*language\s*:\s*([A-Za-z-]+)\s*$")
_PLACEHOLDER = re.compile(r"<([^<>]+)>")
_CELLS = re.compile(r"inconsistent cell count")
#: what people write for かつ, and Gherkin does not know.
_NO_KEYWORDS = ("そして", "また", "次に", "さらに", "それから", "その後", "なお", "および")
_LARGEST = 1_000_000
_OUTLINES = frozenset(
    {
        "シナリオアウトライン",
        "シナリオテンプレート",
        "テンプレ",
        "シナリオテンプレ",
        "Scenario Outline",
        "Scenario Template",
    }
)

Node = Mapping[str, Any]


def checked(path: Path) -> Node:
    """The feature of a file, as Gherkin's own tree, once nothing in it can get lost.

    Raises:
        NotReadable: with every fault found; OSError as usual.
    """
    text = _text(path.read_bytes())
    _check_lines(text)
    try:
        feature: Node | None = Parser().parse(text).get("feature")
    except CompositeParserException as errors:
        raise NotReadable([_of_parser(error, text) for error in errors.errors]) from None
    except ParserException as error:
        raise NotReadable([_of_parser(error, text)]) from None
    if feature is None:
        raise NotReadable([_fault(1, "機能がありません。", "There is no feature in this file.")])
    faults = [*_check(feature)]
    if faults:
        raise NotReadable(faults)
    return feature


def tags(feature: Node) -> set[str]:
    """Every tag in it, without its @."""
    found = [*feature["tags"]]
    for scenario, _ in scenarios(feature):
        found += [*scenario["tags"], *(tag for table in scenario["examples"] for tag in table["tags"])]
    found += [tag for child in feature["children"] if "rule" in child for tag in child["rule"]["tags"]]
    return {tag["name"].removeprefix("@") for tag in found}


def scenarios(feature: Node) -> Iterator[tuple[Node, list[Node]]]:
    """Each scenario with the steps of the backgrounds that go before it."""
    yield from _scenarios(feature["children"], [])


def _scenarios(children: Iterable[Node], before: list[Node]) -> Iterator[tuple[Node, list[Node]]]:
    for child in children:
        if "background" in child:
            before = [*before, *child["background"]["steps"]]
        elif "scenario" in child:
            yield child["scenario"], before
        elif "rule" in child:
            yield from _scenarios(child["rule"]["children"], before)


def _fault(line: int, ja: str, en: str) -> FileFault:
    return FileFault(line=line, ja=ja, en=en)


# --- the text ---------------------------------------------------------------------------------------------------------
def _text(content: bytes) -> str:
    if len(content) > _LARGEST:
        raise NotReadable([_fault(1, "ファイルが大きすぎます（1MBまで）。", "The file is too large (1 MB at most).")])
    try:
        return content.removeprefix(_BOM).decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise NotReadable([_encoding(content, line)]) from None


def _encoding(content: bytes, line: int) -> FileFault:
    for name, ja in (("cp932", "Shift_JIS"), ("euc_jp", "EUC-JP"), ("utf-16", "UTF-16")):
        try:
            content.decode(name)
        except UnicodeDecodeError:
            continue
        return _fault(
            line,
            f"文字コードが{ja}のようです。UTF-8で保存し直してください。",
            f"This looks like {ja}; save the file as UTF-8.",
        )
    return _fault(
        line, "文字コードがUTF-8ではありません。UTF-8で保存し直してください。", "This is not UTF-8; save it so."
    )


def _check_lines(text: str) -> None:
    lines = text.split("\n")
    language = next((match[1] for line in lines if (match := _LANGUAGE.match(line))), None)
    if language is None and _first_japanese_keyword(lines) is not None:
        ja = "一行目に「# language: ja」と書いてください。日本語のキーワードが読めません。"
        raise NotReadable([_fault(1, ja, 'Write "# language: ja" on the first line.')])
    if language not in (None, "ja", "en"):
        ja = f"「# language: {language}」は使えません。ja か en にしてください。"
        raise NotReadable([_fault(1, ja, f'"# language: {language}" is not known here; use ja or en.')])
    faults = [fault for number, line in enumerate(lines, 1) if (fault := _line(number, line.strip())) is not None]
    if faults:
        raise NotReadable(faults)


def _first_japanese_keyword(lines: Sequence[str]) -> str | None:
    words = [word for word in _keywords("ja") if not word.startswith("*")]
    return next((line for line in lines if line.strip().startswith(tuple(words))), None)


def _keywords(language: str) -> list[str]:
    dialect = _dialect(language)
    found = [*_block_keywords(language)]
    for name in ("given", "when", "then", "and", "but"):
        found += getattr(dialect, f"{name}_keywords")
    return [word for word in found if word.strip() != "*"]


def _block_keywords(language: str) -> list[str]:
    dialect = _dialect(language)
    kinds = ("feature", "background", "scenario", "scenario_outline", "examples", "rule")
    return [word for kind in kinds for word in getattr(dialect, f"{kind}_keywords")]


def _dialect(language: str) -> Dialect:
    dialect = Dialect.for_name(language)
    if dialect is None:
        raise LookupError(language)
    return dialect


def _line(number: int, line: str) -> FileFault | None:
    """What is wrong with a line by itself: marks typed full-width, words that only look like keywords."""
    for word in (*_block_keywords("ja"), *_block_keywords("en")):
        if line.startswith(f"{word}："):
            return _fault(
                number,
                f"「{word}」の後のコロンが全角です。半角の「:」にしてください。",
                f'The colon after "{word}" is full-width; type ":".',
            )
    if line.startswith(("＃", "＠", "｜")):
        half = {"＃": "#", "＠": "@", "｜": "|"}[line[0]]
        return _fault(
            number, f"「{line[0]}」が全角です。半角の「{half}」にしてください。", f'Type "{half}" half-width.'
        )
    for word in _NO_KEYWORDS:
        if re.match(rf"{word}[、, \u3000]", line) or (word == "そして" and line.startswith(word)):
            return _fault(
                number,
                f"「{word}」で手順を始めることはできません。「かつ」と書いてください。",
                f'No step begins with "{word}"; write かつ.',
            )
    return None


def _of_parser(error: Exception, text: str) -> FileFault:
    location: Mapping[str, Any] = getattr(error, "location", {})
    number = int(location.get("line", 1))
    lines = text.split("\n")
    line = lines[number - 1].strip() if number <= len(lines) else ""
    if _CELLS.search(str(error)):
        return _fault(number, "表の列の数が行によって違います。", "The rows of this table differ in their columns.")
    if not line:
        return _fault(number, "ここでファイルが終わるのは早すぎます。", "The file ends too early here.")
    keywords = "、".join(word for word in _keywords("ja") if len(word) < 6)
    return _fault(
        number,
        f"「{line[:40]}」は読めません。行は次のどれかで始めます：{keywords}（表は |、説明は #）。",
        f'"{line[:40]}" cannot be read here: a step begins with Given, When, Then, And or But, a table with |.',
    )


# --- the tree ---------------------------------------------------------------------------------------------------------
def _check(feature: Node) -> Iterator[FileFault]:
    found = [*scenarios(feature)]
    if not found:
        ja, en = "シナリオがありません。", "There is no scenario in this file."
        yield _fault(feature["location"]["line"], ja, en)
    first: dict[str, int] = {}
    for scenario, _ in found:
        line, name = scenario["location"]["line"], scenario["name"]
        if not name.strip():
            yield _fault(line, "シナリオに名前がありません。", "This scenario has no name.")
        elif name in first:
            yield _fault(
                line,
                f"シナリオ「{name}」は{first[name]}行目にもあります。名前を変えてください。",
                f'The scenario "{name}" stands on line {first[name]} too; give it another name.',
            )
        first.setdefault(name, line)
        yield from _check_scenario(scenario)
    yield from _check_descriptions(feature)
    yield from _check_tags(feature)


def _check_scenario(scenario: Node) -> Iterator[FileFault]:
    line = scenario["location"]["line"]
    if not scenario["steps"]:
        yield _fault(line, "シナリオに手順がありません。", "This scenario has no steps.")
    if scenario["keyword"] in _OUTLINES and not scenario["examples"]:
        ja, en = "シナリオアウトラインに「例:」がありません。", "This outline has no Examples."
        yield _fault(line, ja, en)
    used = {name for text, _ in _texts(scenario) for name in _PLACEHOLDER.findall(text)}
    if scenario["examples"]:
        for table in scenario["examples"]:
            yield from _check_examples(table, used)
    elif used:
        yield _fault(
            line,
            f"<{sorted(used)[0]}> は「例:」の表があるときだけ使えます。",
            f"<{sorted(used)[0]}> needs a table of Examples.",
        )


def _texts(scenario: Node) -> Iterator[tuple[str, int]]:
    for step in scenario["steps"]:
        yield step["text"], step["location"]["line"]
        for row in (step.get("dataTable") or {"rows": []})["rows"]:
            yield from ((cell["value"], row["location"]["line"]) for cell in row["cells"])


def _check_examples(table: Node, used: set[str]) -> Iterator[FileFault]:
    line = table["location"]["line"]
    heads = [cell["value"] for cell in (table.get("tableHeader") or {"cells": []})["cells"]]
    if not heads or not table.get("tableBody"):
        yield _fault(line, "例の表に行がありません。", "This table of examples has no rows.")
        return
    for name, count in Counter(heads).items():
        if count > 1:
            yield _fault(line, f"例の列「{name}」が二つあります。", f'Two columns are called "{name}".')
        if name not in used:
            yield _fault(line, f"例の列「{name}」はどこにも使われていません。", f'No step uses the column "{name}".')
    for name in sorted(used - set(heads)):
        yield _fault(line, f"<{name}> の列が例にありません。", f"The examples have no column for <{name}>.")


def _check_descriptions(feature: Node) -> Iterator[FileFault]:
    """Text that is no step is carried out by nobody: a scenario has none, and a feature none that looks like steps."""
    for node, strict in _described(feature["children"]):
        if strict and node["description"].strip():
            shown = node["description"].strip().split("\n")[0].strip()
            yield _fault(
                node["location"]["line"] + 1,
                f"「{shown[:40]}」は手順として読めません。説明は # で始めてください。",
                f'"{shown[:40]}" is no step; begin a remark with #.',
            )
    words = tuple(_keywords("ja") if feature["language"] == "ja" else _keywords("en"))
    for node in (feature, *(node for node, strict in _described(feature["children"]) if not strict)):
        for offset, line in enumerate(node["description"].split("\n")):
            if line.strip().startswith(words):
                yield _fault(
                    node["location"]["line"] + 1 + offset,
                    f"「{line.strip()[:40]}」はシナリオの外にあるため実行されません。",
                    f'"{line.strip()[:40]}" stands outside of any scenario and would not be carried out.',
                )


def _described(children: Iterable[Node]) -> Iterator[tuple[Node, bool]]:
    for child in children:
        for kind, node in child.items():
            yield node, kind != "rule"
            if kind == "rule":
                yield from _described(node["children"])
            if kind == "scenario":
                yield from ((table, True) for table in node["examples"])


def _check_tags(feature: Node) -> Iterator[FileFault]:
    for name in sorted(tags(feature)):
        if name.startswith("_") or any(sign in name for sign in "():"):
            ja = f"タグ「@{name}」は使えません（_ で始まるもの、( ) : を含むもの）。"
            yield _fault(1, ja, f'The tag "@{name}" cannot be used (no leading _, no brackets, no colon).')

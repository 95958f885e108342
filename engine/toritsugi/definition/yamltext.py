"""YAML 1.2 text to a tree of texts with places; everything a clerk's file has no need of is refused in plain words.

Scalars stay text (`on`, `yes`, `no`, `2026.1` mean nothing yet). Anchors, aliases, tags, merge keys, several documents
in a file, duplicate keys and oversized texts are refused: they make a file that reads as one thing and means another.
Parser events are read one by one, so an alias is refused before anything is multiplied.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from toritsugi.definition.finding import Faults
from toritsugi.definition.model import Position
from toritsugi.definition.nodes import Entries, Items, Node, Text

#: Largest file, in bytes of UTF-8.
LARGEST_FILE = 1024 * 1024

#: Longest single text, in characters.
LONGEST_SCALAR = 20_000

#: How deep lists and mappings may lie in each other.
DEEPEST = 30

#: PyYAML's C parser where it was built, its own (about fifteen times slower) elsewhere.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_FULL_WIDTH_COLON = re.compile(r"\s*(?:- )?[A-Za-z_][\w ]*：")
_OTHER_ENCODINGS = (
    ("utf-16", "UTF-16", (b"\xff\xfe", b"\xfe\xff")),
    ("cp932", "Shift_JIS", (b"",)),
    ("euc_jp", "EUC-JP", (b"",)),
)


class _Stop(Exception):
    """The text cannot be read further; the fault is noted already."""


def decoded(text: str | bytes, faults: Faults) -> str | None:
    """The file's text without its byte-order mark; None, and a finding, if it is too large or not UTF-8."""
    raw = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    if len(raw) > LARGEST_FILE:
        faults.add("TOO_LARGE", "", None, ja="ファイルが1MiBを超えています。", en="the file is larger than 1 MiB.")
        return None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        found = _encoding(raw)
        ja = f"{found}で保存されています。" if found else "文字コードがUTF-8ではありません。"
        en = f"the file is saved as {found}; " if found else "the file is not UTF-8; "
        place = Position(line=line, column=1)
        faults.add("NOT_UTF8", "", place, ja=f"{ja}UTF-8で保存し直してください。", en=f"{en}save it as UTF-8.")
        return None


def _encoding(raw: bytes) -> str | None:
    for codec, name, marks in _OTHER_ENCODINGS:
        if raw.startswith(marks):
            try:
                raw.decode(codec)
            except UnicodeDecodeError:
                continue
            return name
    return None


def compose(text: str, faults: Faults) -> Node | None:
    """The tree of one YAML document; None, and findings, if there is none to be had."""
    loader = None
    try:
        loader = _LOADER(text)
        return _Composer(loader, faults).document()
    except yaml.YAMLError as error:
        _explain(error, text, faults)
    except _Stop:
        pass
    finally:
        if loader is not None:
            loader.dispose()
    return None


class _Composer:
    def __init__(self, loader: Any, faults: Faults) -> None:
        self.loader = loader
        self.faults = faults

    def document(self) -> Node | None:
        self.loader.get_event()
        start = self.loader.get_event()
        if isinstance(start, yaml.StreamEndEvent):
            self.faults.add("EMPTY", "", None, ja="ファイルに何も書かれていません。", en="the file is empty.")
            return None
        node = self.node(self.loader.get_event(), 1)
        self.loader.get_event()
        second = self.loader.get_event()
        if not isinstance(second, yaml.StreamEndEvent):
            ja, en = (
                "1つのファイルに書ける定義は1つです（「---」は使えません）。",
                "one file holds one definition ('---').",
            )
            self.refuse("SEVERAL_DOCUMENTS", second, ja, en)
        return node

    def node(self, event: Any, depth: int) -> Node:
        self.plain(event)
        if isinstance(event, yaml.ScalarEvent):
            return self.scalar(event)
        if depth > DEEPEST:
            ja, en = f"入れ子は{DEEPEST}段までです。", f"lists and mappings nest at most {DEEPEST} levels."
            self.refuse("TOO_DEEP", event, ja, en)
        if isinstance(event, yaml.SequenceStartEvent):
            items = tuple(self.node(item, depth + 1) for item in self.until(yaml.SequenceEndEvent))
            return Items(items, _position(event))
        return self.mapping(event, depth)

    def until(self, end: type) -> Iterator[Any]:
        while not isinstance(event := self.loader.get_event(), end):
            yield event

    def mapping(self, start: Any, depth: int) -> Node:
        entries: dict[str, Node] = {}
        keys: dict[str, Position] = {}
        for event in self.until(yaml.MappingEndEvent):
            key = self.node(event, depth + 1)
            value = self.node(self.loader.get_event(), depth + 1)
            if not isinstance(key, Text):
                self.note("BAD_KEY", event, "見出しは文字で書いてください。", "a key must be a plain word.")
            elif key.text in entries:
                first = keys[key.text].line
                ja, en = f"「{key.text}」は{first}行目にもあります。", f"'{key.text}' is given in line {first} already."
                self.note("DUPLICATE_KEY", event, ja, en)
            else:
                entries[key.text], keys[key.text] = value, key.position or _position(event)
        return Entries(entries, keys, _position(start))

    def scalar(self, event: Any) -> Text:
        text: str = event.value
        if len(text) > LONGEST_SCALAR:
            ja, en = (
                f"1つの文は{LONGEST_SCALAR:,}文字までです。",
                f"one text has at most {LONGEST_SCALAR:,} characters.",
            )
            self.note("TEXT_TOO_LONG", event, ja, en)
            text = text[:LONGEST_SCALAR]
        one_line = event.start_mark.line == event.end_mark.line
        offset = (1 if event.style in ("'", '"') else 0) if one_line and event.style not in ("|", ">") else None
        return Text(text, _position(event), offset)

    def plain(self, event: Any) -> None:
        """Refuse what multiplies or hides meaning."""
        if isinstance(event, yaml.AliasEvent):
            self.refuse(
                "ALIAS",
                event,
                f"「*{event.anchor}」のような参照は使えません。内容をそのまま書いてください。",
                f"references like '*{event.anchor}' are not used here; write the content out.",
            )
        if event.anchor:
            self.note(
                "ANCHOR",
                event,
                f"「&{event.anchor}」のような目印は使えません。",
                f"anchors like '&{event.anchor}' are not used here.",
            )
        if event.tag is not None:
            ja, en = (
                f"「{event.tag[:60]}」のような型指定は使えません。",
                f"tags like '{event.tag[:60]}' are not used here.",
            )
            self.note("TAG", event, ja, en)

    def note(self, code: str, event: Any, ja: str, en: str) -> None:
        self.faults.add(code, "", _position(event), ja=ja, en=en)

    def refuse(self, code: str, event: Any, ja: str, en: str) -> None:
        self.note(code, event, ja, en)
        raise _Stop


def _position(event: Any) -> Position:
    return Position(line=event.start_mark.line + 1, column=event.start_mark.column + 1)


def _explain(error: yaml.YAMLError, text: str, faults: Faults) -> None:
    """A YAML error with its likely causes: tabs, full-width colons and spaces that only look like the plain ones."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    position = Position(line=mark.line + 1, column=mark.column + 1) if mark else None
    lines = text.splitlines()[: position.line + 1 if position else None]
    for number, line in enumerate(lines, start=1):
        _suspect(line, number, faults)
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "unreadable"
    ja = f"YAMLとして読めません（{problem}）。コロンの後の空白、字下げ、引用符を確かめてください。"
    en = f"this is not YAML ({problem}); look at the space after a colon, the indentation, the quotes."
    faults.add("NOT_YAML", "", position, ja=ja, en=en)


def _suspect(line: str, number: int, faults: Faults) -> None:
    indent = line[: len(line) - len(line.lstrip())]
    if "\t" in indent:
        place = Position(line=number, column=indent.index("\t") + 1)
        ja, en = "字下げにタブは使えません。半角の空白にしてください。", "indent with spaces, not with tabs."
        faults.add("TAB", "", place, ja=ja, en=en)
    if "\u3000" in indent:
        place = Position(line=number, column=indent.index("\u3000") + 1)
        ja, en = (
            "字下げに全角の空白は使えません。半角の空白にしてください。",
            "indent with plain spaces, not full-width ones.",
        )
        faults.add("FULL_WIDTH_SPACE", "", place, ja=ja, en=en)
    if match := _FULL_WIDTH_COLON.match(line):
        place = Position(line=number, column=match.end())
        ja, en = (
            "全角のコロン「：」は使えません。半角の「: 」にしてください。",
            "write a plain colon and a space, not '：'.",
        )
        faults.add("FULL_WIDTH_COLON", "", place, ja=ja, en=en)

"""YAML 1.2 text to a tree of texts with places; everything a clerk's file has no need of is refused in plain words.

Scalars stay text (`on`, `yes`, `no`, `2026.1` mean nothing yet). Anchors, aliases, tags, merge keys, several documents
in a file, duplicate keys and oversized texts are refused: they make a file that reads as one thing and means another.
Parser events are read one by one, so an alias is refused before anything is multiplied.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import yaml

from toritsugi.definition.finding import Faults
from toritsugi.definition.nodes import Entries, Items, Node, Text
from toritsugi.definition.origin import Position

#: Largest file, in bytes of UTF-8.
LARGEST_FILE = 1024 * 1024

#: Longest single text, in characters.
LONGEST_SCALAR = 20_000

#: How deep lists and mappings may lie in each other.
DEEPEST = 30

#: PyYAML's C parser where it was built, its own (about fifteen times slower) elsewhere.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

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
        from toritsugi.definition.yamlfaults import explain  # looks at patterns that a sound text does not need

        explain(error, text, faults)
    except _Stop:
        pass
    finally:
        if loader is not None:
            loader.dispose()
    return None


class _Composer:
    """Builds the tree from the parser's events; its loops are what reading a file costs."""

    def __init__(self, loader: Any, faults: Faults) -> None:
        self.next: Callable[[], Any] = loader.get_event
        self.faults = faults

    def document(self) -> Node | None:
        self.next()
        start = self.next()
        if isinstance(start, yaml.StreamEndEvent):
            self.faults.add("EMPTY", "", None, ja="ファイルに何も書かれていません。", en="the file is empty.")
            return None
        node = self.node(self.next(), 1)
        self.next()
        second = self.next()
        if not isinstance(second, yaml.StreamEndEvent):
            ja, en = (
                "1つのファイルに書ける定義は1つです（「---」は使えません）。",
                "one file holds one definition ('---').",
            )
            self.refuse("SEVERAL_DOCUMENTS", second, ja, en)
        return node

    def node(self, event: Any, depth: int) -> Node:
        if event.anchor is not None or getattr(event, "tag", None) is not None:
            self.plain(event)
        if isinstance(event, yaml.ScalarEvent):
            return self.scalar(event)
        if depth > DEEPEST:
            ja, en = f"入れ子は{DEEPEST}段までです。", f"lists and mappings nest at most {DEEPEST} levels."
            self.refuse("TOO_DEEP", event, ja, en)
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[Node] = []
            while not isinstance(item := self.next(), yaml.SequenceEndEvent):
                items.append(self.node(item, depth + 1))
            return Items(tuple(items), _position(event))
        return self.mapping(event, depth)

    def mapping(self, start: Any, depth: int) -> Node:
        entries: dict[str, Node] = {}
        keys: dict[str, Position] = {}
        while not isinstance(event := self.next(), yaml.MappingEndEvent):
            key = self.node(event, depth + 1)
            value = self.node(self.next(), depth + 1)
            if not isinstance(key, Text):
                self.note("BAD_KEY", event, "見出しは文字で書いてください。", "a key must be a plain word.")
            elif key.text[:1] == "\u3000":
                ja, en = (
                    "字下げに全角の空白は使えません。半角の空白にしてください。",
                    "indent with plain spaces, not full-width ones.",
                )
                self.note("FULL_WIDTH_SPACE", event, ja, en)
            elif key.text in entries:
                self.twice(event, key.text, keys[key.text])
            else:
                entries[key.text], keys[key.text] = value, key.position or _position(event)
        return Entries(entries, keys, _position(start))

    def twice(self, event: Any, key: str, first: Position) -> None:
        shown = key[:60]
        self.faults.add(
            "DUPLICATE_KEY",
            "",
            _position(event),
            ja=f"「{shown}」は{first.line}行目にもあります。",
            en=f"'{shown}' is given in line {first.line} already.",
            length=max(1, len(shown)),
            also=(first,),
        )

    def scalar(self, event: Any) -> Text:
        text: str = event.value
        if len(text) > LONGEST_SCALAR:
            ja, en = (
                f"1つの文は{LONGEST_SCALAR:,}文字までです。",
                f"one text has at most {LONGEST_SCALAR:,} characters.",
            )
            self.note("TEXT_TOO_LONG", event, ja, en)
            text = text[:LONGEST_SCALAR]
        start, style = event.start_mark, event.style
        place = Position(start.line + 1, start.column + 1)
        if style in {"|", ">"} or event.end_mark.line != start.line:
            return Text(text, place, None)
        return Text(text, place, 1 if style else 0)

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

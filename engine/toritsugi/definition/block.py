"""Reading a mapping of a definition key by key, every misreading noted instead of raised."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import TypeVar

from toritsugi.definition import literals
from toritsugi.definition.faults import near
from toritsugi.definition.finding import Faults, Severity
from toritsugi.definition.nodes import Entries, Items, Node, Text, spot
from toritsugi.definition.origin import Basis, Origin, Position
from toritsugi.definition.types import Title

_ID = re.compile(r"[a-z][a-z0-9_]{0,59}")
_YES_NO = {"yes": True, "true": True, "はい": True, "no": False, "false": False, "いいえ": False}
_Word = TypeVar("_Word", bound=str)


class Block:
    """A mapping with a known set of keys; whatever is wrong goes to `faults`, and a harmless value is returned."""

    def __init__(
        self,
        node: Node | None,
        path: str,
        faults: Faults,
        allowed: Collection[str] | None,
        header: Position | None = None,
    ) -> None:
        """`header` is the place of the key that the mapping stands under: there, what it lacks is told."""
        self.path = path
        self.faults = faults
        self.node = node
        self.position: Position | None = header or (node.position if node is not None else None)
        self.entries: Entries = node if isinstance(node, Entries) else Entries({}, {})
        if node is not None and not isinstance(node, Entries):
            self.fault("EXPECTED_MAPPING", "「見出し: 値」の形で書いてください。", "write `key: value` lines here.")
        for key in self.entries.entries:
            if allowed is not None and key not in allowed:
                ja, en = f"「{key[:60]}」という項目はありません。", f"there is no key '{key[:60]}' here."
                self.fault("UNKNOWN_KEY", ja, en, key, near(key, allowed), allowed=allowed)

    def __contains__(self, key: str) -> bool:
        return key in self.entries.entries

    def at(self, key: str | int | None) -> str:
        """The path of one of its keys."""
        return self.path if key is None else f"{self.path}.{key}" if self.path else str(key)

    def fault(
        self,
        code: str,
        ja: str,
        en: str,
        key: str | None = None,
        suggestions: Collection[str] = (),
        severity: Severity = Severity.ERROR,
        allowed: Collection[str] = (),
        word: str = "",
    ) -> None:
        """Note a fault at a key (None, or a key that is not there: at the block as a whole)."""
        known = key is not None and key in self.entries.keys
        name = key if known else self.path.rpartition(".")[2]
        self.faults.add(
            code,
            self.at(key),
            self.entries.keys.get(key or "", self.position),
            ja=ja,
            en=en,
            suggestions=tuple(suggestions)[:12],
            severity=severity,
            allowed=allowed,
            word=word,
            length=max(1, len(name or "")),
        )

    def fault_in(
        self,
        code: str,
        ja: str,
        en: str,
        key: str,
        suggestions: Collection[str] = (),
        allowed: Collection[str] = (),
        word: str = "",
    ) -> None:
        """Note a fault in the text at a key, exactly under it (under `word`, if it is one of several there)."""
        node = self.get(key)
        text = word or (node.text.strip() if isinstance(node, Text) else "")
        place = spot(node, text) if text else None
        if place is None:
            self.fault(code, ja, en, key, suggestions, allowed=allowed)
            return
        length = max(1, len(text.partition("\n")[0]))
        suggestions = tuple(suggestions)[:12]
        self.faults.add(
            code, self.at(key), place, ja=ja, en=en, suggestions=suggestions, allowed=allowed, length=length, word=word
        )

    def get(self, key: str) -> Node | None:
        """The node at a key."""
        return self.entries.entries.get(key)

    def text(self, key: str) -> str | None:
        """The text at a key; None if it is absent, empty or no text."""
        node = self.get(key)
        if node is None:
            return None
        if not isinstance(node, Text):
            self.fault("EXPECTED_TEXT", f"「{key}」には文字を書いてください。", f"'{key}' takes a text.", key)
            return None
        return node.text.strip() or None

    def required(self, key: str) -> str:
        """The text at a key that must be there; empty, with a fault, if it is not."""
        found = self.text(key)
        if found is None and not isinstance(self.get(key), Entries | Items):
            self.fault("MISSING", f"「{key}」が必要です。", f"'{key}' is needed.", key)
        return found or ""

    def yes(self, key: str, default: bool = False) -> bool:
        """yes or no at a key."""
        found = self.text(key)
        if found is not None and found.lower() not in _YES_NO:
            ja, en = f"「{key}」は yes か no で書いてください。", f"'{key}' takes yes or no."
            self.fault_in("NOT_YES_NO", ja, en, key, ("yes", "no"))
        return default if found is None else _YES_NO.get(found.lower(), default)

    def integer(self, key: str) -> int | None:
        """A whole number at a key, commas between thousands allowed."""
        found = self.text(key)
        if found is None:
            return None
        try:
            return literals.read_integer(literals.fold(found))
        except ValueError:
            self.fault_in("NOT_A_NUMBER", f"「{key}」は整数で書いてください。", f"'{key}' takes a whole number.", key)
            return None

    def one_of(self, key: str, allowed: Collection[_Word], default: _Word) -> _Word:
        """One of a few words at a key."""
        found = self.text(key)
        if found is None:
            return default
        for word in allowed:
            if word == found:
                return word
        ja, en = f"「{found[:60]}」は選べません。", f"'{found[:60]}' is none of the allowed words."
        self.fault_in("UNKNOWN_WORD", ja, en, key, near(found, allowed), allowed=sorted(allowed))
        return default

    def words(self, key: str) -> tuple[str, ...]:
        """One word or a list of words at a key; empty if absent."""
        node = self.get(key)
        if isinstance(node, Text):
            return (node.text.strip(),) if node.text.strip() else ()
        if isinstance(node, Items):
            found = [item.text.strip() for item in node.items if isinstance(item, Text) and item.text.strip()]
            if len(found) == len(node.items):
                self._twice(key, found)
                return tuple(dict.fromkeys(found))
        if node is not None:
            self.fault(
                "EXPECTED_WORDS", f"「{key}」には語の一覧を書いてください。", f"'{key}' takes a list of words.", key
            )
        return ()

    def _twice(self, key: str, words: list[str]) -> None:
        for word in {word for word in words if words.count(word) > 1}:
            ja, en = f"「{word[:60]}」が2回書かれています。", f"'{word[:60]}' is listed twice."
            self.fault("LISTED_TWICE", ja, en, key, severity=Severity.WARNING)

    def block(self, key: str, allowed: Collection[str] | None) -> Block | None:
        """The mapping at a key; None if absent."""
        node = self.get(key)
        if node is None:
            return None
        return Block(node, self.at(key), self.faults, allowed, self.entries.keys.get(key))

    def blocks(self, key: str, allowed: Collection[str]) -> list[Block]:
        """The mappings of a list at a key (one alone may stand without the list)."""
        node = self.get(key)
        if node is None:
            return []
        if isinstance(node, Items):
            return [Block(item, f"{self.at(key)}.{n}", self.faults, allowed) for n, item in enumerate(node.items)]
        return [Block(node, self.at(key), self.faults, allowed, self.entries.keys.get(key))]

    def named(self, key: str, allowed: Collection[str] | None) -> Iterator[tuple[str, Block]]:
        """The blocks of a mapping id -> block at a key; ids are checked for their form."""
        group = self.block(key, None)
        if group is None:
            return
        for id_, node in group.entries.entries.items():
            if not _ID.fullmatch(id_):
                ja = f"「{id_[:60]}」は識別名にできません。英小文字で始め、英小文字・数字・_ だけを使ってください。"
                en = f"'{id_[:60]}' cannot be an id: lower-case letters, digits and _, a letter first."
                group.fault("BAD_ID", ja, en, id_)
            yield id_, Block(node, group.at(id_), self.faults, allowed, group.entries.keys.get(id_))

    def pairs(self, key: str) -> dict[str, str]:
        """A mapping of words to words at a key."""
        group = self.block(key, None)
        return {} if group is None else {id_: group.required(id_) for id_ in group.entries.entries}

    def title(self, key: str = "title", needed: bool = True) -> Title | None:
        """A text in Japanese and English; one of the two stands in, with a warning, for the other."""
        node = self.get(key)
        if isinstance(node, Text) and node.text.strip():
            return self._half(key, node.text.strip(), None)
        if node is None or isinstance(node, Text):
            if needed:
                self.fault("MISSING", f"「{key}」が必要です。", f"'{key}' is needed.", key)
            return None
        both = Block(node, self.at(key), self.faults, ("ja", "en"))
        return self._half(key, both.text("ja"), both.text("en"))

    def _half(self, key: str, ja: str | None, en: str | None) -> Title:
        if ja is None or en is None:
            missing = "ja" if ja is None else "en"
            say_ja, say_en = f"「{missing}」の文がありません。", f"the text in '{missing}' is missing."
            self.fault("ONE_LANGUAGE", say_ja, say_en, key, severity=Severity.WARNING)
        return Title(ja=ja or en or "-", en=en or ja or "-")

    def origin(self, inherited: Origin | None = None) -> Origin | None:
        """Where the rule comes from: its own `source` and `basis`, or those of the rule around it."""
        source = self.text("source")
        basis = self.text("basis")
        if source is None and basis is None:
            return inherited
        known = self.one_of("basis", tuple(Basis), Basis.STATED)
        return Origin(source=source or (inherited.source if inherited else ""), basis=known)

"""A procedure that is like another one: the other's text with some words replaced, some parts left out, some written anew.

```yaml
like:
  procedure: tokyo_jetro_support
  words: {jetro_tokyo: scb, ジェトロ: 信金中央金庫}
  without: {data: [lending_bank], events: [propose_consortium_hands_on]}
  also: {events: {send_form1: {needs: [is_shinkin]}}}      # lists grow, the rest is replaced
events:
  issue_form2: {...}            # in place of the other's event of this name; a new name comes after the others
```

What comes out is a whole definition: it alone is checked, kept by the store and pinned to. A part that was taken over has
the place of `like:`, because that is where the author of this text can mend it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from toritsugi.definition.block import Block
from toritsugi.definition.faults import near
from toritsugi.definition.finding import Faults
from toritsugi.definition.nodes import Entries, Items, Node, Text
from toritsugi.definition.origin import Position
from toritsugi.definition.yamltext import compose, decoded

#: procedure id -> the text that describes it; None: there is none.
Texts = Callable[[str], str | bytes | None]

KEY = "like"
LIKE_KEYS = ("procedure", "words", "without", "also")
#: Parts whose items have names, so that one can be replaced, added or left out.
PARTS = (
    *("parties", "choices", "data", "approvals", "documents", "disclosure"),
    *("ledgers", "links", "counts", "recurring", "deadlines", "states", "events"),
)
#: What a text always says itself.
OWN = frozenset({"format", "procedure", "version", "title"})
#: A procedure may be like one that is itself like another, and so on: this often.
_MOST_DEEP = 4
#: Words that one text replaces, and characters that they put in: what is written in a line must not grow to gigabytes.
MOST_WORDS = 200
MOST_REPLACED = 256 * 1024

_ID_LETTERS = re.compile(r"[A-Za-z0-9_]")


def no_texts(_: str) -> None:
    """There is no other text."""


def whole(root: Entries, faults: Faults, texts: Texts, *, depth: int = 1) -> Entries:
    """The whole definition that `root` stands for; `root` itself if it is like no other."""
    if KEY not in root.entries:
        return root
    block = Block(root.entries[KEY], KEY, faults, LIKE_KEYS, root.keys.get(KEY))
    own = _without_keys(root, {KEY})
    base = _base(block, faults, texts, depth)
    if base is None:
        return own
    place = root.keys.get(KEY) or block.position
    words = _words(block)
    replaced = _Words(words if len(words) <= MOST_WORDS else {}, place)
    taken = _remaining(block, _without_keys(replaced.node(base), OWN))
    if len(words) > MOST_WORDS or replaced.left < 0:
        ja = f"置き換えが多すぎます（{MOST_WORDS}語、合わせて{MOST_REPLACED:,}字まで）。"
        en = f"too much is replaced (at most {MOST_WORDS} words, {MOST_REPLACED:,} characters in all)."
        block.fault("LIKE_TOO_LARGE", ja, en, "words")
        return own
    for unused in replaced.unused():
        ja, en = f"「{unused}」はもとの手続に出てきません。", f"'{unused}' does not occur in that procedure."
        block.fault("LIKE_NO_SUCH_WORD", ja, en, "words", word=unused)
    return _joined(_grown(block, taken), own)


def _base(block: Block, faults: Faults, texts: Texts, depth: int) -> Entries | None:
    name = block.required("procedure")
    text = texts(name) if name and depth <= _MOST_DEEP else None
    if name and depth > _MOST_DEEP:
        ja = f"like: をたどると{_MOST_DEEP}段を超えます（互いに相手を指していませんか）。"
        block.fault("LIKE_TOO_DEEP", ja, f"`like` goes on for more than {_MOST_DEEP} procedures.", "procedure")
    elif name and text is None:
        ja, en = f"「{name}」という手続が見つかりません。", f"there is no procedure '{name}'."
        block.fault_in("UNKNOWN_PROCEDURE", ja, en, "procedure", word=name)
    if text is None:
        return None
    others = Faults()  # the other text's faults are told to its own author
    plain = decoded(text, others)
    root = compose(plain, others) if plain is not None else None
    if isinstance(root, Entries):
        root = whole(root, others, texts, depth=depth + 1)
    if not isinstance(root, Entries) or others.found:
        ja, en = f"もとの手続「{name}」に誤りがあります。", f"the procedure '{name}' has faults of its own."
        block.fault_in("LIKE_IS_WRONG", ja, en, "procedure", word=name)
    return root if isinstance(root, Entries) else None


def _words(block: Block) -> Mapping[str, str]:
    node = block.get("words")
    given = Block(node, block.at("words"), block.faults, None) if node is not None else None
    return {word: given.text(word) or "" for word in given.entries.entries} if given is not None else {}


def _remaining(block: Block, base: Entries) -> Entries:
    """The base without the parts that `without` names."""
    node = block.get("without")
    if node is None:
        return base
    given = Block(node, block.at("without"), block.faults, PARTS, block.entries.keys.get("without"))
    entries = dict(base.entries)
    for part in given.entries.entries:
        section = entries.get(part)
        if not isinstance(section, Entries):
            continue
        names = given.words(part)
        for name in (name for name in names if name not in section.entries):
            ja, en = f"もとの手続の {part} に「{name}」はありません。", f"that procedure has no '{name}' in {part}."
            given.fault_in("LIKE_NO_SUCH_PART", ja, en, part, near(name, section.entries), word=name)
        entries[part] = _without_keys(section, set(names))
    return Entries(entries, base.keys, base.position)


def _grown(block: Block, base: Entries) -> Entries:
    """The base with what `also` adds to its parts."""
    node = block.get("also")
    if node is None:
        return base
    given = Block(node, block.at("also"), block.faults, (*PARTS, "start"), block.entries.keys.get("also"))
    for part, items in given.entries.entries.items():
        section = base.entries.get(part)
        known = section.entries if isinstance(section, Entries) else {}
        unknown = [name for name in items.entries if name not in known] if isinstance(items, Entries) else []
        for name in unknown:
            ja, en = f"もとの手続の {part} に「{name}」はありません。", f"that procedure has no '{name}' in {part}."
            below = Block(items, given.at(part), block.faults, None)
            below.fault("LIKE_NO_SUCH_PART", ja, en, name, near(name, known), word=name)
    grown = _added(base, given.entries)
    return grown if isinstance(grown, Entries) else base


def _added(base: Node | None, more: Node) -> Node:
    if isinstance(base, Entries) and isinstance(more, Entries):
        entries = {**base.entries, **{key: _added(base.entries.get(key), value) for key, value in more.entries.items()}}
        return Entries(entries, {**base.keys, **more.keys}, base.position)
    if isinstance(more, Items):
        before = base.items if isinstance(base, Items) else () if base is None else (base,)
        return Items((*before, *more.items), more.position)
    return more


def _without_keys(node: Entries, keys: set[str] | frozenset[str]) -> Entries:
    return Entries({key: value for key, value in node.entries.items() if key not in keys}, node.keys, node.position)


def _joined(base: Entries, own: Entries) -> Entries:
    """The base with the author's own parts in place of, or after, those of the same name."""
    entries, keys = dict(base.entries), {**base.keys, **own.keys}
    for key, value in own.entries.items():
        taken = entries.get(key)
        if key in PARTS and isinstance(taken, Entries) and isinstance(value, Entries):
            value = Entries({**taken.entries, **value.entries}, {**taken.keys, **value.keys}, value.position)
        entries[key] = value
    return Entries(entries, keys, own.position)


class _Words:
    """Replaces words all at once: an id only where it stands alone, a Japanese word wherever it stands."""

    def __init__(self, words: Mapping[str, str], place: Position | None) -> None:
        self._words = words
        self._place = place
        self._seen: set[str] = set()
        #: characters that may still be put in; below 0: there were too many.
        self.left = MOST_REPLACED
        longest_first = sorted(filter(None, words), key=len, reverse=True)
        self._pattern = re.compile("|".join(map(_alone, longest_first))) if longest_first else None

    def node(self, node: Entries) -> Entries:
        """The mapping with its words replaced, everything at one place."""
        entries = {self._text(key): self._any(value) for key, value in node.entries.items()}
        return Entries(entries, dict.fromkeys(entries, self._place) if self._place is not None else {}, self._place)

    def unused(self) -> list[str]:
        """Words that were to be replaced and never occurred."""
        return [word for word in self._words if word not in self._seen]

    def _any(self, node: Node) -> Node:
        if isinstance(node, Text):
            return Text(self._text(node.text), self._place, None)
        if isinstance(node, Items):
            return Items(tuple(_once(self._any(item) for item in node.items)), self._place)
        return self.node(node)

    def _text(self, text: str) -> str:
        return self._pattern.sub(self._replacement, text) if self._pattern is not None else text

    def _replacement(self, found: re.Match[str]) -> str:
        self._seen.add(found[0])
        word = self._words[found[0]]
        self.left -= len(word)
        return word if self.left >= 0 else ""


def _once(nodes: Iterable[Node]) -> Iterator[Node]:
    """The nodes without a text that stood there before: two parties that become one are still one party."""
    seen = set()
    for node in nodes:
        if not isinstance(node, Text):
            yield node
        elif node.text not in seen:
            seen.add(node.text)
            yield node


def _alone(word: str) -> str:
    before = r"(?<![A-Za-z0-9_])" if _ID_LETTERS.match(word[0]) else ""
    after = r"(?![A-Za-z0-9_])" if _ID_LETTERS.match(word[-1]) else ""
    return before + re.escape(word) + after

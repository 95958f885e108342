"""A definition's text as a tree of texts, lists and mappings, each with its place: all that is left of YAML or JSON.

Named tuples, because a file is thousands of them and nothing is made faster.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from toritsugi.definition.origin import Position


class Text(NamedTuple):
    """A scalar: always text here; what it means is decided where it is used."""

    text: str
    #: None: read from stored content.
    position: Position | None = None
    #: characters between `position` and the first character of `text`; None: it is spread over lines.
    offset: int | None = 0


class Items(NamedTuple):
    """A list."""

    items: tuple[Node, ...]
    position: Position | None = None


class Entries(NamedTuple):
    """A mapping, in the author's order."""

    entries: Mapping[str, Node]
    #: where each key stands.
    keys: Mapping[str, Position]
    position: Position | None = None


Node = Text | Items | Entries


def places(node: Node, path: str = "") -> Iterator[tuple[str, Position]]:
    """The path and place of every key and list item below `node`."""
    if isinstance(node, Entries):
        for key, value in node.entries.items():
            own = f"{path}.{key}" if path else key
            if key in node.keys:
                yield own, node.keys[key]
            yield from places(value, own)
    elif isinstance(node, Items):
        for number, value in enumerate(node.items):
            own = f"{path}.{number}"
            if value.position is not None:
                yield own, value.position
            yield from places(value, own)


def found(node: Node | None, path: str) -> Node | None:
    """The node at a path of `places`; None if there is none."""
    for step in path.split(".") if path else ():
        if isinstance(node, Entries):
            node = node.entries.get(step)
        elif isinstance(node, Items) and step.isdecimal() and int(step) < len(node.items):
            node = node.items[int(step)]
        else:
            return None
    return node


def spot(node: Node | None, word: str) -> Position | None:
    """Where a word stands in `node`: as a text, as a key, or as `{word}` inside a text."""
    if isinstance(node, Entries):
        for key, value in node.entries.items():
            if key == word and key in node.keys:
                return node.keys[key]
            if (place := spot(value, word)) is not None:
                return place
    elif isinstance(node, Items):
        return next((place for item in node.items if (place := spot(item, word)) is not None), None)
    elif node is not None and node.position is not None:
        inside = 0 if node.text.strip() == word else node.text.find(f"{{{word}}}") + 1
        if not inside and word in [piece.strip() for piece in node.text.split("+")]:
            return moved(node.position, (node.offset or 0) + node.text.find(word))  # one of several joined words
        if inside or node.text.strip() == word:
            return moved(node.position, (node.offset or 0) + inside)
    return None


def moved(position: Position, characters: int) -> Position:
    """A place further right on the same line."""
    return Position(line=position.line, column=position.column + characters)

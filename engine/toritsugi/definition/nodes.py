"""A definition's text as a tree of texts, lists and mappings, each with its place: all that is left of YAML or JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from toritsugi.definition.model import Position


@dataclass(frozen=True, slots=True)
class Text:
    """A scalar: always text here; what it means is decided where it is used."""

    text: str
    #: None: read from stored content.
    position: Position | None = None
    #: characters between `position` and the first character of `text`; None: it is spread over lines.
    offset: int | None = 0


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple[Node, ...]
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class Entries:
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

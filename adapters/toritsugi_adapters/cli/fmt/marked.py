"""A YAML text as a tree whose nodes know where they stand in it, and its comments, which YAML libraries throw away.

PyYAML's events tell the places. A `#` outside of every text is a comment; ruamel.yaml, made for round trips, loses those
inside of `[...]`, which is why the layout is worked out here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something begins or ends."""

    #: characters before it.
    index: int
    #: 0-based line and column.
    line: int
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Scalar:
    """A text as it is written."""

    start: Place
    end: Place
    #: "", ', ", | or >.
    style: str
    #: with its quotes, as it stands in the file.
    written: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A list, or a mapping whose entries are pairs."""

    start: Place
    end: Place
    #: written in brackets or braces.
    flow: bool
    #: a list has one node an entry, a mapping two.
    entries: tuple[tuple[Marked, ...], ...]
    is_mapping: bool


Marked = Scalar | Group


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """A comment with its `#`, without blanks at its end."""

    line: int
    column: int
    text: str
    #: nothing else stands on its line.
    alone: bool


@dataclass(slots=True, kw_only=True)
class Sheet:
    """A file's text with all that is known about it."""

    lines: list[str]
    root: Marked | None = None
    comments: list[Comment] = field(default_factory=list)


def sheet_of(text: str) -> Sheet:
    """The tree and the comments of a text that YAML can read.

    Raises:
        yaml.YAMLError: it cannot.
    """
    sheet = Sheet(lines=text.split("\n"))
    scalars: list[Scalar] = []
    events = iter(yaml.parse(text, Loader=_LOADER))
    for event in events:
        if isinstance(event, yaml.NodeEvent):
            sheet.root = _node(event, events, _Kept(text, scalars))
    sheet.comments.extend(_comments(text, sheet.lines, scalars))
    return sheet


@dataclass(frozen=True, slots=True)
class _Kept:
    """What the texts are cut from, and where they are noted."""

    text: str
    scalars: list[Scalar]

    def scalar(self, event: Any) -> Scalar:
        start, end = _place(event.start_mark), _place(event.end_mark)
        written = self.text[start.index : end.index]
        found = Scalar(start=start, end=end, style=event.style or "", written=written, value=event.value)
        self.scalars.append(found)
        return found


def _node(event: Any, events: Iterator[Any], kept: _Kept) -> Marked:
    if isinstance(event, yaml.ScalarEvent):
        return kept.scalar(event)
    start = _place(event.start_mark)
    is_mapping = isinstance(event, yaml.MappingStartEvent)
    nodes: list[Marked] = []
    for inner in events:
        if isinstance(inner, yaml.CollectionEndEvent):
            break
        nodes.append(_node(inner, events, kept))
    width = 2 if is_mapping else 1
    entries = tuple(tuple(nodes[at : at + width]) for at in range(0, len(nodes), width))
    end = _place(inner.end_mark)
    return Group(start=start, end=end, flow=bool(event.flow_style), entries=entries, is_mapping=is_mapping)


def _place(mark: Any) -> Place:
    return Place(index=mark.index, line=mark.line, column=mark.column)


def _comments(text: str, lines: list[str], scalars: list[Scalar]) -> Iterator[Comment]:
    """Every comment between the texts; one behind the sign of a block text (`| # ...`) stays with that sign."""
    taken = {at for one in scalars for at in _lines_of_block(one)}
    inside: dict[int, list[Scalar]] = {}
    for one in scalars:
        for touched in range(one.start.line, one.end.line + 1):
            inside.setdefault(touched, []).append(one)
    for number, line in enumerate(lines):
        if "#" not in line or number in taken:
            continue
        column = _hash_in(line, number, inside.get(number, []))
        if column is not None:
            alone = not line[:column].strip()
            yield Comment(line=number, column=column, text=line[column:].rstrip(), alone=alone)


def _lines_of_block(one: Scalar) -> range:
    """The lines that are a block text's own, the one with its sign included."""
    if one.style not in {"|", ">"}:
        return range(0)
    return range(one.start.line, one.end.line + (one.end.column > 0))


def _hash_in(line: str, number: int, scalars: list[Scalar]) -> int | None:
    """The column at which a comment begins; a `#` is one at the start of a line or after a blank."""
    at = line.find("#")
    while at >= 0:
        in_text = any(
            (one.start.line, one.start.column) <= (number, at) < (one.end.line, one.end.column) for one in scalars
        )
        if not in_text and (at == 0 or line[at - 1] in " \t"):
            return at
        at = line.find("#", at + 1)
    return None

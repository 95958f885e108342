"""Where a character of a text stands in the file, also when the text is spread over several lines."""

from __future__ import annotations

from toritsugi.definition.nodes import Text, moved
from toritsugi.definition.origin import Position


def place_in(text: Text, at: int, source: str) -> Position | None:
    """The place of the `at`-th character of a text's content; where it begins, if that cannot be told.

    Args:
        at: characters from the first that is no white space.
        source: the whole file.
    """
    if text.position is None:
        return None
    plain = text.text.lstrip()
    if text.offset is not None:
        return moved(text.position, text.offset + len(text.text) - len(plain) + at)
    return _followed(plain[:at], source, text.position) or text.position


def _followed(before: str, source: str, start: Position) -> Position | None:
    """Walk the file along the content: white space is folded there and here, everything else must agree."""
    lines = source.split("\n")
    line, column = start.line - 1, start.column - 1
    if line >= len(lines):
        return None
    if lines[line][column : column + 1] in ("|", ">"):
        line, column = line + 1, 0
    elif lines[line][column : column + 1] in ("'", '"'):
        column += 1
    for character in (*before, ""):
        while line < len(lines) and not lines[line][column:].strip() and character.strip() == character:
            line, column = line + 1, 0
        if line >= len(lines):
            return None
        if character.isspace():
            continue
        column += len(lines[line][column:]) - len(lines[line][column:].lstrip())
        if character and lines[line][column] != character:
            return None
        column += len(character)
    return Position(line=line + 1, column=column + 1)

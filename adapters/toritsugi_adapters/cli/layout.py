"""Text for a terminal in which a full-width character takes two columns: widths, wrapped lines, tables."""

import os
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

#: Columns a text is laid out for when nothing wider is there.
COLUMNS = 80
#: Wider than this a line is hard to read, whatever the terminal offers.
_WIDEST = 100
#: Marks that never begin a line (行頭禁則): they hang at the end of the line before.
_NEVER_FIRST = "、。，．・：；？！）」』】〕》〉々ー〜ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ,.:;?!)]}%"
#: Nothing ends right before these either.
_UNBROKEN_BEFORE = f"{_NEVER_FIRST} \u2060"
#: Marks that never end a line (行末禁則).
_NEVER_LAST = "（「『【〔《〈([{"
#: Unicode's word joiner: no line ends beside it, and nothing of it is printed.
_GLUE = "\u2060"


def columns() -> int:
    """Columns to lay a text out for: the terminal's, within reason; 80 where there is none."""
    if not sys.stdout.isatty():
        return COLUMNS
    try:
        return max(60, min(_WIDEST, os.get_terminal_size(sys.stdout.fileno()).columns))
    except OSError:
        return COLUMNS


def width(text: str) -> int:
    """Columns `text` takes on a terminal."""
    return len(text) if text.isascii() else sum(_width(char) for char in text)


def _width(char: str) -> int:
    if char == _GLUE or unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def whole(text: str) -> str:
    """`text` as a piece that stays on one line where it fits."""
    return _GLUE.join(text)


def padded(text: str, columns: int) -> str:
    """`text` filled with spaces up to `columns`; longer text stays as it is."""
    return text + " " * (columns - width(text))


def wrapped(text: str, columns: int) -> list[str]:
    """The lines of `text`, at most `columns` wide; words of Latin letters and numbers stay whole where they fit."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for piece in _pieces(paragraph):
            if line and width(line) + width(piece.rstrip()) > columns:
                lines.append(line.rstrip())
                line = ""
                piece = piece.lstrip()
            while width(piece.rstrip()) > columns:  # a single word wider than the page
                head = _head(piece, columns)
                lines.append(head)
                piece = piece[len(head) :]
            line += piece
        lines.append(line.rstrip())
    return [line.replace(_GLUE, "") for line in lines]


def _pieces(paragraph: str) -> Iterator[str]:
    """The paragraph cut wherever a line may end."""
    piece = ""
    for char in paragraph:
        if piece and _may_break(piece[-1], char):
            yield piece
            piece = ""
        piece += char
    if piece:
        yield piece


def _may_break(before: str, after: str) -> bool:
    if after in _UNBROKEN_BEFORE or before in _NEVER_LAST or before == _GLUE:
        return False
    if after == "(" and before != " ":  # the weekday of a date
        return False
    if before.isdecimal() or (after.isdecimal() and before in "年月"):  # a date or an amount stays together
        return False
    return before == " " or _width(before) == 2 or _width(after) == 2


def _head(text: str, columns: int) -> str:
    taken = 0
    for place, char in enumerate(text):
        taken += _width(char)
        if taken > columns:
            return text[: max(1, place)]
    return text


def paragraph(text: str, *, indent: int = 0, first: str = "", page: int | None = None) -> list[str]:
    """`text` wrapped with every line indented; the first line begins with `first` instead (a mark, a smaller indent)."""
    room = max(20, (page or columns()) - max(indent, width(first)))
    lead = first or " " * indent
    found: list[str] = []
    for line in wrapped(text, room):
        found.append((lead + line).rstrip())
        lead = " " * indent
    return found


def table(
    rows: Iterable[Sequence[str]], *, heads: Sequence[str] = (), indent: int = 0, page: int | None = None, gap: int = 2
) -> list[str]:
    """Rows in columns that line up; no column but the last takes more than two fifths, and every cell wraps in its own."""
    body = [list(row) for row in rows]
    if heads and body:
        body.insert(0, list(heads))
    if not body:
        return []
    last = len(body[0]) - 1
    page = (page or columns()) - indent
    most = max(16, page * 2 // 5)
    widths = [min(most, max(width(row[place]) for row in body)) for place in range(last)]
    lacking = 16 - (page - sum(widths) - gap * last)
    if lacking > 0 and widths:
        widest = widths.index(max(widths))
        widths[widest] = max(min(16, widths[widest]), widths[widest] - lacking)
    widths.append(max(16, page - sum(widths) - gap * last))
    lines: list[str] = []
    for row in body:
        cells = [wrapped(cell, wide) for cell, wide in zip(row, widths, strict=True)]
        for parts in zip_longest(*cells, fillvalue=""):
            shown = (padded(part, wide) for part, wide in zip(parts, widths, strict=True))
            lines.append((" " * indent + (" " * gap).join(shown)).rstrip())
    if heads:
        lines.insert(
            1, " " * indent + "-" * min((page or columns()) - indent, max(width(line) for line in lines) - indent)
        )
    return lines

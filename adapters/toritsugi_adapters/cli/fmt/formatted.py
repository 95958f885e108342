"""The layout of a procedure's file: two blanks a level, one space after a colon, double quotes, no two blank lines.

What a text says, the order of everything, the choice between brackets and lines, and every comment stay as they are.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from toritsugi_adapters.cli.fmt.marked import Comment, Group, Marked, Scalar, Sheet

#: A list or mapping in brackets that was spread over lines is put on one line up to this width.
_WIDTH = 120
_STEP = 2


class _Lead(NamedTuple):
    """What stands before the first entry of a list or mapping that lies in a list."""

    dashes: str
    #: in the source, of the first dash; else of the entry.
    column: int


def layout(sheet: Sheet) -> str:
    """The text of a sheet, laid out."""
    return _Layout(sheet).text()


class _Layout:
    """Writes a sheet line by line; comments and blank lines are let in where they stood between the entries."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.waiting = list(sheet.comments)
        self.out: list[str] = []
        #: source line up to which blank lines have been seen.
        self.seen = 0
        #: (column in the source, column now) of the blocks that the last line stands in.
        self.path: list[tuple[int, int]] = []

    def text(self) -> str:
        root = self.sheet.root
        if root is not None:
            self.node(root, 0, [], _Lead("", root.start.column))
        self.let_in(len(self.sheet.lines), -1, 0)
        while self.out and not self.out[-1]:
            self.out.pop()
        return "\n".join(self.out) + "\n"

    def node(self, node: Marked, column: int, path: list[tuple[int, int]], lead: _Lead) -> None:
        """A node on lines of its own; `lead` stands before its first line."""
        if isinstance(node, Group) and not node.flow:
            own = [*path, (node.start.column, column)]
            for number in range(len(node.entries)):
                self.entry(node, number, column, own, lead if number == 0 else _Lead("", node.start.column))
        else:
            self.let_in(node.start.line, node.start.column, column)
            self.path = path
            self.value(node, " " * column, column)

    def entry(self, group: Group, number: int, column: int, path: list[tuple[int, int]], lead: _Lead) -> None:
        entry = group.entries[number]
        first, left = entry[0], column - len(lead.dashes)
        line = " " * left + lead.dashes
        if not group.is_mapping and isinstance(first, Group) and not first.flow:
            self.node(first, column + _STEP, path, _Lead(lead.dashes + "- ", lead.column))
            return
        apart = group.is_mapping and self.apart(group, number, path)
        self.let_in(first.start.line, lead.column, left, apart=apart)
        self.path = path
        if not group.is_mapping:
            self.value(first, line + "- ", column)
        else:
            self.pair(first, entry[1], line, column, path)

    def pair(self, key: Marked, value: Marked, line: str, column: int, path: list[tuple[int, int]]) -> None:
        """A key with what it stands for."""
        line = f"{line}{_inline(key)}:"
        if isinstance(value, Group) and not value.flow:
            self.put(line, key.end.line, key.end.line)
            self.node(value, column + _STEP, path, _Lead("", value.start.column))
        elif isinstance(value, Scalar) and not value.written:
            self.put(line, key.end.line, key.end.line)
        else:
            self.value(value, line + " ", column)

    def apart(self, group: Group, number: int, path: list[tuple[int, int]]) -> bool:
        """Parts of the file, and events, are set apart by a blank line where one of two neighbours takes several lines."""
        if number == 0 or len(path) > 1:
            return False
        before, now = group.entries[number - 1][1], group.entries[number][1]
        return all(isinstance(one, Group) and not one.flow for one in (before, now))

    def value(self, value: Marked, line: str, column: int) -> None:
        """What stands behind a colon or a dash, and further lines of it."""
        self.let_in(value.start.line, -1, column, inner=True)
        if isinstance(value, Scalar) and value.style in {"|", ">"}:
            self.block_text(value, line, column)
        elif value.start.line == value.end.line or (isinstance(value, Group) and self.fits(value, line)):
            self.put(line + _inline(value), value.start.line, value.end.line)
        else:
            self.spread(value, line, column)

    def fits(self, value: Group, line: str) -> bool:
        """Whether something spread over lines has room on one, with no comment inside."""
        inside = any(value.start.line <= one.line < value.end.line for one in self.sheet.comments)
        return not inside and not _has_lines(value) and len(line) + len(_inline(value)) <= _WIDTH

    def spread(self, value: Marked, line: str, column: int) -> None:
        """A text or a bracket that keeps its lines: each is indented by how deep in brackets it begins."""
        depth = 0
        for number in range(value.start.line, value.end.line + 1):
            source = self.sheet.lines[number]
            begin = value.start.column if number == value.start.line else 0
            end = value.end.column if number == value.end.line else len(source)
            comment = next((one for one in self.waiting if one.line == number and one.column < end), None)
            if comment is not None:
                self.waiting.remove(comment)
            written = source[begin : comment.column if comment else end].strip()
            if number == value.start.line:
                shown = line + written
            else:
                closing = len(written) - len(written.lstrip("]}"))
                shown = " " * (column + _STEP * max(0 if closing else 1, depth - closing)) + written
            if comment is not None:
                shown = f"{shown}  {comment.text}" if written else " " * (column + _STEP * max(1, depth)) + comment.text
            if number == value.end.line:
                self.put(shown, number, number)
            else:
                self.out.append(shown.rstrip())
            depth += _opened(value, number, begin, end)
        self.seen = value.end.line + 1

    def block_text(self, value: Scalar, line: str, column: int) -> None:
        """A text after `|` or `>`: its lines are moved together."""
        last = value.end.line + (value.end.column > 0)
        body = self.sheet.lines[value.start.line + 1 : last]
        sign = self.sheet.lines[value.start.line][value.start.column :].rstrip()
        depths = [len(one) - len(one.lstrip(" ")) for one in body if one.strip()]
        self.out.append(line + sign)
        shift = column + _STEP - min(depths, default=0)
        if re.match(r"[|>][+-]?[1-9]", sign):
            shift = 0
        while body and not body[-1].strip() and not re.match(r"[|>][1-9]?\+", sign):
            body.pop()
        self.out += [" " * max(0, shift) + one[max(0, -shift) :] if one.strip() else "" for one in body]
        self.seen = max(self.seen, value.start.line + 1 + len(body))

    def put(self, line: str, first: int, last: int) -> None:
        """A line, with the comments that stand at its end in the source."""
        here = [one for one in self.waiting if first <= one.line <= last and not one.alone]
        self.waiting = [one for one in self.waiting if one not in here]
        self.out.append("  ".join([line, *(one.text for one in here)]).rstrip())
        self.seen = max(self.seen, last + 1)

    def let_in(self, line: int, column: int, now: int, *, apart: bool = False, inner: bool = False) -> None:
        """The comments and blank lines that stand before `line`, where the next entry begins in `column`, `now` another."""
        before = [one for one in self.waiting if one.line < line]
        self.waiting = self.waiting[len(before) :]
        blank = False
        began = len(self.out)
        for number in range(self.seen, line):
            comment = next((one for one in before if one.line == number), None)
            if comment is not None:
                self.blank(blank and not inner)
                self.out.append(" " * (now if inner else self.indent_of(comment, column, now)) + comment.text)
                blank = False
            elif number < len(self.sheet.lines) and not self.sheet.lines[number].strip():
                blank = True
        self.seen = max(self.seen, line)
        self.blank(blank and not inner)
        if apart:
            self.set_apart(began, now)

    def set_apart(self, began: int, now: int) -> None:
        """See to a blank line behind the comments that belong to what came before: they are deeper than what comes."""
        place = began
        for at in range(began, len(self.out)):
            if self.out[at].startswith(" " * (now + 1)):
                place = at + 1
        if place and self.out[place - 1] and (self.out[place:] or [" "])[0]:
            self.out.insert(place, "")

    def blank(self, wanted: bool) -> None:
        """One blank line, unless the text begins here or one stands here already."""
        if wanted and self.out and self.out[-1]:
            self.out.append("")

    def indent_of(self, comment: Comment, column: int, now: int) -> int:
        """A comment deeper than what follows belongs to a block that ends here, any other to what follows."""
        if comment.column <= column:
            return now
        blocks = [(old, -new) for old, new in self.path if column < old <= comment.column]
        return -max(blocks)[1] if blocks else max(now, 0)


def _inline(node: Marked) -> str:
    """A node on one line."""
    if isinstance(node, Scalar):
        return _quoted(node)
    if not node.is_mapping:
        return f"[{', '.join(_inline(one) for (one,) in node.entries)}]"
    return f"{{{', '.join(f'{_inline(key)}: {_inline(value)}' for key, value in node.entries)}}}"


def _quoted(text: Scalar) -> str:
    """A text as it was written; in double instead of single quotes where they need no backslash."""
    if text.style == "'" and not re.search(r'["\\]', text.value):
        return f'"{text.value}"'
    return text.written


def _has_lines(node: Marked) -> bool:
    """Whether a text in it goes over several lines."""
    if isinstance(node, Scalar):
        return node.start.line != node.end.line
    return any(_has_lines(part) for entry in node.entries for part in entry)


def _opened(node: Marked, line: int, begin: int, end: int) -> int:
    """How many brackets are opened on a line and not closed on it."""
    if isinstance(node, Scalar):
        return 0
    opened = int(node.start.line == line and begin <= node.start.column < end)
    closed = int(node.end.line == line and begin < node.end.column <= end)
    return opened - closed + sum(_opened(part, line, begin, end) for entry in node.entries for part in entry)

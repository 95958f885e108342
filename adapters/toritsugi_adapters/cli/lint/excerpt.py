"""The line of a file that a finding is about, with a caret under the exact place, full-width characters counted as two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toritsugi_adapters.cli.layout import columns, width

if TYPE_CHECKING:
    from toritsugi.definition.finding import Finding

#: Characters shown before the place, when a line is too long for the page.
_BEFORE = 24


def excerpt(lines: list[str], finding: Finding) -> list[str]:
    """The line with its number, and the carets; empty for a finding without a place."""
    if finding.position is None or finding.position.line > len(lines):
        return []
    number = str(finding.position.line)
    at = finding.position.column - 1
    shown, before, length = _window(lines[finding.position.line - 1], at, finding.length, columns() - len(number) - 5)
    gutter = " " * len(number)
    return [f"  {number} | {shown}".rstrip(), f"  {gutter} | {' ' * before}{'^' * length}"]


def _window(line: str, at: int, length: int, room: int) -> tuple[str, int, int]:
    """What of a line fits into `room` columns, and the columns before and under the place in it."""
    at = min(at, len(line))
    line = _plain(line[max(0, at - 4 * room) : at + 4 * room])
    at = min(at, 4 * room)
    if width(line) > room and at > _BEFORE:
        line, at = f"…{line[at - _BEFORE :]}", _BEFORE + 1
    shown = line if width(line) <= room else f"{_head(line, room - 1)}…"
    before = min(width(shown[:at]), room - 1)
    return shown, before, max(1, min(width(shown[at : at + length]), room - before))


def _head(line: str, room: int) -> str:
    """As much of a line as fits."""
    taken = 0
    for place, char in enumerate(line):
        taken += width(char)
        if taken > room:
            return line[:place]
    return line


def _plain(line: str) -> str:
    """Tabs, and what a terminal would act upon, as one visible character each."""
    return "".join(char if char.isprintable() or char == "\u3000" else " " if char == "\t" else "·" for char in line)

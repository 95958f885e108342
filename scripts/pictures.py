"""Draws docs/pictures/ anew: the terminal of a first-time user as SVG, and the diagrams; the commands are carried out for it.

What is shown is what docs/new-procedure.ja.md shows, which the tests play; graphviz comes with `make env`.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from scripts import pages
from toritsugi_adapters.cli import layout

PAGE = pages.ROOT / "docs" / "new-procedure.ja.md"
HOME = pages.ROOT / "docs" / "pictures"
#: Picture -> (title, which of the page's terminals with this beginning, counted from 0).
TERMINALS = {
    "session-help": ("はじめに：何ができるか", "$ toritsugi --help", 0),
    "session-error": ("最初の誤り", "$ toritsugi lint", 0),
    "session-second-error": ("直してもう一度", "$ toritsugi lint", 1),
    "session-mended": ("直った", "$ toritsugi lint", 2),
    "session-spec": ("約束を確かめる", "$ toritsugi spec", 0),
    "session-broken-spec": ("約束が破れると", "$ toritsugi spec", 1),
    "session-open": ("最初の案件", "$ toritsugi open", 0),
    "session-refused": ("断られる", "$ toritsugi send", 0),
    "session-deadline": ("受け付けられ、期限が決まる", "$ toritsugi send", 1),
    "session-history": ("送り出し、経過を見る", "$ toritsugi deliver", 0),
}
#: As wide as the terminal is.
_COLUMNS = 104
#: Pixels of half a full-width character, of a line, and around the text.
_CELL, _LINE, _EDGE = 9, 24, 18
#: What a terminal shows in colour: pattern -> fill.
_COLOURS = {
    r"^\$ .*$": "#1a57a0",
    r"^.*(?:誤り [A-Z_]+|エラー \[[A-Z_]+\])$|\^+$|✗": "#b3261e",
    r"✓": "#146e3c",
    r"^注意：.*$|^.*注意 [A-Z_]+$": "#8a5a00",
}
_HEAD = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">
<title>{title}</title>
<rect width="{width}" height="{height}" rx="8" fill="#fdfdfa" stroke="#cccccc"/>
<g font-family="Noto Sans Mono CJK JP, BIZ UDGothic, MS Gothic, Osaka-Mono, monospace" font-size="17" fill="#282828">
"""


@dataclass(slots=True, kw_only=True)
class Watched(pages.Player):
    """A reader whose terminals are kept."""

    shown: list[str] = field(default_factory=list)

    def block(self, block: pages.Block) -> str:
        # Named at length: with slots a class is made anew, and a bare super() looks for the old one.
        text = pages.Player.block(self, block)
        if block.kind == "console":
            self.shown.append(text)
        return text


def terminal(text: str, title: str) -> str:
    """The SVG of a terminal with this text; every character is put in its column, whatever the fonts of the reader."""
    lines = [part for line in text.rstrip("\n").split("\n") for part in wrapped(line)]
    width = max(map(layout.width, lines)) * _CELL + 2 * _EDGE
    head = _HEAD.format(width=width, height=len(lines) * _LINE + 2 * _EDGE, title=escape(title))
    return head + "".join(drawn(line, number) for number, line in enumerate(lines)) + "</g>\n</svg>\n"


def wrapped(line: str) -> Iterator[str]:
    """A command that is longer than the terminal goes on below."""
    while layout.width(line) > _COLUMNS:
        end = next(at for at in range(len(line), 0, -1) if layout.width(line[:at]) <= _COLUMNS)
        yield line[:end]
        line = line[end:]
    yield line


def drawn(line: str, number: int) -> str:
    """One line: each word is a text, each of its characters has a place of its own."""
    colours = ["" for _ in line]
    for pattern, fill in _COLOURS.items():
        for match in re.finditer(pattern, line):
            colours[match.start() : match.end()] = [f' fill="{fill}"'] * len(match[0])
    y = _EDGE + number * _LINE + 18
    made = ""
    for word in re.finditer(r"[^\s✓✗]+|[✓✗]", line):
        places = " ".join(str(_EDGE + layout.width(line[:at]) * _CELL) for at in range(*word.span()))
        made += f'<text x="{places}" y="{y}"{colours[word.start()]}>{escape(word[0])}</text>\n'
    return made


def main() -> int:
    """Play the page and draw its terminals and diagrams."""
    HOME.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        reader = Watched(folder=Path(folder))
        reader.played(PAGE.read_text("utf-8"))
        for name, (title, begin, number) in TERMINALS.items():
            found = [text for text in reader.shown if text.startswith(begin)][number]
            (HOME / f"{name}.svg").write_text(terminal(found, title), "utf-8")
        shutil.copy(Path(folder) / "会議室.svg", HOME / "room.svg")
        shutil.copy(Path(folder) / "案件.svg", HOME / "room-case.svg")
        drawn = subprocess.run(  # noqa: S603  # our own command
            [Path(sys.executable).with_name("toritsugi"), "graph", "tokyo_jetro_support", "--format", "svg"],
            env=pages.environment(Path(folder)),
            capture_output=True,
            check=True,
        )
        (HOME / "tokyo_jetro_support.svg").write_bytes(drawn.stdout)
    for picture in HOME.glob("*.svg"):  # what drew it, and when, is nobody's business
        text = re.sub(r"<!-- Generated by.*?-->\n", "", picture.read_text("utf-8"), flags=re.DOTALL)
        picture.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

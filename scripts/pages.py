"""Plays the pages of docs/ that show a terminal: every command is carried out, and what it prints is compared, or written anew.

    scripts/pages.py PAGE ...            write into each page what its commands print now
    scripts/pages.py --check PAGE ...    say where a page shows something else

In a page, ```yaml file=NAME (or gherkin) is a file that is written, ```diff file=NAME changes lines of it, ```console holds
commands after `$ ` and what they print; a line （略） stands for any lines. Case numbers may differ, but not among themselves.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LEFT_OUT = "（略）"
_FENCE = re.compile(r"^```(\w*)(?: file=(\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_CASE = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One fenced block of a page."""

    kind: str
    file: str | None
    text: str
    #: characters of the page before its text.
    start: int


def blocks(page: str) -> Iterator[Block]:
    """The fenced blocks of a page's text."""
    for match in _FENCE.finditer(page):
        yield Block(kind=match[1], file=match[2], text=match[3], start=match.start(3))


@dataclass(slots=True, kw_only=True)
class Player:
    """A reader who types what a page shows, in a folder of their own."""

    folder: Path
    #: case number in the page -> the real one.
    cases: dict[str, str] = field(default_factory=dict)
    #: case numbers of the page that no case has yet.
    free: list[str] = field(default_factory=list)
    #: what `export` lines have set for the commands after them.
    exported: dict[str, str] = field(default_factory=dict)

    def played(self, page: str) -> str:
        """The page as it would have to be."""
        self.free = list(dict.fromkeys(_CASE.findall(page)))
        made, end = [], 0
        for block in blocks(page):
            made += [page[end : block.start], self.block(block)]
            end = block.start + len(block.text)
        return "".join([*made, page[end:]])

    def block(self, block: Block) -> str:
        if block.kind == "console":
            return "".join(self.command(part) for part in re.split(r"^(?=\$ )", block.text, flags=re.MULTILINE) if part)
        if block.file is not None and block.kind == "diff":
            self.change(self.folder / block.file, block.text)
        elif block.file is not None:
            (self.folder / block.file).parent.mkdir(exist_ok=True)
            (self.folder / block.file).write_text(block.text, "utf-8")
        return block.text

    def change(self, file: Path, changes: str) -> None:
        """Replace the lines after `-` by those after `+`, as a reader with an editor would."""
        text = file.read_text("utf-8")
        for match in re.finditer(r"((?:^-.*\n)+)((?:^\+.*\n)*)", changes, re.MULTILINE):
            old, new = (re.sub(r"^.", "", part, flags=re.MULTILINE) for part in match.groups())
            if text.count(old) != 1:
                raise ValueError(f"{file.name} does not hold once: {old}")
            text = text.replace(old, new)
        file.write_text(text, "utf-8")

    def command(self, shown: str) -> str:
        """A command with what it prints; as shown, if that is the same."""
        line, _, expected = shown.partition("\n")
        command = _CASE.sub(lambda found: self.cases.get(found[0], found[0]), line.removeprefix("$ "))
        if setting := re.fullmatch(r"export (\w+)=(\S+)", command):
            self.exported[setting[1]] = setting[2]
        done = subprocess.run(  # noqa: S603  # the pages are ours
            ["bash", "-c", command],  # noqa: S607
            cwd=self.folder,
            env={**environment(self.folder), **self.exported},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        printed = self.renumbered(done.stdout.decode())
        return shown if _alike(expected, printed) else f"{line}\n{printed}"

    def renumbered(self, printed: str) -> str:
        """What was printed, with the page's case numbers."""
        for actual in dict.fromkeys(_CASE.findall(printed)):
            if actual not in self.cases.values():
                self.cases[self.free.pop(0) if self.free else actual] = actual
        known = {actual: number for number, actual in self.cases.items()}
        return _CASE.sub(lambda found: known[found[0]], printed)


def environment(folder: Path) -> dict[str, str]:
    """A reader's surroundings: Japanese, 80 columns, the commands on the path, nothing set."""
    return {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
        "HOME": str(folder),
        "LOGNAME": "yamada",
        "LANG": "C.UTF-8",
        "TORITSUGI_LANG": "ja",
        "COLUMNS": "80",
        "PYTHONUNBUFFERED": "1",
    }


def _alike(expected: str, printed: str) -> bool:
    parts = (re.escape(part) for part in re.split(rf"^{LEFT_OUT}\n", expected, flags=re.MULTILINE))
    return re.fullmatch("(?:.*\n)*?".join(parts), printed) is not None


def main() -> int:
    """Write the pages, or with --check say which are not right."""
    names = [name for name in sys.argv[1:] if name != "--check"]
    wrong = 0
    for page in map(Path, names):
        text = page.read_text("utf-8")
        with tempfile.TemporaryDirectory() as folder:
            made = Player(folder=Path(folder)).played(text)
        if made != text and "--check" in sys.argv:
            wrong = 1
            sys.stderr.write(f"{page.name} shows something else than the program: run scripts/pages.py\n")
        elif made != text:
            page.write_text(made, "utf-8")
    return wrong


if __name__ == "__main__":
    sys.exit(main())

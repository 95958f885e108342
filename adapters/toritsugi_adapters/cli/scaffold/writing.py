"""The files of a beginning: texts filled in, written only where nothing stands yet, all of them or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path

from toritsugi_adapters.cli.account import Failure


@dataclass(slots=True, kw_only=True)
class Beginning:
    """What will be written, and what is to be done next."""

    #: new files, and what they will hold.
    files: dict[Path, str] = field(default_factory=dict)
    #: a file that is there, and what it will hold.
    changed: dict[Path, str] = field(default_factory=dict)
    #: what to do next: (ja, en).
    then: Sequence[tuple[str, str]] = ()

    def write(self) -> list[Path]:
        """Write it; the files, in their order.

        Raises:
            Failure: one of them is there already; nothing was written.
            OSError: a file cannot be written.
        """
        there = [str(file) for file in self.files if file.exists()]
        if there:
            raise Failure(
                f"もうあるファイルは書き換えません：{'、'.join(there)}。何も作っていません。",
                f"Files that are there already are not overwritten: {', '.join(there)}. Nothing was made.",
            )
        for file, text in self.files.items():
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("x", encoding="utf-8", newline="\n") as opened:
                opened.write(text)
        for file, text in self.changed.items():
            file.write_text(text, encoding="utf-8")
        return [*self.files, *self.changed]


def filled(text: str, blanks: Mapping[str, str]) -> str:
    """One of the texts beside this file, with its blanks filled in."""
    found = resources.files("toritsugi_adapters.cli.scaffold").joinpath("texts", f"{text}.txt").read_text("utf-8")
    for name, value in blanks.items():
        found = found.replace(f"@{name}@", value)
    return found

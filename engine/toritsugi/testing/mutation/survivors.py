"""The file beside the specs in which a person says which mutants need not be noticed, and why."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

#: what the file is called, in the folder of the feature files.
FILE = "survivors.md"
#: a heading that names a procedure; below it, a table row for each mutant: its key in backticks, and the reason.
_HEADING = re.compile(r"^#+ .*`([a-z][a-z0-9_]*)`\s*$")
_ROW = re.compile(r"^\|\s*`([^`]+)`\s*\|\s*(.*?)\s*\|\s*$")


def accepted(paths: Iterable[Path]) -> Mapping[str, Mapping[str, str]]:
    """procedure -> key of a mutant -> why nothing notices it, from the files beside `paths`."""
    folders = dict.fromkeys(path if path.is_dir() else path.parent for path in paths)
    found: dict[str, dict[str, str]] = {}
    for folder in folders:
        for file in sorted(folder.rglob(FILE)):
            for procedure, reasons in read(file.read_text("utf-8")).items():
                found.setdefault(procedure, {}).update(reasons)
    return found


def read(text: str) -> dict[str, dict[str, str]]:
    """procedure -> key -> reason, from the text of such a file.

    A key that ends in * stands for every mutant whose key begins so.
    """
    found: dict[str, dict[str, str]] = {}
    procedure = ""
    for line in text.split("\n"):
        if heading := _HEADING.match(line):
            procedure = heading[1]
        elif (row := _ROW.match(line)) and row[2]:
            found.setdefault(procedure, {})[row[1]] = row[2]
    return found


def reason(key: str, reasons: Mapping[str, str]) -> str | None:
    """Why a mutant need not be noticed; None: nobody says so."""
    for written, why in reasons.items():
        if key == written or (written.endswith("*") and key.startswith(written[:-1])):
            return why
    return None

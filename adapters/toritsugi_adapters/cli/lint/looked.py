"""One look at some files: each read, linted, and shown in the form that was asked for."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from toritsugi.definition.finding import Severity
from toritsugi.definition.lint import describes_catalogue, lint
from toritsugi.definition.manifest import describes_institution, lint_manifest
from toritsugi_adapters.cli.lint.sources import Linked, named, read_file

if TYPE_CHECKING:
    from toritsugi.definition.finding import Finding

FORMATS = ("text", "json", "sarif")
#: Exit code when a definition is wrong, as in `errors.yaml`.
WRONG = 6


class Looked:
    """What was found in one file."""

    def __init__(self, file: str, text: bytes, findings: tuple[Finding, ...]) -> None:
        self.file = file
        self.text = text
        self.findings = findings

    @property
    def errors(self) -> int:
        """How many findings keep the definition out."""
        return sum(finding.severity is Severity.ERROR for finding in self.findings)

    @cached_property
    def lines(self) -> list[str]:
        """The lines as findings count them: a byte-order mark is none of the first line's characters."""
        return self.text.decode("utf-8-sig", "replace").replace("\r\n", "\n").split("\n")

    @property
    def uri(self) -> str:
        """The file as SARIF names it."""
        from urllib.parse import quote

        return quote(self.file.replace("\\", "/"))


def look(paths: Iterable[str]) -> list[Looked]:
    """Lint the files that `paths` name.

    Raises:
        OSError: one of them cannot be read.
    """
    files = list(named(paths))
    linked = Linked(files)
    found = []
    for file in files:
        text = read_file(file)
        found.append(Looked(file, text, _findings(text, linked)))
    return found


def _findings(text: bytes, linked: Linked) -> tuple[Finding, ...]:
    """The faults of a file, by what it describes."""
    if describes_institution(text):
        return lint_manifest(text)
    if describes_catalogue(text):
        from toritsugi.definition.catalogue import lint_catalogue

        return lint_catalogue(text, known=lambda procedure: linked(procedure) is not None)
    return lint(text, interfaces=linked, texts=linked.text)


def shown(looked: list[Looked], form: str) -> str:
    """All findings in one of FORMATS."""
    if form == "text" and not any(one.findings for one in looked):
        from toritsugi_adapters.cli.language import words

        files = f"{len(looked)} file{'s' * (len(looked) != 1)}"
        return words(f"問題はありません（{len(looked)}ファイル）。", f"No faults ({files}).")
    from toritsugi_adapters.cli.lint import told

    if form == "text":
        return "\n".join(told.as_text(looked))
    import json

    shape = told.as_shape(looked) if form == "json" else told.as_sarif(looked)
    return json.dumps(shape, ensure_ascii=False, indent=2)


def exit_code(looked: Iterable[Looked]) -> int:
    """6 if any file has an error, 0 if there are only warnings."""
    return WRONG if any(one.errors for one in looked) else 0

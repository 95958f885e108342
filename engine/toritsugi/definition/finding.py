"""What is wrong with a definition: one fault with its place, in both languages, and the collector of all of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from toritsugi.definition.origin import Position


class Severity(StrEnum):
    """An error keeps the definition out; a warning is worth a look."""

    ERROR = "error"
    WARNING = "warning"


_WORD = {"ja": {Severity.ERROR: "誤り", Severity.WARNING: "注意"}, "en": {s: str(s) for s in Severity}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One fault of a definition."""

    #: upper-case code, stable: UNKNOWN_STATE, DUPLICATE_KEY, ...
    code: str
    severity: Severity
    message_ja: str
    message_en: str
    #: None: the definition was read from its stored content, which has no lines.
    position: Position | None
    #: where in the definition: `events.send_form1.to`; empty: the file as a whole.
    path: str
    #: "did you mean", best first.
    suggestions: tuple[str, ...] = ()
    #: what would be allowed in this place, if that can be listed.
    allowed: tuple[str, ...] = ()
    #: the word that is at fault, if it is one.
    word: str = ""
    #: how many characters of the line are at fault, from `position` on.
    length: int = 1
    #: further places of the same fault, or the places that make it one.
    also: tuple[Position, ...] = ()

    def text(self, locale: str, file: str) -> str:
        """One line: place, severity, code, sentence and suggestions."""
        language = "ja" if locale == "ja" else "en"
        place = f"{file}:{self.position.line}:{self.position.column}" if self.position else file
        message = self.message_ja if language == "ja" else self.message_en
        hint = ""
        if self.suggestions:
            shown = "、".join(self.suggestions) if language == "ja" else ", ".join(self.suggestions)
            hint = f"（もしかして: {shown}）" if language == "ja" else f" (did you mean: {shown}?)"
        where = f" [{self.path}]" if self.path else ""
        return f"{place}: {_WORD[language][self.severity]} {self.code}: {message}{hint}{where}"


class Faults:
    """Collects findings while a definition is read, so that its author is told all of them at once."""

    def __init__(self) -> None:
        self.found: list[Finding] = []
        #: the text that is being read, for places inside a text that is spread over lines.
        self.source = ""

    def add(
        self,
        code: str,
        path: str,
        position: Position | None,
        *,
        ja: str,
        en: str,
        suggestions: Iterable[str] = (),
        severity: Severity = Severity.ERROR,
        allowed: Iterable[str] = (),
        word: str = "",
        length: int = 1,
        also: Iterable[Position] = (),
    ) -> None:
        """Note one fault; `Finding` says what the parts mean."""
        self.found.append(
            Finding(
                code=code,
                severity=severity,
                message_ja=ja,
                message_en=en,
                position=position,
                path=path,
                suggestions=tuple(suggestions),
                allowed=tuple(allowed),
                word=word,
                length=length,
                also=tuple(also),
            )
        )


def errors_among(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings that keep a definition out, in the order of the text."""
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    return tuple(sorted(errors, key=place_in_text))


def place_in_text(finding: Finding) -> tuple[int, int]:
    """What findings are sorted by: line and column; those without a place come first."""
    return (finding.position.line, finding.position.column) if finding.position else (0, 0)

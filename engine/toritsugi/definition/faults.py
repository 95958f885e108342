"""What can be wrong with an expression, and where in its text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

#: Most characters of the author's text repeated in a message.
_EXCERPT = 40


class Span(NamedTuple):
    """A stretch of the expression's text: character offsets, the end not included."""

    start: int
    end: int


class BadExpression(ValueError):
    """The text is not an expression of the guard language, or its types do not fit.

    Codes: TOO_LONG, TOO_DEEP, EMPTY, BAD_CHARACTER, TEXT_NOT_CLOSED, BAD_NUMBER, AMBIGUOUS_NUMBER, BAD_DATE,
    UNEXPECTED, UNKNOWN_NAME, AMBIGUOUS_NAME, UNKNOWN_CHOICE, WRONG_TYPE, NOT_COMPARABLE, NOT_ORDERED,
    NOT_A_CONDITION, NOT_A_NAME, NOT_A_LIST, NOT_A_NUMBER, NOT_WHOLE, DIVISION_BY_ZERO, CALENDAR_NEEDED.
    """

    def __init__(self, code: str, ja: str, en: str, span: Span, suggestions: Iterable[str] = ()) -> None:
        super().__init__(code, ja, en)
        self.code = code
        self.message_ja = ja
        self.message_en = en
        #: the offending stretch of the text.
        self.span = span
        #: "did you mean", or what would be allowed here; may be empty.
        self.suggestions = tuple(suggestions)

    def __str__(self) -> str:
        hint = f" (possible: {', '.join(self.suggestions)})" if self.suggestions else ""
        return f"{self.code} at {self.span.start}-{self.span.end}: {self.message_en}{hint}"


def near(word: str, allowed: Iterable[str], most: int = 3) -> tuple[str, ...]:
    """The words of `allowed` that look like `word`, best first."""
    from difflib import get_close_matches  # loaded only for a fault

    return tuple(get_close_matches(word[:100], list(allowed), n=most, cutoff=0.55))


def excerpt(text: str) -> str:
    """`text`, cut for a message."""
    return text if len(text) <= _EXCERPT else text[:_EXCERPT] + "…"

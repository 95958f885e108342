"""A fault as it is told to a person: its code, both texts, what would mend it; and the two that only commands raise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from toritsugi.errors import ToritsugiError

BAD_USE = 2
NOT_FOUND = 4
OUTSIDE = 7
INTERNAL = 70


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A fault as it is told."""

    code: str
    exit_code: int
    ja: str
    en: str
    #: single reasons, each as {code, ja, en, source}.
    reasons: Sequence[Mapping[str, str]] = ()
    #: what could be done instead: (id, title ja, title en).
    possible: Sequence[tuple[str, str, str]] = ()
    #: fields that still have to be given: (id, title ja, title en).
    missing: Sequence[tuple[str, str, str]] = ()
    #: what to write on the command line to mend it: (ja, en).
    hints: Sequence[tuple[str, str]] = ()
    #: places that cannot be read, each as {place, ja, en}; the text names them already.
    problems: Sequence[Mapping[str, str]] = ()
    #: how the command is written, for a command that was not.
    usage: str = ""


class Failure(Exception):
    """A command cannot be carried out, for a reason that only the command line knows."""

    def __init__(self, ja: str, en: str, *, code: str = "BAD_USE", exit_code: int = BAD_USE) -> None:
        super().__init__(code)
        self.account = Account(code=code, exit_code=exit_code, ja=ja, en=en)


class Refused(Exception):
    """An event was refused; told with titles, which the engine's own error does not know.

    `titles` are those of the events that would have been possible: id -> (ja, en). `missing` are the fields that would
    have to be given: (id, title ja, title en). `hints` say what to write on the command line: (ja, en).
    """

    def __init__(
        self,
        error: ToritsugiError,
        titles: Mapping[str, tuple[str, str]],
        *,
        missing: Sequence[tuple[str, str, str]] = (),
        hints: Sequence[tuple[str, str]] = (),
    ) -> None:
        super().__init__(error.code)
        self.error = error
        self.titles = titles
        self.missing = missing
        self.hints = hints

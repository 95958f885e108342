"""What a spec says that is not so, or cannot be carried out: one sentence in each language, for a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class SpecFault(AssertionError):
    """A step does not hold or cannot be carried out."""

    def __init__(self, ja: str, en: str) -> None:
        super().__init__(ja, en)
        self.ja = ja
        self.en = en

    def text(self, locale: str) -> str:
        """The sentence in `locale` (ja or en)."""
        return self.ja if locale == "ja" else self.en

    def __str__(self) -> str:
        return f"{self.ja} / {self.en}"


class InAnotherScenario(SpecFault):
    """A step of a scenario that this one builds on does not hold; the text names its line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFault:
    """One thing wrong with a feature file, and where."""

    #: counts from 1.
    line: int
    ja: str
    en: str

    def text(self, locale: str) -> str:
        """The sentence in `locale` (ja or en)."""
        return self.ja if locale == "ja" else self.en


class NotReadable(Exception):
    """A feature file is refused before anything in it runs; `faults` says why, in the order of lines."""

    def __init__(self, faults: Sequence[FileFault]) -> None:
        super().__init__(len(faults))
        self.faults = tuple(sorted(faults, key=lambda one: one.line))

    def text(self, file: str, locale: str) -> str:
        """All faults, one a line, each with its place."""
        return "\n".join(f"{file}:{one.line}: {one.text(locale)}" for one in self.faults)

"""What a generated history gives to its cases: every value is one of a kind, so that it is known again wherever it shows up."""

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from toritsugi.core.moments import format_date, format_moment, iso_moment, jst_date

#: how every text that was made here can be found in any other text.
TEXT = re.compile(r"qz\d{5}w")
DAY_US = 86_400_000_000
#: 2031-01-01T03:07Z: no clock of these tests comes near it, so that a moment given as a value is nothing else.
FIRST_MOMENT = 1_924_916_820_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing that somebody may know and somebody else may not."""

    #: how it is written wherever it is told.
    forms: tuple[str, ...]
    #: the row of the matrix it belongs to.
    row: str
    #: what the row is asked for: a part of the story such as an engagement; None: the whole of it.
    scope: str | None = None
    #: family of cases it belongs to.
    family: int
    #: institutions that said it themselves.
    givers: frozenset[str] = frozenset()
    #: the field, party or case that it is, for people.
    name: str = ""


@dataclass(slots=True)
class Facts:
    """All facts of a run."""

    texts: dict[str, Fact] = field(default_factory=dict)
    others: list[Fact] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def fresh_text(self) -> str:
        """A text that nothing else contains; an id of an institution, too."""
        return f"qz{next(self._numbers):05}w"

    def fresh_moment(self) -> int:
        """A moment on a day of its own."""
        return FIRST_MOMENT + next(self._numbers) * DAY_US

    def fresh_yen(self) -> int:
        """An amount that nothing else contains."""
        return 710_003 + next(self._numbers) * 1_117

    def fresh_corporate_number(self) -> str:
        """Thirteen digits with a right check digit (the first; 9 - sum of weighted digits mod 9)."""
        rest = f"{993_000_000_000 + next(self._numbers):012}"
        weighted = sum(int(digit) * (1 if place % 2 == 0 else 2) for place, digit in enumerate(reversed(rest)))
        return f"{9 - weighted % 9}{rest}"

    def note(self, fact: Fact) -> None:
        """Remember what it is, by how it is written."""
        found = TEXT.findall(fact.forms[0])
        if found:
            self.texts[found[0]] = fact
        else:
            self.others = [one for one in self.others if one.forms != fact.forms]
            self.others.append(fact)

    def told_in(self, text: str, family: int) -> Iterator[Fact]:
        """Every fact that stands in a text; what has no mark of its own is looked for in one family only."""
        yield from (self.texts[mark] for mark in dict.fromkeys(TEXT.findall(text)) if mark in self.texts)
        for one in self.others:
            if one.family == family and any(form in text for form in one.forms):
                yield one


def forms_of(value: object, kind: str) -> tuple[str, ...]:
    """How a value is written, to people and to programs."""
    if kind == "moment" and isinstance(value, int):
        day = jst_date(value)
        return (
            str(value),
            iso_moment(value)[:16],
            format_moment(value, "ja"),
            format_moment(value, "en"),
            format_date(day, "ja", weekday=False),
            day.isoformat(),
        )
    if kind == "yen" and isinstance(value, int):
        return str(value), f"{value:,}"
    return (str(value),)


def marks(values: Iterable[object]) -> set[str]:
    """Every text that was made here, in these values."""
    return {mark for value in values for mark in TEXT.findall(str(value))}

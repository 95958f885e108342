"""Menus that are proposed to a company, written by their numbers (`m07 貿易投資相談（ジェトロ）`), and such a text read again."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from toritsugi.core.moments import Locale
from toritsugi.core.standing import OFFERED, Stand, stand
from toritsugi.definition.measure import Catalogue, Row, RowKind
from toritsugi.definition.types import Title

if TYPE_CHECKING:
    from toritsugi.core.suggest import Suggestion

#: A word that may be a number: m07, m18a, L-J1.
_WORD = re.compile(r"(?<![0-9A-Za-z_-])[A-Za-z][0-9A-Za-z_-]*[0-9][a-z]?(?![0-9A-Za-z_-])")
_DIGIT, _LAST_LETTER = re.compile("[0-9]"), re.compile("(?<=0)[a-z]$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu:
    """One menu that a text proposes."""

    catalogue: Catalogue
    row: Row
    stand: Stand

    @property
    def possible(self) -> bool:
        """Whether it may be proposed for that day: nothing that is closed, not open yet or unknown."""
        return self.stand.standing in OFFERED


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What a text proposes, in its order."""

    menus: tuple[Menu, ...]
    #: numbers that no catalogue has.
    unknown: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Whether it names a menu, only menus there are, and none that is closed."""
        return bool(self.menus) and not self.unknown and all(menu.possible for menu in self.menus)


def written(suggestions: Iterable[Suggestion], locale: Locale = "ja") -> str:
    """Suggestions as a proposal: one a line, number, name and institution."""
    return "\n".join(line(one.catalogue, one.row, locale) for one in suggestions)


def line(catalogue: Catalogue, row: Row, locale: Locale) -> str:
    """One menu: `m07 貿易投資相談（ジェトロ）`."""
    titles = [catalogue.institutions[one].of(locale) for one in row.institutions]
    who = "、".join(titles) if locale == "ja" else ", ".join(titles)
    return f"{row.id} {row.title.of(locale)}" + (f"（{who}）" if locale == "ja" else f" ({who})")


def read_proposal(text: str, catalogues: Sequence[Catalogue], on: date) -> Proposal:
    """The menus whose numbers stand in a text, and how each stands on a day.

    A word of the same shape as a number that no catalogue has (m99) is told as unknown; everything else is left alone.
    """
    measures = [one for one in catalogues if one.kind is RowKind.MEASURES]
    rows = {row.id.casefold(): (one, row) for one in reversed(measures) for row in one.rows.values()}
    menus, unknown = [], []
    shapes = {_shape(number) for number in rows}
    for number in _words(text):
        if (found := rows.get(number.casefold())) is not None:
            catalogue, row = found
            menus.append(Menu(catalogue=catalogue, row=row, stand=stand(row, catalogue, on)))
        elif _shape(number) in shapes:
            unknown.append(number)
    return Proposal(menus=tuple(menus), unknown=tuple(unknown))


def faults_of(text: str, catalogues: Sequence[Catalogue], on: date) -> Iterator[tuple[str, Title]]:
    """(refusal code, why) of each number in a text that cannot be proposed on a day."""
    found = read_proposal(text, catalogues, on) if catalogues else Proposal(menus=(), unknown=())
    for number in found.unknown:
        ja, en = f"{number} という番号の支援策は一覧にありません。", f"no catalogue has a number {number}."
        yield "BAD_INPUT", Title(ja=ja, en=en)
    for menu in found.menus:
        if not menu.possible:
            why, title = menu.stand.reason.text, menu.row.title
            ja, en = f"{menu.row.id} {title.ja} は提案できません。{why.ja}", f"{menu.row.id} {title.en}: {why.en}"
            yield "OUT_OF_WINDOW", Title(ja=ja, en=en)


def _words(text: str) -> Iterable[str]:
    return dict.fromkeys(match[0] for match in _WORD.finditer(unicodedata.normalize("NFKC", text)))


def _shape(number: str) -> str:
    """m07, m99 and m18a are all alike."""
    return _LAST_LETTER.sub("", _DIGIT.sub("0", number.casefold()))

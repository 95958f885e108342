"""What somebody typed, found among the needs that catalogues know: full or half width, parts of words, synonyms."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from toritsugi.definition.measure import Catalogue, Need, Row
from toritsugi.definition.types import Title

#: Most characters of what somebody looks for.
LONGEST_NEED = 200

_BETWEEN_WORDS = re.compile(r"[\s、,，;；・]+")
_LATIN = re.compile(r"[a-z0-9]{4,}")
#: A Latin word of this length is found at the beginning of a longer one: fair, fairs.
_STEM = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """One word that was typed, and what it was found in."""

    #: as typed, without what cannot be printed.
    word: str
    #: the need, or for a name the row's title.
    title: Title
    #: id of the need; empty: the row's own name or number.
    need: str = ""
    #: True: it is called exactly that.
    exact: bool = False


def folded(text: str) -> str:
    """A word as it is compared: NFKC, small letters, nothing but letters and digits."""
    return "".join(char for char in unicodedata.normalize("NFKC", text).casefold() if char.isalnum())


def words_of(text: str) -> tuple[str, ...]:
    """The words of what was typed, as typed, each once, without what cannot be printed."""
    printable = "".join(char for char in unicodedata.normalize("NFKC", text) if char.isprintable() or char.isspace())
    return tuple(dict.fromkeys(word for word in _BETWEEN_WORDS.split(printable) if folded(word)))


class Needs:
    """The needs of several catalogues. One id is one need: what any of them calls it counts for all."""

    def __init__(self, catalogues: Iterable[Catalogue]) -> None:
        given = [need for catalogue in catalogues for need in catalogue.needs.values()]
        self._titles: dict[str, Title] = {}
        self._names: dict[str, dict[str, None]] = {}
        for need in given:
            self._titles.setdefault(need.id, need.title)
            self._names.setdefault(need.id, {}).update(dict.fromkeys(_names(need)))
        #: ids of the needs that are met with anything.
        self.general = frozenset(need.id for need in given if need.general)

    def found(self, words: Iterable[str]) -> Mapping[str, tuple[Match, ...]]:
        """need -> the words that mean it."""
        found: dict[str, list[Match]] = {}
        for word in words:
            for need, names in self._names.items():
                how = _alike(folded(word), names)
                if how is not None:
                    match = Match(word=word, title=self._titles[need], need=need, exact=how)
                    found.setdefault(need, []).append(match)
        return {need: tuple(matches) for need, matches in found.items()}

    def titles(self) -> tuple[Title, ...]:
        """What the needs are called, in the order of the catalogues."""
        return tuple(self._titles.values())


def named(row: Row, words: Iterable[str]) -> tuple[Match, ...]:
    """The words that are the row's number, or a part of its name."""
    names = {folded(name): None for name in (row.title.ja, row.title.en)}
    own = {folded(name) for name in (row.id, row.letter) if name}
    found = []
    for word in words:
        plain = folded(word)
        if plain in own or any(_inside(plain, name) for name in names):
            found.append(Match(word=word, title=row.title, exact=plain in own or plain in names))
    return tuple(found)


def _names(need: Need) -> Iterable[str]:
    """Every folded word for a need; of English also the single words."""
    for text in (need.title.ja, need.title.en, need.id.replace("_", " "), *need.words):
        yield folded(text)
        if text.isascii():
            yield from _LATIN.findall(text.casefold())


def _alike(word: str, names: Iterable[str]) -> bool | None:
    """True: it is one of the names; False: one is inside the other; None: neither."""
    near = None
    for name in names:
        if name == word:
            return True
        if _inside(word, name) or _inside(name, word):
            near = False
    return near


def _inside(short: str, long: str) -> bool:
    """Whether a word of two characters or more stands in another; Latin letters only where a word of them begins."""
    if len(short) < 2:
        return False
    if not short.isascii():
        return short in long
    place = long.find(short)
    while place >= 0:
        end = place + len(short)
        if not _latin(long[place - 1 : place]) and (len(short) >= _STEM or not _latin(long[end : end + 1])):
            return True
        place = long.find(short, place + 1)
    return False


def _latin(char: str) -> bool:
    return char.isascii() and char.isalnum()

"""Finds what a spec names by its title in either language, by a part of it that is unmistakable, or by its id."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from toritsugi.definition.literals import fold
from toritsugi.definition.types import Title
from toritsugi.testing.specs.faults import SpecFault

_BRACKETS = re.compile(r" ?[(（][^()（）]*[)）]")
_SHOWN = 6


def found(word: str, titles: Mapping[str, Title], ja: str, en: str) -> str:
    """The id that `word` names.

    Tried in this order, the first that fits exactly one wins: the id, a whole title, a title without what stands in
    brackets, its first word, its beginning, a part of it.

    Args:
        ja: what is looked for, for the sentence if nothing is found (状態, 操作); `en` likewise.
    Raises:
        SpecFault: nothing fits, or several do.
    """
    if word in titles:
        return word
    wanted = _folded(word)
    named = [(id_, *_names(title)) for id_, title in titles.items()]
    for fits in _WAYS:
        hits = [id_ for id_, one, other in named if fits(wanted, one) or fits(wanted, other)]
        if len(hits) == 1:
            return hits[0]
        if len(hits) > 1:
            raise _several(word, [titles[id_] for id_ in hits], ja, en)
    raise _nothing(word, titles, ja, en)


@lru_cache(maxsize=4096)
def _names(title: Title) -> tuple[str, str]:
    return _folded(title.ja), _folded(title.en)


@lru_cache(maxsize=4096)
def _folded(text: str) -> str:
    return fold(text).casefold().removeprefix("the ")


def _bare(name: str) -> str:
    return _BRACKETS.sub("", name)


_WAYS: tuple[Callable[[str, str], bool], ...] = (
    lambda wanted, name: name == wanted,
    lambda wanted, name: _bare(name) == wanted,
    lambda wanted, name: name.split(" ")[0] == wanted,
    lambda wanted, name: name.startswith(wanted),
    lambda wanted, name: wanted in name,
)


def _several(word: str, hits: list[Title], ja: str, en: str) -> SpecFault:
    return SpecFault(
        f"{ja}「{word}」は一つに決まりません：{'、'.join(one.ja for one in hits[:_SHOWN])}",
        f'The {en} "{word}" could be any of {", ".join(one.en for one in hits[:_SHOWN])}.',
    )


def _nothing(word: str, titles: Mapping[str, Title], ja: str, en: str) -> SpecFault:
    near_ja = _near(word, [one.ja for one in titles.values()])
    near_en = _near(word, [one.en for one in titles.values()])
    return SpecFault(
        f"{ja}「{word}」はありません。近いもの：{'、'.join(near_ja) or 'なし'}",
        f'There is no {en} "{word}". Near: {", ".join(near_en) or "nothing"}.',
    )


def _near(word: str, names: list[str]) -> list[str]:
    close = difflib.get_close_matches(word, names, n=3, cutoff=0.2)
    return close or sorted(names)[:3]

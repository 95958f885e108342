"""The words a rule may use: the names in its scope, by id and by Japanese title, and how text is folded to find them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from toritsugi.definition.recurring import Series
from toritsugi.definition.types import FieldOfRecord, Kind, Title, Type


class NameKind(StrEnum):
    """Where the value of a name comes from."""

    DATA = "data"
    EVENT = "event"
    ENGINE = "engine"
    LINK = "link"
    LEDGER = "ledger"
    DEADLINE = "deadline"
    COUNT = "count"
    APPROVAL = "approval"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """One name that a rule may read."""

    #: lower-case ASCII, dots allowed ("loan_status", "frame.available"): the key in the environment.
    id: str
    type: Type
    titles: Title
    kind: NameKind = NameKind.DATA
    #: True: its value is never shown, not even to explain a refusal.
    personal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a word stands for: a name, a field inside a record, or a column of a list of records."""

    name: Name
    type: Type
    title: Title
    path: tuple[str, ...] = ()
    #: True: a field of every record of a list; only `sum of` can read it.
    column: bool = False

    @property
    def id(self) -> str:
        """The full dotted name."""
        return ".".join((self.name.id, *self.path))


@dataclass(frozen=True, slots=True)
class Folded:
    """Text made plain for reading, with the way back to the original."""

    text: str
    #: for each character of `text`, and for its end, the offset in the original.
    origin: tuple[int, ...] | range


#: Signs that offices use and NFKC leaves alone. One character each, so offsets stay true.
_SIGNS = {"−": "-", "–": "-", "、": ",", "≦": "≤", "≧": "≥"}
_JOINS = re.compile("[\u3099\u309a\uff9e\uff9f\u0300-\u036f]")
_PLAIN = re.compile(r"[!-~]+( [!-~]+)*")


def fold_with_origin(text: str) -> Folded:
    """`text` by NFKC, cluster by cluster, runs of space made one, signs made plain."""
    if _PLAIN.fullmatch(text) or _folded_already(text):
        return Folded(text, range(len(text) + 1))
    folded: list[str] = []
    origin: list[int] = []
    start = 0
    while start < len(text):
        end = start + 1
        while end < len(text) and end - start < 8 and _JOINS.match(text[end]):
            end += 1
        for character in unicodedata.normalize("NFKC", text[start:end]):
            plain = " " if character.isspace() else _SIGNS.get(character, character)
            if plain != " " or (folded and folded[-1] != " "):
                folded.append(plain)
                origin.append(start)
        start = end
    return Folded("".join(folded), (*origin, len(text)))


def _folded_already(text: str) -> bool:
    """Whether folding would change nothing, as with most titles."""
    if not unicodedata.is_normalized("NFKC", text) or not _SIGNS.keys().isdisjoint(text):
        return False
    return text.split() == [text] and _JOINS.search(text) is None


@lru_cache(maxsize=4096)
def fold_word(text: str) -> str:
    """A title as the lexer meets it in a rule."""
    return fold_with_origin(text).text.strip()


class Vocabulary:
    """The words of a scope, made once and used for every expression in it.

    A field of a record is called "company.address", "会社.所在地" or "会社の所在地".
    """

    def __init__(
        self, scope: Mapping[str, Name], *, series: Mapping[str, Series] | None = None, spoken: bool = True
    ) -> None:
        """Make it.

        Args:
            series: the recurring days that it may speak of.
            spoken: whether expressions are to know the Japanese words that they can be written back with.
        """
        self.wants_spoken = spoken
        #: id and folded title of each series -> what it may stand for.
        self.series: dict[str, list[Series]] = {}
        for one in (series or {}).values():
            for word in dict.fromkeys((one.id, fold_word(one.title.ja))):
                self.series.setdefault(word, []).append(one)
        #: every word, folded -> what it may stand for; more than one: ambiguous.
        self.targets: dict[str, list[Target]] = {}
        #: ids and Japanese titles of all options of all choices, folded.
        self.options: set[str] = set()
        for name in scope.values():
            for target, words in _reachable(Target(name=name, type=name.type, title=name.titles), (name.id,)):
                self._learn(target, words)
        #: full dotted name -> the Japanese words sure to mean it (None: there are none); filled as they are asked for.
        self.spoken: dict[str, str | None] = {}
        #: folded word -> whether it reads as exactly one word here; filled as they are asked for.
        self.single: dict[str, bool] = {}
        self._by_first = _by_first({*self.targets, *self.options})

    def _learn(self, target: Target, words: Iterable[str]) -> None:
        for word in words:
            meanings = self.targets.setdefault(word, [])
            if all(known.id != target.id for known in meanings):
                meanings.append(target)
        self.options.update(option_words(target.type))

    def starting(self, character: str) -> tuple[str, ...]:
        """The words that begin with `character`, longest first."""
        return self._by_first.get(character, ())

    def series_at(self, text: str, at: int) -> str:
        """The longest word for a series that stands there; empty: none does."""
        return max((word for word in self.series if text.startswith(word, at)), key=len, default="")

    def series_named(self, word: str) -> list[Series]:
        """The series that a word may stand for; an id outranks every title."""
        found = self.series.get(word, [])
        return [one for one in found if one.id == word] or found

    def meanings(self, word: str) -> list[Target]:
        """What a folded word may stand for; an id outranks every title."""
        found = self.targets.get(word, [])
        return [target for target in found if target.id == word] or found

    def with_options_of(self, type_: Type | None) -> Vocabulary:
        """This vocabulary, and the options of one more type (the field that an expression is to fill)."""
        extra = option_words(type_) if type_ is not None else set()
        if extra <= self.options:
            return self
        wider = Vocabulary({}, spoken=self.wants_spoken)
        wider.targets, wider.options, wider.series = self.targets, self.options | extra, self.series
        wider._by_first = _by_first({*wider.targets, *wider.options})
        return wider


def option_words(type_: Type) -> set[str]:
    """Ids and folded Japanese titles of a choice's options (of a list's entries, for a list)."""
    while type_.item is not None:
        type_ = type_.item
    return {word for id_, title in type_.options.items() for word in (id_, fold_word(title.ja)) if word}


def _by_first(words: Iterable[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for word in sorted(words, key=lambda word: (-len(word), word)):
        found.setdefault(word[0], []).append(word)
    return {first: tuple(same) for first, same in found.items()}


def _reachable(target: Target, words: tuple[str, ...]) -> Iterator[tuple[Target, tuple[str, ...]]]:
    """A target with its words, then the fields inside it with theirs."""
    spoken = fold_word(target.title.ja)
    own = tuple(dict.fromkeys((*words, spoken))) if spoken and not target.path else words
    yield target, own
    inner = target.type.item if target.type.kind is Kind.LIST else target.type
    column = target.type.kind is Kind.LIST or target.column
    if inner is not None and inner.kind is Kind.RECORD and not target.column:
        for id_, part in inner.fields.items():
            yield from _reachable(_field(target, id_, part, column), _field_words(own, id_, part))


def _field(target: Target, id_: str, part: FieldOfRecord, column: bool) -> Target:
    title = Title(ja=f"{target.title.ja}の{part.title.ja}", en=f"{target.title.en}: {part.title.en}")
    return Target(name=target.name, type=part.type, title=title, path=(*target.path, id_), column=column)


def _field_words(words: tuple[str, ...], id_: str, part: FieldOfRecord) -> tuple[str, ...]:
    spoken = fold_word(part.title.ja)
    titled = [f"{word}{joint}{spoken}" for word in words[1:] for joint in ("の", ".")] if spoken else []
    return (f"{words[0]}.{id_}", *titled)

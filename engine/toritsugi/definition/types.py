"""The types of case data: what a field may hold, as plain values.

How each kind is stored (a JSON value in the case's data):

    text              str
    integer, yen      int            (yen: whole yen, never a fraction)
    date              str            ISO, "2026-04-24"
    moment            int            microseconds since 1970-01-01T00:00Z
    choice            str            the id of one option
    yes_no            bool
    corporate_number  str            13 digits, check digit right
    institution       str            the id of an institution, "scb"
    list              list           of the item's type
    record            dict           of the fields' types

A field that is not set is absent, or None. There is no empty text: blank is "not set".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

#: A language a person reads here.
LOCALES = ("ja", "en")

#: The largest whole number stored: the largest that every JSON reader keeps exactly (RFC 8259, section 6).
LARGEST_INTEGER = 2**53 - 1

#: Longest text, in characters, when the type names no shorter one.
LONGEST_TEXT = 10_000

#: Most entries of one list.
LONGEST_LIST = 1_000

#: How deep lists and records may lie in each other, the outermost counted.
DEEPEST_TYPE = 5


class Kind(StrEnum):
    """The closed list of kinds of data."""

    TEXT = "text"
    INTEGER = "integer"
    YEN = "yen"
    DATE = "date"
    MOMENT = "moment"
    CHOICE = "choice"
    YES_NO = "yes_no"
    CORPORATE_NUMBER = "corporate_number"
    INSTITUTION = "institution"
    LIST = "list"
    RECORD = "record"


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """What a person calls a thing, in both languages."""

    ja: str
    en: str

    def of(self, locale: str) -> str:
        """The title in `locale`; every locale other than "ja" reads English."""
        return self.ja if locale == "ja" else self.en


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldOfRecord:
    """One field inside a record."""

    type: Type
    title: Title
    #: True: a record without it is refused.
    required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Type:
    """What a field may hold. Compared by value.

    Raises:
        ValueError: the parts do not fit the kind (a choice without options, a list without an item,
            limits on something that has none, nesting deeper than DEEPEST_TYPE).
    """

    kind: Kind
    #: choice only: id -> title, in the order a person sees them.
    options: Mapping[str, Title] = field(default_factory=dict, hash=False)
    #: list only: the type of each entry.
    item: Type | None = None
    #: record only: id -> field, in the order a person sees them.
    fields: Mapping[str, FieldOfRecord] = field(default_factory=dict, hash=False)
    #: text: most characters; list: most entries; None: the general cap.
    max_length: int | None = None
    #: integer and yen: smallest and largest value, inclusive; None: no limit of its own.
    minimum: int | None = None
    maximum: int | None = None

    def __post_init__(self) -> None:
        for fault in _faults(self):
            raise ValueError(f"{self.kind}: {fault}")

    @property
    def ordered(self) -> bool:
        """Whether `<` and `>` mean something for this type."""
        return self.kind in ORDERED

    @property
    def longest(self) -> int:
        """Most characters of a text, or entries of a list, that this type takes."""
        cap = LONGEST_LIST if self.kind is Kind.LIST else LONGEST_TEXT
        return cap if self.max_length is None else min(cap, self.max_length)


#: Kinds with a natural order.
ORDERED = frozenset({Kind.INTEGER, Kind.YEN, Kind.DATE, Kind.MOMENT})

_KIND_TITLES: Mapping[Kind, Title] = {
    Kind.TEXT: Title(ja="文字", en="text"),
    Kind.INTEGER: Title(ja="整数", en="whole number"),
    Kind.YEN: Title(ja="金額（円）", en="amount in yen"),
    Kind.DATE: Title(ja="日付", en="date"),
    Kind.MOMENT: Title(ja="日時", en="moment"),
    Kind.CHOICE: Title(ja="選択", en="choice"),
    Kind.YES_NO: Title(ja="はい・いいえ", en="yes or no"),
    Kind.CORPORATE_NUMBER: Title(ja="法人番号", en="corporate number"),
    Kind.INSTITUTION: Title(ja="機関", en="institution"),
    Kind.LIST: Title(ja="一覧", en="list"),
    Kind.RECORD: Title(ja="項目の組", en="record"),
}


def choice(options: Mapping[str, Title]) -> Type:
    """The type of a choice among `options` (id -> title)."""
    return Type(kind=Kind.CHOICE, options=options)


def list_of(item: Type, max_length: int | None = None) -> Type:
    """The type of a list whose entries are `item`."""
    return Type(kind=Kind.LIST, item=item, max_length=max_length)


def describe(type_: Type, locale: str) -> str:
    """The type in words, for messages: "choice of in_use, planned", "日付"."""
    title = _KIND_TITLES[type_.kind].of(locale)
    if type_.kind is Kind.CHOICE:
        if locale == "ja":
            return f"{title}（{'、'.join(title.ja for title in type_.options.values())}）"
        return f"{title} of {', '.join(type_.options)}"
    if type_.item is not None:
        item = describe(type_.item, locale)
        return f"{item}の{title}" if locale == "ja" else f"{title} of {item}"
    return title


def same_type(one: Type, other: Type) -> bool:
    """Whether values of both types may be compared: the same kind, and the same options, item or fields.

    Limits (length, smallest, largest) and titles do not matter.
    """
    if one.kind is not other.kind or one.options.keys() != other.options.keys():
        return False
    if one.item is not None and other.item is not None and not same_type(one.item, other.item):
        return False
    fields = other.fields
    return one.fields.keys() == fields.keys() and all(
        same_type(part.type, fields[name].type) for name, part in one.fields.items()
    )


def depth(type_: Type) -> int:
    """How many lists and records lie in each other; 0 for a plain value."""
    if type_.kind is Kind.LIST and type_.item is not None:
        return 1 + depth(type_.item)
    if type_.kind is Kind.RECORD:
        return 1 + max((depth(part.type) for part in type_.fields.values()), default=0)
    return 0


def _faults(type_: Type) -> list[str]:
    kind, numeric = type_.kind, type_.kind in (Kind.INTEGER, Kind.YEN)
    limits = type_.minimum is not None or type_.maximum is not None
    checks = {
        "a choice needs options, and only a choice has them": bool(type_.options) != (kind is Kind.CHOICE),
        "a list needs an item, and only a list has one": (type_.item is not None) != (kind is Kind.LIST),
        "a record needs fields, and only a record has them": bool(type_.fields) != (kind is Kind.RECORD),
        "only text and lists have a length": type_.max_length is not None and kind not in (Kind.TEXT, Kind.LIST),
        "a length is 1 or more": type_.max_length is not None and type_.max_length < 1,
        "only whole numbers and yen have a smallest and a largest value": limits and not numeric,
        f"nested deeper than {DEEPEST_TYPE}": depth(type_) > DEEPEST_TYPE,
    }
    return [fault for fault, present in checks.items() if present]


TEXT = Type(kind=Kind.TEXT)
INTEGER = Type(kind=Kind.INTEGER)
YEN = Type(kind=Kind.YEN)
DATE = Type(kind=Kind.DATE)
MOMENT = Type(kind=Kind.MOMENT)
YES_NO = Type(kind=Kind.YES_NO)
CORPORATE_NUMBER = Type(kind=Kind.CORPORATE_NUMBER)
INSTITUTION = Type(kind=Kind.INSTITUTION)

"""What a person wrote into a field, read as a value of its type.

No message holds what was written when the field is personal, so it may be shown to whoever may see the field's title.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from toritsugi.core.datavalues import check_value
from toritsugi.definition import literals
from toritsugi.definition.types import LONGEST_TEXT, Kind, Title, Type

_BETWEEN = re.compile(r"[\n;；、]")
_BETWEEN_WORDS = re.compile(r"[\n;；、,，]")
_YES = frozenset({"はい", "yes", "y", "true", "○", "〇", "◯", "✓", "✔", "☑", "有", "1"})
_NO = frozenset({"いいえ", "no", "n", "false", "×", "✕", "☐", "無", "0"})
_ECHO = 40


class BadValue(ValueError):
    """A text cannot be read as a value of its type.

    Codes: BLANK, UNREADABLE, NOT_AN_OPTION, AMBIGUOUS_OPTION, NOT_FROM_TEXT, and those of `Problem`.
    """

    def __init__(self, code: str, ja: str, en: str, allowed: tuple[str, ...] = ()) -> None:
        super().__init__(code, ja, en)
        self.code = code
        self.ja = ja
        self.en = en
        #: ids of the options that would be possible; may be empty.
        self.allowed = allowed

    def __str__(self) -> str:
        return f"{self.code}: {self.en}"


#: For each kind read by a function of `literals`: the function, and what would be readable.
_READERS: Mapping[Kind, tuple[literals.Reader, Title]] = {
    Kind.INTEGER: (literals.read_integer, Title(ja="整数（例 1,000）", en="a whole number such as 1,000")),
    Kind.YEN: (
        literals.read_yen,
        Title(ja="円単位の金額（例 1,000,000円、100万円）", en="an amount in whole yen such as 1,000,000"),
    ),
    Kind.DATE: (
        literals.read_date,
        Title(
            ja="日付（例 2026-04-24、2026/4/24、令和8年4月24日、R8.4.24）",
            en="a date such as 2026-04-24, 2026/4/24, 令和8年4月24日 or R8.4.24",
        ),
    ),
    Kind.MOMENT: (
        literals.read_moment,
        Title(
            ja="時差のついた日時（例 2026-04-24T18:30+09:00）",
            en="a moment with its offset such as 2026-04-24T18:30+09:00",
        ),
    ),
    Kind.CORPORATE_NUMBER: (
        literals.read_corporate_number,
        Title(ja="検査用数字の合う 13 桁の法人番号", en="a corporate number of 13 digits with a right check digit"),
    ),
    Kind.INSTITUTION: (
        literals.read_institution,
        Title(ja="機関の識別名（例 jetro_tokyo）", en="the id of an institution such as jetro_tokyo"),
    ),
}


def read_text(type_: Type, text: str, *, personal: bool = False) -> object:
    """The stored value of what a person wrote.

    Full-width characters, commas, units, Japanese eras, はい/いいえ/○/×, and titles of options in either language are
    understood. Text itself is kept as written, but for line ends and outer space: NFKC would change people's names.
    A list is read from lines, or from entries between ; or 、 (or commas, unless the entries are numbers).

    Args:
        personal: True keeps the text out of the message.
    Raises:
        BadValue: the text is blank, unreadable, or its value is not allowed by the type.
    """
    if not text.strip():
        raise BadValue("BLANK", "空欄です。", "it is blank.")
    # a list's own bound counts entries, not what is written
    if len(text) > 2 * (LONGEST_TEXT if type_.kind is Kind.LIST else type_.longest):
        raise BadValue("TOO_LONG", "長すぎます。", "it is too long.")
    value = _read(type_, text, personal)
    for problem in check_value(type_, value):
        raise BadValue(problem.code, problem.ja, problem.en, problem.allowed)
    return value


def _read(type_: Type, text: str, personal: bool) -> object:
    if type_.kind is Kind.TEXT:
        return text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if type_.kind is Kind.LIST and type_.item is not None:
        between = _BETWEEN if type_.item.kind in (Kind.INTEGER, Kind.YEN) else _BETWEEN_WORDS
        return [_read(type_.item, part, personal) for part in between.split(text) if part.strip()]
    if type_.kind is Kind.RECORD:
        ja, en = "項目の組は一つの文字列からは読めません。", "a record cannot be read from one text."
        raise BadValue("NOT_FROM_TEXT", ja, en)
    folded = literals.fold(text)
    if type_.kind is Kind.CHOICE:
        return _read_choice(type_, folded, personal)
    if type_.kind is Kind.YES_NO:
        return _read_yes_no(folded, personal)
    reader, wanted = _READERS[type_.kind]
    try:
        return reader(folded)
    except (ValueError, OverflowError):
        raise _unreadable(wanted, folded, personal) from None


def _unreadable(wanted: Title, text: str, personal: bool) -> BadValue:
    ja, en = _echo(text, personal)
    return BadValue(
        "UNREADABLE", f"{ja}読めません。{wanted.ja}を入力してください。", f"{en} cannot be read; needed is {wanted.en}."
    )


def _echo(text: str, personal: bool) -> tuple[str, str]:
    if personal:
        return "入力された内容を", "what was written"
    shown = text if len(text) <= _ECHO else text[:_ECHO] + "…"
    return f"「{shown}」を", f"`{shown}`"


def _read_yes_no(text: str, personal: bool) -> bool:
    word = text.lower()
    if word in _YES or word in _NO:
        return word in _YES
    raise _unreadable(Title(ja="はい・いいえ（○・×も可）", en="yes or no (はい, いいえ, ○, ×)"), text, personal)


def _read_choice(type_: Type, text: str, personal: bool) -> str:
    """The option named by its id, or by its title in either language; case does not matter."""
    word = text.casefold()
    options = type_.options
    found = [id_ for id_ in options if id_.casefold() == word]
    found = found or [
        id_
        for id_, title in options.items()
        if word in (literals.fold(title.ja).casefold(), literals.fold(title.en).casefold())
    ]
    if len(found) == 1:
        return found[0]
    ja, en = _echo(text, personal)
    titles_ja, titles_en = ("、".join(t.ja for t in options.values()), ", ".join(t.en for t in options.values()))
    if found:
        raise BadValue(
            "AMBIGUOUS_OPTION",
            f"{ja}一つに決められません。id で入力してください。",
            f"{en} names several options; use an id.",
            tuple(found),
        )
    raise BadValue(
        "NOT_AN_OPTION",
        f"{ja}選べません。選べるもの: {titles_ja}",
        f"{en} is not an option; possible: {titles_en}.",
        tuple(options),
    )

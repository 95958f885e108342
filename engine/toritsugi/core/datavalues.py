"""Values of case data: checked against their type, read from what a person wrote, shown to a person.

No message of `check_value` contains a value, and none of `read_text` does when the field is personal, so both may be
shown to whoever may see the field's title.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Protocol

from toritsugi.definition import literals
from toritsugi.definition.types import LARGEST_INTEGER, LONGEST_TEXT, FieldOfRecord, Kind, Title, Type, describe

#: Japan's offset from UTC; it has had no summer time since 1951 (procedures.md, CAL-1).
_JST_MINUTES = 9 * 60

#: The moments that can be shown: years 1 to 9999, a day off at either end for the offset.
_EARLIEST_MOMENT, _LATEST_MOMENT = -62_135_510_400_000_000, 253_402_214_400_000_000

#: What may not stand in a text: control characters but tab and line ends (a database may refuse them), lone surrogates.
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_ISO_DATE = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_BETWEEN = re.compile(r"[\n;；、]")
_BETWEEN_WORDS = re.compile(r"[\n;；、,，]")
_YES = frozenset({"はい", "yes", "y", "true", "○", "〇", "◯", "✓", "✔", "☑", "有", "1"})
_NO = frozenset({"いいえ", "no", "n", "false", "×", "✕", "☐", "無", "0"})
_ECHO = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing wrong with a value."""

    #: NOT_SET, WRONG_KIND, BLANK_TEXT, TOO_LONG, BAD_CHARACTER, TOO_SMALL, TOO_LARGE, BAD_DATE, NOT_AN_OPTION,
    #: BAD_CORPORATE_NUMBER, BAD_INSTITUTION, UNKNOWN_FIELD or MISSING_FIELD.
    code: str
    #: where in the value: "" for all of it, "[2].amount" for a part.
    path: str
    ja: str
    en: str
    #: what would be possible (ids of options or fields); may be empty.
    allowed: tuple[str, ...] = ()


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


def check_value(type_: Type, value: object) -> list[Problem]:
    """Everything wrong with a JSON value of type `type_`; empty when it may be stored.

    None is refused too (NOT_SET): a field without a value is left out.
    """
    found: list[Problem] = []
    _check(type_, value, "", found)
    return found


def _check(type_: Type, value: object, path: str, found: list[Problem]) -> None:
    if value is None:
        found.append(_problem("NOT_SET", path, "値がありません。", "there is no value."))
        return
    expected = _STORED[type_.kind]
    if type(value) is not expected:  # exact: a bool is an int to isinstance, an enum a str
        ja, en = f"{describe(type_, 'ja')}が必要です。", f"needed is: {describe(type_, 'en')}."
        found.append(_problem("WRONG_KIND", path, ja, en))
        return
    _CHECKS[type_.kind](type_, value, path, found)


def _problem(code: str, path: str, ja: str, en: str, allowed: tuple[str, ...] = ()) -> Problem:
    return Problem(code=code, path=path, ja=ja, en=en, allowed=allowed)


def _check_text(type_: Type, value: str, path: str, found: list[Problem]) -> None:
    if not value.strip():
        found.append(
            _problem("BLANK_TEXT", path, "空白だけの文字は入力できません。", "a text cannot be blank; leave it out.")
        )
    if len(value) > type_.longest:
        ja, en = f"{type_.longest:,} 文字までです。", f"at most {type_.longest:,} characters."
        found.append(_problem("TOO_LONG", path, ja, en))
    if _UNWANTED.search(value):
        ja, en = "使えない制御文字が含まれています。", "the text contains a character that cannot be stored."
        found.append(_problem("BAD_CHARACTER", path, ja, en))


def _check_number(type_: Type, value: int, path: str, found: list[Problem]) -> None:
    least = -LARGEST_INTEGER if type_.minimum is None else type_.minimum
    most = LARGEST_INTEGER if type_.maximum is None else type_.maximum
    if value < least:
        found.append(_problem("TOO_SMALL", path, f"{least:,} 以上にしてください。", f"at least {least:,}."))
    if value > most:
        found.append(_problem("TOO_LARGE", path, f"{most:,} 以下にしてください。", f"at most {most:,}."))


def _check_date(_: Type, value: str, path: str, found: list[Problem]) -> None:
    try:
        if _ISO_DATE.fullmatch(value):
            date.fromisoformat(value)
            return
    except ValueError:
        pass
    ja, en = "実在する日付（例 2026-04-24）が必要です。", "a day that exists is needed, such as 2026-04-24."
    found.append(_problem("BAD_DATE", path, ja, en))


def _check_moment(_: Type, value: int, path: str, found: list[Problem]) -> None:
    if not _EARLIEST_MOMENT <= value <= _LATEST_MOMENT:
        ja, en = "日時が範囲（西暦 1 年から 9999 年）の外です。", "the moment lies outside the years 1 to 9999."
        found.append(_problem("TOO_LARGE" if value > 0 else "TOO_SMALL", path, ja, en))


def _check_choice(type_: Type, value: str, path: str, found: list[Problem]) -> None:
    if value not in type_.options:
        titles = "、".join(title.ja for title in type_.options.values())
        ja, en = f"次から選んでください: {titles}", f"possible: {', '.join(type_.options)}."
        found.append(_problem("NOT_AN_OPTION", path, ja, en, tuple(type_.options)))


def _check_nothing(_: Type, value: bool, path: str, found: list[Problem]) -> None:
    """Every yes or no is a good one."""


def _check_corporate_number(_: Type, value: str, path: str, found: list[Problem]) -> None:
    try:
        if literals.read_corporate_number(value) == value:
            return
    except ValueError:
        pass
    ja, en = (
        "法人番号は 13 桁で、検査用数字が合う必要があります。",
        "a corporate number has 13 digits with a right check digit.",
    )
    found.append(_problem("BAD_CORPORATE_NUMBER", path, ja, en))


def _check_institution(_: Type, value: str, path: str, found: list[Problem]) -> None:
    if not literals.INSTITUTION_ID.fullmatch(value):
        ja, en = (
            "機関の識別名（例 jetro_tokyo）が必要です。",
            "the id of an institution is needed, such as jetro_tokyo.",
        )
        found.append(_problem("BAD_INSTITUTION", path, ja, en))


def _check_list(type_: Type, value: list[object], path: str, found: list[Problem]) -> None:
    if len(value) > type_.longest:
        found.append(
            _problem("TOO_LONG", path, f"{type_.longest:,} 件までです。", f"at most {type_.longest:,} entries.")
        )
        return
    if type_.item is not None:
        for place, entry in enumerate(value):
            _check(type_.item, entry, f"{path}[{place}]", found)


def _check_record(type_: Type, value: dict[object, object], path: str, found: list[Problem]) -> None:
    names = tuple(type_.fields)
    if any(key not in type_.fields for key in value):
        ja, en = "定義にない項目があります。", "there is a field that is not declared."
        found.append(_problem("UNKNOWN_FIELD", path, ja, en, names))
    for name, part in type_.fields.items():
        here = f"{path}.{name}" if path else name
        if value.get(name) is not None:
            _check(part.type, value[name], here, found)
        elif part.required:
            ja, en = f"「{part.title.ja}」が必要です。", f"{part.title.en} is needed."
            found.append(_problem("MISSING_FIELD", here, ja, en))


_STORED: Mapping[Kind, type] = {
    Kind.TEXT: str,
    Kind.INTEGER: int,
    Kind.YEN: int,
    Kind.DATE: str,
    Kind.MOMENT: int,
    Kind.CHOICE: str,
    Kind.YES_NO: bool,
    Kind.CORPORATE_NUMBER: str,
    Kind.INSTITUTION: str,
    Kind.LIST: list,
    Kind.RECORD: dict,
}
#: `_check` has made sure that each gets the stored form it expects.
_CHECKS: Mapping[Kind, Callable[..., None]] = {
    Kind.TEXT: _check_text,
    Kind.INTEGER: _check_number,
    Kind.YEN: _check_number,
    Kind.DATE: _check_date,
    Kind.MOMENT: _check_moment,
    Kind.CHOICE: _check_choice,
    Kind.YES_NO: _check_nothing,
    Kind.CORPORATE_NUMBER: _check_corporate_number,
    Kind.INSTITUTION: _check_institution,
    Kind.LIST: _check_list,
    Kind.RECORD: _check_record,
}


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


class Titled(Protocol):
    """Something that people have a name for, in both languages."""

    @property
    def title(self) -> Mapping[str, str]:
        """ja, en."""


def show_value(
    type_: Type, value: object, locale: str, institutions: Mapping[str, Titled] = MappingProxyType({})
) -> str:
    """A value for a person to read; "未入力" / "not set" for None. Moments are shown in Japan's time.

    Whatever it shows of a plain value, except a moment in Japanese and an institution by its title, `read_text` reads back.

    Args:
        institutions: those that are known, by id: an institution is shown by its title, another one by its id.
    """
    ja = locale == "ja"
    if type_.kind is Kind.INSTITUTION and value in institutions:
        return institutions[str(value)].title["ja" if ja else "en"]
    if value is None:
        return "未入力" if ja else "not set"
    if isinstance(value, list) and type_.item is not None:
        item = type_.item
        return ("、" if ja else "; ").join(show_value(item, entry, locale, institutions) for entry in value) or (
            "なし" if ja else "none"
        )
    if isinstance(value, dict):
        return _show_record(type_.fields, value, locale, institutions)
    if isinstance(value, bool):
        return ("はい" if value else "いいえ") if ja else "yes" if value else "no"
    if isinstance(value, int):
        return _show_number(type_.kind, value, ja)
    if type_.kind is Kind.CHOICE and value in type_.options:
        return type_.options[str(value)].of(locale)
    if type_.kind is Kind.DATE and ja:
        year, month, day = str(value).split("-")
        return f"{year}年{int(month)}月{int(day)}日"
    return str(value)


def _show_number(kind: Kind, value: int, ja: bool) -> str:
    if kind is Kind.YEN:
        return f"{value:,}円" if ja else f"{value:,} yen"
    if kind is not Kind.MOMENT:
        return f"{value:,}"
    text = literals.moment_text(value, _JST_MINUTES)
    if not ja:
        return text
    day, _, clock = text.removesuffix("+09:00").partition("T")
    year, month, number = day.split("-")
    return f"{year}年{int(month)}月{int(number)}日 {clock}（日本時間）"


def _show_record(
    fields: Mapping[str, FieldOfRecord], value: Mapping[str, object], locale: str, institutions: Mapping[str, Titled]
) -> str:
    shown = [
        (part.title.of(locale), show_value(part.type, value[name], locale, institutions))
        for name, part in fields.items()
        if value.get(name) is not None
    ]
    return (
        "、".join(f"{title}：{text}" for title, text in shown)
        if locale == "ja"
        else ", ".join(f"{title}: {text}" for title, text in shown)
    )

"""Values of case data, checked against their type.

No message contains a value, so all of them may be shown to whoever may see the field's title.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from toritsugi.definition import literals
from toritsugi.definition.types import LARGEST_INTEGER, Kind, Type, describe

#: The moments that can be shown: years 1 to 9999, a day off at either end for the offset.
_EARLIEST_MOMENT, _LATEST_MOMENT = -62_135_510_400_000_000, 253_402_214_400_000_000

#: What may not stand in a text: control characters but tab and line ends (a database may refuse them), lone surrogates.
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_ISO_DATE = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


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

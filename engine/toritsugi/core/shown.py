"""A value of case data for a person to read, in Japanese or English."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Protocol

from toritsugi.definition import literals
from toritsugi.definition.types import FieldOfRecord, Kind, Type

#: Japan's offset from UTC; it has had no summer time since 1951 (procedures.md, CAL-1).
_JST_MINUTES = 9 * 60


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

"""Dates and times of day as a spec writes them, in Japan's time: 令和8年4月24日(金)18時30分, 2026-04-24 18:30."""

from __future__ import annotations

import re
from datetime import date

from toritsugi.core.moments import jst_midnight
from toritsugi.definition import literals
from toritsugi.testing.specs.faults import SpecFault

_MINUTE = 60_000_000

_YEAR = r"(?:[0-9]{4}|(?:明治|大正|昭和|平成|令和|[MTSHR]) ?(?:[0-9]{1,2}|元))"
#: a date with its year, after folding; the weekday is optional and must then be right.
DATE = (
    rf"{_YEAR} ?(?:年 ?[0-9]{{1,2}} ?月 ?[0-9]{{1,2}} ?日|(?:[-/.])[0-9]{{1,2}}(?:[-/.])[0-9]{{1,2}})"
    r"(?: ?\((?:[月火水木金土日](?:曜日?)?|Mon|Tue|Wed|Thu|Fri|Sat|Sun)\))?"
)
#: a time of day, after folding.
TIME = r"(?:午前|午後)? ?[0-9]{1,2}(?::[0-9]{2}|時(?:[0-9]{1,2}分|半)?)"
#: a date, and a time of day if one matters.
MOMENT = rf"{DATE}(?:(?:の|T| at)? ?{TIME})?"

_PARTS = re.compile(rf"({DATE})(?:(?:の|T| at)? ?({TIME}))?")
_TIME_PARTS = re.compile(r"(午前|午後)? ?([0-9]{1,2})(?::([0-9]{2})|時(?:([0-9]{1,2})分|(半))?)")
_ENGLISH_DAY = re.compile(r" ?\((Mon|Tue|Wed|Thu|Fri|Sat|Sun)\)")
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def read_date(text: str) -> date:
    """The day that folded `text` names.

    Raises:
        SpecFault: there is no such day, or its weekday is another.
    """
    weekday = _ENGLISH_DAY.search(text)
    try:
        day = date.fromisoformat(literals.read_date(literals.fold(_ENGLISH_DAY.sub("", text))))
    except (ValueError, OverflowError):
        raise _wrong(text) from None
    if weekday and _WEEKDAYS[day.weekday()] != weekday[1]:
        raise _wrong(text)
    return day


def read_minutes(text: str) -> int:
    """Minutes since midnight of a time of day; up to 24時 (the end of the day).

    Raises:
        SpecFault: there is no such time.
    """
    parts = _TIME_PARTS.fullmatch(text)
    if parts is None:
        raise _wrong(text)
    half, hour, minute = parts[1], int(parts[2]), 30 if parts[5] else int(parts[3] or parts[4] or 0)
    if minute > 59 or hour > (12 if half else 24) or (hour == 24 and minute):
        raise _wrong(text)
    return (hour + (12 if half == "午後" else 0)) * 60 + minute


def read_moment(text: str) -> int:
    """Microseconds UTC of a date and time in Japan; a date alone is its 00:00.

    Raises:
        SpecFault: there is no such day or time.
    """
    parts = _PARTS.fullmatch(text)
    if parts is None:
        raise _wrong(text)
    return at(read_date(parts[1]), read_minutes(parts[2]) if parts[2] else 0)


def at(day: date, minutes: int) -> int:
    """Microseconds UTC of so many minutes after midnight of a day in Japan."""
    return jst_midnight(day) + minutes * _MINUTE


def _wrong(text: str) -> SpecFault:
    return SpecFault(
        f"「{text}」という日時はありません（曜日や元号の年も確かめてください）。",
        f'There is no such day or time as "{text}" (check weekday and era too).',
    )

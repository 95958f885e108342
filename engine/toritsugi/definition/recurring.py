"""Days that come again (every month on the 15th, 毎月第3水曜日, every year on 1 June): as an office words them, and as values."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from toritsugi.definition.origin import Origin
from toritsugi.definition.types import Title

#: What becomes of a day that is closed.
ROLLS = ("none", "next", "previous")
#: Days that one series may name.
MOST_DAYS = 31

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAYS_JA = "月火水木金土日"
_ORDINALS = ("first", "second", "third", "fourth", "fifth")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
#: Days of the months of a leap year.
_LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class Every(StrEnum):
    """How often a series comes again."""

    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """Which day of a week, a month or a year."""

    #: year only: 1 to 12.
    month: int | None = None
    #: Monday 0 to Sunday 6; None: by its number in the month.
    weekday: int | None = None
    #: number in the month (of that weekday), 1 the first, -1 the last; 0 in a week.
    number: int = 0

    def text(self, locale: str) -> str:
        """The day in words that `read_day` reads back, ja or en."""
        return self._ja() if locale == "ja" else self._en()

    def _ja(self) -> str:
        month = "" if self.month is None else f"{self.month}月"
        if self.weekday is None:
            return f"{month}末日" if self.number < 0 else f"{month}{self.number}日"
        weekday = f"{_WEEKDAYS_JA[self.weekday]}曜日"
        which = "" if not self.number else "最終" if self.number < 0 else f"第{self.number}"
        return f"{month}{which}{weekday}"

    def _en(self) -> str:
        month = "" if self.month is None else f" of {_MONTHS[self.month - 1].capitalize()}"
        if self.weekday is None:
            return f"last day{month}" if self.number < 0 else f"day {self.number}{month}"
        weekday = _WEEKDAYS[self.weekday].capitalize()
        which = "" if not self.number else "last " if self.number < 0 else f"{_ORDINALS[self.number - 1]} "
        return f"{which}{weekday}{month}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recurrence:
    """When something comes again: one or several days of every week, month or year."""

    every: Every
    on: tuple[Day, ...]
    #: a closed day: none (it stays) | next | previous open day.
    roll: str = "none"

    def text(self, locale: str) -> str:
        """The rule in words, ja or en: 毎月第3水曜日（休業日なら翌営業日）."""
        days = [day.text(locale) for day in self.on]
        if locale == "ja":
            begins = {Every.WEEK: "毎週", Every.MONTH: "毎月", Every.YEAR: "毎年"}[self.every]
            rolled = {"next": "（休業日なら翌営業日）", "previous": "（休業日なら前営業日）"}.get(self.roll, "")
            return f"{begins}{'・'.join(days)}{rolled}"
        listed = days[0] if len(days) == 1 else f"{', '.join(days[:-1])} and {days[-1]}"
        moved = {"next": " (if closed, the next open day)", "previous": " (if closed, the open day before)"}
        return f"{listed} of every {self.every}{moved.get(self.roll, '')}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Days that come again and have a name."""

    id: str
    title: Title
    rule: Recurrence
    #: institution by whose open days a closed one is moved, and whose manifest may name other days; None: nobody.
    calendar: str | None = None
    origin: Origin | None = None


class BadDay(ValueError):
    """Words that name no day of a week, month or year."""

    def __init__(self, text: str, every: Every) -> None:
        ja, en = _EXAMPLES[every]
        self.ja = f"「{text[:40]}」は日として読めません。例：{ja}"
        self.en = f"'{text[:40]}' is read as no day; write for example: {en}."
        super().__init__(self.en)


_EXAMPLES = {
    Every.WEEK: ("水曜日", "wednesday"),
    Every.MONTH: ("15日、末日、第3水曜日、最終金曜日", "day 15, last day, third wednesday, last friday"),
    Every.YEAR: ("6月15日、3月末日、6月第3水曜日", "day 15 of june, last day of march, third wednesday of june"),
}
_DAY = re.compile(r"day ([0-9]{1,2})|([0-9]{1,2})日?")
_LAST_DAY = re.compile(r"last day|末日|月末")
_MONTH_DAY = re.compile(r"([0-9]{2})-([0-9]{2})")
_BEGINS = re.compile(r"毎(?:週|月|年)の?")
_OF_MONTH = re.compile(rf"(.+) of ({'|'.join(_MONTHS)})|([0-9]{{1,2}})月の?(.+)")
_WEEKDAY = re.compile(rf"({'|'.join(_WEEKDAYS)})|([{_WEEKDAYS_JA}])曜日?")
_WHICH = re.compile(rf"({'|'.join(_ORDINALS)}) (.+)|第([1-5])(.+)|(last) (.+)|(最終)の?(.+)")


def read_day(text: str, every: Every) -> Day:
    """The day that a text names.

    Args:
        every: of what it is a day.
    Raises:
        BadDay: with an example of what would be read.
    """
    plain = _BEGINS.sub("", " ".join(unicodedata.normalize("NFKC", text).lower().split()), count=1)
    found = _in_week(plain) if every is Every.WEEK else _in_month(plain) if every is Every.MONTH else _in_year(plain)
    if found is None:
        raise BadDay(text, every)
    return found


def read_recurrence(every: Every, days: Iterable[str], roll: str = "none") -> Recurrence:
    """The rule of a series whose days are given as texts.

    Raises:
        BadDay: one is read as no day, or there is none.
    """
    read = tuple(dict.fromkeys(read_day(text, every) for text in days))
    if not read:
        raise BadDay("", every)
    return Recurrence(every=every, on=read, roll=roll)


def _in_week(text: str) -> Day | None:
    weekday = _weekday(text)
    return None if weekday is None else Day(weekday=weekday)


def _in_month(text: str, *, longest: int = 31) -> Day | None:
    if _LAST_DAY.fullmatch(text):
        return Day(number=-1)
    if match := _DAY.fullmatch(text):
        number = int(match[1] or match[2])
        return Day(number=number) if 1 <= number <= longest else None
    match = _WHICH.fullmatch(text)
    which, name = [part for part in match.groups() if part] if match else ("", "")
    weekday = _weekday(name)
    if weekday is None:
        return None
    if which in _ORDINALS:
        return Day(weekday=weekday, number=_ORDINALS.index(which) + 1)
    return Day(weekday=weekday, number=int(which) if which.isdigit() else -1)


def _in_year(text: str) -> Day | None:
    if match := _MONTH_DAY.fullmatch(text):
        month, rest = int(match[1]), str(int(match[2]))
    elif match := _OF_MONTH.fullmatch(text):
        month = _MONTHS.index(match[2]) + 1 if match[2] else int(match[3])
        rest = match[1] or match[4]
    else:
        return None
    if not 1 <= month <= 12:
        return None
    found = _in_month(rest, longest=_LONGEST[month - 1])
    return None if found is None else Day(month=month, weekday=found.weekday, number=found.number)


def _weekday(text: str) -> int | None:
    match = _WEEKDAY.fullmatch(text)
    if match is None:
        return None
    return _WEEKDAYS.index(match[1]) if match[1] else _WEEKDAYS_JA.index(match[2])

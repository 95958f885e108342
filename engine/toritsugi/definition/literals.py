"""Reading numbers, dates and moments as people in an office write them.

Used by the guard language (a literal in a rule) and by data values (a cell of a form). Every function takes text that
`fold` has already been through and raises ValueError with no part of the text in its message: the text may be personal.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from toritsugi.definition.patterns import Pattern
from toritsugi.definition.types import LARGEST_INTEGER

#: Reads folded text into a stored value, or raises ValueError.
Reader = Callable[[str], str | int]

_SIGNS = str.maketrans({"−": "-", "‐": "-", "‑": "-", "–": "-", "―": "-", "、": ",", "，": ","})
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_WEEKDAYS = "月火水木金土日"
_UNITS = {"": 1, "千": 1_000, "万": 10_000, "億": 100_000_000}

#: First and last day of each era; the letter is the one used on forms.
#: Source: 改元の詔書・政令 (明治 from 1868-10-23, 大正 1912-07-30, 昭和 1926-12-25, 平成 1989-01-08, 令和 2019-05-01).
_ERAS = {
    "明治": ("M", date(1868, 10, 23), date(1912, 7, 30)),
    "大正": ("T", date(1912, 7, 30), date(1926, 12, 25)),
    "昭和": ("S", date(1926, 12, 25), date(1989, 1, 7)),
    "平成": ("H", date(1989, 1, 8), date(2019, 4, 30)),
    "令和": ("R", date(2019, 5, 1), date.max),
}
_ERA_BY_SIGN = {sign: era for era, (letter, _, _) in _ERAS.items() for sign in (era, era[0], letter, letter.lower())}

_ERA_WORD = "|".join(_ERAS)
_NUMBER = r"[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+"

#: A date as a rule may contain it (after folding): 2026-04-01, 2026/4/1, 2026年4月1日, 令和8年4月1日.
DATE_IN_RULE = Pattern(
    r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?![0-9])|[0-9]{4}/[0-9]{1,2}/[0-9]{1,2}(?![0-9])"
    rf"|(?:[0-9]{{4}}|(?:{_ERA_WORD})(?:[0-9]{{1,2}}|元))年[0-9]{{1,2}}月[0-9]{{1,2}}日"
)
#: A moment as a rule may contain it: ISO 8601 with an offset.
MOMENT_IN_RULE = Pattern(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?(?:Z|[+-][0-9]{2}:[0-9]{2})"
)
#: A whole number as a rule may contain it; the second group is 万 or 億.
NUMBER_IN_RULE = Pattern(rf"({_NUMBER})(万|億)?")

_INTEGER = Pattern(rf"([+-]?)({_NUMBER})")
_YEN = Pattern(rf"([+-]?) ?[¥\\]? ?([+-]?)({_NUMBER}) ?(千|万|億)? ?(?:円|yen|jpy)?(?:也)?", re.IGNORECASE)
_GREGORIAN = Pattern(r"([0-9]{4}) ?(?:([-/.]) ?([0-9]{1,2}) ?\2 ?([0-9]{1,2})|年 ?([0-9]{1,2}) ?月 ?([0-9]{1,2}) ?日)")
_JAPANESE = Pattern(
    rf"({_ERA_WORD}|[明大昭平令MTSHRmtshr]) ?([0-9]{{1,2}}|元) ?"
    r"(?:([-/.]) ?([0-9]{1,2}) ?\3 ?([0-9]{1,2})|年 ?([0-9]{1,2}) ?月 ?([0-9]{1,2}) ?日)"
)
_WEEKDAY = Pattern(rf" ?\(([{_WEEKDAYS}])(?:曜日?)?\)$")
_MOMENT = Pattern(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?) ?(Z|[+-][0-9]{2}:?[0-9]{2})"
)
#: the same without an offset, by the clocks of Japan: 2026/11/22 13:50, 令和8年11月22日(日)13時50分, 2026-11-22 午後1時半.
_IN_JAPAN = Pattern(
    r"(.*[0-9日)])(?:(?<=[日)]) ?の? ?|[T ])(?:(午前|午後) ?)?"
    r"([0-9]{1,2})(?::([0-9]{2})(?::([0-9]{2}))?| ?時(?: ?(?:([0-9]{1,2}) ?分(?: ?([0-9]{1,2}) ?秒)?|(半)))?)"
)
#: Japan has had no summer time since 1951.
_JST_HOURS = 9


def fold(text: str) -> str:
    """`text` with full-width letters, digits and signs made plain (NFKC), dashes made one, and spaces made single."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(_SIGNS).split())


def read_integer(text: str) -> int:
    """A whole number, commas between thousands allowed."""
    match = _INTEGER.fullmatch(text)
    if match is None:
        raise ValueError("not a whole number")
    return bounded(number(match[2]) * (-1 if match[1] == "-" else 1))


def read_yen(text: str) -> int:
    """Whole yen: 1,000,000 / 1,000,000円 / ¥1,000,000 / 100万円 / 1000000 yen."""
    match = _YEN.fullmatch(text.replace("▲", "-").replace("△", "-"))
    if match is None or (match[1] and match[2]):
        raise ValueError("not an amount in yen")
    return bounded(number(match[3], match[4] or "") * (-1 if "-" in (match[1], match[2]) else 1))


def number(digits: str, unit: str = "") -> int:
    """The value of `digits` (commas allowed) times `unit` (千, 万, 億)."""
    return int(digits.replace(",", "")[:40]) * _UNITS[unit]


def bounded(value: int) -> int:
    """`value`, when it is small enough to be stored exactly."""
    if abs(value) > LARGEST_INTEGER:
        raise ValueError("the number is too large")
    return value


def read_date(text: str) -> str:
    """ISO text of a day written 2026-04-24, 2026/4/24, 2026年4月24日, 令和8年4月24日 or R8.4.24.

    A weekday behind it, "(金)", must be the right one; a day of an era must lie in that era.
    """
    weekday = _WEEKDAY.search(text)
    day = _day(text[: weekday.start()] if weekday else text)
    if weekday and _WEEKDAYS[day.weekday()] != weekday[1]:
        raise ValueError("the weekday does not fit the date")
    return day.isoformat()


def _day(text: str) -> date:
    if match := _GREGORIAN.fullmatch(text):
        return date(int(match[1]), int(match[3] or match[5]), int(match[4] or match[6]))
    if match := _JAPANESE.fullmatch(text):
        _, first, last = _ERAS[_ERA_BY_SIGN[match[1]]]
        year = first.year - 1 + (1 if match[2] == "元" else int(match[2]))
        day = date(year, int(match[4] or match[6]), int(match[5] or match[7]))
        if first <= day <= last:
            return day
        raise ValueError("the date lies outside its era")
    raise ValueError("not a date")


def read_moment(text: str) -> int:
    """Microseconds since the epoch of an ISO 8601 moment with its offset (2026-04-24T18:30+09:00), or of a date and time.

    A date and time without an offset, as an office writes them (2026/4/24 18:30, 令和8年4月24日18時30分), are Japan's.
    """
    if match := _MOMENT.fullmatch(text):
        moment = datetime.fromisoformat(f"{match[1]}T{match[2]}{match[3]}")
        return (moment - _EPOCH) // timedelta(microseconds=1)
    match = _IN_JAPAN.fullmatch(text)
    if match is None:
        raise ValueError("not a date and a time of day")
    hour, minute, second = int(match[3]), int(match[4] or match[6] or 0), int(match[5] or match[7] or 0)
    if match[2] and hour > 12:
        raise ValueError("not a time of day")
    hour += 12 if match[2] == "午後" and hour < 12 else 0
    day = date.fromisoformat(read_date(match[1]))
    clock = datetime(day.year, day.month, day.day, hour, 30 if match[8] else minute, second, tzinfo=UTC)
    return (clock - timedelta(hours=_JST_HOURS) - _EPOCH) // timedelta(microseconds=1)


def moment_text(moment: int, offset_minutes: int = 0) -> str:
    """ISO 8601 text of `moment` (microseconds since the epoch) as seen at an offset from UTC."""
    shown = (_EPOCH + timedelta(microseconds=moment, minutes=offset_minutes)).replace(tzinfo=None)
    sign, (hours, minutes) = "-" if offset_minutes < 0 else "+", divmod(abs(offset_minutes), 60)
    text = shown.isoformat(timespec="auto" if shown.microsecond else "seconds" if shown.second else "minutes")
    return f"{text}{sign}{hours:02}:{minutes:02}"


#: An embedder's companies are institutions too, by whatever id it has for them.
INSTITUTION_ID = Pattern(r"[A-Za-z0-9_][A-Za-z0-9_.:-]{0,119}")


def read_institution(text: str) -> str:
    """The id of an institution, as written."""
    if not INSTITUTION_ID.fullmatch(text.strip()):
        raise ValueError("not the id of an institution")
    return text.strip()


def read_corporate_number(text: str) -> str:
    """13 digits whose check digit is right; hyphens and spaces are dropped.

    Source: 法人番号の指定等に関する省令 (平成 26 年財務省令第 70 号) 第 2 条.
    """
    digits = re.sub(r"[- ]", "", text)
    if not re.fullmatch(r"[0-9]{13}", digits):
        raise ValueError("a corporate number has 13 digits")
    if int(digits[0]) != check_digit(digits[1:]):
        raise ValueError("the check digit of the corporate number is wrong")
    return digits


def check_digit(base: str) -> int:
    """The first digit of a corporate number, from its other twelve.

    Counted from the right, digits at even places weigh 2 and the others 1; the check digit is 9 - (sum mod 9).
    """
    return 9 - sum(int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(base))) % 9

"""Moments and dates in Japan: integer microseconds UTC on one side, JST dates as people write them on the other."""

import unicodedata
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

__all__ = [
    "DAY_US",
    "BadMoment",
    "Locale",
    "format_clock",
    "format_date",
    "format_moment",
    "iso_moment",
    "jst_date",
    "jst_midnight",
    "jst_time",
    "parse_moment",
    "weekday_name",
]

Locale = Literal["ja", "en"]

#: Microseconds in a day. Japan has had no summer time since 1951, so every JST day is this long (CAL-1).
DAY_US = 86_400_000_000
_JST_US = 9 * 3_600_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_MICROSECOND = timedelta(microseconds=1)

_WEEKDAYS_JA = "月火水木金土日"
_WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
#: Every minute of a day; written once because arming a deadline asks for one each time.
_CLOCK = tuple(f"{minute // 60:02}:{minute % 60:02}" for minute in range(1440))
#: First day of each era, newest first (元号を改める政令).
_ERAS = ((date(2019, 5, 1), "令和"), (date(1989, 1, 8), "平成"), (date(1926, 12, 25), "昭和"))


class BadMoment(ValueError):
    """A text that is not one unambiguous moment; `ja` and `en` say what is wrong and what would do."""

    def __init__(self, text: str, *, ja: str, en: str) -> None:
        self.text = text[:60]
        self.ja = ja
        self.en = en
        super().__init__(f"{ja} / {en}")


def jst_date(moment_us: int) -> date:
    """The date in Japan at `moment_us` (microseconds since the epoch, UTC)."""
    return date.fromordinal(_EPOCH_ORDINAL + (moment_us + _JST_US) // DAY_US)


def jst_time(moment_us: int) -> time:
    """The time of day in Japan at `moment_us`, to the microsecond."""
    seconds, micro = divmod((moment_us + _JST_US) % DAY_US, 1_000_000)
    return time(seconds // 3600, seconds // 60 % 60, seconds % 60, micro)


def jst_midnight(day: date) -> int:
    """The moment at which `day` begins in Japan, in microseconds UTC."""
    return (day.toordinal() - _EPOCH_ORDINAL) * DAY_US - _JST_US


def parse_moment(text: str) -> int:
    """Microseconds UTC of an ISO 8601 date and time with an offset, such as `2026-04-24T18:30+09:00`.

    Full-width characters are accepted. A fraction finer than a microsecond is cut off.

    Raises:
        BadMoment: not ISO 8601, a bare date, or no offset (whose clock was it?).
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    try:
        stamp = datetime.fromisoformat(plain)
    except ValueError:
        raise _not_a_moment(plain) from None
    if stamp.tzinfo is None:
        raise _without_offset(plain)
    return (stamp - _EPOCH) // _MICROSECOND


def _not_a_moment(text: str) -> BadMoment:
    return BadMoment(
        text,
        ja=f"「{text[:60]}」は日時として読めません。例：2026-04-24T18:30+09:00",
        en=f"'{text[:60]}' is not a date and time; write for example 2026-04-24T18:30+09:00",
    )


def _without_offset(text: str) -> BadMoment:
    suggestion = f"{text[:60]}+09:00" if len(text) > 10 else f"{text[:60]}T00:00+09:00"
    return BadMoment(
        text,
        ja=f"「{text[:60]}」には時刻または時差がなく、どの瞬間か決まりません。日本時間なら {suggestion} と書いてください",
        en=f"'{text[:60]}' lacks a time or an offset from UTC, so it names no one moment; for Japan write {suggestion}",
    )


def iso_moment(moment_us: int) -> str:
    """ISO 8601 in Japanese time, e.g. `2026-04-24T18:30:00+09:00`; `parse_moment` reads it back exactly."""
    return f"{jst_date(moment_us).isoformat()}T{jst_time(moment_us).isoformat()}+09:00"


def weekday_name(day: date, locale: Locale) -> str:
    """金 or Fri."""
    return _WEEKDAYS_JA[day.weekday()] if locale == "ja" else _WEEKDAYS_EN[day.weekday()]


def format_date(day: date, locale: Locale, *, year: bool = True, weekday: bool = True, era: bool = False) -> str:
    """A date as people write it: 2026年4月24日(金), 令和8年4月24日(金), 4月24日(金); Fri 2026-04-24, Fri 4/24.

    Args:
        era: Japanese only: 令和 and its predecessors back to 1926-12-25; earlier dates keep the western year.
    """
    if locale == "ja":
        written = f"{day.month}月{day.day}日" if not year else f"{_year_ja(day, era)}年{day.month}月{day.day}日"
        return f"{written}({_WEEKDAYS_JA[day.weekday()]})" if weekday else written
    written = day.isoformat() if year else f"{day.month}/{day.day}"
    return f"{_WEEKDAYS_EN[day.weekday()]} {written}" if weekday else written


def _year_ja(day: date, era: bool) -> str:
    if era:
        for first, name in _ERAS:
            if day >= first:
                return name + ("元" if day.year == first.year else str(day.year - first.year + 1))
    return str(day.year)


def format_clock(moment_us: int) -> str:
    """Time of day in Japan: 18:30, or 23:59:59 where seconds matter; never rounded up."""
    minutes, seconds = divmod((moment_us + _JST_US) % DAY_US // 1_000_000, 60)
    return f"{_CLOCK[minutes]}:{seconds:02}" if seconds else _CLOCK[minutes]


def format_moment(moment_us: int, locale: Locale, *, year: bool = True, era: bool = False) -> str:
    """A moment as people in Japan write it: 2026年4月24日(金)18:30, or Fri 2026-04-24 18:30 (always JST)."""
    day = format_date(jst_date(moment_us), locale, year=year, era=era)
    return f"{day}{format_clock(moment_us)}" if locale == "ja" else f"{day} {format_clock(moment_us)}"

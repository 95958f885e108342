"""Builds each institution's Calendar: Japan's holidays, plus the closures its manifest gives as data.

Closures are mappings, as they stand in a manifest:

    {from: "12-29", to: "01-03", title: {ja: 年末年始休業, en: Year-end closure}}     every year, across New Year too
    {from: "2026-08-12", to: "2026-08-14", title: {...}}                              once
    {on: "2026-10-01", title: {...}}   {on: "10-01", title: {...}}                    one day, once or every year
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta
from functools import lru_cache
from typing import Any

from toritsugi.core.calendar import Acceptance, Calendar, ClosedBecause, Closure
from toritsugi.definition.recurring import Recurrence
from toritsugi.definition.types import Title

__all__ = [
    "DEFAULT_YEARS",
    "PUBLISHED_THROUGH",
    "YEAR_END_CLOSURE",
    "BadClosure",
    "build_calendar",
    "national_holidays",
]

#: Last day of the Cabinet Office's list of national holidays (内閣府「国民の祝日」). The list is extended by a year
#: each February, when the equinoxes of the next year are announced in the official gazette; that of 2 February 2026
#: covers 2027. Later holidays are computed from the law and the expected equinoxes.
PUBLISHED_THROUGH = date(2027, 12, 31)

#: First and last year of a table, both included.
DEFAULT_YEARS = (2010, 2035)

#: CAL-3: closed by default at JETRO, Shinkin Central Bank, Kosha, SMRJ and the secretariat.
YEAR_END_CLOSURE: Mapping[str, Any] = {
    "from": "12-29",
    "to": "01-03",
    "title": {"ja": "年末年始休業", "en": "Year-end closure"},
}

_KINDS = {"振替休日": ClosedBecause.substitute, "国民の休日": ClosedBecause.citizens}
_ENGLISH = {"振替休日": "Substitute holiday", "国民の休日": "Citizens' holiday"}
_EVERY_YEAR = re.compile(r"(\d{2})-(\d{2})")


class BadClosure(ValueError):
    """A closure in a manifest that cannot be read; `ja` and `en` say what is wrong."""

    def __init__(self, *, ja: str, en: str) -> None:
        self.ja = ja
        self.en = en
        super().__init__(f"{ja} / {en}")


def build_calendar(
    institution: str,
    title: Title,
    *,
    closures: Sequence[Mapping[str, Any]] = (YEAR_END_CLOSURE,),
    acceptance: Acceptance | str = Acceptance.next_open_day,
    cutoff: time | str | None = None,
    years: tuple[int, int] = DEFAULT_YEARS,
    known_through: date = PUBLISHED_THROUGH,
    recurring: Mapping[str, Recurrence] | None = None,
) -> Calendar:
    """The calendar of one institution, built once for each set of arguments.

    Args:
        closures: as in the first lines of this file; `()` turns the year-end closure off.
        cutoff: time of day in Japan, "17:30" or a time; None: none.
        years: first and last year of the table, both included; within 1950 to 2099, where holidays are known.
        recurring: the institution's own rules for recurring days, by the id of the series.
    Raises:
        BadClosure: a closure that cannot be read.
    """
    own = tuple(sorted((recurring or {}).items(), key=lambda one: one[0]))
    at = time.fromisoformat(cutoff) if isinstance(cutoff, str) else cutoff
    given = json.dumps([dict(closure) for closure in closures], ensure_ascii=False, sort_keys=True, default=str)
    return _build(institution, title, given, Acceptance(acceptance), at, years, known_through, own)


@lru_cache(maxsize=256)
def _build(
    institution: str,
    title: Title,
    closures: str,
    acceptance: Acceptance,
    cutoff: time | None,
    years: tuple[int, int],
    known_through: date,
    recurring: tuple[tuple[str, Recurrence], ...],
) -> Calendar:
    closed: dict[date, Closure] = {}
    for closure in json.loads(closures):
        closed.update(_days_of(closure, years))
    closed.update(national_holidays(years))  # last: a day's own name goes before the institution's closure
    return Calendar(
        id=institution,
        title=title,
        first=date(years[0], 1, 1),
        last=date(years[1], 12, 31),
        known_through=known_through,
        closures=closed,
        acceptance=acceptance,
        cutoff=cutoff,
        recurring=dict(recurring),
    )


@lru_cache(maxsize=16)
def national_holidays(years: tuple[int, int] = DEFAULT_YEARS) -> Mapping[date, Closure]:
    """国民の祝日, 振替休日 and 国民の休日 of the years given (both included), with their names."""
    import holidays  # costs about as much as the rest of a short command: only who needs a calendar pays

    span = range(years[0], years[1] + 1)
    japanese = holidays.country_holidays("JP", years=span, language="ja")
    english = holidays.country_holidays("JP", years=span, language="en_US")
    return {day: _holiday(japanese[day], english[day]) for day in sorted(japanese) if day.year in span}


def _holiday(ja: str, en: str) -> Closure:
    kind = _KINDS.get(ja, ClosedBecause.national_holiday)
    return Closure(kind=kind, title=Title(ja=ja, en=_ENGLISH.get(ja, en)))


def _days_of(closure: Mapping[str, Any], years: tuple[int, int]) -> dict[date, Closure]:
    first, last = _ends(closure)
    because = Closure(kind=ClosedBecause.institution, title=_title(closure))
    if (begin := _EVERY_YEAR.fullmatch(first)) and (end := _EVERY_YEAR.fullmatch(last)):
        days = _every_year(_month_day(begin, closure), _month_day(end, closure), years)
    else:
        days = _span(_iso(first, closure), _iso(last, closure), closure)
    return {day: because for day in days if years[0] <= day.year <= years[1]}


def _ends(closure: Mapping[str, Any]) -> tuple[str, str]:
    keys = set(closure) - {"title"}
    if keys == {"on"}:
        return str(closure["on"]), str(closure["on"])
    if keys == {"from", "to"}:
        return str(closure["from"]), str(closure["to"])
    raise _bad(closure, "on、または from と to のどちらかを書いてください", "give either `on`, or `from` and `to`")


def _title(closure: Mapping[str, Any]) -> Title:
    title = closure.get("title")
    if isinstance(title, Mapping) and title.get("ja") and title.get("en"):
        return Title(ja=str(title["ja"]), en=str(title["en"]))
    raise _bad(closure, "title に ja と en を書いてください", "give `title` in ja and en")


def _month_day(found: re.Match[str], closure: Mapping[str, Any]) -> tuple[int, int]:
    month, day = int(found[1]), int(found[2])
    try:
        date(2000, month, day)  # a leap year: 02-29 closes only where it exists
    except ValueError:
        raise _bad(closure, f"{found[0]}という日はありません", f"there is no day {found[0]}") from None
    return month, day


def _every_year(begin: tuple[int, int], end: tuple[int, int], years: tuple[int, int]) -> list[date]:
    """Every day of the table from `begin` to `end` (month, day), both included, across New Year when `end` is first."""
    ordinals = range(date(years[0], 1, 1).toordinal(), date(years[1], 12, 31).toordinal() + 1)
    days = (date.fromordinal(ordinal) for ordinal in ordinals)
    if begin <= end:
        return [day for day in days if begin <= (day.month, day.day) <= end]
    return [day for day in days if (day.month, day.day) >= begin or (day.month, day.day) <= end]


def _span(first: date, last: date, closure: Mapping[str, Any]) -> list[date]:
    if last < first:
        raise _bad(closure, "to が from より前です", "`to` lies before `from`")
    if (last - first).days > 366:
        raise _bad(closure, "休業が1年を超えています", "a closure longer than a year")
    return [first + timedelta(days=i) for i in range((last - first).days + 1)]


def _iso(text: str, closure: Mapping[str, Any]) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise _bad(
            closure,
            f"「{text[:20]}」は MM-DD（毎年）でも YYYY-MM-DD でもなく、または from と to の形が違います",
            f"'{text[:20]}' is neither MM-DD (every year) nor YYYY-MM-DD, or `from` and `to` differ in form",
        ) from None


def _bad(closure: Mapping[str, Any], ja: str, en: str) -> BadClosure:
    shown = json.dumps(dict(closure), ensure_ascii=False, default=str)[:100]
    return BadClosure(ja=f"休業 {shown}：{ja}", en=f"closure {shown}: {en}")

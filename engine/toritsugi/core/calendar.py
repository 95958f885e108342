"""One institution's calendar: which days are open, when something is accepted, how business days are counted.

Business days are counted on a table built once: every open day's ordinal, in order. Counting is then a bisect and an
index, whatever the number. The rules are CAL-1 to CAL-6; where days are closed is data, given by whoever builds it.
"""

import hashlib
import json
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from enum import StrEnum
from types import MappingProxyType

from toritsugi.core.moments import jst_date, jst_time
from toritsugi.definition.recurring import Recurrence
from toritsugi.definition.types import Title

__all__ = ["Acceptance", "Calendar", "CalendarTooShort", "ClosedBecause", "Closure", "Skipped"]

_SATURDAY = 5


class CalendarTooShort(ValueError):
    """The calendar's data ends before the answer does; build it with more years."""

    def __init__(self, calendar_id: str, first: date, last: date) -> None:
        self.calendar_id = calendar_id
        self.first = first
        self.last = last
        self.ja = f"カレンダー「{calendar_id}」は{first}から{last}までしかなく、この計算に足りません"
        self.en = f"calendar '{calendar_id}' covers {first} to {last}, which is too short for this count"
        super().__init__(f"{self.ja} / {self.en}")


class ClosedBecause(StrEnum):
    """Why a day is closed (CAL-2), the day's own name first: a holiday on a Sunday is a national holiday."""

    national_holiday = "national_holiday"
    #: 振替休日: the next day that is not itself a holiday, when a holiday falls on a Sunday.
    substitute = "substitute"
    #: 国民の休日: a day between two holidays.
    citizens = "citizens"
    #: the institution's own closure, such as year-end.
    institution = "institution"
    weekend = "weekend"


class Acceptance(StrEnum):
    """Which day counts as the day of acceptance when something arrives on a closed day (CAL-4)."""

    next_open_day = "next_open_day"
    #: The closed day itself, so that day 1 is the next open day.
    arrival_date = "arrival_date"


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """Why one day is closed, with the name people know it by."""

    kind: ClosedBecause
    title: Title


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A closed day that a count passed over."""

    date: date
    closure: Closure

    @property
    def reason(self) -> Title:
        """The closure's name: 昭和の日 / Showa Day, 土曜日 / Saturday."""
        return self.closure.title


_SATURDAY_CLOSED = Closure(kind=ClosedBecause.weekend, title=Title(ja="土曜日", en="Saturday"))
_SUNDAY_CLOSED = Closure(kind=ClosedBecause.weekend, title=Title(ja="日曜日", en="Sunday"))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Calendar:
    """The open and closed days of one institution, in Japanese time. Equal calendars have equal `content_hash`."""

    id: str
    title: Title
    #: First and last day the table covers.
    first: date
    last: date
    #: Last day for which the official list of holidays is published; later holidays are computed (未公表).
    known_through: date
    #: Holidays and the institution's own closures; weekends are not listed.
    closures: Mapping[date, Closure] = field(repr=False)
    acceptance: Acceptance = Acceptance.next_open_day
    #: Arrivals strictly after this time of day count as arrivals of the next calendar day; None: no cut-off.
    cutoff: time | None = None
    #: The institution's own rules for recurring days, by the id of the series: they go before a procedure's.
    recurring: Mapping[str, Recurrence] = field(default_factory=dict)
    #: sha256 over everything that can change an answer; a deadline stores it.
    content_hash: str = field(init=False, repr=False)
    _open: tuple[date, ...] = field(init=False, repr=False)
    _open_ordinals: tuple[int, ...] = field(init=False, repr=False)
    _closed: tuple[Skipped, ...] = field(init=False, repr=False)
    _closed_ordinals: tuple[int, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"calendar {self.id!r} ends before it begins")
        # A copy nobody else holds: the hash below must stay true.
        self._fill("closures", MappingProxyType(dict(self.closures)))
        self._fill("recurring", MappingProxyType(dict(self.recurring)))
        opened: list[date] = []
        closed: list[Skipped] = []
        for ordinal in range(self.first.toordinal(), self.last.toordinal() + 1):
            day = date.fromordinal(ordinal)
            closure = self.closures.get(day) or _weekend(day)
            if closure is None:
                opened.append(day)
            else:
                closed.append(Skipped(date=day, closure=closure))
        self._fill("_open", tuple(opened))
        self._fill("_open_ordinals", tuple(day.toordinal() for day in opened))
        self._fill("_closed", tuple(closed))
        self._fill("_closed_ordinals", tuple(entry.date.toordinal() for entry in closed))
        self._fill("content_hash", self._hash())

    def _fill(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)

    def _hash(self) -> str:
        inside = sorted((day, closure) for day, closure in self.closures.items() if self.covers(day))
        content: dict[str, object] = {
            "format": "toritsugi-calendar-1",
            "id": self.id,
            "time_zone": "+09:00",
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "known_through": self.known_through.isoformat(),
            "acceptance": self.acceptance.value,
            "cutoff": self.cutoff.isoformat() if self.cutoff else None,
            "closures": [[day.isoformat(), why.kind.value, why.title.ja, why.title.en] for day, why in inside],
        }
        if self.recurring:
            content["recurring"] = {id_: rule.text("en") for id_, rule in self.recurring.items()}
        canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Calendar) and self.content_hash == other.content_hash

    def __hash__(self) -> int:
        return hash(self.content_hash)

    def covers(self, day: date) -> bool:
        """Whether the table knows this day."""
        return self.first <= day <= self.last

    def is_open(self, day: date) -> bool:
        """Whether `day` is a business day. Raises CalendarTooShort outside the table."""
        return self.why_closed(day) is None

    def why_closed(self, day: date) -> Closure | None:
        """What closes `day`; None: it is open. Raises CalendarTooShort outside the table."""
        self._require(day)
        return self.closures.get(day) or _weekend(day)

    def next_open(self, day: date) -> date:
        """The first business day on or after `day`."""
        self._require(day)
        return self._open_at(bisect_left(self._open_ordinals, day.toordinal()))

    def previous_open(self, day: date) -> date:
        """The last business day on or before `day`."""
        self._require(day)
        return self._open_at(bisect_right(self._open_ordinals, day.toordinal()) - 1)

    def arrival_day(self, moment_us: int) -> date:
        """The JST date an arrival counts as: the next calendar day when it came strictly after the cut-off."""
        day = jst_date(moment_us)
        if self.cutoff is not None and jst_time(moment_us) > self.cutoff:
            return day + timedelta(days=1)
        return day

    def accepted_on(self, moment_us: int) -> date:
        """The day of acceptance (受付日) of what arrived at `moment_us`, by CAL-4."""
        return self.accepted_from(self.arrival_day(moment_us))

    def accepted_from(self, arrival: date) -> date:
        """The day of acceptance of what counts as arrived on the date `arrival`."""
        return arrival if self.acceptance is Acceptance.arrival_date else self.next_open(arrival)

    def count_forward(self, start: date, n: int) -> date:
        """Business day number `n` after `start`, which itself is not counted (CAL-5). n: 1 or more."""
        self._require(start)
        return self._open_at(bisect_right(self._open_ordinals, start.toordinal()) + _at_least_one(n) - 1)

    def count_backward(self, anchor: date, n: int) -> date:
        """Business day number `n` before `anchor`, which itself is not counted (CAL-6). n: 1 or more."""
        self._require(anchor)
        return self._open_at(bisect_left(self._open_ordinals, anchor.toordinal()) - _at_least_one(n))

    def open_between(self, after: date, before: date) -> tuple[date, ...]:
        """The business days strictly between two dates, in order."""
        low = bisect_right(self._open_ordinals, after.toordinal())
        return self._open[low : bisect_left(self._open_ordinals, before.toordinal())]

    def closed_between(self, after: date, before: date) -> tuple[Skipped, ...]:
        """The closed days strictly between two dates, weekends included, in order."""
        low = bisect_right(self._closed_ordinals, after.toordinal())
        return self._closed[low : bisect_left(self._closed_ordinals, before.toordinal())]

    def _open_at(self, index: int) -> date:
        if not 0 <= index < len(self._open):  # a negative index would silently count from the far end
            raise CalendarTooShort(self.id, self.first, self.last)
        return self._open[index]

    def _require(self, day: date) -> None:
        if not self.first <= day <= self.last:
            raise CalendarTooShort(self.id, self.first, self.last)


def _at_least_one(n: int) -> int:
    if n < 1:
        raise ValueError(f"business days are counted from 1, not {n}")
    return n


def _weekend(day: date) -> Closure | None:
    weekday = day.weekday()
    if weekday < _SATURDAY:
        return None
    return _SATURDAY_CLOSED if weekday == _SATURDAY else _SUNDAY_CLOSED

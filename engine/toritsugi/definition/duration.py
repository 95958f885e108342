"""Lengths of time as a manual words them ("7 business days", 出発の4営業日前): a type of its own, read and written here."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from toritsugi.definition.patterns import Pattern

__all__ = ["MAX_COUNT", "BadDuration", "Direction", "Duration", "IsoDurationRefused", "Unit", "parse_duration"]

#: Longest count of any unit; ten years of calendar days.
MAX_COUNT = 3650


class Unit(StrEnum):
    """What is counted. Business days need a calendar; the others are pure calendar arithmetic (CAL-7, CAL-8)."""

    business_days = "business_days"
    calendar_days = "calendar_days"
    weeks = "weeks"
    months = "months"
    years = "years"


class Direction(StrEnum):
    """Counted forward from a start (CAL-5) or back from an anchor (CAL-6)."""

    after = "after"
    before = "before"


_WORDS_EN = {
    Unit.business_days: "business day",
    Unit.calendar_days: "calendar day",
    Unit.weeks: "week",
    Unit.months: "month",
    Unit.years: "year",
}
_WORDS_JA = {
    Unit.business_days: "営業日",
    Unit.calendar_days: "日",
    Unit.weeks: "週間",
    Unit.months: "か月",
    Unit.years: "年",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Duration:
    """A count of one unit in one direction. Its text form reads back to the same value."""

    #: 1 to 3650.
    count: int
    unit: Unit
    direction: Direction = Direction.after

    def __post_init__(self) -> None:
        if not 1 <= self.count <= MAX_COUNT:
            raise _count_out_of_range(str(self.count))

    def text(self, locale: Literal["ja", "en"]) -> str:
        """7営業日, 4営業日前 / 7 business days, 4 business days before."""
        if locale == "ja":
            return f"{self.count}{_WORDS_JA[self.unit]}{'前' if self.direction is Direction.before else ''}"
        plural = "" if self.count == 1 else "s"
        return f"{self.count} {_WORDS_EN[self.unit]}{plural}{' before' if self.direction is Direction.before else ''}"

    def __str__(self) -> str:
        return self.text("en")


class BadDuration(ValueError):
    """A text that is no length of time this office uses: `ja` and `en` say why and what would be allowed."""

    def __init__(self, text: str, *, ja: str, en: str, nearest: tuple[Duration, ...] = ()) -> None:
        self.text = _shown(text)
        #: What may have been meant, likeliest first; empty when nothing is near.
        self.nearest = nearest
        self.ja = ja + (f"（もしかして：{'、'.join(near.text('ja') for near in nearest)}）" if nearest else "")
        self.en = en + (f" (did you mean {' or '.join(near.text('en') for near in nearest)}?)" if nearest else "")
        super().__init__(f"{self.ja} / {self.en}")


class IsoDurationRefused(BadDuration):
    """An ISO 8601 duration such as P7D. It cannot say whether business days or calendar days are meant."""


_ALLOWED_JA = "書き方の例：7営業日、4営業日前、6週間前、30日、3か月、2年"
_ALLOWED_EN = (
    "write for example: 7 business days, 4 business days before, 6 weeks before, 30 calendar days, 3 months, 2 years"
)

_ENGLISH = Pattern(
    r"(?P<count>[0-9]+) ?(?P<unit>(?:business|calendar) days?|weeks?|months?|years?)(?: (?P<direction>before|after))?",
    re.IGNORECASE,
)
#: 出発の4営業日前まで: whatever stands before the last の names the anchor, which the procedure gives elsewhere.
_JAPANESE = Pattern(
    r"(?:[^0-9]{1,30}の)?(?P<count>[0-9]+) ?(?P<unit>営業日|暦日|日間?|週間?|(?:か|カ|ヵ|ヶ|ケ|箇)月間?|年間?)"
    r"(?P<direction>前|後|以内)?(?:まで|に|までに)?"
)
#: 日 without 営業 is a calendar day in Japanese usage (民法 140 to 143 条); English "days" is asked about instead.
_UNIT_OF_JAPANESE = {"営": Unit.business_days, "暦": Unit.calendar_days, "日": Unit.calendar_days, "週": Unit.weeks}
_UNIT_OF_ENGLISH = {word[0]: unit for unit, word in _WORDS_EN.items()}
_ISO = Pattern(r"[+-]?P(?=.)(?:[0-9.,]+[YMWD])*(?:T(?:[0-9.,]+[HMS])+)?", re.IGNORECASE)


def parse_duration(text: str) -> Duration:
    """Read "7 business days", "4 business days before", 7営業日以内, 出発の4営業日前, 6週間前, 30日, 3か月, 2年.

    Full-width digits and spaces are accepted. A Japanese 日 alone means calendar days; English "days" alone is refused
    with the question which are meant, because translations of manuals often lose the word "business".

    Raises:
        IsoDurationRefused: P7D and its like.
        BadDuration: anything else; the message names the nearest form.
    """
    plain = " ".join(unicodedata.normalize("NFKC", text).split())
    if found := _ENGLISH.fullmatch(plain):
        unit = _UNIT_OF_ENGLISH[found["unit"].lower()[0]]
        direction = Direction((found["direction"] or "after").lower())
        return _counted(plain, found["count"], unit, direction)
    if found := _JAPANESE.fullmatch(plain):
        return _read_japanese(plain, found)
    raise _refusal(plain)


def _read_japanese(plain: str, found: re.Match[str]) -> Duration:
    letters = found["unit"]
    unit = _UNIT_OF_JAPANESE.get(letters[0], Unit.years if letters[0] == "年" else Unit.months)
    return _counted(plain, found["count"], unit, Direction.before if found["direction"] == "前" else Direction.after)


def _counted(plain: str, digits: str, unit: Unit, direction: Direction) -> Duration:
    # The length is looked at first: int() of a thousand digits is slow on purpose.
    if len(digits) > 4 or not 1 <= int(digits) <= MAX_COUNT:
        raise _count_out_of_range(plain)
    return Duration(count=int(digits), unit=unit, direction=direction)


def _count_out_of_range(plain: str) -> BadDuration:
    return BadDuration(
        plain,
        ja=f"「{_shown(plain)}」の数は1から{MAX_COUNT}までで書いてください。{_ALLOWED_JA}",
        en=f"the count in '{_shown(plain)}' must be 1 to {MAX_COUNT}; {_ALLOWED_EN}",
    )


def _refusal(plain: str) -> BadDuration:
    nearest = _nearest(plain)
    if _ISO.fullmatch(plain):
        return IsoDurationRefused(
            plain,
            ja=f"「{_shown(plain)}」のようなISO形式は、営業日か暦日かを区別できないため使えません。{_ALLOWED_JA}",
            en=f"'{_shown(plain)}' is an ISO 8601 duration, which cannot tell business days from calendar days; "
            + _ALLOWED_EN,
            nearest=nearest,
        )
    if re.fullmatch(r"[0-9]+ ?days?(?: (?:before|after))?", plain, re.IGNORECASE):
        return BadDuration(
            plain,
            ja=f"「{_shown(plain)}」は営業日ですか、暦日ですか。どちらかを書いてください",
            en=f"'{_shown(plain)}': business days or calendar days? say which",
            nearest=nearest,
        )
    return BadDuration(
        plain,
        ja=f"「{_shown(plain)}」は期間として読めません。{_ALLOWED_JA}",
        en=f"'{_shown(plain)}' is not a length of time; {_ALLOWED_EN}",
        nearest=nearest,
    )


_HINTS = {
    "business": (Unit.business_days,),
    "working": (Unit.business_days,),
    "calendar": (Unit.calendar_days,),
    "week": (Unit.weeks,),
    "month": (Unit.months,),
    "year": (Unit.years,),
    "day": (Unit.business_days, Unit.calendar_days),
}
_ISO_HINTS = {"D": "day", "W": "week", "M": "month", "Y": "year"}
_HINTS_JA = {"営業": "business", "暦": "calendar", "週": "week", "月": "month", "年": "year", "日": "day"}


def _nearest(plain: str) -> tuple[Duration, ...]:
    """The lengths of time a refused text may have meant."""
    digits = re.search(r"[0-9]{1,4}", plain)
    hint = _hint(plain[:60])
    if digits is None or hint is None or not 1 <= int(digits[0]) <= MAX_COUNT:
        return ()
    back = "前" in plain or "before" in plain.lower()
    direction = Direction.before if back else Direction.after
    return tuple(Duration(count=int(digits[0]), unit=unit, direction=direction) for unit in _HINTS[hint])


def _hint(plain: str) -> str | None:
    if _ISO.fullmatch(plain):
        return _ISO_HINTS.get(plain[-1].upper())
    from difflib import get_close_matches  # loaded only for a fault

    for word in re.findall(r"[a-z]+", plain.lower()):
        close: list[str] = get_close_matches(word.removesuffix("s"), _HINTS, n=1, cutoff=0.75)
        if close:
            return close[0]
    return next((hint for letters, hint in _HINTS_JA.items() if letters in plain), None)


def _shown(text: str) -> str:
    return text if len(text) <= 40 else text[:40] + "…"

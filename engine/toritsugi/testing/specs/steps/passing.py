"""Steps in which time passes: to a moment, by days or business days, beyond a deadline."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from toritsugi.core.calendar import Calendar
from toritsugi.core.moments import jst_date, jst_midnight
from toritsugi.definition.types import Title
from toritsugi.testing.specs import days
from toritsugi.testing.specs.faults import SpecFault
from toritsugi.testing.specs.naming import found
from toritsugi.testing.specs.phrases import Slots
from toritsugi.testing.specs.steps.deadlines import last_of
from toritsugi.testing.specs.vocabulary import phrase
from toritsugi.testing.specs.world import World

_MINUTE = 60_000_000


@phrase(
    "act",
    r"{moment}に(?:なる|なった|至る)",
    r"(?:the time becomes|it becomes) {moment}",
    ja="令和8年5月12日0時になる",
    en="it becomes 2026-05-12 00:00",
    note=("その間に来た期限は、それぞれの時に処理される。", "Deadlines on the way fire at their own moments."),
)
def it_becomes(world: World, slots: Slots) -> None:
    _go(world, days.read_moment(slots["moment"]))


@phrase(
    "act",
    r"(?:{word}の)?{n}営業日後(?:の、?{time})?に(?:なる|なった)",
    r"{n} business days? pass(?:es)?(?: by the calendar of {word})?(?:,? to {time})?",
    ja="ジェトロの7営業日後の17時になる",
    en="7 business days pass by the calendar of JETRO, to 17:00",
    note=(
        "今日の翌営業日から数える。暦が一つに決まる手続では「ジェトロの」を省いてよい。時刻を省くと今と同じ時刻。",
        "Counted from the day after today; the institution may be left out where the procedure has one calendar.",
    ),
)
def business_days_pass(world: World, slots: Slots) -> None:
    calendar = _calendar(world, slots.get("word"))
    day = calendar.count_forward(jst_date(world.now()), max(1, int(slots["n"])))
    _go(world, days.at(day, _minutes(world, slots)))


@phrase(
    "act",
    r"{n}日後(?:の、?{time})?に(?:なる|なった)",
    r"{n} days? pass(?:es)?(?:,? to {time})?",
    ja="10日後の9時になる",
    en="10 days pass, to 09:00",
)
def days_pass(world: World, slots: Slots) -> None:
    day = jst_date(world.now()) + timedelta(days=int(slots["n"]))
    _go(world, days.at(day, _minutes(world, slots)))


@phrase(
    "act",
    r"期限「{deadline}」を過ぎる",
    r'the deadline "{deadline}" passes',
    ja="期限「企業への連絡」を過ぎる",
    en='the deadline "Contact the company" passes',
    note=("期限の日の翌日0時（日本時間）になる。", "It becomes 00:00 in Japan of the day after it."),
)
def deadline_passes(world: World, slots: Slots) -> None:
    _go(world, last_of(world, slots["deadline"]).due_at)


@phrase(
    "act",
    r"期限「{deadline}」の日の、?{time}に(?:なる|なった)",
    r'it becomes {time} on the day of the deadline "{deadline}"',
    ja="期限「企業への連絡」の日の23時59分になる",
    en='it becomes 23:59 on the day of the deadline "Contact the company"',
)
def day_of_deadline(world: World, slots: Slots) -> None:
    day = jst_date(last_of(world, slots["deadline"]).due_at) - timedelta(days=1)
    _go(world, days.at(day, days.read_minutes(slots["time"])))


def _go(world: World, moment: int) -> None:
    world.begin()
    world.pass_until(moment)


def _minutes(world: World, slots: Slots) -> int:
    if "time" in slots:
        return days.read_minutes(slots["time"])
    return (world.now() - jst_midnight(jst_date(world.now()))) // _MINUTE


def _calendar(world: World, word: str | None) -> Calendar:
    engine = world.engine
    counted = {one.calendar for one in world.procedure.deadlines.values()}
    if word is None:
        if len(counted) != 1:
            raise SpecFault("どの機関の暦か書いてください。", "Say by whose calendar.")
        return engine.calendar(counted.pop())
    titles: dict[str, Title] = {one: engine.calendar(one).title for one in engine.institutions()}
    # 「ジェトロ」 is the one of several that has to do with this procedure
    near = {one: titles[one] for one in sorted(counted & titles.keys())}
    with suppress(SpecFault):
        return engine.calendar(found(word, near, "機関", "institution"))
    return engine.calendar(found(word, titles, "機関", "institution"))

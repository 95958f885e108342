"""Steps that say how a deadline stands: when it is due, whether it was met, and how it was counted."""

from __future__ import annotations

from datetime import date

from toritsugi.core.moments import format_date
from toritsugi.definition.literals import fold
from toritsugi.definition.types import Title
from toritsugi.ports import DeadlineRecord
from toritsugi.testing.specs import days
from toritsugi.testing.specs.faults import SpecFault
from toritsugi.testing.specs.naming import found
from toritsugi.testing.specs.phrases import Slots
from toritsugi.testing.specs.vocabulary import phrase
from toritsugi.testing.specs.world import World

#: how a spec says what became of a deadline -> its status.
_STATUSES = {
    "進行中である": "armed",
    "過ぎている": "missed",
    "守られている": "met",
    "遅れて果たされている": "late",
    "取り消されている": "cancelled",
    "超過が取り消されている": "cleared",
    "停止している": "suspended",
    "is running": "armed",
    "is missed": "missed",
    "is met": "met",
    "is met late": "late",
    "is cancelled": "cancelled",
    "is cleared": "cleared",
    "is suspended": "suspended",
}
_TITLES = {
    "armed": Title(ja="進行中", en="running"),
    "missed": Title(ja="超過", en="missed"),
    "met": Title(ja="期限内", en="met"),
    "late": Title(ja="期限後", en="met late"),
    "cancelled": Title(ja="取消し", en="cancelled"),
    "cleared": Title(ja="超過取消し", en="cleared"),
    "suspended": Title(ja="停止中", en="suspended"),
}


def _named(world: World, word: str) -> str:
    titles = {one.id: one.title for one in world.procedure.deadlines.values()}
    return found(word, titles, "期限", "deadline")


def _armed(world: World, name: str) -> list[DeadlineRecord]:
    return [one for one in world.engine.views.deadlines(world.case.id) if one.name == name]


def last_of(world: World, word: str) -> DeadlineRecord:
    """The deadline called `word` as it was last started.

    Raises:
        SpecFault: it was never started.
    """
    armed = _armed(world, _named(world, word))
    if not armed:
        raise SpecFault(f"期限「{word}」は始まっていません。", f'The deadline "{word}" was not started.')
    return armed[-1]


@phrase(
    "expect",
    r"期限「{deadline}」は、?{date}である",
    r'the deadline "{deadline}" is (?:on )?{date}',
    ja="期限「企業への連絡」は令和8年5月11日(月)である",
    en='the deadline "Contact the company" is on 2026-05-11 (Mon)',
)
def is_due_on(world: World, slots: Slots) -> None:
    wanted = days.read_date(slots["date"])
    record = last_of(world, slots["deadline"])
    actual = date.fromisoformat(record.due_on)
    if actual != wanted:
        ja, en = (format_date(actual, "ja", era=True), format_date(actual, "en"))
        raise SpecFault(
            f"期限は{slots['date']}ではなく{ja}です。{record.explanation['ja']}",
            f"It is due on {en}, not on {slots['date']}. {record.explanation['en']}",
        )


@phrase(
    "expect",
    rf"期限「{{deadline}}」は、?(?P<status>{'|'.join(one for one in _STATUSES if not one.isascii())})",
    rf'the deadline "{{deadline}}" (?P<status>{"|".join(sorted((s for s in _STATUSES if s.isascii()), key=len)[::-1])})',
    ja="期限「企業への連絡」は過ぎている",
    en='the deadline "Contact the company" is missed',
    note=(
        "ほかに：" + "、".join(one for one in _STATUSES if not one.isascii()),
        "Others: " + ", ".join(one for one in _STATUSES if one.isascii()),
    ),
)
def stands(world: World, slots: Slots) -> None:
    record, wanted = last_of(world, slots["deadline"]), _STATUSES[slots["status"]]
    if record.status != wanted:
        is_, not_ = _TITLES.get(record.status, Title(ja=record.status, en=record.status)), _TITLES[wanted]
        raise SpecFault(f"期限は「{not_.ja}」ではなく「{is_.ja}」です。", f"It is {is_.en}, not {not_.en}.")


@phrase(
    "expect",
    r"期限「{deadline}」は、?(?:まだ)?始まっていない",
    r'the deadline "{deadline}" has not started',
    ja="期限「様式3の返送」は始まっていない",
    en='the deadline "Return of Form 3" has not started',
)
def has_not_started(world: World, slots: Slots) -> None:
    armed = _armed(world, _named(world, slots["deadline"]))
    if armed:
        raise SpecFault(f"期限は始まっています（{armed[-1].due_on}）。", f"It was started (due {armed[-1].due_on}).")


@phrase(
    "expect",
    r"期限「{deadline}」の数え方に、?「{text}」とある",
    r'the account of the deadline "{deadline}" says "{text}"',
    ja="期限「企業への連絡」の数え方に「昭和の日」とある",
    en='the account of the deadline "Contact the company" says "Showa Day"',
)
def is_explained(world: World, slots: Slots) -> None:
    told = last_of(world, slots["deadline"]).explanation
    if not any(fold(slots["text"]) in fold(text) for text in told.values()):
        raise SpecFault(f"そうは書かれていません：{told['ja']}", f"It does not say so: {told['en']}")

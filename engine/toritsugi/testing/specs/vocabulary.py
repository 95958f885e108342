"""The steps there are: which phrase a step is written in, what is near to it if none, and carrying it out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any, TypeVar

from toritsugi.errors import NotPossible, ToritsugiError
from toritsugi.testing.specs.faults import SpecFault
from toritsugi.testing.specs.phrases import Phrase, Skeleton, Slots, compiled, nearest
from toritsugi.testing.specs.values import Table
from toritsugi.testing.specs.world import World

F = TypeVar("F", bound=Callable[..., Any])

_PHRASES: list[Phrase] = []
#: the modules that declare phrases, in the order in which a person meets them.
_ROOMS = (
    "preparing",
    "acting",
    "sitting",
    "passing",
    "refusals",
    "standing",
    "deadlines",
    "messages",
    "seeing",
    "money",
)

#: in front of any step: another case is spoken of in this one step.
_ELSEWHERE = compiled(
    r"(?P<first>{moment}に、)?(?:案件「{case_}」|関連案件「{link}」)(?:では|については|で|の)、(?P<rest>.+)"
    r'|(?P<first2>(?:on|at) {moment2},? )?in (?:case "{case_2}"|the linked case "{link2}"),? (?P<rest2>.+)'
)


def phrase(
    purpose: str,
    *templates: str,
    ja: str,
    en: str,
    table: str = "no",
    rows: Sequence[Sequence[str]] = (),
    note: tuple[str, str] = ("", ""),
    of_refusal: bool = False,
) -> Callable[[F], F]:
    """Declare `function(world, slots)` (with `table` third, where one may stand) as what a step of this form does.

    Args:
        purpose: prepare | act | expect.
        ja, en: an example in each language, without its keyword.
        table: no | may | must.
    """

    def declare(function: F) -> F:
        made = Phrase(
            purpose=purpose,
            patterns=tuple(compiled(one) for one in templates),
            example_ja=ja,
            example_en=en,
            do=function,
            table=table,
            rows=rows,
            note_ja=note[0],
            note_en=note[1],
            of_refusal=of_refusal,
        )
        _PHRASES.append(made)
        return function

    return declare


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """A step that is written as some phrase has it."""

    phrase: Phrase
    slots: Slots
    #: case or link that the step is about, if it names one.
    case: str | None = None
    link: str | None = None


@cache
def vocabulary() -> tuple[Phrase, ...]:
    """Every phrase, in the order in which a person meets them."""
    rooms = [import_module(f"toritsugi.testing.specs.steps.{room}").__name__ for room in _ROOMS]
    return tuple(sorted(_PHRASES, key=lambda one: rooms.index(one.do.__module__)))


@cache
def understand(text: str) -> Understood | None:
    """How a step is written; None: in no way that is known."""
    whole = Skeleton.of(text)
    skeleton, case, link = whole, None, None
    elsewhere = _ELSEWHERE.fullmatch(whole.text)
    if elsewhere is not None:
        rest = (elsewhere["first"] or elsewhere["first2"] or "") + (elsewhere["rest"] or elsewhere["rest2"])
        skeleton = Skeleton(text=rest, quotations=whole.quotations)
        case = whole.read(elsewhere["case_"] or elsewhere["case_2"])
        link = whole.read(elsewhere["link"] or elsewhere["link2"])
    for one in vocabulary():
        slots = one.match(skeleton)
        if slots is not None:
            return Understood(phrase=one, slots=slots, case=case, link=link)
    return None


def carry_out(world: World, text: str, table: Table | None, following: str | None) -> None:
    """Carry a step out.

    Args:
        following: text of the step after it: an act may be refused if that one speaks of the refusal.
    Raises:
        SpecFault: it does not hold, or cannot be carried out.
    """
    step = understand(text)
    if step is None:
        raise unknown(text)
    _check_table(step.phrase, table)
    arguments: list[Any] = [world, step.slots]
    if step.phrase.table != "no":
        arguments.append(table)
    try:
        with world.speaking_of(_elsewhere(world, step)):
            step.phrase.do(*arguments)
    except NotPossible as refusal:
        raise refused_unexpectedly(refusal) from None
    except ToritsugiError as error:
        raise SpecFault(error.message("ja"), error.message("en")) from None
    if step.phrase.purpose == "act" and world.refusal is not None and not _speaks_of_refusal(following):
        raise refused_unexpectedly(world.refusal)


def _elsewhere(world: World, step: Understood) -> str | None:
    if step.case is not None:
        return world.case_named(step.case)
    return None if step.link is None else world.linked_open(step.link)


def _check_table(phrase: Phrase, table: Table | None) -> None:
    if phrase.table == "must" and not table:
        raise SpecFault("この手順には表が必要です。", "This step needs a table.")
    if phrase.table == "no" and table is not None:
        raise SpecFault("この手順に表は付けられません。", "This step takes no table.")


def _speaks_of_refusal(text: str | None) -> bool:
    step = understand(text) if text is not None else None
    return step is not None and step.phrase.of_refusal


def refused_unexpectedly(refusal: NotPossible) -> SpecFault:
    """An act was refused, and the spec does not say so."""
    return SpecFault(
        f"拒否されました（{refusal.code}）。{refusal.message('ja')}",
        f"It was refused ({refusal.code}). {refusal.message('en')}",
    )


def unknown(text: str) -> SpecFault:
    """No phrase is written like this; the nearest are named."""
    ja = nearest(text, [one.example_ja for one in vocabulary()])
    en = nearest(text, [one.example_en for one in vocabulary()])
    return SpecFault(
        "このような手順はありません。近い書き方：" + ("／".join(ja) or "なし（toritsugi spec --steps で一覧）"),
        "There is no such step. Near: " + (" / ".join(en) or "nothing (toritsugi spec --steps lists them)"),
    )

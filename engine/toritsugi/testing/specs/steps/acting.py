"""Steps in which somebody does something: opens a case, fires an event, has personal data erased."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from toritsugi.core.values import Actor
from toritsugi.definition.model import Procedure
from toritsugi.testing.specs import days
from toritsugi.testing.specs.faults import SpecFault
from toritsugi.testing.specs.naming import found
from toritsugi.testing.specs.phrases import CHANNELS, Skeleton, Slots, compiled, slots_within
from toritsugi.testing.specs.values import Table, field_named, pairs, stored_values
from toritsugi.testing.specs.vocabulary import phrase
from toritsugi.testing.specs.world import World

#: who acts, and when: the beginning of every step of an act, in each language.
WHO_JA = r"(?:{moment}に、)?(?:「{stranger}」が、{party_2}として、|{party}が、)"
WHO_EN = r'(?:(?:on|at) {moment},? )?(?:"{stranger}", as {party_2}, |{party} )'

#: how an act is done: any of these, in any order.
_HOW_JA = (
    r"{channel}で、",
    r"理由「{reason}」を(?:付して|添えて)、",
    r"(?P<exception>例外)として、",
    r"宛先「{address}」(?:へ|に)、",
    r"{moment}に(?:行った|あった)、",
)
_HOW_EN = (
    r",? by {channel}",
    r',? with reason "{reason}"',
    r",? as an (?P<exception>exception)",
    r',? to address "{address}"',
    r",? (?:as it )?happened (?:on|at) {moment}",
)


def _how(templates: tuple[str, ...], name: str) -> str:
    """All of them as one slot; the slots inside are read afterwards."""
    inner = "|".join(_nameless(compiled(one).pattern) for one in templates)
    return f"(?P<{name}>(?:{inner})*)"


def _nameless(pattern: str) -> str:
    return re.sub(r"\(\?P<\w+>", "(?:", pattern)


@phrase(
    "act",
    WHO_JA + r"(?:次の内容で、)?(?:「{procedure}」の)?案件(?:「{name}」)?を、?開(?:く|いた|こうとする)",
    WHO_EN + r'opens (?:a|the) case(?: "{name}")?(?: of "{procedure}")?(?: with)?',
    ja="金融機関が「ジェトロの支援」の案件「甲社」を開く",
    en='the financial institution opens the case "A" of "Support by JETRO"',
    table="may",
    rows=(("企業名（屋号）", "架空精機株式会社"),),
    note=(
        "手続と案件の名前は省いてよい。「…を次のとおり用意する」の内容も記入される。",
        "Procedure and name may be left out; the data that was prepared is given too.",
    ),
)
def opens_case(world: World, slots: Slots, table: Table | None) -> None:
    procedure = world.procedure_named(slots.get("procedure"))
    _wait(world, slots)
    given = {_field(procedure, name): text for name, text in world.prepared.items()}
    given |= {_field(procedure, name): text for name, text in pairs(table or ()).items()}
    values = stored_values(procedure, given)
    party = world.party(slots.get("party") or slots["party_2"], procedure)
    parties = world.cast(procedure)
    institution = procedure.parties[party].institution or parties.get(party, party)  # a vacant one may try
    if "stranger" in slots:
        institution = world.institution(slots["stranger"])
        parties.pop(party, None)
    actor = Actor(id="spec", institution=institution, role=party)
    answer = world.attempt(lambda: world.engine.start(procedure.id, actor, values, parties=parties))
    if answer is not None:
        world.remember(answer.case_id, slots.get("name"))
        world.prepared = {}


def _field(procedure: Procedure, name: str) -> str:
    """The field's id, so that what is written later replaces what was prepared; an unknown name is told with the rest."""
    try:
        return field_named(procedure, name).id
    except SpecFault:
        return name


@phrase(
    "act",
    WHO_JA + _how(_HOW_JA, "how") + r"「{event}」(?:を、?(?:行う|行った|行おうとする|記録する|記録した))?",
    WHO_EN + r'does "{event}"' + _how(_HOW_EN, "how_en"),
    ja="金融機関が電子メールで「様式1をジェトロへ送付する」",
    en='the financial institution does "Send Form 1 to JETRO" by e-mail',
    table="may",
    rows=(("様式1の到達日時", "令和8年4月24日18時30分"),),
    note=(
        "「…」の前に、方法（電子メールで）、理由「…」を付して、例外として、宛先「…」へ、"
        "令和8年4月23日10時に行った、を並べてよい。文頭に「令和8年4月24日9時に、」と書くと、その日時まで進めてから行う。"
        "別の組織が行うときは「「別の銀行」が金融機関として「…」」と書く。",
        'After the event: by e-mail, with reason "...", as an exception, to address "...", happened at 2026-04-23 10:00. '
        'In front: at 2026-04-24 09:00, ... lets time pass first. Another institution: "Other bank", as the financial '
        'institution, does "...".',
    ),
)
def does(world: World, slots: Slots, table: Table | None) -> None:
    _wait(world, slots)
    procedure = world.procedure
    titles = {one.id: one.title for one in procedure.events.values()}
    event = found(slots["event"], titles, "操作", "event")
    actor = world.actor(world.party(slots.get("party") or slots["party_2"]), slots.get("stranger"))
    values = stored_values(procedure, pairs(table or ()))
    how = _manner(slots)
    world.attempt(lambda: world.engine.send(world.case.id, event, actor, values, **how))


def _wait(world: World, slots: Slots) -> None:
    if "moment" in slots:
        world.pass_until(days.read_moment(slots["moment"]))


def _manner(slots: Slots) -> dict[str, Any]:
    """What `Engine.send` is told besides the event: channel, reason, override, address, moment."""
    text = slots.get("how") or slots.get("how_en") or ""
    skeleton = Skeleton(text=text, quotations=slots.quotations)
    manner: dict[str, Any] = {}
    for template in (*_HOW_JA, *_HOW_EN):
        for part in slots_within(template, text, skeleton):
            _add(manner, part)
    return manner


def _add(manner: dict[str, Any], part: Slots) -> None:
    for name, value in part.items():
        match name:
            case "channel":
                manner["channel"] = channel_id(value)
            case "exception":
                manner["override"] = True
            case "moment":
                manner["occurred_at"] = days.read_moment(value)
            case _:
                manner[name] = value


def channel_id(word: str) -> str:
    """The id of a channel as people call it.

    Raises:
        SpecFault: nobody calls one that.
    """
    known = {name.casefold(): id_ for name, id_ in CHANNELS.items()}
    if word.casefold() not in known:
        raise SpecFault(f"「{word}」という方法はありません。", f'There is no channel "{word}".')
    return known[word.casefold()]


@phrase(
    "act",
    r"{party}が、理由「{reason}」を(?:付して|添えて)、案件の個人情報を消去する",
    r'{party} erases the personal data of the case with reason "{reason}"',
    ja="ジェトロが理由「保存期間の満了」を付して、案件の個人情報を消去する",
    en='JETRO erases the personal data of the case with reason "retention period over"',
)
def erases(world: World, slots: Slots) -> None:
    actor = world.actor(world.party(slots["party"]))
    operator = replace(actor, operator=True)  # only the store's operator erases, at a party's word
    world.attempt(lambda: world.engine.erase(world.case.id, operator, slots["reason"]))

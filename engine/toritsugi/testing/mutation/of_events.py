"""What can be wrong with an event: who, from where, to where, with what, on what conditions, by what cause."""

from __future__ import annotations

from collections.abc import Iterator

from toritsugi.definition.expression import Expression
from toritsugi.definition.model_events import Event, Guard
from toritsugi.definition.nodes import Items, Text
from toritsugi.definition.types import Title
from toritsugi.testing.mutation.mutant import Mutant, Sheet, listed
from toritsugi.testing.mutation.rules import changed, negated, shown, written

#: how many states an event may also be done from, in as many mutants.
_MORE_SOURCES = 3
_WHO = Title(ja="行える立場", en="who may do it")
_WAYS = Title(ja="受付の方法", en="the ways in")
_ANEW = Title(ja="その都度の記入", en="what is needed anew")
_NEEDS = Title(ja="必要な記入", en="what is needed")


def of_events(sheet: Sheet) -> Iterator[Mutant]:
    """Every mutant of every event, its effects left aside."""
    for event in sheet.procedure.events.values():
        path = f"events.{event.id}"
        yield from _guards(sheet, event, path)
        yield from _targets(sheet, event, path)
        yield from _sources(sheet, event, path)
        yield from _roles(sheet, event, path)
        yield from sheet.optional(path, _NEEDS, events=[event.id])
        yield from sheet.fewer("needs_dropped", f"{path}.anew", "data", _ANEW, events=[event.id])
        yield from _manner(sheet, event, path)
        yield from _channels(sheet, event, path)
        what = Title(ja="必要な同意", en="the approvals needed")
        yield from sheet.fewer("consent", f"{path}.approvals", "approvals", what, events=[event.id])
        yield from _triggers(sheet, event, path)


# --- conditions -------------------------------------------------------------------------------------------------------
def _guards(sheet: Sheet, event: Event, path: str) -> Iterator[Mutant]:
    for number, guard in enumerate(event.guards):
        at = f"{path}.requires.{number}" if isinstance(sheet.node(f"{path}.requires"), Items) else f"{path}.requires"
        gone = at if len(event.guards) > 1 else f"{path}.requires"
        told = _told(guard.rule, "条件を外す", "condition removed")
        yield sheet.mutant("guard_removed", at, "removed", told, (gone, None), events=[event.id])
        yield rewritten(sheet, "guard_negated", f"{at}.rule", guard.rule, negated(guard.rule), [event.id])
        for other in changed(guard.rule):
            yield rewritten(sheet, "guard_changed", f"{at}.rule", guard.rule, other, [event.id])
        yield _softness(sheet, event, guard, at)


def _softness(sheet: Sheet, event: Event, guard: Guard, at: str) -> Mutant:
    ja, en = ("例外を認めない", "no exception") if guard.soft else ("例外を認める", "an exception is possible")
    node = None if guard.soft else Text("yes")
    told = _told(guard.rule, ja, en)
    return sheet.mutant("softness", f"{at}.rule", en, told, (f"{at}.soft", node), events=[event.id])


def _told(rule: Expression, ja: str, en: str) -> Title:
    return Title(ja=f"{ja}（{shown(rule, 'ja')}）", en=f"{en} ({shown(rule, 'en')})")


def rewritten(sheet: Sheet, kind: str, path: str, was: Expression, now: Expression, events: list[str] | None) -> Mutant:
    """A mutant with another expression at a path."""
    told = Title(
        ja=f"{shown(was, 'ja')} → {shown(now, 'ja')}",
        en=f"{shown(was, 'en')} -> {shown(now, 'en')}",
    )
    return sheet.mutant(kind, path, written(now), told, (path, Text(written(now))), events=events)


# --- states -----------------------------------------------------------------------------------------------------------
def _targets(sheet: Sheet, event: Event, path: str) -> Iterator[Mutant]:
    states = list(sheet.procedure.states)
    known = next((event.leads(one) or one for one in event.sources), sheet.procedure.initial)
    others = [one for one in (*states[states.index(known) + 1 :], *states) if one not in (known, event.target)]
    for other in others[:1] if event.target is None else [_next(others, terminal=None), _next(others, sheet)]:
        name = sheet.title("states", other)
        told = Title(ja=f"行き先を「{name.ja}」にする", en=f'leads to "{name.en}"')
        edit = (f"{path}.to", Text(other))
        yield sheet.mutant("target", f"{path}.to", f"to {other}", told, edit, events=[event.id])
    if event.target is not None and event.sources != (event.target,):
        told = Title(ja="状態を変えない", en="the state stays")
        yield sheet.mutant("target", f"{path}.to", "stays", told, (f"{path}.to", None), events=[event.id])


def _next(others: list[str], terminal: object) -> str:
    """The next state; with a sheet: the next that does not end the case, as far as that is another one."""
    if not isinstance(terminal, Sheet):
        return others[0]
    states = terminal.procedure.states
    return next((one for one in others[1:] if not states[one].terminal), others[-1])


def _sources(sheet: Sheet, event: Event, path: str) -> Iterator[Mutant]:
    what, at = Title(ja="元の状態", en="the states it starts from"), f"{path}.from"
    states = [one.id for one in sheet.procedure.states.values() if not one.terminal]
    for one in event.sources if len(event.sources) > 1 else ():
        name = sheet.title("states", one)
        told = Title(ja=f"{what.ja}から「{name.ja}」を外す", en=f'"{name.en}" left out of {what.en}')
        rest = listed(state for state in event.sources if state != one)
        yield sheet.mutant("source_dropped", at, f"-{one}", told, (at, rest), events=[event.id], at=one)
    if sheet.words(at) == ["any"]:
        return
    last = max((states.index(one) for one in event.sources if one in states), default=0)
    near = [one for one in (*states[last + 1 :], *reversed(states[:last])) if one not in event.sources]
    for one in near[:_MORE_SOURCES]:
        name = sheet.title("states", one)
        told = Title(ja=f"{what.ja}に「{name.ja}」を加える", en=f'"{name.en}" added to {what.en}')
        more = (at, listed([*event.sources, one]))
        # What the engine does by itself could now happen in scenarios that never saw it.
        yield sheet.mutant("source_added", at, f"+{one}", told, more, events=None if event.triggers else [event.id])


# --- who, with what ---------------------------------------------------------------------------------------------------
def _roles(sheet: Sheet, event: Event, path: str) -> Iterator[Mutant]:
    at, given = f"{path}.by", sheet.words(f"{path}.by")
    yield from sheet.fewer("role_dropped", at, "parties", _WHO, events=[event.id], least=1)
    if "engine" not in given:
        yield from sheet.more("role_added", at, "parties", _WHO, sheet.procedure.parties, events=[event.id])


def _manner(sheet: Sheet, event: Event, path: str) -> Iterator[Mutant]:
    if event.by:
        need = "optional" if event.reason == "required" else "required"
        ja = "理由を求めない" if need == "optional" else "理由を求める"
        told = Title(ja=ja, en=f"reason: {need}")
        edit = (f"{path}.reason", Text(need))
        yield sheet.mutant("manner", f"{path}.reason", need, told, edit, events=[event.id])
    if event.backdate:
        told = Title(ja="遡って記録できない", en="no backdating")
        yield sheet.mutant("manner", f"{path}.backdate", "no", told, (f"{path}.backdate", None), events=[event.id])
    if event.once:
        told = Title(ja="二度行える", en="may be done twice")
        yield sheet.mutant("manner", f"{path}.once", "no", told, (f"{path}.once", None), events=[event.id])


def _channels(sheet: Sheet, event: Event, path: str) -> Iterator[Mutant]:
    if not event.channels:
        return
    at = f"{path}.channels"
    yield from sheet.fewer("channel", at, "", _WAYS, events=[event.id])
    others = [one for one in ("email", "post", "phone") if one not in event.channels][:2]
    yield from sheet.more("channel", at, "", _WAYS, others, events=[event.id])
    if len(event.channels) > 1:
        told = Title(ja="受付の方法を問わない", en="any way in")
        yield sheet.mutant("channel", at, "any", told, (at, None), events=[event.id])


# --- what the engine does by itself -----------------------------------------------------------------------------------
def _triggers(sheet: Sheet, event: Event, path: str) -> Iterator[Mutant]:
    whole = sheet.node(f"{path}.on")
    for number, trigger in enumerate(event.triggers):
        at = f"{path}.on.{number}" if isinstance(whole, Items) else f"{path}.on"
        if len(event.triggers) > 1:
            told = Title(ja="きっかけの一つを外す", en="one of its causes left out")
            yield sheet.mutant("trigger", at, "removed", told, (at, None), events=None)
        if trigger.when is not None:
            for other in (negated(trigger.when), *changed(trigger.when)):
                yield rewritten(sheet, "trigger", f"{at}.condition", trigger.when, other, None)
        what = Title(ja="拒否の理由", en="the codes of refusal")
        yield from sheet.fewer("trigger", f"{at}.codes", "", what, events=None, least=1)

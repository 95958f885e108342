"""The static checks of the flow: every state is reached, every open state is left, no chain of conditions runs in a ring."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from toritsugi.definition.configurations import reachable, words_for_states
from toritsugi.definition.expression import And, Compare, Expression, IsSet, Literal, Ref, Relation, names_read
from toritsugi.definition.model import Procedure
from toritsugi.definition.model_effects import AddEntry, OpenCase, PostLedger, SetField, Signal
from toritsugi.definition.model_events import Event
from toritsugi.definition.report import Report

#: Longest ring of conditions looked for: the engine stops a cascade at this depth anyway (semantics.md).
_LONGEST_RING = 16

_FROM_BELOW = frozenset({Relation.MORE, Relation.AT_LEAST})
_FROM_ABOVE = frozenset({Relation.LESS, Relation.AT_MOST})


def flow(report: Report) -> None:
    """Check initial state, reachability, dead ends and rings of conditions."""
    procedure = report.procedure
    if procedure.initial not in procedure.states:
        report.known("state", (procedure.initial,), words_for_states(procedure), "initial")
    reached = reachable(procedure.states, procedure.initial, procedure.events.values())
    left = {source for event in procedure.events.values() if event.target for source in event.sources}
    _parts(report, reached, left)
    onward = {
        source for event in procedure.events.values() for source in event.sources if _leads_on(procedure, event, source)
    }
    entered = _entered(procedure)
    for id_, state in procedure.states.items():
        if state.within:
            continue  # told of the state with parts, as its author wrote it
        if id_ not in reached and procedure.initial in procedure.states:
            ja, en = f"状態「{id_}」に至る手続がありません。", f"nothing leads to the state '{id_}'."
            # The word marks a state that no event leads to at all; the others lie behind one of those.
            report.add("UNREACHABLE_STATE", f"states.{id_}", ja, en, word="" if id_ in entered else id_)
        if not state.terminal and id_ not in left:
            ja = f"状態「{id_}」から出る手続がありません（終了なら ends: yes）。"
            report.add("DEAD_END", f"states.{id_}", ja, f"nothing leads out of '{id_}' (if it is final: `ends: yes`).")
        elif state.withdrawn and not state.terminal:
            ja = f"取下げの状態「{id_}」は終了（ends: yes）でなければなりません。"
            report.add("DEAD_END", f"states.{id_}", ja, f"'{id_}' is a withdrawal and so final: `ends: yes`.")
        elif not state.terminal and id_ not in onward:
            ja = f"状態「{id_}」からは取下げのほかに進めません（終了なら ends: yes）。"
            en = f"nothing but a withdrawal leads out of '{id_}' (if it is final: `ends: yes`)."
            report.warn("ONLY_WITHDRAWN", f"states.{id_}", ja, en)
    for ring in _rings(procedure):
        ids = " → ".join((*(event.id for event in ring), ring[0].id))
        ja, en = f"条件による手続が互いを呼び続けます: {ids}", f"these conditions could fire each other for ever: {ids}"
        report.add("CONDITIONS_CYCLE", f"events.{ring[0].id}.on", ja, en)


def _parts(report: Report, reached: set[str], left: set[str]) -> None:
    """Check what the author wrote of states with parts: every state of a part is reached, no way of standing is a dead end."""
    states = report.procedure.states
    for id_, composite in report.procedure.composites.items():
        own = [state for state in states.values() if state.within == id_ and state.id in reached]
        if not own:
            ja, en = f"状態「{id_}」に至る手続がありません。", f"nothing leads to the state '{id_}'."
            report.add("UNREACHABLE_STATE", f"states.{id_}", ja, en, word=id_)
            continue
        seen = {leaf for state in own for leaf in state.leaves}
        for part in composite.parts.values():
            for leaf in part.leaves.keys() - seen:
                path = f"states.{id_}.parts.{part.id}.states.{leaf}"
                ja, en = f"状態「{leaf}」に至る手続がありません。", f"nothing leads to the state '{leaf}'."
                report.add("UNREACHABLE_STATE", path, ja, en, word=leaf)
        stuck = [state for state in own if state.id not in left]
        if stuck:
            ja = f"「{stuck[0].title.ja}」から出る手続がありません。"
            report.add("DEAD_END", f"states.{id_}", ja, f"nothing leads out of '{stuck[0].id}'.")


def _leads_on(procedure: Procedure, event: Event, source: str) -> bool:
    """Whether an event leads to another state that is no withdrawal."""
    target = procedure.states.get(event.leads(source) or "")
    return event.target is not None and (target is None or not target.withdrawn)


def _entered(procedure: Procedure) -> set[str]:
    """The states that some event leads to, whether or not it can ever be fired."""
    return {event.target for event in procedure.events.values() if event.target and {event.target} != {*event.sources}}


def _rings(procedure: Procedure) -> Iterator[list[Event]]:
    """The simple rings of events that conditions fire, each once, that no condition is known to break."""
    fired = [event for event in procedure.events.values() if _conditions(event) and not event.once]
    order = {event.id: number for number, event in enumerate(fired)}
    for first in fired:
        stack = [[first]]
        while stack:
            path = stack.pop()
            for event in fired:
                if not _follows(path[-1], event):
                    continue
                if event is first:
                    if not _broken(path):
                        yield path
                elif order[event.id] > order[first.id] and event not in path and len(path) < _LONGEST_RING:
                    stack.append([*path, event])


def _conditions(event: Event) -> list[Expression]:
    return [trigger.when for trigger in event.triggers if trigger.when is not None]


def _follows(one: Event, other: Event) -> bool:
    """Whether `other` may be fired in the state that `one` leaves the case in."""
    return not {one.leads(source) or source for source in one.sources}.isdisjoint(other.sources)


def _broken(ring: list[Event]) -> bool:
    """Whether the ring must end: two of its conditions exclude each other, and nothing in it changes what they read."""
    changed = set().union(*(_changes(event) for event in ring))
    facts = [[_facts(condition, changed) for condition in _conditions(event)] for event in ring]
    return any(
        all(_exclude(a, b) for a in one for b in other)
        for number, one in enumerate(facts)
        for other in facts[number + 1 :]
    )


def _changes(event: Event) -> set[str]:
    """The fields, ledgers and links that an event touches."""
    found = set()
    for effect in event.effects:
        match effect:
            case SetField(field=name) | AddEntry(field=name) | PostLedger(ledger=name):
                found.add(name)
            case OpenCase(link=name) | Signal(link=name):
                found.add(name)
    return found


@dataclass(frozen=True, slots=True)
class _Fact:
    """A comparison of a name with a written value that must hold for a condition to hold."""

    relation: Relation
    value: str | int | bool


def _facts(condition: Expression, changed: set[str]) -> Mapping[str, list[_Fact]]:
    parts = condition.parts if isinstance(condition, And) else (condition,)
    found: dict[str, list[_Fact]] = {}
    for part in parts:
        if {name.partition(".")[0] for name in names_read(part)} & changed:
            continue
        match part:
            case Compare(relation=relation, left=Ref() as ref, right=Literal(value=value)):
                found.setdefault(ref.name, []).append(_fact(relation, value))
            case IsSet(operand=ref, denied=denied):
                found.setdefault(f"{ref.name} is set", []).append(_Fact(Relation.EQUAL, not denied))
    return found


def _fact(relation: Relation, value: str | int | bool) -> _Fact:
    """Numbers are whole: more than 0 is at least 1."""
    if isinstance(value, int) and relation is Relation.MORE:
        return _Fact(Relation.AT_LEAST, value + 1)
    if isinstance(value, int) and relation is Relation.LESS:
        return _Fact(Relation.AT_MOST, value - 1)
    return _Fact(relation, value)


def _exclude(one: Mapping[str, list[_Fact]], other: Mapping[str, list[_Fact]]) -> bool:
    return any(_impossible(a, b) for name in one.keys() & other.keys() for a in one[name] for b in other[name])


def _impossible(a: _Fact, b: _Fact) -> bool:
    """Whether no value satisfies both; undecided counts as possible."""
    if a.relation is Relation.EQUAL:
        return not _holds(a.value, b)
    if b.relation is Relation.EQUAL:
        return not _holds(b.value, a)
    low, high = (a, b) if a.relation in _FROM_BELOW else (b, a)
    if low.relation not in _FROM_BELOW or high.relation not in _FROM_ABOVE:
        return False
    order = _order(low.value, high.value)
    strict = low.relation is Relation.MORE or high.relation is Relation.LESS
    return order > 0 or (order == 0 and strict)


def _holds(value: str | int | bool, fact: _Fact) -> bool:
    order = _order(value, fact.value)
    return {
        Relation.EQUAL: order == 0,
        Relation.DIFFERENT: order != 0,
        Relation.LESS: order < 0,
        Relation.AT_MOST: order <= 0,
        Relation.MORE: order > 0,
        Relation.AT_LEAST: order >= 0,
    }[fact.relation]


def _order(one: str | int | bool, other: str | int | bool) -> int:
    """-1, 0 or 1; both are of one type, ISO dates among them, because they are compared with the same name."""
    if isinstance(one, str) or isinstance(other, str):
        return (str(one) > str(other)) - (str(one) < str(other))
    return (one > other) - (one < other)

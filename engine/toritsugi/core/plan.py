"""A procedure made ready to be decided on: guards and effects compiled, and what each event reads worked out once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from toritsugi.core.computed import sure
from toritsugi.core.disclosure import Classes, classes_of
from toritsugi.core.filling import rows_of
from toritsugi.core.guard import compile_expression
from toritsugi.core.machine import StateTable
from toritsugi.definition.expression import Expression, FirstOf, calendars_read, names_read
from toritsugi.definition.model import Deadline, Procedure
from toritsugi.definition.model_effects import (
    AddEntry,
    AppointParty,
    Effect,
    GiveApproval,
    OpenCase,
    PostLedger,
    RevokeApproval,
    SendMessage,
    SetField,
    Signal,
)
from toritsugi.definition.model_events import Event, Guard
from toritsugi.definition.row_field import RowField

#: name of the history row that opens a case.
OPENED = "open"
#: name of the value that is appended to a list of plain values.
ITEM = "item"
#: name of the value that says who is appointed.
INSTITUTION = "institution"

Environment = Mapping[str, Any]
Rule = Callable[[Environment], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedEffect:
    """An effect with its expressions compiled."""

    effect: Effect
    #: None: always.
    when: Rule | None
    #: value expressions by name; what the names are depends on the kind of effect.
    values: Mapping[str, Rule | None]
    #: first words of the names that it reads: by its refusal somebody may learn of them.
    words: frozenset[str]
    #: what it sets has to be looked at: its type alone does not say that the field takes every such value.
    unsure: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reads:
    """What deciding an event has to know beyond the case's own row."""

    #: names of the environment that any of its rules read.
    names: frozenset[str]
    #: links whose case is read, opened or signalled.
    links: frozenset[str]
    #: links of whose case a value is read, and not only whether it is there and in which state.
    links_inside: frozenset[str]
    #: links behind which a case may be opened.
    opens: frozenset[str]
    #: (link, event) signalled.
    signals: frozenset[tuple[str, str]]
    #: deadlines whose date or mark is read.
    deadlines: frozenset[str]
    #: institutions whose business days are counted.
    calendars: frozenset[str]
    personal: bool
    #: counts whose number is read.
    counts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPlan:
    """One event, ready."""

    event: Event
    guards: tuple[tuple[Rule, Guard], ...]
    #: for each guard the first words of the names it reads: fields, links, ledgers, deadlines.
    guard_words: tuple[frozenset[str], ...]
    effects: tuple[PlannedEffect, ...]
    #: fields that may come with it.
    inputs: frozenset[str]
    #: those of them that hold the number of a catalogue's row; of the opening all that the case has.
    rows: Mapping[str, RowField]
    starts: tuple[Deadline, ...]
    meets: frozenset[str]
    cancels: frozenset[str]
    suspends: frozenset[str]
    resumes: frozenset[str]
    #: approvals that its messages need.
    disclosures: tuple[str, ...]
    #: channels by which its documents may leave, or by which it may come in; empty: no choice.
    channels: tuple[str, ...]
    reads: Reads


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A rule on which the engine fires an event of its own."""

    event: str
    holds: Rule
    names: frozenset[str]
    calendars: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class DueRule:
    """How the date of a deadline is worked out."""

    value: Rule
    #: institutions by whose calendars this counts.
    calendars: frozenset[str]
    #: the date is the first day of a series on or after this: then `value` gives the date that it is asked from.
    first: FirstOf | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A procedure, ready."""

    procedure: Procedure
    table: StateTable
    events: Mapping[str, EventPlan]
    #: how a case is opened, in the form of an event.
    opening: EventPlan
    conditions: tuple[Condition, ...]
    #: (refused event, code) -> event that the engine fires then.
    on_refusal: Mapping[tuple[str, str], str]
    personal: frozenset[str]
    #: parties that some event appoints: vacant until then.
    appointed: frozenset[str]
    #: what the conditions and the events they fire read: known to every decision on this procedure.
    condition_reads: Reads
    #: what is kept from whom; None: every party sees everything.
    classes: Classes | None
    #: what has to be known to tell what somebody may see.
    class_reads: Reads
    #: deadline -> how its date is worked out.
    dues: Mapping[str, DueRule] = field(default_factory=dict)

    def reads_personal(self, event: str | None) -> bool:
        """Whether personal values have to be there to decide on `event`."""
        if self.condition_reads.personal:
            return True
        found = None if event is None else self.events.get(event)
        return found is not None and found.reads.personal


class Plans(Protocol):
    """Finds plans."""

    def of(self, content_hash: str) -> Plan:
        """The plan a case is pinned to."""

    def current(self, procedure: str) -> Plan:
        """The plan that new cases of a procedure get."""


def plan(procedure: Procedure) -> Plan:
    """Compile `procedure`; about a millisecond, done once per version."""
    personal = frozenset(item.id for item in procedure.data.values() if item.personal)
    conditions = tuple(_conditions(procedure))
    condition_names = frozenset[str]().union(*(condition.names for condition in conditions))
    shown = tuple(
        one.when for class_ in procedure.disclosure.values() for one in class_.seen_by if one.when is not None
    )
    counted = frozenset[str]().union(*(condition.calendars for condition in conditions))
    events = {event.id: _event_plan(procedure, event, personal, shown) for event in procedure.events.values()}
    fired = [events[condition.event].reads for condition in conditions]
    return Plan(
        procedure=procedure,
        table=StateTable(procedure),
        events=events,
        opening=_event_plan(procedure, _opening(procedure), personal, shown),
        conditions=conditions,
        on_refusal={
            (trigger.refused, code): event.id
            for event in procedure.events.values()
            for trigger in event.triggers
            if trigger.refused
            for code in trigger.codes
        },
        personal=personal,
        appointed=frozenset(
            effect.party
            for event in procedure.events.values()
            for effect in event.effects
            if isinstance(effect, AppointParty)
        ),
        dues={one.id: _due_rule(one.due_value) for one in procedure.deadlines.values() if one.due_value is not None},
        condition_reads=_together([_reads(procedure, condition_names, (), personal, counted), *fired]),
        classes=classes_of(procedure),
        class_reads=_reads(procedure, _names(shown), (), personal, _calendars(shown)),
    )


def _due_rule(due: Expression) -> DueRule:
    first = due if isinstance(due, FirstOf) else None
    value = due if first is None else first.base
    return DueRule(value=compile_expression(value), calendars=calendars_read(due), first=first)


def _opening(procedure: Procedure) -> Event:
    opening = procedure.opening
    return Event(
        id=OPENED,
        title=procedure.title,
        by=opening.by,
        sources=(),
        target=None,
        needs=opening.needs,
        may_give=opening.may_give,
    )


def _conditions(procedure: Procedure) -> Iterable[Condition]:
    for event in procedure.events.values():
        for trigger in event.triggers:
            if trigger.when is not None:
                yield Condition(
                    event=event.id,
                    holds=compile_expression(trigger.when),
                    names=names_read(trigger.when),
                    calendars=calendars_read(trigger.when),
                )


def _event_plan(
    procedure: Procedure, event: Event, personal: frozenset[str], shown: tuple[Expression, ...]
) -> EventPlan:
    """`shown`: the rules about who sees what, which an event that sends messages has to answer too."""
    expressions = [guard.rule for guard in event.guards]
    for effect in event.effects:
        expressions += [part for part in (effect.when, *_parts(effect).values()) if part is not None]
    sends = [effect for effect in event.effects if isinstance(effect, SendMessage)]
    expressions += shown if sends else ()
    names, calendars = _names(expressions), _calendars(expressions)
    names |= _shown_names(procedure, event)
    names |= {effect.field for effect in event.effects if isinstance(effect, AddEntry)}
    documents = [effect for effect in sends if effect.document]
    return EventPlan(
        event=event,
        guards=tuple((compile_expression(guard.rule), guard) for guard in event.guards),
        guard_words=tuple(first_words(names_read(guard.rule)) for guard in event.guards),
        effects=tuple(_planned(effect, procedure) for effect in event.effects),
        inputs=frozenset(event.needs) | frozenset(event.may_give),
        rows=rows_of(procedure, (*event.needs, *event.may_give), opening=event.id == OPENED),
        starts=tuple(one for one in procedure.deadlines.values() if event.id in one.starts and one.enabled),
        meets=frozenset(one.id for one in procedure.deadlines.values() if event.id in one.met_by),
        cancels=frozenset(one.id for one in procedure.deadlines.values() if event.id in one.cancelled_by),
        suspends=frozenset(one.id for one in procedure.deadlines.values() if event.id in one.suspended_by),
        resumes=frozenset(one.id for one in procedure.deadlines.values() if event.id in one.resumed_by),
        disclosures=tuple(effect.approval for effect in sends if effect.approval),
        channels=event.channels or (documents[0].via if documents else ()),
        reads=_reads(procedure, names, event.effects, personal, calendars),
    )


def _names(expressions: Iterable[Expression]) -> frozenset[str]:
    return frozenset[str]().union(*(names_read(expression) for expression in expressions))


def first_words(names: Iterable[str]) -> frozenset[str]:
    """The fields, links, ledgers and deadlines that these names begin with."""
    return frozenset([name.partition(".")[0] for name in names])


def _calendars(expressions: Iterable[Expression]) -> frozenset[str]:
    return frozenset[str]().union(*(calendars_read(expression) for expression in expressions))


def _planned(effect: Effect, procedure: Procedure) -> PlannedEffect:
    return PlannedEffect(
        effect=effect,
        when=None if effect.when is None else compile_expression(effect.when),
        values={name: None if part is None else compile_expression(part) for name, part in _parts(effect).items()},
        words=first_words(_names(part for part in (effect.when, *_parts(effect).values()) if part is not None)),
        unsure=_unsure(effect, procedure),
    )


def _unsure(effect: Effect, procedure: Procedure) -> bool:
    fields = procedure.data
    match effect:
        case SetField(value=value) if value is not None:
            return not sure(value, fields[effect.field].type, fields)
        case AddEntry(field=field, item=item, entry=entry):
            wanted = fields[field].type.item
            if wanted is None or item is not None:
                return wanted is None or item is None or not sure(item, wanted, fields)
            return any(
                part.required or (name in entry and not sure(entry[name], part.type, fields))
                for name, part in wanted.fields.items()
            )
    return False


def _parts(effect: Effect) -> Mapping[str, Expression | None]:
    match effect:
        case SetField():
            return {effect.field: effect.value}
        case AddEntry():
            return effect.entry if effect.item is None else {ITEM: effect.item}
        case Signal():
            return effect.values
        case PostLedger():
            return {
                "item": effect.item,
                "amount": effect.amount,
                "consent": effect.consent,
                "tax": effect.tax,
            }
        case AppointParty():
            return {INSTITUTION: effect.institution}
        case SendMessage() | OpenCase() | GiveApproval() | RevokeApproval():
            return {}


def _shown_names(procedure: Procedure, event: Event) -> frozenset[str]:
    """Names that the messages of an event show: documents' fields, placeholders, contact fields."""
    names: set[str] = set()
    for effect in event.effects:
        if isinstance(effect, SendMessage):
            for document in (effect.document, *effect.enclosing):
                if document:
                    names.update(procedure.documents[document].fields)
            for text in (effect.subject, effect.text):
                if text:
                    names.update(placeholders(text.ja), placeholders(text.en))
            for party in effect.to:
                names.update(procedure.parties[party].contact.values())
            names.update(party.called for party in procedure.parties.values() if party.called)
    return frozenset(names)


def placeholders(text: str) -> tuple[str, ...]:
    """The names in `{braces}` of a notice."""
    return tuple(part.split("}", 1)[0] for part in text.split("{")[1:] if "}" in part)


def _together(reads: list[Reads]) -> Reads:
    return Reads(
        names=frozenset[str]().union(*(one.names for one in reads)),
        links=frozenset[str]().union(*(one.links for one in reads)),
        links_inside=frozenset[str]().union(*(one.links_inside for one in reads)),
        opens=frozenset[str]().union(*(one.opens for one in reads)),
        signals=frozenset[tuple[str, str]]().union(*(one.signals for one in reads)),
        deadlines=frozenset[str]().union(*(one.deadlines for one in reads)),
        calendars=frozenset[str]().union(*(one.calendars for one in reads)),
        personal=any(one.personal for one in reads),
        counts=frozenset[str]().union(*(one.counts for one in reads)),
    )


def _reads(
    procedure: Procedure,
    names: frozenset[str],
    effects: Iterable[Effect],
    personal: frozenset[str],
    calendars: frozenset[str] = frozenset(),
) -> Reads:
    links = {name.split(".", 1)[0] for name in names} & procedure.links.keys()
    signals = frozenset((effect.link, effect.event) for effect in effects if isinstance(effect, Signal))
    links |= {effect.link for effect in effects if isinstance(effect, OpenCase | Signal)}
    return Reads(
        names=names,
        links=frozenset(links),
        links_inside=frozenset({name.split(".", 1)[0] for name in names if "." in name} & procedure.links.keys()),
        opens=frozenset({effect.link for effect in effects if isinstance(effect, OpenCase)}),
        signals=signals,
        deadlines=frozenset({name.split(".", 1)[0] for name in names} & procedure.deadlines.keys()),
        calendars=calendars,
        personal=bool({name.split(".", 1)[0] for name in names} & personal),
        counts=names & procedure.counts.keys(),
    )

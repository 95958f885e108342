"""What the parts of a procedure make use of: which fields, parties, documents, approvals, links and ledgers anything speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterator

from toritsugi.definition.expression import Expression, calendars_read, names_read, series_read
from toritsugi.definition.flows import flows
from toritsugi.definition.model import Procedure
from toritsugi.definition.model_disclosure import Sighting
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
from toritsugi.definition.model_events import Event

#: A placeholder in a notice's text.
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
#: The parts of a definition that may lie unused -> what one entry of theirs is called in codes.
NOUNS = {
    "data": "field",
    "documents": "document",
    "approvals": "approval",
    "links": "link",
    "ledgers": "ledger",
    "counts": "count",
    "recurring": "series",
    "parties": "party",
}


def documents_used(procedure: Procedure) -> set[str]:
    """The documents that some event sends."""
    sent = [effect for effect in effects_of(procedure) if isinstance(effect, SendMessage)]
    return {id_ for effect in sent for id_ in (effect.document, *effect.enclosing) if id_}


def approvals_used(procedure: Procedure) -> set[str]:
    """The approvals that something asks for, gives or withdraws."""
    used = {id_ for event in procedure.events.values() for id_ in event.approvals}
    for effect in effects_of(procedure):
        match effect:
            case (
                SendMessage(approval=str(approval))
                | GiveApproval(approval=approval)
                | RevokeApproval(approval=approval)
            ):
                used.add(approval)
    return used | {sighting.approval for sighting in _sightings(procedure) if sighting.approval}


def parties_used(procedure: Procedure) -> set[str]:
    """The parties that do, receive, see or answer for anything."""
    used = {procedure.owner, *procedure.opening.by}
    for event in procedure.events.values():
        used.update(event.by)
    for document in procedure.documents.values():
        used.update(document.may_see)
    for approval in procedure.approvals.values():
        used.update((*approval.by, approval.recipient or ""))
    for link in procedure.links.values():
        used.update(link.parties.values())
    for class_ in procedure.disclosure.values():
        used.update(class_.parties)
    for sighting in _sightings(procedure):
        used.update(sighting.parties)
    for count in procedure.counts.values():
        used.update(count.seen_by)
    used.update(deadline.responsible or "" for deadline in procedure.deadlines.values())
    for effect in effects_of(procedure):
        match effect:
            case SendMessage(to=to):
                used.update(to)
            case AppointParty(party=party):
                used.add(party)
    return used


def names_used(procedure: Procedure) -> set[str]:
    """The links, ledgers and counts that something reads, opens, signals or posts to."""
    read = [name for event in procedure.events.values() for rule in expressions_of(event) for name in names_read(rule)]
    read += [name for document in procedure.documents.values() for name in document.fields]
    read += [name for sighting in _sightings(procedure) if sighting.when for name in names_read(sighting.when)]
    used = {name.partition(".")[0] for name in read}
    for effect in effects_of(procedure):
        match effect:
            case OpenCase(link=name) | Signal(link=name) | PostLedger(ledger=name):
                used.add(name)
            case SendMessage():
                used.update(name.partition(".")[0] for name in _named_by(effect))
    return used


def _sightings(procedure: Procedure) -> Iterator[Sighting]:
    for class_ in procedure.disclosure.values():
        yield from class_.seen_by


def effects_of(procedure: Procedure) -> Iterator[Effect]:
    """Every effect of every event."""
    for event in procedure.events.values():
        yield from event.effects


def fields_used(procedure: Procedure) -> set[str]:
    """The fields that anything but their own declaration speaks of."""
    used = {*procedure.subject, *procedure.opening.needs, *procedure.opening.may_give}
    for document in procedure.documents.values():
        used.update(document.fields)
    for party in procedure.parties.values():
        used.update(party.contact.values())
        used.update([party.called] if party.called else [])
    for link in procedure.links.values():
        used.update((*link.carries.values(), *link.institutions.values()))
    for count in procedure.counts.values():
        used.update(count.same.values())
    for field in procedure.data.values():
        if field.row is not None:
            used.update((*field.row.fills, *([field.id] if field.row.number is not None else [])))
    for deadline in procedure.deadlines.values():
        used.update(filter(None, (deadline.counted_from, deadline.due_field)))
        used.update(names_read(deadline.due_value) if deadline.due_value is not None else ())
    for sighting in _sightings(procedure):
        used.update(names_read(sighting.when) if sighting.when is not None else ())
    for event in procedure.events.values():
        used.update((*event.needs, *event.may_give))
        for expression in expressions_of(event):
            used.update(names_read(expression))
        for effect in event.effects:
            used.update(_named_by(effect))
    return used


def series_used(procedure: Procedure) -> set[str]:
    """The series of recurring days that something asks for."""
    rules = [rule for event in procedure.events.values() for rule in expressions_of(event)]
    rules += [one.due_value for one in procedure.deadlines.values() if one.due_value is not None]
    rules += [sighting.when for sighting in _sightings(procedure) if sighting.when is not None]
    return {id_ for rule in rules for id_ in series_read(rule)}


def calendars_used(procedure: Procedure) -> Iterator[tuple[str, str]]:
    """Every institution whose business days something counts, with the path of what counts them."""
    for id_, series in procedure.recurring.items():
        if series.calendar is not None:
            yield series.calendar, f"recurring.{id_}.calendar"
    for id_, deadline in procedure.deadlines.items():
        yield deadline.calendar, f"deadlines.{id_}.calendar"
        for calendar in sorted(calendars_read(deadline.due_value)) if deadline.due_value is not None else ():
            yield calendar, f"deadlines.{id_}.due"
    for id_, event in procedure.events.items():
        guarded = {id(guard.rule): f"requires.{number}.rule" for number, guard in enumerate(event.guards)}
        for expression in expressions_of(event):
            for calendar in sorted(calendars_read(expression)):
                yield calendar, f"events.{id_}.{guarded.get(id(expression), 'effects')}"


def expressions_of(event: Event) -> Iterator[Expression]:
    """Every expression of an event: guards, conditions, effects."""
    yield from (guard.rule for guard in event.guards)
    yield from (trigger.when for trigger in event.triggers if trigger.when is not None)
    for effect in event.effects:
        if effect.when is not None:
            yield effect.when
        yield from _values(effect)


def _values(effect: Effect) -> Iterator[Expression]:
    yield from (flow.value for flow in flows(effect))
    if isinstance(effect, PostLedger):
        yield from (part for part in (effect.consent, effect.tax) if part is not None)


def _named_by(effect: Effect) -> Iterator[str]:
    match effect:
        case SetField(field=field) | AddEntry(field=field):
            yield field
        case SendMessage(subject=subject, text=text):
            for words in (subject, text):
                yield from PLACEHOLDER.findall(f"{words.ja} {words.en}") if words is not None else ()

"""What the parts of a procedure make use of: which fields, documents, approvals, links and ledgers anything speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterator

from toritsugi.definition.expression import Expression, names_read
from toritsugi.definition.model import (
    AddEntry,
    Effect,
    Event,
    GiveApproval,
    OpenCase,
    PostLedger,
    Procedure,
    RevokeApproval,
    SendMessage,
    SetField,
    Signal,
)

#: A placeholder in a notice's text.
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
#: The parts of a definition that may lie unused -> what one entry of theirs is called in codes.
NOUNS = {"data": "field", "documents": "document", "approvals": "approval", "links": "link", "ledgers": "ledger"}


def documents_used(procedure: Procedure) -> set[str]:
    """The documents that some event sends."""
    sent = [effect for effect in _effects(procedure) if isinstance(effect, SendMessage)]
    return {id_ for effect in sent for id_ in (effect.document, *effect.enclosing) if id_}


def approvals_used(procedure: Procedure) -> set[str]:
    """The approvals that something asks for, gives or withdraws."""
    used = {id_ for event in procedure.events.values() for id_ in event.approvals}
    for effect in _effects(procedure):
        match effect:
            case (
                SendMessage(approval=str(approval))
                | GiveApproval(approval=approval)
                | RevokeApproval(approval=approval)
            ):
                used.add(approval)
    return used


def names_used(procedure: Procedure) -> set[str]:
    """The links and ledgers that something reads, opens, signals or posts to."""
    read = [name for event in procedure.events.values() for rule in expressions_of(event) for name in names_read(rule)]
    read += [name for document in procedure.documents.values() for name in document.fields]
    used = {name.partition(".")[0] for name in read}
    for effect in _effects(procedure):
        match effect:
            case OpenCase(link=name) | Signal(link=name) | PostLedger(ledger=name):
                used.add(name)
            case SendMessage():
                used.update(name.partition(".")[0] for name in _named_by(effect))
    return used


def _effects(procedure: Procedure) -> Iterator[Effect]:
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
        used.update(link.carries.values())
    for deadline in procedure.deadlines.values():
        used.update(filter(None, (deadline.counted_from, deadline.due_field)))
    for event in procedure.events.values():
        used.update((*event.needs, *event.may_give))
        for expression in expressions_of(event):
            used.update(names_read(expression))
        for effect in event.effects:
            used.update(_named_by(effect))
    return used


def expressions_of(event: Event) -> Iterator[Expression]:
    """Every expression of an event: guards, conditions, effects."""
    yield from (guard.rule for guard in event.guards)
    yield from (trigger.when for trigger in event.triggers if trigger.when is not None)
    for effect in event.effects:
        if effect.when is not None:
            yield effect.when
        yield from _values(effect)


def _values(effect: Effect) -> Iterator[Expression]:
    match effect:
        case SetField(value=value) if value is not None:
            yield value
        case AddEntry(entry=entry, item=item):
            yield from entry.values()
            yield from (item,) if item is not None else ()
        case Signal(values=values):
            yield from values.values()
        case PostLedger(item=item, amount=amount, consent=consent, tax=tax):
            yield from (part for part in (item, amount, consent, tax) if part is not None)


def _named_by(effect: Effect) -> Iterator[str]:
    match effect:
        case SetField(field=field) | AddEntry(field=field):
            yield field
        case SendMessage(subject=subject, text=text):
            for words in (subject, text):
                yield from PLACEHOLDER.findall(f"{words.ja} {words.en}") if words is not None else ()

"""The static checks of events: whom and what they name, what they send to whom, and what they signal."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from toritsugi.definition.expression import Expression, names_read
from toritsugi.definition.fields import CHANNELS
from toritsugi.definition.interface import Interface
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
from toritsugi.definition.report import Report

#: A placeholder in a notice's text.
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")

Linked = Mapping[str, Interface | None]


def events(report: Report, linked: Linked, names: Collection[str], codes: Collection[str]) -> None:
    """Check every event of the procedure."""
    for id_, event in report.procedure.events.items():
        path = f"events.{id_}"
        _who_and_where(report, event, path)
        _guards(report, event, path, codes)
        for number, effect in enumerate(event.effects):
            before = len(report.findings)
            _effect(report, effect, f"{path}.effects", linked, names)
            if len(report.findings) > before:
                report.move(before, _effect_path(report.procedure, f"{path}.effects", number))


def _effect_path(procedure: Procedure, path: str, number: int) -> str:
    """The path of an event's n-th effect; one `set` or `clear` in the text may hold several."""
    passed, item = 0, 0
    while f"{path}.{item}" in procedure.positions:
        start = (f"{path}.{item}.set.", f"{path}.{item}.clear.")
        passed += max(1, sum(1 for place in procedure.positions if place.startswith(start)))
        if number < passed:
            return f"{path}.{item}"
        item += 1
    return path


def _who_and_where(report: Report, event: Event, path: str) -> None:
    procedure = report.procedure
    report.known("party", event.by, procedure.parties, f"{path}.by")
    report.known("state", event.sources, procedure.states, f"{path}.from")
    report.known("state", (event.target,), procedure.states, f"{path}.to")
    report.known("field", event.needs, procedure.data, f"{path}.needs")
    report.known("field", event.may_give, procedure.data, f"{path}.may_give")
    report.known("channel", event.channels, CHANNELS, f"{path}.channels")
    report.known("approval", event.approvals, procedure.approvals, f"{path}.approvals")
    if not (event.by or event.by_signal or event.triggers):
        report.add("NOBODY", f"{path}.by", "この手続を行う者がいません。", "nobody and nothing fires this event.")
    for source in event.sources:
        if source in procedure.states and procedure.states[source].terminal:
            ja, en = f"「{source}」は終了した状態です。", f"'{source}' is a final state; nothing leads out of it."
            report.add("FROM_FINAL_STATE", f"{path}.from", ja, en)


def _guards(report: Report, event: Event, path: str, codes: Collection[str]) -> None:
    procedure = report.procedure
    for number, guard in enumerate(event.guards):
        report.known("code", (guard.code,), codes, f"{path}.requires.{number}.else")
    for trigger in event.triggers:
        report.known("deadline", (trigger.deadline,), procedure.deadlines, f"{path}.on")
        report.known("event", (trigger.refused,), procedure.events, f"{path}.on")
        report.known("code", trigger.codes, codes, f"{path}.on")
        deadline = procedure.deadlines.get(trigger.deadline or "")
        if deadline is not None and deadline.missed != event.id:
            ja = f"期限「{deadline.id}」の missed に「{event.id}」がありません。"
            report.add("NOT_NAMED_AS_MISSED", f"{path}.on", ja, f"deadline '{deadline.id}' does not name it as missed.")


def _effect(report: Report, effect: Effect, path: str, linked: Linked, names: Collection[str]) -> None:
    procedure = report.procedure
    match effect:
        case SetField(field=field) | AddEntry(field=field):
            report.known("field", (field,), procedure.data, path)
        case GiveApproval(approval=approval) | RevokeApproval(approval=approval):
            report.known("approval", (approval,), procedure.approvals, path)
        case PostLedger(ledger=ledger):
            report.known("ledger", (ledger,), procedure.ledgers, path)
        case OpenCase(link=link):
            report.known("link", (link,), procedure.links, path)
        case SendMessage():
            _message(report, effect, path, names)
        case Signal():
            _signal(report, effect, path, linked)


def _message(report: Report, message: SendMessage, path: str, names: Collection[str]) -> None:
    procedure = report.procedure
    report.known("party", message.to, procedure.parties, path)
    report.known("channel", message.via, CHANNELS, path)
    report.known("approval", (message.approval,), procedure.approvals, path)
    sent = [id_ for id_ in (message.document, *message.enclosing) if id_]
    report.known("document", sent, procedure.documents, path)
    for document in (procedure.documents[id_] for id_ in sent if id_ in procedure.documents):
        for party in sorted({*message.to} - document.may_see):
            ja = f"「{party}」は「{document.title.ja}」を見ることができる者（may_see）ではありません。"
            en = f"'{party}' may not see '{document.id}' (may_see)."
            report.add("MAY_NOT_SEE", path, ja, en)
    for text in (message.subject, message.text):
        for language in (text.ja, text.en) if text is not None else ():
            report.known("name", PLACEHOLDER.findall(language), names, path)


def _signal(report: Report, signal: Signal, path: str, linked: Linked) -> None:
    if not report.known("link", (signal.link,), report.procedure.links, path):
        return
    interface = linked.get(signal.link)
    if interface is None or not report.known("event", (signal.event,), interface.events, path):
        return
    event = interface.events[signal.event]
    if not event.by_signal:
        ja = f"「{signal.event}」は他の手続からは起こせません（by に signal がありません）。"
        report.add("NOT_BY_SIGNAL", path, ja, f"'{signal.event}' is not fired by a signal (`by: signal`).")
    for field in signal.values.keys() & interface.data.keys() - event.takes:
        ja, en = f"「{signal.event}」は「{field}」を受け取りません。", f"'{signal.event}' does not take '{field}'."
        report.add("NOT_TAKEN", path, ja, en)


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

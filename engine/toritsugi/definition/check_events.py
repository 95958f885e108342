"""The static checks of events: whom and what they name, what they send to whom, and what they signal."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from toritsugi.definition import check_disclosure, check_links, check_personal
from toritsugi.definition.check_leaving import Leaving
from toritsugi.definition.configurations import split, words_for_states
from toritsugi.definition.expression import Name
from toritsugi.definition.fields import CHANNELS
from toritsugi.definition.interface import Interface
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
from toritsugi.definition.origin import Position
from toritsugi.definition.report import Report
from toritsugi.definition.uses import PLACEHOLDER

Linked = Mapping[str, Interface | None]


def events(report: Report, linked: Linked, names: Mapping[str, Name], codes: Collection[str]) -> None:
    """Check every event of the procedure."""
    leaving = Leaving(report, linked)
    leaving.links()
    for id_, event in report.procedure.events.items():
        path = f"events.{id_}"
        _who_and_where(report, event, path)
        _guards(report, event, path, codes)
        for number, effect in enumerate(event.effects):
            before = len(report.findings)
            _effect(report, effect, f"{path}.effects", linked, names)
            check_personal.effect(report, effect, f"{path}.effects", linked, names)
            leaving.effect(effect, f"{path}.effects")
            if len(report.findings) > before:
                report.move(before, _effect_path(report.places, f"{path}.effects", number))


def _effect_path(places: Mapping[str, Position], path: str, number: int) -> str:
    """The path of an event's n-th effect; one `set` or `clear` in the text may hold several."""
    passed, item = 0, 0
    while f"{path}.{item}" in places:
        start = (f"{path}.{item}.set.", f"{path}.{item}.clear.")
        passed += max(1, sum(1 for place in places if place.startswith(start)))
        if number < passed:
            return f"{path}.{item}"
        item += 1
    return path


def _who_and_where(report: Report, event: Event, path: str) -> None:
    procedure = report.procedure
    report.known("party", event.by, procedure.parties, f"{path}.by")
    words = words_for_states(procedure)
    report.known("state", (one for one in event.sources if one not in procedure.states), words, f"{path}.from")
    if event.target is not None and not (event.targets or event.target in procedure.states):
        report.known("state", split(event.target), words, f"{path}.to")
    if event.written and not event.sources:
        ja = "from: の組合せには、どの手続からも至りません。"
        report.add("NEVER_OFFERED", f"{path}.from", ja, "nothing leads to what `from` names.")
    report.known("field", event.needs, procedure.data, f"{path}.needs")
    for field in (one for one in event.anew if one not in event.needs):
        ja = f"「{field}」は必要な記入（needs）にありません。その中から選んで書いてください。"
        report.add(
            "NOT_NEEDED", f"{path}.anew", ja, f"'{field}' is none of its needs.", word=field, allowed=event.needs
        )
    report.known("field", event.may_give, procedure.data, f"{path}.may_give")
    report.known("channel", event.channels, CHANNELS, f"{path}.channels")
    report.known("approval", event.approvals, procedure.approvals, f"{path}.approvals")
    if not (event.by or event.by_signal or event.triggers):
        report.add("NOBODY", f"{path}.by", "この手続を行う者がいません。", "nobody and nothing fires this event.")
    for source in event.sources:
        if source in procedure.states and procedure.states[source].terminal:
            ja, en = f"「{source}」は終了した状態です。", f"'{source}' is a final state; nothing leads out of it."
            report.add("FROM_FINAL_STATE", f"{path}.from", ja, en, word=source)


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
            en = f"deadline '{deadline.id}' does not name it as missed."
            report.add("NOT_NAMED_AS_MISSED", f"{path}.on", ja, en, word=deadline.id)


def _effect(report: Report, effect: Effect, path: str, linked: Linked, names: Collection[str]) -> None:
    procedure = report.procedure
    match effect:
        case SetField(field=field) | AddEntry(field=field):
            report.known("field", (field,), procedure.data, path)
        case GiveApproval(approval=approval) | RevokeApproval(approval=approval):
            report.known("approval", (approval,), procedure.approvals, path)
        case PostLedger(ledger=ledger):
            report.known("ledger", (ledger,), procedure.ledgers, path)
        case OpenCase():
            check_links.opened(report, effect, path)
        case AppointParty():
            check_links.appointed(report, effect, path)
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
        if not document.may_see <= procedure.parties.keys():
            continue
        for party in sorted({*message.to} & procedure.parties.keys() - document.may_see):
            ja = f"「{party}」は「{document.title.ja}」を見ることができる者（may_see）ではありません。"
            en = f"'{party}' may not see '{document.id}' (may_see)."
            report.add("MAY_NOT_SEE", path, ja, en, word=party, allowed=sorted(document.may_see))
    for text in (message.subject, message.text):
        for language in (text.ja, text.en) if text is not None else ():
            report.known("name", PLACEHOLDER.findall(language), names, path)
    check_disclosure.message(report, message, path)


def _signal(report: Report, signal: Signal, path: str, linked: Linked) -> None:
    if not report.known("link", (signal.link,), report.procedure.links, path):
        return
    check_links.signalled(report, signal, path)
    interface = linked.get(signal.link)
    if interface is None or not report.known("event", (signal.event,), interface.events, path):
        return
    event = interface.events[signal.event]
    if not event.by_signal:
        ja = f"「{signal.event}」は他の手続からは起こせません（by に signal がありません）。"
        en = f"'{signal.event}' is not fired by a signal (`by: signal`)."
        report.add("NOT_BY_SIGNAL", path, ja, en, word=signal.event)
    for field in signal.values.keys() & interface.data.keys() - event.takes:
        ja, en = f"「{signal.event}」は「{field}」を受け取りません。", f"'{signal.event}' does not take '{field}'."
        report.add("NOT_TAKEN", path, ja, en, word=field, allowed=sorted(event.takes))

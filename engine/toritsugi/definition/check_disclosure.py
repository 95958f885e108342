"""The static checks of disclosure: everything stands in one class, and no message shows what its reader can never see."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from toritsugi.definition.expression import names_read
from toritsugi.definition.model import Procedure
from toritsugi.definition.model_disclosure import DisclosureClass
from toritsugi.definition.model_effects import SendMessage
from toritsugi.definition.report import Report
from toritsugi.definition.seers import played_together, seers_by_entry
from toritsugi.definition.uses import PLACEHOLDER

#: The lists of a class that must hold every entry of that part of the file -> the part, and what one entry is called.
_PARTS = {
    "fields": ("data", "field"),
    "documents": ("documents", "document"),
    "links": ("links", "link"),
    "ledgers": ("ledgers", "ledger"),
}


def disclosure(report: Report) -> None:
    """Check the classes of a procedure that has any."""
    procedure = report.procedure
    if not procedure.disclosure:
        return
    for part, (group, kind) in _PARTS.items():
        declared = getattr(procedure, group)
        classed = _classed(report, part, kind, declared)
        for id_ in declared.keys() - classed.keys():
            ja = f"「{id_}」がどの開示区分（disclosure）にも入っていません。"
            en = f"'{id_}' is in no class of `disclosure`."
            report.add("UNCLASSED", f"{group}.{id_}", ja, en, allowed=tuple(procedure.disclosure), word=id_)
    _classed(report, "parties", "party", procedure.parties)
    for class_ in procedure.disclosure.values():
        path = f"disclosure.{class_.id}.seen_by"
        for sighting in class_.seen_by:
            report.known("party", sighting.parties, procedure.parties, path)
            report.known("approval", (sighting.approval,), procedure.approvals, path)
        inside = (*class_.fields, *class_.links, *class_.ledgers)
        report.known("name", class_.may_leave, inside, f"disclosure.{class_.id}.may_leave")
    _documents(report)
    _refusals(report)


def _classed(report: Report, part: str, kind: str, declared: Collection[str]) -> dict[str, str]:
    """Entry -> the first class that names it; unknown entries and second classes are noted."""
    found: dict[str, str] = {}
    for class_ in report.procedure.disclosure.values():
        path, words = f"disclosure.{class_.id}.{part}", getattr(class_, part)
        report.known(kind, words, declared, path)
        for word in words:
            if word in found:
                ja = f"「{word}」は既に開示区分「{found[word]}」に入っています。"
                en = f"'{word}' is in the class '{found[word]}' already."
                report.add("CLASSED_TWICE", path, ja, en, word=word)
            found.setdefault(word, class_.id)
    return found


def _documents(report: Report) -> None:
    """Who may see a document can also see its class, or never gets it."""
    procedure = report.procedure
    for id_, document in procedure.documents.items():
        class_ = next((one for one in procedure.disclosure.values() if id_ in one.documents), None)
        for party in sorted(document.may_see & procedure.parties.keys()) if class_ is not None else ():
            if class_ is not None and not may_ever(class_, party):
                ja = f"「{party}」は開示区分「{class_.title.ja}」を見ることがないので、この書類も見られません。"
                en = f"'{party}' never sees the class '{class_.id}', so it never sees this document."
                report.warn("NEVER_DISCLOSED", f"documents.{id_}.may_see", ja, en, word=party)


def _refusals(report: Report) -> None:
    """Whoever does an event can be told why it was refused: no reason is told that rests on what is kept from its reader."""
    procedure = report.procedure
    seers = seers_by_entry(procedure.disclosure.values())
    together = played_together(procedure.parties)
    for event in procedure.events.values():
        given = {*event.needs, *event.may_give}
        for number, guard in enumerate(event.guards):
            words = {name.partition(".")[0] for name in names_read(guard.rule)} - given
            hidden = {
                party: [word for word in sorted(words & seers.keys()) if parts.isdisjoint(seers[word].ever)]
                for party in event.by
                if (parts := together.get(party)) is not None
            }
            if hidden and all(hidden.values()):
                _never_told(report, hidden, f"events.{event.id}.requires.{number}")


def _never_told(report: Report, hidden: Mapping[str, list[str]], path: str) -> None:
    who, word = "、".join(hidden), next(iter(hidden.values()))[0]
    ja = f"これで断られる「{who}」は「{word}」を見ることがないので、message は示されず、理由は開示されていないとだけ伝わります。"
    en = (
        f"{', '.join(hidden)} can never see '{word}': whoever is refused here does not get the message, only that the "
        "reason is not disclosed."
    )
    report.warn("REASON_NEVER_TOLD", f"{path}.rule", ja, en, word=word)


def may_ever(class_: DisclosureClass, party: str) -> bool:
    """Whether some rule could show the class to the party."""
    return any(party in sighting.parties for sighting in class_.seen_by)


def message(report: Report, effect: SendMessage, path: str) -> None:
    """Note what a message shows to a receiving party that no rule could ever show it to."""
    procedure = report.procedure
    if not procedure.disclosure:
        return
    for party in effect.to:
        told: set[str] = set()
        for class_, word in _shown(procedure, effect) if party in procedure.parties else ():
            if class_.id in told or may_ever(class_, party):
                continue
            told.add(class_.id)
            ja = f"「{party}」は「{word}」を見ることができません（開示区分「{class_.title.ja}」の seen_by にありません）。"
            en = f"'{party}' can never see '{word}' (it is not in `seen_by` of the class '{class_.id}')."
            report.add("NEVER_DISCLOSED", path, ja, en, word=word)


def _shown(procedure: Procedure, effect: SendMessage) -> Iterator[tuple[DisclosureClass, str]]:
    """The classes of what a message shows, each with the word of the effect that brings it in."""
    classes = {part: _by_entry(procedure, part) for part in _PARTS}
    names = {**classes["fields"], **classes["links"], **classes["ledgers"]}
    for id_ in filter(None, (effect.document, *effect.enclosing)):
        if id_ in classes["documents"]:
            yield classes["documents"][id_], id_
        document = procedure.documents.get(id_)
        for name in document.fields if document is not None else ():
            if (first := name.partition(".")[0]) in names:
                yield names[first], id_
    for text in (effect.subject, effect.text):
        for language in (text.ja, text.en) if text is not None else ():
            for name in PLACEHOLDER.findall(language):
                if (first := name.partition(".")[0]) in names:
                    yield names[first], name


def _by_entry(procedure: Procedure, part: str) -> Mapping[str, DisclosureClass]:
    return {id_: class_ for class_ in procedure.disclosure.values() for id_ in getattr(class_, part)}

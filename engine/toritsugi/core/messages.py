"""Messages, composed from the case as it stands at the decision, so that what leaves is what was decided."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from toritsugi.core.disclosure import Shown, Sight
from toritsugi.core.family import Family, WorkingCase
from toritsugi.core.plan import first_words
from toritsugi.core.seeing import sight_of, withheld
from toritsugi.core.shown import show_value
from toritsugi.core.values import Event, Message
from toritsugi.definition.model import DataField, Document
from toritsugi.definition.model_effects import SendMessage
from toritsugi.definition.scope import ENGINE_NAMES
from toritsugi.definition.types import DATE, TEXT, YEN, Kind, Title, Type
from toritsugi.errors import NotPossible

#: institutions read Japanese.
LOCALE = "ja"

#: the sender of what nobody sent: a deadline that passed, a condition that came true.
AUTOMATIC = "取次（自動送信）"

#: member of a message's content that tells what it shows; only in a procedure with classes, and never handed over.
SHOWS = "shows"

#: in that member, the procedure by whose names it tells it.
PINNED = "content"

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def compose(
    effect: SendMessage,
    *,
    family: Family,
    member: WorkingCase,
    event: Event,
    seq: int,
    env: Mapping[str, Any],
) -> Iterator[Message]:
    """One message for each receiving party that this case has.

    Raises:
        NotPossible: WRONG_ADDRESS if a document has nowhere to go, or the sender names an address that is not the
            recipient's; DISCLOSURE_NOT_APPROVED if the recipient may not see the document.
    """
    documents = [
        member.plan.procedure.documents[name] for name in (effect.document, *effect.enclosing) if name is not None
    ]
    kept = member.plan.classes is not None
    for party in effect.to:
        institution = member.parties.get(party)
        if institution is None:
            continue
        _may_see(documents, party, member, event)
        seen = sight_of(family, member, frozenset({party}), env) if kept else None
        sender = _sender(family, member, event, env, seen)
        shows = None if seen is None else _shows(effect, documents, seen, family, member, event, institution)
        channel, address = _where(effect, party, institution, family, member, event, env)
        number = 1 + sum(1 for message in member.messages if message.seq == seq)
        yield Message(
            case_id=member.id,
            seq=seq,
            number=number,
            party=party,
            institution=institution,
            channel=channel,
            document=effect.document,
            approval=effect.approval,
            content={
                **({} if shows is None else {SHOWS: _recorded(shows, member)}),
                "address": address,
                "to": {"title": _name(family, member, party, institution, env)},
                "from": sender,
                "decided_at": family.situation.now,
                "subject": _subject(effect, documents, family, member, env),
                "body": _text(effect.text, family, member, env),
                "documents": [_shown(document, family, member, env) for document in documents],
            },
        )


def _may_see(documents: list[Document], party: str, member: WorkingCase, event: Event) -> None:
    for document in documents:
        if party not in document.may_see:
            title = member.plan.procedure.parties[party].title
            raise NotPossible(
                "DISCLOSURE_NOT_APPROVED",
                event=event.name,
                state=member.state,
                approval={"ja": f"{title.ja}への開示", "en": f"disclosure to {title.en}"},
            )


def _shows(
    effect: SendMessage,
    documents: list[Document],
    seen: Sight,
    family: Family,
    member: WorkingCase,
    event: Event,
    institution: str,
) -> Shown:
    """What the message shows to this recipient, all of which it may see.

    Raises:
        NotPossible: DISCLOSURE_NOT_APPROVED, with the class that is kept from the recipient.
    """
    texts = [half for text in (effect.subject, effect.text) if text is not None for half in (text.ja, text.en)]
    names = {name for text in texts for name in _PLACEHOLDER.findall(text)}
    names.update(name for document in documents for name in document.fields)
    acting = _acting(member, event)
    named: set[str] = set()
    if acting is not None and (acting in seen.parties or "actor_institution" in names):
        named.add(acting)
        sender = member.plan.procedure.parties[acting]
        names.update(name for name in (sender.called, sender.contact.get("email")) if name and seen.sees(name))
    shows = Shown(
        names=tuple(sorted(names)),
        documents=tuple([document.id for document in documents]),
        parties=tuple(named),
    )
    class_ = withheld(family, member, seen, shows, institution)
    if class_ is not None:
        titles = [member.plan.procedure.parties[party].title for party in sorted(seen.roles or ())]
        to_ja, to_en = "、".join(title.ja for title in titles), ", ".join(title.en for title in titles)
        raise NotPossible(
            "DISCLOSURE_NOT_APPROVED",
            event=event.name,
            state=member.state,
            approval={"ja": f"{to_ja}への「{class_.title.ja}」の開示", "en": f"{class_.title.en} to {to_en}"},
        )
    return shows


def _recorded(shows: Shown, member: WorkingCase) -> dict[str, list[str]]:
    """What goes along, sealed with the content, to be asked about again when the message leaves."""
    return {
        PINNED: [member.case.content_hash],
        "names": list(shows.names),
        "documents": list(shows.documents),
        "parties": list(shows.parties),
    }


def shown_by(recorded: Mapping[str, Any]) -> Shown:
    """What a message that was decided earlier shows, as it was recorded."""
    return Shown(
        names=tuple(recorded["names"]), documents=tuple(recorded["documents"]), parties=tuple(recorded["parties"])
    )


def _where(
    effect: SendMessage,
    party: str,
    institution: str,
    family: Family,
    member: WorkingCase,
    event: Event,
    env: Mapping[str, Any],
) -> tuple[str, str | None]:
    """Channel and address; a notice without any address keeps None and waits for a person."""
    addresses = dict(_addresses(party, institution, family, member, env))
    chosen = event.channel if event.channel in effect.via else None
    for channel in (chosen,) if chosen else effect.via:
        address = addresses.get(channel)
        if address is not None:
            if event.address is not None and effect.document and event.address != address:
                break
            return channel, address
    if effect.document is None:
        return effect.via[0], None
    title = member.plan.procedure.parties[party].title
    raise NotPossible(
        "WRONG_ADDRESS",
        event=event.name,
        state=member.state,
        party={"ja": title.ja, "en": title.en},
        reads=[first_words(member.plan.procedure.parties[party].contact.values())],
    )


def _addresses(
    party: str, institution: str, family: Family, member: WorkingCase, env: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    for channel, name in member.plan.procedure.parties[party].contact.items():
        if env.get(name):
            yield channel, str(env[name])
    known = family.situation.institutions.get(institution)
    if known is not None:
        yield from known.addresses.items()


def _name(
    family: Family,
    member: WorkingCase,
    party: str,
    institution: str,
    env: Mapping[str, Any],
    seen: Sight | None = None,
) -> str:
    """What a party is called, to itself or to somebody who sees no more than `seen` of it."""
    definition = member.plan.procedure.parties[party]
    if seen is not None and party not in seen.parties:
        return definition.title.of(LOCALE)
    called = definition.called is not None and (seen is None or seen.sees(definition.called))
    if called and env.get(definition.called or ""):
        return str(env[definition.called or ""])
    known = family.situation.institutions.get(institution)
    return known.title[LOCALE] if known else definition.title.of(LOCALE)


def _sender(
    family: Family, member: WorkingCase, event: Event, env: Mapping[str, Any], seen: Sight | None
) -> dict[str, str]:
    """Who acted, as the recipient may know them, and where an answer should go; the engine has no name of its own."""
    party = _acting(member, event)
    if party is None:
        return {"title": AUTOMATIC}
    title = _name(family, member, party, member.parties[party], env, seen)
    if seen is not None and party not in seen.parties:
        return {"title": title}
    known = family.situation.institutions.get(member.parties[party])
    contact = member.plan.procedure.parties[party].contact.get("email", "")
    own = env.get(contact) if seen is None or seen.sees(contact) else None
    return {"title": title, "email": str(own or (known.addresses.get("email", "") if known else ""))}


def _acting(member: WorkingCase, event: Event) -> str | None:
    """The party that acted; None: the engine, or a linked case."""
    party = event.actor.role
    if party in member.parties:
        return party
    return next((one for one, played_by in member.parties.items() if played_by == event.actor.institution), None)


def _subject(
    effect: SendMessage, documents: list[Document], family: Family, member: WorkingCase, env: Mapping[str, Any]
) -> str:
    if effect.subject is not None:
        return _text(effect.subject, family, member, env)
    return documents[0].title.of(LOCALE) if documents else member.plan.procedure.title.of(LOCALE)


def _text(text: Title | None, family: Family, member: WorkingCase, env: Mapping[str, Any]) -> str:
    if text is None:
        return ""
    return _PLACEHOLDER.sub(lambda found: _value(family, member, found[1], env), text.of(LOCALE))


def _shown(document: Document, family: Family, member: WorkingCase, env: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": document.id,
        "title": document.title.of(LOCALE),
        "lines": [[_label(family, member, name), _value(family, member, name, env)] for name in document.fields],
    }


def _label(family: Family, member: WorkingCase, name: str) -> str:
    """What a person calls a name that a document shows."""
    field = _field(family, member, name)
    if field is not None:
        return field.title.of(LOCALE)
    if name in ENGINE_NAMES:
        return ENGINE_NAMES[name].titles.of(LOCALE)
    owner, _, part = name.rpartition(".")
    procedure = member.plan.procedure
    if name in procedure.counts:
        return procedure.counts[name].title.of(LOCALE)
    if owner in procedure.deadlines and part in _DEADLINE_LABELS:
        return f"{procedure.deadlines[owner].title.ja}の{_DEADLINE_LABELS[part]}"
    if owner in procedure.links and part == "state":
        return f"{procedure.links[owner].title.ja}の状態"
    return _LEDGER_LABELS.get(part, name)


def _value(family: Family, member: WorkingCase, name: str, env: Mapping[str, Any]) -> str:
    """A name's value as a person reads it; blank if it is not set."""
    value = env.get(name)
    if value is None:
        return ""
    field = _field(family, member, name)
    type_ = field.type if field else _type(family, member, name)
    return show_value(type_, value, LOCALE, family.situation.institutions)


def _field(family: Family, member: WorkingCase, name: str) -> DataField | None:
    """The field that a name stands for, of this case or of a linked one; None: it is none."""
    own = member.plan.procedure.data.get(name)
    link_id, _, inside = name.partition(".")
    link = member.plan.procedure.links.get(link_id)
    if own is not None or link is None or not inside:
        return own
    other = family.behind(member, link)
    return None if other is None else other.plan.procedure.data.get(inside)


def _type(family: Family, member: WorkingCase, name: str) -> Type:
    """What a name that is no field stands for."""
    if name in ENGINE_NAMES:
        return ENGINE_NAMES[name].type
    owner, _, last = name.rpartition(".")
    link = member.plan.procedure.links.get(owner)
    other = family.behind(member, link) if link is not None and last == "state" else None
    if other is not None:
        return Type(kind=Kind.CHOICE, options={one.id: one.title for one in other.plan.procedure.states.values()})
    if last in _LEDGER_LABELS:
        return YEN
    return DATE if last.endswith("_on") else TEXT


_DEADLINE_LABELS = {"due_on": "期限日", "missed": "超過"}
_LEDGER_LABELS = {
    "available": "利用可能残額（税抜）",
    "reserved": "予約額（税抜）",
    "consumed": "利用額累計（税抜）",
    "ceiling": "上限額（税抜）",
    "balance": "残額（税抜）",
}

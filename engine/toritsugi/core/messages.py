"""Messages, composed from the case as it stands at the decision, so that what leaves is what was decided."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from toritsugi.core.datavalues import show_value
from toritsugi.core.family import Family, WorkingCase
from toritsugi.core.values import Event, Message
from toritsugi.definition.model import Document, SendMessage
from toritsugi.definition.types import DATE, TEXT, YEN, Title, Type
from toritsugi.errors import NotPossible

#: institutions read Japanese.
LOCALE = "ja"

#: the sender of what nobody sent: a deadline that passed, a condition that came true.
AUTOMATIC = "取次（自動送信）"

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
    for party in effect.to:
        institution = member.parties.get(party)
        if institution is None:
            continue
        _may_see(documents, party, member, event)
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
                "address": address,
                "to": {"title": _name(family, member, party, institution, env)},
                "from": _sender(family, member, event, env),
                "decided_at": family.situation.now,
                "subject": _subject(effect, documents, member, env),
                "body": _text(effect.text, member, env),
                "documents": [_shown(document, member, env) for document in documents],
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
    raise NotPossible("WRONG_ADDRESS", event=event.name, state=member.state, party={"ja": title.ja, "en": title.en})


def _addresses(
    party: str, institution: str, family: Family, member: WorkingCase, env: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    for channel, name in member.plan.procedure.parties[party].contact.items():
        if env.get(name):
            yield channel, str(env[name])
    known = family.situation.institutions.get(institution)
    if known is not None:
        yield from known.addresses.items()


def _name(family: Family, member: WorkingCase, party: str, institution: str, env: Mapping[str, Any]) -> str:
    definition = member.plan.procedure.parties[party]
    if definition.called is not None and env.get(definition.called):
        return str(env[definition.called])
    known = family.situation.institutions.get(institution)
    return known.title[LOCALE] if known else definition.title.of(LOCALE)


def _sender(family: Family, member: WorkingCase, event: Event, env: Mapping[str, Any]) -> dict[str, str]:
    """Who acted, as the recipient knows them, and where an answer should go; the engine has no name of its own."""
    institution = event.actor.institution
    party = event.actor.role
    if party not in member.parties:
        party = next((one for one, played_by in member.parties.items() if played_by == institution), None)
    if party is None:
        return {"title": AUTOMATIC}
    known = family.situation.institutions.get(member.parties[party])
    email = env.get(member.plan.procedure.parties[party].contact.get("email", "")) or (
        known.addresses.get("email", "") if known else ""
    )
    return {"title": _name(family, member, party, member.parties[party], env), "email": str(email)}


def _subject(effect: SendMessage, documents: list[Document], member: WorkingCase, env: Mapping[str, Any]) -> str:
    if effect.subject is not None:
        return _text(effect.subject, member, env)
    return documents[0].title.of(LOCALE) if documents else member.plan.procedure.title.of(LOCALE)


def _text(text: Title | None, member: WorkingCase, env: Mapping[str, Any]) -> str:
    if text is None:
        return ""
    return _PLACEHOLDER.sub(lambda found: shown_name(member, found[1], env), text.of(LOCALE))


def _shown(document: Document, member: WorkingCase, env: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": document.id,
        "title": document.title.of(LOCALE),
        "lines": [[label(member, name), shown_name(member, name, env)] for name in document.fields],
    }


def label(member: WorkingCase, name: str) -> str:
    """What a person calls a name that a document shows."""
    field = member.plan.procedure.data.get(name)
    if field is not None:
        return field.title.of(LOCALE)
    return _LEDGER_LABELS.get(name.rsplit(".", 1)[-1], name)


def shown_name(member: WorkingCase, name: str, env: Mapping[str, Any]) -> str:
    """A name's value as a person reads it; blank if it is not set."""
    value = env.get(name)
    return "" if value is None else show_value(_type(member, name), value, LOCALE)


def _type(member: WorkingCase, name: str) -> Type:
    field = member.plan.procedure.data.get(name)
    if field is not None:
        return field.type
    last = name.rsplit(".", 1)[-1]
    if last in _LEDGER_LABELS:
        return YEN
    return DATE if last.endswith("_on") else TEXT


_LEDGER_LABELS = {
    "available": "利用可能残額（税抜）",
    "reserved": "予約額（税抜）",
    "consumed": "利用額累計（税抜）",
    "ceiling": "上限額（税抜）",
    "balance": "残額（税抜）",
}

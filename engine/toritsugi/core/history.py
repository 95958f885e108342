"""What a history row says, to the letter: the record that is hashed, the chain, and the commitments to personal values.

A record is canonical JSON (RFC 8785), encoding version 1; members that are empty are left out. Personal values and the
written reason appear in it only as salted commitments, so that a record stays true after they were erased. A row's
salt lies beside the values, sealed; each field has a salt of its own, derived from it, so that one value can be shown
to somebody without opening the others.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from toritsugi.core.canonical import canonical_json
from toritsugi.core.values import Answer, Case, Message, Step

Json = Any

#: version of the encoding below; a reader refuses one that it does not know.
ENCODING = 1

#: bytes of a row's salt.
SALT_BYTES = 32


def genesis(case_id: str) -> bytes:
    """What the first row of a case is chained to: no two cases begin alike."""
    return sha256(b"toritsugi history 1\0" + case_id.encode()).digest()


def link(previous: bytes, record: str) -> bytes:
    """The hash of a row: over its predecessor's hash and its own record."""
    return sha256(previous + record.encode()).digest()


def field_salt(salt: bytes, field: str) -> bytes:
    """The salt of one field, derived from its row's."""
    return hmac.digest(salt, field.encode(), "sha256")


def commitment(salt: bytes, field: str, value: Json) -> str:
    """What stands in a record for a personal value: hex, and no way back to the value without the salt."""
    return salted(field_salt(salt, field), value)


def salted(own_salt: bytes, value: Json) -> str:
    """`commitment`, for somebody who was given the salt of this one field."""
    return hmac.digest(own_salt, canonical_json(value).encode(), "sha256").hex()


def record_of(
    step: Step,
    commitments: Mapping[str, str],
    *,
    frame: Case | None = None,
    messages: Sequence[tuple[Message, str]] = (),
    answer: Mapping[str, Json] | None = None,
    claim: str | None = None,
    request: str | None = None,
) -> str:
    """The canonical record of a history row.

    Args:
        commitments: field -> commitment, for every personal value that is set by this step.
        frame: the case, in the first row that has it stand on this procedure with these parties.
        messages: what leaves by this step, each with the commitment to its content.
        answer: in the row of the event somebody sent: what `answer_of` needs beside the row itself.
        claim, request: the idempotency claim and the hash of the request, in the same row.
    """
    record: dict[str, Json] = {
        "v": ENCODING,
        "case": step.case_id,
        "seq": step.seq,
        "event": step.event,
        "from": step.from_state,
        "to": step.to_state,
        "actor": step.actor,
        "institution": step.institution,
        "role": step.role,
        "authority": step.authority,
        "occurred_at": step.occurred_at,
        "recorded_at": step.recorded_at,
    }
    if step.cause is not None:
        record["cause"] = step.cause
    if step.values:
        record["values"] = dict(step.values)
    if step.channel is not None:
        record["channel"] = step.channel
    if step.overridden:
        record["overridden"] = list(step.overridden)
    if step.deadlines:
        record["deadlines"] = dict(step.deadlines)
    if step.approvals:
        record["approvals"] = dict(step.approvals)
    if step.postings:
        record["postings"] = [
            [one.ledger, one.act, one.item, one.amount_yen, one.reserved_yen, one.consumed_yen, one.company_pays_yen]
            for one in step.postings
        ]
    if step.personal:
        if commitments:
            record["personal"] = dict(commitments)
        cleared = sorted(name for name, value in step.personal.items() if value is None)
        if cleared:
            record["cleared"] = cleared
    if messages:
        record["messages"] = [_sent(message, content_hash) for message, content_hash in messages]
    if frame is not None:
        record["frame"] = frame_of(frame)
    if answer is not None:
        record["answer"] = answer
    if claim is not None:
        record["claim"] = claim
        record["request"] = request
    return canonical_json(record)


def frame_of(case: Case) -> dict[str, Json]:
    """What a case stands on: everything of its row that no single event sets."""
    return {
        "procedure": case.procedure,
        "version": case.version,
        "content": case.content_hash,
        "opened_at": case.opened_at,
        "subject": case.subject,
        "parties": dict(case.parties),
    }


def _sent(message: Message, content_hash: str) -> dict[str, Json]:
    return {
        "number": message.number,
        "party": message.party,
        "institution": message.institution,
        "channel": message.channel,
        "document": message.document,
        "approval": message.approval,
        "content": content_hash,
    }


def settled(steps: Sequence[Step], state: str) -> dict[str, Json]:
    """The part of an answer that only the whole decision knows; `steps` are those of the sender's case."""
    found: dict[str, Json] = {"state": state}
    late: list[str] = []
    due: dict[str, str] = {}
    for step in steps:
        for name, mark in step.deadlines.items():
            if mark == "late":
                late.append(name)
            elif mark.startswith("armed:"):
                due[name] = mark[6:]
            else:
                due.pop(name, None)
    if late:
        found["late"] = late
    if due:
        found["due"] = due
    return found


def answer_of(record: Mapping[str, Json], *, repeated: bool) -> Answer:
    """The answer that the sender of this row's event was given."""
    rest = record["answer"]
    return Answer(
        case_id=record["case"],
        seq=record["seq"],
        event=record["event"],
        from_state=record["from"],
        state=rest["state"],
        occurred_at=record["occurred_at"],
        recorded_at=record["recorded_at"],
        late=tuple(rest.get("late", ())),
        due=rest.get("due", {}),
        repeated=repeated,
    )

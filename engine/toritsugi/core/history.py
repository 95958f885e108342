"""What a history row says, to the letter: the record that is hashed, the chain, and the commitments to personal values.

A record is canonical JSON (RFC 8785), encoding version 1; members that are empty are left out. Personal values and the
written reason appear in it only as salted commitments, so that a record stays true after they were erased. A row's
salt lies beside the values, sealed; each field has a salt of its own, derived from it, so that one value can be shown
to somebody without opening the others.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from toritsugi.core.allowance import Posting
from toritsugi.core.canonical import canonical_json
from toritsugi.core.plainjson import encode
from toritsugi.core.values import Answer, Case, Message, Step

Json = Any

#: version of the encoding below; a reader refuses one that it does not know.
ENCODING = 1

#: bytes of a row's salt.
SALT_BYTES = 32

_NOTHING: Mapping[str, str] = {}


def genesis(case_id: str) -> bytes:
    """What the first row of a case is chained to: no two cases begin alike."""
    return sha256(b"toritsugi history 1\0" + case_id.encode()).digest()


def link(previous: bytes, record: str) -> bytes:
    """The hash of a row: over its predecessor's hash and its own record."""
    return sha256(previous + record.encode()).digest()


def field_salt(salt: bytes, field: str) -> bytes:
    """The salt of one field, derived from its row's."""
    return sha256(salt + field.encode()).digest()


def commitment(own_salt: bytes, text: str) -> str:
    """What stands in a record for a personal value: hex, and no way back to the value without the salt.

    Args:
        own_salt: the field's, as `field_salt` derives it.
        text: the value's canonical JSON.
    """
    return sha256(own_salt + text.encode()).hexdigest()


def claim_digest(claim: str) -> bytes:
    """What is kept of an idempotency claim: 16 bytes, so that a key that names somebody does not stay here."""
    return sha256(claim.encode()).digest()[:16]


def record_of(
    step: Step,
    commitments: Mapping[str, str] = _NOTHING,
    *,
    frame: Case | None = None,
    messages: Sequence[tuple[Message, str]] = (),
    answer: Answer | None = None,
    claim: bytes | None = None,
    request: str | None = None,
) -> str:
    """The canonical record of a history row.

    Its members are known to be plain, only the values are looked at; a test holds it to `canonical_json`.

    Args:
        commitments: field -> commitment, for every personal value that is set by this step.
        frame: the case, in the first row that has it stand on this procedure with these parties.
        messages: what leaves by this step, each with the commitment to its content.
        answer: in the row of the event somebody sent: what its sender is told.
        claim, request: digest of the idempotency claim and hash of the request, in the same row.
    Raises:
        TypeError, ValueError: as `canonical_json`, for a value that has no canonical form.
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
        record["values"] = _checked(step.values)
    if step.channel is not None:
        record["channel"] = step.channel
    if step.overridden:
        record["overridden"] = list(step.overridden)
    if step.deadlines:
        record["deadlines"] = dict(step.deadlines)
    if step.approvals:
        record["approvals"] = dict(step.approvals)
    if step.postings:
        record["postings"] = [_booked(posting) for posting in step.postings]
    if step.parties:
        record["parties"] = dict(step.parties)
    if step.unreached:
        record["unreached"] = list(step.unreached)
    if step.counts:
        record["counts"] = dict(step.counts)
    if step.sitting is not None:
        mark = step.sitting
        record["sitting"] = {"id": mark.id, "number": mark.number, "of": mark.of}
    if step.personal:
        cleared = sorted([name for name, value in step.personal.items() if value is None])
        if cleared:
            record["cleared"] = cleared
    if commitments:
        record["personal"] = dict(commitments)
    if messages:
        record["messages"] = [_sent(message, content_hash) for message, content_hash in messages]
    if frame is not None:
        record["frame"] = frame_of(frame)
    if answer is not None:
        record["answer"] = _kept(answer)
    if claim is not None:
        record["claim"] = claim.hex()
    if request is not None:
        record["request"] = request
    return own_json(record)


_PLAIN = frozenset({str, bool, type(None)})
_BOUND = 2**53


def _checked(values: Mapping[str, Json]) -> dict[str, Json]:
    """Values from outside the core: what has no canonical form is refused."""
    found = dict(values)
    for value in found.values():
        if type(value) not in _PLAIN and not (type(value) is int and -_BOUND < value < _BOUND):
            canonical_json(found)
            break
    return found


def own_json(content: Json) -> str:
    """`canonical_json` for content of our own making, which needs no checking."""
    return _in_utf16_order(encode(content))


def _in_utf16_order(text: str) -> str:
    """Names beyond the Basic Multilingual Plane sort differently in RFC 8785; then all is done again the general way."""
    if not text.isascii():
        try:
            units = len(text.encode("utf-16-le")) // 2
        except UnicodeEncodeError:
            raise ValueError("a text contains a lone surrogate") from None
        if units != len(text):
            return canonical_json(json.loads(text))
    return text


def _booked(posting: Posting) -> list[Json]:
    return [
        posting.ledger,
        posting.act,
        posting.item,
        posting.amount_yen,
        posting.reserved_yen,
        posting.consumed_yen,
        posting.company_pays_yen,
    ]


def frame_of(case: Case) -> dict[str, Json]:
    """What a case stands on: everything of its row that no single event sets."""
    frame: dict[str, Json] = {
        "procedure": case.procedure,
        "version": case.version,
        "content": case.content_hash,
        "opened_at": case.opened_at,
        "subject": case.subject,
        "parties": dict(case.parties),
    }
    if case.parent is not None:
        frame["parent"], frame["opened_by_link"] = case.parent, case.opened_by_link
    return frame


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


def answer_to(steps: Sequence[Step], state: str) -> Answer:
    """The answer to an event.

    Args:
        steps: those of the sender's case, the event's own first.
        state: the case's, when everything had followed.
    """
    step = steps[0]
    late: list[str] = []
    due: dict[str, str] = {}
    for one in steps:
        for name, marks in one.deadlines.items():
            for mark in marks.split(","):
                if mark.startswith("armed:"):
                    due[name] = mark[6:]
                elif mark != "cleared":  # met by the event's own row, which may have started it anew
                    due.pop(name, None)
                    if mark == "late":
                        late.append(name)
    return Answer(
        case_id=step.case_id,
        seq=step.seq,
        event=step.event,
        from_state=step.from_state,
        state=state,
        occurred_at=step.occurred_at,
        recorded_at=step.recorded_at,
        late=tuple(late),
        due=due,
        sitting=None if step.sitting is None else step.sitting.id,
    )


def _kept(answer: Answer) -> dict[str, Json]:
    """What the event's row keeps of the answer beside its own members."""
    kept: dict[str, Json] = {"state": answer.state}
    if answer.due:
        kept["due"] = dict(answer.due)
    if answer.late:
        kept["late"] = list(answer.late)
    return kept


def answer_of(record: Mapping[str, Json]) -> Answer:
    """The answer that the sender of this row's event was given, to be given again."""
    kept = record["answer"]
    return Answer(
        case_id=record["case"],
        seq=record["seq"],
        event=record["event"],
        from_state=record["from"],
        state=kept["state"],
        occurred_at=record["occurred_at"],
        recorded_at=record["recorded_at"],
        late=tuple(kept.get("late", ())),
        due=kept.get("due", {}),
        repeated=True,
        sitting=record.get("sitting", {}).get("id"),
    )

"""The queue of messages: claimed by one worker at a time, checked once more before they leave."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from toritsugi.core.messages import SHOWS
from toritsugi.core.plainjson import decode
from toritsugi.errors import KeyMissing
from toritsugi.ports import Parcel, Proof
from toritsugi.store import convert
from toritsugi.store.sealing import Broken, Keyring, unseal
from toritsugi.store.statements import Rendering

Run = Callable[..., Any]

#: what a person may find out about a message whose outcome is open; `waiting` sends it again.
RESOLUTIONS = frozenset({"handed_over", "waiting", "set_aside"})
OUTCOMES = frozenset({"handed_over", "failed", "set_aside", "unknown"})

#: ends the token of a claim under which nothing has been tried yet: until `begin` the message cannot have left.
UNTRIED = "/untried"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """Who claims, and for how long."""

    now: int
    #: when the claim expires.
    until: int
    worker: str
    #: channels whose expired claims may be claimed again.
    repeatable: frozenset[str]
    #: asked of each message while its case is held; None: nobody asks.
    may_leave: Callable[[Parcel], bool | None] | None = None


def claim(run: Run, sql: Rendering, keyring: Keyring, lease: Lease, limit: int) -> Sequence[Parcel]:
    """Claim up to `limit` messages.

    Each case is held first, in ascending id like every writer does, so an approval that was revoked or a case that was
    withdrawn a moment earlier is seen here.
    """
    cases = sorted({row[0] for row in run(sql.ready, (lease.now, limit)).fetchall()})
    claimed: list[Parcel] = []
    for case_id in cases:
        if len(claimed) < limit:
            claimed += _claim_of(run, sql, keyring, lease, case_id, limit - len(claimed))
    return claimed


def _claim_of(run: Run, sql: Rendering, keyring: Keyring, lease: Lease, case_id: str, limit: int) -> list[Parcel]:
    withdrawn_seq, body, wrapped, pinned = run(sql.hold_case, (case_id,)).fetchone()
    approvals = decode(body).get("approvals", ())
    claimed: list[Parcel] = []
    for row in run(sql.take_ready, (case_id, lease.now)).fetchall():
        seq, number, party, institution, channel, document, approval, sealed, attempts, expired = row
        place = (case_id, seq, number)
        stopped = withdrawn_seq is not None and seq < withdrawn_seq
        stopped = stopped or (approval is not None and approval not in approvals)
        tried = expired is not None and not expired.endswith(UNTRIED)
        if tried and (stopped or channel not in lease.repeatable):
            # somebody tried it and was not heard of again: it may have left
            run(sql.put_aside, ("unknown", None, None, lease.now, *place))
        elif stopped:
            run(sql.put_aside, ("recalled", None, None, lease.now, *place))
        elif wrapped is None:
            # erased: what it said is gone, a person must know that it never left
            run(sql.put_aside, ("set_aside", None, None, lease.now, *place))
        elif len(claimed) < limit:
            key = f"{case_id}/{seq}/{number}"
            try:
                content = unseal(keyring.cipher(wrapped, case_id), key, sealed)["content"]
            except (Broken, KeyMissing):
                # one damaged row must not keep the others from leaving
                run(sql.put_aside, ("set_aside", None, None, lease.now, *place))
                continue
            once = channel not in lease.repeatable
            token = f"{lease.worker}/{os.urandom(8).hex()}{UNTRIED if once else ''}"
            shows = content.pop(SHOWS, None)
            parcel = Parcel(
                key=key,
                case_id=case_id,
                party=party,
                institution=institution,
                channel=channel,
                document=document,
                approval=approval,
                attempts=attempts,
                claim=token,
                pinned=pinned,
                shows=shows,
                content=content,
            )
            if lease.may_leave is not None and not (may := lease.may_leave(parcel)):
                status = "unknown" if tried else "recalled" if may is False else "set_aside"
                run(sql.put_aside, (status, None, None, lease.now, *place))
                continue
            run(sql.claim, (0 if once else 1, lease.until, token, lease.until, *place))
            claimed.append(parcel)
    return claimed


def begun(parcel: Parcel) -> tuple[Parcel, Sequence[Any]]:
    """The parcel as it is held once it is being tried, and what the statement `begin` binds for that."""
    case_id, seq, number = parcel.key.rsplit("/", 2)
    tried = replace(parcel, claim=parcel.claim.removesuffix(UNTRIED))
    return tried, (tried.claim, case_id, int(seq), int(number), parcel.claim)


def settled(parcel: Parcel, status: str, now: int, *, proof: Proof | None, retry_at: int | None) -> Sequence[Any]:
    """What the statement `settle` binds for an outcome."""
    if status not in OUTCOMES:
        raise ValueError(f"{status} is no outcome of a hand-over")
    case_id, seq, number = parcel.key.rsplit("/", 2)
    ready_at = now if retry_at is None else retry_at
    return (
        status,
        ready_at,
        None,
        None,
        convert.proof_text(proof),
        now,
        case_id,
        int(seq),
        int(number),
        parcel.claim,
    )

"""What every Store promises about messages: claimed by one worker at a time, and gone only while they may leave."""

from __future__ import annotations

from typing import Any

from toritsugi.ports import Parcel, Proof, Store
from toritsugi.testing.decisions import DAY, NOON
from toritsugi.testing.store_acts import LEASE, claim, is_, load, moved, opened


def _begin(store: Store, parcel: Parcel) -> Parcel:
    """Try it from here on."""
    with store.unit() as unit:
        begun = unit.begin_parcel(parcel)
        unit.commit()
    if begun is None:
        raise AssertionError("a claim that is ours was lost")
    return begun


def _settle(store: Store, parcel: Parcel, status: str, now: int, **what: Any) -> bool:
    with store.unit() as unit:
        settled = unit.settle_parcel(parcel, status, now, **what)
        unit.commit()
    return settled


def a_message_is_claimed_by_one_worker_at_a_time(store: Store) -> None:
    """With its content and a stable key; handed over, it is never claimed again."""
    case = moved(store, opened(store), send=({"subject": "件名", "body": "本文"},))
    is_(store.next_due(), case.recorded_at)
    is_(claim(store, case.recorded_at - 1), [])
    (parcel,) = claim(store, NOON + DAY, "email")
    is_((parcel.key, parcel.attempts, parcel.content), ("c1/2/1", 0, {"subject": "件名", "body": "本文"}))
    is_(claim(store, NOON + DAY), [])
    proof = Proof(channel="email", reference="<1@example>", details={"host": "mx"})
    is_(_settle(store, parcel, "handed_over", NOON + DAY, proof=proof), True)
    is_(_settle(store, parcel, "failed", NOON + DAY), False)
    is_(claim(store, NOON + 9 * DAY, "email"), [])
    (kept,) = store.messages("c1", content=True)
    is_((kept.status, kept.proof, kept.attempts, kept.content), ("handed_over", proof, 1, dict(parcel.content)))
    is_(store.next_due(), None)


def a_failed_message_waits_for_its_retry(store: Store) -> None:
    """And counts its attempts."""
    moved(store, opened(store), send=({"subject": "s"},))
    parcel = _begin(store, *claim(store, NOON + DAY))
    _settle(store, parcel, "failed", NOON + DAY, retry_at=NOON + 2 * DAY)
    is_(claim(store, NOON + 2 * DAY - 1), [])
    (again,) = claim(store, NOON + 2 * DAY)
    is_((again.key, again.attempts, again.claim != parcel.claim), (parcel.key, 1, True))


def an_expired_claim_is_claimed_again_or_its_outcome_is_unknown(store: Store) -> None:
    """By whether its channel may be used twice; who lost a claim settles nothing."""
    moved(store, opened(store), send=({"subject": "s", "channel": "email"}, {"subject": "s", "channel": "fax"}))
    first = [_begin(store, parcel) for parcel in claim(store, NOON + DAY)]
    is_(len(first), 2)
    again = claim(store, NOON + DAY + LEASE, "email")
    is_([parcel.channel for parcel in again], ["email"])
    is_([one.status for one in store.messages("c1")], ["waiting", "unknown"])
    is_([_settle(store, parcel, "handed_over", NOON + 2 * DAY) for parcel in first], [False, False])
    is_(_settle(store, again[0], "handed_over", NOON + 2 * DAY), True)


def a_claim_under_which_nothing_was_tried_is_claimed_again(store: Store) -> None:
    """On any channel; who lost it cannot begin any more."""
    moved(store, opened(store), send=({"subject": "s", "channel": "fax"},))
    (first,) = claim(store, NOON + DAY)
    (again,) = claim(store, NOON + DAY + LEASE)
    is_((first.attempts, again.attempts), (0, 0))
    with store.unit() as unit:
        is_(unit.begin_parcel(first), None)
    is_(_settle(store, _begin(store, again), "handed_over", NOON + 2 * DAY), True)
    is_([(one.status, one.attempts) for one in store.messages("c1")], [("handed_over", 1)])


def a_withdrawn_case_sends_nothing_it_decided_before(store: Store) -> None:
    """What waits is recalled, what fails later as well; the notice of the withdrawal itself leaves."""
    case = moved(store, opened(store), send=({"subject": "claimed"}, {"subject": "waiting"}))
    (held,) = claim(store, NOON + DAY, limit=1)
    moved(store, case, "withdraw", "withdrawn", ended=True, withdrawn=True, send=({"subject": "notice"},))
    is_([one.status for one in store.messages("c1")], ["waiting", "recalled", "waiting"])
    _settle(store, held, "failed", NOON + DAY, retry_at=NOON + DAY)
    is_([parcel.content["subject"] for parcel in claim(store, NOON + 2 * DAY)], ["notice"])
    is_([one.status for one in store.messages("c1")], ["recalled", "recalled", "waiting"])


def a_message_leaves_only_while_its_approval_stands(store: Store) -> None:
    """Revoked a moment before the claim, it is recalled; other messages leave."""
    case = moved(store, opened(store), give=("disclosure", "other"))
    case = moved(
        store,
        case,
        send=({"subject": "a", "approval": "disclosure"}, {"subject": "b", "approval": "other"}, {"subject": "c"}),
    )
    moved(store, case, "revoke", revoke=("disclosure",))
    is_([one.status for one in store.messages("c1")], ["recalled", "waiting", "waiting"])
    held = [_begin(store, parcel) for parcel in claim(store, NOON + DAY)]
    is_([parcel.content["subject"] for parcel in held], ["b", "c"])
    moved(store, load(store, "c1"), "revoke", revoke=("other",))
    _settle(store, held[0], "failed", NOON + DAY, retry_at=NOON + DAY)
    is_(claim(store, NOON + 2 * DAY), [])
    is_([one.status for one in store.messages("c1")], ["recalled", "recalled", "unknown"])


PROMISES_OF_MESSAGES = (
    a_message_is_claimed_by_one_worker_at_a_time,
    a_failed_message_waits_for_its_retry,
    an_expired_claim_is_claimed_again_or_its_outcome_is_unknown,
    a_claim_under_which_nothing_was_tried_is_claimed_again,
    a_withdrawn_case_sends_nothing_it_decided_before,
    a_message_leaves_only_while_its_approval_stands,
)

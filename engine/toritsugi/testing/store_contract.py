"""What every Store promises, as a suite: run `exercise_store` over your own, as ours are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from toritsugi.core.allowance import Allowance, Posting, reserve
from toritsugi.core.canonical import canonical_json
from toritsugi.core.history import genesis, link
from toritsugi.core.lookups import Absence
from toritsugi.core.values import Case, Decision
from toritsugi.errors import Conflict, NotDisclosable
from toritsugi.ports import ClaimTaken, Idempotency, Parcel, Proof, Refusal, Store
from toritsugi.testing.decisions import (
    CONTENT_HASH,
    DAY,
    KEPT,
    NOON,
    PROCEDURE,
    change,
    moving,
    opening,
    together,
)

Promise = Callable[[Store], None]

_LEASE = 60_000_000
_DUE = date(2026, 5, 8)
#: 00:00 JST of the day after `_DUE`.
_DUE_AT = 1_778_252_400_000_000


def exercise_store(fresh: Callable[[], Store]) -> None:
    """Hold a store to every promise; `fresh` gives an empty one each time, to be closed here."""
    for promise in PROMISES:
        store = fresh()
        try:
            keep_example(store)
            promise(store)
        finally:
            store.close()


def keep_example(store: Store) -> None:
    """The procedure that all decisions made by hand are pinned to."""
    with store.unit() as unit:
        unit.keep_procedure(CONTENT_HASH, KEPT, NOON)
        unit.commit()


def write(store: Store, decision: Decision, claim: str | None = None) -> Any:
    """Write one decision in a transaction of its own."""
    idempotency = None if claim is None else Idempotency(claim=claim, request="0" * 64)
    with store.unit() as unit:
        answer = unit.write(decision, idempotency)
        unit.commit()
    return answer


def load(store: Store, case_id: str, *, personal: bool = False) -> Case:
    """A case that is there."""
    with store.unit() as unit:
        case = unit.case(case_id, personal=personal)
    if case is None:
        raise AssertionError(f"{case_id} is not there")
    return case


def opened(store: Store, case_id: str = "c1", **what: Any) -> Case:
    """Open a case and load it."""
    write(store, opening(case_id, **what))
    return load(store, case_id)


def moved(store: Store, case: Case, *step: str, **what: Any) -> Case:
    """Take a case one step on and load it."""
    write(store, moving(case, *step, **what))
    return load(store, case.id)


def _is(found: object, expected: object) -> None:
    if found != expected:
        raise AssertionError(f"found {found!r}, not {expected!r}")


def _refused(error: type[Exception], act: Callable[[], object]) -> None:
    try:
        act()
    except error:
        return
    raise AssertionError(f"no {error.__name__} came")


# --- cases ------------------------------------------------------------------------------------------------------------
def what_is_written_is_read_back(store: Store) -> None:
    """A case comes back as the decision left it, its head the hash of its last row."""
    case = opened(store, values={"名": "株式会社髙﨑", "n": 3, "list": [1, None, True]}, subject="1010001034730")
    decision = moving(
        case,
        "accept",
        "accepted",
        values={"n": 4, "list": None},
        personal={"contact": "高橋"},
        arm={"contact_due": _DUE},
        give=("disclosure",),
    )
    write(store, decision)
    found, expected = load(store, "c1"), decision.changes[0].after
    for name in ("state", "revision", "data", "parties", "personal_set", "approvals", "deadlines", "subject", "ended"):
        _is(getattr(found, name), getattr(expected, name))
    _is(found.data, {"名": "株式会社髙﨑", "n": 4})
    _is(found.head.hex(), list(store.histories("c1"))[-1]["hash"])


def what_is_not_committed_leaves_nothing(store: Store) -> None:
    """A unit that ends without a commit is as if it had never been."""
    case = opened(store)
    with store.unit() as unit:
        unit.write(moving(case, "accept", "accepted", send=({"subject": "s"},), arm={"d": _DUE}))
        unit.write(opening("c2"))
    _is(load(store, "c1"), case)
    with store.unit() as unit:
        _is(unit.case("c2"), None)
        _is(list(unit.due(_DUE_AT, 10)), [])
    _is(list(store.messages("c1")), [])
    _is(len(list(store.histories("c1"))), 1)


def a_unit_sees_what_it_wrote(store: Store) -> None:
    """Later reads of a unit see its earlier writes."""
    case = opened(store)
    with store.unit() as unit:
        unit.write(moving(case, "accept", "accepted"))
        again = unit.case("c1")
        if again is None:
            raise AssertionError("the case is gone")
        unit.write(moving(again, "end", "closed", ended=True))
        unit.commit()
    _is((load(store, "c1").state, load(store, "c1").revision), ("closed", 3))


def a_case_that_changed_meanwhile_is_a_conflict(store: Store) -> None:
    """Who comes second writes nothing at all."""
    case = opened(store)
    moved(store, case, "accept", "accepted")
    _refused(Conflict, lambda: write(store, moving(case, "reject", "rejected", send=({"subject": "s"},))))
    _is(load(store, "c1").state, "accepted")
    _is(list(store.messages("c1")), [])


def a_case_that_was_only_read_must_not_have_changed(store: Store) -> None:
    """A decision that rests on another case fails when that one has moved on."""
    case, other = opened(store, "c1"), opened(store, "c2")
    write(store, together(change(case), read=(other,)))
    case = load(store, "c1")
    moved(store, other)
    _refused(Conflict, lambda: write(store, together(change(case), read=(other,))))
    _is(load(store, "c1"), case)


def a_decision_over_several_cases_is_written_whole_or_not_at_all(store: Store) -> None:
    """One stale case among several leaves all of them as they were."""
    first, second, third = (opened(store, name) for name in ("c1", "c2", "c3"))
    write(store, together(change(second, "a", "x"), change(first, "b", "y"), read=(third,)))
    _is((load(store, "c1").state, load(store, "c2").state), ("y", "x"))
    stale = second
    fresh = load(store, "c1")
    _refused(Conflict, lambda: write(store, together(change(fresh), change(stale))))
    _is(load(store, "c1"), fresh)


def a_part_that_fails_leaves_the_rest_of_its_unit(store: Store) -> None:
    """A savepoint takes back what is in it and nothing else."""
    first, second = opened(store, "c1"), opened(store, "c2")
    with store.unit(write=True) as unit:
        with unit.savepoint():
            unit.write(moving(first, "accept", "accepted"))

        def fail() -> None:
            with unit.savepoint():
                unit.write(moving(second, "accept", "accepted"))
                raise KeyError

        _refused(KeyError, fail)
        unit.commit()
    _is((load(store, "c1").state, load(store, "c2").state), ("accepted", "opened"))


def one_open_case_per_subject_where_the_procedure_says_so(store: Store) -> None:
    """A second open case about the same subject is a conflict; after the first has ended it is not."""
    case = opened(store, "c1", subject="s", one_per_subject=True)
    _refused(Conflict, lambda: write(store, opening("c2", subject="s", one_per_subject=True)))
    opened(store, "c3", subject="other", one_per_subject=True)
    moved(store, case, "end", "closed", ended=True)
    opened(store, "c2", subject="s", one_per_subject=True)


def the_oldest_open_case_of_a_subject_is_found(store: Store) -> None:
    """Ended cases are not looked at."""
    oldest = opened(store, "c3", subject="s", now=NOON)
    opened(store, "c1", subject="s", now=NOON + 1)
    with store.unit() as unit:
        _is(list(unit.open_cases(PROCEDURE, "s"))[:1], ["c3"])
        _is(list(unit.open_cases(PROCEDURE, "t")), [])
        _is(list(unit.open_cases("another", "s")), [])
    moved(store, oldest, "end", "closed", ended=True)
    with store.unit() as unit:
        _is(list(unit.open_cases(PROCEDURE, "s"))[:1], ["c1"])


def what_a_case_has_opened_is_found(store: Store) -> None:
    """Open or ended, in the order of opening, with the link through which; and each knows who opened it."""
    opened(store, "c1")
    for number, link_id in ((3, "one"), (2, "other")):
        decision = opening(f"c{number}", now=NOON + 9 - number)
        (only,) = decision.changes
        born = replace(only, after=replace(only.after, parent="c1", opened_by_link=link_id))
        write(store, replace(decision, changes=(born,)))
    moved(store, load(store, "c2"), "end", "closed", ended=True)
    with store.unit() as unit:
        found = [(one.id, one.link, one.procedure, one.ended) for one in unit.opened_by("c1")]
        _is(found, [("c3", "one", PROCEDURE, False), ("c2", "other", PROCEDURE, True)])
        _is(list(unit.opened_by("c2")), [])
    _is(
        [(case.id, case.parent, case.opened_by_link) for case in store.cases()][1:],
        [("c2", "c1", "other"), ("c3", "c1", "one")],
    )


def what_was_looked_for_in_vain_must_not_have_come_meanwhile(store: Store) -> None:
    """Where units run side by side; where they come one after the other, nothing can come."""
    opened(store, "c1", subject="s")
    absent = Absence(procedure=PROCEDURE, subject="s", open_then=0)
    if not store.serial:
        _refused(Conflict, lambda: write(store, replace(opening("c2"), absent=(absent,))))
    write(store, replace(opening("c2", subject="s"), absent=(replace(absent, open_then=2),)))


def cases_are_listed_in_the_order_of_ids(store: Store) -> None:
    """By procedure and state, a page at a time, ledgers included."""
    for name in ("c2", "c1", "c10"):
        opened(store, name, ledgers={"frame": 100} if name == "c1" else None)
    moved(store, load(store, "c2"), "accept", "accepted")
    _is([case.id for case in store.cases()], ["c1", "c10", "c2"])
    _is([case.id for case in store.cases(limit=1, after="c1")], ["c10"])
    _is([case.id for case in store.cases(PROCEDURE, "opened")], ["c1", "c10"])
    _is(store.cases("another"), [])
    _is(store.cases(limit=1)[0], load(store, "c1"))


def a_procedure_is_kept_once(store: Store) -> None:
    """The text first kept under a hash stays."""
    with store.unit() as unit:
        unit.keep_procedure(CONTENT_HASH, replace(KEPT, content="something else"), NOON)
        unit.commit()
    _is(store.kept_procedure(CONTENT_HASH), KEPT)
    _is(store.kept_procedure("0" * 64), None)


# --- history ----------------------------------------------------------------------------------------------------------
def the_first_answer_is_remembered(store: Store) -> None:
    """Under its claim, due dates and late marks included; the claim cannot be taken again."""
    case = opened(store)
    answer = write(store, moving(case, "accept", "accepted", arm={"contact_due": _DUE}), "bank/send/1")
    case = load(store, "c1")
    late = write(store, moving(case, "contact", "contacted", end={"contact_due": "late"}), "bank/send/2")
    moved(store, load(store, "c1"), "end", "closed", ended=True)
    with store.unit() as unit:
        for claim, first in (("bank/send/1", answer), ("bank/send/2", late)):
            remembered = unit.remembered(claim)
            if remembered is None:
                raise AssertionError("the claim is forgotten")
            _is(remembered.request, "0" * 64)
            _is((remembered.answer.repeated, first.repeated), (True, False))
            for name in ("case_id", "seq", "event", "from_state", "state", "occurred_at", "recorded_at", "late", "due"):
                _is(getattr(remembered.answer, name), getattr(first, name))
        _is(unit.remembered("bank/send/3"), None)
    _is((answer.due, late.late), ({"contact_due": "2026-05-08"}, ("contact_due",)))
    case = load(store, "c1")
    _refused(ClaimTaken, lambda: write(store, moving(case), "bank/send/1"))
    _is(load(store, "c1"), case)


def a_claim_of_what_was_not_written_is_free(store: Store) -> None:
    """Neither a rollback nor a conflict uses up a claim."""
    case = opened(store)
    with store.unit() as unit:
        unit.write(moving(case), Idempotency(claim="k", request="0" * 64))
        unit.rollback()
    moved(store, case)
    _refused(Conflict, lambda: write(store, moving(case), "k"))
    with store.unit() as unit:
        _is(unit.remembered("k"), None)
    write(store, moving(load(store, "c1")), "k")


def history_is_chained(store: Store) -> None:
    """Each row's hash covers its record and its predecessor; no personal value stands in a record."""
    case = opened(store, personal={"contact": "髙﨑𠮷子"})
    moved(store, case, personal={"reason": "髙﨑𠮷子が希望"}, send=({"body": "髙﨑𠮷子様"},))
    rows = list(store.histories("c1"))
    _is([row["seq"] for row in rows], [1, 2])
    if "髙﨑" in str(rows):
        raise AssertionError("a personal value stands in the history")
    _is(rows[1]["personal"].keys(), {"reason"})
    previous = genesis("c1")
    for row in rows:
        previous = link(previous, canonical_json({name: value for name, value in row.items() if name != "hash"}))
        _is(row["hash"], previous.hex())


def refusals_are_listed_as_they_came(store: Store) -> None:
    """Who was refused what, oldest first; the case stays as it is."""
    case = opened(store)
    refusals = [
        Refusal(
            case_id="c1",
            event="accept",
            code=code,
            actor="staff-1",
            institution="bank",
            role="bank",
            recorded_at=NOON,
        )
        for code in ("ACTOR_NOT_ALLOWED", "INVALID_TRANSITION")
    ]
    for refusal in refusals:
        with store.unit() as unit:
            unit.refuse(refusal)
            unit.commit()
    _is(list(store.refusals("c1")), refusals)
    _is(load(store, "c1"), case)


# --- deadlines --------------------------------------------------------------------------------------------------------
def armed_deadlines_are_due_in_due_order(store: Store) -> None:
    """Of one case or of all; a missed or ended one is due no more, and what became of each is kept."""
    late, early = opened(store, "c1"), opened(store, "c2")
    late = moved(store, late, arm={"b": date(2026, 5, 9), "a": date(2026, 5, 9)})
    early = moved(store, early, arm={"x": _DUE})
    with store.unit() as unit:
        _is([one.name for one in unit.due(_DUE_AT + DAY, 10)], ["x", "a", "b"])
        _is([one.name for one in unit.due(_DUE_AT + DAY, 2)], ["x", "a"])
        _is([one.name for one in unit.due(_DUE_AT + DAY, 10, "c1")], ["a", "b"])
        _is([(one.case_id, one.due_at) for one in unit.due(_DUE_AT, 10)], [("c2", _DUE_AT)])
        _is(list(unit.due(_DUE_AT - 1, 10)), [])
    _is(store.next_due(), _DUE_AT)
    early = moved(store, early, end={"x": "missed"})
    late = moved(store, late, end={"a": "met"})
    _is(store.next_due(), _DUE_AT + DAY)
    _is([(one.name, one.status) for one in store.due_list(_DUE_AT + DAY)], [("x", "missed"), ("b", "armed")])
    _is(
        [(one.name, one.status, one.ended_seq) for one in store.deadlines("c1")],
        [("a", "met", 3), ("b", "armed", None)],
    )
    kept = store.deadlines("c2")[0]
    _is((kept.due_on, kept.calendar, sorted(kept.explanation)), ("2026-05-08", "example", ["en", "ja"]))
    moved(store, early, "contact", end={"x": "late"})
    _is(store.deadlines("c2")[0].status, "late")


# --- messages ---------------------------------------------------------------------------------------------------------
def claim(store: Store, now: int, *repeatable: str, limit: int = 10) -> Sequence[Parcel]:
    """Claim what may leave."""
    with store.unit() as unit:
        parcels = unit.claim_parcels(now, _LEASE, limit, "worker-1", repeatable=frozenset(repeatable))
        unit.commit()
    return parcels


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
    _is(store.next_due(), case.recorded_at)
    _is(claim(store, case.recorded_at - 1), [])
    (parcel,) = claim(store, NOON + DAY, "email")
    _is((parcel.key, parcel.attempts, parcel.content), ("c1/2/1", 0, {"subject": "件名", "body": "本文"}))
    _is(claim(store, NOON + DAY), [])
    proof = Proof(channel="email", reference="<1@example>", details={"host": "mx"})
    _is(_settle(store, parcel, "handed_over", NOON + DAY, proof=proof), True)
    _is(_settle(store, parcel, "failed", NOON + DAY), False)
    _is(claim(store, NOON + 9 * DAY, "email"), [])
    (kept,) = store.messages("c1", content=True)
    _is((kept.status, kept.proof, kept.attempts, kept.content), ("handed_over", proof, 1, dict(parcel.content)))
    _is(store.next_due(), None)


def a_failed_message_waits_for_its_retry(store: Store) -> None:
    """And counts its attempts."""
    moved(store, opened(store), send=({"subject": "s"},))
    parcel = _begin(store, *claim(store, NOON + DAY))
    _settle(store, parcel, "failed", NOON + DAY, retry_at=NOON + 2 * DAY)
    _is(claim(store, NOON + 2 * DAY - 1), [])
    (again,) = claim(store, NOON + 2 * DAY)
    _is((again.key, again.attempts, again.claim != parcel.claim), (parcel.key, 1, True))


def an_expired_claim_is_claimed_again_or_its_outcome_is_unknown(store: Store) -> None:
    """By whether its channel may be used twice; who lost a claim settles nothing."""
    moved(store, opened(store), send=({"subject": "s", "channel": "email"}, {"subject": "s", "channel": "fax"}))
    first = [_begin(store, parcel) for parcel in claim(store, NOON + DAY)]
    _is(len(first), 2)
    again = claim(store, NOON + DAY + _LEASE, "email")
    _is([parcel.channel for parcel in again], ["email"])
    _is([one.status for one in store.messages("c1")], ["waiting", "unknown"])
    _is([_settle(store, parcel, "handed_over", NOON + 2 * DAY) for parcel in first], [False, False])
    _is(_settle(store, again[0], "handed_over", NOON + 2 * DAY), True)


def a_claim_under_which_nothing_was_tried_is_claimed_again(store: Store) -> None:
    """On any channel; who lost it cannot begin any more."""
    moved(store, opened(store), send=({"subject": "s", "channel": "fax"},))
    (first,) = claim(store, NOON + DAY)
    (again,) = claim(store, NOON + DAY + _LEASE)
    _is((first.attempts, again.attempts), (0, 0))
    with store.unit() as unit:
        _is(unit.begin_parcel(first), None)
    _is(_settle(store, _begin(store, again), "handed_over", NOON + 2 * DAY), True)
    _is([(one.status, one.attempts) for one in store.messages("c1")], [("handed_over", 1)])


def a_withdrawn_case_sends_nothing_it_decided_before(store: Store) -> None:
    """What waits is recalled, what fails later as well; the notice of the withdrawal itself leaves."""
    case = moved(store, opened(store), send=({"subject": "claimed"}, {"subject": "waiting"}))
    (held,) = claim(store, NOON + DAY, limit=1)
    moved(store, case, "withdraw", "withdrawn", ended=True, withdrawn=True, send=({"subject": "notice"},))
    _is([one.status for one in store.messages("c1")], ["waiting", "recalled", "waiting"])
    _settle(store, held, "failed", NOON + DAY, retry_at=NOON + DAY)
    _is([parcel.content["subject"] for parcel in claim(store, NOON + 2 * DAY)], ["notice"])
    _is([one.status for one in store.messages("c1")], ["recalled", "recalled", "waiting"])


def a_message_leaves_only_while_its_approval_stands(store: Store) -> None:
    """Revoked a moment before the claim, it is recalled; other messages leave."""
    case = moved(store, opened(store), give=("disclosure", "other"))
    case = moved(
        store,
        case,
        send=({"subject": "a", "approval": "disclosure"}, {"subject": "b", "approval": "other"}, {"subject": "c"}),
    )
    moved(store, case, "revoke", revoke=("disclosure",))
    _is([one.status for one in store.messages("c1")], ["recalled", "waiting", "waiting"])
    held = [_begin(store, parcel) for parcel in claim(store, NOON + DAY)]
    _is([parcel.content["subject"] for parcel in held], ["b", "c"])
    moved(store, load(store, "c1"), "revoke", revoke=("other",))
    _settle(store, held[0], "failed", NOON + DAY, retry_at=NOON + DAY)
    _is(claim(store, NOON + 2 * DAY), [])
    _is([one.status for one in store.messages("c1")], ["recalled", "recalled", "unknown"])


# --- ledgers ----------------------------------------------------------------------------------------------------------
def ledgers_and_their_bookings_stand_together(store: Store) -> None:
    """A ledger comes back with its open reservations, each booking where it was made."""
    case = opened(store, ledgers={"frame": 1_000_000})
    _is(case.ledgers, {"frame": Allowance(ceiling_yen=1_000_000)})
    booked = reserve(case.ledgers["frame"], ledger="frame", item="展示会", amount_yen=300_000, consent=False)
    case = moved(store, case, book=(booked,))
    _is(case.ledgers, {"frame": booked[0]})
    _is([(one.seq, one.number, one.posting) for one in store.postings("c1")], [(2, 1, booked[1])])


def a_ledger_cannot_be_overdrawn(store: Store) -> None:
    """Even a wrong decision does not get past the database."""
    case = opened(store, ledgers={"frame": 100})
    wrong = Posting(
        ledger="frame", act="reserve", item="x", amount_yen=101, reserved_yen=101, consumed_yen=0, company_pays_yen=0
    )
    overdrawn = moving(case, book=((Allowance(ceiling_yen=100, reserved_yen=101), wrong),))
    _refused(Exception, lambda: write(store, overdrawn))
    _is(load(store, "c1"), case)


# --- personal values --------------------------------------------------------------------------------------------------
def personal_values_are_loaded_only_when_asked_for(store: Store) -> None:
    """The latest of each field; the reason is a row's own, and a cleared field is gone."""
    case = opened(store, personal={"contact": "高橋", "phone": "042"})
    moved(store, case, personal={"contact": "佐藤", "phone": None, "reason": "担当者変更"})
    _is(load(store, "c1").personal, None)
    _is(load(store, "c1", personal=True).personal, {"contact": "佐藤"})
    _is(load(store, "c1").personal_set, frozenset({"contact"}))
    _is(
        [dict(one.values) for one in store.personal_history("c1")],
        [{"contact": "高橋", "phone": "042"}, {"contact": "佐藤", "phone": None, "reason": "担当者変更"}],
    )


def an_erased_case_keeps_its_history_and_loses_its_personal_values(store: Store) -> None:
    """Nothing opens them any more, nothing personal can be added, and nothing of it leaves."""
    case = moved(store, opened(store, personal={"contact": "高橋"}), send=({"subject": "s"},))
    with store.unit(write=True) as unit:
        unit.write(moving(case, "erase"))
        unit.erase("c1", NOON)
        unit.commit()
    case = load(store, "c1", personal=True)
    _is((case.erased, case.personal, case.personal_set), (True, {}, frozenset({"contact"})))
    _is(list(store.personal_history("c1")), [])
    _is(store.messages("c1", content=True)[0].content, None)
    _is(claim(store, NOON + DAY), [])
    _is(store.messages("c1")[0].status, "set_aside")
    _refused(NotDisclosable, lambda: write(store, moving(case, personal={"contact": "佐藤"})))
    moved(store, case, "note")


PROMISES: tuple[Promise, ...] = (
    what_is_written_is_read_back,
    what_is_not_committed_leaves_nothing,
    a_unit_sees_what_it_wrote,
    a_case_that_changed_meanwhile_is_a_conflict,
    a_case_that_was_only_read_must_not_have_changed,
    a_decision_over_several_cases_is_written_whole_or_not_at_all,
    a_part_that_fails_leaves_the_rest_of_its_unit,
    one_open_case_per_subject_where_the_procedure_says_so,
    the_oldest_open_case_of_a_subject_is_found,
    what_a_case_has_opened_is_found,
    what_was_looked_for_in_vain_must_not_have_come_meanwhile,
    cases_are_listed_in_the_order_of_ids,
    a_procedure_is_kept_once,
    the_first_answer_is_remembered,
    a_claim_of_what_was_not_written_is_free,
    history_is_chained,
    refusals_are_listed_as_they_came,
    armed_deadlines_are_due_in_due_order,
    a_message_is_claimed_by_one_worker_at_a_time,
    a_failed_message_waits_for_its_retry,
    an_expired_claim_is_claimed_again_or_its_outcome_is_unknown,
    a_claim_under_which_nothing_was_tried_is_claimed_again,
    a_withdrawn_case_sends_nothing_it_decided_before,
    a_message_leaves_only_while_its_approval_stands,
    ledgers_and_their_bookings_stand_together,
    a_ledger_cannot_be_overdrawn,
    personal_values_are_loaded_only_when_asked_for,
    an_erased_case_keeps_its_history_and_loses_its_personal_values,
)

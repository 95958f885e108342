"""What every Store promises, as a suite: run `exercise_store` over your own, as ours are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from toritsugi.core.allowance import Allowance, Posting, reserve
from toritsugi.core.canonical import canonical_json
from toritsugi.core.history import genesis, link
from toritsugi.core.lookups import Absence
from toritsugi.errors import Conflict, NotDisclosable
from toritsugi.ports import ClaimTaken, Idempotency, Refusal, Store
from toritsugi.testing.decisions import CONTENT_HASH, DAY, KEPT, NOON, PROCEDURE, change, moving, opening, together
from toritsugi.testing.store_acts import claim, is_, keep_example, load, moved, opened, refused, write
from toritsugi.testing.store_counts import PROMISES_OF_COUNTS
from toritsugi.testing.store_messages import PROMISES_OF_MESSAGES

Promise = Callable[[Store], None]

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
        is_(getattr(found, name), getattr(expected, name))
    is_(found.data, {"名": "株式会社髙﨑", "n": 4})
    is_(found.head.hex(), list(store.histories("c1"))[-1]["hash"])


def what_is_not_committed_leaves_nothing(store: Store) -> None:
    """A unit that ends without a commit is as if it had never been."""
    case = opened(store)
    with store.unit() as unit:
        unit.write(moving(case, "accept", "accepted", send=({"subject": "s"},), arm={"d": _DUE}))
        unit.write(opening("c2"))
    is_(load(store, "c1"), case)
    with store.unit() as unit:
        is_(unit.case("c2"), None)
        is_(list(unit.due(_DUE_AT, 10)), [])
    is_(list(store.messages("c1")), [])
    is_(len(list(store.histories("c1"))), 1)


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
    is_((load(store, "c1").state, load(store, "c1").revision), ("closed", 3))


def a_case_that_changed_meanwhile_is_a_conflict(store: Store) -> None:
    """Who comes second writes nothing at all."""
    case = opened(store)
    moved(store, case, "accept", "accepted")
    refused(Conflict, lambda: write(store, moving(case, "reject", "rejected", send=({"subject": "s"},))))
    is_(load(store, "c1").state, "accepted")
    is_(list(store.messages("c1")), [])


def a_case_that_was_only_read_must_not_have_changed(store: Store) -> None:
    """A decision that rests on another case fails when that one has moved on."""
    case, other = opened(store, "c1"), opened(store, "c2")
    write(store, together(change(case), read=(other,)))
    case = load(store, "c1")
    moved(store, other)
    refused(Conflict, lambda: write(store, together(change(case), read=(other,))))
    is_(load(store, "c1"), case)


def a_decision_over_several_cases_is_written_whole_or_not_at_all(store: Store) -> None:
    """One stale case among several leaves all of them as they were."""
    first, second, third = (opened(store, name) for name in ("c1", "c2", "c3"))
    write(store, together(change(second, "a", "x"), change(first, "b", "y"), read=(third,)))
    is_((load(store, "c1").state, load(store, "c2").state), ("y", "x"))
    stale = second
    fresh = load(store, "c1")
    refused(Conflict, lambda: write(store, together(change(fresh), change(stale))))
    is_(load(store, "c1"), fresh)


def one_open_case_per_subject_where_the_procedure_says_so(store: Store) -> None:
    """A second open case about the same subject is a conflict; after the first has ended it is not."""
    case = opened(store, "c1", subject="s", one_per_subject=True)
    refused(Conflict, lambda: write(store, opening("c2", subject="s", one_per_subject=True)))
    opened(store, "c3", subject="other", one_per_subject=True)
    moved(store, case, "end", "closed", ended=True)
    opened(store, "c2", subject="s", one_per_subject=True)


def the_oldest_open_case_of_a_subject_is_found(store: Store) -> None:
    """Ended cases are not looked at."""
    oldest = opened(store, "c3", subject="s", now=NOON)
    opened(store, "c1", subject="s", now=NOON + 1)
    with store.unit() as unit:
        is_(list(unit.open_cases(PROCEDURE, "s"))[:1], ["c3"])
        is_(list(unit.open_cases(PROCEDURE, "t")), [])
        is_(list(unit.open_cases("another", "s")), [])
    moved(store, oldest, "end", "closed", ended=True)
    with store.unit() as unit:
        is_(list(unit.open_cases(PROCEDURE, "s"))[:1], ["c1"])


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
        is_(found, [("c3", "one", PROCEDURE, False), ("c2", "other", PROCEDURE, True)])
        is_(list(unit.opened_by("c2")), [])
    is_(
        [(case.id, case.parent, case.opened_by_link) for case in store.cases()][1:],
        [("c2", "c1", "other"), ("c3", "c1", "one")],
    )


def what_was_looked_for_in_vain_must_not_have_come_meanwhile(store: Store) -> None:
    """Where units run side by side; where they come one after the other, nothing can come."""
    opened(store, "c1", subject="s")
    absent = Absence(procedure=PROCEDURE, subject="s", open_then=0)
    if not store.serial:
        refused(Conflict, lambda: write(store, replace(opening("c2"), absent=(absent,))))
    write(store, replace(opening("c2", subject="s"), absent=(replace(absent, open_then=2),)))


def cases_are_listed_in_the_order_of_ids(store: Store) -> None:
    """By procedure, state and subject, a page at a time, ledgers included."""
    for name in ("c2", "c1", "c10"):
        opened(store, name, ledgers={"frame": 100} if name == "c1" else None)
    moved(store, load(store, "c2"), "accept", "accepted")
    is_([case.id for case in store.cases()], ["c1", "c10", "c2"])
    is_([case.id for case in store.cases(limit=1, after="c1")], ["c10"])
    is_([case.id for case in store.cases(PROCEDURE, "opened")], ["c1", "c10"])
    is_(store.cases("another"), [])
    moved(store, opened(store, "c3", subject="s"), "end", "closed", ended=True)
    opened(store, "c4", subject="s")
    is_([case.id for case in store.cases(PROCEDURE, subject="s")], ["c3", "c4"])
    is_(store.cases("another", subject="s"), [])
    is_(store.cases(limit=1)[0], load(store, "c1"))


def a_procedure_is_kept_once(store: Store) -> None:
    """The text first kept under a hash stays."""
    with store.unit() as unit:
        unit.keep_procedure(CONTENT_HASH, replace(KEPT, content="something else"), NOON)
        unit.commit()
    is_(store.kept_procedure(CONTENT_HASH), KEPT)
    is_(store.kept_procedure("0" * 64), None)


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
            is_(remembered.request, "0" * 64)
            is_((remembered.answer.repeated, first.repeated), (True, False))
            for name in ("case_id", "seq", "event", "from_state", "state", "occurred_at", "recorded_at", "late", "due"):
                is_(getattr(remembered.answer, name), getattr(first, name))
        is_(unit.remembered("bank/send/3"), None)
    is_((answer.due, late.late), ({"contact_due": "2026-05-08"}, ("contact_due",)))
    case = load(store, "c1")
    refused(ClaimTaken, lambda: write(store, moving(case), "bank/send/1"))
    is_(load(store, "c1"), case)


def a_claim_of_what_was_not_written_is_free(store: Store) -> None:
    """Neither a rollback nor a conflict uses up a claim."""
    case = opened(store)
    with store.unit() as unit:
        unit.write(moving(case), Idempotency(claim="k", request="0" * 64))
        unit.rollback()
    moved(store, case)
    refused(Conflict, lambda: write(store, moving(case), "k"))
    with store.unit() as unit:
        is_(unit.remembered("k"), None)
    write(store, moving(load(store, "c1")), "k")


def history_is_chained(store: Store) -> None:
    """Each row's hash covers its record and its predecessor; no personal value stands in a record."""
    case = opened(store, personal={"contact": "髙﨑𠮷子"})
    moved(store, case, personal={"reason": "髙﨑𠮷子が希望"}, send=({"body": "髙﨑𠮷子様"},))
    rows = list(store.histories("c1"))
    is_([row["seq"] for row in rows], [1, 2])
    if "髙﨑" in str(rows):
        raise AssertionError("a personal value stands in the history")
    is_(rows[1]["personal"].keys(), {"reason"})
    previous = genesis("c1")
    for row in rows:
        previous = link(previous, canonical_json({name: value for name, value in row.items() if name != "hash"}))
        is_(row["hash"], previous.hex())


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
    is_(list(store.refusals("c1")), refusals)
    is_(load(store, "c1"), case)


# --- deadlines --------------------------------------------------------------------------------------------------------
def armed_deadlines_are_due_in_due_order(store: Store) -> None:
    """Of one case or of all; a missed or ended one is due no more, and what became of each is kept."""
    late, early = opened(store, "c1"), opened(store, "c2")
    late = moved(store, late, arm={"b": date(2026, 5, 9), "a": date(2026, 5, 9)})
    early = moved(store, early, arm={"x": _DUE})
    with store.unit() as unit:
        is_([one.name for one in unit.due(_DUE_AT + DAY, 10)], ["x", "a", "b"])
        is_([one.name for one in unit.due(_DUE_AT + DAY, 2)], ["x", "a"])
        is_([one.name for one in unit.due(_DUE_AT + DAY, 10, "c1")], ["a", "b"])
        is_([(one.case_id, one.due_at) for one in unit.due(_DUE_AT, 10)], [("c2", _DUE_AT)])
        is_(list(unit.due(_DUE_AT - 1, 10)), [])
    is_(store.next_due(), _DUE_AT)
    early = moved(store, early, end={"x": "missed"})
    late = moved(store, late, end={"a": "met"})
    is_(store.next_due(), _DUE_AT + DAY)
    is_([(one.name, one.status) for one in store.due_list(_DUE_AT + DAY)], [("x", "missed"), ("b", "armed")])
    is_(
        [(one.name, one.status, one.ended_seq) for one in store.deadlines("c1")],
        [("a", "met", 3), ("b", "armed", None)],
    )
    kept = store.deadlines("c2")[0]
    is_((kept.due_on, kept.calendar, sorted(kept.explanation)), ("2026-05-08", "example", ["en", "ja"]))
    moved(store, early, "contact", end={"x": "late"})
    is_(store.deadlines("c2")[0].status, "late")


# --- ledgers ----------------------------------------------------------------------------------------------------------
def ledgers_and_their_bookings_stand_together(store: Store) -> None:
    """A ledger comes back with its open reservations, each booking where it was made."""
    case = opened(store, ledgers={"frame": 1_000_000})
    is_(case.ledgers, {"frame": Allowance(ceiling_yen=1_000_000)})
    booked = reserve(case.ledgers["frame"], ledger="frame", item="展示会", amount_yen=300_000, consent=False)
    case = moved(store, case, book=(booked,))
    is_(case.ledgers, {"frame": booked[0]})
    is_([(one.seq, one.number, one.posting) for one in store.postings("c1")], [(2, 1, booked[1])])


def a_ledger_cannot_be_overdrawn(store: Store) -> None:
    """Even a wrong decision does not get past the database."""
    case = opened(store, ledgers={"frame": 100})
    wrong = Posting(
        ledger="frame", act="reserve", item="x", amount_yen=101, reserved_yen=101, consumed_yen=0, company_pays_yen=0
    )
    overdrawn = moving(case, book=((Allowance(ceiling_yen=100, reserved_yen=101), wrong),))
    refused(Exception, lambda: write(store, overdrawn))
    is_(load(store, "c1"), case)


# --- personal values --------------------------------------------------------------------------------------------------
def personal_values_are_loaded_only_when_asked_for(store: Store) -> None:
    """The latest of each field; the reason is a row's own, and a cleared field is gone."""
    case = opened(store, personal={"contact": "高橋", "phone": "042"})
    moved(store, case, personal={"contact": "佐藤", "phone": None, "reason": "担当者変更"})
    is_(load(store, "c1").personal, None)
    is_(load(store, "c1", personal=True).personal, {"contact": "佐藤"})
    is_(load(store, "c1").personal_set, frozenset({"contact"}))
    is_(
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
    is_((case.erased, case.personal, case.personal_set), (True, {}, frozenset({"contact"})))
    is_(list(store.personal_history("c1")), [])
    is_(store.messages("c1", content=True)[0].content, None)
    is_(claim(store, NOON + DAY), [])
    is_(store.messages("c1")[0].status, "set_aside")
    refused(NotDisclosable, lambda: write(store, moving(case, personal={"contact": "佐藤"})))
    moved(store, case, "note")


PROMISES: tuple[Promise, ...] = (
    what_is_written_is_read_back,
    what_is_not_committed_leaves_nothing,
    a_unit_sees_what_it_wrote,
    a_case_that_changed_meanwhile_is_a_conflict,
    a_case_that_was_only_read_must_not_have_changed,
    a_decision_over_several_cases_is_written_whole_or_not_at_all,
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
    *PROMISES_OF_COUNTS,
    *PROMISES_OF_MESSAGES,
    ledgers_and_their_bookings_stand_together,
    a_ledger_cannot_be_overdrawn,
    personal_values_are_loaded_only_when_asked_for,
    an_erased_case_keeps_its_history_and_loses_its_personal_values,
)

"""What an event does, promise by promise."""

from __future__ import annotations

from dataclasses import replace

import pytest

from toritsugi.core.moments import parse_moment
from toritsugi.core.outlook import outlook
from toritsugi.core.values import Actor
from toritsugi.errors import NotPossible
from world import ADVISER, BANK, COMPANY, HOUR, PLANS, START, World

APPLICATION = {"amount": 500, "purpose": "base", "arrived_at": START}


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def case(world: World) -> str:
    values = {"company": "Acme", "company_email": "a@acme.example.jp", "contact_name": "山田"}
    return world.open("loan_request", COMPANY, values, adviser="adviser_office")


@pytest.fixture
def granted(world: World, case: str) -> str:
    world.send(case, "submit", COMPANY, APPLICATION)
    world.send(case, "answer", BANK)
    return case


def pot(world: World) -> str:
    return next(one.id for one in world.cases.values() if one.procedure == "shared_pot" and not one.ended)


def refused(world: World, *arguments: object, **circumstances: object) -> NotPossible:
    """The refusal, after making sure that it changed nothing."""
    before = world.snapshot()
    with pytest.raises(NotPossible) as refusal:
        world.send(*arguments, **circumstances)  # type: ignore[arg-type]  # passed on as they are
    assert world.snapshot() == before
    return refusal.value


def test_an_event_moves_the_case_and_leaves_a_row(world: World, case: str) -> None:
    world.send(case, "submit", COMPANY, APPLICATION)
    after = world.cases[case]
    step = next(step for step in world.steps if step.event == "submit")
    assert (after.state, after.revision, after.data["amount"]) == ("submitted", 2, 500)
    assert (step.from_state, step.to_state, step.role, step.authority) == ("draft", "submitted", "company", "role")


def test_personal_values_stand_apart_from_the_rest(world: World, case: str) -> None:
    step = world.steps[0]
    assert "contact_name" not in step.values and "contact_name" not in world.cases[case].data
    assert step.personal["contact_name"] == "山田"
    assert world.cases[case].personal_set == {"company_email", "contact_name"}


def test_nobody_acts_in_a_role_that_is_not_theirs(world: World, case: str) -> None:
    stranger = Actor(id="x", institution="elsewhere", role="company")
    refusal = refused(world, case, "submit", stranger, APPLICATION)
    assert refusal.code == "ACTOR_NOT_ALLOWED"
    assert (refusal.possible, refusal.state) == ((), None)


def test_a_refusal_says_what_would_have_been_possible(world: World, case: str) -> None:
    refusal = refused(world, case, "answer", BANK)
    assert refusal.code == "INVALID_TRANSITION"
    assert refusal.possible == ("jot",)
    assert refused(world, case, "draw", COMPANY).code == "ACTOR_NOT_ALLOWED"


def test_all_that_is_missing_is_told_at_once(world: World, case: str) -> None:
    refusal = refused(world, case, "submit", COMPANY, {"amount": 500})
    assert refusal.code == "FORM_INCOMPLETE"
    assert [reason["en"] for reason in refusal.reasons] == ["Missing: Purpose", "Missing: Arrived at"]


def test_a_value_of_the_wrong_type_is_refused(world: World, case: str) -> None:
    assert refused(world, case, "submit", COMPANY, {**APPLICATION, "purpose": "fun"}).code == "BAD_INPUT"
    assert refused(world, case, "submit", COMPANY, {**APPLICATION, "note": "x"}).code == "FIELD_NOT_TAKEN"


def test_a_soft_guard_gives_way_to_a_written_reason_and_a_hard_one_does_not(world: World, case: str) -> None:
    big = {**APPLICATION, "amount": 2_000_000}
    assert refused(world, case, "submit", COMPANY, big).code == "NOT_ELIGIBLE"
    assert refused(world, case, "submit", COMPANY, big, override=True).code == "NOT_ELIGIBLE"
    world.send(case, "submit", COMPANY, big, override=True, reason="特例として了承")
    step = next(step for step in world.steps if step.event == "submit")
    assert step.overridden == ("NOT_ELIGIBLE",)
    assert "特例" not in str(step.values)


def test_a_required_reason_is_asked_for(world: World, case: str) -> None:
    world.send(case, "submit", COMPANY, APPLICATION)
    assert refused(world, case, "take_back", BANK).code == "FORM_INCOMPLETE"
    world.send(case, "take_back", BANK, reason="記入漏れ")
    assert world.cases[case].state == "draft"


def test_a_channel_that_is_not_offered_is_refused(world: World, case: str) -> None:
    assert refused(world, case, "submit", COMPANY, APPLICATION, channel="post").code == "CHANNEL_NOT_ALLOWED"


def test_a_refusal_by_an_effect_names_the_state_that_the_case_is_in(world: World, case: str) -> None:
    refusal = refused(world, case, "submit", COMPANY, APPLICATION, channel="email", address="other@bank.example.jp")
    assert (refusal.code, refusal.state, world.cases[case].state) == ("WRONG_ADDRESS", "draft", "draft")


def test_a_document_goes_to_the_address_its_recipient_published(world: World, case: str) -> None:
    wrong = {"channel": "email", "address": "wrong@bank.example.jp"}
    assert refused(world, case, "submit", COMPANY, APPLICATION, **wrong).code == "WRONG_ADDRESS"
    world.send(case, "submit", COMPANY, APPLICATION, channel="email", address="desk@bank.example.jp")
    message = world.messages[0]
    assert (message.channel, message.content["address"]) == ("email", "desk@bank.example.jp")
    assert ["担当者", "山田"] in message.content["documents"][0]["lines"]
    assert message.key == f"{case}/2/1"


def test_an_approval_gates_disclosure_until_it_is_withdrawn(world: World, case: str) -> None:
    world.send(case, "submit", COMPANY, APPLICATION)
    assert refused(world, case, "share", BANK).code == "DISCLOSURE_NOT_APPROVED"
    world.send(case, "consent", COMPANY)
    world.send(case, "share", BANK)
    assert world.messages[-1].approval == "sharing"
    decision = world.send(case, "revoke", COMPANY)
    assert decision.changes[0].recall_approvals == ("sharing",)
    assert refused(world, case, "share", BANK).code == "DISCLOSURE_NOT_APPROVED"


def test_an_event_that_is_done_once_is_a_duplicate_the_second_time(world: World, case: str) -> None:
    world.send(case, "submit", COMPANY, APPLICATION)
    world.send(case, "promise", BANK, {"promised_on": "2026-05-01"})
    assert refused(world, case, "promise", BANK, {"promised_on": "2026-05-01"}).code == "DUPLICATE"


def test_a_deadline_is_counted_from_the_arrival_and_not_from_the_recording(world: World, case: str) -> None:
    arrived = parse_moment("2026-04-24T18:30+09:00")
    world.now = arrived + 50 * HOUR
    world.send(case, "submit", COMPANY, {**APPLICATION, "arrived_at": arrived})
    running = world.cases[case].deadlines["answer"]
    # accepted Fri 4/24; day 1 Mon 4/27, day 2 Tue 4/28, 4/29 is Showa Day, day 3 Thu 4/30
    assert running.due_on == "2026-04-30"
    assert running.due_at == parse_moment("2026-05-01T00:00+09:00")


def test_a_deadline_that_passes_fires_its_event_at_its_due_moment(world: World, case: str) -> None:
    world.send(case, "submit", COMPANY, APPLICATION)
    due_at = world.cases[case].deadlines["answer"].due_at
    world.now = due_at + 40 * HOUR
    world.pass_deadline(case, "answer")
    step = world.steps[-1]
    assert (step.event, step.authority, step.occurred_at) == ("answer_overdue", "deadline", due_at)
    assert (step.recorded_at, step.to_state) == (world.now, "submitted")
    assert world.cases[case].deadlines["answer"].missed
    assert "Acmeの回答期限（" in world.messages[-1].content["body"]


def test_an_act_after_the_due_date_is_kept_as_late(world: World, case: str) -> None:
    world.send(case, "submit", COMPANY, APPLICATION)
    world.pass_deadline(case, "answer")
    decision = world.send(case, "answer", BANK)
    assert decision.changes[0].steps[0].deadlines == {"answer": "late"}
    assert "answer" not in world.cases[case].deadlines


def test_an_act_done_in_time_and_recorded_late_clears_the_mark_by_a_row_of_its_own(world: World, case: str) -> None:
    world.send(case, "submit", COMPANY, APPLICATION)
    in_time = world.cases[case].deadlines["answer"].due_at - HOUR
    definition = PLANS.current("loan_request")
    backdated = replace(definition.events["answer"].event, backdate=True)
    world.pass_deadline(case, "answer")
    assert refused(world, case, "answer", BANK, occurred_at=in_time).code == "OCCURRED_EARLIER"
    plan = replace(definition.events["answer"], event=backdated)
    definition.events["answer"], kept = plan, definition.events["answer"]  # type: ignore[index]  # a dict underneath
    try:
        steps = world.send(case, "answer", BANK, occurred_at=in_time).changes[0].steps
    finally:
        definition.events["answer"] = kept  # type: ignore[index]  # as above
    assert [(step.event, dict(step.deadlines)) for step in steps] == [
        ("answer", {"answer": "met"}),
        ("overdue_cleared", {"answer": "cleared"}),
    ]


def test_nothing_occurs_after_it_is_recorded(world: World, case: str) -> None:
    later = world.now + HOUR
    assert refused(world, case, "submit", COMPANY, APPLICATION, occurred_at=later).code == "OCCURRED_LATER"


def test_ending_a_case_stops_its_deadlines_and_withdrawing_recalls_its_messages(world: World, case: str) -> None:
    world.send(case, "submit", COMPANY, APPLICATION)
    change = world.send(case, "withdraw", COMPANY).changes[0]
    assert (change.after.ended, change.after.withdrawn, change.recall_all) == (True, True, True)
    assert [(end.name, end.status) for end in change.ended] == [("answer", "cancelled")]
    assert not change.after.deadlines


def test_an_ended_case_takes_no_event(world: World, case: str) -> None:
    world.send(case, "submit", COMPANY, APPLICATION)
    world.send(case, "withdraw", COMPANY)
    assert refused(world, case, "jot", BANK, {"note": "x"}).code == "INVALID_TRANSITION"


def test_opening_a_link_twice_for_one_subject_shares_the_case(world: World, case: str) -> None:
    world.send(case, "submit", COMPANY, APPLICATION)
    second = world.open("loan_request", COMPANY, {"company": "Acme"})
    world.send(second, "submit", COMPANY, APPLICATION)
    assert sum(one.procedure == "shared_pot" for one in world.cases.values()) == 1
    assert world.cases[pot(world)].parties["company"] == "acme"


def test_a_signal_is_decided_together_with_the_event_that_sends_it(world: World, granted: str) -> None:
    decision = world.send(granted, "draw", BANK, {"item": "fair", "amount": 400})
    steps = [step for change in decision.changes for step in change.steps]
    booked = next(step for step in steps if step.event == "book")
    drawn = next(step for step in steps if step.event == "draw")
    assert (booked.authority, booked.cause) == ("signal", f"{granted}/{drawn.seq}")
    assert booked.actor == "b1"
    assert world.cases[pot(world)].ledgers["money"].available_yen == 600


def test_a_refusal_in_a_linked_case_refuses_the_whole(world: World, granted: str) -> None:
    assert refused(world, granted, "draw", BANK, {"item": "fair", "amount": 1_001}).code == "CEILING_EXCEEDED"


def test_a_condition_fires_in_every_case_it_holds_for(world: World, granted: str) -> None:
    decision = world.send(granted, "draw", BANK, {"item": "fair", "amount": 1_000})
    fired = [(step.event, step.authority) for change in decision.changes for step in change.steps]
    assert ("become_empty", "condition") in fired and ("run_dry", "condition") in fired
    assert (world.cases[granted].state, world.cases[pot(world)].state) == ("spent", "empty")


def test_a_condition_that_no_longer_holds_is_undone_by_the_next_step(world: World, granted: str) -> None:
    world.send(granted, "draw", BANK, {"item": "fair", "amount": 1_000})
    world.send(pot(world), "free", BANK, {"item": "fair"})
    assert world.cases[pot(world)].state == "available"


def test_the_excess_is_the_companys_only_with_its_consent(world: World, granted: str) -> None:
    world.send(granted, "draw", BANK, {"item": "fair", "amount": 1_500, "agrees": True})
    posting = next(step for step in world.steps if step.event == "book").postings[0]
    assert (posting.reserved_yen, posting.company_pays_yen) == (1_000, 500)


def test_a_list_grows_by_its_entries(world: World, case: str) -> None:
    world.send(case, "jot", BANK, {"note": "一"})
    world.send(case, "jot", ADVISER, {"note": "二"}, occurred_at=START - 24 * HOUR)
    assert [entry["text"] for entry in world.cases[case].data["notes"]] == ["一", "二"]
    assert world.cases[case].data["notes"][1]["on"] == "2026-04-11"


def test_a_second_open_case_is_refused_where_there_may_be_one(world: World, granted: str) -> None:
    with pytest.raises(NotPossible) as refusal:
        world.open("shared_pot", BANK, {"company": "Acme"})
    assert refusal.value.code == "DUPLICATE"


def test_the_outlook_names_what_is_possible_and_why_not_the_rest(world: World, case: str) -> None:
    found = {one.event: one for one in outlook(PLANS, case, world.situation())}
    assert found["submit"].possible and found["submit"].to_give == ("amount", "purpose", "arrived_at")
    assert not found["answer"].possible and found["answer"].reasons[0].code == "INVALID_TRANSITION"
    world.send(case, "submit", COMPANY, APPLICATION)
    shared = {one.event: one for one in outlook(PLANS, case, world.situation())}["share"]
    assert [reason.code for reason in shared.reasons] == ["DISCLOSURE_NOT_APPROVED"]


def test_an_unknown_event_is_refused(world: World, case: str) -> None:
    assert refused(world, case, "fly", BANK).code == "UNKNOWN_EVENT"

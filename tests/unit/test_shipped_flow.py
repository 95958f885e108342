"""What the shipped procedures of Tokyo do where the manual says so: deadlines, forms, channels, costs, the frame."""

from __future__ import annotations

import pytest

from flow_tables import (
    BANK,
    COMPANY,
    JETRO,
    NAVIGATOR,
)
from shipped import codes, messages, shipped
from toritsugi.definition.model import Nature
from toritsugi.definition.model_effects import LedgerAct, OpenCase, PostLedger, Signal
from toritsugi.definition.model_events import Need


def test_the_company_is_to_be_contacted_within_seven_business_days_of_acceptance() -> None:
    deadline = shipped("tokyo_jetro_support").deadlines["contact_company"]
    assert str(deadline.within) == "7 business days"
    assert (deadline.starts, deadline.counted_from, deadline.calendar) == (
        ("accept_form1",),
        "form1_arrived_at",
        "jetro_tokyo",
    )
    assert deadline.met_by == ("contact_company", "contact_company_override")
    assert deadline.cancelled_by == ("return_form1",)
    assert (deadline.nature, deadline.responsible, deadline.missed) == (
        Nature.PRINCIPLE,
        NAVIGATOR,
        "contact_deadline_passed",
    )


def test_form_3_is_due_on_the_date_printed_on_it() -> None:
    deadline = shipped("tokyo_jetro_support").deadlines["form3"]
    assert (deadline.within, deadline.due_field, deadline.roll) == (None, "form3_due_on", "none")
    assert (deadline.starts, deadline.met_by, deadline.cancelled_by) == (
        ("send_form3",),
        ("return_form3",),
        ("write_off_form3",),
    )
    assert (deadline.nature, deadline.responsible, deadline.missed) == (Nature.FORM_DATE, BANK, "form3_due_passed")


def test_each_failing_condition_of_eligibility_is_told_by_its_code() -> None:
    guards = shipped("tokyo_jetro_support").events["complete_bank_section"].guards
    told = [guard.message for guard in guards if guard.code == "NOT_ELIGIBLE"]
    for language in ("ja", "en"):
        found = {message.of(language).split(":")[0] for message in told if message}
        assert found == {f"E{number}" for number in range(1, 12)}
    assert codes(shipped("tokyo_jetro_support"), "complete_bank_section")[-1] == "SCHEME_LOAN_NOT_INTRODUCED"


def test_only_the_place_of_the_meeting_may_be_overridden() -> None:
    soft = {
        (id_, guard.code)
        for id_, event in shipped("tokyo_jetro_support").events.items()
        for guard in event.guards
        if guard.soft
    }
    assert soft == {("schedule_meeting", "CHANNEL_NOT_ALLOWED")}


def test_the_shinkin_flow_differs_from_that_of_jetro_where_part_f_says_so() -> None:
    procedure = shipped("tokyo_shinkin_support")
    guards = procedure.events["complete_bank_section"].guards
    assert [(guard.code, guard.soft) for guard in guards[-2:]] == [("NOT_SHINKIN", False), ("NOT_ELIGIBLE", True)]
    soft = {(id_, guard.code) for id_, event in procedure.events.items() for guard in event.guards if guard.soft}
    assert soft == {
        ("complete_bank_section", "NOT_ELIGIBLE"),
        ("schedule_meeting", "CHANNEL_NOT_ALLOWED"),
        ("send_form3", "FORM_INCOMPLETE"),
    }
    (form3,) = messages(procedure, "send_form3")
    assert (form3.document, form3.to, form3.enclosing) == ("form3", ("shinkin_bank",), ())
    assert {deadline.calendar for deadline in procedure.deadlines.values()} == {"scb"}
    assert set(procedure.data["cost_service"].type.options) == {"accompaniment", "test_marketing"}
    assert "online" in procedure.data["meeting_place"].type.options


def test_form_1_goes_by_post_mail_or_fax_and_form_3_by_mail_or_fax() -> None:
    procedure = shipped("tokyo_jetro_support")
    (form1,) = messages(procedure, "send_form1")
    assert set(procedure.events["send_form1"].channels) == set(form1.via) == {"post", "email", "fax"}
    assert (form1.document, form1.to, form1.approval) == ("form1", (JETRO,), "form1_disclosure")
    (form3,) = messages(procedure, "return_form3")
    assert set(procedure.events["return_form3"].channels) == set(form3.via) == {"email", "fax"}
    assert (form3.document, form3.to) == ("form3", (JETRO,))


def test_each_form_is_seen_by_whom_the_manual_names() -> None:
    documents = shipped("tokyo_jetro_support").documents
    assert documents["form1"].may_see == {COMPANY, BANK, JETRO, NAVIGATOR}
    assert documents["form2"].may_see == {COMPANY, BANK, JETRO, NAVIGATOR}
    assert documents["form3"].may_see == {BANK, JETRO, NAVIGATOR}
    assert "frame.allowance.balance" in documents["form2"].fields


def test_form_2_goes_to_the_company_and_in_copy_to_the_bank_and_form_3_encloses_both() -> None:
    procedure = shipped("tokyo_jetro_support")
    to_company, *to_bank = messages(procedure, "issue_form2")
    assert (to_company.document, to_company.to, to_company.when) == ("form2", (COMPANY,), None)
    assert all((one.document, one.to) == ("form2", (BANK,)) and one.when is not None for one in to_bank)
    (form3,) = messages(procedure, "send_form3")
    assert (form3.document, form3.to, form3.enclosing) == ("form3", (BANK,), ("form1", "form2"))
    assert codes(procedure, "send_form3") == ["FORM_INCOMPLETE"], "Form 2 must exist before Form 3 leaves"


@pytest.mark.parametrize(
    ("event", "told"),
    [
        ("contact_deadline_passed", {NAVIGATOR, JETRO}),
        ("close_unreachable", {BANK}),
        ("reject_application", {BANK, COMPANY}),
        ("form3_due_passed", {BANK, JETRO}),
        ("return_form1", {BANK}),
    ],
)
def test_those_whom_the_table_names_are_told(event: str, told: set[str]) -> None:
    notices = messages(shipped("tokyo_jetro_support"), event)
    assert [party for notice in notices for party in sorted(notice.to)] == sorted(told)
    assert all(notice.subject is not None and notice.text is not None for notice in notices)


@pytest.mark.parametrize(
    ("name", "event"),
    [
        ("tokyo_jetro_support", "contact_company_override"),
        ("tokyo_jetro_support", "reject_application"),
        ("tokyo_jetro_support", "write_off_form3"),
        ("support_cost_frame", "refuse_regrant"),
    ],
)
def test_a_reason_is_mandatory_where_the_table_says_so(name: str, event: str) -> None:
    assert shipped(name).events[event].reason is Need.REQUIRED


def test_accepting_the_application_opens_the_company_s_frame() -> None:
    procedure = shipped("tokyo_jetro_support")
    assert [effect.link for effect in procedure.events["accept_form1"].effects if isinstance(effect, OpenCase)] == [
        "frame"
    ]
    assert procedure.links["frame"].procedure == "support_cost_frame"


def test_each_kind_of_posting_signals_the_frame() -> None:
    signals = [
        effect for effect in shipped("tokyo_jetro_support").events["post_cost"].effects if isinstance(effect, Signal)
    ]
    assert [(effect.link, effect.event) for effect in signals] == [
        ("frame", "reserve"),
        ("frame", "consume"),
        ("frame", "release"),
    ]
    assert all(effect.when is not None for effect in signals)


def test_support_pauses_when_nothing_is_left_or_a_cost_is_refused_for_it() -> None:
    condition, refusal = shipped("tokyo_jetro_support").events["pause_at_ceiling"].triggers
    assert condition.when is not None
    assert (refusal.refused, set(refusal.codes)) == ("post_cost", {"CEILING_EXCEEDED", "FRAME_EXHAUSTED"})


def test_a_case_with_costs_is_ended_and_not_withdrawn() -> None:
    """Costs are posted in support only, from where nothing leads back to a state in which one may withdraw."""
    procedure = shipped("tokyo_jetro_support")
    assert procedure.events["post_cost"].sources == ("in_support",)
    reached = {"in_support"}
    for _ in procedure.states:
        reached |= {
            event.target for event in procedure.events.values() if event.target and reached & set(event.sources)
        }
    assert not reached & set(procedure.events["withdraw"].sources)


def test_the_frame_is_one_million_yen_once_per_company() -> None:
    frame = shipped("support_cost_frame")
    assert frame.ledgers["allowance"].ceiling_yen == 1_000_000
    assert frame.one_per_subject
    assert frame.subject == ("corporate_number", "company_reference") == shipped("tokyo_jetro_support").subject


def test_each_posting_of_the_frame_does_what_it_is_called() -> None:
    frame = shipped("support_cost_frame")
    for act in LedgerAct:
        posts = [effect for effect in frame.events[act].effects if isinstance(effect, PostLedger)]
        assert [(post.ledger, post.act) for post in posts] == [("allowance", act)]
    assert codes(frame, "reserve") == codes(frame, "consume") == ["NOT_ELIGIBLE"]


def test_a_re_grant_is_refused_unless_all_three_conditions_hold() -> None:
    frame = shipped("support_cost_frame")
    guards = frame.events["request_regrant"].guards
    assert {guard.code for guard in guards} == {"REGRANT_NOT_ALLOWED"}
    assert {guard.message.ja[:3] for guard in guards if guard.message} == {"(a)", "(b)", "(c)"}


def test_an_approved_re_grant_opens_the_next_frame_with_the_earlier_purposes() -> None:
    frame = shipped("support_cost_frame")
    assert [effect.link for effect in frame.events["approve_regrant"].effects if isinstance(effect, OpenCase)] == [
        "next_frame"
    ]
    link = frame.links["next_frame"]
    assert link.procedure == frame.id
    assert {"earlier_contents", "earlier_purposes", "grant_number"} <= link.carries.keys()
    assert "last_disbursed_on" not in link.carries, "a new disbursement is needed for the next re-grant"

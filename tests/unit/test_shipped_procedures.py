"""The shipped procedures against the tables of the analyst's specification, typed in here a second time, row by row."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import resources

import pytest

from toritsugi.definition.check import check
from toritsugi.definition.expression import readable
from toritsugi.definition.interface import Interface
from toritsugi.definition.load import load, load_content, load_interface
from toritsugi.definition.model import Nature, Procedure
from toritsugi.definition.model_effects import LedgerAct, OpenCase, PostLedger, SendMessage, Signal
from toritsugi.definition.model_events import Need
from toritsugi.definition.origin import Basis
from toritsugi.definition.types import Title


def words(text: str) -> list[str]:
    """The words of a table's column."""
    return text.split()


FILES = {
    "tokyo_jetro_support": "tokyo",
    "tokyo_shinkin_support": "tokyo",
    "tokyo_kosha_support": "tokyo",
    "tokyo_smrj_support": "tokyo",
    "support_cost_frame": "tokyo",
    "overseas_expansion_loan": "tokyo",
    "unclear_issue_consultation": "routes_2017",
    "fukushima_escalation": "routes_2017",
    "tottori_team_support": "routes_2017",
    "hyogo_growth_discovery": "platforms",
    "toshima_one_stop_desk": "platforms",
    "toshima_adviser_onboarding": "platforms",
}

#: what these open, and what is held against the specification elsewhere.
BEHIND_LINKS = {"consortium_referral": "consortium"}

#: part of the specification -> states, final states, events (its list of procedures, 0.1).
COUNTS = {
    "tokyo_jetro_support": (22, 7, 33),
    "tokyo_shinkin_support": (22, 7, 33),
    "tokyo_kosha_support": (16, 6, 15),
    "tokyo_smrj_support": (9, 3, 13),
    "support_cost_frame": (5, 2, 10),
    "overseas_expansion_loan": (9, 4, 8),
    "unclear_issue_consultation": (10, 3, 10),
    "fukushima_escalation": (8, 3, 10),
    "tottori_team_support": (7, 3, 10),
    "hyogo_growth_discovery": (8, 3, 8),
    "toshima_one_stop_desk": (6, 2, 7),
    "toshima_adviser_onboarding": (5, 2, 4),
}

BANK, COMPANY, JETRO, NAVIGATOR = ("financial_institution", "client_company", "jetro_tokyo", "navigator")

JETRO_STATES = words("""
bank_assessment programme_explained form1_with_bank form1_bank_completed form1_sent form1_returned accepted
bank_coordinated company_contacted meeting_scheduled consultation support_planned in_support paused_at_ceiling reporting
closed rejected_ineligible rejected_by_institution closed_declined_by_company closed_duplicate closed_unreachable
closed_withdrawn
""")

JETRO_FINAL = JETRO_STATES[-7:]

#: event | fired by | from | to, as in part E.
JETRO_EVENTS = """
explain_programme | financial_institution | bank_assessment | programme_explained
introduce_scheme_loan | financial_institution | bank_assessment programme_explained form1_with_bank | =
decline_programme | client_company | bank_assessment programme_explained | closed_declined_by_company
submit_form1 | client_company | programme_explained | form1_with_bank
complete_bank_section | financial_institution | form1_with_bank | form1_bank_completed
reject_ineligible | financial_institution | form1_with_bank | rejected_ineligible
send_form1 | financial_institution | form1_bank_completed form1_returned | form1_sent
accept_form1 | jetro_tokyo | form1_sent | accepted
return_form1 | jetro_tokyo | form1_sent accepted | form1_returned
close_duplicate | jetro_tokyo | form1_sent accepted | closed_duplicate
coordinate_with_bank | navigator | accepted | bank_coordinated
contact_company | navigator | bank_coordinated | company_contacted
contact_company_override | navigator | accepted | company_contacted
log_failed_contact | navigator | accepted bank_coordinated | =
contact_deadline_passed | engine | accepted bank_coordinated | =
close_unreachable | jetro_tokyo | bank_coordinated company_contacted | closed_unreachable
schedule_meeting | navigator | company_contacted | meeting_scheduled
reschedule_meeting | navigator client_company | meeting_scheduled | company_contacted
hold_consultation | navigator | meeting_scheduled | consultation
agree_plan | navigator | consultation | support_planned
start_support | navigator | support_planned | in_support
reject_application | jetro_tokyo | accepted bank_coordinated company_contacted meeting_scheduled consultation support_planned | rejected_by_institution
post_cost | jetro_tokyo | in_support | =
pause_at_ceiling | engine | in_support | paused_at_ceiling
resume_support | navigator | paused_at_ceiling | in_support
end_support | navigator | support_planned in_support paused_at_ceiling | reporting
issue_form2 | jetro_tokyo | reporting | =
send_form3 | jetro_tokyo | reporting | =
return_form3 | financial_institution | reporting | =
form3_due_passed | engine | reporting | =
write_off_form3 | jetro_tokyo | reporting | =
close_case | jetro_tokyo | reporting | closed
withdraw | client_company | programme_explained form1_with_bank form1_bank_completed form1_sent form1_returned accepted bank_coordinated company_contacted meeting_scheduled consultation support_planned | closed_withdrawn
"""  # noqa: E501  # a row of the specification is a line here

FRAME_STATES = ["open", "exhausted", "regrant_requested", "superseded", "closed"]

#: as in part J; `signal` where part 1.7 lets another procedure fire it.
FRAME_EVENTS = """
reserve | jetro_tokyo scb signal | open exhausted regrant_requested | =
consume | jetro_tokyo scb signal | open exhausted regrant_requested | =
release | jetro_tokyo scb signal | open exhausted regrant_requested | =
reopen | engine | exhausted | open
become_exhausted | engine | open | exhausted
record_disbursement | financial_institution signal | open exhausted regrant_requested | =
request_regrant | client_company financial_institution | open exhausted | regrant_requested
approve_regrant | programme_owner | regrant_requested | superseded
refuse_regrant | programme_owner | regrant_requested | open
close_frame | programme_owner | open exhausted regrant_requested | closed
"""

#: as in part F.
SHINKIN_STATES = words("""
bank_assessment programme_explained form1_with_bank form1_bank_completed form1_sent form1_returned accepted
bank_coordinated company_contacted meeting_scheduled consultation support_planned in_support paused_at_ceiling reporting
closed rejected_ineligible rejected_by_institution closed_declined_by_company closed_duplicate closed_unreachable
closed_withdrawn
""")

SHINKIN_EVENTS = """
explain_programme | shinkin_bank | bank_assessment | programme_explained
introduce_scheme_loan | shinkin_bank | bank_assessment programme_explained form1_with_bank | =
decline_programme | client_company | bank_assessment programme_explained | closed_declined_by_company
submit_form1 | client_company | programme_explained | form1_with_bank
complete_bank_section | shinkin_bank | form1_with_bank | form1_bank_completed
reject_ineligible | shinkin_bank | form1_with_bank | rejected_ineligible
send_form1 | shinkin_bank | form1_bank_completed form1_returned | form1_sent
accept_form1 | scb | form1_sent | accepted
return_form1 | scb | form1_sent accepted | form1_returned
close_duplicate | scb | form1_sent accepted | closed_duplicate
coordinate_with_bank | scb | accepted | bank_coordinated
contact_company | scb | bank_coordinated | company_contacted
contact_company_override | scb | accepted | company_contacted
log_failed_contact | scb | accepted bank_coordinated | =
contact_deadline_passed | engine | accepted bank_coordinated | =
close_unreachable | scb | bank_coordinated company_contacted | closed_unreachable
schedule_meeting | scb | company_contacted | meeting_scheduled
reschedule_meeting | scb client_company | meeting_scheduled | company_contacted
hold_consultation | scb | meeting_scheduled | consultation
agree_plan | scb | consultation | support_planned
start_support | scb | support_planned | in_support
reject_application | scb | accepted bank_coordinated company_contacted meeting_scheduled consultation support_planned | rejected_by_institution
post_cost | scb | in_support | =
pause_at_ceiling | engine | in_support | paused_at_ceiling
resume_support | scb | paused_at_ceiling | in_support
end_support | scb | support_planned in_support paused_at_ceiling | reporting
issue_form2 | scb | reporting | =
send_form3 | scb | reporting | =
return_form3 | shinkin_bank | reporting | =
form3_due_passed | engine | reporting | =
write_off_form3 | scb | reporting | =
close_case | scb | reporting | closed
withdraw | client_company | programme_explained form1_with_bank form1_bank_completed form1_sent form1_returned accepted bank_coordinated company_contacted meeting_scheduled consultation support_planned | closed_withdrawn
"""  # noqa: E501  # a row of the specification is a line here

#: as in part G.
KOSHA_STATES = words("""
bank_assessment programme_explained form1_with_bank form1_bank_completed form1_sent form1_returned introduced_to_kosha
procedure_guided programme_applied in_support
completed rejected_requirements closed_declined_by_company closed_not_applied closed_duplicate closed_withdrawn
""")

#: `*` in the specification is every state that does not end the case.
KOSHA_EVENTS = """
explain_programme | financial_institution | bank_assessment | programme_explained
decline_programme | client_company | bank_assessment programme_explained | closed_declined_by_company
submit_form1 | client_company | programme_explained | form1_with_bank
complete_bank_section | financial_institution | form1_with_bank | form1_bank_completed
send_form1 | financial_institution | form1_bank_completed form1_returned | form1_sent
return_form1 | kosha | form1_sent introduced_to_kosha | form1_returned
check_form1 | kosha | form1_sent | introduced_to_kosha
close_duplicate | kosha | form1_sent introduced_to_kosha | closed_duplicate
guide_procedure | kosha | introduced_to_kosha | procedure_guided
file_programme_application | client_company | procedure_guided | programme_applied
approve_and_start | kosha | programme_applied | in_support
reject_requirements | kosha | introduced_to_kosha programme_applied | rejected_requirements
close_not_applied | kosha | procedure_guided | closed_not_applied
end_support | kosha | in_support | completed
withdraw | client_company | * | closed_withdrawn
"""

#: as in part H.
SMRJ_STATES = words("""
not_applied applied date_coordination expert_selected meeting_scheduled in_support
completed rejected closed_withdrawn
""")

SMRJ_EVENTS = """
inform_company | financial_institution | not_applied | =
submit_web_form | client_company | not_applied | applied
refuse_proxy_application | engine | not_applied | =
confirm_and_contact | smrj | applied | date_coordination
select_expert | smrj | date_coordination | expert_selected
fix_meeting | smrj_expert | expert_selected | meeting_scheduled
reschedule_meeting | client_company smrj_expert | meeting_scheduled | expert_selected
change_expert | smrj | expert_selected meeting_scheduled in_support | expert_selected
hold_meeting | smrj_expert | meeting_scheduled | in_support
hold_further_meeting | smrj_expert | in_support | =
end_support | smrj | in_support | completed
reject | smrj | applied date_coordination | rejected
withdraw | client_company | applied date_coordination expert_selected meeting_scheduled in_support | closed_withdrawn
"""

#: as in part K; `client_company via financial_institution` is either of them.
LOAN_STATES = words("""
loan_considered business_plan_prepared guarantee_applied guarantee_approved disbursed
repaid guarantee_declined fell_through replaced_by_proper_loan
""")

LOAN_EVENTS = """
prepare_plan | client_company | loan_considered | business_plan_prepared
apply_guarantee | client_company financial_institution | business_plan_prepared | guarantee_applied
approve_guarantee | guarantee_association | guarantee_applied | guarantee_approved
decline_guarantee | guarantee_association | guarantee_applied | guarantee_declined
disburse | financial_institution | guarantee_approved | disbursed
fall_through | client_company financial_institution | loan_considered business_plan_prepared guarantee_applied guarantee_approved | fell_through
switch_to_proper_loan | client_company financial_institution | loan_considered business_plan_prepared guarantee_applied guarantee_approved | replaced_by_proper_loan
repay | client_company | disbursed | repaid
"""  # noqa: E501  # a row of the specification is a line here

#: events whose rows say only "implied" or "policy" in the source column.
IMPLIED_IN_E = words("""
decline_programme reject_ineligible return_form1 close_duplicate contact_company_override log_failed_contact
close_unreachable reschedule_meeting reject_application pause_at_ceiling resume_support form3_due_passed write_off_form3
close_case withdraw
""")

Row = tuple[str, set[str], set[str], str | None]


def rows(table: str) -> Iterator[Row]:
    for line in table.strip().splitlines():
        event, by, sources, target = (cell.strip() for cell in line.split("|"))
        yield event, set(by.split()), set(sources.split()), None if target == "=" else target


def text_of(name: str) -> bytes:
    folder = (FILES | BEHIND_LINKS)[name]
    return resources.files("toritsugi_workflows").joinpath(folder, f"{name}.yaml").read_bytes()


@cache
def interface(name: str) -> Interface | None:
    return load_interface(text_of(name), file=f"{name}.yaml", texts=text_of) if name in FILES | BEHIND_LINKS else None


@cache
def shipped(name: str) -> Procedure:
    return load(text_of(name), file=f"{name}.yaml", interfaces=interface, texts=text_of)


def fired_by(procedure: Procedure, event: str) -> set[str]:
    one = procedure.events[event]
    return {*one.by, *(["signal"] if one.by_signal else []), *(["engine"] if one.triggers else [])}


def codes(procedure: Procedure, event: str) -> list[str]:
    return [guard.code for guard in procedure.events[event].guards]


def messages(procedure: Procedure, event: str) -> list[SendMessage]:
    return [effect for effect in procedure.events[event].effects if isinstance(effect, SendMessage)]


each = pytest.mark.parametrize("name", FILES)


@each
def test_every_shipped_procedure_passes_the_checks_without_a_warning(name: str) -> None:
    assert check(shipped(name), interfaces=interface) == ()


@each
def test_it_has_as_many_states_and_events_as_the_specification_lists(name: str) -> None:
    procedure = shipped(name)
    final = sum(state.terminal for state in procedure.states.values())
    assert (len(procedure.states), final, len(procedure.events)) == COUNTS[name]


@each
def test_it_is_read_again_from_its_stored_content_alone(name: str) -> None:
    procedure = shipped(name)
    assert load_content(procedure.content, interface) == procedure


def test_the_states_are_those_of_the_tables() -> None:
    jetro, frame = shipped("tokyo_jetro_support"), shipped("support_cost_frame")
    assert list(jetro.states) == JETRO_STATES
    assert [id_ for id_, state in jetro.states.items() if state.terminal] == JETRO_FINAL
    assert [id_ for id_, state in jetro.states.items() if state.withdrawn] == ["closed_withdrawn"]
    assert jetro.initial == "bank_assessment"
    assert list(frame.states) == FRAME_STATES
    assert [id_ for id_, state in frame.states.items() if state.terminal] == ["superseded", "closed"]
    assert frame.initial == "open"


@pytest.mark.parametrize(
    ("name", "states", "withdrawn"),
    [
        ("tokyo_shinkin_support", SHINKIN_STATES, ["closed_withdrawn"]),
        ("tokyo_kosha_support", KOSHA_STATES, ["closed_withdrawn"]),
        ("tokyo_smrj_support", SMRJ_STATES, ["closed_withdrawn"]),
        ("overseas_expansion_loan", LOAN_STATES, []),
    ],
)
def test_the_states_of_the_other_procedures_are_those_of_their_tables(
    name: str, states: list[str], withdrawn: list[str]
) -> None:
    procedure = shipped(name)
    assert list(procedure.states) == states
    assert procedure.initial == states[0]
    assert [id_ for id_, state in procedure.states.items() if state.terminal] == states[-COUNTS[name][1] :]
    assert [id_ for id_, state in procedure.states.items() if state.withdrawn] == withdrawn


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("tokyo_jetro_support", JETRO_EVENTS),
        ("tokyo_shinkin_support", SHINKIN_EVENTS),
        ("tokyo_kosha_support", KOSHA_EVENTS),
        ("tokyo_smrj_support", SMRJ_EVENTS),
        ("support_cost_frame", FRAME_EVENTS),
        ("overseas_expansion_loan", LOAN_EVENTS),
    ],
)
def test_every_event_is_fired_by_from_and_to_what_its_row_says(name: str, table: str) -> None:
    procedure = shipped(name)
    expected = list(rows(table))
    assert [event for event, *_ in expected] == list(procedure.events)
    running = {id_ for id_, state in procedure.states.items() if not state.terminal}
    for event, by, written, target in expected:
        sources = running if written == {"*"} else written
        assert fired_by(procedure, event) == by, event
        assert set(procedure.events[event].sources) == sources, event
        assert procedure.events[event].target == target, event


def titles(procedure: Procedure) -> Iterator[Title]:
    yield procedure.title
    yield from (one.title for one in procedure.parties.values())
    yield from (one.title for one in procedure.data.values())
    yield from (one.title for one in procedure.states.values())
    yield from (one.title for one in procedure.events.values())
    yield from (one.title for one in procedure.deadlines.values())
    yield from (one.title for one in procedure.documents.values())
    yield from (one.title for one in procedure.approvals.values())
    yield from (one.title for one in procedure.links.values())
    yield from (one.title for one in procedure.ledgers.values())
    for field in procedure.data.values():
        yield from field.type.options.values()
    for event in procedure.events.values():
        yield from (guard.message for guard in event.guards if guard.message)
        for message in messages(procedure, event.id):
            yield from (text for text in (message.subject, message.text) if text)


@each
def test_every_title_and_message_is_there_in_both_languages(name: str) -> None:
    for title in titles(shipped(name)):
        assert title.ja and title.en, title
        assert title.ja != title.en or title.ja.isascii(), title
        assert title.en.isascii() or set("※①②③") & set(title.en), title.en


@each
def test_every_guard_tells_the_person_refused_what_is_wrong(name: str) -> None:
    for event in shipped(name).events.values():
        for guard in event.guards:
            assert guard.message is not None, f"{event.id}: {readable(guard.rule, 'en')}"


@each
def test_every_rule_says_where_it_comes_from(name: str) -> None:
    procedure = shipped(name)
    origins = [
        *(one.origin for one in procedure.states.values()),
        *(one.origin for one in procedure.events.values()),
        *(one.origin for one in procedure.deadlines.values()),
        *(one.origin for one in procedure.documents.values()),
        *(one.origin for one in procedure.approvals.values()),
        *(one.origin for one in procedure.links.values()),
        *(one.origin for one in procedure.ledgers.values()),
        *(one.origin for one in procedure.data.values()),
        *(guard.origin for event in procedure.events.values() for guard in event.guards),
    ]
    assert all(origin is not None and origin.source for origin in origins)


def test_what_the_manual_does_not_say_is_marked_as_implied() -> None:
    events = shipped("tokyo_jetro_support").events
    implied = [id_ for id_, event in events.items() if event.origin and event.origin.basis is Basis.IMPLIED]
    assert implied == IMPLIED_IN_E


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

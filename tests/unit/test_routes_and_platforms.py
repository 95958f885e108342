"""The routes of 2017 and the two platforms against parts N and O of the analyst's specification, row by row."""

from __future__ import annotations

import re
from importlib import resources

import pytest

from shipped import codes, fired_by, rows, shipped, text_of, words
from toritsugi.definition.catalogue import load_catalogue
from toritsugi.definition.model import Nature
from toritsugi.definition.model_effects import AppointParty, OpenCase
from toritsugi.definition.model_events import Need

#: the rules of `hand_off`, as they are written: issue, several receivers or one.
_ROUTE = re.compile(r"issue = (\w+) implies receiver (?:in \[([^]]+)\]|= (\w+))")

#: procedure -> its states in the order of the tables; the first is where a case begins.
STATES = {
    "unclear_issue_consultation": """
        arrived trust_building facts_gathered issue_clarified preparatory_support handed_off follow_up
        solved_in_house closed disengaged""",
    "fukushima_escalation": """
        first_consultation regional_review prefectural_review policy_decided in_support closed unresolved withdrawn""",
    "tottori_team_support": """
        first_consultation sent_to_center team_forming team_support closed returned withdrawn""",
    "hyogo_growth_discovery": """
        consulted nominated under_review selected intensive_support graduated not_selected withdrawn""",
    "toshima_one_stop_desk": "received classified assigned proposal_made closed withdrawn",
    "toshima_adviser_onboarding": "appointed ojt_at_fbiz qualified retired dropped_out",
}

#: procedure -> event | fired by | from (`*`: every state that is not the end) | to (`=`: it stays).
EVENTS = {
    "unclear_issue_consultation": """
        open_dialogue | adviser | arrived | trust_building
        gather_facts | adviser | trust_building | facts_gathered
        name_issue | adviser | facts_gathered | issue_clarified
        return_to_dialogue | adviser | facts_gathered issue_clarified | trust_building
        prepare_hand_off | adviser | issue_clarified | preparatory_support
        solve_in_house | adviser | issue_clarified preparatory_support | solved_in_house
        hand_off | adviser | preparatory_support | handed_off
        start_follow_up | adviser | handed_off | follow_up
        close_case | adviser | handed_off follow_up | closed
        disengage | client_company | * | disengaged""",
    "fukushima_escalation": """
        handle_directly | first_institution | first_consultation | closed
        refer_to_regional | first_institution | first_consultation | regional_review
        decide_policy_regional | regional_committee | regional_review | policy_decided
        escalate | regional_committee | regional_review | prefectural_review
        decide_policy_prefectural | prefectural_committee | prefectural_review | policy_decided
        give_up | prefectural_committee | prefectural_review | unresolved
        start_support | first_institution | policy_decided | in_support
        join_yorozu_expert | yorozu | in_support | =
        finish | first_institution | in_support | closed
        withdraw | client_company | * | withdrawn""",
    "tottori_team_support": """
        handle_alone | first_institution | first_consultation | closed
        send_to_center | first_institution | first_consultation | sent_to_center
        return_case | center | sent_to_center | returned
        start_forming | center | sent_to_center | team_forming
        form_team | center | team_forming | team_support
        record_progress | team_leader | team_support | =
        join_observer | national_institution | team_support | =
        replace_leader | center | team_support | =
        finish | team_leader | team_support | closed
        withdraw | client_company | * | withdrawn""",
    "hyogo_growth_discovery": """
        nominate | member_institution | consulted | nominated
        put_on_agenda | coordinator | nominated | under_review
        defer | committee | under_review | nominated
        select | committee | under_review | selected
        decline_candidate | committee | under_review | not_selected
        start_support | coordinator | selected | intensive_support
        graduate | committee | intensive_support | graduated
        withdraw | client_company | * | withdrawn""",
    "toshima_one_stop_desk": """
        classify | desk | received | classified
        assign_adviser | desk | classified | assigned
        reassign_adviser | desk | assigned | classified
        make_proposal | adviser | assigned | proposal_made
        continue_consultation | client_company | proposal_made | assigned
        close_case | desk | proposal_made | closed
        withdraw | client_company | * | withdrawn""",
    "toshima_adviser_onboarding": """
        start_ojt | desk | appointed | ojt_at_fbiz
        finish_ojt | fbiz | ojt_at_fbiz | qualified
        drop_out | adviser | ojt_at_fbiz | dropped_out
        retire | adviser | qualified | retired""",
}

each = pytest.mark.parametrize("name", STATES)


@each
def test_the_states_are_those_of_the_tables(name: str) -> None:
    assert list(shipped(name).states) == words(STATES[name])
    assert shipped(name).initial == words(STATES[name])[0]


@each
def test_every_event_is_fired_by_from_and_to_what_its_row_says(name: str) -> None:
    procedure = shipped(name)
    open_states = {id_ for id_, state in procedure.states.items() if not state.terminal}
    expected = list(rows(EVENTS[name]))
    assert [event for event, *_ in expected] == list(procedure.events)
    for event, by, sources, target in expected:
        assert fired_by(procedure, event) == by, event
        assert set(procedure.events[event].sources) == (open_states if sources == {"*"} else sources), event
        assert procedure.events[event].target == target, event


def test_soft_are_the_training_and_the_capacity_and_nothing_else() -> None:
    soft = {
        (name, event.id, guard.code)
        for name in STATES
        for event in shipped(name).events.values()
        for guard in event.guards
        if guard.soft
    }
    assert soft == {
        ("hyogo_growth_discovery", "start_support", "CAPACITY_FULL"),
        ("toshima_adviser_onboarding", "finish_ojt", "OJT_NOT_COMPLETED"),
    }


def test_a_case_that_finds_no_policy_and_one_that_is_returned_need_a_reason() -> None:
    assert shipped("fukushima_escalation").events["give_up"].reason is Need.REQUIRED
    assert shipped("tottori_team_support").events["return_case"].reason is Need.REQUIRED


def test_a_team_has_one_leader_whom_only_the_centre_appoints() -> None:
    procedure = shipped("tottori_team_support")
    appointing = {
        event.id
        for event in procedure.events.values()
        for effect in event.effects
        if isinstance(effect, AppointParty) and effect.party == "team_leader"
    }
    assert appointing == {"form_team", "replace_leader"}
    assert codes(procedure, "form_team").count("RECIPIENT_MISMATCH") == 2
    assert codes(procedure, "form_team").count("FORM_INCOMPLETE") == 2


def test_only_the_hyogo_meeting_has_a_deadline_and_it_is_no_rule_of_the_documents() -> None:
    kept = {name: list(shipped(name).deadlines.values()) for name in STATES if shipped(name).deadlines}
    assert list(kept) == ["hyogo_growth_discovery"]
    (review,) = kept["hyogo_growth_discovery"]
    assert (review.nature, review.responsible, review.missed) == (Nature.POLICY, "committee", None)


def test_handing_off_an_export_issue_opens_a_referral_to_the_consortium() -> None:
    procedure = shipped("unclear_issue_consultation")
    (opened,) = [effect for effect in procedure.events["hand_off"].effects if isinstance(effect, OpenCase)]
    assert procedure.links[opened.link].procedure == "consortium_referral"
    assert opened.when is not None


def test_an_issue_is_handed_to_whom_the_routing_table_names() -> None:
    """A chamber takes part in a succession from the beginning (`polish`), so the table does not name it as the next."""
    file = resources.files("toritsugi_workflows").joinpath("catalogues", "issue_routing_2017.yaml")
    routing = load_catalogue(file.read_bytes(), file=file.name)
    named = {row.id: {onward.institution for onward in row.onward} for row in routing.rows.values()}
    procedure = shipped("unclear_issue_consultation")
    written = _ROUTE.findall(text_of("unclear_issue_consultation").decode())
    allowed = {issue: set(several.split(", ") if several else [one]) for issue, several, one in written}
    assert allowed.pop("business_succession") == named["business_succession"] | {"chamber"}
    assert allowed == {issue: named[issue] for issue in allowed}
    assert {"business_succession", *allowed} == set(procedure.data["issue"].type.options)

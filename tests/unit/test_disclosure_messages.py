"""What a message may show to whom, and what a refusal tells to whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from inquiry_story import (
    CANDIDATE,
    COMPANY,
    PARTIES,
    SECRETARIAT,
    VALUES,
    OtherClasses,
    asked_world,
)
from toritsugi.core.disclosure import Shown, classes_of
from toritsugi.core.family import Family
from toritsugi.core.outlook import outlook
from toritsugi.core.seeing import sight_of, withheld
from toritsugi.core.values import Actor, Message
from toritsugi.definition.model_disclosure import DisclosureClass, Sighting
from toritsugi.definition.types import Title
from toritsugi.errors import NotPossible
from world import PLANS, START, World


def test_a_message_that_shows_what_its_reader_may_not_see_is_refused_and_names_the_class() -> None:
    world = World()
    case_id = asked_world(world)
    before = world.snapshot()
    for event in ("reveal", "tell"):
        with pytest.raises(NotPossible) as refused:
            world.send(case_id, event, SECRETARIAT)
        assert refused.value.code == "DISCLOSURE_NOT_APPROVED"
        assert "企業が特定される情報" in refused.value.message("ja")
        assert "What identifies the company" in refused.value.message("en")
    assert world.snapshot() == before


def test_a_class_that_is_open_lets_the_message_go_and_an_approval_of_the_same_event_is_enough() -> None:
    world = World()
    case_id = asked_world(world)
    world.send(case_id, "allow_and_reveal", SECRETARIAT)
    assert world.messages[-1].document == "entry_sheet"
    assert world.messages[-1].content["shows"]["documents"] == ["entry_sheet"]


def test_a_message_counts_what_comes_with_its_own_event() -> None:
    world = World()
    case_id = asked_world(world)
    with pytest.raises(NotPossible, match="DISCLOSURE_NOT_APPROVED"):
        world.send(case_id, "consult", SECRETARIAT)
    world.send(case_id, "consult", SECRETARIAT, {"open_to_adviser": True})
    assert world.messages[-1].party == "adviser"


def _outlines(world: World) -> list[Message]:
    return [one for one in world.messages if one.document == "outline"]


def test_a_sender_whose_identity_is_kept_back_is_named_by_its_part_alone() -> None:
    world = World()
    case_id = world.open("introduction", COMPANY, VALUES, **PARTIES)
    world.send(case_id, "ask", COMPANY)
    assert [one.content["from"] for one in _outlines(world)] == [{"title": "申込企業"}] * 2
    assert not any("ACME" in repr(one) or "acme" in repr(one.content) for one in _outlines(world))


def test_a_sender_is_named_in_full_to_who_may_know_it() -> None:
    world = World()
    asked_world(world)
    assert {one.content["from"]["title"] for one in _outlines(world)} == {"試験銀行"}


def test_what_lies_behind_a_link_has_to_be_open_in_the_other_case_too() -> None:
    """The link's class is open to company and secretariat; the pot itself shows its money to the bank alone."""
    world = World()
    case_id = asked_world(world)
    pot = PLANS.current("shared_pot")
    closed = DisclosureClass(
        id="inner",
        title=Title(ja="中身", en="Inside"),
        fields=tuple(pot.procedure.data),
        ledgers=("money",),
        seen_by=(Sighting(parties=("bank",)),),
    )
    plans = OtherClasses(PLANS.current("introduction").procedure.disclosure)
    procedure = replace(pot.procedure, disclosure={"inner": closed})
    plans.others = {"shared_pot": replace(pot, procedure=procedure, classes=classes_of(procedure))}
    family = Family(plans, world.situation())
    member = family.member(case_id)
    shows = Shown(names=("pot.money.available",))
    told = {}
    for role, institution in (("company", "acme"), ("secretariat", "test_bank")):
        seen = sight_of(family, member, frozenset({role}))
        told[role] = withheld(family, member, seen, shows, institution)
        assert withheld(family, member, seen, Shown(names=("pot",)), institution) is None
    assert told["secretariat"] is None
    assert told["company"] is not None and told["company"].id == "identity"


def test_a_procedure_without_classes_records_nothing_about_what_its_messages_show() -> None:
    world = World()
    company = replace(COMPANY)
    case_id = world.open("loan_request", company, {"company": "Acme"}, adviser="adviser_office")
    world.send(case_id, "submit", company, {"amount": 1, "purpose": "base", "arrived_at": START})
    assert all("shows" not in one.content for one in world.messages)
    assert world.messages


# -- refusals -----------------------------------------------------------------------------------------------------


def _refusal(world: World, case_id: str, event: str, actor: Actor, values: Mapping[str, Any] | None = None) -> Any:
    with pytest.raises(NotPossible) as refused:
        world.send(case_id, event, actor, values)
    return refused.value


def test_a_guard_over_what_is_kept_back_tells_nothing_but_that_it_refuses() -> None:
    world = World()
    case_id = asked_world(world)
    refusal = _refusal(world, case_id, "guess", CANDIDATE, {"answer": "OTHER-NAME"})
    assert (refusal.code, refusal.reasons, refusal.recorded) == ("REASON_NOT_DISCLOSED", (), "RECIPIENT_MISMATCH")
    assert "開示されていません" in refusal.message("ja")


def test_of_several_reasons_only_those_are_told_that_rest_on_what_the_sender_sees() -> None:
    world = World()
    case_id = asked_world(world)
    refusal = _refusal(world, case_id, "finish", CANDIDATE)
    assert (refusal.code, refusal.recorded) == ("FEEDBACK_INCOMPLETE", "NOT_ELIGIBLE")
    assert "費用" not in refusal.message("ja") and len(refusal.reasons) == 1


def test_a_ledger_or_a_linked_case_that_is_kept_back_gives_no_figures_away() -> None:
    world = World()
    case_id = asked_world(world)
    world.send(case_id, "reply", CANDIDATE, {"answer": "yes"})
    world.send(case_id, "note_cost", SECRETARIAT, {"cost": 800})
    for event, true_code in (("spend", "CEILING_EXCEEDED"), ("use_pot", "CEILING_EXCEEDED")):
        if event == "spend":
            world.cases[case_id] = replace(world.cases[case_id], data={**world.cases[case_id].data, "cost": 5000})
        refusal = _refusal(world, case_id, event, CANDIDATE)
        assert (refusal.code, refusal.recorded) == ("REASON_NOT_DISCLOSED", true_code)
        assert not any(figure in str(refusal.details) + refusal.message("en") for figure in ("1,000", "200", "5,000"))


def test_what_the_candidate_can_do_does_not_depend_on_what_is_kept_from_it() -> None:
    """Neither the answer to `can` nor what an error calls possible may be an oracle."""
    world = World()
    case_id = asked_world(world)
    world.send(case_id, "reply", CANDIDATE, {"answer": "yes"})

    def told() -> Any:
        family = Family(PLANS, world.situation())
        hidden = sight_of(family, family.member(case_id), frozenset({"candidate"})).hidden
        found = outlook(PLANS, case_id, world.situation(), hidden)
        refusal = _refusal(world, case_id, "ask", CANDIDATE)
        return [one for one in found if "candidate" in one.by], refusal.possible

    before = told()
    world.send(case_id, "note_cost", SECRETARIAT, {"cost": 800})
    assert told() == before
    assert "finish" in before[1]


def test_the_same_refusal_is_told_in_full_to_who_sees_what_it_rests_on() -> None:
    world = World()
    case_id = asked_world(world)
    operator = replace(SECRETARIAT, operator=True, role="candidate")
    assert _refusal(world, case_id, "guess", operator, {"answer": "x"}).code == "REASON_NOT_DISCLOSED"
    refusal = _refusal(world, case_id, "note_cost", SECRETARIAT, {"cost": 5000})
    assert refusal.code == "CEILING_EXCEEDED"
    assert "5,000" in refusal.message("en")

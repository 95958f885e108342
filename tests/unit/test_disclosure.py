"""What a viewer may see of a case: class by class, and nowhere a trace of what is kept from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toritsugi.core.disclosure import Shown, classes_of, kept_from, roles_of, sight
from toritsugi.core.family import Family
from toritsugi.core.history import record_of
from toritsugi.core.outlook import outlook
from toritsugi.core.plainjson import decode
from toritsugi.core.plan import Plan
from toritsugi.core.seeing import sight_of, withheld
from toritsugi.core.values import SYSTEM, Actor, Case, Message
from toritsugi.core.vantage import Vantage, vantage
from toritsugi.definition.model_disclosure import DisclosureClass, Sighting
from toritsugi.definition.types import Title
from toritsugi.errors import NotPossible
from world import PLANS, START, World, laid_open

COMPANY = Actor(id="c1", institution="acme", role="company")
SECRETARIAT = Actor(id="s1", institution="test_bank", role="secretariat")
CANDIDATE = Actor(id="k1", institution="candidate_office", role="candidate")
ADVISER = Actor(id="a1", institution="adviser_office", role="adviser")

IDENTITY = {"company_name", "company_email", "arrived_at", "hint"}
ARRIVED = START - 777_777
VALUES = {
    "company_name": "ACME-NAME",
    "wish": "WISH-TEXT",
    "company_email": "desk@acme.example.jp",
    "candidate_email": "desk@candidate.example.jp",
    "arrived_at": ARRIVED,
}
PARTIES = {"candidate": "candidate_office", "adviser": "adviser_office"}


def _asked(world: World) -> str:
    case_id = world.open("introduction", COMPANY, VALUES, **PARTIES)
    world.send(case_id, "ask", SECRETARIAT)
    return case_id


def _at(world: World, case_id: str, viewer: Actor) -> Vantage:
    family = Family(PLANS, world.situation())
    return vantage(family, family.member(case_id), viewer)


def _rows(world: World, case_id: str) -> Iterator[Mapping[str, Any]]:
    """History rows as the store would tell them."""
    for step in world.steps:
        if step.case_id == case_id:
            sent = [(one, "c0" * 32) for one in world.messages if (one.case_id, one.seq) == (case_id, step.seq)]
            promised = {name: "ab" * 32 for name, value in step.personal.items() if value is not None}
            frame = world.cases[case_id] if step.seq == 1 else None
            yield {**decode(record_of(step, promised, frame=frame, messages=sent)), "hash": "00" * 32}


# -- the matrix ---------------------------------------------------------------------------------------------------


def test_everybody_of_the_case_sees_an_open_class_and_the_candidate_no_identity() -> None:
    world = World()
    seen = _at(world, _asked(world), CANDIDATE).seen
    assert seen.classes == {"request"}
    assert seen.fields == {"wish", "answer", "open_to_adviser", "candidate_email"}
    assert (seen.parties, seen.documents) == ({"candidate", "secretariat"}, {"outline"})
    assert (seen.links, seen.ledgers, seen.reasons, seen.everything) == (frozenset(), frozenset(), False, False)


def test_who_sees_every_class_has_nothing_kept_from_it() -> None:
    world = World()
    seen = _at(world, _asked(world), SECRETARIAT).seen
    assert seen.everything
    assert not seen.hidden


def test_an_approval_opens_a_class_and_its_withdrawal_closes_it() -> None:
    world = World()
    case_id = _asked(world)
    world.send(case_id, "allow", COMPANY)
    assert "identity" in _at(world, case_id, CANDIDATE).seen.classes
    world.send(case_id, "forbid", COMPANY)
    assert "identity" not in _at(world, case_id, CANDIDATE).seen.classes


@pytest.mark.parametrize(("given_", "open_"), [(None, False), (False, False), (True, True)])
def test_a_class_with_a_condition_is_open_only_if_it_holds_for_certain(given_: bool | None, open_: bool) -> None:
    world = World()
    case_id = _asked(world)
    if given_ is not None:
        world.send(case_id, "decide_openness", SECRETARIAT, {"open_to_adviser": given_})
    assert ("identity" in _at(world, case_id, ADVISER).seen.classes) is open_


def test_a_party_in_no_class_is_known_to_all_and_every_party_knows_its_own_part() -> None:
    world = World()
    case_id = _asked(world)
    assert "secretariat" in _at(world, case_id, CANDIDATE).seen.parties
    assert "adviser" in _at(world, case_id, ADVISER).seen.parties
    assert "adviser" not in _at(world, case_id, COMPANY).seen.parties


def test_a_stranger_sees_nothing_of_any_procedure() -> None:
    for name in ("introduction", "loan_request"):
        procedure = PLANS.current(name).procedure
        seen = sight(procedure, classes_of(procedure), frozenset(), (), {})
        assert not (seen.fields | seen.parties | seen.documents | seen.links | seen.ledgers | seen.classes)
        assert not any(seen.sees(field) for field in procedure.data)


def test_a_procedure_without_classes_shows_everything_to_its_parties() -> None:
    procedure = PLANS.current("loan_request").procedure
    assert classes_of(procedure) is None
    seen = sight(procedure, None, frozenset({"adviser"}), (), {})
    assert seen.everything
    assert seen.fields == frozenset(procedure.data)


def test_the_engine_and_the_operator_see_everything_and_an_operator_in_a_part_what_the_part_sees() -> None:
    operator = Actor(id="op", institution="anywhere", operator=True)
    assert roles_of(SYSTEM, PARTIES) is None
    assert roles_of(operator, PARTIES) is None
    assert roles_of(replace(operator, role="candidate"), PARTIES) == {"candidate"}


def test_who_names_a_part_it_plays_sees_what_that_part_sees_and_nobody_gains_by_naming_anothers() -> None:
    both = {"candidate": "one_office", "adviser": "one_office", "company": "acme"}
    viewer = Actor(id="x", institution="one_office")
    assert roles_of(viewer, both) == {"candidate", "adviser"}
    assert roles_of(replace(viewer, role="adviser"), both) == {"adviser"}
    assert roles_of(replace(viewer, role="company"), both) == {"candidate", "adviser"}
    assert roles_of(Actor(id="x", institution="elsewhere", role="company"), both) == frozenset()


def test_a_name_behind_a_link_or_of_a_ledger_belongs_to_the_class_of_the_link_or_the_ledger() -> None:
    world = World()
    seen = _at(world, _asked(world), CANDIDATE).seen
    assert not seen.sees("pot.money.available")
    assert not seen.sees("budget.balance")
    assert seen.sees("reply.due_on")
    assert seen.sees("occurred_on")


# -- messages -----------------------------------------------------------------------------------------------------


def test_a_message_that_shows_what_its_reader_may_not_see_is_refused_and_names_the_class() -> None:
    world = World()
    case_id = _asked(world)
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
    case_id = _asked(world)
    world.send(case_id, "allow_and_reveal", SECRETARIAT)
    assert world.messages[-1].document == "entry_sheet"
    assert world.messages[-1].content["shows"]["documents"] == ["entry_sheet"]


def test_a_message_counts_what_comes_with_its_own_event() -> None:
    world = World()
    case_id = _asked(world)
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
    _asked(world)
    assert {one.content["from"]["title"] for one in _outlines(world)} == {"試験銀行"}


def test_what_lies_behind_a_link_has_to_be_open_in_the_other_case_too() -> None:
    """The link's class is open to company and secretariat; the pot itself shows its money to the bank alone."""
    world = World()
    case_id = _asked(world)
    pot = PLANS.current("shared_pot")
    closed = DisclosureClass(
        id="inner",
        title=Title(ja="中身", en="Inside"),
        fields=tuple(pot.procedure.data),
        ledgers=("money",),
        seen_by=(Sighting(parties=("bank",)),),
    )
    plans = _Other(PLANS.current("introduction").procedure.disclosure)
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
    case_id = _asked(world)
    refusal = _refusal(world, case_id, "guess", CANDIDATE, {"answer": "OTHER-NAME"})
    assert (refusal.code, refusal.reasons, refusal.recorded) == ("REASON_NOT_DISCLOSED", (), "RECIPIENT_MISMATCH")
    assert "開示されていません" in refusal.message("ja")


def test_of_several_reasons_only_those_are_told_that_rest_on_what_the_sender_sees() -> None:
    world = World()
    case_id = _asked(world)
    refusal = _refusal(world, case_id, "finish", CANDIDATE)
    assert (refusal.code, refusal.recorded) == ("FEEDBACK_INCOMPLETE", "NOT_ELIGIBLE")
    assert "費用" not in refusal.message("ja") and len(refusal.reasons) == 1


def test_a_ledger_or_a_linked_case_that_is_kept_back_gives_no_figures_away() -> None:
    world = World()
    case_id = _asked(world)
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
    case_id = _asked(world)
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
    case_id = _asked(world)
    operator = replace(SECRETARIAT, operator=True, role="candidate")
    assert _refusal(world, case_id, "guess", operator, {"answer": "x"}).code == "REASON_NOT_DISCLOSED"
    refusal = _refusal(world, case_id, "note_cost", SECRETARIAT, {"cost": 5000})
    assert refusal.code == "CEILING_EXCEEDED"
    assert "5,000" in refusal.message("en")


# -- cases and rows -----------------------------------------------------------------------------------------------


def test_the_subject_is_seen_by_who_sees_the_field_it_was_taken_from() -> None:
    world = World()
    case_id = _asked(world)
    case = world.cases[case_id]
    assert _at(world, case_id, CANDIDATE).case(case).subject is None
    assert _at(world, case_id, COMPANY).case(case).subject == "ACME-NAME"


def test_a_due_date_is_explained_only_to_who_sees_what_it_was_counted_from() -> None:
    world = World()
    case_id = _asked(world)
    assert not _at(world, case_id, CANDIDATE).explains("reply")
    assert _at(world, case_id, COMPANY).explains("reply")
    assert "reply" in _at(world, case_id, CANDIDATE).case(world.cases[case_id]).deadlines


def test_a_written_reason_is_seen_by_who_wrote_it_and_by_a_class_with_reasons() -> None:
    world = World()
    case_id = _asked(world)
    world.send(case_id, "reply", CANDIDATE, {"answer": "yes"}, reason="CANDIDATE-REASON")
    world.send(case_id, "note_cost", SECRETARIAT, {"cost": 1}, reason="OFFICE-REASON")
    rows = {row["event"]: row for row in _rows(world, case_id)}
    told = {
        (viewer.role, event)
        for viewer, event in product((COMPANY, SECRETARIAT, CANDIDATE, ADVISER), ("reply", "note_cost"))
        if _at(world, case_id, viewer).reason(rows[event], "text") is not None
    }
    assert told == {
        *(("company", event) for event in ("reply", "note_cost")),
        *(("secretariat", event) for event in ("reply", "note_cost")),
        ("candidate", "reply"),
    }


def test_a_candidate_reads_no_identity_in_a_case_or_its_rows() -> None:
    world = World()
    case_id = _asked(world)
    world.send(case_id, "reply", CANDIDATE, {"answer": "yes"})
    at = _at(world, case_id, CANDIDATE)
    told = repr(laid_open([at.case(world.cases[case_id]), *(at.row(row) for row in _rows(world, case_id))]))
    for secret in ("ACME-NAME", "acme", "desk@acme", "adviser_office", str(ARRIVED), *IDENTITY, "'pot'"):
        assert secret not in told, secret
    assert "WISH-TEXT" in told


def test_every_part_of_a_case_was_thought_of_when_it_is_shown() -> None:
    """A part that is added to `Case` has to be shown or kept back on purpose, in `Vantage.case` and then here."""
    kept_back = {"head", "subject", "parties", "data", "personal", "personal_set", "approvals", "ledgers"}
    kept_back |= {"parent", "opened_by_link"}
    open_to_all = {"id", "procedure", "version", "content_hash", "state", "ended", "withdrawn", "revision"}
    open_to_all |= {
        "opened_at",
        "recorded_at",
        "occurred_at",
        "one_per_subject",
        "deadlines",
        "suspended",
        "done",
        "erased",
    }
    assert {one.name for one in fields(Case)} == kept_back | open_to_all


def test_no_hash_is_shown_beside_a_row_that_something_was_left_out_of() -> None:
    world = World()
    case_id = _asked(world)
    for row in _rows(world, case_id):
        assert "hash" not in _at(world, case_id, CANDIDATE).row(row)
        assert "hash" in _at(world, case_id, SECRETARIAT).row(row)


# -- whatever the classes -------------------------------------------------------------------------------------------

_PARTIES = ("company", "secretariat", "candidate", "adviser")
_VIEWERS = {one.role: one for one in (COMPANY, SECRETARIAT, CANDIDATE, ADVISER)}
_ENTRIES = (
    *(("fields", name) for name in PLANS.current("introduction").procedure.data),
    *(("documents", name) for name in ("outline", "entry_sheet")),
    *(("parties", name) for name in _PARTIES),
    ("links", "pot"),
    ("ledgers", "budget"),
)


def _story() -> tuple[World, str]:
    """A case in which every field has a value of its own, so that each can be told by its trace."""
    world = World()
    case_id = _asked(world)
    world.send(case_id, "reply", CANDIDATE, {"answer": "ANSWER-TEXT"})
    world.send(case_id, "note_cost", SECRETARIAT, {"cost": 789}, reason="REASON-TEXT")
    case = world.cases[case_id]
    world.cases[case_id] = replace(case, data={**case.data, "hint": "HINT-TEXT"})
    return world, case_id


_WORLD, _CASE = _story()
_TRACES = {
    ("fields", "arrived_at"): str(ARRIVED),
    ("fields", "company_name"): "ACME-NAME",
    ("fields", "company_email"): "desk@acme",
    ("fields", "wish"): "WISH-TEXT",
    ("fields", "answer"): "ANSWER-TEXT",
    ("fields", "hint"): "HINT-TEXT",
    ("parties", "company"): "'acme'",
    ("parties", "candidate"): "candidate_office",
    ("parties", "adviser"): "adviser_office",
    ("parties", "secretariat"): "test_bank",
    ("documents", "outline"): "'outline'",
    ("documents", "entry_sheet"): "'entry_sheet'",
    ("ledgers", "budget"): "'budget'",
}


@st.composite
def _classes(draw: st.DrawFn) -> Mapping[str, DisclosureClass]:
    """Every entry in one of three classes, each seen by some parties, perhaps on a condition."""
    where = {entry: draw(st.integers(0, 2)) for entry in _ENTRIES}
    found = {}
    for number in range(3):
        parts = {
            part: tuple(name for (kind, name), n in where.items() if (kind, n) == (part, number))
            for part, _ in _ENTRIES
        }
        sightings = draw(
            st.lists(
                st.builds(
                    Sighting,
                    parties=st.lists(st.sampled_from(_PARTIES), unique=True, max_size=4).map(tuple),
                    approval=st.sampled_from([None, None, "show_candidate"]),
                ),
                max_size=2,
            )
        )
        id_ = f"class_{number}"
        title = Title(ja=id_, en=id_)
        reasons = draw(st.booleans())
        found[id_] = DisclosureClass(id=id_, title=title, seen_by=tuple(sightings), reasons=reasons, **parts)
    return found


class _Other:
    """The test procedures, one of them with other classes."""

    def __init__(self, classes: Mapping[str, DisclosureClass]) -> None:
        known = PLANS.current("introduction")
        procedure = replace(known.procedure, disclosure=classes)
        self.plan = replace(known, procedure=procedure, classes=classes_of(procedure))
        self.others: Mapping[str, Plan] = {}

    def current(self, procedure: str) -> Plan:
        found = self.others.get(procedure) or PLANS.current(procedure)
        return self.plan if procedure == "introduction" else found

    def of(self, content_hash: str) -> Plan:
        return self.current(PLANS.of(content_hash).procedure.id)


@settings(max_examples=150, deadline=None)
@given(classes=_classes(), role=st.sampled_from(_PARTIES))
def test_whatever_the_classes_nothing_that_is_kept_back_leaves_a_trace(
    classes: Mapping[str, DisclosureClass], role: str
) -> None:
    plans, viewer = _Other(classes), _VIEWERS[role]
    family = Family(plans, _WORLD.situation())
    at = vantage(family, family.member(_CASE), viewer)
    found = outlook(plans, _CASE, _WORLD.situation(), at.seen.hidden)
    case = at.case(_WORLD.cases[_CASE])
    rows = [at.row(row) for row in _rows(_WORLD, _CASE)]
    told = repr(laid_open((case, rows, [one.reasons for one in found])))
    shown = {
        "fields": at.seen.fields,
        "parties": at.seen.parties,
        "documents": at.seen.documents,
        "ledgers": at.seen.ledgers,
    }
    for (part, name), trace in _TRACES.items():
        twin = part == "parties" and _CASE_PARTIES[name] == viewer.institution
        if name not in shown[part] and not twin:
            if trace == "ACME-NAME" and case.subject is not None:
                raise AssertionError("the subject stands for a field that is kept back")
            assert trace not in told, (part, name)
    kept_fields = set(at.procedure.data) - at.seen.fields
    names = {*case.data, *(case.personal or ()), *case.personal_set}
    for row in rows:
        names |= {*row.get("values", ()), *row.get("personal", ()), *row.get("cleared", ())}
    assert not names & kept_fields
    assert "pot" in at.seen.links or not any("pot" in one for row in rows for one in row.get("unreached", ()))


_CASE_PARTIES = {"company": "acme", "secretariat": "test_bank", **PARTIES}


@settings(max_examples=100, deadline=None)
@given(classes=_classes(), role=st.sampled_from(_PARTIES), entry=st.sampled_from(_ENTRIES))
def test_whatever_the_classes_a_message_and_a_view_answer_alike(
    classes: Mapping[str, DisclosureClass], role: str, entry: tuple[str, str]
) -> None:
    plan = _Other(classes).plan
    seen = sight(plan.procedure, plan.classes, frozenset({role}), (), {})
    part, name = entry
    shows = {
        "documents": Shown(documents=(name,)),
        "parties": Shown(parties=(name,)),
    }.get(part, Shown(names=(name,)))
    assert plan.classes is not None
    refused = kept_from(plan.classes, seen, shows) is not None
    assert refused is (name not in getattr(seen, part))

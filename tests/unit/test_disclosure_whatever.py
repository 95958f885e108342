"""Whatever the classes of a procedure: what is kept back leaves no trace, and every output answers alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from inquiry_story import (
    ADVISER,
    ARRIVED,
    CANDIDATE,
    COMPANY,
    PARTIES,
    SECRETARIAT,
    OtherClasses,
    asked_world,
    rows_of,
)
from toritsugi.core.disclosure import Shown, kept_from, sight
from toritsugi.core.family import Family
from toritsugi.core.outlook import outlook
from toritsugi.core.vantage import vantage
from toritsugi.definition.model_disclosure import DisclosureClass, Sighting
from toritsugi.definition.types import Title
from world import PLANS, World, laid_open

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
    case_id = asked_world(world)
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


@settings(max_examples=150, deadline=None)
@given(classes=_classes(), role=st.sampled_from(_PARTIES))
def test_whatever_the_classes_nothing_that_is_kept_back_leaves_a_trace(
    classes: Mapping[str, DisclosureClass], role: str
) -> None:
    plans, viewer = OtherClasses(classes), _VIEWERS[role]
    family = Family(plans, _WORLD.situation())
    at = vantage(family, family.member(_CASE), viewer)
    found = outlook(plans, _CASE, _WORLD.situation(), at.seen.hidden)
    case = at.case(_WORLD.cases[_CASE])
    rows = [at.row(row) for row in rows_of(_WORLD, _CASE)]
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
    plan = OtherClasses(classes).plan
    seen = sight(plan.procedure, plan.classes, frozenset({role}), (), {})
    part, name = entry
    shows = {
        "documents": Shown(documents=(name,)),
        "parties": Shown(parties=(name,)),
    }.get(part, Shown(names=(name,)))
    assert plan.classes is not None
    refused = kept_from(plan.classes, seen, shows) is not None
    assert refused is (name not in getattr(seen, part))

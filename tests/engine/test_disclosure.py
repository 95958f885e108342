"""What leaves is asked about once more when it leaves, and every question about a case is answered for its viewer."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from crash.office import open_office
from toritsugi.core.values import Actor
from toritsugi.definition.types import Title
from toritsugi.engine import Engine
from toritsugi.errors import ChannelDelayed, NotPossible, UnknownCase
from toritsugi.hooks import ProcedureFile
from toritsugi.ports import Parcel, Proof
from toritsugi.runtime.calendars import build_calendar
from toritsugi.runtime.outbox import Delivery
from toritsugi.store.audit import verify
from toritsugi.testing.clock import FakeClock
from world import START, laid_open

COMPANY = Actor(id="c1", institution="acme", role="company")
SECRETARIAT = Actor(id="s1", institution="test_bank", role="secretariat")
CANDIDATE = Actor(id="k1", institution="candidate_office", role="candidate")
ADVISER = Actor(id="a1", institution="adviser_office", role="adviser")
PARTIES = {"candidate": "candidate_office", "adviser": "adviser_office"}
ARRIVED = START - 777_777
MINUTE = 60_000_000


@dataclass(slots=True)
class Outside:
    """A channel that takes everything, or asks for patience first."""

    name: str = "email"
    repeatable: bool = True
    delays: int = 0
    got: list[Parcel] = field(default_factory=list)

    def send(self, parcel: Parcel) -> Proof:
        if self.delays:
            self.delays -= 1
            raise ChannelDelayed(1)
        self.got.append(parcel)
        return Proof(channel=self.name, reference=f"receipt {len(self.got)}")


@pytest.fixture
def email() -> Outside:
    return Outside()


@pytest.fixture
def engine(store_url: str, clock: FakeClock, email: Outside) -> Iterator[Engine]:
    with open_office(store_url, clock, [email]) as opened:
        yield opened


def _asked(engine: Engine, name: str = "ACME-NAME") -> str:
    """A case whose candidate was asked, with those two messages handed over."""
    values = {
        "company_name": name,
        "wish": "WISH-TEXT",
        "company_email": "desk@acme.example.jp",
        "candidate_email": "desk@candidate.example.jp",
        "arrived_at": ARRIVED,
    }
    case_id = engine.start("introduction", COMPANY, values, parties=PARTIES).case_id
    engine.send(case_id, "ask", SECRETARIAT)
    assert engine.deliver() == Delivery(handed_over=2)
    return case_id


def _statuses(engine: Engine, case_id: str) -> list[str]:
    return [one.status for one in engine.store.messages(case_id)]


# -- at the claim -------------------------------------------------------------------------------------------------


def test_a_class_that_is_still_open_lets_its_message_leave_and_what_it_shows_stays_inside(
    engine: Engine, email: Outside
) -> None:
    case_id = _asked(engine)
    engine.send(case_id, "allow", COMPANY)
    engine.send(case_id, "reveal", SECRETARIAT)
    assert engine.deliver() == Delivery(handed_over=1)
    assert email.got[-1].document == "entry_sheet"
    assert "shows" not in email.got[-1].content


def test_an_approval_withdrawn_before_the_hand_over_recalls_what_the_class_shows(
    engine: Engine, email: Outside
) -> None:
    case_id = _asked(engine)
    engine.send(case_id, "allow", COMPANY)
    engine.send(case_id, "reveal", SECRETARIAT)
    engine.send(case_id, "tell", SECRETARIAT)
    engine.send(case_id, "forbid", COMPANY)
    assert engine.deliver() == Delivery()
    assert _statuses(engine, case_id) == ["handed_over", "handed_over", "recalled", "recalled"]
    assert len(email.got) == 2


def test_a_condition_that_holds_no_more_recalls_its_message_and_no_other(engine: Engine) -> None:
    case_id = _asked(engine)
    engine.send(case_id, "consult", SECRETARIAT, {"open_to_adviser": True})
    engine.send(case_id, "reply", CANDIDATE, {"answer": "yes"})
    engine.send(case_id, "decide_openness", SECRETARIAT, {"open_to_adviser": False})
    assert engine.deliver() == Delivery(handed_over=2)
    assert _statuses(engine, case_id)[2:] == ["recalled", "handed_over", "handed_over"]


def test_a_class_that_rests_on_a_linked_case_is_asked_of_that_case_when_the_message_leaves(engine: Engine) -> None:
    case_id = _asked(engine)
    pot = engine.views.linked(case_id)["pot"].id
    bank = replace(SECRETARIAT, role="bank")
    with pytest.raises(NotPossible, match="DISCLOSURE_NOT_APPROVED"):
        engine.send(case_id, "tell_cost", SECRETARIAT)
    engine.send(pot, "book", bank, {"item": "x", "amount": 1000})
    assert "money" in engine.views.sight(case_id, ADVISER).classes
    engine.send(case_id, "tell_cost", SECRETARIAT)
    engine.send(pot, "free", bank, {"item": "x"})
    assert "money" not in engine.views.sight(case_id, ADVISER).classes
    assert engine.deliver() == Delivery()
    assert _statuses(engine, case_id)[2:] == ["recalled"]


def test_what_was_recalled_does_not_come_back_when_the_class_opens_again(engine: Engine) -> None:
    case_id = _asked(engine)
    engine.send(case_id, "allow", COMPANY)
    engine.send(case_id, "reveal", SECRETARIAT)
    engine.send(case_id, "forbid", COMPANY)
    engine.deliver()
    engine.send(case_id, "allow", COMPANY)
    assert engine.deliver() == Delivery()
    assert _statuses(engine, case_id)[2:] == ["recalled"]


def test_a_retry_is_asked_again_too(engine: Engine, email: Outside, clock: FakeClock) -> None:
    case_id = _asked(engine)
    engine.send(case_id, "allow", COMPANY)
    engine.send(case_id, "reveal", SECRETARIAT)
    email.delays = 1
    assert engine.deliver() == Delivery(failed=1)
    engine.send(case_id, "forbid", COMPANY)
    clock.advance(seconds=60)
    assert engine.deliver() == Delivery()
    assert _statuses(engine, case_id)[2:] == ["recalled"]


def test_a_worker_that_vanished_leaves_an_unknown_outcome_where_the_class_was_closed(
    engine: Engine, clock: FakeClock
) -> None:
    """It may have left before the approval was withdrawn: nobody may say that it was recalled."""
    case_id = _asked(engine)
    engine.send(case_id, "allow", COMPANY)
    engine.send(case_id, "reveal", SECRETARIAT)
    with engine.store.unit(write=True) as unit:
        assert len(unit.claim_parcels(clock.now(), MINUTE, 10, "vanishes", repeatable=frozenset({"email"}))) == 1
        unit.commit()
    engine.send(case_id, "forbid", COMPANY)
    clock.advance(seconds=120)
    assert engine.deliver() == Delivery()
    assert _statuses(engine, case_id)[2:] == ["unknown"]


def test_what_cannot_be_judged_is_set_aside_and_keeps_nothing_else_from_leaving(
    engine: Engine, clock: FakeClock
) -> None:
    """A person must look where nobody can tell whether a message may still be shown."""
    case_id, other = _asked(engine), _asked(engine, "OTHER-NAME")
    for one in (case_id, other):
        engine.send(one, "allow", COMPANY)
        engine.send(one, "reveal", SECRETARIAT)
    with engine.store.unit(write=True) as unit:
        found = unit.claim_parcels(
            clock.now(), MINUTE, 10, "judge", may_leave=lambda parcel: None if parcel.case_id == case_id else True
        )
        unit.commit()
    assert [parcel.case_id for parcel in found] == [other]
    assert _statuses(engine, case_id)[2:] == ["set_aside"]


# -- views --------------------------------------------------------------------------------------------------------


def _everything(engine: Engine, case_id: str, viewer: Actor) -> str:
    """All that a viewer can ask about a case, as one text."""
    views = engine.views
    asked = laid_open(
        [
            engine.case(case_id, viewer),
            engine.can(case_id, viewer),
            views.history(case_id, viewer),
            views.deadlines(case_id, viewer),
            views.messages(case_id, viewer),
            views.due(START + 365 * 24 * 60 * MINUTE, viewer),
            views.cases(viewer),
            views.linked(case_id, viewer),
            views.reasons(case_id, viewer),
        ]
    )
    return repr(asked)


SECRETS = ("ACME-NAME", "acme", str(ARRIVED), "adviser_office", "entry_sheet", "OFFICE-REASON", "'budget'", "'cost'")


def test_a_candidate_learns_no_identity_from_any_question(engine: Engine) -> None:
    case_id = _asked(engine)
    engine.send(case_id, "note_cost", SECRETARIAT, {"cost": 789}, reason="OFFICE-REASON")
    engine.send(case_id, "allow", COMPANY)
    engine.send(case_id, "reveal", SECRETARIAT)
    engine.send(case_id, "forbid", COMPANY)
    told = _everything(engine, case_id, CANDIDATE)
    pot = engine.views.linked(case_id)["pot"].id
    for secret in (*SECRETS, pot):
        assert secret not in told, secret
    assert "WISH-TEXT" in told
    full = _everything(engine, case_id, SECRETARIAT)
    assert all(secret in full for secret in ("ACME-NAME", "entry_sheet", "OFFICE-REASON", pot))


def test_a_candidate_sees_that_a_date_is_due_and_not_how_it_was_counted(engine: Engine) -> None:
    case_id = _asked(engine)
    engine.send(case_id, "drop", SECRETARIAT, reason="x")
    other = engine.start(
        "introduction",
        COMPANY,
        {"company_name": "B", "wish": "w", "candidate_email": "k@example.jp", "arrived_at": START},
        parties=PARTIES,
    ).case_id
    engine.send(other, "ask", SECRETARIAT)
    (seen,) = engine.views.deadlines(other, CANDIDATE)
    (whole,) = engine.views.deadlines(other, SECRETARIAT)
    assert (seen.due_on, seen.status) == (whole.due_on, whole.status)
    assert seen.explanation != whole.explanation
    assert "開示されていません" in seen.explanation["ja"]
    assert engine.views.explained(whole, CANDIDATE) == seen


def test_the_classes_that_open_show_themselves_at_once(engine: Engine) -> None:
    case_id = _asked(engine)
    assert "company" not in engine.case(case_id, CANDIDATE).parties
    engine.send(case_id, "allow", COMPANY)
    seen = engine.case(case_id, CANDIDATE)
    assert (seen.parties["company"], seen.data["company_name"], seen.subject) == ("acme", "ACME-NAME", "ACME-NAME")
    assert engine.views.sight(case_id, CANDIDATE).classes == {"request", "identity"}
    assert "adviser" not in seen.parties


def test_an_operator_who_looks_as_a_party_sees_what_the_party_sees(engine: Engine) -> None:
    case_id = _asked(engine)
    operator = Actor(id="op", institution="candidate_office", operator=True)
    assert engine.case(case_id, operator).subject == "ACME-NAME"
    as_candidate = replace(operator, role="candidate")
    assert engine.case(case_id, as_candidate) == engine.case(case_id, CANDIDATE)
    assert {one.event for one in engine.can(case_id, as_candidate)} == {
        one.event for one in engine.can(case_id, CANDIDATE)
    }


def test_a_stranger_learns_nothing_whatever_part_it_names(engine: Engine) -> None:
    case_id = _asked(engine)
    for role in (None, "secretariat", "candidate"):
        viewer = Actor(id="x", institution="elsewhere", role=role)
        with pytest.raises(UnknownCase):
            engine.case(case_id, viewer)
        assert engine.views.cases(viewer) == []
        assert engine.views.due(START * 2, viewer) == []


def test_naming_anothers_part_shows_no_more_than_ones_own(engine: Engine) -> None:
    case_id = _asked(engine)
    assert engine.case(case_id, replace(CANDIDATE, role="secretariat")) == engine.case(case_id, CANDIDATE)


def test_a_refusal_is_kept_under_its_true_code_and_told_without_it(engine: Engine) -> None:
    case_id = _asked(engine)
    with pytest.raises(NotPossible) as refused:
        engine.send(case_id, "guess", CANDIDATE, {"answer": "OTHER"})
    assert refused.value.code == "REASON_NOT_DISCLOSED"
    assert [one.code for one in engine.store.refusals(case_id)] == ["RECIPIENT_MISMATCH"]


def test_of_the_personal_values_a_viewer_gets_its_own_classes_alone(engine: Engine) -> None:
    case_id = _asked(engine)
    seen: Any = engine.case(case_id, CANDIDATE)
    assert seen.personal == {"candidate_email": "desk@candidate.example.jp"}
    assert seen.personal_set == {"candidate_email"}


def test_an_archive_with_what_messages_show_in_it_stays_true(engine: Engine) -> None:
    case_id = _asked(engine)
    engine.send(case_id, "allow", COMPANY)
    engine.send(case_id, "reveal", SECRETARIAT)
    assert not verify(engine.store).findings


def test_what_a_case_is_about_is_not_shown_where_it_was_taken_over_from_another_case(
    store_url: str, clock: FakeClock, email: Outside
) -> None:
    """The dossier of an errand is about the errand's company, whatever the dossier itself shows to its candidate."""
    folder = Path(__file__).parents[1] / "disclosure" / "procedures"
    files = [ProcedureFile(file=path.name, text=path.read_bytes()) for path in sorted(folder.glob("*.yaml"))]
    calendars = {"test_office": build_calendar("test_office", Title(ja="事務局", en="Office"))}
    office = Actor(id="o1", institution="test_office", role="office")
    with open_office(store_url, clock, [email], procedures=files, calendars=calendars) as engine:
        given = {
            "company_name": "ACME-NAME",
            "wish": "WISH",
            "candidate_email": "k@x.example.jp",
            "adviser_email": "a@x",
        }
        case_id = engine.start("errand", COMPANY, {**given, "arrived_at": ARRIVED}, parties=PARTIES).case_id
        engine.send(case_id, "ask", office)
        dossier = engine.views.linked(case_id)["dossier"].id
        engine.send(dossier, "release", office, {"released": True})
        assert engine.case(dossier).subject == "ACME-NAME"
        told = laid_open([engine.case(dossier, CANDIDATE), engine.views.history(dossier, CANDIDATE)])
        assert "WISH" in repr(told)
        assert "ACME-NAME" not in repr(told)

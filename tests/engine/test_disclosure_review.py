"""What is kept from a party stays kept when a case moves to another version, and whatever a refusal has to tell."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from crash.office import BANK, COMPANY, FILES, open_office
from rating import CAP, OPEN, RATING, RENAMED, REUSED
from toritsugi.core.values import SYSTEM, Actor
from toritsugi.engine import Engine
from toritsugi.errors import NotPossible
from toritsugi.hooks import ProcedureFile
from toritsugi.ports import Parcel, Proof
from toritsugi.testing.clock import FakeClock
from world import START

OPERATOR = Actor(id="op", institution="test_bank", operator=True)
SECRET = "BANK-SECRET"
NOTED = {"score": 37, "remark": SECRET}


@dataclass(slots=True)
class Mail:
    """A channel that keeps what it is given."""

    name: str = "email"
    repeatable: bool = True
    got: list[Parcel] = field(default_factory=list)

    def send(self, parcel: Parcel) -> Proof:
        self.got.append(parcel)
        return Proof(channel=self.name, reference="1")


@pytest.fixture
def mail() -> Mail:
    return Mail()


def _office(store: str, clock: FakeClock, rating: str, mail: Mail) -> Engine:
    own = [ProcedureFile(file=f"{n}.yaml", text=text.encode()) for n, text in enumerate((rating, CAP))]
    return open_office(store, clock, [mail], procedures=[*FILES, *own])


@pytest.fixture
def engine(store_url: str, clock: FakeClock, mail: Mail) -> Iterator[Engine]:
    with _office(store_url, clock, RATING, mail) as opened:
        yield opened


def _case(engine: Engine, **noted: Any) -> str:
    values = {"company": "ACME", "mail": "desk@acme.example.jp"}
    case_id = engine.start("rating", COMPANY, values, parties={"clerk": "unknown_office"}).case_id
    if noted:
        engine.send(case_id, "rate", BANK, noted)
    return case_id


def _refusal(engine: Engine, case_id: str, event: str, actor: Actor = COMPANY, **values: Any) -> NotPossible:
    with pytest.raises(NotPossible) as caught:
        engine.send(case_id, event, actor, values)
    return caught.value


def _told(refusal: NotPossible) -> tuple[str, tuple[str, ...]]:
    return refusal.code, tuple(reason["en"] for reason in refusal.reasons)


_NOTHING = ("REASON_NOT_DISCLOSED", ())


# -- another version ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rating", "status"), [(RENAMED, "recalled"), (REUSED, "set_aside")], ids=["renamed", "reused"]
)
def test_a_message_in_the_names_of_another_version_does_not_leave(
    store_url: str, clock: FakeClock, engine: Engine, mail: Mail, rating: str, status: str
) -> None:
    case_id = _case(engine, **NOTED)
    engine.send(case_id, "yes", COMPANY)
    engine.send(case_id, "tell", BANK)
    with _office(store_url, clock, rating, mail) as later:
        later.rebase(case_id, to="2", actor=OPERATOR, reason="x", mapping={"remark": "note"}, dry_run=False)
        later.send(case_id, "no", COMPANY)
        later.deliver()
        assert (mail.got, [one.status for one in later.store.messages(case_id)]) == ([], [status])


def test_a_message_decided_when_nothing_was_kept_back_waits_for_a_person_once_something_is(
    store_url: str, clock: FakeClock, mail: Mail
) -> None:
    with _office(store_url, clock, OPEN, mail) as before:
        case_id = _case(before, **NOTED)
        before.send(case_id, "tell", BANK)
    with _office(store_url, clock, RATING, mail) as later:
        later.rebase(case_id, to="1", actor=OPERATOR, reason="x", mapping={}, dry_run=False)
        later.deliver()
        assert (mail.got, [one.status for one in later.store.messages(case_id)]) == ([], ["set_aside"])


def _moved(store_url: str, clock: FakeClock, engine: Engine, mail: Mail) -> tuple[Engine, str]:
    """A case with a secret, a message and a deadline, moved to where the secret's old name is an open field."""
    case_id = _case(engine, **NOTED, counted="2030-04-01")
    engine.send(case_id, "hurry", COMPANY)
    engine.send(case_id, "yes", COMPANY)
    engine.send(case_id, "tell", BANK)
    engine.send(case_id, "no", COMPANY)
    later = _office(store_url, clock, REUSED, mail)
    later.rebase(case_id, to="2", actor=OPERATOR, reason="x", mapping={"remark": "note"}, dry_run=False)
    return later, case_id


def test_rows_before_a_rebase_tell_a_party_what_happened_and_no_values(
    store_url: str, clock: FakeClock, engine: Engine, mail: Mail
) -> None:
    later, case_id = _moved(store_url, clock, engine, mail)
    with later:
        rows = later.views.history(case_id, COMPANY)
        assert SECRET not in repr(rows)
        assert [row["event"] for row in rows] == ["open", "rate", "hurry", "yes", "tell", "no", "rebase"]
        assert not any({"values", "personal", "postings", "messages"} & row.keys() for row in rows[:-1])
        assert later.views.messages(case_id, COMPANY) == []


@pytest.mark.parametrize("viewer", [SYSTEM, OPERATOR], ids=["system", "operator"])
def test_rows_before_a_rebase_are_whole_to_who_sees_everything(
    store_url: str, clock: FakeClock, engine: Engine, mail: Mail, viewer: Actor
) -> None:
    later, case_id = _moved(store_url, clock, engine, mail)
    with later:
        assert later.views.history(case_id, viewer)[1]["values"]["remark"] == SECRET
        assert len(later.views.messages(case_id, viewer)) == 1


def test_how_a_date_was_found_before_a_rebase_is_not_told_by_the_names_of_after(
    store_url: str, clock: FakeClock, mail: Mail
) -> None:
    rating = RATING.replace("counted_from: counted", "counted_from: mail_on").replace(
        "  add: {type", "  mail_on: {type: date, title: {ja: 日, en: Day}}\n  add: {type"
    )
    rating = rating.replace("[company, mail, add]", "[company, mail, mail_on, add]").replace(
        "needs: [score]", "needs: [score, mail_on]"
    )
    rating = rating.replace('version: "1"', 'version: "2"')
    with _office(store_url, clock, RATING, mail) as before:
        case_id = _case(before, **NOTED, counted="2030-04-01")
        before.send(case_id, "hurry", COMPANY)
        kept = [one.explanation["en"] for one in before.views.deadlines(case_id, COMPANY)]
    with _office(store_url, clock, rating, mail) as later:
        later.rebase(case_id, to="2", actor=OPERATOR, reason="x", mapping={}, dry_run=False)
        assert [one.explanation["en"] for one in later.views.deadlines(case_id, COMPANY)] == kept
        assert [one.explanation["en"] for one in later.views.due(START * 2, COMPANY)] == kept
        assert [one.explanation["en"] for one in later.views.deadlines(case_id, OPERATOR)] != kept


def test_rows_before_a_rebase_stay_whole_where_no_version_keeps_anything_back(
    store_url: str, clock: FakeClock, mail: Mail
) -> None:
    with _office(store_url, clock, OPEN, mail) as before:
        case_id = _case(before, **NOTED)
    with _office(store_url, clock, OPEN.replace('version: "0"', 'version: "1"'), mail) as later:
        later.rebase(case_id, to="1", actor=OPERATOR, reason="x", mapping={}, dry_run=False)
        assert SECRET in repr(later.views.history(case_id, COMPANY))


def test_who_played_a_part_before_a_rebase_is_not_told_by_the_parts_of_after(
    store_url: str, clock: FakeClock, mail: Mail
) -> None:
    kept = RATING.replace("    fields: [score, remark", "    parties: [clerk]\n    fields: [score, remark")
    with _office(store_url, clock, kept, mail) as before:
        case_id = _case(before, score=37, picked="first_office")
        for office in ("second_office", "third_office"):
            before.send(case_id, "pick", COMPANY)
            before.send(case_id, "rate", BANK, {"score": 37, "picked": office})
        before.send(case_id, "pick", COMPANY)
        assert "_office" not in repr(before.views.history(case_id, COMPANY))
    with _office(store_url, clock, RATING.replace('version: "1"', 'version: "2"'), mail) as later:
        later.rebase(case_id, to="2", actor=OPERATOR, reason="x", mapping={}, dry_run=False)
        told = repr(later.views.history(case_id, COMPANY))
        assert not [one for one in ("unknown_office", "first_office", "second_office") if one in told]
        assert later.case(case_id, COMPANY).parties["clerk"] == "third_office"


def test_rows_from_when_something_was_kept_back_stay_in_outline_when_nothing_is_any_more(
    store_url: str, clock: FakeClock, engine: Engine, mail: Mail
) -> None:
    case_id = _case(engine, **NOTED)
    with _office(store_url, clock, OPEN, mail) as later:
        later.rebase(case_id, to="0", actor=OPERATOR, reason="x", mapping={}, dry_run=False)
        assert SECRET not in repr(later.views.history(case_id, COMPANY))


# -- refusals -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("event", ["bump", "probe"])
def test_a_value_computed_from_what_is_hidden_is_refused_without_its_field_and_bound(
    engine: Engine, event: str
) -> None:
    case_id = _case(engine, **NOTED)
    assert _told(_refusal(engine, case_id, event, add=90)) == _NOTHING


def test_what_the_sender_sees_is_refused_with_its_field_and_bound(engine: Engine) -> None:
    case_id = _case(engine, **NOTED)
    engine.send(case_id, "yes", COMPANY)
    code, reasons = _told(_refusal(engine, case_id, "bump", add=90))
    assert (code, reasons[0].startswith("Score:")) == ("BAD_INPUT", True)


def test_a_field_of_the_senders_own_event_opens_none_of_that_name_in_a_linked_case(engine: Engine) -> None:
    engine.start("cap", BANK, {"company": "ACME", "add": 7}, parties={"company": "acme"})
    case_id = _case(engine)
    assert _told(_refusal(engine, case_id, "take")) == _NOTHING
    assert _told(_refusal(engine, case_id, "take", add=1)) == _NOTHING


def test_a_booking_of_a_hidden_amount_is_refused_without_the_ledgers_figures(engine: Engine) -> None:
    case_id = _case(engine, score=1, spending=5000)
    refusal = _refusal(engine, case_id, "spend")
    assert (_told(refusal), "5,000" in refusal.message("en")) == (_NOTHING, False)


def test_a_booking_does_not_tell_that_its_hidden_amount_is_missing(engine: Engine) -> None:
    assert _told(_refusal(engine, _case(engine), "spend")) == _NOTHING


def test_an_appointment_does_not_tell_that_the_hidden_institution_is_missing(engine: Engine) -> None:
    assert _told(_refusal(engine, _case(engine), "pick")) == _NOTHING


def test_a_deadline_counted_from_a_hidden_date_is_refused_without_the_calendars_days(engine: Engine) -> None:
    case_id = _case(engine, score=1, counted="2200-01-01")
    assert _told(_refusal(engine, case_id, "hurry")) == _NOTHING


def test_a_missing_address_that_the_sender_does_not_see_is_not_told(engine: Engine) -> None:
    assert _told(_refusal(engine, _case(engine), "hand")) == _NOTHING


def test_a_hidden_field_that_has_to_be_given_is_named_when_nothing_else_is_missing(engine: Engine) -> None:
    assert _told(_refusal(engine, _case(engine), "want", add=1)) == ("FORM_INCOMPLETE", ("Missing: Remark",))


def test_a_form_with_another_fault_does_not_tell_whether_a_hidden_field_is_set(engine: Engine) -> None:
    told = {_told(_refusal(engine, _case(engine, **noted), "want")) for noted in ({}, NOTED)}
    assert told == {("FORM_INCOMPLETE", ("Missing: Add",))}


def test_a_guard_that_fails_in_any_case_does_not_tell_whether_a_hidden_field_is_set(engine: Engine) -> None:
    told = {_told(_refusal(engine, _case(engine, **noted), "blocked")) for noted in ({}, NOTED)}
    assert told == {("CEILING_EXCEEDED", ("Add more.",))}


def test_the_refusal_table_has_the_true_code(engine: Engine) -> None:
    case_id = _case(engine, **NOTED)
    assert _refusal(engine, case_id, "bump", replace(COMPANY, role=None), add=90).recorded == "BAD_INPUT"

"""A case moves to another version of its procedure by a recorded rebase with a mapping, and only if nothing stands in the way."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crash.office import BANK, COMPANY, FILES, draft, dump, open_office, submit
from toritsugi.core.rebase import Rebase
from toritsugi.core.values import Actor
from toritsugi.engine import Engine
from toritsugi.errors import BadInput, NotPossible, UnknownProcedure
from toritsugi.hooks import ProcedureFile
from toritsugi.store.audit import verify
from toritsugi.testing.clock import FakeClock
from world import START

OPERATOR = Actor(id="op1", institution="test_bank", operator=True)


def _changed(*changes: tuple[str, str]) -> list[ProcedureFile]:
    """The procedures, words of loan_request replaced."""
    found = []
    for file in FILES:
        text = file.text.decode()
        if text.startswith("procedure: loan_request"):
            for old, new in changes:
                assert old in text
                text = text.replace(old, new)
        found.append(ProcedureFile(file=file.file, text=text.encode()))
    return found


#: a state, a field and a personal field are called otherwise, a deadline is another one.
SECOND = _changed(
    ('version: "1"', 'version: "2"'),
    ("submitted", "handed_in"),
    ("amount", "sum_asked"),
    ("contact_name", "person"),
    ("  promise:\n    title: {ja: 約束の日", "  pledge:\n    title: {ja: 約束の日"),
    ("with: {item: item, sum_asked: sum_asked", "with: {item: item, amount: sum_asked"),
)
MAPPING = {"submitted": "handed_in", "amount": "sum_asked", "contact_name": "person"}


@pytest.fixture
def old(store_url: str, clock: FakeClock) -> str:
    """A submitted request under version 1, with two running deadlines; its case id."""
    with open_office(store_url, clock) as engine:
        case_id = draft(engine, contact_name="山田")
        submit(engine, case_id, START)
        engine.send(case_id, "promise", BANK, {"promised_on": "2026-05-29"})
        return case_id


@pytest.fixture
def engine(store_url: str, clock: FakeClock, old: str) -> Iterator[Engine]:
    with open_office(store_url, clock, procedures=SECOND) as opened:
        yield opened


def _rebase(engine: Engine, case_id: str, **changes: object) -> Rebase:
    asked: dict[str, object] = {"to": "2", "mapping": MAPPING, "actor": OPERATOR, "reason": "様式の改定", **changes}
    return engine.rebase(case_id, **asked)  # type: ignore[arg-type]  # passed on as they are


def test_a_dry_run_tells_everything_and_does_nothing(engine: Engine, store_url: str, old: str) -> None:
    before = dump(store_url)
    told = _rebase(engine, old)
    assert dump(store_url) == before
    assert (told.applied, told.problems) == (False, ())
    assert (told.from_version, told.to_version, told.from_state, told.to_state) == ("1", "2", "submitted", "handed_in")
    assert told.fields["amount"] == "sum_asked" and told.fields["company"] == "company"
    assert (told.lost_fields, told.forgotten_events) == ((), ())
    assert told.deadlines_stay == {"answer": "2026-04-16"}
    assert told.deadlines_stop == {"promise": "2026-05-29"}


def test_the_case_goes_on_by_the_new_version_and_the_record_is_sound(engine: Engine, old: str) -> None:
    assert _rebase(engine, old, dry_run=False).applied
    case = engine.case(old)
    assert (case.version, case.state, case.personal) == ("2", "handed_in", {"person": "山田"})
    assert case.data["sum_asked"] == 900_000 and "amount" not in case.data
    assert case.deadlines.keys() == {"answer"}
    row = engine.views.history(old)[-1]
    assert (row["event"], row["from"], row["to"]) == ("rebase", "submitted", "handed_in")
    assert row["deadlines"] == {"promise": "cancelled"} and row["frame"]["version"] == "2"
    assert "様式" not in str(row)
    assert verify(engine.store).findings == ()
    assert engine.send(old, "answer", BANK).state == "granted"
    assert [one.status for one in engine.views.deadlines(old)] == ["met", "cancelled"]
    assert verify(engine.store).findings == ()


def test_what_has_no_place_in_the_new_version_is_lost_and_stays_in_the_history(engine: Engine, old: str) -> None:
    told = _rebase(engine, old, mapping={"submitted": "handed_in"}, dry_run=False)
    assert told.lost_fields == ("amount", "contact_name")
    case = engine.case(old)
    assert "amount" not in case.data and case.personal == {}
    assert engine.views.history(old)[1]["values"]["amount"] == 900_000
    assert verify(engine.store).findings == ()


@pytest.mark.parametrize(
    ("mapping", "place"),
    [
        ({}, "submitted"),  # no such state any more
        ({**MAPPING, "submitted": "granted_for_ever"}, "submitted"),
        ({**MAPPING, "submitted": "refused"}, "submitted"),  # a rebase ends nothing
        ({**MAPPING, "amuont": "sum_asked"}, "amuont"),
        ({**MAPPING, "contact_name": "note"}, "contact_name"),  # personal data stays personal
        ({**MAPPING, "company": "sum_asked"}, "company"),  # a text is no amount
    ],
)
def test_what_stands_in_the_way_is_told_and_nothing_is_done(
    engine: Engine, store_url: str, old: str, mapping: dict[str, str], place: str
) -> None:
    assert place in [problem["place"] for problem in _rebase(engine, old, mapping=mapping).problems]
    before = dump(store_url)
    with pytest.raises(BadInput) as refused:
        _rebase(engine, old, mapping=mapping, dry_run=False)
    assert dump(store_url) == before
    assert "山田" not in refused.value.message("ja")


def test_a_case_can_be_moved_back_to_a_version_that_the_store_keeps(engine: Engine, old: str) -> None:
    before = engine.case(old)
    _rebase(engine, old, dry_run=False)
    back = {new: name for name, new in MAPPING.items()}
    _rebase(engine, old, to=before.content_hash[:12], mapping=back, dry_run=False)
    after = engine.case(old)
    assert (after.version, after.state, after.data, after.personal) == ("1", "submitted", before.data, before.personal)
    assert verify(engine.store).findings == ()


def test_a_version_that_is_not_there_is_told_with_those_that_are(engine: Engine, old: str) -> None:
    with pytest.raises(UnknownProcedure) as unknown:
        _rebase(engine, old, to="7")
    assert "1 (" in unknown.value.message("en") and "2 (" in unknown.value.message("en")


def test_only_the_operator_rebases_and_an_erased_case_can_be_moved(engine: Engine, old: str) -> None:
    with pytest.raises(NotPossible):
        _rebase(engine, old, actor=COMPANY)
    engine.erase(old, OPERATOR, "保存期間の満了")
    _rebase(engine, old, dry_run=False)
    assert engine.case(old).version == "2"
    assert verify(engine.store).findings == ()


def test_an_ended_case_stays_as_it_ended(engine: Engine, old: str) -> None:
    engine.send(old, "withdraw", COMPANY)
    assert _rebase(engine, old).problems

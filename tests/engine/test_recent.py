"""What a connection remembers of cases is what stands in the database, whoever wrote it last."""

from collections.abc import Iterator
from typing import Any

import pytest

from crash.office import BANK, COMPANY, FILES, draft, open_office, submit
from toritsugi.core.values import Actor, Case
from toritsugi.engine import Engine
from toritsugi.errors import NotPossible
from toritsugi.hooks import ProcedureFile
from toritsugi.testing.clock import FakeClock
from world import START


@pytest.fixture
def other(store_url: str, clock: FakeClock, engine: Engine) -> Iterator[Engine]:
    """A second engine on the same store, with connections of its own."""
    with open_office(store_url, clock) as opened:
        yield opened


def _seen(engine: Engine, case_id: str, *, personal: bool = True) -> Case | None:
    """The case as the engine's next event would find it."""
    with engine.store.unit(write=True) as unit:
        found: Case | None = unit.case(case_id, personal=personal)
        return found


def test_after_every_event_a_case_is_remembered_as_it_stands(engine: Engine, other: Engine, clock: FakeClock) -> None:
    case_id = draft(engine, contact_name="山田 花子")
    acts: list[tuple[str, Any, dict[str, Any]]] = [
        ("consent", COMPANY, {}),
        ("jot", BANK, {"note": "一度目"}),
        ("promise", BANK, {"promised_on": "2026-05-20"}),
        ("answer", BANK, {}),
        ("draw", BANK, {"item": "A-1", "amount": 100}),
        ("revoke", COMPANY, {}),
        ("withdraw", COMPANY, {}),
    ]
    assert _seen(engine, case_id) == _seen(other, case_id)
    submit(engine, case_id, START)
    for event, actor, values in acts:
        clock.advance(seconds=3600)
        engine.send(case_id, event, actor, values)
        assert _seen(engine, case_id) == _seen(other, case_id), event
        assert _seen(engine, case_id, personal=False) is not None


def test_what_another_engine_committed_is_seen_at_once(engine: Engine, other: Engine) -> None:
    case_id = draft(engine)
    submit(engine, case_id, START)
    other.send(case_id, "answer", BANK)
    with pytest.raises(NotPossible) as refused:
        engine.send(case_id, "answer", BANK)
    assert refused.value.code == "INVALID_TRANSITION"
    assert engine.send(case_id, "jot", BANK, {"note": "a"}).seq == other.case(case_id).revision


def test_a_value_that_its_sender_changes_later_stays_as_it_was_given(store_url: str, clock: FakeClock) -> None:
    taking = b"events:\n  import_notes: {title: {ja: a, en: a}, by: bank, from: any, needs: [notes]}\n"
    changed = {
        one.file: one.text.replace(b"events:\n", taking, 1) for one in FILES if b"procedure: loan_request" in one.text
    }
    files = [ProcedureFile(file=one.file, text=changed.get(one.file, one.text)) for one in FILES]
    with open_office(store_url, clock, procedures=files) as engine:
        case_id = draft(engine)
        given: dict[str, Any] = {"notes": [{"text": "first", "on": "2026-04-13"}]}
        engine.send(case_id, "import_notes", BANK, given)
        given["notes"].append({"text": "smuggled", "on": "2026-04-13"})
        given["notes"][0]["text"] = "changed"
        engine.send(case_id, "jot", BANK, {"note": "second"})
        assert [note["text"] for note in engine.case(case_id).data["notes"]] == ["first", "second"]


def test_what_was_rolled_back_is_not_remembered(engine: Engine, other: Engine) -> None:
    case_id = draft(engine)
    submit(engine, case_id, START)
    before = _seen(other, case_id)
    with pytest.raises(RuntimeError), engine.store.unit(write=True) as unit:
        found = unit.case(case_id)
        unit.erase(case_id, START)
        assert unit.case(case_id) != found
        raise RuntimeError
    assert _seen(engine, case_id) == before


def test_nothing_personal_is_remembered_of_a_case_that_another_engine_erased(engine: Engine, other: Engine) -> None:
    case_id = draft(engine, contact_name="山田 花子")
    submit(engine, case_id, START)
    other.erase(case_id, Actor(id="op", institution="office", operator=True), "書面で求められた")
    found = _seen(engine, case_id)
    assert found is not None and found.erased and not found.personal

"""A refused event leaves one row without a payload, and nothing else."""

import pytest

from crash.office import BANK, COMPANY, draft, dump, granted, spoken
from toritsugi.engine import Engine
from toritsugi.errors import NotPossible, UnknownCase, UnknownProcedure
from toritsugi.ports import Refusal
from toritsugi.testing.clock import FakeClock
from world import START


def test_a_refused_event_changes_nothing_but_the_refusal_table(engine: Engine, store_url: str) -> None:
    case_id = draft(engine)
    before = dump(store_url, without=["toritsugi_refusal"])
    with pytest.raises(NotPossible) as refused:
        engine.send(
            case_id, "draw", BANK, {"item": "PAYLOAD-IN-THE-REFUSED", "amount": 1}, key="k", reason="PAYLOAD-WHY"
        )
    assert dump(store_url, without=["toritsugi_refusal"]) == before
    assert "PAYLOAD" not in spoken(dump(store_url))
    assert refused.value.code == "INVALID_TRANSITION"
    assert engine.store.refusals(case_id) == [
        Refusal(
            case_id=case_id,
            event="draw",
            code="INVALID_TRANSITION",
            actor="b1",
            institution="test_bank",
            role="bank",
            recorded_at=START,
        )
    ]


def test_a_refusal_says_what_would_have_been_possible(engine: Engine) -> None:
    with pytest.raises(NotPossible) as refused:
        engine.send(draft(engine), "answer", BANK)
    assert refused.value.possible == ("jot",)
    assert refused.value.state == "draft"


def test_an_unknown_case_or_procedure_leaves_no_row(engine: Engine, store_url: str) -> None:
    draft(engine)
    before = dump(store_url)
    with pytest.raises(UnknownCase):
        engine.send("no-such-case", "submit", COMPANY)
    with pytest.raises(UnknownProcedure):
        engine.start("no_such_procedure", COMPANY)
    with pytest.raises(NotPossible):
        engine.start("shared_pot", COMPANY, {"company": "Acme"})
    assert dump(store_url) == before


def test_an_event_that_a_refusal_calls_for_is_fired_in_a_transaction_of_its_own(engine: Engine) -> None:
    """Another case has used up the pot; this one only learns of it when it is refused."""
    first, second = granted(engine, START), granted(engine, START)
    engine.send(first, "draw", BANK, {"item": "all", "amount": 1000})
    assert engine.case(first).state == "spent"
    assert engine.case(second).state == "granted"
    with pytest.raises(NotPossible) as refused:
        engine.send(second, "draw", BANK, {"item": "more", "amount": 1})
    assert refused.value.code == "FRAME_EXHAUSTED"
    case = engine.case(second)
    assert (case.state, case.ended) == ("spent", True)
    last = list(engine.views.history(second))[-1]
    assert (last["event"], last["authority"], last["actor"]) == ("run_dry", "refusal", "engine")
    assert [one.code for one in engine.store.refusals(second)] == ["FRAME_EXHAUSTED"]


def test_another_refusal_calls_for_nothing(engine: Engine, clock: FakeClock) -> None:
    case_id = granted(engine, START)
    clock.advance(seconds=1)
    with pytest.raises(NotPossible) as refused:
        engine.send(case_id, "draw", BANK, {"item": "too much", "amount": 1001})
    assert refused.value.code == "CEILING_EXCEEDED"
    assert engine.case(case_id).state == "granted"

"""A case whose personal data was erased goes on: its deadlines pass, it can be ended, and nothing personal is kept."""

from __future__ import annotations

import pytest

from toritsugi.core.values import Actor
from toritsugi.engine import Engine
from toritsugi.errors import NotPossible
from toritsugi.store.audit import verify
from toritsugi.testing.clock import FakeClock
from world import BANK, COMPANY, START

OPERATOR = Actor(id="operator", institution="office", operator=True)
DAY = 86_400_000_000


@pytest.fixture
def erased(engine: Engine) -> str:
    case_id = engine.start("loan_request", COMPANY, {"company": "Acme", "contact_name": "山田"}).case_id
    engine.send(case_id, "submit", COMPANY, {"amount": 5, "purpose": "base", "arrived_at": START})
    engine.erase(case_id, OPERATOR, "保存期間の満了")
    return case_id


def test_its_deadlines_pass_and_it_can_be_ended(engine: Engine, clock: FakeClock, erased: str) -> None:
    before = len(engine.views.messages(erased))
    clock.advance(seconds=30 * 86_400)
    assert engine.tick() == 1
    engine.send(erased, "take_back", BANK, reason="記入漏れ")
    engine.send(erased, "withdraw", COMPANY)
    assert engine.case(erased).state == "withdrawn"
    assert len(engine.views.messages(erased)) == before
    assert not verify(engine.store).findings


def test_personal_values_are_refused(engine: Engine, erased: str) -> None:
    engine.send(erased, "take_back", BANK, reason="記入漏れ")
    with pytest.raises(NotPossible) as refusal:
        engine.send(erased, "rename", COMPANY, {"contact_name": "佐藤"})
    assert refusal.value.code == "ERASED"

"""Promises that a review of the first engine found broken; each was seen to fail before it was mended."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from toritsugi.core.allowance import Allowance, consume, reserve
from toritsugi.core.values import Actor, Event
from toritsugi.engine import Engine
from toritsugi.errors import BadInput, KeyReused, NotPossible
from toritsugi.runtime.vault import KeyVault
from toritsugi.testing.clock import FakeClock
from world import BANK, COMPANY, START

DAY = 86_400_000_000


def submitted(engine: Engine) -> str:
    case_id = engine.start("loan_request", COMPANY, {"company": "Acme", "contact_name": "山田"}).case_id
    engine.send(case_id, "submit", COMPANY, {"amount": 5, "purpose": "base", "arrived_at": START})
    return case_id


def test_a_signal_reaches_a_case_whose_last_row_lies_later_than_its_cause(engine: Engine, clock: FakeClock) -> None:
    case_id = submitted(engine)
    engine.send(case_id, "answer", BANK)
    pot = engine.views.linked(case_id)["pot"].id
    clock.advance(seconds=3600)
    engine.send(pot, "book", BANK, {"item": "later", "amount": 1})
    earlier = clock.now() - 1_800_000_000
    engine.send(case_id, "draw", BANK, {"item": "x", "amount": 1}, occurred_at=earlier)
    assert engine.case(pot).ledgers["money"].reserved_yen == 2


def test_only_the_operator_erases_or_resolves(engine: Engine) -> None:
    case_id = submitted(engine)
    for act in (lambda: engine.erase(case_id, BANK, "x"), lambda: engine.resolve(f"{case_id}/2/1", "waiting", BANK)):
        with pytest.raises(NotPossible) as refusal:
            act()
        assert refusal.value.code == "ACTOR_NOT_ALLOWED"
    assert not engine.case(case_id).erased


def test_a_start_under_the_same_key_with_other_parties_is_another_request(engine: Engine) -> None:
    engine.start("loan_request", COMPANY, {"company": "Acme"}, key="k")
    with pytest.raises(KeyReused):
        engine.start("loan_request", COMPANY, {"company": "Acme"}, key="k", parties={"adviser": "somebody"})


@pytest.mark.parametrize("moment", [1.5, True, -(2**60)])
def test_a_moment_that_is_none_is_refused(engine: Engine, moment: int) -> None:
    with pytest.raises(BadInput):
        engine.start("loan_request", COMPANY, {"company": "Acme"}, occurred_at=moment)


def test_a_case_is_not_opened_in_the_future(engine: Engine) -> None:
    with pytest.raises(NotPossible) as refusal:
        engine.start("loan_request", COMPANY, {"company": "Acme"}, occurred_at=START + DAY)
    assert refusal.value.code == "OCCURRED_LATER"


def test_half_a_character_does_not_cost_the_request_its_key(engine: Engine) -> None:
    case_id = submitted(engine)
    with pytest.raises(BadInput):
        engine.send(case_id, "jot", BANK, {"note": "x"}, key="k", address="\ud800")


def test_a_stranger_learns_nothing_from_an_unknown_event(engine: Engine) -> None:
    case_id = submitted(engine)
    with pytest.raises(NotPossible) as refusal:
        engine.send(case_id, "nonsense", Actor(id="x", institution="elsewhere"))
    assert (refusal.value.code, refusal.value.state) == ("ACTOR_NOT_ALLOWED", None)


def test_a_date_beyond_the_calendar_is_refused_and_stops_no_other_case(engine: Engine, clock: FakeClock) -> None:
    case_id = engine.start("loan_request", COMPANY, {"company": "Acme"}).case_id
    with pytest.raises(NotPossible) as refusal:
        engine.send(case_id, "submit", COMPANY, {"amount": 5, "purpose": "base", "arrived_at": -(10**15)})
    assert refusal.value.code == "BAD_INPUT"


def test_one_damaged_message_does_not_keep_the_others_from_leaving(engine: Engine) -> None:
    damaged, sound = submitted(engine), submitted(engine)
    with engine.store.engine.begin() as connection:
        connection.execute(
            sa.text("UPDATE toritsugi_message SET sealed = :junk WHERE case_id = :case"),
            {"junk": b"x" * 40, "case": damaged},
        )
    engine.deliver()  # there is no channel here: what can be opened is set aside for want of one
    assert [one.status for case in (damaged, sound) for one in engine.store.messages(case)] == ["set_aside"] * 2


def test_the_digest_of_a_request_cannot_be_guessed_without_the_key() -> None:
    assert KeyVault(b"a" * 32).mac(b"request") != KeyVault(b"b" * 32).mac(b"request")


def test_nothing_personal_shows_in_a_repr(engine: Engine) -> None:
    case = engine.case(submitted(engine))
    event = Event(name="x", actor=BANK, values={"contact_name": "山田"}, reason="山田の件")
    assert "山田" not in repr(case) + repr(event) + repr(replace(case, head=b""))


def test_what_was_freed_meanwhile_covers_the_rest_of_a_reservation() -> None:
    ledger = Allowance(ceiling_yen=1_000_000, consumed_yen=900_000)
    ledger, _ = reserve(ledger, ledger="a", item="fair", amount_yen=300_000, consent=True)
    freed = replace(ledger, consumed_yen=200_000)
    _, posting = consume(freed, ledger="a", item="fair", amount_yen=300_000, consent=False)
    assert (posting.consumed_yen, posting.company_pays_yen) == (300_000, 0)

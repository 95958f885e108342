"""A refusal rests on the case as it stood at one moment, also where one statement does not read all of it."""

from __future__ import annotations

from typing import Any

import pytest

from crash.office import BANK, open_office
from toritsugi.errors import NotPossible
from toritsugi.store import unit
from toritsugi.testing.clock import FakeClock
from world import START


def test_a_refusal_by_a_ledger_tells_the_state_of_the_same_moment(
    postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_office(postgresql_url, FakeClock(START)) as here, open_office(postgresql_url, FakeClock(START)) as there:
        pot = here.start("shared_pot", BANK, {"company": "Acme"}).case_id
        read = unit.decode

        def meanwhile(text: str) -> Any:
            """Between reading the case's row and its ledgers somebody else books all there is."""
            monkeypatch.setattr(unit, "decode", read)
            there.send(pot, "book", BANK, {"item": "all", "amount": 1000})
            return read(text)

        monkeypatch.setattr(unit, "decode", meanwhile)
        with pytest.raises(NotPossible) as refused:
            here.send(pot, "book", BANK, {"item": "more", "amount": 1})
        assert (refused.value.code, refused.value.state) == ("FRAME_EXHAUSTED", "empty")

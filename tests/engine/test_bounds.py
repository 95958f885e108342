"""What is too large is refused in words, and changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from toritsugi.engine import Engine
from toritsugi.errors import NotPossible, TooLarge
from toritsugi.hooks import InstitutionManifest, ProcedureFile
from toritsugi.testing.clock import FakeClock
from world import BANK, COMPANY, FOLDER, INSTITUTIONS, START


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    files = [ProcedureFile(file=path.name, text=path.read_bytes()) for path in FOLDER.glob("*.yaml")]
    manifests = [
        InstitutionManifest(id=one.id, title=one.title, addresses=one.addresses) for one in INSTITUTIONS.values()
    ]
    with Engine.open(
        f"sqlite:///{tmp_path / 'store.db'}",
        procedures=files,
        plugins=(),
        institutions=manifests,
        channels=(),
        clock=FakeClock(START),
    ) as opened:
        yield opened


@pytest.fixture
def case(engine: Engine) -> str:
    return engine.start("loan_request", COMPANY, {"company": "Acme"}).case_id


@pytest.mark.parametrize("key", [None, "k"])
def test_a_request_beyond_its_bound_is_refused(engine: Engine, case: str, key: str | None) -> None:
    with pytest.raises(TooLarge, match="262,144"):
        engine.send(case, "jot", BANK, {"note": "長" * 100_000}, key=key)
    assert engine.case(case).revision == 1


def test_a_case_that_grows_beyond_its_bound_stays_as_it_was(engine: Engine, case: str) -> None:
    with pytest.raises(TooLarge, match="1,048,576"):
        for _ in range(200):
            engine.send(case, "jot", BANK, {"note": "x" * 10_000})
    grown = engine.case(case)
    assert 90 < grown.revision < 110
    assert len(grown.data["notes"]) == grown.revision - 1


@pytest.mark.parametrize("key", [None, "k"])
def test_a_value_that_is_no_json_is_refused_in_words(engine: Engine, case: str, key: str | None) -> None:
    values = {"amount": 5, "purpose": "base", "arrived_at": date(2026, 4, 1)}
    with pytest.raises(NotPossible) as refusal:
        engine.send(case, "submit", COMPANY, values, key=key)
    assert refusal.value.code == "BAD_INPUT"
    assert "到着日時" in refusal.value.message("ja")

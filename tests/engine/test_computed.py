"""A value that an effect computes is kept only if its field takes it; the refusal names the field and changes nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crash.office import COMPANY, open_office
from renewal import RENEWAL
from toritsugi.core.plan import plan
from toritsugi.definition.load import load
from toritsugi.engine import Engine
from toritsugi.errors import NotPossible
from toritsugi.testing.clock import FakeClock
from world import PLANS


@pytest.fixture
def engine(store_url: str, clock: FakeClock) -> Iterator[Engine]:
    with open_office(store_url, clock, procedures=[RENEWAL]) as opened:
        yield opened


@pytest.fixture
def case_id(engine: Engine) -> str:
    return engine.start("renewal", COMPANY, {"company": "Acme"}).case_id


@pytest.mark.parametrize(
    ("event", "values", "title"),
    [
        ("count_up", {"step": 3}, "Count"),
        ("count_up", {"step": 2**53 - 1}, "Count"),
        ("shorten", {"long": "longer than five"}, "Short text"),
        ("confide", {"long": "longer than five"}, "Contact"),
    ],
)
def test_a_computed_value_beyond_its_field_is_refused(
    engine: Engine, case_id: str, event: str, values: dict[str, int | str], title: str
) -> None:
    before = engine.case(case_id)
    with pytest.raises(NotPossible) as refused:
        engine.send(case_id, event, COMPANY, values)
    assert refused.value.code == "BAD_INPUT"
    assert refused.value.message("en").startswith(f"{title}: ")
    assert "longer" not in refused.value.message("ja") + refused.value.message("en")
    assert engine.case(case_id) == before


def test_a_computed_value_at_its_bound_is_kept(engine: Engine, case_id: str) -> None:
    engine.send(case_id, "count_up", COMPANY, {"step": 2})
    engine.send(case_id, "shorten", COMPANY, {"long": "五文字まで"})
    assert engine.case(case_id).data["count"] == 3
    assert engine.case(case_id).data["short"] == "五文字まで"


def test_an_entry_too_many_is_refused(engine: Engine, case_id: str) -> None:
    for _ in range(2):
        engine.send(case_id, "date", COMPANY)
    with pytest.raises(NotPossible) as refused:
        engine.send(case_id, "date", COMPANY)
    assert refused.value.reasons[0]["en"].startswith("Dates: ")
    assert len(engine.case(case_id).data["dates"]) == 2


def test_what_the_types_already_say_is_not_looked_at_again() -> None:
    looked = {
        event: [effect.unsure for effect in found.effects]
        for event, found in plan(load(RENEWAL.text, file="renewal.yaml", interfaces=lambda _: None)).events.items()
    }
    assert (looked["count_up"], looked["shorten"], looked["date"]) == ([True], [True], [False])
    assert [effect.unsure for effect in PLANS.current("loan_request").events["jot"].effects] == [False]

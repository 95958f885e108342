"""A listing for a party holds the party's cases, as many as were asked for, page by page."""

from __future__ import annotations

import pytest

from crash.office import COMPANY, draft
from toritsugi.core.values import Actor
from toritsugi.engine import Engine

OTHER = Actor(id="o1", institution='other "company" 髙', role="company")
STRANGER = Actor(id="x1", institution="stranger")


@pytest.fixture
def own(engine: Engine) -> list[str]:
    """Every fifth of fifteen cases is the other company's; their ids, in order."""
    found = []
    for number in range(15):
        if number % 5 == 4:
            found.append(engine.start("loan_request", OTHER, {"company": "Other"}).case_id)
        else:
            # a case that only mentions the other company, in its data
            draft(engine, OTHER.institution)
    return sorted(found)


def test_a_party_gets_as_many_of_its_cases_as_it_asked_for(engine: Engine, own: list[str]) -> None:
    assert [one.id for one in engine.views.cases(OTHER, limit=2)] == own[:2]
    assert len(engine.views.cases(COMPANY, limit=12)) == 12


def test_the_next_page_goes_on_after_the_last(engine: Engine, own: list[str]) -> None:
    found: list[str] = []
    while page := engine.views.cases(OTHER, limit=2, after=found[-1] if found else None):
        found += [one.id for one in page]
    assert found == own


def test_who_plays_in_no_case_gets_none_and_the_engine_gets_all(engine: Engine, own: list[str]) -> None:
    assert engine.views.cases(STRANGER) == []
    assert len(engine.views.cases()) == 15
    assert [one.id for one in engine.views.cases(OTHER, procedure="loan_request", state="draft")] == own

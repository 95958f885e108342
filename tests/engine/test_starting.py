"""Who is in a case from its start, and that there is one about a subject where one is allowed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crash.office import COMPANY, open_office
from renewal import RENEWAL
from toritsugi.engine import Engine
from toritsugi.errors import BadInput, NotPossible, RequestError
from toritsugi.testing.clock import FakeClock


@pytest.fixture
def engine(store_url: str, clock: FakeClock) -> Iterator[Engine]:
    with open_office(store_url, clock, procedures=[RENEWAL]) as opened:
        yield opened


def test_a_party_that_the_procedure_does_not_have_is_refused(engine: Engine) -> None:
    with pytest.raises(RequestError) as refused:
        engine.start("renewal", COMPANY, {"company": "Acme"}, parties={"advisor": "adviser_office"})
    assert "parties.advisor" in refused.value.message("en")
    assert "adviser (Adviser)" in refused.value.message("en") and "adviser（相談員）" in refused.value.message("ja")
    assert engine.views.cases() == []


def test_a_party_is_played_by_an_institution(engine: Engine) -> None:
    with pytest.raises(BadInput):
        engine.start("renewal", COMPANY, {"company": "Acme"}, parties={"adviser": " "})


def test_a_second_case_about_what_is_learned_later_is_refused(engine: Engine) -> None:
    first = engine.start("renewal", COMPANY, {"company": "Acme"}).case_id
    second = engine.start("renewal", COMPANY).case_id
    before = engine.case(second)
    with pytest.raises(NotPossible) as refused:
        engine.send(second, "begin", COMPANY, {"company": "Acme"})
    assert (refused.value.code, refused.value.state) == ("DUPLICATE", "running")
    assert engine.case(second) == before
    engine.send(first, "close", COMPANY)
    engine.send(second, "begin", COMPANY, {"company": "Acme"})
    assert engine.case(second).subject == "Acme"

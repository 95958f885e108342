"""One frame for a company, whichever institution books: JETRO and Shinkin at the same moment never spend more than there is."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from crash.office import open_office
from toritsugi.core.values import Actor
from toritsugi.engine import Engine
from toritsugi.errors import Conflict, NotPossible
from toritsugi.hooks import ProcedureFile
from toritsugi.testing.clock import FakeClock

FRAME = Path(__file__).parents[2] / "workflows" / "toritsugi_workflows" / "tokyo" / "support_cost_frame.yaml"
JETRO = Actor(id="j1", institution="jetro_tokyo", role="jetro_tokyo")
SCB = Actor(id="s1", institution="scb", role="scb")
CEILING = 1_000_000


@pytest.fixture
def office(store_url: str, clock: FakeClock) -> Iterator[Engine]:
    with open_office(store_url, clock, procedures=[ProcedureFile(file=FRAME.name, text=FRAME.read_bytes())]) as engine:
        yield engine


@pytest.fixture
def frame(office: Engine) -> str:
    """A frame that nobody has used yet."""
    given = {"company_name": "Acme", "company_reference": "R-1", "granted_on": "2026-04-01", "grant_number": 1}
    given |= {"overseas_content": "cakes", "support_purpose": "fairs"}
    parties = {"client_company": "acme", "financial_institution": "bank"}
    return office.start("support_cost_frame", JETRO, given, parties=parties).case_id


def _book(office: Engine, frame: str, number: int, amount: int, **more: Any) -> str:
    """One booking, by JETRO or by Shinkin in turn: what came of it."""
    actor, service = ((JETRO, "fair"), (SCB, "accompaniment"))[number % 2]
    values = {"item": f"item {number}", "service": service, "amount": amount, **more}
    while True:
        try:
            office.send(frame, "reserve" if number % 3 else "consume", actor, values, key=f"{number}")
        except Conflict:
            continue
        except NotPossible as refused:
            return refused.code
        return "done"


def _spent(office: Engine, frame: str) -> int:
    found = office.case(frame).ledgers["allowance"]
    assert found.ceiling_yen == CEILING
    return found.consumed_yen + found.reserved_yen


def test_two_institutions_at_once_never_book_beyond_the_ceiling(office: Engine, frame: str) -> None:
    with ThreadPoolExecutor(8) as threads:
        came = Counter(threads.map(lambda number: _book(office, frame, number, 70_001), range(20)))
    assert came == {"done": 14, "CEILING_EXCEEDED": 6}
    assert _spent(office, frame) == 14 * 70_001
    who = Counter(row["institution"] for row in office.views.history(frame) if row.get("postings"))
    assert who["jetro_tokyo"] + who["scb"] == 14


def test_with_the_company_s_consent_the_last_booking_takes_what_is_left_to_the_yen(office: Engine, frame: str) -> None:
    with ThreadPoolExecutor(8) as threads:
        came = Counter(
            threads.map(lambda number: _book(office, frame, number, 70_001, company_agrees_excess=True), range(16))
        )
    assert came["done"] >= 15
    assert _spent(office, frame) == CEILING
    posted = [one for row in office.views.history(frame) for one in row.get("postings", ())]
    beyond = [one for one in posted if one[-1]]
    assert sum(one[-1] for one in beyond) == 70_001 * len(posted) - CEILING

"""An act that ends its own deadline and starts it anew: the row tells both, the answer too."""

from collections.abc import Iterator

import pytest

from crash.office import COMPANY, DAY, open_office
from renewal import RENEWAL
from toritsugi.engine import Engine
from toritsugi.store.audit import verify
from toritsugi.testing.clock import FakeClock
from world import START


@pytest.fixture
def engine(store_url: str, clock: FakeClock) -> Iterator[Engine]:
    with open_office(store_url, clock, procedures=[RENEWAL]) as opened:
        yield opened


@pytest.fixture
def begun(engine: Engine) -> str:
    case_id = engine.start("renewal", COMPANY, {"company": "Acme"}).case_id
    engine.send(case_id, "begin", COMPANY)
    return case_id


def _last_marks(engine: Engine, case_id: str) -> dict[str, str]:
    found: dict[str, str] = engine.views.history(case_id)[-1]["deadlines"]
    return found


def test_a_late_act_that_starts_its_deadline_anew_is_kept_as_late(engine: Engine, begun: str, clock: FakeClock) -> None:
    clock.advance(seconds=30 * 86_400)
    answer = engine.send(begun, "report", COMPANY, key="k")
    assert answer.late == ("report",)
    assert _last_marks(engine, begun) == {"report": f"late,armed:{answer.due['report']}"}
    assert [one.status for one in engine.views.deadlines(begun)] == ["late", "armed"]
    again = engine.send(begun, "report", COMPANY, key="k")
    assert (again.late, again.due) == (answer.late, answer.due)
    assert not verify(engine.store).findings


def test_an_act_in_time_that_starts_its_deadline_anew_is_kept_as_met(engine: Engine, begun: str) -> None:
    answer = engine.send(begun, "report", COMPANY)
    assert _last_marks(engine, begun) == {"report": f"met,armed:{answer.due['report']}"}
    assert not verify(engine.store).findings


def test_a_mark_that_was_wrong_is_cleared_and_the_new_deadline_runs(
    engine: Engine, begun: str, clock: FakeClock
) -> None:
    clock.advance(seconds=30 * 86_400)
    engine.tick()
    answer = engine.send(begun, "report", COMPANY, occurred_at=START + DAY)
    assert answer.late == () and "report" in answer.due
    assert next(one.status for one in engine.views.deadlines(begun)) == "cleared"
    assert not verify(engine.store).findings

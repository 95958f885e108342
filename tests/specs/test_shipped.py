"""The shipped specs hold, and reach all that their procedures can do."""

from pathlib import Path

import pytest

from toritsugi.testing.specs.coverage import KINDS
from toritsugi.testing.specs.record import Record
from toritsugi.testing.specs.run import run_specs

SPECS = Path(__file__).parents[2] / "specs"


@pytest.fixture(scope="module")
def record() -> Record:
    return run_specs([SPECS])


def test_every_shipped_spec_holds(record: Record) -> None:
    failed = [f"{one.file}: {one.name}: {one.failed_step}" for one in record.scenarios if one.outcome != "passed"]
    assert (failed, record.clean) == ([], True)


def test_every_shipped_procedure_has_a_spec(record: Record) -> None:
    assert {one.procedure for one in record.coverage.procedures()} >= {"tokyo_jetro_support", "support_cost_frame"}


def test_every_state_event_guard_and_deadline_is_reached(record: Record) -> None:
    missing = {
        (kind, title.ja) for one in record.coverage.procedures() for kind in KINDS for title in one.missing(kind)
    }
    assert missing == set()

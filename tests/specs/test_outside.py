"""The procedures of examples/outside: by the language alone, without a finding, and as their specs say."""

from pathlib import Path

import pytest

from toritsugi.definition.lint import lint, outside
from toritsugi.testing.specs.record import Record
from toritsugi.testing.specs.run import run_specs

HOME = Path(__file__).parents[2] / "examples" / "outside"
PROCEDURES = sorted(HOME.glob("*.yaml"))
SCENARIOS_EACH = 12


@pytest.fixture(scope="module")
def record() -> Record:
    return run_specs([HOME], folders=[HOME])


def test_there_are_five_of_them_each_with_a_spec() -> None:
    assert len(PROCEDURES) == 5
    assert [path.with_suffix(".feature").is_file() for path in PROCEDURES] == [True] * 5


@pytest.mark.parametrize("path", PROCEDURES, ids=lambda path: path.stem)
def test_it_has_no_findings(path: Path) -> None:
    interfaces = {one.stem: outside(one.read_bytes()) for one in PROCEDURES}
    assert [one.text("en", path.name) for one in lint(path.read_bytes(), interfaces=interfaces.get)] == []


def test_every_scenario_holds(record: Record) -> None:
    failed = [one.name for file in record.files.values() for one in file.scenarios if one.outcome != "passed"]
    assert failed == []


def test_each_has_a_dozen_scenarios_or_more(record: Record) -> None:
    assert {name: len(file.scenarios) >= SCENARIOS_EACH for name, file in record.files.items()} == dict.fromkeys(
        record.files, True
    )
    assert len(record.files) == 5


def test_every_state_act_condition_and_deadline_is_reached(record: Record) -> None:
    for one in record.coverage.procedures():
        assert {kind: one.missing(kind) for kind in one.all} == {kind: [] for kind in one.all}, one.procedure

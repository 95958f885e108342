"""pytest runs bare feature files: collects them, gives each scenario a world of its own, tells failures in words."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from pytest_bdd import scenario, step
from pytest_bdd.parser import Feature, Scenario, Step
from pytest_bdd.parsers import StepParser

from toritsugi.hooks import INSTALLED, ProcedureFile, folder_plugin
from toritsugi.testing.specs import featurefile
from toritsugi.testing.specs.faults import NotReadable, SpecFault
from toritsugi.testing.specs.office import Office
from toritsugi.testing.specs.playing import ENCODING, play_step, read_feature, rows_of
from toritsugi.testing.specs.record import FAILED, PASSED, SKIPPED, FileRecord, Record, ScenarioRecord, StepRecord
from toritsugi.testing.specs.vocabulary import understand, unknown
from toritsugi.testing.specs.world import World

RECORD = pytest.StashKey[Record]()
_SCENARIO = pytest.StashKey[ScenarioRecord]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--spec-procedure FILE`, `--spec-folder FOLDER`: procedures, and institutions, besides those that plugins supply."""
    group = parser.getgroup("toritsugi", "toritsugi specs")
    group.addoption("--spec-procedure", action="append", default=[], metavar="FILE", help="a procedure's YAML file")
    group.addoption("--spec-folder", action="append", default=[], metavar="FOLDER", help="institutions and procedures")
    group.addoption("--spec-lang", choices=["ja", "en"], default=None, help="language of reasons (default: the file's)")


def pytest_configure(config: pytest.Config) -> None:
    config.stash.setdefault(RECORD, Record())


# --- collecting -------------------------------------------------------------------------------------------------------
def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """A feature file is a module whose functions are its scenarios."""
    return FeatureFile.from_parent(parent, path=file_path) if file_path.suffix == ".feature" else None


class FeatureFile(pytest.Module):
    """One feature file."""

    feature: Feature
    record: FileRecord

    def funcnamefilter(self, name: str) -> bool:
        """Every scenario runs, whatever it is called."""
        return True

    def collect(self) -> Iterable[pytest.Item | pytest.Collector]:
        """The scenarios, after everything that could get lost in silence was refused."""
        self.record = _record(self.config).files.setdefault(self._shown, FileRecord(file=self._shown))
        try:
            tree = featurefile.checked(self.path)
        except NotReadable as refused:
            self.record.faults = refused.faults
            locale = self.config.getoption("--spec-lang") or "ja"
            raise self.CollectError(refused.text(self._shown, locale)) from None
        for tag in sorted(featurefile.tags(tree)):
            self.config.addinivalue_line("markers", f"{tag}: a tag of {self._shown}")
        self.record.title, self.record.language = tree["name"], tree["language"]
        items = list(super().collect())
        for item in items:
            if isinstance(item, pytest.Function):
                line = self.feature.scenarios[item.originalname].line_number
                item.location = (self._shown, line - 1, item.name)
        return items

    @property
    def _shown(self) -> str:
        """Its path as a person reads it: from where pytest was started, if it lies below."""
        start = self.config.invocation_params.dir
        return self.path.relative_to(start).as_posix() if self.path.is_relative_to(start) else str(self.path)

    def _getobj(self) -> ModuleType:
        self.feature = read_feature(self.path)
        module = ModuleType(self.path.stem)
        for name in self.feature.scenarios:
            declare = scenario(self.path.name, name, encoding=ENCODING, features_base_dir=str(self.path.parent))
            setattr(module, name, declare(_nothing_more))
        return module


def _nothing_more() -> None:
    """What a scenario does besides its steps."""


# --- carrying out -----------------------------------------------------------------------------------------------------
class _KnownStep(StepParser):
    """Matches every step of the vocabulary; a host's own steps are found beside it."""

    def parse_arguments(self, name: str) -> dict[str, Any]:
        return {"text": name}

    def is_matching(self, name: str) -> bool:
        return understand(name) is not None


@pytest.fixture(scope="session")
def spec_procedures(request: pytest.FixtureRequest) -> Sequence[ProcedureFile]:
    """Procedures besides those that plugins supply; a host may override this fixture."""
    names: list[str] = request.config.getoption("--spec-procedure")
    return [ProcedureFile(file=Path(name).name, text=Path(name).read_bytes()) for name in names]


@pytest.fixture(scope="session")
def spec_plugins(request: pytest.FixtureRequest) -> Sequence[object]:
    """The plugins that supply institutions and procedures; a host may override this fixture."""
    folders: list[str] = request.config.getoption("--spec-folder")
    return [INSTALLED, *(folder_plugin(name) for name in folders)]


@pytest.fixture(scope="session")
def spec_office(spec_procedures: Sequence[ProcedureFile], spec_plugins: Sequence[object]) -> Iterator[Office]:
    """What all scenarios share."""
    office = Office(spec_procedures, spec_plugins)
    yield office
    office.close()


@pytest.fixture
def spec_world(request: pytest.FixtureRequest, spec_office: Office) -> Iterator[World]:
    """The world of one scenario; gone when it ends."""
    world = World(spec_office, _record(request.config).coverage)
    try:
        yield world
    finally:
        world.close()


@step(_KnownStep("toritsugi"))
def _carry_out(
    request: pytest.FixtureRequest,
    spec_world: World,
    text: str,
    datatable: Sequence[Sequence[str]] | None = None,
    docstring: str | None = None,
) -> None:
    if docstring is not None:
        raise SpecFault('この手順に文章（"""）は付けられません。', 'This step takes no text in """.')
    feature, played, position = request.node.stash[_PLAYING]
    play_step(spec_world, feature, played, position, datatable)


_PLAYING = pytest.StashKey[tuple[Feature, Scenario, int]]()


# --- what happened ----------------------------------------------------------------------------------------------------
def pytest_bdd_before_scenario(request: pytest.FixtureRequest, feature: Feature, scenario: Scenario) -> None:
    """Begin the record of a scenario."""
    parent = request.node.parent
    if not isinstance(parent, FeatureFile):
        return
    row: dict[str, str] = request.getfixturevalue("_pytest_bdd_example")
    name = scenario.name + (f"（{'、'.join(row.values())}）" if row else "")
    made = ScenarioRecord(
        file=parent.record.file,
        name=name,
        line=scenario.line_number,
        tags=sorted(scenario.tags),
        steps=[
            StepRecord(keyword=one.keyword, text=one.name, line=one.line_number, rows=rows_of(one))
            for one in scenario.steps
        ],
    )
    parent.record.scenarios.append(made)
    request.node.stash[_SCENARIO] = made


def pytest_bdd_before_step(request: pytest.FixtureRequest, feature: Feature, scenario: Scenario, step: Step) -> None:
    """Note where in its scenario a step stands."""
    request.node.stash[_PLAYING] = (feature, scenario, scenario.steps.index(step))


def pytest_bdd_after_step(request: pytest.FixtureRequest, scenario: Scenario, step: Step) -> None:
    """The step holds."""
    made = request.node.stash.get(_SCENARIO, None)
    if made is not None:
        made.steps[scenario.steps.index(step)].outcome = PASSED


def pytest_bdd_step_error(
    request: pytest.FixtureRequest, scenario: Scenario, step: Step, exception: BaseException
) -> None:
    """The step does not hold."""
    _failed(request, scenario, step, exception)


def pytest_bdd_step_func_lookup_error(request: pytest.FixtureRequest, scenario: Scenario, step: Step) -> None:
    """No phrase and no step of the host is written like this."""
    _failed(request, scenario, step, unknown(step.name))


def _failed(request: pytest.FixtureRequest, scenario: Scenario, step: Step, fault: BaseException) -> None:
    made = request.node.stash.get(_SCENARIO, None)
    if made is None:
        return
    kept = made.steps[scenario.steps.index(step)]
    kept.outcome = FAILED
    kept.reason_ja, kept.reason_en = _reasons(fault)


def _reasons(fault: BaseException) -> tuple[str, str]:
    if isinstance(fault, SpecFault):
        return fault.ja, fault.en
    told = f"{type(fault).__name__}: {fault}"
    return f"この手順の実行中に内部の誤りが起きました（{told}）。", f"An internal fault in this step ({told})."


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failure reads as file:line, the step, one reason; a fault of the program keeps its traceback."""
    report = yield
    made = item.stash.get(_SCENARIO, None)
    if made is not None and call.when == "call":
        made.seconds = call.duration
        made.outcome = {"passed": PASSED, "failed": FAILED}.get(report.outcome, SKIPPED)
        failed = made.failed_step
        if failed is not None and isinstance(item.parent, FeatureFile):
            locale = item.config.getoption("--spec-lang") or item.parent.record.language
            report.longrepr = f"{made.file}:{failed.line}: {failed.keyword} {failed.text}\n  {failed.reason(locale)}"
        elif report.outcome == "failed":
            made.fault = str(call.excinfo.value) if call.excinfo else ""
    elif report.outcome == "skipped" and isinstance(item.parent, FeatureFile):
        _skipped(item, item.parent)
    return report


def _skipped(item: pytest.Item, file: FeatureFile) -> None:
    """A scenario that a tag kept from running is told too."""
    line = item.location[1] or 0
    file.record.scenarios.append(ScenarioRecord(file=file.record.file, name=item.name, line=line + 1, outcome=SKIPPED))


def _record(config: pytest.Config) -> Record:
    return config.stash[RECORD]

"""What came of a run, for reports: files, scenarios, steps, each with its outcome and one reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from toritsugi.testing.specs.coverage import Coverage
from toritsugi.testing.specs.faults import FileFault

PASSED, FAILED, SKIPPED, NOT_REACHED = "passed", "failed", "skipped", "not_reached"


@dataclass(slots=True, kw_only=True)
class StepRecord:
    """One step of a scenario."""

    keyword: str
    text: str
    #: line in the file, from 1.
    line: int
    rows: Sequence[Sequence[str]] = ()
    outcome: str = NOT_REACHED
    reason_ja: str = ""
    reason_en: str = ""

    def reason(self, locale: str) -> str:
        """Why it failed, in `locale`."""
        return self.reason_ja if locale == "ja" else self.reason_en


@dataclass(slots=True, kw_only=True)
class ScenarioRecord:
    """One scenario, or one row of an outline's examples."""

    file: str
    name: str
    line: int
    tags: Sequence[str] = ()
    steps: list[StepRecord] = field(default_factory=list)
    outcome: str = PASSED
    seconds: float = 0.0
    #: a failure outside of any step (a fault of the program).
    fault: str = ""

    @property
    def failed_step(self) -> StepRecord | None:
        """The step at which it failed."""
        return next((one for one in self.steps if one.outcome == FAILED), None)


@dataclass(slots=True, kw_only=True)
class FileRecord:
    """One feature file."""

    file: str
    title: str = ""
    language: str = "ja"
    #: why it was refused as a whole; then it has no scenarios.
    faults: Sequence[FileFault] = ()
    scenarios: list[ScenarioRecord] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Record:
    """A whole run."""

    files: dict[str, FileRecord] = field(default_factory=dict)
    coverage: Coverage = field(default_factory=Coverage)

    @property
    def scenarios(self) -> list[ScenarioRecord]:
        """Every scenario, in the order in which they ran."""
        return [one for file in self.files.values() for one in file.scenarios]

    def count(self, outcome: str) -> int:
        """How many scenarios ended like this."""
        return sum(one.outcome == outcome for one in self.scenarios)

    @property
    def clean(self) -> bool:
        """Whether something ran, and nothing failed or was refused."""
        refused = any(file.faults for file in self.files.values())
        return bool(self.scenarios) and not refused and not self.count(FAILED)

"""How well the lint finds the slips of `mutants`: on the right line, with at most one finding more."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from mutants import Mutant, mutants

from toritsugi.definition.interface import Interface
from toritsugi.definition.lint import id_written, lint, outside

FILES = sorted((Path(__file__).parents[2] / "workflows" / "toritsugi_workflows").rglob("*.yaml"))
SHIPPED = [file for file in FILES if id_written(file.read_bytes())]
_TEXTS = {id_written(file.read_bytes()): file.read_bytes() for file in SHIPPED}
_OUTSIDES = [outside(text, _TEXTS.get) for text in _TEXTS.values()]
_LINKED: dict[str, Interface] = {one.id: one for one in _OUTSIDES if one is not None}
#: Further findings that one slip may bring along.
MOST_FOLLOWING = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the lint said to a mutant."""

    mutant: Mutant
    #: code and line of each finding.
    told: tuple[tuple[str, int], ...]

    @property
    def found(self) -> bool:
        """Whether it is told on a right line, and at most one thing beside it."""
        right = any(line in self.mutant.right for _, line in self.told)
        return right and len(self.told) <= 1 + MOST_FOLLOWING

    def __str__(self) -> str:
        told = ", ".join(f"{code}:{line}" for code, line in self.told[:6]) or "nothing"
        return f"{self.mutant.kind}: {self.mutant.now.strip()!r} (line {sorted(self.mutant.right)[:3]}): {told}"


def verdict(mutant: Mutant) -> Verdict:
    """Lint one mutant."""
    findings = lint(mutant.text, interfaces=_LINKED.get, texts=_TEXTS.get)
    told = tuple((one.code, one.position.line if one.position else 0) for one in findings)
    return Verdict(mutant=mutant, told=told)


def all_mutants() -> Iterator[Mutant]:
    """The mutants of every shipped definition."""
    for file in SHIPPED:
        yield from mutants(file.read_text("utf-8"))


def missed(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """Those that were not found as they should be."""
    return [one for one in verdicts if not one.found]

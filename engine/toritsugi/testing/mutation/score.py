"""How many mutants the specs noticed, by kind, and which they did not."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from toritsugi.testing.mutation.bench import KILLED, REFUSED, SURVIVED, Verdict
from toritsugi.testing.mutation.mutant import KINDS, Mutant
from toritsugi.testing.mutation.survivors import reason

#: a survivor that a person has explained.
EXPLAINED = "explained"
OUTCOMES = (KILLED, SURVIVED, EXPLAINED, REFUSED)


@dataclass(slots=True, kw_only=True)
class Score:
    """What came of the mutants of one procedure."""

    procedure: str
    #: what its file is called.
    file: str
    #: key of a mutant -> why nothing need notice it.
    reasons: Mapping[str, str]
    verdicts: list[Verdict] = field(default_factory=list)

    def add(self, verdict: Verdict) -> None:
        """One more."""
        self.verdicts.append(verdict)

    def outcome(self, verdict: Verdict) -> str:
        """killed, survived, explained, refused."""
        explained = verdict.outcome == SURVIVED and reason(verdict.mutant.key, self.reasons) is not None
        return EXPLAINED if explained else verdict.outcome

    def rows(self) -> list[tuple[str, Counter[str]]]:
        """kind -> how many came to what; kinds without mutants are left out."""
        counted = {kind: Counter[str]() for kind in KINDS}
        for one in self.verdicts:
            counted[one.mutant.kind][self.outcome(one)] += 1
        return [(kind, count) for kind, count in counted.items() if count]

    def total(self) -> Counter[str]:
        """How many came to what, of all kinds."""
        return Counter(self.outcome(one) for one in self.verdicts)

    def survivors(self) -> list[Verdict]:
        """What nothing noticed and nobody has explained."""
        return [one for one in self.verdicts if self.outcome(one) == SURVIVED]

    def noticed_after_all(self) -> list[Verdict]:
        """What a person has explained though a scenario notices it."""
        return [
            one for one in self.verdicts if one.outcome == KILLED and reason(one.mutant.key, self.reasons) is not None
        ]


def rate(count: Counter[str]) -> float:
    """How many of a hundred that could be noticed were; 100 if there is none."""
    able = count[KILLED] + count[SURVIVED]
    return 100.0 * count[KILLED] / able if able else 100.0


def sampled(mutants: Sequence[Mutant], size: int | None, seed: int) -> list[Mutant]:
    """So many of them, of as many kinds as possible; the same ones for the same seed."""
    if size is None or size >= len(mutants):
        return list(mutants)
    drawn = sorted(mutants, key=lambda one: hashlib.sha256(f"{seed} {one.key}".encode()).digest())
    turn: Counter[str] = Counter()
    placed = []
    for one in drawn:
        turn[one.kind] += 1
        placed.append((turn[one.kind], one))
    placed.sort(key=lambda pair: pair[0])
    return [one for _, one in placed[:size]]


def worst(scores: Iterable[Score]) -> float:
    """The lowest rate of all procedures."""
    return min((rate(one.total()) for one in scores), default=100.0)

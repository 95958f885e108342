"""Where a search goes next: to what it has not done, asked or looked at yet, or least often."""

import random
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

T = TypeVar("T")
#: how strongly what was done before is avoided; 0 would be blind.
CURIOSITY = 1.5


@dataclass(slots=True)
class Steering:
    """Counts what was tried, and chooses among what can be tried; the seed decides every choice."""

    rng: random.Random
    tried: Counter[Hashable] = field(default_factory=Counter)

    def note(self, *what: Hashable) -> None:
        """This was tried."""
        self.tried.update(what)

    def newness(self, *what: Hashable) -> float:
        """1 for what was never tried, less and less for what was; of several things the newest counts most."""
        each = [(1 + self.tried[one]) ** -CURIOSITY for one in what]
        return sum(each) / len(each)

    def one_of(self, choices: Sequence[T], kind: str) -> T:
        """One of few things, each as often as another in the long run."""
        weights = [self.newness((kind, one)) for one in choices]
        (chosen,) = self.rng.choices(choices, weights)
        self.note((kind, chosen))
        return chosen

    def yes(self, what: Hashable, share: float = 0.5) -> bool:
        """Yes or no; whichever was said less often about it is said more often."""
        yes, no = share * self.newness((what, True)), (1 - share) * self.newness((what, False))
        said = self.rng.random() < yes / (yes + no)
        self.note((what, said))
        return said

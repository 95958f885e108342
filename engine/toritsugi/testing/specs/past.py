"""What a scenario has led to, kept so that the scenarios that build on it need not go through it again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

#: how many are kept at a time; each is a database of some 200 to 400 kB.
_KEPT = 96


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """A world at one point of a scenario."""

    #: the store's database; None: no engine was needed yet.
    content: bytes | None
    #: where the clock stood; None: nobody had set it.
    moment: int | None
    #: everything else that the world knew, by attribute.
    known: Mapping[str, Any]


class Pasts:
    """The latest pasts of one office, by the steps that led to them."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, Past] = OrderedDict()

    def get(self, steps: Hashable) -> Past | None:
        """What these steps led to, if that is kept."""
        found = self._kept.get(steps)
        if found is not None:
            self._kept.move_to_end(steps)
        return found

    def keep(self, steps: Hashable, past: Past) -> None:
        """Keep what these steps led to; the one that was used longest ago goes."""
        self._kept[steps] = past
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)

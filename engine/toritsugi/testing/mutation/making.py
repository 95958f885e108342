"""Every mutant of a definition, in the order of the table of kinds."""

from __future__ import annotations

from collections.abc import Iterator

from toritsugi.definition.model import Procedure
from toritsugi.definition.nodes import Entries
from toritsugi.testing.mutation.mutant import KINDS, Mutant, Sheet
from toritsugi.testing.mutation.of_counts import of_counts
from toritsugi.testing.mutation.of_effects import of_effects
from toritsugi.testing.mutation.of_events import of_events
from toritsugi.testing.mutation.of_surroundings import of_surroundings


def mutants(root: Entries, procedure: Procedure) -> list[Mutant]:
    """Every mutant of a definition, each key once.

    Args:
        root: the tree that `procedure` was read from.
    """
    found: dict[str, Mutant] = {}
    for mutant in _all(Sheet(root, procedure)):
        found.setdefault(mutant.key, mutant)
    order = list(KINDS)
    return sorted(found.values(), key=lambda one: order.index(one.kind))


def _all(sheet: Sheet) -> Iterator[Mutant]:
    yield from of_events(sheet)
    yield from of_effects(sheet)
    yield from of_counts(sheet)
    yield from of_surroundings(sheet)

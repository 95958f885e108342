"""One act over several cases: what is asked for, case by case, and the mark that every row of it bears."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from toritsugi.core.frozen import frozen

Json = Any

#: cases that one act may be about.
MOST_TOGETHER = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What is decided about one case of several."""

    case_id: str
    event: str
    #: values for the case's fields, in their stored form.
    values: Mapping[str, Json] = field(default_factory=dict, repr=False)
    #: a written reason; with `override` it lifts soft guards.
    reason: str | None = field(default=None, repr=False)
    override: bool = False


@frozen
class Sitting:
    """The mark of one row: which act it belongs to, and where in it."""

    #: the same in every row of the act, and in no other; says nothing about any case.
    id: str
    #: place among the items, from 1.
    number: int
    #: how many items there are.
    of: int

"""Where a rule comes from, how firmly it rests on that, and where it stands in the definition's text."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Basis(StrEnum):
    """How firmly a rule rests on a document."""

    STATED = "stated"
    IMPLIED = "implied"
    POLICY = "policy"


class Position(NamedTuple):
    """A place in the definition's text; both count from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a rule comes from."""

    source: str
    basis: Basis = Basis.STATED

"""The states of a procedure as data, and the states with parts as their author wrote them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from toritsugi.definition.origin import Origin
from toritsugi.definition.types import Title


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """One state of a case; a terminal state ends the case and stops its deadlines.

    A state with parts is written out: one state for each way its parts can stand together (configurations.py).
    """

    id: str
    title: Title
    terminal: bool = False
    #: entering it recalls every message that has not left yet.
    withdrawn: bool = False
    #: id of the state with parts that it is a configuration of, and the state of each part in their order.
    within: str | None = None
    leaves: tuple[str, ...] = ()
    origin: Origin | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """A state of one part."""

    id: str
    title: Title
    origin: Origin | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A small state machine inside a state; several in one state run side by side."""

    id: str
    title: Title
    #: the leaf in which it begins.
    initial: str
    leaves: Mapping[str, Leaf]


@dataclass(frozen=True, slots=True, kw_only=True)
class Composite:
    """A state with parts, as its author wrote it."""

    id: str
    title: Title
    parts: Mapping[str, Part]
    origin: Origin | None = None

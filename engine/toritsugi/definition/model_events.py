"""The events of a procedure as data: who may do what, from where, to where, on what conditions; the opening too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from toritsugi.definition.expression import Expression
from toritsugi.definition.model_effects import Effect
from toritsugi.definition.origin import Origin
from toritsugi.definition.types import Title


class Need(StrEnum):
    """Whether something may, must or cannot be given with an event."""

    NEVER = "never"
    OPTIONAL = "optional"
    REQUIRED = "required"


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """A condition of an event: refused with `code` unless `rule` holds."""

    rule: Expression
    code: str
    #: a named person may override it with a written reason (procedures.md 1.3).
    soft: bool = False
    #: shown to the person who was refused.
    message: Title | None = None
    origin: Origin | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """What makes the engine itself fire an event; exactly one kind is set."""

    #: the deadline whose passing fires it.
    deadline: str | None = None
    #: a condition over the case, evaluated after each step.
    when: Expression | None = None
    #: fired, in a transaction of its own, after the event `refused` was refused with one of `codes`.
    refused: str | None = None
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One row of the manual: who may do what, from where, to where, on what conditions, with what effect."""

    id: str
    title: Title
    #: ids of the parties that may fire it; empty: only the engine or a signal does.
    by: tuple[str, ...]
    #: ids of the states it may be fired from (`any` is already written out as every non-terminal state).
    sources: tuple[str, ...]
    #: the state it leads to, as its author named it: for a state with parts not the id of one (see `leads`);
    #: None: the state does not change.
    target: str | None
    #: state it is fired from -> state it leads to; filled only where that is not `target` itself.
    targets: Mapping[str, str] = field(default_factory=dict)
    #: `sources` in the author's words: states with parts, and states of parts, by their own ids.
    written: tuple[str, ...] = ()
    #: fired by a signal from a linked case.
    by_signal: bool = False
    triggers: tuple[Trigger, ...] = ()
    #: fields that must be set, in the case or by the event itself.
    needs: tuple[str, ...] = ()
    #: those of them that must come with the event itself: what an earlier act has left in the case does not count.
    anew: tuple[str, ...] = ()
    #: fields that may be given along.
    may_give: tuple[str, ...] = ()
    reason: Need = Need.OPTIONAL
    #: channels by which the act itself may come in; empty: not asked.
    channels: tuple[str, ...] = ()
    #: a second firing in the same case is refused with DUPLICATE.
    once: bool = False
    #: may have occurred before the case's last recorded event.
    backdate: bool = False
    guards: tuple[Guard, ...] = ()
    #: approvals without which it is refused with CONSENT_MISSING.
    approvals: tuple[str, ...] = ()
    effects: tuple[Effect, ...] = ()
    origin: Origin | None = None

    def leads(self, source: str) -> str | None:
        """Id of the state that it leads to from `source`; None: the state does not change."""
        return self.targets.get(source, self.target)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """How a case of this procedure is opened."""

    by: tuple[str, ...]
    needs: tuple[str, ...] = ()
    may_give: tuple[str, ...] = ()

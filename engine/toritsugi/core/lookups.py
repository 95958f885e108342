"""What a decision has to look up: asked for by name while it decides, answered by whoever calls it, then decided again.

The core cannot read a store, and which cases a chain of signals comes to is known only on the way. So a decision that
needs what its situation does not hold raises `NotGathered`; nothing has happened yet, and the same decision is made anew
with more.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from toritsugi.core.frozen import frozen


@frozen
class CaseOf:
    """A case, with its personal values or without."""

    case_id: str
    personal: bool = False


@frozen
class OpenAbout:
    """The open cases of a procedure about a subject."""

    procedure: str
    subject: str


@frozen
class OpenedBy:
    """The cases that a case has opened."""

    case_id: str


@frozen
class FreshId:
    """One more id for a case to be opened."""


@frozen
class Tally:
    """Cases that are counted, wherever they stand: how many there are is the answer."""

    procedure: str
    #: ids of the states they are in, ascending.
    states: tuple[str, ...]
    #: some of these states end a case, so that ended cases are looked through too.
    ended: bool = False
    #: what they are about; None: it does not matter.
    subject: str | None = None
    #: (field, value): texts that they have in common, ascending.
    values: tuple[tuple[str, str], ...] = ()
    #: field with a date, its first and its last ISO date; None: it does not matter.
    during: tuple[str, str, str] | None = None

    def takes(
        self, procedure: str, state: str, subject: str | None, data: Mapping[str, Any], *, ended: bool = False
    ) -> bool:
        """Whether a case that stands like this is counted; the store's query says the same of its rows."""
        if procedure != self.procedure or state not in self.states or ended > self.ended:
            return False
        if self.subject is not None and subject != self.subject:
            return False
        if any(data.get(field) != value for field, value in self.values):
            return False
        if self.during is None:
            return True
        field, first, last = self.during
        day = data.get(field)
        return isinstance(day, str) and first <= day <= last


Lookup = CaseOf | OpenAbout | OpenedBy | FreshId | Tally


class NotGathered(Exception):
    """A decision needs to see more than its situation holds; it never reaches a sender."""

    def __init__(self, *wanted: Lookup) -> None:
        super().__init__(*wanted)
        self.wanted = wanted


@frozen
class Child:
    """A case that another one opened."""

    id: str
    #: the link of the other one's procedure through which it was opened.
    link: str
    procedure: str
    ended: bool


@frozen
class Absence:
    """That no open case was there but those that were seen: what a decision rests on although no row says so."""

    procedure: str
    subject: str
    #: how many open cases there are of this procedure about this subject once the decision is written.
    open_then: int


@frozen
class Counted:
    """That so many cases were there: what a decision rests on although no row of its own says so."""

    tally: Tally
    #: how many there are once the decision is written, those that it changes among them.
    number_then: int

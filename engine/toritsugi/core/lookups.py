"""What a decision has to look up: asked for by name while it decides, answered by whoever calls it, then decided again.

The core cannot read a store, and which cases a chain of signals comes to is known only on the way. So a decision that
needs what its situation does not hold raises `NotGathered`; nothing has happened yet, and the same decision is made anew
with more.
"""

from __future__ import annotations

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


Lookup = CaseOf | OpenAbout | OpenedBy | FreshId


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

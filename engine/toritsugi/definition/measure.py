"""What a catalogue of support says, as values: its rows, the needs they meet, and when each may be applied for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from toritsugi.definition.origin import Basis
from toritsugi.definition.types import Title


class RowKind(StrEnum):
    """What the rows of a catalogue are."""

    #: something a company can use.
    MEASURES = "measures"
    #: who helps with which management issue, and whom they pass it on to.
    ROUTES = "routes"
    #: how institutions work together.
    PATTERNS = "patterns"


class Fee(StrEnum):
    """Who pays."""

    FREE = "free"
    CHARGED = "charged"
    #: a part of the applicant's cost is paid.
    SUBSIDY = "subsidy"
    LOAN = "loan"
    NOT_STATED = "not_stated"


class When(StrEnum):
    """When a row may be applied for, as its document puts it."""

    DATES = "dates"
    ANY_TIME = "any_time"
    BY_EVENT = "by_event"
    SEE_WEBSITE = "see_website"
    PUBLIC_CALL = "public_call"
    #: the days hang on the applicant's own travel dates.
    BY_VISIT = "by_visit"
    NOT_STATED = "not_stated"


class RowStatus(StrEnum):
    """How a row stands by its document, whatever the day."""

    RUNNING = "running"
    #: the call is over (公募終了); the document does not say since when.
    CLOSED = "closed"
    PLANNED = "planned"


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Days on which something may be applied for, both ends in it; None: open on that side."""

    opens: date | None = None
    closes: date | None = None

    def holds(self, day: date) -> bool:
        """Whether `day` lies in it."""
        return (self.opens is None or self.opens <= day) and (self.closes is None or day <= self.closes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """Yen as printed, and what they are for."""

    yen: int
    #: None: the row has one amount only.
    title: Title | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """The share of a cost that is paid."""

    numerator: int
    denominator: int

    def __str__(self) -> str:
        return f"{self.numerator}/{self.denominator}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Where to ask: phone, fax, email or web."""

    way: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Onward:
    """Whom the first contact passes a company on to."""

    institution: str
    #: only for these needs; empty: whatever was asked for.
    needs: tuple[str, ...] = ()
    condition: Title | None = None
    #: the procedure that carries the hand-off; None: none of ours.
    procedure: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """Something a company looks for, and the words an office types for it."""

    id: str
    title: Title
    words: tuple[str, ...]
    #: True: whoever meets it helps with anything, and is named where nothing else fits.
    general: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One measure, route or pattern."""

    id: str
    title: Title
    #: ids of the catalogue's institutions; of a route: the first contacts.
    institutions: tuple[str, ...]
    #: ids of needs.
    needs: tuple[str, ...]
    source: str
    basis: Basis
    #: steps of the document's roadmap; empty: none (a reference, or a document without steps).
    steps: tuple[int, ...] = ()
    #: the code that the document itself gives it, if it is not the id: イ.
    letter: str = ""
    prefectures: tuple[str, ...] = ()
    fee: Fee = Fee.NOT_STATED
    fee_note: Title | None = None
    prices: tuple[Amount, ...] = ()
    rate: Rate | None = None
    ceilings: tuple[Amount, ...] = ()
    when: When = When.NOT_STATED
    #: of `When.DATES`, in the order of their days.
    windows: tuple[Window, ...] = ()
    status: RowStatus = RowStatus.RUNNING
    screened: bool = False
    #: True, False: whether its cost counts against the frame of 1,000,000 yen; None: the document knows no frame.
    draws_on_frame: bool | None = None
    #: what it is.
    content: Title | None = None
    #: who, where, how much of it.
    limits: Title | None = None
    contacts: tuple[Contact, ...] = ()
    onward: tuple[Onward, ...] = ()
    #: pattern only: dispatch, one_stop_desk, agreement_programme, periodic_meeting, periodic_event.
    template: str = ""
    #: the procedure that carries it; None: none of ours.
    procedure: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """One document's table of support."""

    id: str
    version: str
    title: Title
    kind: RowKind
    source: str
    #: True: it tells how things were; a newer document goes before it.
    historic: bool
    #: the days for which the document speaks; beyond them nothing of it is offered.
    valid: Window
    #: number -> title, as the document numbers them; empty: it knows none.
    steps: Mapping[int, Title] = field(default_factory=dict)
    institutions: Mapping[str, Title] = field(default_factory=dict)
    needs: Mapping[str, Need] = field(default_factory=dict)
    rows: Mapping[str, Row] = field(default_factory=dict)

"""A procedure as data: everything its YAML file says, typed and checked, with nothing left to interpret.

The model is format-neutral: `load.py` makes it from YAML, tests may make it by hand, `check.py` asks it questions.
Ids are the ids of the procedure's own file; every rule keeps the place it came from (`Origin`), so that a case
handler can always be shown which section of which manual a refusal or a deadline rests on. States, events, their
effects and disclosure are in `model_states.py`, `model_events.py`, `model_effects.py` and `model_disclosure.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from toritsugi.definition.duration import Duration
from toritsugi.definition.expression import Expression
from toritsugi.definition.model_counts import Count
from toritsugi.definition.model_disclosure import DisclosureClass
from toritsugi.definition.model_events import Event, Opening
from toritsugi.definition.model_states import Composite, State
from toritsugi.definition.origin import Origin, Position
from toritsugi.definition.recurring import Series
from toritsugi.definition.row_field import RowField
from toritsugi.definition.types import Title, Type


class Nature(StrEnum):
    """What missing a deadline means (procedures.md 1.2)."""

    PRINCIPLE = "principle"
    FORM_DATE = "form_date"
    WINDOW = "window"
    REQUEST = "request"
    POLICY = "policy"


class Kinship(StrEnum):
    """Where the case behind a link stands."""

    #: the open case of that procedure about the same subject.
    SUBJECT = "subject"
    #: the newest case that this one opened through the link.
    CHILD = "child"
    #: the case that opened this one.
    PARENT = "parent"
    #: the newest case of that procedure that this one's parent opened.
    SIBLING = "sibling"


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A role that somebody plays in a case."""

    id: str
    title: Title
    #: the institution that always plays this role; None: assigned when the case is opened, or appointed later.
    institution: str | None = None
    #: id of the case's field that says what this party is called; None: by its title.
    called: str | None = None
    #: channel -> id of the case's field with this party's address; used where no institution's manifest knows it.
    contact: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class DataField:
    """One item of case data."""

    id: str
    title: Title
    type: Type
    #: personal data: encrypted apart, shown to parties only, never in history, logs or errors.
    personal: bool = False
    #: a text that proposes support by the numbers of catalogues; one that is closed on the day refuses the event.
    menus: bool = False
    #: it holds the number of a catalogue's row, which fills other fields; None: it does not.
    row: RowField | None = None
    origin: Origin | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """A time by which something must happen; exactly one of `within`, `due_field` and `due_value` is set."""

    id: str
    title: Title
    #: id of the institution whose calendar counts.
    calendar: str
    #: events that start it.
    starts: tuple[str, ...]
    #: counted from this field (date or moment); None: from the moment the starting event occurred.
    counted_from: str | None
    within: Duration | None = None
    #: field with a date printed on a form.
    due_field: str | None = None
    #: the date itself, or how it is worked out from the case's fields when the deadline starts.
    due_value: Expression | None = None
    #: roll of a due date that falls on a closed day: none | next | previous (CAL-7).
    roll: str = "none"
    #: events that fulfil it.
    met_by: tuple[str, ...] = ()
    #: events that make it moot.
    cancelled_by: tuple[str, ...] = ()
    #: events that stop it: no day counts and it cannot be missed, until one of `resumed_by` lets it go on.
    suspended_by: tuple[str, ...] = ()
    resumed_by: tuple[str, ...] = ()
    nature: Nature = Nature.PRINCIPLE
    #: id of the party that must act.
    responsible: str | None = None
    #: engine event fired when it passes; None: only the overdue mark is set.
    missed: str | None = None
    enabled: bool = True
    origin: Origin | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A form or report: which fields it shows, and who may see it."""

    id: str
    title: Title
    #: names that an expression could read: fields, `link.field`, `link.ledger.balance`.
    fields: tuple[str, ...]
    may_see: frozenset[str]
    origin: Origin | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """A consent that can be given and withdrawn."""

    id: str
    title: Title
    #: parties that may give or withdraw it.
    by: tuple[str, ...]
    #: the party to whom disclosure is approved, if it is one.
    recipient: str | None = None
    origin: Origin | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Another case, of `procedure`, that this one reads, opens or signals."""

    id: str
    title: Title
    procedure: str
    relation: Kinship = Kinship.SUBJECT
    #: field of the linked case <- field of this case, when it is opened.
    carries: Mapping[str, str] = field(default_factory=dict)
    #: fields that the linked procedure needs at its start and that stay empty when it is opened from here.
    without: tuple[str, ...] = ()
    #: party of the linked case <- party of this case, when it is opened.
    parties: Mapping[str, str] = field(default_factory=dict)
    #: party of the linked case <- field of this case with the institution's id, when it is opened.
    institutions: Mapping[str, str] = field(default_factory=dict)
    origin: Origin | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """An allowance in yen, tax-exclusive, that postings draw on."""

    id: str
    title: Title
    ceiling_yen: int
    origin: Origin | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """One procedure in one version."""

    id: str
    version: str
    title: Title
    #: id of the party or institution that owns it.
    owner: str
    #: fields that tell what a case is about, in order: the first that is set is the subject (`one ledger per company`).
    subject: tuple[str, ...]
    #: at most one open case of this procedure may exist per subject.
    one_per_subject: bool
    parties: Mapping[str, Party]
    data: Mapping[str, DataField]
    initial: str
    states: Mapping[str, State]
    opening: Opening
    events: Mapping[str, Event]
    deadlines: Mapping[str, Deadline] = field(default_factory=dict)
    documents: Mapping[str, Document] = field(default_factory=dict)
    approvals: Mapping[str, Approval] = field(default_factory=dict)
    links: Mapping[str, Link] = field(default_factory=dict)
    ledgers: Mapping[str, Ledger] = field(default_factory=dict)
    counts: Mapping[str, Count] = field(default_factory=dict)
    #: days that come again, by id.
    recurring: Mapping[str, Series] = field(default_factory=dict)
    #: empty: every party of a case sees all of it.
    disclosure: Mapping[str, DisclosureClass] = field(default_factory=dict)
    #: states with parts, as they were written; `states` has them written out.
    composites: Mapping[str, Composite] = field(default_factory=dict)
    source: str = ""
    #: the definition in canonical JSON, kept by the store for as long as a case is pinned to it.
    content: str = ""
    #: sha256 of `content`, hex: what a case is pinned to.
    content_hash: str = ""
    #: path of an item in the definition (`events.send_form1.to`) -> its place in the text.
    positions: Mapping[str, Position] = field(default_factory=dict, compare=False)

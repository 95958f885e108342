"""A procedure as data: everything its YAML file says, typed and checked, with nothing left to interpret.

The model is format-neutral: `load.py` makes it from YAML, tests may make it by hand, `check.py` asks it questions.
Ids are the ids of the procedure's own file; every rule keeps the place it came from (`Origin`), so that a case
handler can always be shown which section of which manual a refusal or a deadline rests on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from toritsugi.definition.duration import Duration
from toritsugi.definition.expression import Expression
from toritsugi.definition.types import Title, Type


class Basis(StrEnum):
    """How firmly a rule rests on a document."""

    STATED = "stated"
    IMPLIED = "implied"
    POLICY = "policy"


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


class Unreached(StrEnum):
    """What becomes of an event whose signal reaches no case."""

    REFUSE = "refuse"
    RECORD = "record"


class Need(StrEnum):
    """Whether something may, must or cannot be given with an event."""

    NEVER = "never"
    OPTIONAL = "optional"
    REQUIRED = "required"


class Position(NamedTuple):
    """A place in the definition's text; both count from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a rule comes from."""

    source: str
    basis: Basis = Basis.STATED


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
    origin: Origin | None = None


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
class SetField:
    """Effect: a field takes the value of an expression (None: it is cleared)."""

    field: str
    value: Expression | None
    when: Expression | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddEntry:
    """Effect: an entry is appended to a field that is a list."""

    field: str
    #: list of records: the record's fields; one without a value is left out. Empty for a list of plain values.
    entry: Mapping[str, Expression]
    #: list of plain values: the entry itself.
    item: Expression | None = None
    when: Expression | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SendMessage:
    """Effect: a document or a notice leaves for each of the parties `to`."""

    to: tuple[str, ...]
    #: channels in order of preference; the actor may choose one of them.
    via: tuple[str, ...]
    #: id of the document that is sent, or None for a notice.
    document: str | None = None
    #: documents that go along with it.
    enclosing: tuple[str, ...] = ()
    #: subject and text of a notice; `{field}` placeholders only.
    subject: Title | None = None
    text: Title | None = None
    #: id of the approval without which it may neither be decided nor leave.
    approval: str | None = None
    when: Expression | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCase:
    """Effect: the linked case is opened; by subject unless one is open already, as a child always."""

    link: str
    when: Expression | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """Effect: an event is fired in the linked case within the same decision; its refusal refuses the whole."""

    link: str
    event: str
    values: Mapping[str, Expression] = field(default_factory=dict)
    #: in every open case that was opened through the link, the oldest first; else in the newest only.
    every: bool = False
    #: when no open case is there, or its state does not offer the event.
    missing: Unreached = Unreached.REFUSE
    when: Expression | None = None


class LedgerAct(StrEnum):
    """What can be done to a ledger."""

    RESERVE = "reserve"
    CONSUME = "consume"
    RELEASE = "release"


@dataclass(frozen=True, slots=True, kw_only=True)
class PostLedger:
    """Effect: an amount is reserved, consumed or released on a ledger of this case."""

    ledger: str
    act: LedgerAct
    #: identifies what the money is for; a reservation is consumed or released under the same item.
    item: Expression
    #: yen; None for a release, which frees the whole reservation.
    amount: Expression | None = None
    #: yes/no: the company agreed to pay what exceeds the ceiling.
    consent: Expression | None = None
    #: choice included | excluded | exempt: how the amount relates to consumption tax; None: excluded.
    tax: Expression | None = None
    when: Expression | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveApproval:
    """Effect: an approval is recorded as given."""

    approval: str
    when: Expression | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeApproval:
    """Effect: an approval is recorded as withdrawn; waiting messages that rest on it are recalled."""

    approval: str
    when: Expression | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointParty:
    """Effect: from now on this institution plays the part in this case."""

    party: str
    #: None: nobody plays it any more.
    institution: Expression | None
    when: Expression | None = None


Effect = (
    SetField | AddEntry | SendMessage | OpenCase | Signal | PostLedger | GiveApproval | RevokeApproval | AppointParty
)


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
class Sighting:
    """Who may see what belongs to a class, and on what condition; where both stand, both must hold."""

    parties: tuple[str, ...]
    #: None: always.
    when: Expression | None = None
    #: id of the approval that must stand; None: none.
    approval: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DisclosureClass:
    """What is shown or kept from a party together."""

    id: str
    title: Title
    fields: tuple[str, ...] = ()
    #: parties of whom it is shown who plays them.
    parties: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    #: links of which it is shown that there is a case, and which.
    links: tuple[str, ...] = ()
    ledgers: tuple[str, ...] = ()
    #: the written reasons of history rows belong to it.
    reasons: bool = False
    #: any one of them is enough.
    seen_by: tuple[Sighting, ...] = ()
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

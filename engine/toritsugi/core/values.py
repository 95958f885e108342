"""The values an event is decided on and the values a decision consists of; plain data, nothing does anything.

Moments are integer microseconds since the epoch (UTC), dates in case data are ISO text, amounts are integer yen.
Personal values travel in fields of their own (`personal`), so that no writer can mix them up with the rest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from toritsugi.core.allowance import Allowance, Posting
from toritsugi.core.calendar import Calendar
from toritsugi.core.deadline import Due
from toritsugi.core.frozen import frozen
from toritsugi.core.lookups import Absence, Child, Counted, Tally
from toritsugi.core.sitting import Sitting
from toritsugi.definition.measure import Catalogue

Json = Any

#: the field of a step's personal values that carries the written reason (free text counts as personal).
REASON = "reason"

#: stands among the values of the row that tells of an erasure, in the clear; it is no field of the case.
ERASURE_REASON = "erasure_reason"
#: stands among the values of the row that tells what a person found out about a message.
RESOLVED_MESSAGE = "resolved_message"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts: already authenticated by the embedder, here only matched with the roles of a case."""

    #: an opaque staff or system id, never a name.
    id: str
    #: the institution the actor belongs to; a company is an institution of its own.
    institution: str
    #: the party the actor acts as; None: whichever party of the case this institution is.
    role: str | None = None
    #: the local operator's act (`--as ROLE`): the institution is not checked and history says so.
    operator: bool = False


#: the engine itself: fires deadlines and conditions, reads everything.
SYSTEM = Actor(id="engine", institution="engine", role="engine")


@frozen
class Event:
    """An event as somebody asks for it."""

    name: str
    actor: Actor
    #: values for the case's fields, in their stored form.
    values: Mapping[str, Json] = field(default_factory=dict, repr=False)
    #: when it happened; None: now.
    occurred_at: int | None = None
    #: a written reason; with `override` it lifts soft guards.
    reason: str | None = field(default=None, repr=False)
    override: bool = False
    #: the channel by which the act came in, or by which its document shall leave.
    channel: str | None = None
    #: the address the sender used, checked against the recipient's own.
    address: str | None = field(default=None, repr=False)
    #: the act over several cases that it is part of.
    sitting: Sitting | None = None


@frozen
class RunningDeadline:
    """A deadline of a case that is armed or has been missed and not yet fulfilled."""

    name: str
    #: history row that armed it.
    seq: int
    #: ISO date of the last day on which the act is in time.
    due_on: str
    #: moment at which it fires: 00:00 JST of the day after `due_on`.
    due_at: int
    missed: bool = False
    #: if it can be suspended: ISO date of the day after which its days are counted, and of the last of them.
    span: tuple[str, str] | None = None


@frozen
class SuspendedDeadline:
    """A deadline of a case that has stopped: it is not due until it goes on."""

    name: str
    #: history row that armed it.
    seq: int
    #: ISO date on which it was due until then.
    due_on: str
    #: ISO date of the day on which it stopped.
    since: str
    #: days that are left, business days or days as they come, as its length counts.
    left: int


@frozen
class GivenApproval:
    """An approval that stands."""

    #: institution that gave it.
    by: str
    given_at: int
    #: history row that recorded it.
    seq: int


@frozen
class Case:
    """A case as it stands after its last history row."""

    id: str
    procedure: str
    version: str
    #: content hash of the procedure the case is pinned to.
    content_hash: str
    state: str
    ended: bool
    #: ended by withdrawal: nothing of it may leave any more.
    withdrawn: bool = False
    #: number of history rows; the next row has this number plus one.
    revision: int
    #: hash of the last history row.
    head: bytes
    opened_at: int
    #: recorded and occurred moment of the last history row.
    recorded_at: int
    occurred_at: int
    subject: str | None = None
    #: the procedure allows one open case about a subject; the store repeats that rule.
    one_per_subject: bool = False
    #: id of the case that opened this one, and the link of its procedure that it did so through.
    parent: str | None = None
    opened_by_link: str | None = None
    #: party -> institution.
    parties: Mapping[str, str] = field(default_factory=dict)
    data: Mapping[str, Json] = field(default_factory=dict, repr=False)
    #: names of the personal fields that are set.
    personal_set: frozenset[str] = frozenset()
    #: personal values; None: not loaded.
    personal: Mapping[str, Json] | None = field(default=None, repr=False)
    approvals: Mapping[str, GivenApproval] = field(default_factory=dict)
    deadlines: Mapping[str, RunningDeadline] = field(default_factory=dict)
    suspended: Mapping[str, SuspendedDeadline] = field(default_factory=dict)
    #: `once` events that were fired.
    done: frozenset[str] = frozenset()
    ledgers: Mapping[str, Allowance] = field(default_factory=dict)
    #: the key of its personal data was destroyed.
    erased: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Institution:
    """What a decision needs to know of an institution: its addresses by channel."""

    id: str
    title: Mapping[str, str]
    addresses: Mapping[str, str] = field(default_factory=dict)


@frozen
class Situation:
    """Everything outside the event that a decision may depend on."""

    #: the moment of recording.
    now: int
    #: cases loaded, by id; the sender's case among them.
    cases: Mapping[str, Case]
    #: (procedure, subject) -> ids of the open cases, the oldest first; absent: not looked for.
    found: Mapping[tuple[str, str], tuple[str, ...]]
    calendars: Mapping[str, Calendar]
    institutions: Mapping[str, Institution]
    #: case id -> the cases it has opened, in the order of opening; absent: not looked for.
    children: Mapping[str, tuple[Child, ...]] = field(default_factory=dict)
    #: what is counted -> how many cases there are, this decision's as they were; absent: not counted.
    counted: Mapping[Tally, int] = field(default_factory=dict)
    #: ids for cases that the decision opens, in order.
    fresh_ids: tuple[str, ...] = ()
    #: what support there is, for texts that propose some.
    catalogues: Sequence[Catalogue] = ()


@frozen
class Step:
    """One history row to be: what happened to one case."""

    case_id: str
    seq: int
    event: str
    from_state: str | None
    to_state: str
    actor: str
    institution: str
    role: str
    #: role | operator | signal | deadline | condition | refusal | opening
    authority: str
    #: `case/seq` of the row that caused it.
    cause: str | None
    occurred_at: int
    recorded_at: int
    #: values given with the event and set by its effects, without personal ones.
    values: Mapping[str, Json] = field(repr=False)
    #: personal values given or set, and the reason.
    personal: Mapping[str, Json] = field(repr=False)
    channel: str | None = None
    #: codes of the soft guards that were overridden.
    overridden: tuple[str, ...] = ()
    #: deadline -> armed:DATE | met | late | cancelled | missed | cleared | suspended:DAYS_LEFT;
    #: "late,armed:DATE" if it ended and began anew, "resumed,armed:DATE" if it goes on
    deadlines: Mapping[str, str] = field(default_factory=dict)
    #: approval -> given | withdrawn
    approvals: Mapping[str, str] = field(default_factory=dict)
    #: postings in this step, in order.
    postings: tuple[Posting, ...] = ()
    #: party -> the institution appointed, None: nobody any more.
    parties: Mapping[str, str | None] = field(default_factory=dict)
    #: `link.event` of the signals that reached no case.
    unreached: tuple[str, ...] = ()
    #: count -> how many other cases the rules of this step found.
    counts: Mapping[str, int] = field(default_factory=dict)
    #: the act over several cases that it is part of.
    sitting: Sitting | None = None


@frozen
class ArmedDeadline:
    """A deadline a step starts; `due` carries date, calendar hash and explanation."""

    name: str
    seq: int
    responsible: str | None
    due: Due


@frozen
class EndedDeadline:
    """A running deadline a step ends or marks."""

    name: str
    #: history row that armed it.
    seq: int
    #: met | late | cancelled | missed | cleared | suspended | resumed
    status: str
    #: history row that ended it.
    ended_seq: int


@frozen
class Message:
    """Something that leaves: its content is fixed here, at the decision."""

    case_id: str
    seq: int
    #: position among the messages of its step, from 1.
    number: int
    #: receiving party and institution.
    party: str
    institution: str
    channel: str
    #: id of the document, or None for a notice.
    document: str | None
    #: approval that must still stand when it leaves.
    approval: str | None
    #: address, subject, body and enclosures: {"address", "subject", "body", "documents": [...]}; kept encrypted.
    content: Mapping[str, Json] = field(repr=False)

    @property
    def key(self) -> str:
        """The stable key under which it is handed over: the same at every attempt."""
        return f"{self.case_id}/{self.seq}/{self.number}"


@frozen
class CaseChange:
    """All that a decision does to one case."""

    #: the case as it was loaded; None: it is opened by this decision.
    before: Case | None
    #: the case as it is afterwards (its `head` is filled in when the rows are written).
    after: Case
    steps: tuple[Step, ...]
    armed: tuple[ArmedDeadline, ...] = ()
    ended: tuple[EndedDeadline, ...] = ()
    messages: tuple[Message, ...] = ()
    #: every message of this case that has not left is recalled.
    recall_all: bool = False
    #: messages that rest on these approvals are recalled.
    recall_approvals: tuple[str, ...] = ()


@frozen
class Decision:
    """What an event does, to every case it touches: ready to be written, and nothing written yet."""

    #: the case the event was sent to; its first step is the event's own row.
    case_id: str
    #: in ascending order of case id: the one global order of locking and writing.
    changes: tuple[CaseChange, ...]
    #: (case id, revision) of the cases that were only read, ascending.
    read: tuple[tuple[str, int], ...] = ()
    #: what was looked for and not there, in ascending order.
    absent: tuple[Absence, ...] = ()
    #: how many cases there were of what it counted.
    counted: tuple[Counted, ...] = ()


@frozen
class Answer:
    """What the sender of an event is told; the same again for the same idempotency key."""

    case_id: str
    #: history row of the event.
    seq: int
    event: str
    from_state: str | None
    #: state after the event and everything that followed from it.
    state: str
    occurred_at: int
    recorded_at: int
    #: deadlines this act met after they had passed.
    late: tuple[str, ...] = ()
    #: deadline -> ISO due date, for those this act started.
    due: Mapping[str, str] = field(default_factory=dict)
    #: True: the act was recorded before, under the same key; nothing was done now.
    repeated: bool = False
    #: id of the act over several cases that it was part of.
    sitting: str | None = None

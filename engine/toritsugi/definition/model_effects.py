"""The effects of an event as data: what a decision changes, sends, opens, signals, posts, approves and appoints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from toritsugi.definition.expression import Expression
from toritsugi.definition.types import Title


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


class Unreached(StrEnum):
    """What becomes of an event whose signal reaches no case."""

    REFUSE = "refuse"
    RECORD = "record"


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

"""What the outside must supply to the engine: a store, a clock, channels, keys, something that makes time pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol

from toritsugi.core.allowance import Posting
from toritsugi.core.lookups import Child, Tally
from toritsugi.core.values import Answer, Case, Decision

Json = Any


class ClaimTaken(Exception):
    """A committed row holds this idempotency claim: roll back and ask `remembered`. Never reaches a sender."""

    def __init__(self, claim: str) -> None:
        super().__init__(claim)
        self.claim = claim


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> int:
        """The present moment, microseconds since the epoch, UTC."""


class Vault(Protocol):
    """Keeps the key that wraps the data keys of cases, and the key that signs seals; neither lies in the store."""

    def new_data_key(self) -> tuple[bytes, bytes]:
        """A fresh 32-byte data key: (key, the same key wrapped)."""

    def unwrap(self, wrapped: bytes) -> bytes:
        """The data key inside `wrapped`; raises `OutsideError` (KEY_MISSING) if this vault did not wrap it."""

    def sign(self, content: bytes) -> bytes:
        """An Ed25519 signature over `content`."""

    def mac(self, content: bytes) -> str:
        """A keyed digest of `content`, hex: equal for equal content, and no help to somebody who guesses."""

    def public_key(self) -> bytes:
        """The 32 bytes that verify `sign`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Idempotency:
    """The claim a request makes so that it is carried out once."""

    #: institution of the actor, operation and key, joined: unique in a store.
    claim: str
    #: keyed digest of the request's canonical content, hex.
    request: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """What the store remembers of a claimed idempotency key."""

    request: str
    answer: Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """One row of the refusal table: who was refused what, and no payload."""

    case_id: str
    event: str
    code: str
    actor: str
    institution: str
    role: str
    recorded_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDeadline:
    """A deadline that is due to fire."""

    case_id: str
    name: str
    seq: int
    due_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A message claimed for hand-over."""

    #: `case/seq/number`, the stable key.
    key: str
    case_id: str
    party: str
    institution: str
    channel: str
    document: str | None
    approval: str | None
    #: earlier attempts.
    attempts: int
    #: fencing token of this claim: an outcome is recorded only while it is still ours.
    claim: str
    #: content hash of the procedure that its case stands on.
    pinned: str = ""
    #: names, documents and parties that it shows, to be asked about again; None: nothing is kept from anybody.
    shows: Mapping[str, Sequence[str]] | None = None
    content: Mapping[str, Json] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What a channel can show for a hand-over: no personal data."""

    channel: str
    #: a receipt number, a Message-ID, a file name.
    reference: str
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptProcedure:
    """A procedure as cases are pinned to it."""

    id: str
    version: str
    #: its canonical text.
    content: str
    #: linked procedure -> its outside as the content was read with; empty in what was kept by an older version.
    interfaces: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineRecord:
    """A deadline as it was armed, and what became of it."""

    case_id: str
    name: str
    #: history row that armed it.
    seq: int
    #: ISO date of the last day on which the act is in time.
    due_on: str
    due_at: int
    #: armed | missed | met | late | cancelled | cleared
    status: str
    responsible: str | None
    calendar: str
    calendar_hash: str
    #: ja, en: how the date was found.
    explanation: Mapping[str, str]
    #: history row that gave it its present status.
    ended_seq: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRecord:
    """A message and how far it has come."""

    key: str
    case_id: str
    seq: int
    number: int
    party: str
    institution: str
    channel: str
    document: str | None
    approval: str | None
    #: salted commitment to the content.
    content_hash: str
    #: waiting | handed_over | failed | unknown | set_aside | recalled
    status: str
    #: somebody is handing it over until this moment.
    claimed_until: int | None
    attempts: int
    ready_at: int
    proof: Proof | None
    created_at: int
    #: moment of the present status; None: as created.
    settled_at: int | None
    #: None: not asked for, or erased.
    content: Mapping[str, Json] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PostingRecord:
    """A booking, where it stands in the history."""

    case_id: str
    seq: int
    number: int
    posting: Posting


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalRecord:
    """The personal values that a history row gave, the reason included; None: cleared."""

    case_id: str
    seq: int
    values: Mapping[str, Json] = field(repr=False)


class Channel(Protocol):
    """Hands messages over to the outside."""

    #: email, fax, post, ...
    name: str
    #: True: handing the same key over twice has no second effect, so a claim whose worker died may be tried again;
    #: False: its outcome is unknown and a person resolves it.
    repeatable: bool

    def send(self, parcel: Parcel) -> Proof:
        """Hand it over.

        Raises:
            ChannelDelayed: not now; carries the seconds to wait.
            ChannelRefused: never; a person must look at it.
            ChannelUncertain: it may or may not have arrived.
        """


class Driver(Protocol):
    """Makes time pass: calls `Engine.tick()` and `Engine.deliver()`, and holds no state of its own."""

    def start(self) -> None:
        """Begin; returns at once."""

    def wake(self) -> None:
        """Something was committed that may be due: look soon."""

    def stop(self) -> None:
        """End, after the running pass if there is one."""


class UnitOfWork(Protocol):
    """One transaction on the store; rolled back unless `commit` was called.

    Any method may raise `Conflict` when another transaction came first; then nothing of this one stays.
    """

    def case(self, case_id: str, *, personal: bool = False) -> Case | None:
        """The case as committed (or as written earlier in this unit), with its ledgers; None if there is none."""

    def lock(
        self, case_ids: Sequence[str], absent: Sequence[tuple[str, str]] = (), counted: Sequence[str] = ()
    ) -> None:
        """Lock these cases before they are read, in the order given (ascending); nothing if there are none.

        Args:
            absent: (procedure, subject), ascending: nobody else who looks for an open case there can go on meanwhile.
            counted: procedures, ascending: nobody else who counts their cases can go on meanwhile.
        """

    def open_cases(self, procedure: str, subject: str) -> Sequence[str]:
        """Ids of the open cases of `procedure` about `subject`, the oldest first, up to the bound of a decision."""

    def opened_by(self, case_id: str) -> Sequence[Child]:
        """The cases that a case has opened through its links, in the order of opening."""

    def number_of(self, tally: Tally) -> int:
        """How many cases `tally` takes, as committed (or as written earlier in this unit)."""

    def remembered(self, claim: str) -> Remembered | None:
        """What was answered under this idempotency claim."""

    def write(self, decision: Decision, idempotency: Idempotency | None = None) -> Answer:
        """Write every change in the one global order and check what was only read; the answer to the sender.

        Raises:
            Conflict: a case changed since it was loaded, one was opened where the decision had seen none, or there are not
                as many any more as it had counted.
            ClaimTaken: the idempotency claim is taken by a committed row.
        Either may also come from whatever is asked of this unit next, `commit` at the latest.
        """

    def keep_procedure(self, content_hash: str, procedure: KeptProcedure, now: int) -> None:
        """Keep a procedure, before the first case that is pinned to it; the same twice is kept once."""

    def refuse(self, refusal: Refusal) -> None:
        """Append to the refusal table."""

    def due(self, until: int, limit: int, case_id: str | None = None) -> Sequence[DueDeadline]:
        """Armed deadlines with `due_at <= until`, in due order."""

    def claim_parcels(
        self,
        now: int,
        lease_us: int,
        limit: int,
        worker: str,
        *,
        repeatable: frozenset[str] = frozenset(),
        may_leave: Callable[[Parcel], bool | None] | None = None,
    ) -> Sequence[Parcel]:
        """Claim messages that may leave now: waiting, or failed with the retry moment reached.

        The claim re-checks that the case was not withdrawn after the message was decided and that the approval still
        stands; a message that fails the check is recalled instead, and so is one for which `may_leave` says no (None: it
        cannot tell, and the message is set aside): it is asked inside this unit, while the case is held. A claim that
        expired is claimed again if its channel is `repeatable`, or if nothing was tried under it (`begin_parcel`); of any
        other the outcome is unknown.
        """

    def begin_parcel(self, parcel: Parcel) -> Parcel | None:
        """Record that a claimed parcel is about to be tried, so that it may have left if nobody is heard of again.

        Needed where the channel is not `repeatable`. The answer is the parcel as it is held from now on; None: the
        claim was lost, and it must not be tried.
        """

    def settle_parcel(
        self, parcel: Parcel, status: str, now: int, *, proof: Proof | None = None, retry_at: int | None = None
    ) -> bool:
        """Record the outcome of a claim: handed_over | failed | set_aside | unknown; False if the claim was lost."""

    def resolve_message(self, key: str, status: str, now: int) -> None:
        """Record what a person found out about a message that is `unknown` or `set_aside`.

        Raises:
            MessageNotOpen: there is no such message, or its outcome is not open.
            ValueError: `status` is not handed_over, waiting or set_aside.
        """

    def erase(self, case_id: str, now: int) -> None:
        """Destroy the key of a case's personal data; the row that says so is the caller's to write, before this."""

    def commit(self) -> None:
        """Make it durable."""

    def rollback(self) -> None:
        """Forget everything since the unit began (or since its savepoint, in a host's transaction)."""


class Store(Protocol):
    """Where cases live."""

    @property
    def serial(self) -> bool:
        """Whether units that write come one after the other, so that what one reads cannot change beneath it."""

    def unit(self, session: Any = None, *, write: bool = False) -> AbstractContextManager[UnitOfWork]:
        """A transaction of its own, or a savepoint in the host's `session`.

        Args:
            write: take the write lock first where there is one for the whole store (SQLite), so that nothing read
                here can be outdated when it is written. Always so in a host's session.
        """

    def after(self, session: Any, act: Callable[[], None]) -> None:
        """Do `act` once the transaction that the host's `session` is in has ended, committed or rolled back."""

    def kept_procedure(self, content_hash: str) -> KeptProcedure | None:
        """A procedure that some case is or was pinned to."""

    def versions(self, id_: str) -> Sequence[tuple[str, str]]:
        """(content hash, version) of every text of a procedure that is kept, the oldest first."""

    def next_due(self) -> int | None:
        """The earliest moment at which a deadline fires or a message may leave; None: nothing is waiting."""

    def checkpoint(self) -> None:
        """Housekeeping that hot commits leave undone: for a driver's idle moments; never waits for a writer."""

    def close(self) -> None:
        """Give the connections back."""

    def cases(
        self,
        procedure: str | None = None,
        state: str | None = None,
        *,
        subject: str | None = None,
        institution: str | None = None,
        limit: int = 100,
        after: str | None = None,
    ) -> Sequence[Case]:
        """Cases in id order, from the one after `after`; personal values are not loaded.

        Args:
            subject: only cases about it, open or ended.
            institution: only cases in which it plays a part.
        """

    def deadlines(self, case_id: str) -> Sequence[DeadlineRecord]:
        """Every deadline that was ever armed for a case, in the order of arming."""

    def due_list(self, until: int) -> Sequence[DeadlineRecord]:
        """Armed deadlines of all cases that are due at or before `until`, and missed ones still open; in due order.

        Suspended ones are among them, by the date they had: they are not due before they go on.
        """

    def messages(self, case_id: str, *, content: bool = False) -> Sequence[MessageRecord]:
        """The messages of a case, in the order they were decided."""

    def refusals(self, case_id: str) -> Sequence[Refusal]:
        """What was refused about a case, oldest first."""

    def postings(self, case_id: str) -> Sequence[PostingRecord]:
        """The bookings on a case's ledgers, in order."""

    def personal_history(self, case_id: str) -> Sequence[PersonalRecord]:
        """The personal values of each history row, oldest first; nothing once they were erased."""

    def histories(self, case_id: str) -> Iterator[Mapping[str, Json]]:
        """The history rows of a case, oldest first, as records with their hashes."""

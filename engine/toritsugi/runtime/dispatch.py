"""One event, one transaction: claim, load, fire what is due, decide, write, commit; and what a refusal leaves behind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from toritsugi.core.decide import decide, decide_note, decide_opening, decide_passing
from toritsugi.core.effects import new_case, subject_of
from toritsugi.core.plan import Plans
from toritsugi.core.refusal import Authority
from toritsugi.core.values import SYSTEM, Answer, Case, Decision, Event, Situation
from toritsugi.errors import Conflict, KeyReused, NotPossible, TooLarge, UnknownCase
from toritsugi.ports import ClaimTaken, Idempotency, KeptProcedure, Refusal, Remembered, Store, UnitOfWork
from toritsugi.runtime.log import log
from toritsugi.runtime.request import check_parties, request_bytes
from toritsugi.runtime.situation import Gathering, Situations

T = TypeVar("T")


@dataclass(slots=True)
class Seen:
    """What a decision rested on."""

    #: ids of the cases that were read.
    cases: set[str] = field(default_factory=set)
    #: (procedure, subject) of which no case was open.
    absent: set[tuple[str, str]] = field(default_factory=set)
    #: procedures whose cases were counted.
    counted: set[str] = field(default_factory=set)
    #: more than one row was read, and so perhaps at more than one moment.
    apart: bool = False

    def add(self, gathering: Gathering) -> None:
        """Another decision's."""
        cases, found = gathering.cases, gathering.found
        self.cases.update(cases)
        if found:
            self.absent.update([key for key, case_ids in found.items() if not case_ids])
        if gathering.counted:
            self.counted.update([tally.procedure for tally in gathering.counted])
        several = len(cases) > 1 or bool(found) or bool(gathering.counted)
        self.apart = several or any(one.ledgers or one.personal for one in cases.values())


#: what is done in a transaction; it tells what it rested on.
Work = Callable[[UnitOfWork, Seen], T]

#: how often a decision is made again when somebody else changed what it had read.
TRIES = 5
#: deadlines of one case that fire in one transaction; more are a deadline that starts itself again.
MOST_FIRINGS = 64


class Dispatch:
    """Carries events out on a store."""

    def __init__(
        self,
        store: Store,
        plans: Plans,
        situations: Situations,
        wake: Callable[[], None],
        mac: Callable[[bytes], str],
        to_keep: Callable[[str], KeptProcedure],
    ) -> None:
        """Make it ready.

        Args:
            mac: tells requests apart without letting anybody who reads the store guess what they said.
            to_keep: content hash -> what the store keeps of a procedure that a case is pinned to.
        """
        self._store = store
        self._plans = plans
        self._situations = situations
        self._wake = wake
        self._mac = mac
        self._to_keep = to_keep
        #: hashes whose texts are known to be in the store.
        self._kept: set[str] = set()

    def send(self, case_id: str, event: Event, *, key: str | None = None, session: Any = None) -> Answer:
        """Fire `event` in the case.

        Raises:
            NotPossible: refused, and written to the refusal table; nothing else changed.
            KeyReused: `key` came before with other content.
            Conflict: somebody else was first, five times over (in a host's transaction: once).
            UnknownCase: there is no such case.
        """
        claim = self._claim("send", case_id, event, key)
        try:
            return self._attempt(
                session, claim, lambda unit, seen: self._send(unit, seen, case_id, event, claim, session)
            )
        except NotPossible as refusal:
            repeated = self._answered(claim, session)
            if repeated is not None:
                return repeated
            self._after(session, partial(self._refused, case_id, event, refusal))
            raise

    def start(
        self,
        procedure: str,
        event: Event,
        *,
        parties: Mapping[str, str],
        key: str | None = None,
        session: Any = None,
    ) -> Answer:
        """Open a case of `procedure` with the values of `event`.

        Raises:
            NotPossible: as `decide_opening`; nothing was written, there is no case to write it to.
            UnknownProcedure, KeyReused, Conflict: as `send`.
        """
        plan = self._plans.current(procedure)
        check_parties(plan.procedure, parties, event.actor)
        claim = self._claim("start", procedure, event, key, parties)

        def open_it(unit: UnitOfWork, seen: Seen) -> Answer:
            now = self._situations.now()
            case = new_case(
                plan.procedure,
                self._situations.fresh_id(now),
                data={},
                parties=parties,
                now=now,
                subject=subject_of(plan.procedure, event.values),
            )
            decision = self._decided(
                self._situations.opening(unit, case), seen, partial(decide_opening, self._plans, case, event)
            )
            return self._commit(unit, decision, claim, session)

        try:
            return self._attempt(session, claim, open_it)
        except NotPossible:
            repeated = self._answered(claim, session)
            if repeated is not None:
                return repeated
            raise

    def note(self, case_id: str, event: Event, authority: str, act: Callable[[UnitOfWork], object]) -> Answer:
        """Do `act` on the store together with a history row that says so."""

        def write(unit: UnitOfWork, seen: Seen) -> Answer:
            gathering = self._situations.around(unit, self._case(unit, case_id, event), event)
            noted = partial(decide_note, self._plans, case_id, event, authority=authority)
            answer = unit.write(self._decided(gathering, seen, noted))
            act(unit)
            unit.commit()
            return answer

        answer = self._attempt(None, None, write)
        self._wake()  # a message that a person has sent again waits to be handed over
        return answer

    def amend(self, case_id: str, make: Callable[[UnitOfWork, Case, int], Decision | None]) -> Answer | None:
        """Write what `make` decides about a case, its personal values loaded, once what is due in it has fired.

        Args:
            make: (unit, case, moment of recording) -> decision; None: there is nothing to do.
        Raises:
            UnknownCase, Conflict: as `send`.
        """

        def write(unit: UnitOfWork, seen: Seen) -> Answer | None:
            case, fired = self._fire_due(unit, seen, self._case(unit, case_id, None), self._situations.now())
            case = unit.case(case_id, personal=True) or case
            seen.cases.add(case_id)
            decision = make(unit, case, max(self._situations.now(), case.recorded_at))
            if decision is not None:
                return self._commit(unit, decision, None)
            if fired:
                unit.commit()
                self._wake()
            return None

        return self._attempt(None, None, write)

    def fire(self, case_id: str) -> int:
        """Fire every deadline of the case that is due, in due order, one transaction; how many."""

        def fire_all(unit: UnitOfWork, seen: Seen) -> int:
            _, fired = self._fire_due(unit, seen, self._case(unit, case_id, None), self._situations.now())
            if fired:
                unit.commit()
            return fired

        fired = self._attempt(None, None, fire_all)
        if fired:
            self._wake()
        return fired

    def _attempt(
        self,
        session: Any,
        claim: Idempotency | None,
        work: Work[T],
        *,
        known: Iterable[str] = (),
        repeated: Callable[[], Any] | None = None,
    ) -> T:
        """Run `work` in a transaction, again when somebody else was first; never again in a host's transaction.

        From the second try on the cases are locked before they are read: one hot ledger would otherwise starve its
        writers (decision 0001). A refusal that rests on several rows read without locks is decided again under them.

        Args:
            known: cases that are locked at the first try already.
            repeated: what was answered when `claim` turns out to be taken; None: the answer of that one row.
        """
        seen = Seen(cases=set(known))
        for tries_left in reversed(range(1 if session is not None else TRIES)):
            locked, again = sorted(seen.cases), tries_left < TRIES - 1
            try:
                with self._store.unit(session, write=True) as unit:
                    unit.lock(locked, sorted(seen.absent), sorted(seen.counted))
                    return work(unit, seen)
            except ClaimTaken:
                told = self._answered(claim, session) if repeated is None else repeated()
                if told is not None:
                    return told  # type: ignore[return-value]  # a claim is only made by work that answers
            except Conflict:
                if not tries_left:
                    raise
            except NotPossible:
                if self._store.serial or again or not seen.apart or not tries_left:
                    raise
        raise Conflict

    def _send(
        self, unit: UnitOfWork, seen: Seen, case_id: str, event: Event, claim: Idempotency | None, session: Any
    ) -> Answer:
        case = self._case(unit, case_id, event)
        case, fired = self._fire_due(unit, seen, case, self._situations.now())
        if fired:
            case = self._case(unit, case_id, event)  # with what this event reads, not what the firing read
        gathering = self._situations.around(unit, case, event)
        try:
            decision = self._decided(gathering, seen, partial(decide, self._plans, case_id, event))
        except NotPossible:
            if fired:
                unit.commit()  # what was due has fired, whatever becomes of the event
                self._after(session, self._wake)
            raise
        return self._commit(unit, decision, claim, session)

    def _decided(self, gathering: Gathering, seen: Seen, make: Callable[[Situation], Decision]) -> Decision:
        """What `make` decides, and in `seen` what it rested on, also when it refuses."""
        try:
            return gathering.decide(make)
        finally:
            seen.add(gathering)

    def _commit(self, unit: UnitOfWork, decision: Decision, claim: Idempotency | None, session: Any = None) -> Answer:
        kept = self._keep_procedures(unit, decision)
        answer = unit.write(decision, claim)
        unit.commit()
        if session is None:
            self._kept |= kept
        self._after(session, self._wake)
        return answer

    def _keep_procedures(self, unit: UnitOfWork, decision: Decision) -> set[str]:
        """Keep the texts that cases come to be pinned to here, in the same transaction; their hashes."""
        opened = {
            change.after.content_hash
            for change in decision.changes
            if change.before is None or change.before.content_hash != change.after.content_hash
        } - self._kept
        for pinned in opened:
            unit.keep_procedure(pinned, self._to_keep(pinned), self._situations.now())
        return opened

    def _case(self, unit: UnitOfWork, case_id: str, event: Event | None) -> Case:
        case = unit.case(case_id)
        if case is None:
            raise UnknownCase(case=case_id)
        if event is not None and case.personal is None and self._reads_personal(case, event):
            case = unit.case(case_id, personal=True) or case
        return case

    def _reads_personal(self, case: Case, event: Event) -> bool:
        if case.erased or not case.personal_set:
            return False
        return self._plans.of(case.content_hash).reads_personal(event.name)

    def _fire_due(self, unit: UnitOfWork, seen: Seen, case: Case, now: int) -> tuple[Case, int]:
        """Fire what is due in the case; the case afterwards, and how many fired."""
        fired = 0
        while True:
            due = [one for one in case.deadlines.values() if not one.missed and one.due_at <= now]
            if not due:
                return case, fired
            first = min(due, key=lambda one: (one.due_at, one.name))
            missed = self._plans.of(case.content_hash).procedure.deadlines[first.name].missed
            event = Event(name=missed or "", actor=SYSTEM)
            case = self._case(unit, case.id, event)
            if case.deadlines.get(first.name) != first:
                continue  # read again without a lock: somebody else has fired or ended it in between
            if fired >= MOST_FIRINGS:
                raise TooLarge("CASCADE_TOO_LONG", limit=MOST_FIRINGS)
            passing = partial(decide_passing, self._plans, case.id, first.name)
            decision = self._decided(self._situations.around(unit, case, event, at=now), seen, passing)
            self._keep_procedures(unit, decision)
            unit.write(decision)
            case = self._case(unit, case.id, None)
            fired += 1

    def _answered(self, claim: Idempotency | None, session: Any) -> Answer | None:
        """The first answer under this claim; None if it is free."""
        if claim is None:
            return None
        # for writing: the first request may wait for a commit that it shares with others, and is not seen before
        with self._store.unit(session, write=True) as unit:
            remembered: Remembered | None = unit.remembered(claim.claim)
            if session is None:
                unit.commit()
        if remembered is None:
            return None
        if remembered.request != claim.request:
            raise KeyReused
        return remembered.answer

    def _claim(
        self, operation: str, target: str, event: Event, key: str | None, parties: Mapping[str, str] | None = None
    ) -> Idempotency | None:
        """What the request claims under its key; None without one.

        Raises:
            TooLarge: the request has more than LARGEST_REQUEST bytes.
            BadInput: a text in it is no Unicode text.
        """
        actor = event.actor
        content = [target, event.name, dict(event.values), actor.id, actor.institution, actor.role, event.occurred_at]
        content += [event.reason, event.override, event.channel, event.address, dict(parties or {})]
        request = request_bytes(content, event.name)
        if key is None or request is None:
            return None
        return Idempotency(claim=f"{actor.institution}\x1f{operation}\x1f{key}", request=self._mac(request))

    def _after(self, session: Any, act: Callable[[], None]) -> None:
        """Do it now, or when the host's transaction has ended either way."""
        if session is None:
            act()
        else:
            self._store.after(session, partial(_then, act))

    def _refused(self, case_id: str, event: Event, refusal: NotPossible) -> None:
        """Write the refusal row, and fire what the procedure says follows from this refusal."""
        with self._store.unit(write=True) as unit:
            case = unit.case(case_id)
            if case is None:
                return
            unit.refuse(
                Refusal(
                    case_id=case_id,
                    event=event.name,
                    code=refusal.recorded,
                    actor=event.actor.id,
                    institution=event.actor.institution,
                    role=event.actor.role or "",
                    recorded_at=self._situations.now(),
                )
            )
            unit.commit()
        follow = self._plans.of(case.content_hash).on_refusal.get((event.name, refusal.recorded))
        if follow is not None:
            self._follow(case_id, Event(name=follow, actor=SYSTEM))

    def _follow(self, case_id: str, event: Event) -> None:
        def work(unit: UnitOfWork, seen: Seen) -> Answer:
            gathering = self._situations.around(unit, self._case(unit, case_id, event), event)
            follow = partial(decide, self._plans, case_id, event, authority=Authority(kind="refusal", cause=None))
            return self._commit(unit, self._decided(gathering, seen, follow), None)

        try:
            self._attempt(None, None, work)
        except NotPossible:
            return  # the state has moved on; the refusal itself stands


def _then(act: Callable[[], None]) -> None:
    """Do what follows the host's transaction; a fault here must not look to the host as if its commit had failed."""
    try:
        act()
    except Exception as fault:
        log("not_done_after_host", kind=type(fault).__name__)

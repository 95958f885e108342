"""One event, one transaction: claim, load, fire what is due, decide, write, commit; and what a refusal leaves behind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeVar

from toritsugi.core.decide import decide, decide_note, decide_opening, decide_passing
from toritsugi.core.effects import new_case, subject_of
from toritsugi.core.plainjson import encode
from toritsugi.core.plan import Plans
from toritsugi.core.refusal import Authority
from toritsugi.core.values import SYSTEM, Answer, Case, Decision, Event
from toritsugi.errors import BadInput, Conflict, KeyReused, NotPossible, TooLarge, UnknownCase
from toritsugi.ports import ClaimTaken, Idempotency, Refusal, Remembered, Store, UnitOfWork
from toritsugi.runtime.log import log
from toritsugi.runtime.situation import Situations

T = TypeVar("T")
#: what is done in a transaction; it adds the cases it read to the set.
Work = Callable[[UnitOfWork, set[str]], T]

#: how often a decision is made again when somebody else changed what it had read.
TRIES = 5
#: deadlines of one case that fire in one transaction; more are a deadline that starts itself again.
MOST_FIRINGS = 64
#: bytes of a request, its values included.
LARGEST_REQUEST = 256 * 1024


class Dispatch:
    """Carries events out on a store."""

    def __init__(
        self,
        store: Store,
        plans: Plans,
        situations: Situations,
        wake: Callable[[], None],
        mac: Callable[[bytes], str],
    ) -> None:
        """`mac` tells requests apart without letting anybody who reads the store guess what they said."""
        self._store = store
        self._plans = plans
        self._situations = situations
        self._wake = wake
        self._mac = mac
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
        claim = self._claim("start", procedure, event, key, parties)

        def open_it(unit: UnitOfWork, _: set[str]) -> Answer:
            now = self._situations.now()
            case = new_case(
                plan.procedure,
                self._situations.fresh_id(now),
                data={},
                parties=parties,
                now=now,
                subject=subject_of(plan.procedure, event.values),
            )
            decision = decide_opening(self._plans, case, event, self._situations.opening(unit, case))
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

        def write(unit: UnitOfWork, _: set[str]) -> Answer:
            case = self._case(unit, case_id, event)
            situation = self._situations.around(unit, case, event)
            answer = unit.write(decide_note(self._plans, case_id, event, situation, authority))
            act(unit)
            unit.commit()
            return answer

        return self._attempt(None, None, write)

    def fire(self, case_id: str) -> int:
        """Fire every deadline of the case that is due, in due order, one transaction; how many."""

        def fire_all(unit: UnitOfWork, _seen: set[str]) -> int:
            _, fired = self._fire_due(unit, self._case(unit, case_id, None), self._situations.now())
            if fired:
                unit.commit()
            return fired

        fired = self._attempt(None, None, fire_all)
        if fired:
            self._wake()
        return fired

    def _attempt(self, session: Any, claim: Idempotency | None, work: Work[T]) -> T:
        """Run `work` in a transaction, again when somebody else was first; never again in a host's transaction.

        From the second try on the cases are locked before they are read: one hot ledger would otherwise starve its
        writers (decision 0001). A refusal that rests on several rows read without locks is decided again under them.
        """
        seen: set[str] = set()
        for tries_left in reversed(range(1 if session is not None else TRIES)):
            locked = sorted(seen)
            try:
                with self._store.unit(session, write=True) as unit:
                    unit.lock(locked)
                    return work(unit, seen)
            except ClaimTaken:
                repeated = self._answered(claim, session)
                if repeated is not None:
                    return repeated  # type: ignore[return-value]  # a claim is only made by work that answers
            except Conflict:
                if not tries_left:
                    raise
            except NotPossible:
                if self._store.serial or locked or len(seen) < 2 or not tries_left:
                    raise
        raise Conflict

    def _send(
        self, unit: UnitOfWork, seen: set[str], case_id: str, event: Event, claim: Idempotency | None, session: Any
    ) -> Answer:
        case = self._case(unit, case_id, event)
        case, fired = self._fire_due(unit, case, self._situations.now())
        if fired:
            case = self._case(unit, case_id, event)  # with what this event reads, not what the firing read
        situation = self._situations.around(unit, case, event)
        seen.update(situation.cases)
        try:
            decision = decide(self._plans, case_id, event, situation)
        except NotPossible:
            if fired:
                unit.commit()  # what was due has fired, whatever becomes of the event
            raise
        return self._commit(unit, decision, claim, session)

    def _commit(self, unit: UnitOfWork, decision: Decision, claim: Idempotency | None, session: Any = None) -> Answer:
        kept = self._keep_procedures(unit, decision)
        answer = unit.write(decision, claim)
        unit.commit()
        if session is None:
            self._kept |= kept
        self._after(session, self._wake)
        return answer

    def _keep_procedures(self, unit: UnitOfWork, decision: Decision) -> set[str]:
        """Keep the texts that cases opened here are pinned to, in the same transaction; their hashes."""
        opened = {change.after.content_hash for change in decision.changes if change.before is None} - self._kept
        for pinned in opened:
            procedure = self._plans.of(pinned).procedure
            unit.keep_procedure(pinned, procedure.id, procedure.version, procedure.content, self._situations.now())
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

    def _fire_due(self, unit: UnitOfWork, case: Case, now: int) -> tuple[Case, int]:
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
            unit.write(decide_passing(self._plans, case.id, first.name, self._situations.around(unit, case, event)))
            case = self._case(unit, case.id, None)
            fired += 1

    def _answered(self, claim: Idempotency | None, session: Any) -> Answer | None:
        """The first answer under this claim; None if it is free."""
        if claim is None:
            return None
        with self._store.unit(session) as unit:
            remembered: Remembered | None = unit.remembered(claim.claim)
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
        try:
            request = encode(content).encode()
        except UnicodeEncodeError:
            ja, en = "文字として読めないものが含まれています。", "it holds half of a character (a lone surrogate)."
            raise BadInput([{"place": event.name, "ja": ja, "en": en}]) from None
        except TypeError:
            return None  # no JSON: the decision refuses the value in words, and a refusal claims nothing
        if len(request) > LARGEST_REQUEST:
            raise TooLarge(limit=f"{LARGEST_REQUEST:,} B")
        if key is None:
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
                    code=refusal.code,
                    actor=event.actor.id,
                    institution=event.actor.institution,
                    role=event.actor.role or "",
                    recorded_at=self._situations.now(),
                )
            )
            unit.commit()
        follow = self._plans.of(case.content_hash).on_refusal.get((event.name, refusal.code))
        if follow is not None:
            self._follow(case_id, Event(name=follow, actor=SYSTEM))

    def _follow(self, case_id: str, event: Event) -> None:
        def work(unit: UnitOfWork, seen: set[str]) -> Answer:
            case = self._case(unit, case_id, event)
            situation = self._situations.around(unit, case, event)
            seen.update(situation.cases)
            authority = Authority(kind="refusal", cause=None)
            return self._commit(unit, decide(self._plans, case_id, event, situation, authority), None)

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

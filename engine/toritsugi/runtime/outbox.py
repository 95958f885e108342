"""Hand over what was decided: claim, send, record the outcome; at least once, under a stable key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from toritsugi.core.family import Family
from toritsugi.core.messages import PINNED, shown_by
from toritsugi.core.plan import Plans
from toritsugi.core.seeing import still_shown
from toritsugi.core.values import SYSTEM, Event, Situation
from toritsugi.errors import ChannelDelayed, ChannelRefused, ChannelUncertain, Conflict, ToritsugiError
from toritsugi.ports import Channel, Clock, Parcel, Proof, Store, UnitOfWork
from toritsugi.runtime.log import log
from toritsugi.runtime.situation import Situations

SECOND = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What one pass over the outbox did, in messages."""

    handed_over: int = 0
    failed: int = 0
    set_aside: int = 0
    unknown: int = 0


class Outbox:
    """Claims messages and gives them to their channels."""

    def __init__(
        self,
        store: Store,
        plans: Plans,
        situations: Situations,
        channels: Mapping[str, Channel],
        clock: Clock,
        *,
        worker: str,
        lease_s: int = 120,
        most_attempts: int = 10,
    ) -> None:
        self._store = store
        self._plans = plans
        self._situations = situations
        self._channels = channels
        self._clock = clock
        self._worker = worker
        self._lease_us = lease_s * SECOND
        self._most_attempts = most_attempts
        self._repeatable = frozenset(name for name, channel in channels.items() if channel.repeatable)

    def deliver(self, limit: int) -> Delivery:
        """Hand over up to `limit` messages that may leave now."""
        counts = {"handed_over": 0, "failed": 0, "set_aside": 0, "unknown": 0}
        until = self._clock.now() + self._lease_us
        for parcel in self._claim(limit):
            if self._clock.now() >= until:
                break  # the claim has run out: another worker may have the rest by now
            try:
                counts[self._hand_over(parcel)] += 1
            except Conflict:
                log("message_not_settled", key=parcel.key, channel=parcel.channel)
        return Delivery(**counts)

    def _claim(self, limit: int) -> list[Parcel]:
        with self._store.unit(write=True) as unit:
            parcels = unit.claim_parcels(
                self._clock.now(),
                self._lease_us,
                limit,
                self._worker,
                repeatable=self._repeatable,
                may_leave=partial(self._may_leave, unit),
            )
            unit.commit()
        return list(parcels)

    def _may_leave(self, unit: UnitOfWork, parcel: Parcel) -> bool | None:
        """Whether a message may still be shown to its reader, by the case as it stands in the claim's own transaction.

        None: it cannot be told (the case's procedure cannot be read any more, or it is another than the message was
        decided by); a person must look.
        """
        try:
            return self._is_still_shown(unit, parcel)
        except Conflict:
            raise
        except ToritsugiError as fault:
            log("message_not_judged", key=parcel.key, channel=parcel.channel, code=fault.code)
            return None

    def _is_still_shown(self, unit: UnitOfWork, parcel: Parcel) -> bool | None:
        if parcel.shows is None:
            # nothing was kept from anybody when it was decided; since then the case may have moved to another version
            return True if self._plans.of(parcel.pinned).classes is None else None
        case = unit.case(parcel.case_id)
        if case is None:
            return False
        shows = shown_by(parcel.shows)

        def ask(situation: Situation) -> bool:
            family = Family(self._plans, situation)
            return still_shown(family, family.member(parcel.case_id), parcel.party, parcel.institution, shows)

        if not self._situations.around(unit, case, Event(name="", actor=SYSTEM)).decide(ask):
            return False
        # by the names of another version it can be recalled, but not be let out: a name may have come to mean something else
        return True if parcel.shows.get(PINNED) == [case.content_hash] else None

    def _hand_over(self, parcel: Parcel) -> str:
        channel = self._channels.get(parcel.channel)
        if channel is None or not parcel.content.get("address"):
            return self._settle(parcel, "set_aside")
        if not channel.repeatable:
            parcel = self._begin(parcel)
        try:
            proof = channel.send(parcel)
        except ChannelDelayed as delay:
            return self._retry(parcel, delay.retry_after_s)
        except ChannelRefused:
            return self._settle(parcel, "set_aside")
        except ChannelUncertain:
            return self._settle(parcel, "unknown")
        except Exception as fault:  # a channel is somebody else's code: record it and go on with the next message
            log("channel_fault", key=parcel.key, channel=parcel.channel, kind=type(fault).__name__)
            return self._retry(parcel, 60) if channel.repeatable else self._settle(parcel, "unknown")
        return self._settle(parcel, "handed_over", proof=proof)

    def _begin(self, parcel: Parcel) -> Parcel:
        """Record that it is tried from here on: until then a worker that dies leaves it as it was.

        Raises:
            Conflict: the claim was lost; somebody else has it.
        """
        with self._store.unit(write=True) as unit:
            begun = unit.begin_parcel(parcel)
            unit.commit()
        if begun is None:
            raise Conflict
        return begun

    def _retry(self, parcel: Parcel, after_s: int) -> str:
        if parcel.attempts + 1 >= self._most_attempts:
            return self._settle(parcel, "set_aside")
        return self._settle(parcel, "failed", retry_at=self._clock.now() + after_s * SECOND)

    def _settle(self, parcel: Parcel, status: str, *, proof: Proof | None = None, retry_at: int | None = None) -> str:
        with self._store.unit(write=True) as unit:
            ours = unit.settle_parcel(parcel, status, self._clock.now(), proof=proof, retry_at=retry_at)
            unit.commit()
        log("message", key=parcel.key, channel=parcel.channel, status=status if ours else "claim_lost")
        return status

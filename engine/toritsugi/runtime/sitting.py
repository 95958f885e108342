"""One act over several cases: a meeting that decides them together, in one transaction, all of them or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from toritsugi.core.decide import decide
from toritsugi.core.sitting import MOST_TOGETHER, Item, Sitting
from toritsugi.core.values import Actor, Answer, Case, Event
from toritsugi.errors import BadInput, NotPossible, TooLarge
from toritsugi.ports import Idempotency, UnitOfWork
from toritsugi.runtime.dispatch import MOST_FIRINGS, Dispatch, Seen
from toritsugi.runtime.request import request_bytes


class Sittings(Dispatch):
    """Carries events out, one by one or several in one act."""

    def send_together(
        self,
        items: Sequence[Item],
        actor: Actor,
        *,
        key: str | None = None,
        occurred_at: int | None = None,
        channel: str | None = None,
        session: Any = None,
    ) -> tuple[Answer, ...]:
        """Fire the events of all items, in their order and at one moment; the answers in the same order.

        Raises:
            NotPossible: one item is refused (`item` says which), and that is written to the refusal table; nothing changed.
            BadInput, TooLarge: no item, or more than MOST_TOGETHER.
            KeyReused, Conflict, UnknownCase: as `send`.
        """
        _check_number(items)
        claims = self._claims(items, actor, key, occurred_at, channel)
        events = [_event(item, actor, occurred_at, channel) for item in items]
        case_ids = {item.case_id for item in items}
        repeated = partial(self._repeated, claims, session)

        def carry_out(unit: UnitOfWork, seen: Seen) -> tuple[Answer, ...]:
            at = self._situations.now()
            self._fire_all(unit, seen, case_ids, at)
            act = self._situations.fresh_id(at)
            answers = tuple(
                self._item(unit, seen, item, event, Sitting(id=act, number=number, of=len(items)), claim, at)
                for number, (item, event, claim) in enumerate(zip(items, events, claims, strict=True), 1)
            )
            unit.commit()
            self._after(session, self._wake)
            return answers

        try:
            return self._attempt(session, claims[0], carry_out, known=case_ids, repeated=repeated)
        except NotPossible as refusal:
            if (told := repeated()) is not None:
                return told
            number = refusal.item[0] if refusal.item else 1
            self._stands(case_ids, session)
            self._after(session, partial(self._refused, items[number - 1].case_id, events[number - 1], refusal))
            raise

    def _item(
        self, unit: UnitOfWork, seen: Seen, item: Item, event: Event, mark: Sitting, claim: Idempotency | None, at: int
    ) -> Answer:
        """Decide and write one item, as if it had been sent right after the one before it."""
        event = replace(event, sitting=mark)
        case, fired = self._fire_due(unit, seen, self._case(unit, item.case_id, event), at)
        if fired:
            case = self._case(unit, item.case_id, event)
        gathering = self._situations.around(unit, case, event, at=at)
        try:
            decision = self._decided(gathering, seen, partial(decide, self._plans, item.case_id, event))
        except NotPossible as refusal:
            refusal.item = (mark.number, item.case_id)
            raise
        self._keep_procedures(unit, decision)
        return unit.write(decision, claim)

    def _fire_all(self, unit: UnitOfWork, seen: Seen, case_ids: set[str], now: int) -> int:
        """Fire what is due in any of the cases, until nothing is; how many fired.

        Raises:
            TooLarge: CASCADE_TOO_LONG, one keeps the other going.
        """
        total = 0
        while True:
            fired = sum(self._fire_in(unit, seen, case_id, now) for case_id in sorted(case_ids))
            total += fired
            if not fired:
                return total
            if total > MOST_FIRINGS * len(case_ids):
                raise TooLarge("CASCADE_TOO_LONG", limit=MOST_FIRINGS)

    def _fire_in(self, unit: UnitOfWork, seen: Seen, case_id: str, now: int) -> int:
        case: Case = self._case(unit, case_id, None)
        return self._fire_due(unit, seen, case, now)[1]

    def _stands(self, case_ids: set[str], session: Any) -> None:
        """What was due has fired, whatever became of the act."""

        def fire_all(unit: UnitOfWork, seen: Seen) -> int:
            fired = self._fire_all(unit, seen, case_ids, self._situations.now())
            if fired:
                unit.commit()
            return fired

        if self._attempt(session, None, fire_all, known=case_ids):
            self._after(session, self._wake)

    def _claims(
        self, items: Sequence[Item], actor: Actor, key: str | None, occurred_at: int | None, channel: str | None
    ) -> list[Idempotency | None]:
        """A claim for each item, each over the whole request."""
        told = [[item.case_id, item.event, dict(item.values), item.reason, item.override] for item in items]
        content = [told, actor.id, actor.institution, actor.role, occurred_at, channel]
        request = request_bytes(content, items[0].event)
        if key is None or request is None:
            return [None] * len(items)
        digest, begin = self._mac(request), f"{actor.institution}\x1ftogether"
        return [
            Idempotency(claim=f"{begin}\x1f{number}\x1f{key}", request=digest) for number in range(1, len(items) + 1)
        ]

    def _repeated(self, claims: Sequence[Idempotency | None], session: Any) -> tuple[Answer, ...] | None:
        """The first answers under this key; None if it is free."""
        first = self._answered(claims[0], session)
        if first is None:
            return None
        rest = [self._answered(claim, session) for claim in claims[1:]]
        return (first, *(answer for answer in rest if answer is not None))


def _event(item: Item, actor: Actor, occurred_at: int | None, channel: str | None) -> Event:
    return Event(
        name=item.event,
        actor=actor,
        values=item.values,
        occurred_at=occurred_at,
        reason=item.reason,
        override=item.override,
        channel=channel,
    )


def _check_number(items: Sequence[Item]) -> None:
    if not items:
        ja, en = "案件が一件もありません。", "there is no case in it."
        raise BadInput([{"place": "items", "ja": ja, "en": en}])
    if len(items) > MOST_TOGETHER:
        raise TooLarge(limit=MOST_TOGETHER)

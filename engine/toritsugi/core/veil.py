"""A refusal as its sender may be told it: no reason that rests on what is kept from the sender, in this case or another."""

from __future__ import annotations

from toritsugi.core.disclosure import Sight, roles_of
from toritsugi.core.family import Family, WorkingCase
from toritsugi.core.seeing import parts_of, sees_link_to, sight_of
from toritsugi.core.values import SYSTEM, Event
from toritsugi.errors import NotPossible


def veiled(family: Family, case_id: str, event: Event, refusal: NotPossible) -> NotPossible:
    """The refusal of `event` in a case, with what its sender may know of it.

    The refusal itself if nothing is kept from the sender. Its `recorded` code stays the true one.
    """
    arose = refusal.case_id or case_id
    asked = {case_id, arose, *(led for led, _ in refusal.led_by)}
    if event.actor is SYSTEM or all(family.member(id_).plan.classes is None for id_ in asked):
        return refusal
    # the event did not happen: what it would have opened to its sender is not open
    before = Family(family.plans, family.situation)
    root = _as_it_was(before, family.member(case_id))
    seen = sight_of(before, root, roles_of(event.actor, root.parties))
    if seen.roles is None:
        return refusal
    sights = {id_: _sight_in(before, root, family.member(id_), seen, event) for id_ in sorted(asked)}
    there = sights[arose]
    led = ((sights[id_], names) for id_, names in refusal.led_by)
    if there is None or any(one is None or not one.hidden.isdisjoint(names) for one, names in led):
        return _kept(root, event, refusal)
    return _told(root, event, refusal, there)


def _as_it_was(before: Family, now: WorkingCase) -> WorkingCase:
    """The case that the event was sent to, or that was to be opened, as nothing had happened to it yet."""
    return before.add_opened(now.case) if now.before is None else before.member(now.id)


def _sight_in(before: Family, root: WorkingCase, now: WorkingCase, seen: Sight, event: Event) -> Sight | None:
    """What the sender sees of a case; None: not even that it has to do with this, or it would only have been opened."""
    if now.id == root.id:
        return seen
    if now.before is None:
        return None
    member = before.member(now.id)
    if root.plan.classes is not None and not sees_link_to(before, root, seen, member.id):
        return None
    there = sight_of(before, member, parts_of(event.actor.institution, member))
    return there if member.plan.classes is None or there.roles else None


def _told(root: WorkingCase, event: Event, refusal: NotPossible, seen: Sight) -> NotPossible:
    # what came with the event is the sender's own; in another case a field of that name is another field
    own = frozenset(event.values) if refusal.case_id is None else frozenset[str]()
    if all(seen.hidden.isdisjoint(reads - own) for reads in refusal.reads):
        return refusal
    pairs = zip(refusal.reasons, refusal.reads, strict=False)
    open_ = [(reason, reads) for reason, reads in pairs if seen.hidden.isdisjoint(reads - own)]
    if not open_:
        return _kept(root, event, refusal)
    return NotPossible(
        open_[0][0]["code"],
        event=refusal.event,
        state=refusal.state,
        reasons=[reason for reason, _ in open_],
        possible=refusal.possible,
        reads=[reads for _, reads in open_],
        recorded=refusal.recorded,
    )


def _kept(root: WorkingCase, event: Event, refusal: NotPossible) -> NotPossible:
    state = root.case.state if event.actor.institution in root.parties.values() or event.actor.operator else None
    return NotPossible(
        "REASON_NOT_DISCLOSED",
        event=event.name,
        state=state,
        possible=refusal.possible if refusal.case_id is None else (),
        recorded=refusal.recorded,
    )

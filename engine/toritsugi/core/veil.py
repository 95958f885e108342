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
    root = family.member(case_id)
    member = root if refusal.case_id in (None, case_id) else family.member(refusal.case_id or case_id)
    if event.actor is SYSTEM or (root.plan.classes is None and member.plan.classes is None):
        return refusal
    seen = sight_of(family, root, roles_of(event.actor, root.parties))
    if seen.roles is None:
        return refusal
    if member is not root:
        there = _sight_there(family, root, member, seen, event)
        if there is None:
            return _kept(root, event, refusal)
        seen = there
    return _told(root, event, refusal, seen)


def _sight_there(family: Family, root: WorkingCase, member: WorkingCase, seen: Sight, event: Event) -> Sight | None:
    """What the sender sees of another case; None: not even that it has to do with this."""
    if root.plan.classes is not None and not sees_link_to(family, root, seen, member.id):
        return None
    there = sight_of(family, member, parts_of(event.actor.institution, member))
    return there if member.plan.classes is None or there.roles else None


def _told(root: WorkingCase, event: Event, refusal: NotPossible, seen: Sight) -> NotPossible:
    if all(_is_open(reads, event, seen) for reads in refusal.reads):
        return refusal
    pairs = zip(refusal.reasons, refusal.reads, strict=False)
    open_ = [(reason, reads) for reason, reads in pairs if _is_open(reads, event, seen)]
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


def _is_open(reads: frozenset[str], event: Event, seen: Sight) -> bool:
    """Whether a reason that rests on these words tells nothing new: what came with the event is the sender's own."""
    return seen.hidden.isdisjoint(reads - event.values.keys())


def _kept(root: WorkingCase, event: Event, refusal: NotPossible) -> NotPossible:
    state = root.case.state if event.actor.institution in root.parties.values() or event.actor.operator else None
    return NotPossible(
        "REASON_NOT_DISCLOSED",
        event=event.name,
        state=state,
        possible=refusal.possible if refusal.case_id in (None, root.id) else (),
        recorded=refusal.recorded,
    )

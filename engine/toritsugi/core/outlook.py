"""What may be done with a case now, by whom, with what; and why not the rest. The questions `leave` asks, asked of all."""

from __future__ import annotations

from dataclasses import dataclass

from toritsugi.core.family import Family, WorkingCase
from toritsugi.core.plan import EventPlan, Plans
from toritsugi.core.refusal import Reason, standing_reasons
from toritsugi.core.values import Situation
from toritsugi.definition.model_events import Need
from toritsugi.definition.types import Title


@dataclass(frozen=True, slots=True, kw_only=True)
class Possibility:
    """One event of the procedure, as it stands for this case."""

    event: str
    title: Title
    #: parties that may fire it; empty: the engine or a linked case does.
    by: tuple[str, ...]
    possible: bool
    #: fields that have to be given with it.
    to_give: tuple[str, ...]
    may_give: tuple[str, ...]
    #: whether a written reason is needed.
    reason_required: bool
    #: channels to choose from.
    channels: tuple[str, ...]
    #: why not, if it is not possible.
    reasons: tuple[Reason, ...] = ()


def outlook(
    plans: Plans, case_id: str, situation: Situation, hidden: frozenset[str] = frozenset()
) -> tuple[Possibility, ...]:
    """Every event of the case's procedure, possible ones first, in the order of its file.

    Args:
        hidden: fields, links and ledgers that are kept from whoever asks: no answer rests on them.
    """
    family = Family(plans, situation)
    member = family.member(case_id)
    found = [_possibility(family, member, event_plan, hidden) for event_plan in member.plan.events.values()]
    return tuple(sorted(found, key=lambda one: not one.possible))


def _possibility(family: Family, member: WorkingCase, plan: EventPlan, hidden: frozenset[str]) -> Possibility:
    event = plan.event
    asked = {*event.anew, *hidden}
    to_give = tuple(name for name in event.needs if name in asked or not member.is_set(name))
    reasons = tuple(standing_reasons(family, member, plan, hidden))
    return Possibility(
        event=event.id,
        title=event.title,
        by=event.by,
        possible=not reasons and bool(event.by),
        to_give=to_give,
        may_give=event.may_give,
        reason_required=event.reason is Need.REQUIRED,
        channels=plan.channels,
        reasons=reasons,
    )

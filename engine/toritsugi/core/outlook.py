"""What may be done with a case now, by whom, with what; and why not the rest. The questions `leave` asks, asked of all."""

from __future__ import annotations

from dataclasses import dataclass

from toritsugi.core.environment import Moment, environment
from toritsugi.core.family import Family, WorkingCase
from toritsugi.core.plan import EventPlan, Plans
from toritsugi.core.refusal import Reason, approval_reasons, told
from toritsugi.core.values import Situation
from toritsugi.definition.expression import names_read
from toritsugi.definition.model import Need
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


def outlook(plans: Plans, case_id: str, situation: Situation) -> tuple[Possibility, ...]:
    """Every event of the case's procedure, possible ones first, in the order of its file."""
    family = Family(plans, situation)
    member = family.member(case_id)
    found = [_possibility(family, member, event_plan) for event_plan in member.plan.events.values()]
    return tuple(sorted(found, key=lambda one: not one.possible))


def _possibility(family: Family, member: WorkingCase, plan: EventPlan) -> Possibility:
    event = plan.event
    to_give = tuple(name for name in event.needs if not member.is_set(name))
    reasons = tuple(_reasons(family, member, plan, to_give))
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


def _reasons(family: Family, member: WorkingCase, plan: EventPlan, to_give: tuple[str, ...]) -> list[Reason]:
    if member.ended or plan.event.id not in member.plan.table.offered(member.state):
        title = member.plan.procedure.states[member.state].title
        return [told("INVALID_TRANSITION", state={"ja": title.ja, "en": title.en})]
    if plan.event.once and plan.event.id in member.done:
        return [told("DUPLICATE")]
    now = family.situation.now
    moment = Moment(occurred_at=now, recorded_at=now, channel=None, institution="")
    env = environment(family, member, plan.reads, moment)
    open_inputs = set(to_give) | {name for name in plan.event.may_give if not member.is_set(name)}
    reasons = list(approval_reasons(member, plan))
    for holds, guard in plan.guards:
        # a guard over something that comes with the event cannot be answered yet
        if names_read(guard.rule) & open_inputs or holds(env):
            continue
        shown = guard.message or told(guard.code)
        origin = guard.origin or plan.event.origin
        reasons.append(
            Reason(
                code=guard.code,
                ja=shown.ja,
                en=shown.en,
                source=origin.source if origin else "",
                basis=origin.basis if origin else "",
                soft=guard.soft,
            )
        )
    return reasons

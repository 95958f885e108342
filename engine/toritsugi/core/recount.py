"""Running deadlines counted anew by a calendar that has changed: which move, and the row that moves them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from toritsugi.core.deadline import Due
from toritsugi.core.environment import Moment
from toritsugi.core.family import Family
from toritsugi.core.plan import Plans
from toritsugi.core.running import arm, due_of
from toritsugi.core.suspension import resumed
from toritsugi.core.values import REASON, Case, Decision, Event, Situation, Step, SuspendedDeadline

#: name of the history row.
APPLIED = "calendar_applied"


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedDeadline:
    """A running deadline that falls on another day by the calendar as it is now."""

    case_id: str
    deadline: str
    #: ISO dates: as it was armed, and as it is counted now.
    old: str
    new: str
    #: ja, en: how the new date was found.
    explanation: Mapping[str, str]
    #: False: it would move.
    applied: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What a deadline was counted from when it was armed."""

    #: moments of the act that armed it.
    occurred_at: int
    recorded_at: int
    #: the case's data then, without personal values.
    data: Mapping[str, Any]
    #: what was left of it, if that act let it go on after a suspension.
    stopped: SuspendedDeadline | None = None


def counted_again(plans: Plans, case: Case, name: str, start: Start, situation: Situation) -> Due | None:
    """When a running deadline falls by the situation's calendars; None: its start cannot be told any more.

    Raises:
        CalendarTooShort: the date lies beyond the calendar.
    """
    then = replace(case, data=start.data)
    family = Family(plans, replace(situation, cases={**situation.cases, case.id: then}))
    member = family.member(case.id)
    spec = member.plan.procedure.deadlines.get(name)
    moment = Moment(occurred_at=start.occurred_at, recorded_at=start.recorded_at, channel=None, institution="")
    if spec is None:
        return None
    if start.stopped is not None:
        return resumed(start.stopped, spec, start.occurred_at, situation.calendars[spec.calendar])
    return due_of(family, member, spec, moment)


def decide_recount(plans: Plans, case: Case, moved: Mapping[str, Due], event: Event, situation: Situation) -> Decision:
    """One history row that ends each of these deadlines and arms it anew on its new day; nothing else changes."""
    family = Family(plans, situation)
    member = family.member(case.id)
    member.seq += 1
    marks: dict[str, str] = {}
    for name in sorted(moved):
        due, spec = moved[name], member.plan.procedure.deadlines[name]
        member.end_deadline(name, "cancelled", member.seq)
        marks[name] = f"cancelled,armed:{arm(member, spec, due, member.seq)}"
    member.steps.append(
        Step(
            case_id=case.id,
            seq=member.seq,
            event=APPLIED,
            from_state=member.state,
            to_state=member.state,
            actor=event.actor.id,
            institution=event.actor.institution,
            role=event.actor.role or "operator",
            authority="operator",
            cause=None,
            occurred_at=situation.now,
            recorded_at=situation.now,
            values={},
            personal={} if event.reason is None or case.erased else {REASON: event.reason},
            deadlines=marks,
        )
    )
    return family.decision(case.id)

"""Decide what an event does, to every case it touches, without doing it.

`decide` is a pure function of the procedures, the event and the situation: it reads frozen values and answers with a
`Decision`, or raises `NotPossible` and leaves nothing behind. It reads top to bottom like a row of the manual: may this
actor do this now; then the state changes, deadlines end, effects follow, deadlines begin; signals run to completion in
linked cases; and when everything is still, conditions may make the engine itself fire an event.
Contract: docs/semantics.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from typing import Any

from toritsugi.core.effects import Doing, apply, subject_of
from toritsugi.core.environment import Moment, environment
from toritsugi.core.family import MOST_STEPS_DEEP, Family, WorkingCase
from toritsugi.core.filling import filled
from toritsugi.core.moments import jst_date
from toritsugi.core.plan import OPENED, EventPlan, Plans, first_words
from toritsugi.core.refusal import Authority, form_reasons, leave, refused, role_of, row_reasons, titles, told
from toritsugi.core.running import (
    end_deadlines,
    end_with_case,
    resume_deadlines,
    start_deadlines,
    suspend_deadlines,
)
from toritsugi.core.values import (
    REASON,
    SYSTEM,
    Case,
    Decision,
    EndedDeadline,
    Event,
    Situation,
    Step,
)
from toritsugi.core.veil import veiled
from toritsugi.definition.model_effects import AddEntry, SetField
from toritsugi.errors import NotPossible, TooLarge

#: names of history rows that are no events of a procedure.
PASSED = "deadline_passed"
CLEARED = "overdue_cleared"

#: kinds of values that a sender could still change, in the case too, after the decision.
_CHANGEABLE = frozenset({list, dict})


def decide(
    plans: Plans, case_id: str, event: Event, situation: Situation, authority: Authority | None = None
) -> Decision:
    """What `event` does.

    Args:
        authority: by what right it is fired if not by the actor's role: `refusal` for an engine event after a refusal.
    Raises:
        NotPossible: the event is refused; nothing changes.
        TooLarge: CASCADE_TOO_LONG, more than 16 steps deep or 64 cases.
    """
    family = Family(plans, situation)
    try:
        _step(family, family.member(case_id), event, authority, depth=1)
        _settle(family)
    except NotPossible as refusal:
        raise _answered(family, case_id, event, refusal) from None
    return family.decision(case_id)


def _answered(family: Family, case_id: str, event: Event, refusal: NotPossible) -> NotPossible:
    """The refusal as its sender is told it: in the state that the case is in, however far the decision had come."""
    if refusal.state is not None:
        refusal.state = family.member(case_id).case.state
    return veiled(family, case_id, event, refusal)


def decide_opening(plans: Plans, case: Case, event: Event, situation: Situation) -> Decision:
    """What opening `case` (as `new_case` made it) does; `event.name` is `open`.

    Raises:
        NotPossible: ACTOR_NOT_ALLOWED, FORM_INCOMPLETE, BAD_INPUT, or DUPLICATE where one open case is allowed.
    """
    family = Family(plans, situation)
    member = family.add_opened(case)
    procedure = member.plan.procedure
    opening = member.plan.opening
    role = role_of(member, opening, event)
    if role is None:
        raise refused(family, member, event, [told("ACTOR_NOT_ALLOWED", parties=titles(member, procedure.opening.by))])
    reasons = list(form_reasons(member, opening, event))
    if reasons:
        raise refused(family, member, event, reasons)
    if event.occurred_at is not None and event.occurred_at > situation.now:
        raise refused(family, member, event, [told("OCCURRED_LATER")])
    if procedure.one_per_subject and family.open_about(member, procedure.id, member.subject) is not None:
        raise refused(family, member, event, [told("DUPLICATE")])
    try:
        _opened(family, member, event, role=role, authority="opening", cause=None)
        _settle(family)
    except NotPossible as refusal:
        raise _answered(family, case.id, event, refusal) from None
    return family.decision(case.id)


def decide_passing(plans: Plans, case_id: str, name: str, situation: Situation) -> Decision:
    """What the passing of a running deadline does: stamped with its due moment, whenever the tick came."""
    family, member, event, cause = _passing(plans, case_id, name, situation)
    missed = member.plan.procedure.deadlines[name].missed
    if missed and member.plan.table.target(missed, member.state) is not None:
        authority = Authority(kind="deadline", cause=cause)
        try:
            _step(family, member, replace(event, name=missed), authority, depth=1, deadlines={name: "missed"})
            _settle(family)
            return family.decision(case_id)
        except (NotPossible, TooLarge):
            # its event cannot happen now; the deadline has passed all the same, and must not hold up the case
            tried = family
            family, member, event, cause = _passing(plans, case_id, name, situation)
            family.rest_on(tried)
            _note(family, member, event, authority="deadline", cause=cause, deadlines={name: "missed"})
            return family.decision(case_id)
    _note(family, member, event, authority="deadline", cause=cause, deadlines={name: "missed"})
    _settle(family)
    return family.decision(case_id)


def _passing(plans: Plans, case_id: str, name: str, situation: Situation) -> tuple[Family, WorkingCase, Event, str]:
    """The case with the deadline marked as missed, the bare event of its passing, and the row that armed it."""
    family = Family(plans, situation)
    member = family.member(case_id)
    running = member.deadlines[name]
    member.deadlines[name] = replace(running, missed=True)
    member.endings.append(EndedDeadline(name=name, seq=running.seq, status="missed", ended_seq=member.seq + 1))
    return family, member, Event(name=PASSED, actor=SYSTEM, occurred_at=running.due_at), f"{member.id}/{running.seq}"


def decide_note(plans: Plans, case_id: str, event: Event, situation: Situation, authority: str) -> Decision:
    """A history row that changes nothing else, with `event.values`: an erasure, an outcome that a person resolved."""
    family = Family(plans, situation)
    _note(family, family.member(case_id), event, authority=authority, cause=None, values=event.values)
    return family.decision(case_id)


def _step(
    family: Family,
    member: WorkingCase,
    event: Event,
    authority: Authority | None,
    *,
    depth: int,
    deadlines: Mapping[str, str] | None = None,
) -> None:
    """Carry one event out on one case, and in the cases that it signals."""
    if depth > MOST_STEPS_DEEP:
        raise TooLarge("CASCADE_TOO_LONG", limit=MOST_STEPS_DEEP)
    plan = member.plan.events.get(event.name)
    if plan is None:
        party = event.actor.operator or event.actor.institution in member.parties.values()
        if authority is None and not party:
            raise refused(family, member, event, [told("ACTOR_NOT_ALLOWED")])
        raise refused(family, member, event, [told("UNKNOWN_EVENT", event=event.name)])
    now = family.situation.now
    moment = _moment(member, plan, event, now)
    granted = leave(family, member, plan, event, moment, authority)
    if member.subject is None:
        _refuse_second(family, member, event)

    member.seq += 1
    seq = member.seq
    cause = f"{member.id}/{seq}"
    before = member.state
    member.state = granted.target
    state = member.plan.procedure.states[granted.target]
    member.ended, member.withdrawn = state.terminal, state.withdrawn
    if plan.event.once:
        member.done = member.done | {event.name}
    doing = Doing(
        family=family,
        member=member,
        plan=plan,
        event=event,
        moment=moment,
        seq=seq,
        env=granted.env,
        own=_own(plan, event) if authority is None else frozenset(),
        signal=lambda other, name, values: _step(
            family,
            other,
            Event(name=name, actor=event.actor, values=values, occurred_at=event.occurred_at),
            Authority(kind="signal", cause=cause),
            depth=depth + 1,
        ),
        opened=lambda other: _opened(family, other, event, role="", authority="signal", cause=cause),
    )
    for name, value in granted.values.items():
        doing.put(name, deepcopy(value) if type(value) in _CHANGEABLE else value)
    if member.subject is None:
        member.subject = subject_of(member.plan.procedure, member.data)
    marks = dict(deadlines or {})
    cleared = end_deadlines(member, plan, moment, seq, marks)
    if plan.suspends and not member.ended:
        cleared += suspend_deadlines(family, member, plan, moment, seq, marks)
    apply(doing)
    if plan.resumes and not member.ended:
        resume_deadlines(family, member, plan, moment, seq, marks)
    if not member.ended:
        start_deadlines(family, member, plan.starts, moment, seq, marks)
    if state.terminal:
        end_with_case(member, seq, marks)
    if event.reason is not None and not member.case.erased:
        doing.personal[REASON] = event.reason
    member.steps.append(
        Step(
            case_id=member.id,
            seq=seq,
            event=event.name,
            from_state=before,
            to_state=granted.target,
            actor=event.actor.id,
            institution=event.actor.institution,
            role=granted.role,
            authority=granted.authority,
            cause=authority.cause if authority else None,
            occurred_at=moment.occurred_at,
            recorded_at=now,
            values=doing.values,
            personal=doing.personal,
            channel=event.channel,
            overridden=granted.overridden,
            deadlines=marks,
            approvals=doing.approvals,
            postings=tuple(doing.postings),
            parties=doing.parties,
            unreached=tuple(doing.unreached),
            counts=granted.counts,
            sitting=event.sitting,
        )
    )
    if cleared:
        note = Event(name=CLEARED, actor=SYSTEM, occurred_at=moment.occurred_at)
        _note(family, member, note, authority="engine", cause=cause, deadlines=dict.fromkeys(cleared, "cleared"))


def _own(plan: EventPlan, event: Event) -> frozenset[str]:
    """Fields that keep what the sender gave: none that the event itself sets to something else."""
    fields = [planned.effect.field for planned in plan.effects if isinstance(planned.effect, SetField | AddEntry)]
    return frozenset(event.values) - frozenset(fields)


def _refuse_second(family: Family, member: WorkingCase, event: Event) -> None:
    """That no other case is open about what this case comes to be about, where there may be one only."""
    procedure = member.plan.procedure
    subject = subject_of(procedure, {**member.data, **event.values})
    if procedure.one_per_subject and family.open_about(member, procedure.id, subject) is not None:
        raise refused(family, member, event, [told("DUPLICATE")])


def _opened(family: Family, member: WorkingCase, event: Event, *, role: str, authority: str, cause: str | None) -> None:
    """The first history row of a case: its data, and the deadlines that its opening starts."""
    now = family.situation.now
    moment = Moment(
        occurred_at=now if event.occurred_at is None else event.occurred_at,
        recorded_at=now,
        channel=event.channel,
        institution=event.actor.institution,
    )
    given = event.values if authority == "opening" else {}
    for name, value in given.items():
        member.put(name, deepcopy(value) if type(value) in _CHANGEABLE else value)
    if member.plan.opening.rows:
        _fill(family, member, event, moment)
    public = {name: value for name, value in member.data.items() if name not in member.plan.personal}
    marks: dict[str, str] = {}
    starts = tuple(one for one in member.plan.procedure.deadlines.values() if OPENED in one.starts and one.enabled)
    start_deadlines(family, member, starts, moment, 1, marks)
    note = replace(event, name=OPENED, values={}, reason=None)
    _note(
        family,
        member,
        note,
        authority=authority,
        cause=cause,
        deadlines=marks,
        values=public,
        personal=dict(member.personal),
        role=role,
    )


def _fill(family: Family, member: WorkingCase, event: Event, moment: Moment) -> None:
    """What the catalogues say of the rows whose numbers a new case has."""
    opening = member.plan.opening
    reasons = [*row_reasons(family, member, opening, member.data, moment.occurred_at)]
    if reasons:
        raise refused(family, member, event, reasons)
    said = filled(opening.rows, member.data, family.situation.catalogues, jst_date(moment.occurred_at))
    for name, value in said.items():
        if value is not None or name in member.data:
            member.put(name, value)


def _note(
    family: Family,
    member: WorkingCase,
    event: Event,
    *,
    authority: str,
    cause: str | None,
    deadlines: Mapping[str, str] | None = None,
    values: Mapping[str, Any] | None = None,
    personal: dict[str, Any] | None = None,
    role: str | None = None,
) -> None:
    """Append a history row that leaves the state as it is."""
    now = family.situation.now
    first = member.seq == 0
    member.seq += 1
    kept = dict(personal or {})
    if event.reason is not None and not member.case.erased:
        kept[REASON] = event.reason
    member.steps.append(
        Step(
            case_id=member.id,
            seq=member.seq,
            event=event.name,
            from_state=None if first else member.state,
            to_state=member.state,
            actor=event.actor.id,
            institution=event.actor.institution,
            role=event.actor.role or authority if role is None else role,
            authority=authority,
            cause=cause,
            occurred_at=now if event.occurred_at is None else event.occurred_at,
            recorded_at=now,
            values=values or {},
            personal=kept,
            channel=event.channel,
            deadlines=deadlines or {},
        )
    )


def _settle(family: Family) -> None:
    """Fire conditions until none holds: the engine's own part of a step."""
    if not family.conditional:
        return
    for depth in range(MOST_STEPS_DEEP + 1):
        firing = next(_firing(family), None)
        if firing is None:
            return
        if depth == MOST_STEPS_DEEP:
            raise TooLarge("CASCADE_TOO_LONG", limit=MOST_STEPS_DEEP)
        member, condition = firing
        cause = f"{member.id}/{member.seq}"
        event = Event(name=condition.event, actor=SYSTEM, occurred_at=member.steps[-1].occurred_at)
        try:
            _step(family, member, event, Authority(kind="condition", cause=cause), depth=1)
        except NotPossible as refusal:
            refusal.arose_in(member.id)
            refusal.came_by(member.id, first_words(condition.names))
            raise


def _firing(family: Family) -> Any:
    for member in family.touched():
        if not member.plan.conditions or member.ended:
            continue
        offered = member.plan.table.offered(member.state)
        open_to_it = set(offered) - member.done
        waiting = [condition for condition in member.plan.conditions if condition.event in open_to_it]
        if not waiting:
            continue
        last = member.steps[-1]
        moment = Moment(
            occurred_at=last.occurred_at, recorded_at=last.recorded_at, channel=None, institution=SYSTEM.institution
        )
        env = environment(family, member, member.plan.condition_reads, moment)
        yield from ((member, condition) for condition in waiting if condition.holds(env))


def _moment(member: WorkingCase, plan: EventPlan, event: Event, now: int) -> Moment:
    occurred_at = now if event.occurred_at is None else event.occurred_at
    return Moment(
        occurred_at=occurred_at,
        recorded_at=now,
        channel=event.channel,
        institution=event.actor.institution,
        late=any(member.deadlines[name].due_at <= occurred_at for name in plan.meets if name in member.deadlines),
    )

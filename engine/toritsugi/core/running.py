"""The running deadlines of a case: what an act ends, suspends, lets go on and starts, and what the end of a case stops."""

from __future__ import annotations

from datetime import date
from typing import Any

from toritsugi.core.arithmetic import calendar_key
from toritsugi.core.calendar import CalendarTooShort
from toritsugi.core.deadline import Due, Roll, due_date, due_on_date
from toritsugi.core.environment import Moment, day_of
from toritsugi.core.family import Family, WorkingCase
from toritsugi.core.plan import EventPlan, first_words
from toritsugi.core.recurring import reached
from toritsugi.core.suspension import SUSPENDED, resumed, span_of, suspended
from toritsugi.core.values import ArmedDeadline, RunningDeadline
from toritsugi.definition.expression import names_read
from toritsugi.definition.model import Deadline
from toritsugi.errors import NotPossible


def end_deadlines(member: WorkingCase, plan: EventPlan, moment: Moment, seq: int, marks: dict[str, str]) -> list[str]:
    """End what this act fulfils or makes moot; the names whose overdue mark was wrong after all."""
    cleared: list[str] = []
    for name in [name for name in member.deadlines if name in plan.meets or name in plan.cancels]:
        running = member.deadlines[name]
        if name in plan.cancels:
            status = "cancelled"
        elif moment.occurred_at >= running.due_at:
            status = "late"
        elif running.missed:
            # done in time and recorded late: the mark goes, by a row of its own
            status = "cleared"
            cleared.append(name)
        else:
            status = "met"
        marks[name] = "met" if status == "cleared" else status
        member.end_deadline(name, status, seq)
    for name in [name for name in member.suspended if name in plan.meets or name in plan.cancels]:
        marks[name] = "cancelled" if name in plan.cancels else "met"
        member.end_deadline(name, marks[name], seq)
    return cleared


def suspend_deadlines(
    family: Family, member: WorkingCase, plan: EventPlan, moment: Moment, seq: int, marks: dict[str, str]
) -> list[str]:
    """Stop what this act suspends, as far as it was not due yet; the names whose overdue mark was wrong after all."""
    cleared: list[str] = []
    for name in [name for name in member.deadlines if name in plan.suspends]:
        running, spec = member.deadlines[name], member.plan.procedure.deadlines[name]
        if moment.occurred_at >= running.due_at:
            continue
        stopped = suspended(running, spec, moment.occurred_at, family.situation.calendars[spec.calendar])
        member.end_deadline(name, "suspended", seq)
        member.suspended[name] = stopped
        marks[name] = f"{SUSPENDED}{stopped.left}"
        if running.missed:
            cleared.append(name)
    return cleared


def resume_deadlines(
    family: Family, member: WorkingCase, plan: EventPlan, moment: Moment, seq: int, marks: dict[str, str]
) -> None:
    """Arm what this act lets go on, with what was left of it.

    Raises:
        NotPossible: BAD_INPUT, the date lies beyond the calendar.
    """
    afresh = {spec.id for spec in plan.starts}
    for name in [name for name in member.suspended if name in plan.resumes and name not in afresh]:
        stopped, spec = member.suspended[name], member.plan.procedure.deadlines[name]
        try:
            due = resumed(stopped, spec, moment.occurred_at, family.situation.calendars[spec.calendar])
        except CalendarTooShort as short:
            raise _beyond(member, spec, short) from None
        member.end_deadline(name, "resumed", seq)
        marks[name] = f"resumed,armed:{arm(member, spec, due, seq)}"


def arm(member: WorkingCase, spec: Deadline, due: Due, seq: int) -> str:
    """Have a deadline run; its ISO date."""
    due_on = due.due.isoformat()
    member.deadlines[spec.id] = RunningDeadline(
        name=spec.id,
        seq=seq,
        due_on=due_on,
        due_at=due.fires_at,
        span=span_of(due) if spec.suspended_by else None,
    )
    member.armed.append(ArmedDeadline(name=spec.id, seq=seq, responsible=spec.responsible, due=due))
    return due_on


def counted_by(spec: Deadline) -> frozenset[str]:
    """First words of the names that a deadline's date is worked out of."""
    read = names_read(spec.due_value) if spec.due_value is not None else ()
    return first_words(name for name in (spec.counted_from, spec.due_field, *read) if name)


def _beyond(member: WorkingCase, spec: Deadline, short: CalendarTooShort) -> NotPossible:
    reason = {"code": "BAD_INPUT", "ja": short.ja, "en": short.en}
    reads = [counted_by(spec)]
    return NotPossible("BAD_INPUT", event=spec.id, state=member.state, reasons=[reason], reads=reads)


def start_deadlines(
    family: Family,
    member: WorkingCase,
    starts: tuple[Deadline, ...],
    moment: Moment,
    seq: int,
    marks: dict[str, str],
) -> None:
    """Arm what an act starts; `marks` takes what its history row says of it.

    Raises:
        NotPossible: BAD_INPUT, the date lies beyond the calendar.
    """
    for spec in starts:
        try:
            due = due_of(family, member, spec, moment)
        except CalendarTooShort as short:
            raise _beyond(member, spec, short) from None
        if due is None:
            continue
        running = member.deadlines.get(spec.id)
        if spec.id in member.suspended or (running is not None and not running.missed):
            member.end_deadline(spec.id, "cancelled", seq)
        due_on = arm(member, spec, due, seq)
        # an act may end a deadline and start it anew: its row tells both
        ended = marks.get(spec.id)
        marks[spec.id] = f"armed:{due_on}" if ended is None else f"{ended},armed:{due_on}"


def due_of(family: Family, member: WorkingCase, spec: Deadline, moment: Moment) -> Due | None:
    """When the deadline falls; None: the date it is counted from is not known.

    Raises:
        CalendarTooShort: the date lies beyond the calendar.
    """
    calendar = family.situation.calendars[spec.calendar]
    if spec.due_field is not None:
        printed = member.data.get(spec.due_field)
        return None if printed is None else due_on_date(date.fromisoformat(printed), calendar)
    if spec.due_value is not None:
        return _worked_out(family, member, spec, moment)
    start: Any = moment.occurred_at
    if spec.counted_from is not None:
        start = member.data.get(spec.counted_from)
    if start is None or spec.within is None:
        return None
    counted_from = date.fromisoformat(start) if isinstance(start, str) else start
    return due_date(spec.within, counted_from, calendar, roll=Roll(spec.roll))


def _worked_out(family: Family, member: WorkingCase, spec: Deadline, moment: Moment) -> Due | None:
    """The date that a rule gives, over the case's own fields and the day of the act."""
    rule, calendars = member.plan.dues[spec.id], family.situation.calendars
    env = {**member.data, **day_of(moment)}
    env.update((calendar_key(one), calendars[one]) for one in rule.calendars)
    found: str | None = rule.value(env)
    if found is None:
        return None
    day, calendar = date.fromisoformat(found), calendars[spec.calendar]
    if rule.first is None:
        return due_on_date(day, calendar)
    series = rule.first.series
    by = calendars[series.calendar] if series.calendar else None
    how = reached(series, by, day, after=rule.first.after)
    return None if how is None else due_on_date(how.occurrence.held, calendar, how)


def end_with_case(member: WorkingCase, seq: int, marks: dict[str, str]) -> None:
    """Ending a case stops its deadlines; withdrawing it also recalls what has not left."""
    for name, running in list(member.deadlines.items()):
        if running.missed:
            del member.deadlines[name]  # its own row already says that it was missed
        else:
            marks[name] = "cancelled"
            member.end_deadline(name, "cancelled", seq)
    for name in list(member.suspended):
        marks[name] = "cancelled"
        member.end_deadline(name, "cancelled", seq)
    member.recall_all = member.withdrawn

"""What a count asks for in one case at one act, and the numbers that its rules are told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from toritsugi.core.effects import subject_of
from toritsugi.core.environment import Moment
from toritsugi.core.family import Family, WorkingCase
from toritsugi.core.lookups import Tally
from toritsugi.core.moments import jst_date
from toritsugi.core.plan import EventPlan
from toritsugi.definition.model_counts import Count, Period

#: the month in which a fiscal year begins.
_APRIL = 4


def numbers(
    family: Family, member: WorkingCase, plan: EventPlan, env: Mapping[str, Any], moment: Moment
) -> dict[str, int]:
    """How many other cases there are of each count that the event's rules read, as the event finds them.

    A count of which it is not known what is to be counted (what is to be the same is not set) has no number.

    Args:
        env: the case's data and what comes with the event.
    Raises:
        NotGathered: something has to be counted.
    """
    found: dict[str, int] = {}
    subject = member.subject or subject_of(member.plan.procedure, env)
    for name in plan.reads.counts:
        tally = tally_of(member.plan.procedure.counts[name], env, moment, subject)
        if tally is not None:
            found[name] = family.count(member, tally)
    return found


def tally_of(count: Count, env: Mapping[str, Any], moment: Moment, subject: str | None) -> Tally | None:
    """The cases that are to be counted; None: that is not known."""
    values = [(theirs, env.get(ours)) for theirs, ours in count.same.items()]
    if (count.about_same and subject is None) or any(value is None for _, value in values):
        return None
    during = None
    if count.during is not None:
        during = (count.during.date, *days_of(count.during.period, jst_date(moment.occurred_at)))
    return Tally(
        procedure=count.procedure,
        states=count.states,
        ended=count.ended,
        subject=subject if count.about_same else None,
        values=tuple(sorted([(theirs, str(value)) for theirs, value in values])),
        during=during,
    )


def days_of(period: Period, day: date) -> tuple[str, str]:
    """The first and the last day, as ISO dates, of the period that a day lies in."""
    if period is Period.DAY:
        return day.isoformat(), day.isoformat()
    if period is Period.MONTH:
        first = day.replace(day=1)
        return first.isoformat(), _before(first + timedelta(days=31))
    begins = _APRIL if period is Period.FISCAL_YEAR else 1
    first = date(day.year if day.month >= begins else day.year - 1, begins, 1)
    return first.isoformat(), (first.replace(year=first.year + 1) - timedelta(days=1)).isoformat()


def _before(next_month: date) -> str:
    return (next_month.replace(day=1) - timedelta(days=1)).isoformat()

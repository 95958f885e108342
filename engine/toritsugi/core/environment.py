"""The names that rules may read, with their values: one flat mapping per question."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from toritsugi.core.arithmetic import calendar_key
from toritsugi.core.family import Family, WorkingCase, ledger_values
from toritsugi.core.frozen import frozen
from toritsugi.core.moments import jst_date
from toritsugi.core.plan import Reads
from toritsugi.definition.model import Link


@frozen
class Moment:
    """The circumstances of one act that rules may read."""

    occurred_at: int
    recorded_at: int
    channel: str | None
    institution: str
    late: bool = False


def environment(
    family: Family, member: WorkingCase, reads: Reads, moment: Moment, *, as_known: bool = False
) -> dict[str, Any]:
    """Everything that rules with these `reads` may ask about `member`; a name that is absent is not set.

    Args:
        as_known: what was not looked up stays absent: for questions that decide nothing.
    Raises:
        NotGathered: something has to be looked up, unless `as_known`.
    """
    values: dict[str, Any] = dict(member.data)
    if reads.personal:
        if not as_known:
            family.know_personal(member)
        values.update(member.personal)
    for name in reads.names:
        if name in _ENGINE:
            values[name] = _ENGINE[name](moment)
    if member.ledgers:
        values.update(ledger_values("", member.ledgers))
    for link_id in reads.links:
        link = member.plan.procedure.links[link_id]
        if not as_known or family.has_looked(member, link):
            _add_link(values, family, member, link, inside=link_id in reads.links_inside)
    if reads.deadlines:
        _add_deadlines(values, member, reads)
    for institution in reads.calendars:
        values[calendar_key(institution)] = family.situation.calendars[institution]
    return values


def _add_link(values: dict[str, Any], family: Family, member: WorkingCase, link: Link, *, inside: bool) -> None:
    link_id, other = link.id, family.behind(member, link)
    if other is None:
        return
    if not other.ended:
        values[link_id] = other.id
    values[f"{link_id}.state"] = other.state
    if not inside:
        return
    for name, value in other.data.items():
        values[f"{link_id}.{name}"] = value
    values.update(ledger_values(f"{link_id}.", other.ledgers))


def _add_deadlines(values: dict[str, Any], member: WorkingCase, reads: Reads) -> None:
    for name in reads.deadlines:
        running = member.deadlines.get(name)
        values[f"{name}.missed"] = bool(running and running.missed)
        if running:
            values[f"{name}.due_on"] = running.due_on


def day_of(moment: Moment) -> dict[str, Any]:
    """The dates and moments of an act, by the names that rules have for them."""
    return {name: _ENGINE[name](moment) for name in DAYS}


#: names of the engine that say when an act was.
DAYS = ("occurred_on", "occurred_at", "recorded_on", "recorded_at")
_ENGINE: Mapping[str, Callable[[Moment], Any]] = {
    "occurred_on": lambda moment: jst_date(moment.occurred_at).isoformat(),
    "occurred_at": lambda moment: moment.occurred_at,
    "recorded_on": lambda moment: jst_date(moment.recorded_at).isoformat(),
    "recorded_at": lambda moment: moment.recorded_at,
    "channel": lambda moment: moment.channel,
    "actor_institution": lambda moment: moment.institution,
    "late": lambda moment: moment.late,
}

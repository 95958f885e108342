"""The names that rules may read, with their values: one flat mapping per question."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from toritsugi.core.family import Family, WorkingCase, ledger_values
from toritsugi.core.frozen import frozen
from toritsugi.core.moments import jst_date
from toritsugi.core.plan import Reads


@frozen
class Moment:
    """The circumstances of one act that rules may read."""

    occurred_at: int
    recorded_at: int
    channel: str | None
    institution: str
    late: bool = False


def environment(family: Family, member: WorkingCase, reads: Reads, moment: Moment) -> dict[str, Any]:
    """Everything that rules with these `reads` may ask about `member`; a name that is absent is not set."""
    values: dict[str, Any] = dict(member.data)
    if reads.personal:
        values.update(member.personal)
    for name in reads.names:
        if name in _ENGINE:
            values[name] = _ENGINE[name](moment)
    if member.ledgers:
        values.update(ledger_values("", member.ledgers))
    for link_id in reads.links:
        _add_link(values, family, member, link_id, inside=link_id in reads.links_inside)
    if reads.deadlines:
        _add_deadlines(values, member, reads)
    return values


def _add_link(values: dict[str, Any], family: Family, member: WorkingCase, link_id: str, *, inside: bool) -> None:
    other = family.linked(member, member.plan.procedure.links[link_id])
    if other is None:
        return
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


_ENGINE: Mapping[str, Callable[[Moment], Any]] = {
    "occurred_on": lambda moment: jst_date(moment.occurred_at).isoformat(),
    "occurred_at": lambda moment: moment.occurred_at,
    "recorded_on": lambda moment: jst_date(moment.recorded_at).isoformat(),
    "recorded_at": lambda moment: moment.recorded_at,
    "channel": lambda moment: moment.channel,
    "actor_institution": lambda moment: moment.institution,
    "late": lambda moment: moment.late,
}

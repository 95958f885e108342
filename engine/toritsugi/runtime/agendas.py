"""What stands on the agenda of a day: the cases of which a running deadline falls on it, and what would meet it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from toritsugi.core.moments import DAY_US, jst_midnight
from toritsugi.core.plan import Plans
from toritsugi.core.values import Actor, Case
from toritsugi.ports import DeadlineRecord
from toritsugi.runtime.views import Views


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaItem:
    """One case on an agenda, as far as the viewer may see it."""

    #: without personal values.
    case: Case
    #: the deadline that falls on the day.
    deadline: DeadlineRecord
    #: events that would meet it and that its state offers now (to a party: only its own), in the order of the procedure.
    events: tuple[str, ...]


class Agendas:
    """Reads agendas; never writes."""

    def __init__(self, views: Views, plans: Plans) -> None:
        self._views = views
        self._plans = plans

    def of(self, on: date, viewer: Actor, procedure: str | None = None) -> list[AgendaItem]:
        """The agenda of a day, by case number; a deadline that has stopped does not fall on any day.

        Args:
            procedure: id of the only procedure that is asked for; None: all.
        """
        until = jst_midnight(on) + DAY_US
        falling = [one for one in self._views.due(until, viewer) if one.due_on == on.isoformat()]
        running = sorted([one for one in falling if one.status != "suspended"], key=lambda one: (one.case_id, one.name))
        items = [self.item(record, viewer) for record in running]
        return [one for one in items if procedure is None or one.case.procedure == procedure]

    def item(self, record: DeadlineRecord, viewer: Actor) -> AgendaItem:
        """One deadline's case, for a viewer.

        Raises:
            UnknownCase: the viewer is no party of it.
        """
        case = replace(self._views.case(record.case_id, viewer), personal=None)
        deadline = self._plans.of(case.content_hash).procedure.deadlines.get(record.name)
        meets = deadline.met_by if deadline is not None else ()
        offered = self._views.can(record.case_id, viewer)
        return AgendaItem(
            case=case,
            deadline=self._views.explained(record, viewer),
            events=tuple(one.event for one in offered if one.possible and one.event in meets),
        )

"""Answers about cases, for a viewer: what a party of the case may read, and nothing to anybody else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from toritsugi.core.outlook import Possibility, outlook
from toritsugi.core.plan import Plans
from toritsugi.core.values import SYSTEM, Actor, Case, Event
from toritsugi.errors import UnknownCase
from toritsugi.ports import DeadlineRecord, MessageRecord, Store, UnitOfWork
from toritsugi.runtime.situation import Situations


class Views:
    """Reads; never writes."""

    def __init__(self, store: Store, plans: Plans, situations: Situations) -> None:
        self._store = store
        self._plans = plans
        self._situations = situations

    def case(self, case_id: str, viewer: Actor) -> Case:
        """The case with its personal data.

        Raises:
            UnknownCase: there is none, or the viewer is no party of it: to a stranger the two look alike.
        """
        with self._store.unit() as unit:
            return self._seen(unit, case_id, viewer)

    def can(self, case_id: str, viewer: Actor) -> tuple[Possibility, ...]:
        """What may be done now; for a party only its own events."""
        with self._store.unit() as unit:
            case = self._seen(unit, case_id, viewer)
            situation = self._situations.around(unit, case, Event(name="", actor=viewer), everything=True)
        found = outlook(self._plans, case_id, situation)
        if _sees_all(viewer):
            return found
        own = {party for party, institution in case.parties.items() if institution == viewer.institution}
        return tuple(one for one in found if own & set(one.by))

    def linked(self, case_id: str, viewer: Actor = SYSTEM) -> Mapping[str, Case]:
        """link -> the open case behind it, of those that the viewer may see; personal data is not loaded."""
        with self._store.unit() as unit:
            case = self._seen(unit, case_id, viewer)
            links = self._plans.of(case.content_hash).procedure.links
            ids = {name: unit.open_case(link.procedure, case.subject or "") for name, link in links.items()}
            found = {name: unit.case(one) for name, one in ids.items() if one is not None and one != case_id}
        return {name: one for name, one in found.items() if one is not None and _sees(viewer, one)}

    def history(self, case_id: str, viewer: Actor = SYSTEM) -> list[Mapping[str, Any]]:
        """The history rows of a case, oldest first."""
        self.case(case_id, viewer)
        return list(self._store.histories(case_id))

    def deadlines(self, case_id: str, viewer: Actor = SYSTEM) -> list[DeadlineRecord]:
        """Every deadline the case ever had, with its explanation."""
        self.case(case_id, viewer)
        return list(self._store.deadlines(case_id))

    def messages(self, case_id: str, viewer: Actor = SYSTEM) -> list[MessageRecord]:
        """Every message of the case and where it is; contents are not part of the answer."""
        self.case(case_id, viewer)
        return list(self._store.messages(case_id))

    def due(self, until: int, viewer: Actor = SYSTEM) -> list[DeadlineRecord]:
        """Running deadlines that are due by `until`, and those already missed, in due order: the viewer's cases only."""
        found = list(self._store.due_list(until))
        if _sees_all(viewer):
            return found
        with self._store.unit() as unit:
            cases = {case_id: unit.case(case_id) for case_id in {one.case_id for one in found}}
        return [one for one in found if _sees(viewer, cases[one.case_id])]

    def cases(
        self,
        viewer: Actor = SYSTEM,
        *,
        procedure: str | None = None,
        state: str | None = None,
        limit: int = 100,
        after: str | None = None,
    ) -> list[Case]:
        """Cases in the order of their ids, from the one after `after`, without personal values: the viewer's only."""
        found = self._store.cases(procedure, state, limit=limit, after=after)
        return [case for case in found if _sees(viewer, case)]

    def _seen(self, unit: UnitOfWork, case_id: str, viewer: Actor) -> Case:
        case = unit.case(case_id, personal=True)
        if case is None or not _sees(viewer, case):
            raise UnknownCase(case=case_id)
        return case


def _sees(viewer: Actor, case: Case | None) -> bool:
    return case is not None and (_sees_all(viewer) or viewer.institution in case.parties.values())


def _sees_all(viewer: Actor) -> bool:
    return viewer is SYSTEM or viewer.operator

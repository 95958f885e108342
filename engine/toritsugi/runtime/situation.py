"""Load what a decision needs to see, and no more: the case, the cases its rules read or signal, ids for new ones."""

from __future__ import annotations

from collections.abc import Mapping

from toritsugi.core.calendar import Calendar
from toritsugi.core.effects import subject_of
from toritsugi.core.plan import EventPlan, Plan, Plans
from toritsugi.core.values import Case, Event, Institution, Situation
from toritsugi.ports import Clock, UnitOfWork
from toritsugi.runtime.ids import CaseIds


class Situations:
    """Makes situations inside a unit of work."""

    def __init__(
        self,
        plans: Plans,
        clock: Clock,
        calendars: Mapping[str, Calendar],
        institutions: Mapping[str, Institution],
    ) -> None:
        self._plans = plans
        self._clock = clock
        self._calendars = calendars
        self._institutions = institutions
        self._ids = CaseIds()

    def now(self) -> int:
        """The present moment."""
        return self._clock.now()

    def fresh_id(self, now: int) -> str:
        """An id for a new case."""
        return self._ids.fresh(now)

    def around(self, unit: UnitOfWork, case: Case, event: Event, *, everything: bool = False) -> Situation:
        """The situation of `event` in `case`, which `unit` has loaded.

        Args:
            everything: load every link, whatever the event reads (for questions about all events at once).
        """
        plan = self._plans.of(case.content_hash)
        gathering = _Gathering(self._plans, unit)
        gathering.add(case, plan, event.name, everything)
        if event.values and case.subject is None:
            gathering.subject = subject_of(plan.procedure, {**case.data, **event.values})
            gathering.add(case, plan, event.name, everything)
        return self.of(gathering)

    def opening(self, unit: UnitOfWork, case: Case) -> Situation:
        """The situation in which `case` is about to be opened."""
        plan = self._plans.of(case.content_hash)
        gathering = _Gathering(self._plans, unit)
        if case.subject is not None:
            if plan.procedure.one_per_subject:
                gathering.find(plan.procedure.id, case.subject)
            gathering.follow(case, plan, plan.condition_reads.links)
        return self.of(gathering)

    def of(self, gathering: _Gathering) -> Situation:
        """A situation of what was gathered; never earlier than what its cases have recorded."""
        now = self._clock.now()
        for case in gathering.cases.values():
            now = max(now, case.recorded_at)
        openings = range(gathering.openings)
        return Situation(
            now=now,
            cases=gathering.cases,
            found=gathering.found,
            calendars=self._calendars,
            institutions=self._institutions,
            fresh_ids=tuple([self._ids.fresh(now) for _ in openings]) if openings else (),
        )


class _Gathering:
    """Cases gathered along the links that rules read."""

    def __init__(self, plans: Plans, unit: UnitOfWork) -> None:
        self._plans = plans
        self._unit = unit
        self.cases: dict[str, Case] = {}
        self.found: dict[tuple[str, str], str | None] = {}
        self.subject: str | None = None
        self.openings = 0
        #: (case, signalled event) followed already: links may run in a ring.
        self._followed: set[tuple[str, str | None]] = set()

    def add(self, case: Case, plan: Plan, event: str | None, everything: bool = False) -> None:
        """Add a case and whatever `event` and the procedure's conditions make it read."""
        self.cases[case.id] = case
        links = plan.condition_reads.links
        event_plan = plan.events.get(event) if event else None
        if everything:
            links = frozenset(plan.procedure.links)
        elif event_plan is not None:
            links = links | event_plan.reads.links
        if links:
            self.follow(case, plan, links, event_plan)

    def follow(self, case: Case, plan: Plan, links: frozenset[str], event_plan: EventPlan | None = None) -> None:
        """Load the cases behind `links`, and what an event signalled there reads in turn."""
        subject = case.subject or self.subject
        if subject is None:
            return
        opens = plan.condition_reads.opens | (event_plan.reads.opens if event_plan is not None else frozenset())
        for name in links:
            link = plan.procedure.links[name]
            if name in opens:
                self.openings += 1
            linked = self.find(link.procedure, subject)
            if linked is None or linked.id == case.id:
                continue
            linked_plan = self._plans.of(linked.content_hash)
            sent = plan.condition_reads.signals | (event_plan.reads.signals if event_plan is not None else frozenset())
            signals: list[str | None] = [signal for target, signal in sent if target == name]
            for signal in signals or [None]:
                way = (linked.id, signal)
                if way not in self._followed and (signal or linked.id not in self.cases):
                    self._followed.add(way)
                    self.add(self._with_personal(linked, linked_plan, signal), linked_plan, signal)

    def _with_personal(self, case: Case, plan: Plan, signal: str | None) -> Case:
        """The case with its personal values, if what is signalled to it reads them."""
        if signal is None or case.personal is not None or case.erased or not case.personal_set:
            return case
        return (self._unit.case(case.id, personal=True) or case) if plan.reads_personal(signal) else case

    def find(self, procedure: str, subject: str) -> Case | None:
        """The open case of `procedure` about `subject`, remembered as found or not."""
        key = (procedure, subject)
        if key not in self.found:
            self.found[key] = self._unit.open_case(procedure, subject)
        case_id = self.found[key]
        if case_id is None:
            return None
        return self.cases.get(case_id) or self._unit.case(case_id)

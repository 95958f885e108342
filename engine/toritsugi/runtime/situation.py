"""Load what a decision needs to see, and no more: the case, the cases its rules read or signal, whatever it asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from toritsugi.core.calendar import Calendar
from toritsugi.core.effects import subject_of
from toritsugi.core.lookups import CaseOf, Child, FreshId, Lookup, NotGathered, OpenAbout, OpenedBy, Tally
from toritsugi.core.plan import EventPlan, Plan, Plans
from toritsugi.core.values import Case, Event, Institution, Situation
from toritsugi.definition.measure import Catalogue
from toritsugi.definition.model import Kinship, Link
from toritsugi.errors import TooLarge, UnknownCase
from toritsugi.ports import Clock, UnitOfWork
from toritsugi.runtime.ids import CaseIds

T = TypeVar("T")

#: how often one decision asks for more: a cascade within its bounds (64 cases, 16 deep) asks less often.
MOST_QUESTIONS = 256


class Situations:
    """Gathers what decisions need inside a unit of work."""

    def __init__(
        self,
        plans: Plans,
        clock: Clock,
        calendars: Mapping[str, Calendar],
        institutions: Mapping[str, Institution],
        catalogues: Sequence[Catalogue] = (),
    ) -> None:
        self._plans = plans
        self._clock = clock
        self._calendars = calendars
        self._institutions = institutions
        self._catalogues = catalogues
        self._ids = CaseIds()

    def now(self) -> int:
        """The present moment."""
        return self._clock.now()

    def fresh_id(self, now: int) -> str:
        """An id for a new case."""
        return self._ids.fresh(now)

    def around(
        self, unit: UnitOfWork, case: Case, event: Event, *, everything: bool = False, at: int | None = None
    ) -> Gathering:
        """What is known for `event` in `case`, which `unit` has loaded.

        Args:
            everything: look behind every link, whatever the event reads (for questions about all events at once).
            at: the moment of an act that this is only a part of; None: the present one.
        """
        plan = self._plans.of(case.content_hash)
        gathering = Gathering(self._plans, unit, self.situation)
        gathering.at = at
        if event.values and case.subject is None:
            gathering.subject = subject_of(plan.procedure, {**case.data, **event.values})
            if plan.procedure.one_per_subject and gathering.subject is not None:
                gathering.open_about(plan.procedure.id, gathering.subject)
        gathering.add(case, plan, event.name, everything)
        return gathering

    def opening(self, unit: UnitOfWork, case: Case) -> Gathering:
        """What is known when `case` is about to be opened."""
        plan = self._plans.of(case.content_hash)
        gathering = Gathering(self._plans, unit, self.situation)
        if case.subject is not None and plan.procedure.one_per_subject:
            gathering.open_about(plan.procedure.id, case.subject)
        return gathering

    def situation(self, gathering: Gathering) -> Situation:
        """A situation of what was gathered; never earlier than what its cases have recorded."""
        now = self._clock.now() if gathering.at is None else gathering.at
        for case in gathering.cases.values():
            now = max(now, case.recorded_at)
        while len(gathering.fresh_ids) < gathering.openings:
            gathering.fresh_ids.append(self._ids.fresh(now))
        return Situation(
            now=now,
            cases=gathering.cases,
            found=gathering.found,
            children=gathering.children,
            counted=gathering.counted,
            calendars=self._calendars,
            institutions=self._institutions,
            catalogues=self._catalogues,
            fresh_ids=tuple(gathering.fresh_ids) if gathering.fresh_ids else (),
        )


class Gathering:
    """What is known for one decision: first what its event is sure to read, then whatever it asks for."""

    def __init__(self, plans: Plans, unit: UnitOfWork, situation: Callable[[Gathering], Situation]) -> None:
        self._plans = plans
        self._unit = unit
        self._situation = situation
        self.cases: dict[str, Case] = {}
        self.found: dict[tuple[str, str], tuple[str, ...]] = {}
        self.children: dict[str, tuple[Child, ...]] = {}
        self.counted: dict[Tally, int] = {}
        self.subject: str | None = None
        self.openings = 0
        #: moment of the act that this decision is a part of; None: it is one of its own.
        self.at: int | None = None
        self.fresh_ids: list[str] = []
        #: (case, signalled event) followed already: links may run in a ring.
        self._followed: set[tuple[str, str | None]] = set()

    def decide(self, make: Callable[[Situation], T]) -> T:
        """What `make` decides on what is known; it is asked again with more as long as it asks for more.

        Raises:
            TooLarge: CASCADE_TOO_LONG, it asked more often than a cascade within bounds can.
        """
        for _ in range(MOST_QUESTIONS):
            try:
                return make(self._situation(self))
            except NotGathered as missing:
                for wanted in missing.wanted:
                    self._look_up(wanted)
        raise TooLarge("CASCADE_TOO_LONG", limit=MOST_QUESTIONS)

    def situation(self) -> Situation:
        """What is known, for a question that decides nothing."""
        return self._situation(self)

    def _look_up(self, wanted: Lookup) -> None:
        match wanted:
            case CaseOf(case_id=case_id, personal=personal):
                self._load(case_id, personal=personal)
            case OpenAbout(procedure=procedure, subject=subject):
                self.open_about(procedure, subject)
            case OpenedBy(case_id=case_id):
                self.children[case_id] = tuple(self._unit.opened_by(case_id))
            case Tally():
                self.counted[wanted] = self._unit.number_of(wanted)
            case FreshId():
                self.openings += 1

    def _load(self, case_id: str, *, personal: bool = False) -> Case:
        case = self._unit.case(case_id, personal=personal)
        if case is None:
            raise UnknownCase(case=case_id)
        known = self.cases.get(case_id)
        if known is not None and known.revision != case.revision:
            self.children.pop(case_id, None)  # looked up beside a row that is not the one that will be checked
        self.cases[case_id] = case
        return case

    def open_about(self, procedure: str, subject: str) -> tuple[str, ...]:
        """The open cases of `procedure` about `subject`, remembered as found or not."""
        key = (procedure, subject)
        if key not in self.found:
            self.found[key] = tuple(self._unit.open_cases(procedure, subject))
        return self.found[key]

    def add(self, case: Case, plan: Plan, event: str | None, everything: bool = False) -> None:
        """Add a case and whatever `event` and the procedure's conditions are sure to make it read."""
        self.cases[case.id] = case
        links = plan.condition_reads.links
        event_plan = plan.events.get(event) if event else None
        if everything:
            links = frozenset(plan.procedure.links)
        elif event_plan is not None:
            links = links | event_plan.reads.links
        for name in links:
            self._follow(case, plan, plan.procedure.links[name], event_plan)

    def _follow(self, case: Case, plan: Plan, link: Link, event_plan: EventPlan | None) -> None:
        """Load the case behind a link, and what an event signalled there reads in turn."""
        reads = plan.condition_reads if event_plan is None else event_plan.reads
        if link.id in reads.opens or link.id in plan.condition_reads.opens:
            self.openings += 1
        linked = self._behind(case, link)
        if linked is None or linked == case.id:
            return
        other = self.cases.get(linked) or self._load(linked)
        signals: list[str | None] = [signal for target, signal in reads.signals if target == link.id]
        for signal in signals or [None]:
            way = (linked, signal)
            if way not in self._followed:
                self._followed.add(way)
                plan_there = self._plans.of(other.content_hash)
                other = self._with_personal(other, plan_there, signal)
                self.add(other, plan_there, signal)

    def _with_personal(self, case: Case, plan: Plan, signal: str | None) -> Case:
        """The case with its personal values, if what is signalled to it reads them."""
        if signal is None or case.personal is not None or case.erased or not case.personal_set:
            return case
        return self._load(case.id, personal=True) if plan.reads_personal(signal) else case

    def _behind(self, case: Case, link: Link) -> str | None:
        """Id of the case that the link is likely to lead to; what it does lead to is the decision's to say."""
        if link.relation is Kinship.SUBJECT:
            subject = case.subject or self.subject
            found = () if subject is None else self.open_about(link.procedure, subject)
            return next((case_id for case_id in found if case_id != case.id), None)
        if link.relation is Kinship.PARENT:
            return case.parent
        opener = case.id if link.relation is Kinship.CHILD else case.parent
        if opener is None:
            return None
        if opener not in self.children:
            self._look_up(OpenedBy(case_id=opener))
        kin = self.children[opener]
        if link.relation is Kinship.CHILD:
            return next((one.id for one in reversed(kin) if one.link == link.id), None)
        return next((one.id for one in reversed(kin) if one.procedure == link.procedure and one.id != case.id), None)

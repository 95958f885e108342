"""The cases a decision touches, as working copies: loaded values below, what the decision changed above."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from toritsugi.core.allowance import Allowance
from toritsugi.core.lookups import Absence, CaseOf, Child, Counted, FreshId, NotGathered, OpenAbout, OpenedBy, Tally
from toritsugi.core.plan import Plan, Plans
from toritsugi.core.values import (
    ArmedDeadline,
    Case,
    CaseChange,
    Decision,
    EndedDeadline,
    GivenApproval,
    Message,
    RunningDeadline,
    Situation,
    Step,
    SuspendedDeadline,
)
from toritsugi.definition.model import Kinship, Link
from toritsugi.errors import TooLarge

MOST_STEPS_DEEP = 16
MOST_CASES = 64

#: the properties of a ledger that rules may read.
LEDGER_VALUES = ("available", "reserved", "consumed", "ceiling", "balance")


class WorkingCase:
    """One case while it is being decided on; nothing outside the decision ever sees it."""

    __slots__ = (
        "approvals",
        "armed",
        "before",
        "case",
        "data",
        "deadlines",
        "done",
        "ended",
        "endings",
        "ledgers",
        "messages",
        "parties",
        "personal",
        "personal_set",
        "plan",
        "recall_all",
        "recall_approvals",
        "seq",
        "state",
        "steps",
        "subject",
        "suspended",
        "withdrawn",
    )

    def __init__(self, plan: Plan, case: Case, *, opened: bool = False) -> None:
        self.plan = plan
        self.before: Case | None = None if opened else case
        self.case = case
        self.seq = case.revision
        self.state = case.state
        self.ended = case.ended
        self.withdrawn = case.withdrawn
        self.subject = case.subject
        self.parties = case.parties
        self.data: dict[str, Any] = dict(case.data)
        self.personal: dict[str, Any] = dict(case.personal or {})
        self.personal_set = case.personal_set
        self.approvals: dict[str, GivenApproval] = dict(case.approvals)
        self.deadlines: dict[str, RunningDeadline] = dict(case.deadlines)
        self.suspended: dict[str, SuspendedDeadline] = dict(case.suspended)
        self.done = case.done
        self.ledgers: dict[str, Allowance] = dict(case.ledgers)
        self.steps: list[Step] = []
        self.armed: list[ArmedDeadline] = []
        self.endings: list[EndedDeadline] = []
        self.messages: list[Message] = []
        self.recall_all = False
        self.recall_approvals: list[str] = []

    @property
    def id(self) -> str:
        """The case's id."""
        return self.case.id

    def is_set(self, name: str) -> bool:
        """Whether the field has a value, personal ones included."""
        return self.data.get(name) is not None or name in self.personal_set

    def is_open_about(self, procedure: str, subject: str) -> bool:
        """Whether it is what a link by subject leads to."""
        return self.subject == subject and self.case.procedure == procedure and not self.ended

    def is_counted(self, tally: Tally) -> bool:
        """Whether it is among the cases of a tally as it stands now."""
        return tally.takes(self.case.procedure, self.state, self.subject, self.data, ended=self.ended)

    def was_counted(self, tally: Tally) -> bool:
        """Whether it was among them before this decision."""
        was = self.before
        return was is not None and tally.takes(was.procedure, was.state, was.subject, was.data, ended=was.ended)

    def has_become_about(self) -> bool:
        """Whether it is about its subject since this decision."""
        return self.before is None or self.before.subject != self.subject

    def put(self, name: str, value: Any) -> None:
        """Give a field a value, or clear it with None."""
        if name in self.plan.personal:
            self.personal[name] = value
            self.personal_set = self.personal_set - {name} if value is None else self.personal_set | {name}
        elif value is None:
            self.data.pop(name, None)
        else:
            self.data[name] = value

    def end_deadline(self, name: str, status: str, seq: int) -> None:
        """Take a running deadline, or one that has stopped, off the case."""
        running = self.deadlines.pop(name) if name in self.deadlines else self.suspended.pop(name)
        self.endings.append(EndedDeadline(name=name, seq=running.seq, status=status, ended_seq=seq))

    def change(self) -> CaseChange:
        """What became of the case."""
        steps = self.steps
        if len(steps) > 1:
            # a signal that comes back writes its row before the step that caused it is complete
            steps = sorted(steps, key=lambda step: step.seq)
        before = self.case
        occurred_at = before.occurred_at
        for step in steps:
            occurred_at = max(occurred_at, step.occurred_at)
        after = Case(
            id=before.id,
            procedure=before.procedure,
            version=before.version,
            content_hash=before.content_hash,
            state=self.state,
            ended=self.ended,
            withdrawn=self.withdrawn,
            revision=self.seq,
            head=before.head,
            opened_at=before.opened_at,
            recorded_at=steps[-1].recorded_at,
            occurred_at=occurred_at,
            subject=self.subject,
            one_per_subject=before.one_per_subject,
            parent=before.parent,
            opened_by_link=before.opened_by_link,
            parties=self.parties,
            data=self.data,
            personal_set=self.personal_set,
            # what was not loaded is not known now either, however much this decision gave
            personal=None if before.personal is None and self.before is not None else self.personal,
            approvals=self.approvals,
            deadlines=self.deadlines,
            suspended=self.suspended,
            done=self.done,
            ledgers=self.ledgers,
            erased=before.erased,
        )
        return CaseChange(
            before=self.before,
            after=after,
            steps=tuple(steps),
            armed=tuple(self.armed),
            ended=tuple(self.endings),
            messages=tuple(self.messages),
            recall_all=self.recall_all,
            recall_approvals=tuple(self.recall_approvals),
        )


class Family:
    """Every case of one decision."""

    __slots__ = ("_absent", "_born", "_counted", "_fresh", "_members", "conditional", "plans", "situation")

    def __init__(self, plans: Plans, situation: Situation) -> None:
        self.plans = plans
        self.situation = situation
        self._members: dict[str, WorkingCase] = {}
        self._fresh = iter(situation.fresh_ids)
        #: case id -> the cases that it opens in this decision.
        self._born: dict[str, list[Child]] = {}
        #: (procedure, subject) of which no open case was there.
        self._absent: set[tuple[str, str]] = set()
        #: what was counted.
        self._counted: dict[Tally, None] = {}
        #: whether any member has conditions on which the engine fires events.
        self.conditional = False

    def member(self, case_id: str) -> WorkingCase:
        """The working copy of a loaded case."""
        member = self._members.get(case_id)
        if member is None:
            case = self.situation.cases.get(case_id)
            if case is None:
                raise NotGathered(CaseOf(case_id=case_id))
            member = self._add(WorkingCase(self.plans.of(case.content_hash), case))
        return member

    def linked(self, member: WorkingCase, link: Link) -> WorkingCase | None:
        """The open case behind a link; None if there is none (any more)."""
        other = self.behind(member, link)
        return None if other is None or other.ended else other

    def behind(self, member: WorkingCase, link: Link) -> WorkingCase | None:
        """The case behind a link, open or ended; by subject only an open one is there at all.

        Raises:
            NotGathered: whether there is one has to be looked up.
        """
        if link.relation is Kinship.SUBJECT:
            return self.open_about(member, link.procedure, member.subject)
        if link.relation is Kinship.PARENT:
            parent = self.member(member.case.parent) if member.case.parent else None
            return parent if parent is not None and parent.case.procedure == link.procedure else None
        kin = self._kin(member, link)
        return self.member(kin[-1].id) if kin else None

    def every(self, member: WorkingCase, link: Link) -> list[WorkingCase]:
        """Every open case that was opened through a link, in the order of opening."""
        kin = [one for one in self._kin(member, link) if not one.ended]
        unseen = [one.id for one in kin if one.id not in self._members and one.id not in self.situation.cases]
        if unseen:
            raise NotGathered(*[CaseOf(case_id=case_id) for case_id in unseen])
        return [other for other in [self.member(one.id) for one in kin] if not other.ended]

    def _kin(self, member: WorkingCase, link: Link) -> list[Child]:
        """What was opened through the link, or what its parent opened for the link's procedure, the case itself left out."""
        if link.relation is Kinship.CHILD:
            return [one for one in self._opened_by(member) if one.link == link.id]
        if member.case.parent is None:
            return []
        parent = self.member(member.case.parent)
        return [one for one in self._opened_by(parent) if one.procedure == link.procedure and one.id != member.id]

    def _opened_by(self, parent: WorkingCase) -> list[Child]:
        """What a case has opened. Nothing can join them unseen: opening one is a row of `parent`, which is read or written."""
        known: tuple[Child, ...] | None = () if parent.before is None else self.situation.children.get(parent.id)
        if known is None:
            raise NotGathered(OpenedBy(case_id=parent.id))
        return [*known, *self._born.get(parent.id, ())]

    def open_about(self, member: WorkingCase, procedure: str, subject: str | None) -> WorkingCase | None:
        """The oldest open case of a procedure about a subject, `member` itself left out."""
        if subject is None:
            return None
        key = procedure, subject
        found = self.situation.found.get(key)
        if found is None:
            raise NotGathered(OpenAbout(procedure=procedure, subject=subject))
        for case_id in found:
            if case_id != member.id and (other := self.member(case_id)).is_open_about(*key):
                return other
        for other in self._members.values():
            if other is not member and other.is_open_about(*key):
                return other
        self._absent.add(key)
        return None

    def count(self, member: WorkingCase, tally: Tally) -> int:
        """How many cases but `member` a tally takes, as they stand now.

        Raises:
            NotGathered: they have to be counted.
        """
        self._counted[tally] = None
        return self._number_of(tally) - member.is_counted(tally)

    def _number_of(self, tally: Tally) -> int:
        """How many there are: those that were counted, with what this decision has done to its own cases."""
        number = self.situation.counted.get(tally)
        if number is None:
            raise NotGathered(tally)
        members = self._members.values()
        return number + sum([one.is_counted(tally) - one.was_counted(tally) for one in members])

    def know_personal(self, member: WorkingCase) -> None:
        """That the case's personal values are there, if it has any.

        Raises:
            NotGathered: they were not loaded.
        """
        case = member.case
        if case.personal is None and member.before is not None and case.personal_set and not case.erased:
            raise NotGathered(CaseOf(case_id=member.id, personal=True))

    def not_looked_for(self, member: WorkingCase) -> set[str]:
        """Links of the case that this decision had no need to look behind."""
        return {link.id for link in member.plan.procedure.links.values() if not self.has_looked(member, link)}

    def has_looked(self, member: WorkingCase, link: Link) -> bool:
        """Whether it is known what is behind the link."""
        try:
            self.behind(member, link)
        except NotGathered:
            return False
        return True

    def add_opened(self, case: Case) -> WorkingCase:
        """Add a case that this decision opens."""
        if case.parent is not None:
            child = Child(id=case.id, link=case.opened_by_link or "", procedure=case.procedure, ended=False)
            self._born.setdefault(case.parent, []).append(child)
        return self._add(WorkingCase(self.plans.of(case.content_hash), case, opened=True))

    def fresh_id(self) -> str:
        """An id for a case to be opened."""
        found = next(self._fresh, None)
        if found is None:
            raise NotGathered(FreshId())
        return found

    def touched(self) -> list[WorkingCase]:
        """Members with a step of their own, in the order they were first touched."""
        return [member for member in self._members.values() if member.steps]

    def decision(self, case_id: str) -> Decision:
        """Everything that was decided, in the global order."""
        members = [member for _, member in sorted(self._members.items())]
        return Decision(
            case_id=case_id,
            changes=tuple([member.change() for member in members if member.steps]),
            read=tuple([(member.id, member.case.revision) for member in members if not member.steps]),
            absent=tuple(self._absences(members)) if self._absent else (),
            counted=tuple([Counted(tally=one, number_then=self._number_of(one)) for one in self._counted])
            if self._counted
            else (),
        )

    def rest_on(self, other: Family) -> None:
        """Rest on everything that another attempt at the same decision has looked at, too."""
        for case_id in other._members:
            if case_id in self.situation.cases:
                self.member(case_id)
        self._absent |= other._absent
        self._counted |= other._counted

    def _absences(self, members: list[WorkingCase]) -> Iterator[Absence]:
        """What was not there; an index of the store sees to it where a case is opened of which there may be one only."""
        for key in sorted(self._absent):
            seen = self.situation.found[key]
            there = [one for one in members if one.is_open_about(*key) and (one.id in seen or one.has_become_about())]
            if not any(one.case.one_per_subject and one.has_become_about() for one in there):
                yield Absence(procedure=key[0], subject=key[1], open_then=len(there))

    def _add(self, member: WorkingCase) -> WorkingCase:
        if len(self._members) >= MOST_CASES:
            raise TooLarge("CASCADE_TOO_LONG", limit=MOST_CASES)
        self._members[member.id] = member
        if member.plan.conditions:
            self.conditional = True
        return member


def ledger_values(prefix: str, ledgers: Mapping[str, Allowance]) -> dict[str, int]:
    """The readable properties of ledgers, as names of the environment."""
    values: dict[str, int] = {}
    for name, allowance in ledgers.items():
        for part in LEDGER_VALUES:
            values[f"{prefix}{name}.{part}"] = getattr(allowance, f"{part}_yen")
    return values

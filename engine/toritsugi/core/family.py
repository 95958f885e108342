"""The cases a decision touches, as working copies: loaded values below, what the decision changed above."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from toritsugi.core.allowance import Allowance
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
)
from toritsugi.definition.model import Link
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
        """Take a running deadline off the case."""
        running = self.deadlines.pop(name)
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
            parties=self.parties,
            data=self.data,
            personal_set=self.personal_set,
            # what was not loaded is not known now either, however much this decision gave
            personal=None if before.personal is None and self.before is not None else self.personal,
            approvals=self.approvals,
            deadlines=self.deadlines,
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

    __slots__ = ("_fresh", "_members", "conditional", "plans", "situation")

    def __init__(self, plans: Plans, situation: Situation) -> None:
        self.plans = plans
        self.situation = situation
        self._members: dict[str, WorkingCase] = {}
        self._fresh = iter(situation.fresh_ids)
        #: whether any member has conditions on which the engine fires events.
        self.conditional = False

    def member(self, case_id: str) -> WorkingCase:
        """The working copy of a loaded case."""
        member = self._members.get(case_id)
        if member is None:
            case = self.situation.cases[case_id]
            member = self._add(WorkingCase(self.plans.of(case.content_hash), case))
        return member

    def linked(self, member: WorkingCase, link: Link) -> WorkingCase | None:
        """The open case behind a link; None if there is none (any more)."""
        for other in self._members.values():
            if other.subject == member.subject and other.case.procedure == link.procedure and not other.ended:
                return None if other is member else other
        if member.subject is None:
            return None
        found = self.situation.found.get((link.procedure, member.subject))
        if found is None or found == member.id:
            return None
        other = self.member(found)
        return None if other.ended else other

    def not_looked_for(self, member: WorkingCase) -> set[str]:
        """Links of the case that this decision had no need to look behind."""
        links = member.plan.procedure.links.values()
        return {link.id for link in links if (link.procedure, member.subject or "") not in self.situation.found}

    def add_opened(self, case: Case) -> WorkingCase:
        """Add a case that this decision opens."""
        return self._add(WorkingCase(self.plans.of(case.content_hash), case, opened=True))

    def fresh_id(self) -> str:
        """An id for a case to be opened."""
        return next(self._fresh)

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
        )

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

"""A world of cases in memory for tests of `decide`: it applies decisions to plain values, without store or clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

from toritsugi.core.decide import decide, decide_opening, decide_passing
from toritsugi.core.effects import new_case, subject_of
from toritsugi.core.lookups import Child
from toritsugi.core.plan import Plan, plan
from toritsugi.core.refusal import Authority
from toritsugi.core.values import Actor, Case, Decision, Event, Institution, Message, Situation, Step
from toritsugi.definition.load import load, load_interface
from toritsugi.definition.types import Title
from toritsugi.runtime.calendars import build_calendar

FOLDER = Path(__file__).parent / "procedures"
START = 1_776_000_000_000_000  # 2026-04-12T13:20:00Z, a Sunday evening in Japan
HOUR = 3_600_000_000

COMPANY = Actor(id="c1", institution="acme", role="company")
BANK = Actor(id="b1", institution="test_bank", role="bank")
ADVISER = Actor(id="a1", institution="adviser_office", role="adviser")


class TestPlans:
    """The procedures of tests/procedures, compiled once."""

    __test__ = False

    def __init__(self) -> None:
        texts = {path.stem: path.read_bytes() for path in FOLDER.glob("*.yaml")}
        interfaces = {name: load_interface(text, file=name) for name, text in texts.items()}
        self._plans = {name: plan(load(text, file=name, interfaces=interfaces.get)) for name, text in texts.items()}

    def current(self, procedure: str) -> Plan:
        return self._plans[procedure]

    def of(self, content_hash: str) -> Plan:
        return next(one for one in self._plans.values() if one.procedure.content_hash == content_hash)


PLANS = TestPlans()
CALENDARS = {"test_bank": build_calendar("test_bank", Title(ja="銀行", en="Bank"))}
INSTITUTIONS = {
    "test_bank": Institution(
        id="test_bank", title={"ja": "試験銀行", "en": "Test bank"}, addresses={"email": "desk@bank.example.jp"}
    ),
    "adviser_office": Institution(
        id="adviser_office", title={"ja": "相談所", "en": "Advisers"}, addresses={"email": "desk@adviser.example.jp"}
    ),
}


class _Known(dict[Any, tuple[Any, ...]]):
    """Everything was looked up, and what is not here is not there."""

    def __missing__(self, key: Any) -> tuple[Any, ...]:
        return ()

    def get(self, key: Any, default: Any = None) -> tuple[Any, ...]:
        return self[key]


class World:
    """Cases, and everything that was decided about them."""

    def __init__(self) -> None:
        self.cases: dict[str, Case] = {}
        self.steps: list[Step] = []
        self.messages: list[Message] = []
        self.now = START
        self._number = 0

    def fresh_id(self) -> str:
        self._number += 1
        return f"case-{self._number:04}"

    def situation(self) -> Situation:
        found, children = _Known(), _Known()
        for case in self.cases.values():
            if case.subject is not None and not case.ended:
                found[case.procedure, case.subject] += (case.id,)
            if case.parent is not None:
                child = Child(id=case.id, link=case.opened_by_link or "", procedure=case.procedure, ended=case.ended)
                children[case.parent] += (child,)
        return Situation(
            now=self.now,
            cases=dict(self.cases),
            found=found,
            children=children,
            calendars=CALENDARS,
            institutions=INSTITUTIONS,
            fresh_ids=tuple(f"case-{self._number + 1 + n:04}" for n in range(3)),
        )

    def open(self, procedure: str, actor: Actor, values: Mapping[str, Any], **parties: str) -> str:
        definition = PLANS.current(procedure).procedure
        if actor.role:
            parties.setdefault(actor.role, actor.institution)
        case = new_case(
            definition,
            self.fresh_id(),
            data={},
            parties=parties,
            now=self.now,
            subject=subject_of(definition, values),
        )
        event = Event(name="open", actor=actor, values=values)
        self.apply(decide_opening(PLANS, case, event, self.situation()))
        return case.id

    def send(
        self,
        case_id: str,
        name: str,
        actor: Actor,
        values: Mapping[str, Any] | None = None,
        *,
        authority: Authority | None = None,
        **circumstances: Any,
    ) -> Decision:
        event = Event(name=name, actor=actor, values=values or {}, **circumstances)
        return self.apply(decide(PLANS, case_id, event, self.situation(), authority))

    def pass_deadline(self, case_id: str, name: str) -> Decision:
        self.now = max(self.now, self.cases[case_id].deadlines[name].due_at)
        return self.apply(decide_passing(PLANS, case_id, name, self.situation()))

    def apply(self, decision: Decision) -> Decision:
        for change in decision.changes:
            self._number += (
                change.before is None and change.after.id not in self.cases and self._number < int(change.after.id[-4:])
            )
            self.cases[change.after.id] = replace(change.after, head=b"")
            self.steps += change.steps
            self.messages += change.messages
        return decision

    def snapshot(self) -> tuple[Any, ...]:
        """Everything there is, to compare."""
        return (dict(self.cases), list(self.steps), list(self.messages))


def laid_open(value: Any) -> Any:
    """Everything inside a value, what its repr keeps back included."""
    if is_dataclass(value):
        return {one.name: laid_open(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {name: laid_open(part) for name, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [laid_open(part) for part in value]
    return value

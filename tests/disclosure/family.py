"""What the generator keeps in mind about one family of cases: who is who, what was said, and who may know it."""

import random
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from disclosure.facts import Fact, Facts, forms_of
from toritsugi.core.values import SYSTEM, Actor, Case
from toritsugi.engine import Engine


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One event that somebody is about to send."""

    case_id: str
    procedure: str
    event: str
    institution: str
    values: Mapping[str, Any]
    channel: str | None = None
    reason: str | None = None


class Family(ABC):
    """One story: a few cases, the institutions in them, and a second opinion on who may know what."""

    #: event -> code of its refusal -> the row whose reader may be told that code.
    telling_codes: Mapping[str, Mapping[str, str]] = {}
    #: what is tried less often than the rest, and how often.
    seldom: Mapping[str, float] = {}

    def __init__(self, engine: Engine, facts: Facts, number: int, rng: random.Random) -> None:
        self.engine, self.facts, self.number, self.rng = engine, facts, number, rng
        #: case id -> its procedure, in the order in which they came to be known.
        self.cases: dict[str, str] = {}
        #: the states of the cases, as the engine told them last.
        self.states: dict[str, str] = {}

    # -- what a family says of itself --

    @abstractmethod
    def begin(self) -> None:
        """Open it, and lead it to where the interesting part begins."""

    @property
    @abstractmethod
    def institutions(self) -> list[str]:
        """Everybody who has anything to do with it, those who may know least first."""

    @property
    @abstractmethod
    def guarded(self) -> list[str]:
        """Those from whom anything is kept: they are asked after every step."""

    @abstractmethod
    def members(self, case_id: str) -> set[str]:
        """The institutions that play a part in a case now."""

    @abstractmethod
    def may_read(self, institution: str, row: str, scope: str | None) -> bool:
        """Whether an institution may see what belongs to a row."""

    @abstractmethod
    def field_row(self, case_id: str, name: str) -> tuple[str, str | None]:
        """Row and scope of a field as it stands in a case."""

    @abstractmethod
    def value_row(self, case_id: str, name: str) -> tuple[str, str | None]:
        """Row and scope of a value that is given for that field: where it may be carried from there."""

    @abstractmethod
    def reason_row(self, case_id: str) -> str:
        """The row of a reason that is written in a case."""

    @abstractmethod
    def right_value(self, case_id: str, name: str) -> Any:
        """The value with which things go on; None: any value will do."""

    @abstractmethod
    def player(self, case_id: str, party: str) -> str | None:
        """Who plays a part in a case."""

    @abstractmethod
    def came_up(self, case: Case) -> None:
        """A case was opened."""

    def learn(self, act: Act) -> None:  # noqa: B027  # most acts teach nothing
        """An act was carried out."""

    #: fields that are given wrongly by nobody, because the generator has to know who is meant.
    always_right: frozenset[str] = frozenset()
    #: random acts in one history.
    length = 18
    #: where a story may begin, and where this one does.
    beginnings: Sequence[str] = ("anew",)
    beginning = "anew"

    def weight(self, event: str) -> float:
        """How often an event is chosen among those that are possible."""
        return self.seldom.get(event, 1.0)

    def right_channel(self, event: str) -> str | None:
        """The channel with which things go on; None: any will do."""
        return None

    def explains(self, institution: str, case_id: str, deadline: str) -> bool:
        """Whether an institution may know how a date was counted."""
        return True

    # -- what they have in common --

    def may_know(self, institution: str, fact: Fact) -> bool:
        """Whether an institution may see a fact now."""
        return institution in fact.givers or self.may_read(institution, fact.row, fact.scope)

    def may_see_field(self, institution: str, case_id: str, name: str) -> bool:
        """Whether an institution may see what stands in a field of a case."""
        return self.may_read(institution, *self.field_row(case_id, name))

    def look(self) -> set[str]:
        """See which cases there are and where they stand; ids of those that moved."""
        moved = set()
        for case in self.engine.views.cases(SYSTEM, limit=1000):
            if case.id not in self.cases and (case.parent in self.cases):
                self.cases[case.id] = case.procedure
                self.came_up(case)
            if case.id in self.cases and self._mark(case) != self.states.get(f"{case.id}#"):
                self.states |= {case.id: case.state, f"{case.id}#": self._mark(case)}
                moved.add(case.id)
        return moved

    def _mark(self, case: Case) -> str:
        return str(case.revision)

    def note(self, value: Any, kind: str, row: str, scope: str | None, *givers: str, name: str = "") -> Any:
        """Remember a value as a fact; the value."""
        fact = Fact(
            forms=forms_of(value, kind),
            row=row,
            scope=scope,
            family=self.number,
            givers=frozenset(givers),
            name=name,
        )
        self.facts.note(fact)
        return value

    def institution(self, row: str, scope: str | None = None) -> str:
        """A new institution, whose id is a fact of its own."""
        id_ = self.facts.fresh_text()
        return str(self.note(id_, "text", row, id_ if scope == "itself" else scope, id_, name="institution"))

    def value(self, case_id: str, procedure: str, name: str, sender: str) -> Any:
        """A value for a field: new, and remembered if it can be told from all others."""
        field = self.engine.procedure(procedure).data[name]
        row, scope = self.value_row(case_id, name)
        kind = field.type.kind.value
        made = self._made(kind, field)
        if kind in ("text", "moment", "yen", "corporate_number", "institution"):
            self.note(made, kind, row, scope, sender, name=name)
        return made

    def _made(self, kind: str, field: Any) -> Any:
        match kind:
            case "text" | "institution":
                return self.facts.fresh_text()
            case "moment":
                return self.facts.fresh_moment()
            case "yen":
                return self.facts.fresh_yen()
            case "corporate_number":
                return self.facts.fresh_corporate_number()
            case "integer":
                return self.rng.randint(1, 5)
            case "date":
                return "2026-10-0" + str(self.rng.randint(1, 9))
            case "yes_no":
                return self.rng.random() < 0.7
            case "list":
                return [self.rng.choice(list(field.type.item.options))]
            case _:
                return self.rng.choice(list(field.type.options))

    def never_said(self, act: Act) -> None:
        """What was refused was said to nobody: it may turn up nowhere, except to whoever tried to say it."""
        for mark, fact in list(self.facts.texts.items()):
            if fact.name != "institution" and any(mark in str(value) for value in (*act.values.values(), act.reason)):
                spoken_before = fact.row == "never" or mark not in self._fresh
                if not spoken_before:
                    self.note(mark, "text", "never", None, act.institution, name=fact.name)

    #: texts that were made for the act at hand.
    _fresh: frozenset[str] = frozenset()

    def act(self, case_id: str, event: str, institution: str, names: list[str], *, right: bool, **how: Any) -> Act:
        """An event with values for these fields."""
        procedure = self.cases[case_id]
        before = set(self.facts.texts)
        values = {}
        for name in names:
            good = self.right_value(case_id, name) if right or name in self.always_right else None
            values[name] = self.value(case_id, procedure, name, institution) if good is None else good
        reason = how.pop("reason", None)
        if reason is True:
            reason = self.facts.fresh_text()
            self.note(reason, "text", self.reason_row(case_id), None, institution, name="reason")
        self._fresh = frozenset(set(self.facts.texts) - before)
        return Act(
            case_id=case_id,
            procedure=procedure,
            event=event,
            institution=institution,
            values=values,
            reason=reason,
            **how,
        )


def staff_of(institution: str, role: str | None = None) -> Actor:
    """Somebody at an institution; the id says which, so that it is known wherever it shows up."""
    return Actor(id=f"staff-{institution}", institution=institution, role=role)

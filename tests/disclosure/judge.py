"""Holds what somebody was told against what they may know, and writes down what is too much."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from disclosure.consortium import OFFICE
from disclosure.facts import Facts
from disclosure.family import Act, Family
from toritsugi.engine import Engine
from toritsugi.errors import NotPossible


@dataclass(frozen=True, slots=True, kw_only=True)
class Leak:
    """Something that reached somebody who may not have it."""

    #: steps that were taken until it showed, over all histories.
    step: int
    act: str
    output: str
    viewer: str
    what: str

    def __str__(self) -> str:
        return f"step {self.step} ({self.act}): {self.output} shows {self.viewer} {self.what}"


@dataclass(slots=True)
class Judge:
    """Judges every output of a run."""

    engine: Engine
    facts: Facts = field(default_factory=Facts)
    families: list[Family] = field(default_factory=list)
    leaks: list[Leak] = field(default_factory=list)
    #: how much was read.
    answers: int = 0
    #: where the run stands: steps taken, and what is being done.
    step: int = 0
    act: str = ""

    def scan(self, family: Family, output: str, institution: str, value: Any, *, named: str = "") -> None:
        """No text that is told may hold a fact that its reader may not know, or has not said itself (`named`)."""
        self.answers += 1
        text = value if isinstance(value, str) else repr(value)
        text = text.replace(named, "") if named else text
        for fact in self.facts.told_in(text, family.number):
            home = self.families[fact.family - 1]
            if not home.may_know(institution, fact):
                self.leak(output, institution, f"{fact.name or 'a value'} of the row {fact.row}", home)

    def nobody(self, output: str, text: str, family: Family) -> None:
        """What is for nobody's eyes, such as a log: no value may stand in it, whoever reads it."""
        self.answers += 1
        for fact in self.facts.told_in(text, family.number):
            if fact.name not in ("institution", "case id"):
                self.leak(output, "whoever reads it", f"{fact.name or 'a value'} of the row {fact.row}", family)

    def names(self, family: Family, output: str, institution: str, value: Any) -> None:
        """Choices, dates and counts have no mark of their own: that there is anything under a field's name is enough."""
        for case, name in sorted(_fields_told(output, value)):
            known = case in family.cases and name in self.engine.procedure(family.cases[case]).data
            if known and not family.may_see_field(institution, case, name):
                row = family.field_row(case, name)[0]
                self.leak(output, institution, f"what stands in the field {name} (row {row})", family)

    def dates(self, family: Family, output: str, institution: str, case_id: str, records: Any) -> None:
        """How a date was counted is told to whoever may see what it was counted from."""
        for one in records:
            told = "".join(one["explanation"].values())
            if any(sign.isdigit() for sign in told) and not family.explains(institution, case_id, one["name"]):
                self.leak(output, institution, f"how the deadline {one['name']} was counted", family)

    def refusal(self, family: Family, act: Act, error: NotPossible) -> None:
        """Nor may a refusal's code tell how a hidden value stands."""
        for code in {error.code, *(str(reason.get("code")) for reason in error.reasons)}:
            self.code(family, "refusal", act.institution, act.event, code)

    def code(self, family: Family, output: str, institution: str, event: str, code: str) -> None:
        """A reason may not tell how a value stands that its reader may not see."""
        row = family.telling_codes.get(event, {}).get(code)
        if row is not None and not family.may_read(institution, row, None):
            self.leak(output, institution, f"that {event} is refused for {code}, which tells of the row {row}", family)

    def leak(self, output: str, institution: str, what: str, family: Family | None = None) -> None:
        """Write it down, once."""
        viewer = self._called(institution, family or self.families[-1])
        if not any((one.output, one.viewer, one.what) == (output, viewer, what) for one in self.leaks):
            self.leaks.append(Leak(step=self.step, act=self.act, output=output, viewer=viewer, what=what))

    @staticmethod
    def _called(institution: str, family: Family) -> str:
        """What an institution is in the story, so that a finding can be read."""
        for name in ("company", "referrer", "adviser", "first", "candidate"):
            if getattr(family, name, None) == institution:
                return f"the {name}"
        if institution in getattr(family, "candidates", ()):
            return f"candidate {family.candidates.index(institution) + 1}"  # type: ignore[attr-defined]  # as asked
        return institution if institution in (OFFICE, "test_office", "whoever reads it") else "a stranger"


def _fields_told(output: str, value: Any) -> Iterator[tuple[str, str]]:
    """Case and field of every field of which something is told."""
    match output:
        case "case":
            yield from _of_case(value)
        case "history":
            for row in value:
                yield from _of_row(row)
        case "linked":
            for one in value.values():
                yield from _of_case(one)
        case "family":
            for one in value["relatives"]:
                yield from _of_case(one["case"])
            for row in value["rows"]:
                yield from _of_row(row)


def _of_case(case: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name in {*case["data"], *(case["personal"] or {}), *case["personal_set"]}:
        yield case["id"], name


def _of_row(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for member in ("values", "personal", "cleared"):
        for name in row.get(member, ()):
            yield row["case"], name

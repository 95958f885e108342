"""Runs specs against one mutant after another: the likeliest to notice first, and no further than the first that does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from toritsugi.core.plan import plan
from toritsugi.core.values import SYSTEM
from toritsugi.definition.finding import Faults
from toritsugi.definition.interface import Interface, interface_of_procedure
from toritsugi.definition.lint import id_written
from toritsugi.definition.load import load_interface, load_tree
from toritsugi.definition.model import Procedure
from toritsugi.definition.nodes import Entries
from toritsugi.definition.reading import root_of
from toritsugi.engine import Engine
from toritsugi.errors import DefinitionError, NotPossible, UnknownProcedure
from toritsugi.hooks import INSTALLED, ProcedureFile
from toritsugi.testing.mutation.making import mutants
from toritsugi.testing.mutation.mutant import Mutant
from toritsugi.testing.specs.coverage import Coverage
from toritsugi.testing.specs.faults import SpecFault
from toritsugi.testing.specs.naming import found
from toritsugi.testing.specs.office import Office
from toritsugi.testing.specs.playing import Played, play, scenarios_of
from toritsugi.testing.specs.vocabulary import understand
from toritsugi.testing.specs.world import World

#: a scenario failed; none did; the definition is refused when it is read.
KILLED, SURVIVED, REFUSED = "killed", "survived", "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of a mutant."""

    mutant: Mutant
    outcome: str
    #: the scenario that noticed it, or why the definition is refused.
    by: str = ""


class _Trace(Coverage):
    """What a scenario touches: procedures, and their events, tried or done."""

    def __init__(self) -> None:
        super().__init__()
        self.touched: set[tuple[str, str]] = set()
        self.procedures_met: set[str] = set()
        self.refused_one = False

    def add(self, engine: Engine) -> None:
        for case in engine.views.cases(SYSTEM, limit=1000):
            self.procedures_met.add(case.procedure)
            self.touched |= {(case.procedure, str(row["event"])) for row in engine.views.history(case.id)}

    def refused(self, engine: Engine, refusal: NotPossible) -> None:
        self.refused_one = True
        self.touched |= {(one.id, refusal.event) for one in engine.procedures() if refusal.event in one.events}


@dataclass(slots=True, kw_only=True)
class Rehearsal:
    """A scenario and what it was seen to do when nothing was changed."""

    scenario: Played
    touched: set[tuple[str, str]]
    procedures: set[str]
    #: the procedure it says it is about; None: it leaves that open.
    subject: str | None
    #: events that its own steps name, and not only those of the scenarios it builds on.
    own: set[tuple[str, str]]
    #: it asks what can be done, by anybody, with any event.
    asks: bool
    seconds: float

    def may_notice(self, procedure: str, mutant: Mutant) -> bool:
        """Whether it could come out otherwise."""
        if procedure not in self.procedures:
            return False
        if mutant.events is None or self.asks:
            return True
        return any((procedure, event) in self.touched for event in mutant.events)


class SpecsFail(Exception):
    """The specs do not hold as they stand, so nothing can be learnt from changing the procedure: scenario, ja, en."""


@dataclass(slots=True)
class Bench:
    """The specs under some paths, and the procedures that they are about."""

    paths: Sequence[Path]
    procedures: Sequence[ProcedureFile] = ()
    plugins: Sequence[object] = (INSTALLED,)
    _office: Office = field(init=False)
    _rehearsed: list[Rehearsal] = field(init=False)
    _roots: dict[str, Entries] = field(init=False, default_factory=dict)
    _interfaces: dict[str, Interface] = field(init=False, default_factory=dict)
    _noticed: Counter[tuple[str, int]] = field(init=False, default_factory=Counter)

    def __post_init__(self) -> None:
        """Read everything, and carry every scenario out once.

        Raises:
            NotReadable: a feature file has faults.
            SpecsFail: a scenario does not hold.
        """
        self._office = Office(self.procedures, self.plugins)
        texts = {_id(file): file.text for file in self._office.files}
        for file in self._office.files:
            self._interfaces[_id(file)] = load_interface(file.text, file=file.file, texts=texts.get)
            root = root_of(file.text, Faults(), texts.get)
            if root is not None:
                self._roots[_id(file)] = root
        self._rehearsed = [_rehearsed(self._office, one) for one in scenarios_of(self.paths)]

    def subjects(self) -> list[str]:
        """The procedures that the scenarios say they are about, in their order."""
        return list(dict.fromkeys(one.subject for one in self._rehearsed if one.subject is not None))

    def file_of(self, procedure: str) -> str:
        """What the file of a procedure is called.

        Raises:
            UnknownProcedure: there is none of this id.
        """
        found = {_id(one): one.file for one in self._office.files}
        if procedure not in found:
            raise UnknownProcedure(procedure=procedure, known=tuple(sorted(found)))
        return found[procedure]

    def mutants(self, procedure: str) -> list[Mutant]:
        """Every mutant of a procedure."""
        root = self._roots[procedure]
        return mutants(root, load_tree(root, file=procedure, interfaces=self._interfaces.get))

    def judged(self, procedure: str, chosen: Iterable[Mutant]) -> Iterator[Verdict]:
        """What becomes of each of these mutants."""
        for mutant in chosen:
            yield self._judge(procedure, mutant)

    def _judge(self, procedure: str, mutant: Mutant) -> Verdict:
        try:
            changed = mutant.applied(self._roots[procedure])
            made = load_tree(changed, file=procedure, interfaces=self._interfaces.get)
            self._reread(made)
        except DefinitionError as error:
            return Verdict(mutant=mutant, outcome=REFUSED, by=error.findings[0].code if error.findings else "")
        office = self._office.altered(plan(made))
        for number in self._order(procedure, mutant):
            one = self._rehearsed[number]
            if not _holds(office, one.scenario):
                self._noticed[mutant.path, number] += 1
                return Verdict(mutant=mutant, outcome=KILLED, by=one.scenario.name)
        return Verdict(mutant=mutant, outcome=SURVIVED)

    def _reread(self, changed: Procedure) -> None:
        """Read the procedures that link to a changed one again, if it looks different from outside.

        Raises:
            DefinitionError: one of them is wrong now.
        """
        outside = interface_of_procedure(changed)
        if outside == interface_of_procedure(self._office.procedure(changed.id)):
            return
        known = {**self._interfaces, changed.id: outside}
        for name, root in self._roots.items():
            links = self._office.procedure(name).links.values()
            if name != changed.id and any(link.procedure == changed.id for link in links):
                load_tree(root, file=name, interfaces=known.get)

    def _order(self, procedure: str, mutant: Mutant) -> list[int]:
        """The scenarios that could notice it, the likeliest first: what noticed its neighbours, what is about its event."""
        own = {(procedure, event) for event in mutant.events or ()}

        def rank(number: int) -> tuple[bool, bool, bool, float]:
            one = self._rehearsed[number]
            return (
                not self._noticed[mutant.path, number],
                not one.own & own,
                not one.touched & own,
                one.seconds,
            )

        able = (n for n, one in enumerate(self._rehearsed) if one.may_notice(procedure, mutant))
        return sorted(able, key=rank)


def _id(file: ProcedureFile) -> str:
    return id_written(file.text) or file.file


def _rehearsed(office: Office, one: Played) -> Rehearsal:
    trace, before = _Trace(), perf_counter()
    world = World(office, trace)
    try:
        play(world, one)
        subject = _subject(world)
    except SpecFault as fault:
        raise SpecsFail(one.name, fault.ja, fault.en) from None
    finally:
        world.close()
    named = {part for step in one.scenario.steps if (known := understand(step.name)) for part in known.slots.quotations}
    return Rehearsal(
        scenario=one,
        touched=trace.touched,
        procedures=(trace.procedures_met or {name for name in office.titles if trace.refused_one})
        | set(_opened(office, one)),
        subject=subject,
        own={(name, event) for name, event in trace.touched if _titled(office, name, event) & named},
        asks=any(_asks(step.name) for step in one.scenario.steps),
        seconds=perf_counter() - before,
    )


def _opened(office: Office, one: Played) -> Iterator[str]:
    """The procedures that its steps open cases of, or try to: a refusal leaves no case behind."""
    for step in one.scenario.steps:
        known = understand(step.name)
        if known is not None and "procedure" in known.slots:
            yield found(known.slots["procedure"], office.titles, "手続", "procedure")


def _subject(world: World) -> str | None:
    try:
        return world.procedure_named(None).id
    except SpecFault:
        return None


def _titled(office: Office, procedure: str, event: str) -> set[str]:
    found = office.procedure(procedure).events.get(event)
    return {event, found.title.ja, found.title.en} if found is not None else {event}


def _asks(text: str) -> bool:
    """Whether a step asks what can be done."""
    known = understand(text)
    return known is not None and known.phrase.do.__module__.endswith(".seeing")


def _holds(office: Office, one: Played) -> bool:
    world = World(office)
    try:
        play(world, one)
    except Exception:
        return False  # a step does not hold, or the mutant does not even run
    finally:
        world.close()
    return True

"""The world of one scenario: an engine on a store of its own, a clock in the hand, and the cases that are spoken of."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from toritsugi.core.moments import parse_moment
from toritsugi.core.values import SYSTEM, Actor, Case
from toritsugi.definition.literals import INSTITUTION_ID
from toritsugi.definition.model import Procedure
from toritsugi.definition.model_effects import AppointParty
from toritsugi.definition.types import Title
from toritsugi.engine import Engine
from toritsugi.errors import NotPossible
from toritsugi.testing.clock import FakeClock
from toritsugi.testing.specs.calls import Call
from toritsugi.testing.specs.coverage import Coverage
from toritsugi.testing.specs.faults import SpecFault
from toritsugi.testing.specs.naming import found
from toritsugi.testing.specs.office import Office
from toritsugi.testing.specs.past import Past

#: where a clock stands that nobody has set.
BEGINNING = parse_moment("2026-04-01T09:00+09:00")
_NAMELESS = ""
_STAFF = "spec"
#: what a world knows besides its clock and its store.
_KNOWN = (
    "_procedure",
    "_cases",
    "_focus",
    "_played",
    "_institutions",
    "_refusals",
    "calls",
    "prepared",
    "before",
    "refusal",
    "named",
    "delivers",
    "steps",
)


class World:
    """What a scenario has happened to so far."""

    def __init__(self, office: Office, coverage: Coverage | None = None) -> None:
        self._office = office
        self._coverage = coverage
        self._catalogues = office.catalogues()
        self._engine: Engine | None = None
        self._content: bytes | None = None
        self._clock: FakeClock | None = None
        self._procedure: str | None = None
        #: name -> case id; the nameless one is the last that was opened without a name.
        self._cases: dict[str, str] = {}
        self._focus: str | None = None
        #: party as the spec calls it -> institution.
        self._played: dict[str, str] = {}
        self._institutions: dict[str, str] = {}
        #: field as the spec calls it -> text, for the next case that is opened; None: left out.
        self.prepared: dict[str, str | None] = {}
        #: revisions of all cases when the last act began.
        self.before: Mapping[str, int] = {}
        self.refusal: NotPossible | None = None
        self._refusals: list[NotPossible] = []
        #: message keys that an expectation has named since the last act.
        self.named: set[str] = set()
        self.delivers = True
        #: carries the steps of another scenario of the same file out.
        self.replay: Callable[[str], None] = _no_other_scenario
        #: every step that was carried out; None: something happened besides, which no step of the vocabulary tells.
        self.steps: tuple[Hashable, ...] | None = ()
        #: where in its scenario the next step stands.
        self.position = 0

    # -- the engine and its clock ---------------------------------------------------------------------------------

    @property
    def engine(self) -> Engine:
        """The engine of this scenario."""
        if self._engine is None:
            self._engine = self._office.engine(self.clock, self._catalogues, self._content)
        return self._engine

    @property
    def clock(self) -> FakeClock:
        """The clock; it stands at BEGINNING unless the spec has set it."""
        if self._clock is None:
            self._clock = FakeClock(BEGINNING)
        return self._clock

    @property
    def calls(self) -> Mapping[str, Call]:
        """Number of a row of a catalogue -> how its call stands, where the scenario says so."""
        return self._catalogues.calls

    @calls.setter
    def calls(self, calls: Mapping[str, Call]) -> None:
        self._catalogues.calls = calls

    def call(self, number: str, call: Call) -> None:
        """From here on, a row of the catalogues stands like this.

        Raises:
            SpecFault: no catalogue of measures has that number.
        """
        if number not in self._catalogues.numbers():
            raise SpecFault(f"一覧に「{number}」という番号はありません。", f'No catalogue has a number "{number}".')
        self.calls = {**self.calls, number: call}

    def now(self) -> int:
        """The present moment."""
        return self.clock.now()

    def pass_until(self, moment: int) -> None:
        """Let time pass to `moment`; what falls due on the way happens at its own moment.

        Raises:
            SpecFault: it lies in the past.
        """
        if self._clock is None:
            self._clock = FakeClock(moment)
            return
        if moment < self.now():
            raise SpecFault("時間は戻せません。今より前の日時です。", "Time does not go back: this lies in the past.")
        while (due := self.engine.store.next_due()) is not None and due <= moment:
            self.clock.set(max(due, self.now()))
            fired = self.engine.tick()
            if not fired and not self.deliver():
                break
        self.clock.set(moment)

    def deliver(self) -> int:
        """Hand over what waits, unless the spec holds it back; how many."""
        return self.engine.deliver().handed_over if self.delivers else 0

    def close(self) -> None:
        """The end of the scenario: what it reached is written down, its store is gone."""
        if self._engine is not None:
            if self._coverage is not None:
                for refusal in self._refusals:
                    self._coverage.refused(self._engine, refusal)
                self._coverage.add(self._engine)
            self._engine.close()

    # -- going through a past only once ---------------------------------------------------------------------------

    def begins_with(self, other: Hashable) -> bool:
        """Whether the steps so far and then `other` were gone through before; this world is where they led to then."""
        found = None if self.steps is None else self._office.pasts.get((self.steps, other))
        if found is None:
            return False
        if self._engine is not None:
            self._engine.close()
        self._engine, self._content = None, found.content
        self._clock = None if found.moment is None else FakeClock(found.moment)
        for name, value in found.known.items():
            setattr(self, name, _own(value))
        return True

    def keep(self, before: tuple[Hashable, ...] | None, other: Hashable) -> None:
        """Remember where the steps `before` and then `other` have led to."""
        if before is None or self.steps is None:
            return
        content = self._content if self._engine is None else self._engine.store.content()
        moment = None if self._clock is None else self._clock.now()
        known = {name: _own(getattr(self, name)) for name in _KNOWN}
        self._office.pasts.keep((before, other), Past(content=content, moment=moment, known=known))

    # -- what is spoken of ----------------------------------------------------------------------------------------

    @property
    def case(self) -> Case:
        """The case that is spoken of.

        Raises:
            SpecFault: none has been opened.
        """
        if self._focus is None:
            raise SpecFault("まだ案件が開かれていません。", "No case has been opened yet.")
        return self.engine.case(self._focus)

    @property
    def procedure(self) -> Procedure:
        """The procedure of the case that is spoken of; before there is one, the procedure the spec has named."""
        if self._focus is not None:
            return self.engine.procedure_of(self.case)
        return self.procedure_named(None)

    def procedure_named(self, word: str | None) -> Procedure:
        """The procedure called `word`; None: the one the spec has named, or the only one there is."""
        known = self._office.titles
        if word is not None:
            return self._office.procedure(found(word, known, "手続", "procedure"))
        chosen = self._procedure or (next(iter(known)) if len(known) == 1 else None)
        if chosen is None:
            raise SpecFault(
                "どの手続か決まりません。「手続は「…」である」と書いてください。",
                'It is open which procedure this is about; write: the procedure is "...".',
            )
        return self._office.procedure(chosen)

    def speak_of_procedure(self, word: str) -> None:
        """From here on, cases are opened for this procedure."""
        self._procedure = self.procedure_named(word).id

    def remember(self, case_id: str, name: str | None) -> None:
        """A case was opened: it is spoken of from here on, and has this name."""
        self._cases[name or _NAMELESS] = case_id
        self._focus = case_id

    def turn_to(self, case_id: str) -> None:
        """From here on this case is spoken of."""
        self._focus = case_id

    def case_named(self, word: str) -> str:
        """The id of a case that the spec gave a name."""
        names = {name: Title(ja=name, en=name) for name in self._cases if name}
        return self._cases[found(word, names, "案件", "case")]

    def linked(self, word: str) -> str | None:
        """The id of the open case behind a link of the case that is spoken of; None: there is none."""
        links = {name: link.title for name, link in self.procedure.links.items()}
        link = found(word, links, "関連案件", "linked case")
        other = self.engine.views.linked(self.case.id).get(link)
        return None if other is None else other.id

    def linked_open(self, word: str) -> str:
        """The id of the open case behind a link; there must be one."""
        other = self.linked(word)
        if other is None:
            raise SpecFault(f"関連案件「{word}」は開かれていません。", f'No linked case "{word}" is open.')
        return other

    @contextmanager
    def speaking_of(self, case_id: str | None) -> Iterator[None]:
        """For one step, another case is spoken of; None: it stays."""
        if case_id is None:
            yield
            return
        kept, self._focus = self._focus, case_id
        try:
            yield
        finally:
            self._focus = kept

    # -- who acts -------------------------------------------------------------------------------------------------

    def party(self, word: str, procedure: Procedure | None = None) -> str:
        """The id of the party called `word`."""
        titles = {one.id: one.title for one in (procedure or self.procedure).parties.values()}
        return found(word, titles, "立場", "party")

    def institution(self, name: str) -> str:
        """The institution called `name`: one with a calendar, or one that only this spec knows, by name or by id."""
        for id_, title in self._office.institutions.items():
            if name in (id_, title.ja, title.en):
                return id_
        # what looks like an id is one: an event may have appointed it by a field
        made = name if INSTITUTION_ID.fullmatch(name) else f"institution-{len(self._institutions) + 1}"
        return self._institutions.setdefault(name, made)

    def play(self, party: str, name: str) -> None:
        """From the next case on, this institution plays this party."""
        self._played[party] = self.institution(name)

    def cast(self, procedure: Procedure) -> dict[str, str]:
        """party -> institution for a new case; a party that nobody was named for is an institution of its own.

        One that some event appoints is vacant until then.
        """
        titles = {one.id: one.title for one in procedure.parties.values()}
        named = {found(word, titles, "立場", "party"): one for word, one in self._played.items() if _fits(word, titles)}
        effects = [effect for event in procedure.events.values() for effect in event.effects]
        later = {effect.party for effect in effects if isinstance(effect, AppointParty)}
        free = [one.id for one in procedure.parties.values() if one.institution is None]
        return {party: named.get(party, party) for party in free if party in named or party not in later}

    def actor(self, party: str, stranger: str | None = None) -> Actor:
        """Somebody who acts as a party of the case that is spoken of; `stranger`: of another institution."""
        if stranger is not None:
            return Actor(id=_STAFF, institution=self.institution(stranger), role=party)
        return Actor(id=_STAFF, institution=self.case.parties.get(party, party), role=party)

    # -- acts -----------------------------------------------------------------------------------------------------

    def all_cases(self) -> list[Case]:
        """Every case of this scenario."""
        return self.engine.views.cases(SYSTEM, limit=1000)

    def begin(self) -> None:
        """An act begins: what is new is counted from here."""
        self.before = self._revisions()
        self.named = set()
        self.refusal = None

    def attempt(self, act: Callable[[], Any]) -> Any:
        """Carry an act out; a refusal is kept for the next step to speak of, and must have changed nothing."""
        self.begin()
        try:
            answer = act()
        except NotPossible as refusal:
            self.refusal = refusal
            self._refusals.append(refusal)
            self._nothing_changed_by_refusal()
            answer = None
        self.deliver()
        return answer

    def news(self, case_id: str) -> list[Mapping[str, Any]]:
        """The history rows of a case that the last act brought."""
        since = self.before.get(case_id, 0)
        return [row for row in self.engine.views.history(case_id) if row["seq"] > since]

    def changed(self) -> list[Case]:
        """The cases that the last act changed or opened."""
        return [self.engine.case(one) for one, at in self._revisions().items() if at != self.before.get(one)]

    def _revisions(self) -> Mapping[str, int]:
        found: Mapping[str, int] = self.engine.store.revisions()
        return found

    def _nothing_changed_by_refusal(self) -> None:
        for case in self.changed():
            if all(row["authority"] != "refusal" for row in self.news(case.id)):
                raise SpecFault("拒否されたのに案件が変わっています。", "It was refused, and yet a case has changed.")


def _own(value: Any) -> Any:
    """A copy of what a world changes in place."""
    return value.copy() if isinstance(value, dict | list | set) else value


def _no_other_scenario(name: str) -> None:
    raise SpecFault(
        f"ここではシナリオ「{name}」を繰り返せません。", f'The scenario "{name}" cannot be repeated from here.'
    )


def _fits(word: str, titles: Mapping[str, Title]) -> bool:
    """Whether a procedure has this party; one background may name the parties of several procedures."""
    try:
        found(word, titles, "", "")
    except SpecFault:
        return False
    return True

"""What an engine can be asked about cases, procedures, institutions and support: the reading half of `Engine`."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from toritsugi.core.calendar import Calendar
from toritsugi.core.moments import jst_date
from toritsugi.core.outlook import Possibility
from toritsugi.core.proposal import Proposal, read_proposal
from toritsugi.core.question import Question
from toritsugi.core.suggest import Suggestions, suggest
from toritsugi.core.values import SYSTEM, Actor, Case
from toritsugi.definition.measure import Catalogue
from toritsugi.definition.model import Procedure
from toritsugi.errors import DefinitionError, ToritsugiError
from toritsugi.ports import Clock, DeadlineRecord
from toritsugi.runtime.agendas import AgendaItem, Agendas
from toritsugi.runtime.catalogues import Catalogues
from toritsugi.runtime.families import FamilyStory
from toritsugi.runtime.registry import Institutions, Registry
from toritsugi.runtime.views import Views

P = ParamSpec("P")
S = TypeVar("S", bound="Questions")
T = TypeVar("T")


def told(act: Callable[Concatenate[S, P], T]) -> Callable[Concatenate[S, P], T]:
    """The same act, whose errors are told in the engine's language where no other is asked for."""

    @wraps(act)
    def in_its_language(self: S, /, *arguments: P.args, **options: P.kwargs) -> T:
        try:
            return act(self, *arguments, **options)
        except ToritsugiError as error:
            error.locale = self.locale
            raise

    return in_its_language


class Questions:
    """Reads; never writes."""

    #: the language of what engineers read: errors as text; what leaves for an institution is Japanese.
    locale: str
    _registry: Registry
    _institutions: Institutions
    _catalogues: Catalogues
    _clock: Clock
    _views: Views
    _agendas: Agendas

    @told
    def case(self, case_id: str, viewer: Actor = SYSTEM) -> Case:
        """The case as it stands, personal data included.

        Raises:
            UnknownCase: there is none, or the viewer is no party of it.
        """
        return self._views.case(case_id, viewer)

    @told
    def can(self, case_id: str, viewer: Actor = SYSTEM) -> tuple[Possibility, ...]:
        """Every event of the case's procedure: possible now, by whom, with what; and why not the rest."""
        return self._views.can(case_id, viewer)

    @told
    def family(self, case_id: str, viewer: Actor = SYSTEM) -> FamilyStory:
        """The case that began it, every case that was opened from there on, and one story of what happened in them.

        Raises:
            UnknownCase: there is none, or the viewer is no party of it.
        """
        return self._views.family(case_id, viewer)

    @told
    def agenda(self, on: date, viewer: Actor = SYSTEM, *, procedure: str | None = None) -> tuple[AgendaItem, ...]:
        """The cases of which a running deadline falls on a day: what a meeting held that day has to decide.

        Only those in which the viewer plays a part, each as far as it may see it.

        Args:
            procedure: id of the only procedure that is asked for; None: all.
        """
        return tuple(self._agendas.of(on, viewer, procedure))

    @told
    def agenda_item(self, record: DeadlineRecord, viewer: Actor) -> AgendaItem:
        """One deadline's case as it stands on an agenda, for a viewer.

        Raises:
            UnknownCase: the viewer is no party of it.
        """
        return self._agendas.item(record, viewer)

    @property
    def views(self) -> Views:
        """Every other question about cases: history, deadlines, messages, listings."""
        return self._views

    @told
    def procedures(self) -> tuple[Procedure, ...]:
        """The procedures that new cases can be opened for: all whose texts are right; `wrong_procedures` has the others."""
        found = []
        for name in self._registry.known():
            with suppress(DefinitionError):
                found.append(self._registry.current(name).procedure)
        return tuple(found)

    def wrong_procedures(self) -> tuple[DefinitionError, ...]:
        """What is wrong with files of plugins, one error a file, as far as they have been read; `procedures` reads them all.

        Who asks for such a procedure gets its error; the others go on, and so do cases open under an earlier text of it.
        """
        found = self._registry.wrong()
        for one in found:
            one.locale = self.locale
        return found

    @told
    def procedure(self, name: str) -> Procedure:
        """The current version of a procedure.

        Raises:
            UnknownProcedure: there is none of that id.
        """
        return self._registry.current(name).procedure

    @told
    def procedure_of(self, case: Case) -> Procedure:
        """The very version that a case is pinned to."""
        return self._registry.of(case.content_hash).procedure

    def calendar(self, institution: str) -> Calendar:
        """The calendar of an institution; KeyError if no manifest and no embedder supplied it."""
        return self._institutions.calendars[institution]

    def institutions(self) -> tuple[str, ...]:
        """Ids of the institutions that have a calendar."""
        return self._institutions.known()

    @told
    def suggest(
        self,
        need: str = "",
        *,
        step: int | None = None,
        on: date | None = None,
        institution: str = "",
        prefecture: str = "",
        catalogue: str | None = None,
    ) -> Suggestions:
        """Which support fits, out of the catalogues, with the reasons; what is closed on the day is never offered.

        Args:
            need: words as an office types them: 商品開発, 知財 融資.
            step: of the documents' roadmap, as they number it.
            on: the day on which it is to be applied for; None: today.
            institution: id or title of one, or a part of the title.
            prefecture: tokyo, 東京都, 東京.
            catalogue: id of the only one to look into; None: all of measures and routes.
        Raises:
            BadInput: there is no such step, institution, prefecture or catalogue, or the need is too long.
            DefinitionError: the text of a catalogue is wrong.
        """
        day = jst_date(self._clock.now()) if on is None else on
        question = Question(
            on=day, step=step, need=need, institution=institution, prefecture=prefecture, catalogue=catalogue
        )
        return suggest(question, self._catalogues.all)

    @told
    def proposed(self, text: str, *, on: date | None = None) -> Proposal:
        """The menus whose numbers stand in a text (`m07 貿易投資相談`), and whether each may be proposed on a day.

        Args:
            on: None: today.
        Raises:
            DefinitionError: the text of a catalogue is wrong.
        """
        return read_proposal(text, self._catalogues.all, jst_date(self._clock.now()) if on is None else on)

    @told
    def catalogues(self) -> tuple[Catalogue, ...]:
        """The catalogues that suggestions are made from.

        Raises:
            DefinitionError: the text of one is wrong.
        """
        return self._catalogues.all

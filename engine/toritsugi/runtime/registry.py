"""The procedures and institutions an engine knows: from its plugins, its embedder, and its store's past."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Mapping
from functools import cached_property

from toritsugi.core.calendar import Calendar
from toritsugi.core.plan import Plan, plan
from toritsugi.core.values import Institution
from toritsugi.definition.finding import Finding, Severity
from toritsugi.definition.interface import Interface
from toritsugi.definition.load import load, load_content, load_interface
from toritsugi.definition.model import Deadline, Procedure
from toritsugi.definition.types import Title
from toritsugi.errors import DefinitionError, UnknownProcedure
from toritsugi.hooks import InstitutionManifest, ProcedureFile
from toritsugi.ports import Store
from toritsugi.runtime.calendars import build_calendar


class Registry:
    """Finds plans by procedure id or by the content hash a case is pinned to; loads each once, when first needed."""

    def __init__(self, files: Iterable[ProcedureFile], store: Store, calendars: Collection[str] | None = None) -> None:
        """`calendars`: ids of the calendars that deadlines may count by; None: not looked at."""
        self._store = store
        self._calendars = calendars
        self._lock = threading.RLock()
        self._interfaces: dict[str, Interface] = {}
        self._files: dict[str, ProcedureFile] = {}
        self._by_id: dict[str, Plan] = {}
        self._by_hash: dict[str, Plan] = {}
        for file in files:
            interface = load_interface(file.text, file=file.file)
            self._interfaces[interface.id] = interface
            self._files[interface.id] = file

    def known(self) -> tuple[str, ...]:
        """Ids of the procedures that new cases can be opened for."""
        return tuple(sorted(self._files))

    def current(self, procedure: str) -> Plan:
        """The plan that new cases of `procedure` get.

        Raises:
            UnknownProcedure: no plugin and no embedder supplied it.
            DefinitionError: its text is wrong.
        """
        found = self._by_id.get(procedure)
        if found is not None:
            return found
        with self._lock:
            file = self._files.get(procedure)
            if file is None:
                raise UnknownProcedure(procedure=procedure, known=self.known())
            made = plan(load(file.text, file=file.file, interfaces=self._interfaces.get))
            self._check_calendars(made.procedure, file.file)
            self._by_id[procedure] = made
            self._by_hash[made.procedure.content_hash] = made
            return made

    def of(self, content_hash: str) -> Plan:
        """The plan a case is pinned to, from the store's own text if the shipped one has moved on.

        Raises:
            UnknownProcedure: neither the plugins nor the store have it.
        """
        found = self._by_hash.get(content_hash)
        if found is not None:
            return found
        with self._lock:
            content = self._store.procedure_text(content_hash)
            if content is None:
                raise UnknownProcedure(procedure=content_hash[:12], known=self.known())
            made = plan(load_content(content, self._interfaces.get))
            self._by_hash[content_hash] = made
            return made

    def _check_calendars(self, procedure: Procedure, file: str) -> None:
        """That every deadline counts by a calendar that is here: found out when the file is read, not when it is due."""
        if self._calendars is None:
            return
        unknown = [one for one in procedure.deadlines.values() if one.calendar not in self._calendars]
        if unknown:
            raise DefinitionError([_no_calendar(procedure, one, self._calendars) for one in unknown], file)


def _no_calendar(procedure: Procedure, deadline: Deadline, known: Collection[str]) -> Finding:
    path = f"deadlines.{deadline.id}.calendar"
    return Finding(
        code="UNKNOWN_CALENDAR",
        severity=Severity.ERROR,
        message_ja=f"「{deadline.calendar}」という機関の暦がありません（あるもの：{'、'.join(known)}）。",
        message_en=f"no institution '{deadline.calendar}' with a calendar is known (known: {', '.join(known)}).",
        position=procedure.positions.get(path),
        path=path,
    )


class Institutions:
    """The institutions an engine knows, and their calendars, built when first asked for."""

    def __init__(self, manifests: Iterable[InstitutionManifest], calendars: Mapping[str, Calendar] | None) -> None:
        self._manifests = {manifest.id: manifest for manifest in manifests}
        self._given = dict(calendars or {})

    @cached_property
    def values(self) -> Mapping[str, Institution]:
        """What decisions need to know of them."""
        return {
            manifest.id: Institution(id=manifest.id, title=manifest.title, addresses=manifest.addresses)
            for manifest in self._manifests.values()
        }

    @cached_property
    def calendars(self) -> Mapping[str, Calendar]:
        """A calendar for each of them; one given by the embedder goes before the plugin's."""
        return _Calendars(self._manifests, self._given)

    def known(self) -> tuple[str, ...]:
        """Ids of the calendars that can be asked for."""
        return tuple(sorted({*self._manifests, *self._given}))


class _Calendars(dict[str, Calendar]):
    """Builds a calendar the first time somebody asks for it: the holiday data takes its time to load."""

    def __init__(self, manifests: Mapping[str, InstitutionManifest], given: Mapping[str, Calendar]) -> None:
        super().__init__(given)
        self._manifests = manifests

    def __missing__(self, key: str) -> Calendar:
        manifest = self._manifests[key]
        self[key] = made = build_calendar(
            key,
            Title(ja=manifest.title["ja"], en=manifest.title["en"]),
            closures=manifest.closures,
            acceptance=manifest.acceptance,
            cutoff=manifest.cutoff,
        )
        return made

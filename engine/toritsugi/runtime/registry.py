"""The procedures and institutions an engine knows: from its plugins, its embedder, and its store's past."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Mapping
from functools import cached_property

from toritsugi.core.calendar import Calendar
from toritsugi.core.plan import Plan, plan
from toritsugi.core.values import Institution
from toritsugi.definition.finding import Finding, Severity
from toritsugi.definition.load import kept_interface, kept_interfaces, load_content
from toritsugi.definition.model import Procedure
from toritsugi.definition.types import Title
from toritsugi.definition.uses import calendars_used
from toritsugi.errors import DefinitionError, UnknownProcedure
from toritsugi.hooks import InstitutionManifest, ProcedureFile
from toritsugi.ports import KeptProcedure, Store
from toritsugi.runtime.calendars import build_calendar
from toritsugi.runtime.library import Library


class Registry:
    """Finds plans by procedure id or by the content hash a case is pinned to; loads each once, when first needed."""

    def __init__(
        self,
        files: Iterable[ProcedureFile],
        store: Store,
        calendars: Collection[str] | None = None,
        *,
        supplied: Iterable[ProcedureFile] = (),
    ) -> None:
        """Make it ready.

        Args:
            calendars: ids of the calendars that deadlines may count by; None: not looked at.
            supplied: files that others answer for, before `files`: a wrong one is told to whoever needs it, and stops
                nobody else.
        Raises:
            DefinitionError: one of `files` cannot be read.
        """
        self._store = store
        self._calendars = calendars
        self._lock = threading.RLock()
        self._by_id: dict[str, Plan] = {}
        self._by_hash: dict[str, Plan] = {}
        own = tuple(files)
        self._library = Library([*supplied, *own])
        answered_for = {file.file for file in own}
        for wrong in self._library.wrong():
            if wrong.file in answered_for:
                raise wrong

    def known(self) -> tuple[str, ...]:
        """Ids of the procedures that new cases can be opened for, as far as their files have been read."""
        return self._library.known()

    def wrong(self) -> tuple[DefinitionError, ...]:
        """What is wrong with files, as far as they have been read."""
        return self._library.wrong()

    def current(self, procedure: str) -> Plan:
        """The plan that new cases of `procedure` get.

        Raises:
            UnknownProcedure: no plugin and no embedder supplied it.
            DefinitionError: its text is wrong, or that of a procedure that it needs.
        """
        found = self._by_id.get(procedure)
        if found is not None:
            return found
        with self._lock:
            made = plan(self._library.procedure(procedure))
            self._check_calendars(made.procedure)
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
            kept = self._store.kept_procedure(content_hash)
            if kept is None:
                raise UnknownProcedure(procedure=content_hash[:12], known=self.known())
            # the procedures it links to may have moved on: it is read with what it knew of them then
            known = {id_: kept_interface(text) for id_, text in kept.interfaces.items()}
            made = plan(load_content(kept.content, lambda id_: known.get(id_) or self._library.interface(id_)))
            self._by_hash[content_hash] = made
            return made

    def version(self, procedure: str, wanted: str) -> Plan:
        """The plan of one version of a procedure: the current one, or one that the store keeps for its cases.

        Args:
            wanted: the version, or the beginning of its content hash (8 characters or more).
        Raises:
            UnknownProcedure: there is none, or there are several texts of that version.
            DefinitionError: it may be the current one, whose text is wrong.
        """
        current, wrong = self._current_or_wrong(procedure)
        if current is not None and _is_version(current.procedure.content_hash, current.procedure.version, wanted):
            return current
        kept = self._store.versions(procedure)
        found = [content_hash for content_hash, version in kept if _is_version(content_hash, version, wanted)]
        if len(found) == 1:
            return self.of(found[0])
        if wrong is not None:
            raise wrong
        known = [f"{version} ({content_hash[:12]})" for content_hash, version in kept]
        if current is not None and current.procedure.content_hash not in dict(kept):
            known.append(f"{current.procedure.version} ({current.procedure.content_hash[:12]})")
        raise UnknownProcedure(procedure=f"{procedure} {wanted}", known=known)

    def _current_or_wrong(self, procedure: str) -> tuple[Plan | None, DefinitionError | None]:
        """The current version of a procedure, or why it cannot be had; neither: there is none."""
        try:
            return (self.current(procedure), None) if self._library.has(procedure) else (None, None)
        except DefinitionError as wrong:
            return None, wrong

    def to_keep(self, content_hash: str) -> KeptProcedure:
        """What the store keeps of a procedure for the cases that are pinned to it."""
        procedure = self.of(content_hash).procedure
        return KeptProcedure(
            id=procedure.id,
            version=procedure.version,
            content=procedure.content,
            interfaces=kept_interfaces(procedure, self._library.interface),
        )

    def _check_calendars(self, procedure: Procedure) -> None:
        """That whatever is counted is counted by a calendar that is here: found out when the file is read, not when it is due."""
        if self._calendars is None:
            return
        unknown = [one for one in calendars_used(procedure) if one[0] not in self._calendars]
        if unknown:
            found = [_no_calendar(procedure, *one, self._calendars) for one in unknown]
            wrong = DefinitionError(found, self._library.file(procedure.id))
            self._library.set_aside(procedure.id, wrong)
            raise wrong


def _no_calendar(procedure: Procedure, calendar: str, path: str, known: Collection[str]) -> Finding:
    return Finding(
        code="UNKNOWN_CALENDAR",
        severity=Severity.ERROR,
        message_ja=f"「{calendar}」という機関の暦がありません（あるもの：{'、'.join(known)}）。",
        message_en=f"no institution '{calendar}' with a calendar is known (known: {', '.join(known)}).",
        position=procedure.positions.get(path),
        path=path,
    )


def _is_version(content_hash: str, version: str, wanted: str) -> bool:
    return version == wanted or (len(wanted) >= _SHORTEST_HASH and content_hash.startswith(wanted))


#: characters of a content hash by which a version may be called.
_SHORTEST_HASH = 8


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
            recurring=manifest.recurring,
        )
        return made

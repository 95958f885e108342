"""What the installed plugins bring, for questions that need no store: procedures, institutions, calendars."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, cached_property
from typing import TYPE_CHECKING

import pluggy

from toritsugi import hooks
from toritsugi.hooks import InstitutionManifest, ProcedureFile

if TYPE_CHECKING:
    from toritsugi.core.calendar import Calendar
    from toritsugi.definition.model import Procedure
    from toritsugi.runtime.registry import Institutions


class Installed:
    """The plugins of the entry point group `toritsugi`, as `Engine.open` finds them."""

    def __init__(self) -> None:
        manager = pluggy.PluginManager(hooks.GROUP)
        manager.add_hookspecs(hooks.Hooks)
        manager.load_setuptools_entrypoints(hooks.GROUP)
        self._hook = manager.hook

    @cached_property
    def manifests(self) -> Mapping[str, InstitutionManifest]:
        """Institution -> its manifest."""
        supplied = [one for batch in self._hook.toritsugi_institutions() for one in batch]
        return {one.id: one for one in sorted(supplied, key=lambda one: str(one.id))}

    @cached_property
    def procedures(self) -> Mapping[str, Procedure]:
        """Procedure id -> the procedure.

        Raises:
            DefinitionError: the text of one is wrong.
        """
        from toritsugi.definition.load import load, load_interface

        files: list[ProcedureFile] = [file for batch in self._hook.toritsugi_procedures() for file in batch]
        interfaces = {one.id: one for one in (load_interface(file.text, file=file.file) for file in files)}
        loaded = [load(file.text, file=file.file, interfaces=interfaces.get) for file in files]
        return {one.id: one for one in sorted(loaded, key=lambda one: one.id)}

    def procedure(self, name: str) -> Procedure:
        """The procedure of this id.

        Raises:
            UnknownProcedure: no plugin brings it.
        """
        from toritsugi.errors import UnknownProcedure

        found = self.procedures.get(name)
        if found is None:
            raise UnknownProcedure(procedure=name, known=tuple(self.procedures))
        return found

    def calendar(self, institution: str) -> Calendar:
        """The calendar of an institution that is known here."""
        return self._institutions.calendars[institution]

    @cached_property
    def _institutions(self) -> Institutions:
        from toritsugi.runtime.registry import Institutions

        return Institutions(self.manifests.values(), None)

    def title(self, institution: str, locale: str) -> str:
        """What people call an institution; its id where nobody says."""
        manifest = self.manifests.get(institution)
        return manifest.title.get(locale) or manifest.title["ja"] if manifest is not None else institution


@cache
def installed() -> Installed:
    """The plugins, looked for once."""
    return Installed()

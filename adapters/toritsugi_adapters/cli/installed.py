"""What the installed plugins bring, for questions that need no store: procedures, institutions, calendars."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import cache, cached_property
from typing import TYPE_CHECKING

from toritsugi.hooks import INSTALLED, InstitutionManifest, ProcedureFile, folder_plugin, plugin_manager
from toritsugi_adapters.cli import folder
from toritsugi_adapters.cli.language import chosen, words
from toritsugi_adapters.cli.layout import paragraph

if TYPE_CHECKING:
    from toritsugi.core.calendar import Calendar
    from toritsugi.definition.measure import Catalogue
    from toritsugi.definition.model import Procedure
    from toritsugi.errors import DefinitionError
    from toritsugi.runtime.library import Library
    from toritsugi.runtime.registry import Institutions


class Installed:
    """The plugins of the entry point group `toritsugi` and the folder of this command line, as `Engine.open` finds them."""

    def __init__(self, folder: str | None = None) -> None:
        #: what an engine at this desk is opened with.
        self.plugins: list[object] = [INSTALLED]
        if folder is not None:
            self.plugins.append(folder_plugin(folder))
        self._hook = plugin_manager(self.plugins).hook
        #: the files that this command line names.
        self.own: list[ProcedureFile] = []
        #: files that somebody has been told cannot be used.
        self._told: set[str] = set()

    @cached_property
    def manifests(self) -> Mapping[str, InstitutionManifest]:
        """Institution -> its manifest."""
        supplied = [one for batch in self._hook.toritsugi_institutions() for one in batch]
        return {one.id: one for one in sorted(supplied, key=lambda one: str(one.id))}

    @cached_property
    def procedures(self) -> Mapping[str, Procedure]:
        """Procedure id -> the procedure, of all whose texts are right; a person is told of the others."""
        from toritsugi.errors import DefinitionError

        found: dict[str, Procedure] = {}
        for id_ in self._library.known():
            with suppress(DefinitionError):
                found[id_] = self._library.procedure(id_)
        self.tell_wrong(self._library.wrong())
        return found

    @cached_property
    def _library(self) -> Library:
        from toritsugi.runtime.library import Library

        files: list[ProcedureFile] = [file for batch in self._hook.toritsugi_procedures() for file in batch]
        return Library([*files, *self.own])

    def tell_wrong(self, wrong: Iterable[DefinitionError]) -> None:
        """Say on stderr, once a file, that it is wrong, and what on which line; the command goes on without it."""
        for one in wrong:
            if one.file in self._told:
                continue
            self._told.add(one.file)
            head = words(
                f"注意：{one.file} に誤りがあるため、この手続は使えません。ほかの手続は使えます。",
                f"Note: {one.file} is wrong, so its procedure cannot be used; the others can.",
            )
            findings = [f"  {line}" for line in one.message(chosen()).splitlines()]
            print("\n".join([*paragraph(head), *findings]), file=sys.stderr)

    @cached_property
    def catalogues(self) -> tuple[Catalogue, ...]:
        """Every catalogue of support, as an engine has them.

        Raises:
            DefinitionError: the text of one is wrong.
        """
        from toritsugi.runtime.catalogues import Catalogues

        return Catalogues(file for batch in self._hook.toritsugi_catalogues() for file in batch).all

    def procedure(self, name: str) -> Procedure:
        """The procedure of this id, or the one that a file of this name (`….yaml`) describes.

        Raises:
            UnknownProcedure: no plugin brings it.
            DefinitionError: the file's text is wrong.
            OSError: the file cannot be read.
        """
        return self._written(name) if is_file(name) else self._library.procedure(name)

    def _written(self, name: str) -> Procedure:
        """What a file describes; an engine that is opened afterwards knows it too."""
        from toritsugi.definition.load import load
        from toritsugi_adapters.cli.lint.sources import Linked, read_file

        text, linked = read_file(name), Linked([name])
        found = load(text, file=name, interfaces=linked, texts=linked.text)
        self.own.append(ProcedureFile(file=name, text=text))
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


def is_file(name: str) -> bool:
    """Whether a person who writes this means a file, and no procedure's id."""
    return name.endswith((".yaml", ".yml")) or os.path.isfile(name)


def installed() -> Installed:
    """The plugins, looked for once a command line.

    Raises:
        NotADirectoryError: the folder of this command line is none.
    """
    return _found(folder.chosen())


@cache
def _found(chosen: folder.Chosen | None) -> Installed:
    return Installed(chosen.name if chosen is not None else None)

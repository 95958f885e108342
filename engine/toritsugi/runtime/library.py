"""The procedures that files describe, each read when it is first asked for; a wrong file is told to whoever needs it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Generic, TypeVar

from toritsugi.definition.interface import Interface
from toritsugi.definition.lint import id_written
from toritsugi.definition.load import load, load_interface
from toritsugi.definition.model import Procedure
from toritsugi.errors import DefinitionError, UnknownProcedure
from toritsugi.hooks import ProcedureFile

T = TypeVar("T")


class Library:
    """Of two files with the same id the later one counts, be it right or wrong."""

    def __init__(self, files: Iterable[ProcedureFile]) -> None:
        given = tuple(files)
        self._texts = {id_written(file.text): file.text for file in given}
        self._files: dict[str, ProcedureFile] = {}
        self._interfaces: dict[str, Interface] = {}
        self._wrong: dict[str, DefinitionError] = {}
        #: wrong procedure -> those that it is like.
        self._like: dict[str, list[str]] = {}
        for file in given:
            self._take(file)
        for id_ in list(self._wrong):
            self._wrong[id_] = self._blamed(self._wrong[id_], self._like[id_])

    def _take(self, file: ProcedureFile) -> None:
        id_, like = id_written(file.text) or file.file, _Asked(self._texts)
        self._wrong.pop(id_, None)
        try:
            interface = load_interface(file.text, file=file.file, texts=like)
        except DefinitionError as wrong:
            self._files.pop(id_, None)
            self._interfaces.pop(id_, None)
            self._wrong[id_] = wrong
            self._like[id_] = like.ids
        else:
            self._files[interface.id] = file
            self._interfaces[interface.id] = interface

    def known(self) -> tuple[str, ...]:
        """Ids of the procedures whose files are not known to be wrong."""
        return tuple(sorted(self._files.keys() - self._wrong.keys()))

    def wrong(self) -> tuple[DefinitionError, ...]:
        """What is wrong with files, as far as they have been read: how a procedure looks from outside, and what was asked for."""
        by_file = {one.file: one for one in list(self._wrong.values())}
        return tuple(_anew(by_file[file]) for file in sorted(by_file))

    def has(self, id_: str) -> bool:
        """Whether there is a file that describes it, be it right or wrong."""
        return id_ in self._files or id_ in self._wrong

    def file(self, id_: str) -> str:
        """What messages call the file that describes a procedure."""
        return self._files[id_].file

    def interface(self, id_: str) -> Interface | None:
        """How a procedure looks to those that link to it; None: there is none, or its file is wrong."""
        return self._interfaces.get(id_)

    def procedure(self, id_: str) -> Procedure:
        """The procedure of this id.

        Raises:
            UnknownProcedure: no file describes it.
            DefinitionError: its file is wrong, or that of a procedure that it is like or links to.
        """
        if id_ in self._wrong:
            raise _anew(self._wrong[id_])
        file = self._files.get(id_)
        if file is None:
            raise UnknownProcedure(procedure=id_, known=self.known())
        like, linked = _Asked(self._texts), _Asked(self._interfaces)
        try:
            return load(file.text, file=file.file, interfaces=linked, texts=like)
        except DefinitionError as wrong:
            self.set_aside(id_, wrong)
            for other in like.ids:
                with suppress(DefinitionError, UnknownProcedure):
                    self.procedure(other)
            self.set_aside(id_, self._blamed(wrong, [*like.ids, *linked.ids]))
            raise _anew(self._wrong[id_]) from None

    def _blamed(self, wrong: DefinitionError, asked: Iterable[str]) -> DefinitionError:
        """What is to be mended: the procedure that was asked for and is wrong itself, if there is one."""
        return next((self._wrong[other] for other in asked if other in self._wrong), wrong)

    def set_aside(self, id_: str, wrong: DefinitionError) -> None:
        """Note why a procedure cannot be used, for whoever asks for it next."""
        self._wrong[id_] = wrong


class _Asked(Generic[T]):
    """What is known of procedures by id, and which of them was asked for."""

    def __init__(self, known: Mapping[str, T]) -> None:
        self._known = known
        self.ids: list[str] = []

    def __call__(self, id_: str) -> T | None:
        self.ids.append(id_)
        return self._known.get(id_)


def _anew(wrong: DefinitionError) -> DefinitionError:
    """The same fault, to be raised once more."""
    return DefinitionError(wrong.findings, wrong.file)

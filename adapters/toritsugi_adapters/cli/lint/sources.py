"""The files that are looked at, and where the procedures are found that they link to; nothing is read that is not asked for."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from toritsugi.definition.lint import describes_catalogue, id_written, outside
from toritsugi.definition.manifest import describes_institution
from toritsugi.definition.yamltext import LARGEST_FILE
from toritsugi_adapters.cli.folder import chosen

if TYPE_CHECKING:
    from toritsugi.definition.interface import Interface

#: The package whose files are looked through for a linked procedure before every plugin is asked.
_SHIPPED = "toritsugi_workflows"


def read_file(file: str) -> bytes:
    """A file's bytes, `-` for standard input; of a file that is too large no more than shows that it is.

    Raises:
        OSError: it cannot be read.
    """
    if file == "-":
        return sys.stdin.buffer.read(LARGEST_FILE + 1)
    with open(file, "rb") as opened:
        return opened.read(LARGEST_FILE + 1)


def named(paths: Iterable[str]) -> Iterator[str]:
    """The files that `paths` name; of a folder, every YAML file that begins a procedure or describes an institution.

    In the folder of this command line every YAML file has to be one or the other, just as for an engine.
    """
    for path in paths:
        if not os.path.isdir(path):
            yield path
            continue
        ours = _is_ours(path)
        yield from (file for file in _yaml_files(path) if ours or _is_definition(read_file(file)))


def _is_ours(folder: str) -> bool:
    mine = chosen()
    if mine is None:
        return False
    home, inside = os.path.realpath(mine.name), os.path.realpath(folder)
    return inside == home or inside.startswith(home + os.sep)


def _is_definition(text: bytes) -> bool:
    return bool(id_written(text)) or describes_institution(text) or describes_catalogue(text)


def _yaml_files(folder: str) -> Iterator[str]:
    for home, folders, files in os.walk(folder):
        folders.sort()
        yield from (os.path.join(home, name) for name in sorted(files) if name.endswith((".yaml", ".yml")))


class Linked:
    """Finds the procedures that files link to: beside them, among the shipped ones, at last with the plugins."""

    def __init__(self, files: Iterable[str]) -> None:
        self._files = [file for file in files if file != "-"]
        self._found: dict[str, Interface | None] = {}
        self._texts: dict[str, bytes | None] = {}

    def __call__(self, procedure: str) -> Interface | None:
        """The outside of a procedure; None if there is none of this name."""
        if procedure not in self._found:
            self._found[procedure] = self._looked_for(procedure)
        return self._found[procedure]

    def text(self, procedure: str) -> bytes | None:
        """The text that describes a procedure; None if there is none of this name in a file."""
        if procedure not in self._texts:
            self._texts[procedure] = self._text_of(procedure)
        return self._texts[procedure]

    def _looked_for(self, procedure: str) -> Interface | None:
        text = self.text(procedure)
        return outside(text, self.text) if text is not None else _of_a_plugin(procedure)

    def _text_of(self, procedure: str) -> bytes | None:
        for file in self._candidates():
            try:
                text = read_file(file)
            except OSError:
                continue
            if id_written(text) == procedure:
                return text
        return None

    def _candidates(self) -> Iterator[str]:
        yield from self._files
        for folder in dict.fromkeys(os.path.dirname(os.path.abspath(file)) for file in self._files):
            beside = (entry.path for entry in os.scandir(folder) if entry.name.endswith((".yaml", ".yml")))
            yield from sorted(beside)
        for folder in sys.path:
            if os.path.isdir(shipped := os.path.join(folder, _SHIPPED)):
                yield from _yaml_files(shipped)
                return


def _of_a_plugin(procedure: str) -> Interface | None:
    from toritsugi.definition.interface import interface_of_procedure
    from toritsugi.errors import DefinitionError
    from toritsugi_adapters.cli.installed import installed

    try:
        found = installed().procedures.get(procedure)
    except DefinitionError:  # of somebody else's file
        return None
    return interface_of_procedure(found) if found is not None else None

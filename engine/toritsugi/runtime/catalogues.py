"""The catalogues of support an engine knows, from its plugins and its embedder; each is read when it is first asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import overload

from toritsugi.definition.catalogue import load_catalogue
from toritsugi.definition.measure import Catalogue
from toritsugi.hooks import CatalogueFile


class Catalogues(Sequence[Catalogue]):
    """Catalogues, of two with the same id the later one; a sequence, so that a decision may look into it if it has to."""

    def __init__(self, files: Iterable[CatalogueFile]) -> None:
        self._files = tuple(files)

    @cached_property
    def all(self) -> tuple[Catalogue, ...]:
        """Every catalogue: the current ones first, then those that tell how things were; by id among themselves.

        Raises:
            DefinitionError: the text of one is wrong.
        """
        loaded = (load_catalogue(file.text, file=file.file) for file in self._files)
        by_id = {one.id: one for one in loaded}
        return tuple(sorted(by_id.values(), key=lambda one: (one.historic, one.id)))

    def __len__(self) -> int:
        return len(self.all)

    def __bool__(self) -> bool:
        return bool(self._files)

    @overload
    def __getitem__(self, place: int) -> Catalogue: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Catalogue]: ...

    def __getitem__(self, place: int | slice) -> Catalogue | Sequence[Catalogue]:
        return self.all[place]

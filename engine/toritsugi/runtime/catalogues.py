"""The catalogues of support an engine knows, from its plugins and its embedder; each is read when it is first asked for."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from toritsugi.definition.catalogue import load_catalogue
from toritsugi.definition.measure import Catalogue
from toritsugi.hooks import CatalogueFile


class Catalogues:
    """Catalogues by id; of two with the same id the later one counts."""

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

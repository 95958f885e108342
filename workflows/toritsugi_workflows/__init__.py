"""The shipped procedures and catalogues: a package of data, so that an editable install finds it too.

Procedures lie at `<owner>/<procedure>.yaml`, catalogues of support at `catalogues/<catalogue>.yaml`.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from importlib.resources.abc import Traversable

from toritsugi.hooks import CatalogueFile, ProcedureFile, hook

#: The folder of catalogues, which are no procedures.
CATALOGUES = "catalogues"


@hook
def toritsugi_procedures() -> list[ProcedureFile]:
    """Every procedure of this package, in the order of owner and file name."""
    return list(_procedures(resources.files("toritsugi_workflows"), "toritsugi_workflows"))


@hook
def toritsugi_catalogues() -> list[CatalogueFile]:
    """Every catalogue of this package, in the order of the file name."""
    folder = resources.files("toritsugi_workflows").joinpath(CATALOGUES)
    files = sorted((one for one in folder.iterdir() if one.name.endswith(".yaml")), key=lambda one: one.name)
    return [CatalogueFile(file=f"toritsugi_workflows/{CATALOGUES}/{one.name}", text=one.read_bytes()) for one in files]


def _procedures(folder: Traversable, name: str) -> Iterator[ProcedureFile]:
    for entry in sorted(folder.iterdir(), key=lambda one: one.name):
        if entry.is_dir() and entry.name != CATALOGUES:
            yield from _procedures(entry, f"{name}/{entry.name}")
        elif entry.name.endswith(".yaml"):
            yield ProcedureFile(file=f"{name}/{entry.name}", text=entry.read_bytes())

"""The shipped procedures, `<owner>/<procedure>.yaml`: a package of data, so that an editable install finds it too."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from importlib.resources.abc import Traversable

from toritsugi.hooks import ProcedureFile, hook


@hook
def toritsugi_procedures() -> list[ProcedureFile]:
    """Every procedure of this package, in the order of owner and file name."""
    return list(_procedures(resources.files("toritsugi_workflows"), "toritsugi_workflows"))


def _procedures(folder: Traversable, name: str) -> Iterator[ProcedureFile]:
    for entry in sorted(folder.iterdir(), key=lambda one: one.name):
        if entry.is_dir():
            yield from _procedures(entry, f"{name}/{entry.name}")
        elif entry.name.endswith(".yaml"):
            yield ProcedureFile(file=f"{name}/{entry.name}", text=entry.read_bytes())

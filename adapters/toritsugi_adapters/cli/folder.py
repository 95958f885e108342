"""The folder in which somebody keeps institutions and procedures of their own: `--folder`, else TORITSUGI_FOLDER."""

from __future__ import annotations

import os

VARIABLE = "TORITSUGI_FOLDER"


class Chosen:
    """The folder of one command line; what was read for another command line is never taken for it."""

    def __init__(self, name: str) -> None:
        self.name = name


#: what `--folder` said to the command that runs; None: nothing.
_chosen: list[Chosen | None] = [None]


def choose(name: str | None) -> None:
    """Take `name` for the command that runs now; None: what the environment says."""
    name = name or os.environ.get(VARIABLE)
    _chosen[0] = Chosen(name) if name else None


def chosen() -> Chosen | None:
    """The folder of this command line; None: only what is installed counts."""
    return _chosen[0]

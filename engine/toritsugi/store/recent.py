"""Cases as a connection last saw them: the next event of a case need not read what the last one wrote.

True only under SQLite's write lock, and only while nobody else has committed: `PRAGMA data_version` is another number
after any other connection's commit, whatever its thread or process, and then everything here is forgotten. It does not
see what our own connection commits, so whoever writes cases through it says so here (`Unit.write`, `Unit.erase`) and
whoever rolls such a write back forgets. Values belong to nobody else: `decide` copies those that a sender could change.
"""

from collections.abc import Callable
from typing import Any

from toritsugi.core.values import Case

#: cases kept at most; when there are more, all are forgotten.
MOST = 256


class Recent:
    """Recent cases of one connection, each with its wrapped data key (None: destroyed)."""

    __slots__ = ("_cases", "_run", "_version")

    def __init__(self, run: Callable[..., Any]) -> None:
        self._run = run
        self._version: int | None = None
        self._cases: dict[str, tuple[Case, bytes | None]] = {}

    def begin(self) -> "Recent":
        """The write lock was taken: forget everything unless it still holds."""
        version: int = self._run("PRAGMA data_version").fetchone()[0]
        if version != self._version:
            self._cases.clear()
            self._version = version
        return self

    def get(self, case_id: str) -> tuple[Case, bytes | None] | None:
        """The case as it stands."""
        return self._cases.get(case_id)

    def keep(self, case: Case, wrapped: bytes | None) -> None:
        """The case stands like this, in this transaction and after its commit."""
        if len(self._cases) >= MOST:
            self._cases.clear()
        self._cases[case.id] = case, wrapped

    def forget(self) -> None:
        """What was kept may not be so."""
        self._cases.clear()

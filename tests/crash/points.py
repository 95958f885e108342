"""Where a worker may die: named write points, found from outside the product by watching its units of work and its SQL.

Nothing here is in the product: the worker of these tests puts watchers around the methods of the store's unit of work
and listens to the statements that reach the driver. At the n-th passage of the point it was told, it kills itself.
"""

import os
import re
import signal
import sqlite3
from collections.abc import Callable
from typing import Any

import psycopg
import sqlalchemy as sa

from toritsugi.store.unit import Unit

#: table -> what a statement on it writes.
GROUPS = {
    "toritsugi_case": "case row",
    "toritsugi_history": "history",
    "toritsugi_personal": "personal",
    "toritsugi_message": "messages",
    "toritsugi_posting": "postings",
    "toritsugi_deadline": "deadlines",
    "toritsugi_ledger": "ledger",
    "toritsugi_refusal": "refusal",
    "toritsugi_procedure": "procedure",
}

#: every point at which a worker is killed; the part before the colon is what it was asked to do.
POINTS = (
    "event: before claim",
    "event: after load",
    "event: after decide",
    "event: after case row",
    "event: after history",
    "event: after personal",
    "event: after messages",
    "event: after postings",
    "event: after deadlines",
    "event: after ledger",
    "event: before commit",
    "event: after commit",
    "event: before the answer",
    "event: after refusal",
    "tick: after decide",
    "tick: between fire and commit",
    "tick: after commit",
    "deliver: before the claim's commit",
    "deliver: after claim",
    "deliver: after send, before settle",
    "deliver: before the settlement's commit",
    "deliver: after settle",
)

_WRITES = re.compile(r"\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+\"?(toritsugi_\w+)", re.IGNORECASE)
#: PostgreSQL: one statement that writes everything and is its own transaction.
_ALONE = re.compile(r"WITH \w+ AS \((?:INSERT|UPDATE)", re.IGNORECASE)


class Points:
    """Counts passages, and kills this process at the one it was armed for."""

    def __init__(self) -> None:
        self.act = "event"
        self._armed: tuple[str, int] | None = None
        self._group: str | None = None
        self._part = ""
        self._committed = False

    def arm(self, point: str, passage: int) -> None:
        """Die at the `passage`-th time that `point` is passed from now on."""
        self._armed = (point, passage)

    def pass_by(self, place: str) -> None:
        """This place is reached."""
        if self._armed is None or self._armed[0] != f"{self.act}: {place}":
            return
        left = self._armed[1] - 1
        self._armed = (self._armed[0], left)
        if left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def statement(self, text: str) -> None:
        """The driver is about to execute `text`; everything before it was executed."""
        word = text.lstrip()[:6].upper()
        if word.startswith("BEGIN"):
            self._group = None
        elif word == "COMMIT" or _ALONE.match(text):
            self._leave_group(None)
            self.pass_by(self._named("between fire and commit" if self.act == "tick" else "before commit"))
            self._committed = True
        elif (found := _WRITES.match(text)) is not None:
            self._leave_group(GROUPS.get(found[1].lower()))

    def _leave_group(self, group: str | None) -> None:
        if self._group is not None and self._group != group:
            self.pass_by(f"after {self._group}")
        self._group = group

    def _named(self, place: str) -> str:
        return f"before the {self._part}'s commit" if self.act == "deliver" else place

    def watch(self) -> None:
        """Put watchers around units of work and listen to both drivers."""
        self._around("__enter__", before=lambda: self.pass_by("before claim"))
        self._around("case", after=lambda: self.pass_by("after load"))
        self._around("write", before=lambda: self.pass_by("after decide"))
        self._around("claim_parcels", before=lambda: self._begin_part("claim"))
        self._around("settle_parcel", before=lambda: self._begin_part("settlement"))
        self._around("commit", after=self._after_commit)
        sa.event.listen(sa.Engine, "connect", self._listen)
        execute = psycopg.Cursor.execute

        def watched(cursor: Any, query: Any, *arguments: Any, **options: Any) -> Any:
            if isinstance(query, str):
                self.statement(query)
            return execute(cursor, query, *arguments, **options)

        psycopg.Cursor.execute = watched  # type: ignore[method-assign]  # in the worker of this test only

    def _listen(self, raw: Any, _record: object) -> None:
        if isinstance(raw, sqlite3.Connection):
            raw.set_trace_callback(self.statement)

    def _begin_part(self, part: str) -> None:
        self._part = part

    def _after_commit(self) -> None:
        if self._committed:
            self._committed = False
            self.pass_by({"claim": "after claim", "settlement": "after settle"}.get(self._part, "after commit"))
            self._part = ""

    @staticmethod
    def _around(name: str, before: Callable[[], None] = lambda: None, after: Callable[[], None] = lambda: None) -> None:
        inner = getattr(Unit, name)

        def outer(unit: Unit, *arguments: Any, **options: Any) -> Any:
            before()
            found = inner(unit, *arguments, **options)
            after()
            return found

        setattr(Unit, name, outer)

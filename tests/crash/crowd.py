"""Worker processes on one store that are all told at once, for races."""

from pathlib import Path
from typing import Any

from crash.checker import Book, faults
from crash.client import START, Connection, Nursery


class Crowd:
    """Worker processes on one store that are all told at once."""

    def __init__(self, nursery: Nursery, store: str, spool: Path, size: int, *, office: str = "tests") -> None:
        self._store, self._spool = store, spool
        settings = {"store": store, "spool": str(spool), "watched": False, "office": office}
        self._workers = [Connection(nursery, **settings) for _ in range(size)]
        #: how often somebody else was first, and the request was sent again.
        self.conflicts = 0

    def each(self, requests: list[list[dict[str, Any]]], now: int = START) -> list[list[dict[str, Any]]]:
        """Every worker carries out its own list; their answers, list by list."""
        for worker, own in zip(self._workers, requests, strict=True):
            worker.tell(act="all", now=now, requests=own)
        told = [worker.listen() for worker in self._workers]
        self.conflicts += sum(one["conflicts"] for one in told)
        return [one["answers"] for one in told]

    def sound(self) -> list[str]:
        """What the checker says about everything but the orders, of which it was told none."""
        orders = ("stands in the history and was never made", "acknowledged orders")
        return [one for one in faults(self._store, self._spool, Book()) if not any(part in one for part in orders)]

    def go_home(self) -> None:
        """End the workers."""
        assert [worker.hang_up() for worker in self._workers] == [0] * len(self._workers)

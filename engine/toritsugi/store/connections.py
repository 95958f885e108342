"""The connections of a store: each thread keeps the one it uses, and a forked child starts with none."""

import os
import threading
import weakref
from typing import Any

import sqlalchemy as sa

from toritsugi.store.dialect import Link, own_link


class _Kept(threading.local):
    """What one thread keeps between its units of work."""

    link: Link | None = None


class Connections:
    """Takes connections from SQLAlchemy's pool and keeps them where they are used.

    Taking one from the pool for each transaction costs about as much as two of its statements.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine
        self._kept = _Kept()
        #: link -> the pool's hold on its connection, which ends with the link (and so with its thread).
        self._held: weakref.WeakKeyDictionary[Link, Any] = weakref.WeakKeyDictionary()
        self._lock = threading.Lock()
        _ALL.add(self)

    def take(self) -> Link:
        """A link for one unit of work; the thread's own one unless an outer unit has it."""
        kept = self._kept
        link = kept.link
        if link is not None:
            kept.link = None
            return link
        held = self.engine.raw_connection()
        link = own_link(held.driver_connection, self.engine.dialect.name)
        with self._lock:
            self._held[link] = held
        return link

    def give(self, link: Link) -> None:
        """Back for the thread's next unit; a connection that is broken or superfluous is let go."""
        if self._kept.link is None and link.usable():
            self._kept.link = link
        else:
            self._let_go(link)

    def _let_go(self, link: Link) -> None:
        with self._lock:
            held = self._held.pop(link, None)
        if held is not None:
            if not link.usable():
                held.invalidate()
            held.close()

    def close(self) -> None:
        """Close every connection, of all threads; those must have ended their units."""
        for link in list(self._held):
            self._let_go(link)
        self._kept = _Kept()
        self.engine.dispose()

    def after_fork(self) -> None:
        """In a forked child: forget the parent's connections without closing them; they are still the parent's."""
        _INHERITED.append((dict(self._held), self._kept))
        self._kept = _Kept()
        self._held = weakref.WeakKeyDictionary()
        self._lock = threading.Lock()
        self.engine.dispose(close=False)


_ALL: "weakref.WeakSet[Connections]" = weakref.WeakSet()
#: connections of a parent process; kept, because closing one here would end locks and transactions of the parent.
_INHERITED: list[Any] = []


def _after_fork() -> None:
    for connections in list(_ALL):
        connections.after_fork()


os.register_at_fork(after_in_child=_after_fork)

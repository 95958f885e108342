"""Group commit on SQLite: threads of one process write in turns, and those who queue share one wait for the disk.

Theory of operation
-------------------
SQLite lets one connection write at a time, and under synchronous=FULL each COMMIT waits for the disk. So the writers of
a process share one connection and queue for it in the order in which they came. Whoever is done and sees somebody
queue leaves the transaction open, hands the turn on and waits; whoever is done and sees nobody commits for all who
wait, and tells each of them how it ended. Everyone after the first works in a savepoint, so that a refusal or an error
takes back its own rows only. `commit` returns when the rows are durable and not before, whoever made them so.

One caller alone waits for no other thread: a turn that nobody queues for is a lock taken and given back. Every thread
does its own work; only the COMMIT is somebody else's. A host's transaction (`SqliteHostLink`) has no part in this.
"""

import copy
import os
import threading
import weakref
from collections import deque
from typing import Any, cast

from toritsugi.errors import Conflict
from toritsugi.store.connections import Connections
from toritsugi.store.dialect import LOCK_TIMEOUT_S, SqliteLink
from toritsugi.store.recent import Recent

#: writers that share a COMMIT at most: other processes are to have a chance in between.
MOST = 64

_SAVEPOINT, _RELEASE, _BACK = "SAVEPOINT turn", "RELEASE SAVEPOINT turn", "ROLLBACK TO SAVEPOINT turn"


class Turns:
    """The queue for the one connection on which a process writes; stands where `Connections` does for its units."""

    def __init__(self, connections: Connections, *, together: bool) -> None:
        """`together`: whether writers share a COMMIT, which pays where a COMMIT waits for the disk."""
        self._connections = connections
        self._together = together
        self.forget()
        _ALL.add(self)

    def forget(self) -> None:
        """Begin anew: the connections were closed, or belong to the process that this one was forked from."""
        self._guard = threading.Lock()
        #: whether somebody has the turn.
        self._taken = False
        #: those who wait for it, first come first served: a lock each, which whoever hands the turn on opens.
        self._queue: deque[Any] = deque()
        #: those whose rows stand in the open transaction, and who wait for its COMMIT.
        self._members: list[_Member] = []
        self._link: SqliteLink | None = None

    def take(self) -> "TurnLink":
        """A link whose `begin` waits for its turn."""
        return TurnLink(self)

    def give(self, link: "TurnLink") -> None:
        """Nothing is to be given back: a unit that is over has no turn any more."""

    def enter(self) -> tuple[SqliteLink, bool]:
        """Wait for the turn; the connection, and whether rows of others stand in its transaction already.

        Raises:
            Conflict: it did not come within LOCK_TIMEOUT_S.
        """
        with self._guard:
            waiting = None
            if self._taken:
                waiting = threading.Lock()
                waiting.acquire()
                self._queue.append(waiting)
            self._taken = True
        if waiting is not None:
            self._wait_for(waiting)
        try:
            link = self._link
            if link is None:
                # turns are SQLite's, so `take` gives no other kind
                self._link = link = cast(SqliteLink, self._connections.take())
            return link, bool(self._members)
        except BaseException:
            self.leave()
            raise

    def _wait_for(self, waiting: Any) -> None:
        came = False
        try:
            came = waiting.acquire(timeout=LOCK_TIMEOUT_S)
        finally:
            if not came and not self._withdrawn(waiting):
                self.leave()  # it came just now, to somebody who does not want it any more
        if not came:
            raise Conflict

    def _withdrawn(self, waiting: Any) -> bool:
        with self._guard:
            if waiting not in self._queue:
                return False
            self._queue.remove(waiting)
            return True

    def commit(self, link: SqliteLink) -> None:
        """Make durable what the holder of the turn has written, and give the turn back."""
        if self._together and self._queue and len(self._members) < MOST:
            member = _Member()
            self._members.append(member)
            if self._hand_on(keep=True):
                member.wait()
                return
            self._members.remove(member)  # whoever queued has gone
        self._commit_all(link)

    def leave(self) -> None:
        """Give the turn back without rows; who waits for a COMMIT and has nobody after him is not left waiting."""
        if not self._members:
            self._hand_on()
        elif not self._hand_on(keep=True):  # if it is handed on, what stands here is the next one's from then on
            try:
                self._commit_all(self._link)  # type: ignore[arg-type]  # members have written on it
            except SqliteLink.errors:
                return  # told to those whom it concerns

    def abandon(self, link: SqliteLink) -> None:
        """SQLite took the whole transaction back (a full disk): everybody in it is told to try again."""
        members, self._members = self._members, []
        link.recent.forget()
        self.renew(link)
        self._hand_on()
        for member in members:
            member.tell(Conflict())

    def _commit_all(self, link: SqliteLink) -> None:
        members, self._members = self._members, []
        fault: BaseException | None = None
        try:
            link.commit()
        except BaseException as error:
            if isinstance(error, link.errors):
                fault = error
            elif (
                link.raw.in_transaction
            ):  # an interrupt is for its own thread; one that comes after the COMMIT undoes nothing
                fault = Conflict()
            link.recent.forget()
            self.renew(link)
            raise
        finally:
            self._hand_on()
            for member in members:
                member.tell(fault)

    def renew(self, link: SqliteLink) -> None:
        """End a transaction in which nobody's rows are to stand; a connection on which it does not end is let go."""
        try:
            link.rollback()
        except link.errors:
            self._link = None
            self._connections.give(link)

    def _hand_on(self, *, keep: bool = False) -> bool:
        """To the next in the queue; if nobody is there, free (or with `keep` still the holder's). Whether somebody was."""
        with self._guard:
            following = self._queue.popleft() if self._queue else None
            if following is None and not keep:
                self._taken = False
        if following is None:
            return False
        following.release()
        return True


class _Member:
    """A writer who is done and waits for the COMMIT that somebody else will make."""

    __slots__ = ("_fault", "_over")

    def __init__(self) -> None:
        self._fault: BaseException | None = None
        self._over = threading.Lock()
        self._over.acquire()

    def wait(self) -> None:
        """Until the COMMIT is over; raises what it raised."""
        self._over.acquire()
        if self._fault is not None:
            raise copy.copy(self._fault) from self._fault  # an exception object belongs to one thread's traceback

    def tell(self, fault: BaseException | None) -> None:
        """The COMMIT is over."""
        self._fault = fault
        self._over.release()


class TurnLink(SqliteLink):
    """The shared connection, for one unit of work, while it is its turn."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        #: the connection while the turn is ours.
        self._link: Any = None
        #: whether we are in a savepoint, after others.
        self._inside = False

    def begin(self) -> None:
        link, inside = self._turns.enter()
        try:
            if inside:
                link.run(_SAVEPOINT)
            else:
                link.begin()
        except BaseException:
            if not inside:
                self._turns.renew(link)  # an interrupt may come right after BEGIN
            self._turns.leave()
            raise
        self._link, self._inside = link, inside
        self.raw, self.run = link.raw, link.run

    def recall(self) -> Recent | None:
        recent: Recent = self._link.recent
        return recent if self._inside else recent.begin()

    def commit(self) -> None:
        if self._inside:
            self.run(_RELEASE)
        self._turns.commit(self._ended())

    def rollback(self) -> None:
        if self._link is None:
            return
        link = self._ended()
        try:
            if not self._inside:
                link.rollback()
            else:
                link.run(_BACK)
                link.run(_RELEASE)
        except BaseException as error:  # SQLite itself takes everything back on some errors: there is no savepoint left
            self._turns.abandon(link)
            if not isinstance(error, link.errors):
                raise
        else:
            self._turns.leave()

    def _ended(self) -> SqliteLink:
        link: SqliteLink = self._link
        self._link, self.run = None, _out_of_turn
        return link


def _out_of_turn(*_: Any) -> Any:
    raise RuntimeError("this unit has ended; others write on its connection now")


_ALL: "weakref.WeakSet[Turns]" = weakref.WeakSet()


def _after_fork() -> None:
    for turns in list(_ALL):
        turns.forget()


os.register_at_fork(after_in_child=_after_fork)

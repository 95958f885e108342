"""In a host's transaction: what must be refused there, and how to wait for its end."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
import sqlalchemy.event
from sqlalchemy.orm import Session, SessionTransaction, scoped_session

from toritsugi.errors import NotJoinable

#: where a session keeps what is to be done after its transaction.
_WAITING = "toritsugi: after the transaction"


def check_joinable(session: Any) -> None:
    """That our rows will share the fate of the host's.

    Raises:
        NotJoinable: HOST_NESTED. With its default settings Python's sqlite3 driver sends no BEGIN before a SAVEPOINT;
            a nested transaction that came first is then the outermost one, and what it releases outlives the host's
            rollback. SQLite cannot be asked which case it is (decision 0001), so every nested one is refused.
    """
    own = _own(session)
    connection = own if isinstance(own, sa.Connection) else own.connection()
    raw: Any = connection.connection.driver_connection
    if isinstance(raw, sqlite3.Connection) and own.in_nested_transaction() and _sends_no_begin(raw):
        raise NotJoinable


def _own(session: Any) -> Session | sa.Connection:
    """The session itself, behind a `scoped_session` that this thread has it from."""
    own: Session | sa.Connection = session() if isinstance(session, scoped_session) else session
    return own


def _sends_no_begin(raw: sqlite3.Connection) -> bool:
    if getattr(raw, "autocommit", None) is False:
        return False  # Python 3.12's own transaction control
    return raw.isolation_level is not None


def after(session: Any, act: Callable[[], None]) -> None:
    """Do `act` once the outermost transaction of the host's session has ended, either way.

    Of a bare connection: once it is given back to its pool. SQLAlchemy tells of its commit before it has happened.
    """
    own = _own(session)
    if _WAITING in own.info:
        own.info[_WAITING].append(act)
        return
    own.info[_WAITING] = [act]
    # one listener for a whole life, which may be long: a session's, or a pool's
    target, event, heard = (
        (own.engine.pool, "checkin", _given_back)
        if isinstance(own, sa.Connection)
        else (own, "after_transaction_end", _ended)
    )
    if not sa.event.contains(target, event, heard):
        sa.event.listen(target, event, heard)


def _ended(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        _do(session.info)


def _given_back(_raw: object, record: Any) -> None:
    _do(record.info)


def _do(info: dict[Any, Any]) -> None:
    for act in info.pop(_WAITING, ()):
        act()

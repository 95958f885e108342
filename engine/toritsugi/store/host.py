"""In a host's transaction: what must be refused there, and how to wait for its end."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
import sqlalchemy.event

from toritsugi.errors import NotJoinable


def check_joinable(session: Any) -> None:
    """That our rows will share the fate of the host's.

    Raises:
        NotJoinable: HOST_NESTED. With its default settings Python's sqlite3 driver sends no BEGIN before a SAVEPOINT;
            a nested transaction that came first is then the outermost one, and what it releases outlives the host's
            rollback. SQLite cannot be asked which case it is (decision 0001), so every nested one is refused.
    """
    connection = session.connection() if hasattr(session, "get_bind") else session
    raw = connection.connection.driver_connection
    if isinstance(raw, sqlite3.Connection) and session.in_nested_transaction() and _sends_no_begin(raw):
        raise NotJoinable


def _sends_no_begin(raw: sqlite3.Connection) -> bool:
    if getattr(raw, "autocommit", None) is False:
        return False  # Python 3.12's own transaction control
    return raw.isolation_level is not None


def after(session: Any, act: Callable[[], None]) -> None:
    """Do `act` once the outermost transaction of the host's session or connection has ended, either way."""
    done: list[bool] = []

    def once(*_: object) -> None:
        if not done:
            done.append(True)
            act()

    if isinstance(session, sa.Connection):
        for name in ("commit", "rollback"):
            sa.event.listen(session, name, once)
        return

    def ended(_session: object, transaction: Any) -> None:
        if transaction.parent is None:
            once()

    sa.event.listen(session, "after_transaction_end", ended)

"""In a host's own transaction: our rows share its fate, and a race is told at once."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlmodel import Session as SqlModelSession

from toritsugi.errors import Conflict
from toritsugi.ports import ClaimTaken, Idempotency
from toritsugi.store.store import SqlStore
from toritsugi.testing.decisions import moving
from toritsugi.testing.store_acts import load, moved, opened


def _tuned(url: str) -> sa.Engine:
    """An engine as somebody may have set it up: SQLAlchemy's BEGIN is the driver's, rows come as mappings."""
    if not url.startswith("sqlite"):
        return sa.create_engine(url, isolation_level="REPEATABLE READ", pool_pre_ping=True)
    engine = sa.create_engine(url, connect_args={"isolation_level": None, "detect_types": sqlite3.PARSE_DECLTYPES})

    @sa.event.listens_for(engine, "connect")
    def _rows(raw: Any, _record: object) -> None:
        raw.row_factory = sqlite3.Row

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine


@pytest.fixture(params=[sa.create_engine, _tuned], ids=["default", "tuned"])
def host(request: pytest.FixtureRequest, store: SqlStore, store_url: str) -> Iterator[sa.Engine]:
    make: Callable[[str], sa.Engine] = request.param
    engine = make(store_url)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE host_row (n INTEGER)"))
    yield engine
    engine.dispose()


def _rows(host: sa.Engine) -> list[int]:
    with host.connect() as connection:
        return list(connection.scalars(sa.text("SELECT n FROM host_row ORDER BY n")))


def _insert(session: Session, number: int) -> None:
    session.execute(sa.text("INSERT INTO host_row VALUES (:n)"), {"n": number})


def _step(store: SqlStore, session: Any, to: str, claim: str | None = None) -> None:
    with store.unit(session) as unit:
        case = unit.case("c1")
        assert case is not None
        unit.write(moving(case, "step", to), Idempotency(claim=claim, request="0") if claim else None)
        unit.commit()


def test_our_rows_are_committed_with_the_hosts(store: SqlStore, host: sa.Engine) -> None:
    opened(store)
    with Session(host) as session:
        _insert(session, 1)
        _step(store, session, "a")
        _insert(session, 2)
        _step(store, session, "b")
        session.commit()
    assert (load(store, "c1").state, load(store, "c1").revision, _rows(host)) == ("b", 3, [1, 2])


def test_what_the_host_rolls_back_leaves_nothing_of_ours(store: SqlStore, host: sa.Engine) -> None:
    case = opened(store)
    for before in (True, False):
        with SqlModelSession(host) as session:
            if before:
                _insert(session, 1)
            _step(store, session, "a", claim="k")
            session.rollback()
    assert load(store, "c1") == case
    assert _rows(host) == []
    with store.unit() as unit:
        assert unit.remembered("k") is None


def test_what_we_roll_back_leaves_the_hosts_rows(store: SqlStore, host: sa.Engine) -> None:
    case = opened(store)
    with Session(host) as session:
        _insert(session, 1)
        with store.unit(session) as unit:
            unit.write(moving(case, "step", "a"))
        with pytest.raises(KeyError), store.unit(session) as unit:
            unit.write(moving(case, "step", "a"))
            raise KeyError
        _insert(session, 2)
        session.commit()
    assert load(store, "c1") == case
    assert _rows(host) == [1, 2]


def test_the_unit_never_commits_the_hosts_transaction(store: SqlStore, host: sa.Engine) -> None:
    opened(store)
    with Session(host) as session:
        _insert(session, 1)
        _step(store, session, "a")
        assert _rows(host) == []
        assert load(store, "c1").state == "opened"
        session.commit()
    assert load(store, "c1").state == "a"


def test_a_connection_does_as_well_as_a_session(store: SqlStore, host: sa.Engine) -> None:
    opened(store)
    with host.connect() as connection:
        _step(store, connection, "a")
        connection.rollback()
    assert load(store, "c1").state == "opened"
    with host.begin() as connection:
        _step(store, connection, "a")
    assert load(store, "c1").state == "a"


def test_a_claim_that_is_taken_leaves_the_hosts_transaction_usable(store: SqlStore, host: sa.Engine) -> None:
    opened(store)
    with store.unit() as unit:
        case = unit.case("c1")
        assert case is not None
        unit.write(moving(case), Idempotency(claim="k", request="0"))
        unit.commit()
    with Session(host) as session:
        with pytest.raises(ClaimTaken):
            _step(store, session, "a", claim="k")
        _insert(session, 1)
        _step(store, session, "b")
        session.commit()
    assert (load(store, "c1").state, _rows(host)) == ("b", [1])


def test_a_stale_case_is_a_conflict_and_leaves_the_hosts_transaction_usable(store: SqlStore, host: sa.Engine) -> None:
    case = opened(store)
    moved(store, case)
    with Session(host) as session:
        with pytest.raises(Conflict), store.unit(session) as unit:
            unit.write(moving(case, "step", "a"))
        _insert(session, 1)
        session.commit()
    assert _rows(host) == [1]


def test_on_sqlite_a_host_that_has_read_hears_at_once_that_somebody_else_wrote(
    store: SqlStore, host: sa.Engine
) -> None:
    if host.dialect.name != "sqlite":
        host = host.execution_options(isolation_level="REPEATABLE READ")
    case = opened(store)
    with Session(host) as session:
        connection = session.connection()
        if host.dialect.name == "sqlite" and not connection.connection.driver_connection.in_transaction:  # type: ignore[union-attr]  # sqlite3's
            connection.exec_driver_sql("BEGIN")
        session.execute(sa.text("SELECT count(*) FROM toritsugi_case")).all()
        moved(store, case)
        began = time.perf_counter()
        with pytest.raises(Conflict), store.unit(session) as unit:
            unit.write(moving(unit.case("c1") or case, "step", "a"))
        assert time.perf_counter() - began < 1
        session.rollback()


def test_in_a_hosts_transaction_on_sqlite_the_lock_is_taken_before_anything_is_read(
    store: SqlStore, sqlite_url: str
) -> None:
    if store.engine.dialect.name != "sqlite":
        return
    opened(store)
    host = sa.create_engine(sqlite_url)
    with Session(host) as session:
        with store.unit(session) as unit:
            other = sqlite3.connect(str(sa.make_url(sqlite_url).database), timeout=0)
            with pytest.raises(sqlite3.OperationalError):
                other.execute("BEGIN IMMEDIATE")
            other.close()
            assert unit.case("c1") is not None
        session.rollback()
    host.dispose()


def test_a_session_of_another_kind_of_database_is_refused(store: SqlStore, sqlite_url: str) -> None:
    if store.engine.dialect.name == "sqlite":
        with pytest.raises(TypeError):
            store.unit(object())
        return
    with Session(sa.create_engine(sqlite_url)) as session, pytest.raises(TypeError):
        store.unit(session)

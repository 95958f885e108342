"""Whose turn it is when an event joins a host's transaction: locks, keys, conflicts, refusals, wake-ups."""

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from crash.office import BANK, COMPANY, draft, granted, submit
from embedding.host_app import Host, Order, Woken, events_of
from toritsugi.engine import Engine
from toritsugi.errors import Conflict, KeyReused, NotPossible, UnknownCase
from world import START


# --- the write lock, the savepoint ------------------------------------------------------------------------------------
def test_the_write_lock_is_taken_first(engine: Engine, host: Host, sqlite_url: str) -> None:
    """SQLite: nobody else can write from the joined event on, even if it was refused."""
    if engine.store.engine.dialect.name != "sqlite":
        with host.session() as session:
            case_id = draft(engine)
            engine.send(case_id, "consent", COMPANY, session=session)
            assert draft(engine, "Other")  # other cases are free
        return
    case_id = draft(engine)
    other = sa.create_engine(sqlite_url, connect_args={"timeout": 0})
    with host.session() as session:
        with pytest.raises(NotPossible):
            engine.send(case_id, "answer", BANK, session=session)
        with other.connect() as connection, pytest.raises(sa.exc.OperationalError, match="locked"):
            connection.execute(sa.insert(Order), {"text": "too late"})
        session.add(Order(text="mine"))
        session.commit()
    other.dispose()
    assert host.orders() == ["mine"]


def test_a_refusal_leaves_the_host_s_transaction_usable(engine: Engine, host: Host) -> None:
    case_id = draft(engine)
    with host.session() as session:
        session.add(Order(text="before"))
        session.flush()
        with pytest.raises(NotPossible):
            engine.send(case_id, "answer", BANK, session=session)
        session.add(Order(text="after"))
        engine.send(case_id, "consent", COMPANY, session=session)
        session.commit()
    assert host.orders() == ["after", "before"]
    assert events_of(engine, case_id) == ["open", "consent"]


@pytest.mark.parametrize("ends", [Session.commit, Session.rollback], ids=["commit", "rollback"])
def test_a_refusal_row_is_written_after_the_host_s_transaction_ended_either_way(
    engine: Engine, host: Host, ends: object
) -> None:
    case_id = draft(engine)
    with host.session() as session:
        session.add(Order(text="loan"))
        session.flush()
        with pytest.raises(NotPossible):
            engine.send(case_id, "answer", BANK, session=session)
        assert engine.store.refusals(case_id) == []
        ends(session)  # type: ignore[operator]  # one of the two above
        assert [one.code for one in engine.store.refusals(case_id)] == ["INVALID_TRANSITION"]
        session.commit()
    assert len(engine.store.refusals(case_id)) == 1


def test_a_refusal_row_is_written_though_the_host_only_closes_its_session(engine: Engine, host: Host) -> None:
    case_id = draft(engine)
    with host.session() as session, pytest.raises(NotPossible):
        engine.send(case_id, "answer", BANK, session=session)
    assert [one.code for one in engine.store.refusals(case_id)] == ["INVALID_TRANSITION"]


def test_what_a_refusal_calls_for_happens_after_the_host_s_transaction(engine: Engine, host: Host) -> None:
    first, second = granted(engine, START), granted(engine, START)
    engine.send(first, "draw", BANK, {"item": "all", "amount": 1000})
    with host.session() as session:
        with pytest.raises(NotPossible):
            engine.send(second, "draw", BANK, {"item": "more", "amount": 1}, session=session)
        assert engine.case(second).state == "granted"
        session.rollback()
    assert engine.case(second).state == "spent"


# --- keys -------------------------------------------------------------------------------------------------------------
def test_a_key_is_claimed_by_the_host_s_commit_and_freed_by_its_rollback(engine: Engine, host: Host) -> None:
    case_id = draft(engine)
    for ends, repeated in ((Session.rollback, False), (Session.commit, False), (Session.commit, True)):
        with host.session() as session:
            session.add(Order(text="loan"))
            answer = engine.send(case_id, "consent", COMPANY, session=session, key="k")
            assert answer.repeated is repeated
            ends(session)
    assert events_of(engine, case_id) == ["open", "consent"]
    assert host.orders() == ["loan", "loan"]
    with host.session() as session:
        with pytest.raises(KeyReused):
            engine.send(case_id, "revoke", COMPANY, session=session, key="k")
        session.add(Order(text="still usable"))
        session.commit()
    assert len(host.orders()) == 3


def test_a_key_repeated_inside_one_transaction_gets_the_first_answer(engine: Engine, host: Host) -> None:
    case_id = draft(engine)
    with host.session() as session:
        first = engine.send(case_id, "consent", COMPANY, session=session, key="k")
        again = engine.send(case_id, "consent", COMPANY, session=session, key="k")
        session.commit()
    assert (first.seq, again.seq, again.repeated) == (2, 2, True)


# --- conflicts --------------------------------------------------------------------------------------------------------
def test_a_conflict_goes_to_the_host_and_nothing_is_tried_again(
    engine: Engine, store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The host has read before somebody else wrote: what it saw is outdated, and only the host can begin anew."""
    case_id = draft(engine)
    made = _reading_host(store_url)
    host = Host(made)
    tries: list[object] = []
    unit = engine.store.unit

    def counted(session: object = None, **options: object) -> object:
        tries.append(session)
        return unit(session, **options)

    with host.session() as session:
        session.exec(select(Order)).all()
        engine.send(case_id, "jot", BANK, {"note": "first"})
        monkeypatch.setattr(engine.store, "unit", counted)
        with pytest.raises(Conflict):
            engine.send(case_id, "consent", COMPANY, session=session)
        assert len(tries) == 1
        session.rollback()
        engine.send(case_id, "consent", COMPANY, session=session)
        session.commit()
    made.dispose()
    assert events_of(engine, case_id) == ["open", "jot", "consent"]


def _reading_host(url: str) -> sa.Engine:
    """A host engine whose transaction sees one moment, taken at its first read."""
    if not url.startswith("sqlite"):
        return sa.create_engine(url, isolation_level="REPEATABLE READ")
    made = sa.create_engine(url, connect_args={"isolation_level": None})
    sa.event.listen(made, "begin", lambda connection: connection.exec_driver_sql("BEGIN DEFERRED"))
    return made


def test_an_unknown_case_leaves_the_host_s_transaction_usable(engine: Engine, host: Host) -> None:
    with host.session() as session:
        with pytest.raises(UnknownCase):
            engine.send("no-such-case", "consent", COMPANY, session=session)
        session.add(Order(text="loan"))
        session.commit()
    assert host.orders() == ["loan"]


# --- wake-ups ---------------------------------------------------------------------------------------------------------
def test_wake_ups_follow_the_host_s_commit(engine: Engine, host: Host, woken: Woken) -> None:
    case_id = draft(engine)
    woken.times = 0
    with host.session() as session:
        submit(engine, case_id, START, session=session)
        assert woken.times == 0
        session.commit()
        assert woken.times == 1
        session.add(Order(text="an hour later"))
        session.commit()
    assert woken.times == 1
    assert engine.deliver().set_aside == 1


def test_a_session_that_lives_long_tells_each_end_once(engine: Engine, host: Host, woken: Woken) -> None:
    case_id = draft(engine)
    woken.times = 0
    with host.session() as session:
        for number in range(1, 4):
            engine.send(case_id, "jot", BANK, {"note": "a"}, session=session)
            with pytest.raises(NotPossible):
                engine.send(case_id, "answer", BANK, session=session)
            session.commit()
            assert (woken.times, len(engine.store.refusals(case_id))) == (number, number)

"""An event joins the host's transaction: each sentence of docs/semantics.md, "Embedding", on every kind of host engine."""

from contextlib import nullcontext

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from crash.office import BANK, COMPANY, DAY, draft, dump, granted, submit
from embedding.host_app import Host, Order, Woken, default_engine
from toritsugi.engine import Engine
from toritsugi.errors import Conflict, KeyReused, NotJoinable, NotPossible, UnknownCase
from toritsugi.testing.clock import FakeClock
from world import START

VALUES = {"amount": 900_000, "purpose": "base", "arrived_at": START}


def _is_default(host: Host) -> bool:
    """The host leaves the driver's transaction control as it is."""
    with host.engine.connect() as connection:
        return getattr(connection.connection.driver_connection, "isolation_level", None) is not None


def _events(engine: Engine, case_id: str) -> list[str]:
    return [row["event"] for row in engine.views.history(case_id)]


# --- one transaction --------------------------------------------------------------------------------------------------
def test_the_host_s_row_and_the_event_are_committed_together(engine: Engine, host: Host) -> None:
    case_id = draft(engine)
    with host.session() as session:
        session.add(Order(text="loan"))
        answer = engine.send(case_id, "submit", COMPANY, VALUES, session=session)
        assert answer.state == "submitted"
        assert (engine.case(case_id).state, host.orders()) == ("draft", [])
        session.commit()
    assert (engine.case(case_id).state, host.orders()) == ("submitted", ["loan"])
    assert [one.status for one in engine.store.messages(case_id)] == ["waiting"]
    assert [one.status for one in engine.store.deadlines(case_id)] == ["armed"]


@pytest.mark.parametrize("written_first", [True, False])
def test_a_rollback_of_the_host_leaves_nothing(
    engine: Engine, host: Host, store_url: str, clock: FakeClock, written_first: bool
) -> None:
    case_id = draft(engine, company_email="a@acme.example.jp")
    before = dump(store_url)
    with host.session() as session:
        if written_first:
            session.add(Order(text="loan"))
            session.flush()
        engine.send(case_id, "consent", COMPANY, session=session, key="k")
        engine.send(case_id, "submit", COMPANY, VALUES, session=session)
        engine.start("loan_request", COMPANY, {"company": "Other"}, session=session)
        session.rollback()
    assert dump(store_url) == before
    clock.advance(seconds=30 * 86_400)
    assert engine.tick() == 0
    assert engine.send(case_id, "consent", COMPANY, key="k").seq == 2


def test_a_case_can_be_opened_in_the_host_s_transaction_as_the_very_first_of_its_procedure(
    engine: Engine, host: Host
) -> None:
    for ends in (Session.rollback, Session.commit):
        with host.session() as session:
            session.add(Order(text="loan"))
            session.flush()
            answer = engine.start("loan_request", COMPANY, {"company": "Acme"}, session=session)
            engine.send(answer.case_id, "submit", COMPANY, VALUES, session=session)
            ends(session)
    assert engine.case(answer.case_id).state == "submitted"
    assert host.orders() == ["loan"]
    assert len(engine.views.cases()) == 2


def test_several_events_join_one_transaction_and_each_sees_the_one_before(engine: Engine, host: Host) -> None:
    case_id = draft(engine)
    with host.session() as session:
        submit(engine, case_id, START, session=session)
        engine.send(case_id, "answer", BANK, session=session)
        engine.send(case_id, "draw", BANK, {"item": "a", "amount": 400}, session=session)
        session.add(Order(text="drawn"))
        engine.send(case_id, "draw", BANK, {"item": "b", "amount": 600}, session=session)
        session.commit()
    assert engine.case(case_id).state == "spent"
    assert host.orders() == ["drawn"]


def test_what_was_due_fires_in_the_host_s_transaction_and_shares_its_fate(
    engine: Engine, host: Host, clock: FakeClock
) -> None:
    case_id = draft(engine)
    submit(engine, case_id, START)
    clock.advance(seconds=30 * 86_400)
    for ends, fired in ((Session.rollback, 0), (Session.commit, 1)):
        with host.session() as session:
            engine.send(case_id, "jot", BANK, {"note": "a"}, session=session)
            ends(session)
        assert _events(engine, case_id).count("answer_overdue") == fired


def test_what_is_no_session_is_refused_in_words(engine: Engine, host: Host) -> None:
    case_id = draft(engine)
    for other in (host.engine, "session", object()):
        with pytest.raises(TypeError, match="session is a SQLAlchemy or SQLModel Session, not a"):
            engine.send(case_id, "submit", COMPANY, VALUES, session=other)


@pytest.mark.parametrize("kept", [True, False])
def test_a_bare_connection_is_joined_and_its_end_is_when_it_is_given_back(
    engine: Engine, host: Host, woken: Woken, kept: bool
) -> None:
    case_id = draft(engine)
    woken.times = 0
    with host.engine.connect() as connection:
        connection.execute(sa.insert(Order), {"text": "loan"})
        engine.send(case_id, "submit", COMPANY, VALUES, session=connection)
        with pytest.raises(NotPossible):
            engine.send(case_id, "draw", BANK, {"item": "a", "amount": 1}, session=connection)
        assert woken.times == 0
        (connection.commit if kept else connection.rollback)()
    assert (engine.case(case_id).state, host.orders()) == (("submitted", ["loan"]) if kept else ("draft", []))
    assert [one.code for one in engine.store.refusals(case_id)] == ["INVALID_TRANSITION"]
    assert woken.times == 1
    with host.engine.connect() as connection:
        engine.send(case_id, "jot", BANK, {"note": "a"}, session=connection)
        connection.commit()
    assert woken.times == 2


def test_a_scoped_session_is_joined_like_the_session_behind_it(engine: Engine, host: Host, woken: Woken) -> None:
    case_id = draft(engine)
    woken.times = 0
    scoped = sa.orm.scoped_session(sa.orm.sessionmaker(host.engine))
    scoped.add(Order(text="loan"))
    engine.send(case_id, "submit", COMPANY, VALUES, session=scoped)
    with pytest.raises(NotPossible):
        engine.send(case_id, "draw", BANK, {"item": "a", "amount": 1}, session=scoped)
    assert woken.times == 0
    scoped.commit()
    scoped.remove()
    assert (engine.case(case_id).state, host.orders(), woken.times) == ("submitted", ["loan"], 1)
    assert [one.code for one in engine.store.refusals(case_id)] == ["INVALID_TRANSITION"]


def test_a_fault_after_the_host_s_commit_does_not_look_like_a_failed_commit(engine: Engine, host: Host) -> None:
    case_id = draft(engine)
    with host.session() as session:
        session.add(Order(text="loan"))
        session.flush()
        with pytest.raises(NotPossible):
            engine.send(case_id, "answer", BANK, session=session)
        session.execute(sa.text("DROP TABLE toritsugi_refusal"))
        session.commit()
    assert host.orders() == ["loan"]


def test_a_session_of_another_database_is_refused_in_words(engine: Engine, store_url: str) -> None:
    case_id = draft(engine)
    elsewhere = sa.create_engine("sqlite://")
    if store_url.startswith("sqlite"):
        elsewhere = sa.create_engine("postgresql+psycopg://nobody@/nothing?host=/nowhere")
    with Session(elsewhere) as session, pytest.raises((TypeError, sa.exc.OperationalError)):
        engine.send(case_id, "consent", COMPANY, session=session)
    elsewhere.dispose()


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
    assert _events(engine, case_id) == ["open", "consent"]


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
    assert _events(engine, case_id) == ["open", "consent"]
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
    assert _events(engine, case_id) == ["open", "jot", "consent"]


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


# --- nested transactions ----------------------------------------------------------------------------------------------
def test_an_event_in_a_nested_transaction_is_refused_in_words_where_it_would_outlive_the_host(
    engine: Engine, store_url: str
) -> None:
    """SQLite with default settings: a savepoint that comes first is the outermost transaction (decision 0001)."""
    case_id = draft(engine)
    made = default_engine(store_url)
    host = Host(made)
    with host.session() as session:
        nested = session.begin_nested()
        if store_url.startswith("sqlite"):
            with pytest.raises(NotJoinable) as refused:
                engine.send(case_id, "consent", COMPANY, session=session)
            assert refused.value.code == "HOST_NESTED"
            assert "BEGIN IMMEDIATE" in refused.value.message("en")
            assert "BEGIN IMMEDIATE" in refused.value.message("ja")
        else:
            engine.send(case_id, "consent", COMPANY, session=session)
        nested.commit()
        session.rollback()
    made.dispose()
    assert _events(engine, case_id) == ["open"]


def test_a_nested_transaction_that_is_rolled_back_takes_the_event_with_it(
    engine: Engine, host: Host, store_url: str
) -> None:
    case_id = draft(engine)
    refused = store_url.startswith("sqlite") and _is_default(host)
    with host.session() as session:
        session.add(Order(text="kept"))
        with session.begin_nested():
            session.add(Order(text="kept too"))
        nested = session.begin_nested()
        with pytest.raises(NotJoinable) if refused else nullcontext():
            engine.send(case_id, "consent", COMPANY, session=session)
        nested.rollback()
        engine.send(case_id, "jot", BANK, {"note": "a"}, session=session)
        session.commit()
    assert _events(engine, case_id) == ["open", "jot"]
    assert host.orders() == ["kept", "kept too"]


def test_a_nested_transaction_that_came_first_is_undone_by_the_outer_rollback(
    engine: Engine, host: Host, store_url: str
) -> None:
    case_id = draft(engine)
    with host.session() as session:
        nested = session.begin_nested()
        try:
            engine.send(case_id, "consent", COMPANY, session=session)
        except NotJoinable:
            assert store_url.startswith("sqlite")
            assert _is_default(host)
        nested.commit()
        session.rollback()
    assert _events(engine, case_id) == ["open"]
    assert engine.case(case_id).approvals == {}


def test_an_event_after_a_nested_transaction_has_ended_is_joined_everywhere(engine: Engine, host: Host) -> None:
    case_id = draft(engine)
    with host.session() as session:
        session.add(Order(text="outer"))
        session.flush()
        with session.begin_nested():
            session.add(Order(text="inner"))
        engine.send(case_id, "consent", COMPANY, session=session)
        session.rollback()
    assert (_events(engine, case_id), host.orders()) == (["open"], [])


# --- time passes beside the host --------------------------------------------------------------------------------------
def test_what_the_host_committed_leaves_a_tick_nothing_to_fire(engine: Engine, host: Host, clock: FakeClock) -> None:
    case_id = draft(engine)
    submit(engine, case_id, START)
    clock.set(START + 30 * DAY)
    with host.session() as session:
        engine.send(case_id, "answer", BANK, session=session)
        session.commit()
    assert engine.tick() == 0
    assert engine.case(case_id).state == "granted"
    assert _events(engine, case_id)[-2:] == ["answer_overdue", "answer"]

"""An event joins the host's transaction: each sentence of docs/semantics.md, "Embedding", on every kind of host engine."""

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from crash.office import BANK, COMPANY, DAY, draft, dump, submit
from embedding.host_app import VALUES, Host, Order, Woken, events_of
from toritsugi.engine import Engine
from toritsugi.errors import NotPossible
from toritsugi.testing.clock import FakeClock
from world import START


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
        assert events_of(engine, case_id).count("answer_overdue") == fired


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


def test_what_the_host_committed_leaves_a_tick_nothing_to_fire(engine: Engine, host: Host, clock: FakeClock) -> None:
    case_id = draft(engine)
    submit(engine, case_id, START)
    clock.set(START + 30 * DAY)
    with host.session() as session:
        engine.send(case_id, "answer", BANK, session=session)
        session.commit()
    assert engine.tick() == 0
    assert engine.case(case_id).state == "granted"
    assert events_of(engine, case_id)[-2:] == ["answer_overdue", "answer"]

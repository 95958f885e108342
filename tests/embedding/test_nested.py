"""Nested transactions of a host: what of an event outlives which of them; docs/semantics.md, "Embedding"."""

from contextlib import nullcontext

import pytest

from crash.office import BANK, COMPANY, draft
from embedding.host_app import Host, Order, default_engine, events_of, is_default
from toritsugi.engine import Engine
from toritsugi.errors import NotJoinable


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
    assert events_of(engine, case_id) == ["open"]


def test_a_nested_transaction_that_is_rolled_back_takes_the_event_with_it(
    engine: Engine, host: Host, store_url: str
) -> None:
    case_id = draft(engine)
    refused = store_url.startswith("sqlite") and is_default(host)
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
    assert events_of(engine, case_id) == ["open", "jot"]
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
            assert is_default(host)
        nested.commit()
        session.rollback()
    assert events_of(engine, case_id) == ["open"]
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
    assert (events_of(engine, case_id), host.orders()) == (["open"], [])

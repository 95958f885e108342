"""An act over several cases joins the host's transaction like any event: it shares its fate, and a refusal leaves the rest."""

import pytest
from sqlmodel import Session

from crash.office import BANK, draft, submit
from embedding.host_app import Host, Order
from toritsugi.core.sitting import Item
from toritsugi.engine import Engine
from toritsugi.errors import NotPossible
from toritsugi.store.audit import verify
from world import START


def _cases(engine: Engine) -> list[str]:
    cases = [draft(engine, name) for name in ("One", "Two")]
    for case_id in cases:
        submit(engine, case_id, START)
    return cases


def test_a_sitting_shares_the_fate_of_the_host_s_transaction(engine: Engine, host: Host) -> None:
    cases = _cases(engine)
    items = [Item(case_id=case_id, event="answer") for case_id in cases]
    for ends, state in ((Session.rollback, "submitted"), (Session.commit, "granted")):
        with host.session() as session:
            session.add(Order(text="sitting"))
            engine.send_together(items, BANK, key="k", session=session)
            ends(session)
        assert [engine.case(case_id).state for case_id in cases] == [state] * 2
    assert host.orders() == ["sitting"]
    assert engine.send_together(items, BANK, key="k")[0].repeated
    assert verify(engine.store).clean


def test_a_refused_sitting_leaves_the_host_s_work_and_no_part_of_itself(engine: Engine, host: Host) -> None:
    cases = _cases(engine)
    items = [Item(case_id=case_id, event="answer") for case_id in (*cases, cases[0])]
    with host.session() as session:
        session.add(Order(text="kept"))
        with pytest.raises(NotPossible) as refused:
            engine.send_together(items, BANK, session=session)
        engine.send(cases[1], "jot", BANK, {"note": "a"}, session=session)
        session.commit()
    assert refused.value.item == (3, cases[0])
    assert [engine.case(case_id).state for case_id in cases] == ["submitted"] * 2
    assert host.orders() == ["kept"]
    assert [one.code for one in engine.store.refusals(cases[0])] == ["INVALID_TRANSITION"]

"""The same request twice is carried out once; other content under the same key is told apart."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from crash.office import ADVISER, BANK, COMPANY, DAY, draft, dump, granted, submit
from toritsugi.engine import Engine
from toritsugi.errors import KeyReused, NotPossible
from toritsugi.testing.clock import FakeClock
from world import START


def test_the_same_request_gets_the_first_answer_and_changes_nothing(engine: Engine, store_url: str) -> None:
    case_id = draft(engine)
    first = engine.send(case_id, "consent", COMPANY, key="k")
    before = dump(store_url)
    again = engine.send(case_id, "consent", COMPANY, key="k")
    assert again == replace(first, repeated=True)
    assert not first.repeated
    assert dump(store_url) == before


def test_the_first_answer_is_given_though_the_event_would_be_refused_by_now(
    engine: Engine, store_url: str, clock: FakeClock
) -> None:
    case_id = draft(engine)
    first = submit(engine, case_id, START, key="k")
    assert first.due == {"answer": "2026-04-16"}
    engine.send(case_id, "answer", BANK)
    clock.advance(seconds=60)
    before = dump(store_url)
    assert submit(engine, case_id, START, key="k") == replace(first, repeated=True)
    assert dump(store_url) == before


def test_the_first_answer_is_given_after_the_case_has_ended(engine: Engine) -> None:
    case_id = draft(engine)
    first = engine.send(case_id, "withdraw", COMPANY, key="k")
    assert engine.send(case_id, "withdraw", COMPANY, key="k") == replace(first, repeated=True)


def test_other_content_under_the_key_is_refused_whether_or_not_it_would_be_possible(engine: Engine) -> None:
    case_id = draft(engine)
    engine.send(case_id, "jot", BANK, {"note": "a"}, key="k")
    for event, values in (("jot", {"note": "b"}), ("answer", {})):
        with pytest.raises(KeyReused):
            engine.send(case_id, event, BANK, values, key="k")
    assert engine.case(case_id).data["notes"] == [{"text": "a", "on": "2026-04-12"}]


@pytest.mark.parametrize(
    "changed",
    [{"occurred_at": START - DAY}, {"reason": "why"}, {"channel": "email"}, {"address": "x"}, {"override": True}],
    ids=lambda changed: next(iter(changed)),
)
def test_every_part_of_a_request_is_its_content(engine: Engine, changed: dict[str, object]) -> None:
    case_id = draft(engine)
    engine.send(case_id, "jot", BANK, {"note": "a"}, key="k")
    with pytest.raises(KeyReused):
        engine.send(case_id, "jot", BANK, {"note": "a"}, key="k", **changed)  # type: ignore[arg-type]  # one of several


def test_a_refusal_does_not_consume_the_key(engine: Engine) -> None:
    case_id = draft(engine)
    with pytest.raises(NotPossible):
        engine.send(case_id, "answer", BANK, key="k")
    submit(engine, case_id, START)
    assert engine.send(case_id, "answer", BANK, key="k").state == "granted"


def test_a_key_belongs_to_the_institution_and_to_the_operation(engine: Engine) -> None:
    case_id = draft(engine)
    told = [
        engine.send(case_id, "jot", BANK, {"note": "a"}, key="k"),
        engine.send(case_id, "jot", ADVISER, {"note": "a"}, key="k"),
        engine.start("loan_request", BANK, {"company": "Other"}, key="k"),
    ]
    assert [answer.repeated for answer in told] == [False, False, False]


def test_a_case_is_opened_once_under_one_key(engine: Engine) -> None:
    first = engine.start("loan_request", COMPANY, {"company": "Acme"}, key="k")
    again = engine.start("loan_request", COMPANY, {"company": "Acme"}, key="k")
    assert again == replace(first, repeated=True)
    with pytest.raises(KeyReused):
        engine.start("loan_request", COMPANY, {"company": "Other"}, key="k")


def test_a_case_that_may_be_opened_once_answers_its_key_though_it_is_open(engine: Engine) -> None:
    first = engine.start("shared_pot", BANK, {"company": "Acme"}, key="k")
    with pytest.raises(NotPossible) as refused:
        engine.start("shared_pot", BANK, {"company": "Acme"}, key="other")
    assert refused.value.code == "DUPLICATE"
    assert engine.start("shared_pot", BANK, {"company": "Acme"}, key="k") == replace(first, repeated=True)


def test_threads_that_send_one_request_at_once_are_told_one_answer(engine: Engine) -> None:
    case_id = granted(engine, START)
    with ThreadPoolExecutor(8) as threads:
        told = list(
            threads.map(
                lambda _: engine.send(case_id, "draw", BANK, {"item": "one", "amount": 300}, key="k"), range(16)
            )
        )
    assert len({replace(answer, repeated=True).seq for answer in told}) == 1
    assert sum(not answer.repeated for answer in told) == 1
    pot = next(case for case in engine.views.cases() if case.procedure == "shared_pot")
    assert pot.ledgers["money"].reserved_yen == 300  # type: ignore[attr-defined]  # a Case

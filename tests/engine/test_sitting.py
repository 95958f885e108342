"""Several cases in one act: all of them or none, one moment, one mark, one key."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from crash.office import ADVISER, BANK, COMPANY, DAY, draft, dump, granted, submit
from toritsugi.core.sitting import MOST_TOGETHER, Item
from toritsugi.core.values import Actor
from toritsugi.engine import Engine
from toritsugi.errors import BadInput, Conflict, KeyReused, NotPossible, TooLarge, UnknownCase
from toritsugi.store import audit
from toritsugi.testing.clock import FakeClock
from world import START


def _submitted(engine: Engine, *companies: str) -> list[str]:
    cases = [draft(engine, company) for company in companies]
    for case_id in cases:
        submit(engine, case_id, START)
    return cases


def _items(cases: list[str]) -> list[Item]:
    """One granted, one refused, one left for later: what a meeting does."""
    first, second, third = cases
    return [
        Item(case_id=first, event="answer"),
        Item(case_id=second, event="answer_early", reason="not now"),
        Item(case_id=third, event="jot", values={"note": "next month"}),
    ]


def _last(engine: Engine, case_id: str, viewer: Actor | None = None) -> Any:
    return (engine.views.history(case_id, viewer) if viewer else engine.views.history(case_id))[-1]


def test_each_item_is_a_row_of_its_own_case_with_the_mark_of_the_act(engine: Engine) -> None:
    cases = _submitted(engine, "One", "Two", "Three")
    answers = engine.send_together(_items(cases), BANK)
    assert [(one.case_id, one.state) for one in answers] == list(
        zip(cases, ("granted", "refused", "submitted"), strict=True)
    )
    marks = [_last(engine, case_id)["sitting"] for case_id in cases]
    assert [(mark["number"], mark["of"]) for mark in marks] == [(1, 3), (2, 3), (3, 3)]
    assert {mark["id"] for mark in marks} == {one.sitting for one in answers}
    assert len({mark["id"] for mark in marks}) == 1
    assert audit.verify(engine.store).clean


def test_two_sittings_have_two_marks_and_an_event_alone_has_none(engine: Engine) -> None:
    one, other = _submitted(engine, "One", "Two")
    first = engine.send_together([Item(case_id=one, event="jot", values={"note": "a"})], BANK)
    second = engine.send_together([Item(case_id=other, event="jot", values={"note": "a"})], BANK)
    assert first[0].sitting != second[0].sitting
    assert engine.send(one, "jot", BANK, {"note": "b"}).sitting is None
    assert "sitting" not in _last(engine, one)


def test_all_items_have_one_moment_though_the_clock_goes_on(engine: Engine, clock: FakeClock) -> None:
    cases = _submitted(engine, "One", "Two", "Three")
    now = clock.now
    clock.now = lambda: (clock.advance(seconds=1), now())[1]  # type: ignore[method-assign]  # a clock that is read goes on
    answers = engine.send_together(_items(cases), BANK)
    assert len({(one.recorded_at, one.occurred_at) for one in answers}) == 1


def test_all_items_have_one_moment_though_deadlines_fire_before_some_of_them(engine: Engine, clock: FakeClock) -> None:
    cases = _submitted(engine, "One", "Two", "Three")
    clock.advance(seconds=30 * 86_400)
    engine.send(cases[1], "jot", BANK, {"note": "fires what is due in this one"})
    now = clock.now
    clock.now = lambda: (clock.advance(seconds=1), now())[1]  # type: ignore[method-assign]  # a clock that is read goes on
    answers = engine.send_together(_items(cases), BANK)
    assert len({(one.recorded_at, one.occurred_at) for one in answers}) == 1


def test_one_refused_item_changes_nothing_and_is_named(engine: Engine, store_url: str) -> None:
    cases = _submitted(engine, "One", "Two", "Three")
    before = dump(store_url, without=["toritsugi_refusal"])
    items = [*_items(cases), Item(case_id=cases[0], event="answer")]
    with pytest.raises(NotPossible) as refused:
        engine.send_together(items, BANK)
    assert refused.value.item == (4, cases[0])
    assert refused.value.message("ja").startswith(f"4件目（案件{cases[0]}）：")
    assert refused.value.message("en").startswith(f"item 4 (case {cases[0]}): ")
    assert dump(store_url, without=["toritsugi_refusal"]) == before
    assert [(one.case_id, one.event, one.code) for one in engine.store.refusals(cases[0])] == [
        (cases[0], "answer", "INVALID_TRANSITION")
    ]


def test_a_refused_item_takes_back_what_items_before_it_booked_in_another_case(engine: Engine) -> None:
    case_id = granted(engine, START)
    draws = [Item(case_id=case_id, event="draw", values={"item": str(n), "amount": 600}) for n in range(2)]
    with pytest.raises(NotPossible):
        engine.send_together(draws, BANK)
    assert engine.case(case_id).state == "granted"
    (pot,) = engine.views.cases(procedure="shared_pot")
    assert pot.ledgers["money"].reserved_yen == 0


def test_an_item_sees_what_the_items_before_it_did(engine: Engine) -> None:
    one, other = granted(engine, START), granted(engine, START)
    draws = [Item(case_id=case_id, event="draw", values={"item": case_id, "amount": 500}) for case_id in (one, other)]
    assert [answer.state for answer in engine.send_together(draws, BANK)] == ["granted", "spent"]
    (pot,) = engine.views.cases(procedure="shared_pot")
    assert (pot.state, pot.ledgers["money"].reserved_yen) == ("empty", 1000)
    assert [row["sitting"]["number"] for row in engine.views.history(one) if "sitting" in row] == [1]
    assert "sitting" not in _last(engine, pot.id), "what an item signals has a cause, and no mark"
    assert audit.verify(engine.store).clean


def test_it_is_as_if_the_items_had_been_sent_one_after_another(engine: Engine) -> None:
    together, alone = _submitted(engine, "A1", "A2", "A3"), _submitted(engine, "B1", "B2", "B3")
    engine.send_together(_items(together), BANK)
    for item in _items(alone):
        engine.send(item.case_id, item.event, BANK, item.values, reason=item.reason)
    for one, other in zip(together, alone, strict=True):
        here, there = engine.case(one), engine.case(other)
        assert (here.state, here.ended, here.revision) == (there.state, there.ended, there.revision)
        assert here.deadlines.keys() == there.deadlines.keys()
        rows = [
            [{name: row.get(name) for name in ("event", "from", "to", "role", "deadlines")} for row in history]
            for history in (engine.views.history(one), engine.views.history(other))
        ]
        assert rows[0] == rows[1]


def test_what_is_due_fires_first_and_stands_though_the_sitting_is_refused(engine: Engine, clock: FakeClock) -> None:
    cases = _submitted(engine, "One", "Two", "Three")
    clock.advance(seconds=30 * 86_400)
    with pytest.raises(NotPossible):
        engine.send_together([*_items(cases), Item(case_id=cases[1], event="submit")], BANK)
    assert [_last(engine, case_id)["event"] for case_id in cases] == ["answer_overdue"] * 3
    answers = engine.send_together(_items(cases), BANK)
    assert answers[0].late == ("answer",)


def test_the_same_sitting_under_its_key_gets_the_first_answers(engine: Engine, store_url: str) -> None:
    cases = _submitted(engine, "One", "Two", "Three")
    first = engine.send_together(_items(cases), BANK, key="k")
    before = dump(store_url)
    again = engine.send_together(_items(cases), BANK, key="k")
    assert again == tuple(replace(one, repeated=True) for one in first)
    assert dump(store_url) == before


def test_another_sitting_under_the_key_is_refused(engine: Engine) -> None:
    cases = _submitted(engine, "One", "Two", "Three")
    engine.send_together(_items(cases), BANK, key="k")
    for other in (_items(cases)[:2], list(reversed(_items(cases))), [Item(case_id=cases[2], event="answer")]):
        with pytest.raises(KeyReused):
            engine.send_together(other, BANK, key="k")
    assert engine.case(cases[2]).state == "submitted"


def test_a_refused_sitting_does_not_consume_its_key(engine: Engine) -> None:
    cases = _submitted(engine, "One", "Two", "Three")
    with pytest.raises(NotPossible):
        engine.send_together([*_items(cases), Item(case_id=cases[0], event="submit")], BANK, key="k")
    assert not engine.send_together(_items(cases), BANK, key="k")[0].repeated


def test_one_actor_s_right_is_asked_in_every_case(engine: Engine) -> None:
    cases = _submitted(engine, "One", "Two", "Three")
    with pytest.raises(NotPossible) as refused:
        engine.send_together([Item(case_id=cases[0], event="jot", values={"note": "a"}), *_items(cases)[:1]], ADVISER)
    assert (refused.value.code, refused.value.item) == ("ACTOR_NOT_ALLOWED", (2, cases[0]))


def test_a_case_that_is_not_there_and_no_case_at_all_are_told(engine: Engine) -> None:
    cases = _submitted(engine, "One", "Two", "Three")
    with pytest.raises(UnknownCase):
        engine.send_together([*_items(cases), Item(case_id="00000-0000-0000", event="answer")], BANK)
    with pytest.raises(BadInput):
        engine.send_together([], BANK)
    with pytest.raises(TooLarge):
        engine.send_together([_items(cases)[2]] * (MOST_TOGETHER + 1), BANK)
    assert [engine.case(case_id).state for case_id in cases] == ["submitted"] * 3


def test_sittings_that_overlap_in_opposite_order_are_each_whole(engine: Engine) -> None:
    cases = _submitted(engine, "One", "Two", "Three")

    def sit(number: int) -> str:
        order = cases if number % 2 else list(reversed(cases))
        items = [Item(case_id=case_id, event="jot", values={"note": str(number)}) for case_id in order]
        while True:
            try:
                return engine.send_together(items, BANK)[0].sitting or ""
            except Conflict:
                continue

    with ThreadPoolExecutor(4) as threads:
        acts = list(threads.map(sit, range(12)))
    for case_id in cases:
        marks = [row["sitting"]["id"] for row in engine.views.history(case_id) if "sitting" in row]
        assert sorted(marks) == sorted(acts)
    orders = [[n["text"] for n in engine.case(case_id).data["notes"]] for case_id in cases]
    assert orders[0] == orders[1] == orders[2]
    assert audit.verify(engine.store).clean


def test_one_key_of_many_threads_is_carried_out_once(engine: Engine) -> None:
    cases = _submitted(engine, "One", "Two", "Three")
    with ThreadPoolExecutor(6) as threads:
        told = list(threads.map(lambda _: engine.send_together(_items(cases), BANK, key="k"), range(12)))
    assert sum(not one[0].repeated for one in told) == 1
    assert len({tuple(replace(one, repeated=True).seq for one in answers) for answers in told}) == 1
    assert [engine.case(case_id).revision for case_id in cases] == [3, 3, 3]


def test_the_audit_misses_a_case_that_is_gone_with_its_part_of_a_sitting(engine: Engine, store_url: str) -> None:
    cases = _submitted(engine, "One", "Two", "Three")
    act = engine.send_together(_items(cases), BANK)[0].sitting
    writer = sa.create_engine(store_url)
    with writer.begin() as connection:
        names = [name for name in sa.inspect(connection).get_table_names() if name.startswith("toritsugi_")]
        held = [
            name for name in names if "case_id" in {one["name"] for one in sa.inspect(connection).get_columns(name)}
        ]
        for name in [*held, "toritsugi_case"]:
            column = "id" if name == "toritsugi_case" else "case_id"
            connection.execute(sa.text(f"DELETE FROM {name} WHERE {column} = :gone"), {"gone": cases[1]})
    writer.dispose()
    report = audit.verify(engine.store)
    assert [(one.kind, one.detail) for one in report.findings] == [("sitting_broken", act)]


def test_a_sitting_that_happened_before_is_recorded_as_of_then(engine: Engine, clock: FakeClock) -> None:
    cases = _submitted(engine, "One", "Two", "Three")
    clock.set(START + DAY)
    answers = engine.send_together(_items(cases), BANK, occurred_at=START + 60_000_000)
    assert {(one.occurred_at, one.recorded_at) for one in answers} == {(START + 60_000_000, START + DAY)}


def test_the_parties_of_a_case_read_the_mark_in_their_own_row(engine: Engine) -> None:
    cases = _submitted(engine, "One", "Two", "Three")
    act = engine.send_together(_items(cases), BANK)[0].sitting
    assert _last(engine, cases[0], COMPANY)["sitting"]["id"] == act

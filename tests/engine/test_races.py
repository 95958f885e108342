"""Many at once, in processes and in threads, on both databases: what must not happen does not."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from crash.client import Nursery
from crash.crowd import Crowd
from crash.office import BANK, COMPANY, DAY, draft, granted, open_office, submit
from toritsugi.core.values import Actor
from toritsugi.engine import Engine
from toritsugi.errors import Conflict, NotPossible
from toritsugi.testing.clock import FakeClock
from world import START


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    found = Nursery()
    yield found
    found.close()


@pytest.fixture
def spool(tmp_path: Path) -> Path:
    found = tmp_path / "spool"
    found.mkdir()
    return found


@pytest.fixture
def crowd(nursery: Nursery, store_url: str, spool: Path, engine: Engine) -> Iterator[Crowd]:
    found = Crowd(nursery, store_url, spool, 4)
    yield found
    found.go_home()


def _send(
    case_id: str, event: str, actor: Actor, values: dict[str, Any] | None = None, **options: Any
) -> dict[str, Any]:
    who = {"id": actor.id, "institution": actor.institution, "role": actor.role}
    return {"act": "send", "case_id": case_id, "event": event, "actor": who, "values": values or {}, **options}


def _pot(engine: Engine) -> Any:
    (found,) = engine.views.cases(procedure="shared_pot")
    return found


def _outcomes(answers: list[list[dict[str, Any]]]) -> Counter[str]:
    return Counter("done" if "answer" in one else one["refused"] for own in answers for one in own)


def test_reservations_of_eight_processes_never_exceed_the_ceiling(
    nursery: Nursery, engine: Engine, store_url: str, spool: Path
) -> None:
    crowd = Crowd(nursery, store_url, spool, 8)
    cases = [granted(engine, START) for _ in range(8)]
    orders = [
        [_send(case, "draw", BANK, {"item": f"{n}/{m}", "amount": 70}, key=f"{n}/{m}") for m in range(4)]
        for n, case in enumerate(cases)
    ]
    outcomes = _outcomes(crowd.each(orders))
    crowd.go_home()
    money = _pot(engine).ledgers["money"]
    assert outcomes["done"] == 14
    assert outcomes == {"done": 14, "CEILING_EXCEEDED": 18}
    assert (money.reserved_yen, money.ceiling_yen) == (980, 1000)
    assert len(engine.store.postings(_pot(engine).id)) == 14
    assert crowd.sound() == []


def test_reservations_of_eight_threads_never_exceed_the_ceiling(engine: Engine) -> None:
    cases = [granted(engine, START) for _ in range(4)]

    def draw(number: int) -> str:
        while True:
            try:
                engine.send(cases[number % 4], "draw", BANK, {"item": str(number), "amount": 70})
            except Conflict:
                continue
            except NotPossible as refused:
                return refused.code
            return "done"

    with ThreadPoolExecutor(8) as threads:
        outcomes = Counter(threads.map(draw, range(24)))
    assert outcomes == {"done": 14, "CEILING_EXCEEDED": 10}
    assert _pot(engine).ledgers["money"].reserved_yen == 980


def test_nothing_is_shared_once_a_revocation_is_committed(crowd: Crowd, engine: Engine) -> None:
    case_id = draft(engine)
    engine.send(case_id, "consent", COMPANY)
    submit(engine, case_id, START)
    sharing = [_send(case_id, "share", BANK) for _ in range(12)]
    revoking = [*(_send(case_id, "jot", BANK, {"note": "a"}) for _ in range(4)), _send(case_id, "revoke", COMPANY)]
    answers = crowd.each([revoking, sharing, sharing, [{"act": "deliver"}] * 8])
    assert _outcomes(answers[:1]) == {"done": 5}
    shared = _outcomes(answers[1:3])
    assert shared.keys() <= {"done", "DISCLOSURE_NOT_APPROVED"}
    events = [row["event"] for row in engine.views.history(case_id)]
    assert "share" not in events[events.index("revoke") :]
    assert events.count("share") == shared["done"]
    resting = [one.status for one in engine.store.messages(case_id) if one.approval == "sharing"]
    assert set(resting) <= {"handed_over", "recalled"}
    assert crowd.sound() == []


def test_a_due_deadline_fires_once_though_four_workers_tick(crowd: Crowd, engine: Engine) -> None:
    cases = [draft(engine, f"company {n}") for n in range(8)]
    for case_id in cases:
        submit(engine, case_id, START)
    crowd.each([[{"act": "tick"}]] * 4)  # everybody has opened the store
    told = crowd.each([[{"act": "tick"}]] * 4, now=START + 30 * DAY)
    for case_id in cases:
        events = [row["event"] for row in engine.views.history(case_id)]
        assert events == ["open", "submit", "answer_overdue"]
    assert sum(one["fired"] for own in told for one in own) == len(cases)
    assert crowd.sound() == []


def test_a_message_is_claimed_by_one_of_four_workers(crowd: Crowd, engine: Engine) -> None:
    cases = [draft(engine, f"company {n}") for n in range(12)]
    for case_id in cases:
        submit(engine, case_id, START, channel="fax")
    told = crowd.each([[{"act": "deliver"}] * 4] * 4)
    assert sum(one["outcome"]["handed_over"] for own in told for one in own) == len(cases)
    assert [one.attempts for case_id in cases for one in engine.store.messages(case_id)] == [1] * len(cases)
    assert crowd.sound() == []


def test_one_request_of_four_processes_is_carried_out_once(crowd: Crowd, engine: Engine) -> None:
    case_id = granted(engine, START)
    order = _send(case_id, "draw", BANK, {"item": "one", "amount": 10}, key="k")
    told = [one["answer"] for own in crowd.each([[order] * 5] * 4) for one in own]
    assert sum(not answer.pop("repeated") for answer in told) == 1
    assert all(answer == told[0] for answer in told)
    assert _pot(engine).ledgers["money"].reserved_yen == 10


def test_of_two_contents_under_one_key_one_is_carried_out(crowd: Crowd, engine: Engine) -> None:
    case_id = draft(engine)
    orders = [[_send(case_id, "jot", BANK, {"note": str(n % 2)}, key="k")] for n in range(4)]
    answers = crowd.each(orders)
    assert _outcomes(answers) == {"done": 2, "KEY_REUSED": 2}
    assert len(engine.case(case_id).data["notes"]) == 1


def test_a_case_of_which_there_may_be_one_is_opened_once(crowd: Crowd, engine: Engine) -> None:
    who = {"id": BANK.id, "institution": BANK.institution, "role": BANK.role}
    start = {"act": "start", "procedure": "shared_pot", "actor": who, "values": {"company": "Acme"}}
    assert _outcomes(crowd.each([[start]] * 4)) == {"done": 1, "DUPLICATE": 3}
    assert _pot(engine).subject == "Acme"


def test_events_of_a_family_from_both_ends_do_not_lock_each_other_out(crowd: Crowd, engine: Engine) -> None:
    """Two processes draw from their own case through the pot, two book in the pot itself."""
    cases = [granted(engine, START) for _ in range(2)]
    pot = _pot(engine).id
    draws = [
        [_send(case, "draw", BANK, {"item": f"d{n}/{m}", "amount": 1}) for m in range(10)]
        for n, case in enumerate(cases)
    ]
    books = [[_send(pot, "book", BANK, {"item": f"b{n}/{m}", "amount": 1}) for m in range(10)] for n in range(2)]
    assert _outcomes(crowd.each([*draws, *books])) == {"done": 40}
    assert _pot(engine).ledgers["money"].reserved_yen == 40
    assert crowd.sound() == []


def test_two_engines_of_one_store_keep_each_other_s_conflicts_out(store_url: str, clock: FakeClock) -> None:
    with open_office(store_url, clock) as left, open_office(store_url, clock) as right:
        case_id = draft(left)
        with ThreadPoolExecutor(2) as threads:
            list(
                threads.map(
                    lambda one: [one.send(case_id, "jot", BANK, {"note": "a"}) for _ in range(10)], (left, right)
                )
            )
        assert len(left.case(case_id).data["notes"]) == 20

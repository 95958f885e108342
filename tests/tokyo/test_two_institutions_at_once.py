"""JETRO and Shinkin Central Bank post costs for one company at the same moment, through their own cases and one frame.

TORITSUGI_RUSH=20 plays each rush twenty times with other orders (`make rush`); the suite plays it once.
"""

import os
import random
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from crash.checker import Book, Order
from crash.client import PATIENCE_S, Nursery
from crash.crowd import Crowd
from second_opinion.frame_by_hand import GRANT_YEN, net
from tokyo.company import JETRO, MORNING, SCB, Company, open_shipped
from tokyo.rush import BY_MONEY, Rush
from toritsugi.engine import Engine
from toritsugi.testing.clock import FakeClock

ROUNDS = int(os.environ.get("TORITSUGI_RUSH", "1"))
#: posts that book at the same moment: half of them at JETRO, half at Shinkin Central Bank.
POSTS = 4
#: 32 of them are more than there is, 16 of them are less: neither institution can shut the other out.
MIDDLING = (40_001, 44_003, 55_000)


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
def office(store_url: str) -> Iterator[Engine]:
    with open_shipped(store_url, FakeClock(MORNING), synchronous="NORMAL") as engine:
        yield engine


class Posts:
    """Those who post at once, as threads of one engine or as processes with an engine each."""

    def __init__(self, kind: str, crowd: Crowd | None) -> None:
        self.kind, self._crowd = kind, crowd
        self.conflicts = 0

    def work(self, rush: Rush, orders: list[list[Order]]) -> None:
        """All lists at once, each in its order; a post that is stuck breaks the test."""
        if self._crowd is not None:
            answers = self._crowd.each([[one.request for one in own] for own in orders], now=MORNING)
            self.conflicts = self._crowd.conflicts
            for own, told in zip(orders, answers, strict=True):
                rush.told(own, told)
            return
        with ThreadPoolExecutor(len(orders)) as threads:
            running = [threads.submit(rush.post, own) for own in orders]
            self.conflicts += sum(one.result(PATIENCE_S) for one in running)


@pytest.fixture(params=["threads", "processes"])
def posts(
    request: pytest.FixtureRequest, nursery: Nursery, office: Engine, store_url: str, spool: Path
) -> Iterator[Posts]:
    crowd = Crowd(nursery, store_url, spool, POSTS, office="shipped") if request.param == "processes" else None
    yield Posts(request.param, crowd)
    if crowd is not None:
        crowd.go_home()


def _cases(company: Company, each: int) -> list[str]:
    """One case a post: JETRO's, Shinkin's, JETRO's, ...; each institution has `each` of them."""
    return [company.in_support(procedure) for _ in range(each) for procedure in (JETRO, SCB)]


def test_without_consent_nothing_is_booked_beyond_the_ceiling(
    office: Engine, posts: Posts, store_url: str, spool: Path
) -> None:
    came: Counter[str] = Counter()
    book = Book()
    for number in range(ROUNDS):
        rush = Rush(Company(office, number, book), random.Random(f"ceiling {number}"), agreed=False, amounts=MIDDLING)
        cases = _cases(rush.company, POSTS // 2)
        posts.work(rush, [rush.orders(case_id, post, 8) for post, case_id in enumerate(cases)])
        assert rush.faults(store_url, spool) == []
        left = rush.company.frame.ledgers["allowance"].available_yen
        for case_id in cases:
            own = [one.refused for one in rush.postings if one.case_id == case_id and one.refused is not None]
            # the first is refused for money and pauses the case, in which nothing can be posted after that
            assert not own or (own[0] in BY_MONEY and {*own[1:]} <= {"INVALID_TRANSITION"})
        short = [one.request["values"] for one in rush.postings if one.refused in BY_MONEY]
        assert all(net(one["cost_amount"], one["cost_tax"]) > left for one in short)
        assert short
        assert rush.by("jetro_tokyo") and rush.by("scb")
        came += rush.outcomes
    print(f"{posts.kind}, no consent: {dict(came)}, {posts.conflicts} conflicts")


def test_with_consent_everything_is_booked_and_the_frame_is_used_to_the_last_yen(
    office: Engine, posts: Posts, store_url: str, spool: Path
) -> None:
    came: Counter[str] = Counter()
    book = Book()
    for number in range(ROUNDS):
        rush = Rush(Company(office, number, book), random.Random(f"consent {number}"), agreed=True, amounts=MIDDLING)
        cases = _cases(rush.company, 1)  # several posts in one case, too
        orders = [rush.orders(cases[post % 2], post, 8, "reserve spend") for post in range(POSTS)]
        posts.work(rush, orders)
        assert rush.faults(store_url, spool) == []
        assert rush.outcomes.keys() == {"done"}
        assert rush.company.frame.state == "exhausted"
        assert rush.company.frame.ledgers["allowance"].available_yen == 0
        came += rush.outcomes
    print(f"{posts.kind}, consent: {dict(came)}, {posts.conflicts} conflicts")


def test_reserving_spending_and_giving_back_at_once_keep_every_yen(
    office: Engine, posts: Posts, store_url: str, spool: Path
) -> None:
    came: Counter[str] = Counter()
    book = Book()
    for number in range(ROUNDS):
        rush = Rush(Company(office, number, book), random.Random(f"mixed {number}"))
        cases = _cases(rush.company, 1)
        kinds = "reserve reserve reserve consume release resume"
        posts.work(rush, [rush.orders(cases[post % len(cases)], post, 10, kinds) for post in range(POSTS)])
        assert rush.faults(store_url, spool) == []
        money = rush.company.frame.ledgers["allowance"]
        assert 0 <= money.available_yen <= money.balance_yen <= GRANT_YEN
        assert rush.outcomes.keys() <= {"done", "NO_RESERVATION", "INVALID_TRANSITION", *BY_MONEY}
        came += rush.outcomes
    print(f"{posts.kind}, mixed: {dict(came)}, {posts.conflicts} conflicts")

"""Rules that read how many other cases there are: what is counted, when, who is told, and never more than allowed."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, local

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from bookings import BANK, DAY, asked, granted, guest, last, open_house, states
from toritsugi.core.values import Actor
from toritsugi.engine import Engine
from toritsugi.errors import Conflict, NotPossible
from toritsugi.store.audit import verify
from toritsugi.testing.clock import FakeClock
from world import START

OPERATOR = Actor(id="o1", institution="host", operator=True)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(START)


@pytest.fixture
def house(store_url: str, clock: FakeClock) -> Iterator[Engine]:
    with open_house(store_url, clock) as opened:
        yield opened


def _code(engine: Engine, case_id: str, event: str, actor: Actor = BANK) -> str:
    with pytest.raises(NotPossible) as refused:
        engine.send(case_id, event, actor)
    return refused.value.code


def test_the_third_in_a_room_for_two_is_refused_and_the_other_room_is_open(house: Engine) -> None:
    granted(house, "A")
    granted(house, "B")
    third = asked(house, "C")
    assert _code(house, third, "grant") == "CAPACITY_FULL"
    assert house.case(third).state == "asked"
    granted(house, "D", "blue")


def test_a_place_that_is_given_back_is_free_again(house: Engine) -> None:
    first = granted(house, "A")
    granted(house, "B")
    third = asked(house, "C")
    assert _code(house, third, "grant") == "CAPACITY_FULL"
    house.send(first, "give_back", guest("A"))
    house.send(third, "grant", BANK)
    assert states(house) == ["returned", "granted", "granted"]


def test_a_case_does_not_count_itself(house: Engine) -> None:
    case_id = granted(house, "A")
    house.send(case_id, "tell", BANK)
    assert "told" not in house.case(case_id).data
    assert last(house, case_id)["counts"] == {"taken": 0}
    granted(house, "B")
    house.send(case_id, "tell", BANK)
    assert house.case(case_id).data["told"] == 1


def test_what_comes_with_the_event_is_what_others_are_compared_with(house: Engine) -> None:
    granted(house, "A")
    granted(house, "B")
    undecided = asked(house, "C", None)
    with pytest.raises(NotPossible) as refused:
        house.send(undecided, "grant", BANK, {"room": "red"})
    assert refused.value.code == "CAPACITY_FULL"
    house.send(undecided, "grant", BANK, {"room": "blue"})


def test_where_it_is_not_known_what_to_count_the_rule_does_not_hold(house: Engine) -> None:
    undecided = asked(house, "C", None)
    assert _code(house, undecided, "grant") == "CAPACITY_FULL"


def test_ended_cases_of_the_same_subject_count_within_the_fiscal_year(house: Engine, clock: FakeClock) -> None:
    for _ in range(3):
        house.send(granted(house, "A"), "give_back", guest("A"))
    assert _code(house, asked(house, "A"), "grant") == "QUOTA_USED"
    granted(house, "B")
    clock.set(START + 353 * DAY)  # 31 March 2027
    fourth = asked(house, "A")
    assert _code(house, fourth, "grant") == "QUOTA_USED"
    clock.set(START + 354 * DAY)
    house.send(fourth, "grant", BANK)
    assert last(house, fourth)["counts"] == {"taken": 1, "this_year": 0}


def test_the_period_is_that_of_the_day_of_the_act(house: Engine, clock: FakeClock) -> None:
    for _ in range(3):
        house.send(granted(house, "A"), "give_back", guest("A"))
    clock.set(START + 354 * DAY)
    house.send(asked(house, "A"), "grant", BANK)
    late = asked(house, "A")
    with pytest.raises(NotPossible) as refused:
        house.send(late, "grant", BANK, occurred_at=START + 353 * DAY)
    assert refused.value.code == "QUOTA_USED"


def test_a_soft_rule_over_a_count_gives_way_to_a_reason(house: Engine) -> None:
    for _ in range(3):
        house.send(granted(house, "A"), "give_back", guest("A"))
    fourth = asked(house, "A")
    house.send(fourth, "grant", BANK, reason="嵐のため", override=True)
    assert last(house, fourth)["overridden"] == ["QUOTA_USED"]
    assert last(house, fourth)["counts"] == {"taken": 0, "this_year": 3}


def test_cases_of_another_procedure_are_counted(house: Engine) -> None:
    booking = granted(house, "A")
    coaching = house.start("coaching", guest("A"), {"client": "A"}).case_id
    assert _code(house, coaching, "finish") == "NOT_ELIGIBLE"
    house.send(booking, "give_back", guest("A"))
    house.send(coaching, "finish", BANK)
    assert last(house, coaching)["counts"] == {"rooms": 0}


def test_cases_that_one_act_changes_count_each_other(house: Engine) -> None:
    coaching = house.start("coaching", guest("A"), {"client": "A"}).case_id
    for _ in range(2):
        house.send(coaching, "book", BANK)
    house.send(coaching, "grant_all", BANK)
    assert states(house) == ["granted", "granted"]
    other = house.start("coaching", guest("B"), {"client": "B"}).case_id
    house.send(other, "book", BANK)
    assert _code(house, other, "grant_all") == "CAPACITY_FULL"


def test_three_that_one_act_would_put_in_a_room_for_two_are_all_refused(house: Engine) -> None:
    coaching = house.start("coaching", guest("A"), {"client": "A"}).case_id
    for _ in range(3):
        house.send(coaching, "book", BANK)
    assert _code(house, coaching, "grant_all") == "CAPACITY_FULL"
    assert states(house) == ["asked"] * 3


def test_the_number_stands_in_the_row_and_the_record_is_sound(house: Engine) -> None:
    granted(house, "A")
    second = granted(house, "B")
    assert last(house, second)["counts"] == {"taken": 1, "this_year": 0}
    assert verify(house.store).clean


def test_a_party_reads_only_the_numbers_that_are_shown_to_it_and_no_hash_by_which_to_try_others(house: Engine) -> None:
    granted(house, "A")
    second = granted(house, "B")
    assert last(house, second, BANK)["counts"] == {"taken": 1, "this_year": 0}
    assert last(house, second, BANK)["hash"]
    company = house.views.history(second, guest("B"))
    assert company[-1]["counts"] == {"this_year": 0}
    assert not any("hash" in row for row in company)
    assert house.case(second, guest("B")).head == b""
    assert last(house, second, OPERATOR)["counts"] == {"taken": 1, "this_year": 0}


def test_who_may_not_know_the_number_is_told_the_refusal_and_no_number(house: Engine) -> None:
    granted(house, "A")
    granted(house, "B")
    case_id = asked(house, "C")
    with pytest.raises(NotPossible) as refused:
        house.send(case_id, "take", guest("C"))
    assert refused.value.code == "CAPACITY_FULL"
    assert [(one["ja"], one["en"]) for one in refused.value.reasons] == [("空きがありません。", "There is no place.")]


def test_what_may_be_done_is_told_without_counting(house: Engine) -> None:
    granted(house, "A")
    granted(house, "B")
    case_id = asked(house, "C")
    possible = [one.event for one in house.can(case_id, guest("C")) if one.possible]
    assert possible == ["take"]


def test_a_refused_event_leaves_nothing_behind(house: Engine) -> None:
    granted(house, "A")
    granted(house, "B")
    case_id = asked(house, "C")
    before = house.case(case_id)
    _code(house, case_id, "grant")
    assert house.case(case_id) == before
    assert [one.code for one in house.store.refusals(case_id)] == ["CAPACITY_FULL"]


def test_of_many_at_once_only_as_many_as_allowed_get_a_place(house: Engine) -> None:
    waiting = [asked(house, f"C{number}") for number in range(12)]

    def grant(case_id: str) -> str:
        while True:
            try:
                house.send(case_id, "grant", BANK)
            except Conflict:
                continue
            except NotPossible as refused:
                return refused.code
            return "granted"

    with ThreadPoolExecutor(6) as threads:
        outcomes = Counter(threads.map(grant, waiting))
    assert outcomes == {"granted": 2, "CAPACITY_FULL": 10}
    assert Counter(states(house)) == {"granted": 2, "asked": 10}
    assert verify(house.store).clean


def test_two_engines_on_one_store_do_not_both_give_the_last_place_away(store_url: str, clock: FakeClock) -> None:
    with open_house(store_url, clock) as left, open_house(store_url, clock) as right:
        granted(left, "A")
        pairs = [(left, asked(left, "B")), (right, asked(right, "C"))]

        def grant(pair: tuple[Engine, str]) -> str:
            engine, case_id = pair
            try:
                engine.send(case_id, "grant", BANK)
            except NotPossible as refused:
                return refused.code
            return "granted"

        with ThreadPoolExecutor(2) as threads:
            assert sorted(threads.map(grant, pairs)) == ["CAPACITY_FULL", "granted"]


class _Meeting(FakeClock):
    """A clock at whose n-th question the two threads that were told to meet wait for each other."""

    def __init__(self) -> None:
        super().__init__(START)
        self._asked = local()
        self.barrier = Barrier(2)
        self.at = 0

    def meet(self) -> None:
        """This thread waits at its n-th question from here on, once."""
        self._asked.left = self.at

    def now(self) -> int:
        found = super().now()
        left = getattr(self._asked, "left", 0)
        if left:
            self._asked.left = left - 1
            if left == 1:
                self.barrier.wait(30)
        return found


@pytest.mark.parametrize("at", [2, 3, 4])
def test_two_that_have_both_counted_before_either_writes_do_not_both_get_the_last_place(
    postgresql_url: str, at: int
) -> None:
    clock = _Meeting()
    with open_house(postgresql_url, clock) as house:
        granted(house, "A")
        waiting = [asked(house, "B"), asked(house, "C")]
        clock.at = at

        def grant(case_id: str) -> str:
            clock.meet()
            try:
                house.send(case_id, "grant", BANK)
            except NotPossible as refused:
                return refused.code
            return "granted"

        with ThreadPoolExecutor(2) as threads:
            assert sorted(threads.map(grant, waiting)) == ["CAPACITY_FULL", "granted"]
        assert Counter(states(house)) == {"granted": 2, "asked": 1}
        assert verify(house.store).clean


def test_of_two_hosts_with_snapshots_of_their_own_one_hears_that_somebody_else_was_first(postgresql_url: str) -> None:
    with open_house(postgresql_url, FakeClock(START)) as house:
        granted(house, "A")
        waiting = [asked(house, "B"), asked(house, "C")]
        host = sa.create_engine(postgresql_url, isolation_level="REPEATABLE READ")
        with Session(host) as one, Session(host) as other:
            for session in (one, other):
                session.execute(sa.text("SELECT count(*) FROM toritsugi_case")).all()
            house.send(waiting[0], "grant", BANK, session=one)
            one.commit()
            with pytest.raises(Conflict):
                house.send(waiting[1], "grant", BANK, session=other)
            other.rollback()
        host.dispose()
        assert Counter(states(house)) == {"granted": 2, "asked": 1}

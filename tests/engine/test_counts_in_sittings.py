"""Several cases that one act decides count each other, and two such acts do not both get the last places."""

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from bookings import BANK, asked, last, open_house, states
from toritsugi.core.sitting import Item
from toritsugi.errors import Conflict, NotPossible
from toritsugi.store.audit import verify
from toritsugi.testing.clock import FakeClock
from world import START


def _grants(cases: Sequence[str]) -> list[Item]:
    return [Item(case_id=case_id, event="grant") for case_id in cases]


def test_items_of_a_sitting_count_those_before_them(store_url: str) -> None:
    with open_house(store_url, FakeClock(START)) as house:
        cases = [asked(house, company) for company in "ABC"]
        with pytest.raises(NotPossible) as refused:
            house.send_together(_grants(cases), BANK)
        assert (refused.value.code, refused.value.item) == ("CAPACITY_FULL", (3, cases[2]))
        assert states(house) == ["asked"] * 3
        house.send_together(_grants(cases[:2]), BANK)
        assert [last(house, case_id)["counts"]["taken"] for case_id in cases[:2]] == [0, 1]


def test_of_sittings_at_once_only_one_gets_the_places(store_url: str) -> None:
    with open_house(store_url, FakeClock(START)) as house:
        meetings = [[asked(house, f"{letter}{number}") for number in range(2)] for letter in "ABCD"]

        def sit(cases: list[str]) -> str:
            while True:
                try:
                    house.send_together(_grants(cases), BANK)
                except Conflict:
                    continue
                except NotPossible as refused:
                    return refused.code
                return "granted"

        with ThreadPoolExecutor(4) as threads:
            assert Counter(threads.map(sit, meetings)) == {"granted": 1, "CAPACITY_FULL": 3}
        assert Counter(states(house)) == {"granted": 2, "asked": 6}
        assert verify(house.store).clean

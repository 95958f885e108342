"""Acts over several cases, put together again from their rows: what adds up, and what does not."""

from collections.abc import Sequence

import pytest

from toritsugi.store.together import Together


def _broken(parts: Sequence[tuple[str, int, int]]) -> list[str]:
    together = Together()
    together.add({"event": "of no act"})
    for id_, number, of in parts:
        together.add({"sitting": {"id": id_, "number": number, "of": of}})
    return list(together.broken())


def test_acts_whose_parts_are_all_there_once_add_up_in_any_order() -> None:
    assert _broken([("a", 2, 3), ("b", 1, 1), ("a", 3, 3), ("a", 1, 3)]) == []


@pytest.mark.parametrize(
    "parts",
    [
        [("a", 1, 2)],
        [("a", 1, 1), ("a", 1, 1)],
        [("a", 1, 2), ("a", 2, 2), ("a", 1, 2)],
        [("a", 1, 2), ("a", 2, 2), ("a", 2, 2), ("a", 1, 2)],
        [("a", 1, 2), ("a", 2, 2), ("a", 3, 2)],
    ],
    ids=["missing", "only part twice", "one twice", "all twice", "one too many"],
)
def test_a_part_that_is_missing_or_stands_twice_is_told(parts: Sequence[tuple[str, int, int]]) -> None:
    assert _broken([("b", 1, 1), *parts]) == ["a"]

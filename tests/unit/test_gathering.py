"""What a decision asks for is gathered, and it is decided again; not for ever."""

import pytest

from toritsugi.core.lookups import CaseOf, Child, FreshId, NotGathered, OpenAbout, OpenedBy
from toritsugi.core.values import Situation
from toritsugi.errors import TooLarge
from toritsugi.runtime.situation import MOST_QUESTIONS, Gathering
from toritsugi.testing.decisions import opening
from world import CALENDARS, INSTITUTIONS, PLANS, START

_CASE = opening("c1").changes[0].after


class Shelf:
    """A unit of work on one case that has opened another one."""

    def __init__(self) -> None:
        self.asked: list[object] = []

    def case(self, case_id: str, *, personal: bool = False) -> object:
        self.asked.append((case_id, personal))
        return _CASE

    def open_cases(self, procedure: str, subject: str) -> list[str]:
        self.asked.append((procedure, subject))
        return ["c1"]

    def opened_by(self, case_id: str) -> list[Child]:
        self.asked.append(case_id)
        return [Child(id="c2", link="l", procedure="p", ended=False)]


def _gathering(shelf: Shelf) -> Gathering:
    def situation(gathering: Gathering) -> Situation:
        return Situation(
            now=START,
            cases=gathering.cases,
            found=gathering.found,
            children=gathering.children,
            calendars=CALENDARS,
            institutions=INSTITUTIONS,
            fresh_ids=tuple(f"fresh-{n}" for n in range(gathering.openings)),
        )

    return Gathering(PLANS, shelf, situation)  # type: ignore[arg-type]  # all that is asked of a unit here


def test_what_is_asked_for_is_there_the_next_time() -> None:
    shelf, seen = Shelf(), []

    def decide(situation: Situation) -> str:
        seen.append(situation)
        if "c1" not in situation.cases:
            raise NotGathered(CaseOf(case_id="c1", personal=True), OpenAbout(procedure="p", subject="s"))
        if not situation.children:
            raise NotGathered(OpenedBy(case_id="c1"), FreshId())
        return situation.fresh_ids[0]

    assert _gathering(shelf).decide(decide) == "fresh-0"
    assert len(seen) == 3
    assert shelf.asked == [("c1", True), ("p", "s"), "c1"], "nothing is asked of the store twice"
    assert seen[-1].found == {("p", "s"): ("c1",)}


def test_a_decision_that_never_has_enough_is_given_up() -> None:
    asked = []

    def decide(_: Situation) -> None:
        asked.append(1)
        raise NotGathered(FreshId())

    with pytest.raises(TooLarge) as told:
        _gathering(Shelf()).decide(decide)
    assert told.value.code == "CASCADE_TOO_LONG"
    assert len(asked) == MOST_QUESTIONS

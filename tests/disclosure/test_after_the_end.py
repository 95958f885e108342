"""Whoever leaves a story keeps what docs/disclosure.md says, and nothing else: a provider after a withdrawal, a candidate that said no.

What is asked: every answer of the engine on every case of the story, under the institution's own name and claiming any other part.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from disclosure import outputs
from disclosure.beginnings import DISCLOSURE, FEEDBACK, REFERRAL, SERVICE
from disclosure.consortium import OFFICE, Consortium
from disclosure.facts import marks
from disclosure.family import staff_of
from disclosure.looking import CLAIMED
from disclosure.matrix import FIELDS
from disclosure.play import Play

#: rows of its own service that an institution keeps: what it was asked, and its own part in it.
KEPT = ("outline", "own_part")
#: ... and, since its support had begun, how feedback on it goes.
KEPT_BY_PROVIDER = (*KEPT, "following")
#: rows of a feedback that whoever gave it keeps: its own record of whom it was about.
KEPT_BY_AUTHOR = ("whom_feedback_is_about", "own_part", "following", "feedback")


class Story:
    """A story of the consortium up to somewhere, and what an institution sees of it."""

    def __init__(self, folder: Path, beginning: str) -> None:
        self.play = Play(folder=folder, seed=1)
        self.family = Consortium(self.play.engine, self.play.judge.facts, 1, self.play.rng)
        self.family.beginning = beginning
        self.play.families.append(self.family)
        self.family.begin()
        self.first, self.second, _ = self.family.candidates

    def withdraw(self) -> None:
        """The company gives the whole thing up."""
        self.play.engine.send(
            self.family.referral, "withdraw", staff_of(self.family.company, "client_company"), reason="計画の中止"
        )
        self.family.look()

    def told(self, institution: str) -> dict[str, set[str]]:
        """Procedure -> names of fields of its cases of which the institution is told anything."""
        found: dict[str, set[str]] = {}
        for case_id, procedure in self.family.cases.items():
            for role in CLAIMED:
                for name, answer in outputs.of_case(self.play.engine, case_id, staff_of(institution, role)):
                    found.setdefault(procedure, set())
                    if name == "case":
                        found[procedure] |= {*answer["data"], *(answer["personal"] or {}), *answer["personal_set"]}
        return found

    def words(self, institution: str) -> set[str]:
        """Every text of this story that stands in anything the institution is told, whatever it claims to be."""
        told: list[object] = []
        for role in CLAIMED:
            viewer = staff_of(institution, role)
            told += [
                answer for case in self.family.cases for _, answer in outputs.of_case(self.play.engine, case, viewer)
            ]
            told += [answer for _, answer in outputs.of_lists(self.play.engine, viewer)]
        return marks(told)

    def given(self, *rows: str, to: str | None = None) -> set[str]:
        """Every text of these rows that was given in this story; of one candidate's own, those of that candidate."""
        facts = self.play.judge.facts.texts.items()
        return {mark for mark, fact in facts if fact.row in rows and (to is None or fact.scope == to)}


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path


def _fields(procedure: str, *rows: str) -> set[str]:
    return {name for row in rows for name in FIELDS[procedure][row].split()}


@pytest.mark.parametrize("beginning", ["a service", "support"])
def test_after_a_withdrawal_the_provider_keeps_its_own_part_and_nothing_of_the_referral(
    folder: Path, beginning: str
) -> None:
    story = Story(folder, beginning)
    before = story.told(story.first)
    assert "company_name" in before[REFERRAL] and "company_name" in before[SERVICE], "it was shown the entry sheet"
    story.withdraw()
    after = story.told(story.first)
    assert after.keys() & {REFERRAL, DISCLOSURE} == set()
    assert after[SERVICE] <= _fields(SERVICE, *KEPT_BY_PROVIDER)
    assert after.get(FEEDBACK, set()) <= _fields(FEEDBACK, *KEPT_BY_AUTHOR)
    secret = story.given("entry_sheet", "registration", "search", "supplementary", "office", "concierge_only")
    assert story.words(story.first) & secret == set()
    story.play.close()


@pytest.mark.parametrize("beginning", ["the search after a refusal", "a second provider"])
def test_a_candidate_that_said_no_sees_neither_contacts_nor_the_entry_sheet(folder: Path, beginning: str) -> None:
    story = Story(folder, beginning)
    told = story.told(story.first)
    assert told.keys() == {SERVICE}
    assert told[SERVICE] <= _fields(SERVICE, *KEPT)
    words = story.words(story.first)
    assert words & story.given("entry_sheet", "registration", "search", "whom_feedback_is_about", "meeting") == set()
    assert words & story.given("own_part", to=story.second) == set()
    story.play.close()


def test_the_next_provider_learns_nothing_of_the_one_before_it(folder: Path) -> None:
    story = Story(folder, "a second provider")
    words = story.words(story.second)
    assert story.given("entry_sheet", to=None) & words, "it was shown the entry sheet itself"
    assert words & (story.given("own_part", to=story.first) | {story.first}) == set()
    story.play.close()


def test_the_offices_go_on_seeing_what_they_saw(folder: Path) -> None:
    """What is closed is closed to the provider: the story is not erased."""
    story = Story(folder, "support")
    sheet = _fields(REFERRAL, "entry_sheet")
    for institution in (story.family.referrer, OFFICE, story.family.company):
        assert "company_name" in story.told(institution)[REFERRAL]
    before = story.told(story.family.referrer)[REFERRAL] & sheet
    story.withdraw()
    for institution in (story.family.referrer, OFFICE, story.family.company):
        assert before <= story.told(institution)[REFERRAL]
    story.play.close()

"""A family of cases as one tree and one story, on both databases."""

from collections.abc import Iterator

import pytest

from inquiries import COMPANY, DESK, HELPER, asked, inquire, of, open_desk, passed_on
from toritsugi.core.values import SYSTEM, Actor
from toritsugi.engine import Engine
from toritsugi.errors import UnknownCase
from toritsugi.testing.clock import FakeClock

STRANGER = Actor(id="x", institution="elsewhere")
DESK_OPERATOR = Actor(id="op", institution="office", role="company", operator=True)


@pytest.fixture
def desk(store_url: str, clock: FakeClock) -> Iterator[Engine]:
    with open_desk(store_url, clock) as opened:
        yield opened


@pytest.fixture
def inquiry(desk: Engine, clock: FakeClock) -> str:
    """Passed on twice, recorded in a journal and its archive; the first attempt has answered."""
    found = inquire(desk)
    for _ in range(2):
        clock.advance(seconds=60)
        passed_on(desk, found)
    clock.advance(seconds=60)
    desk.send(found, "record", DESK)
    first = of(desk, "attempt")[0]
    asked(desk, first)
    clock.advance(seconds=60)
    desk.send(first, "answer", HELPER, {"reply": "できます"})
    return found


def _tree(desk: Engine, case_id: str, viewer: Actor = SYSTEM) -> list[tuple[str, int, str | None]]:
    return [(one.case.procedure, one.depth, one.link) for one in desk.family(case_id, viewer).relatives]


def test_the_family_is_the_same_from_whichever_case_one_asks(desk: Engine, inquiry: str) -> None:
    whole = [
        ("inquiry", 0, None),
        ("attempt", 1, "attempt"),
        ("attempt", 1, "attempt"),
        ("journal", 1, "journal"),
        ("archive", 2, "archive"),
    ]
    for case_id in (inquiry, *of(desk, "attempt"), *of(desk, "journal"), *of(desk, "archive")):
        assert _tree(desk, case_id) == whole


def test_the_story_tells_each_row_once_and_after_its_cause(desk: Engine, inquiry: str) -> None:
    story = desk.family(inquiry).rows
    told = [(row["case"], row["seq"]) for row in story]
    assert len(set(told)) == len(told) == sum(len(desk.views.history(one.id)) for one in desk.views.cases())
    assert [row["recorded_at"] for row in story] == sorted(row["recorded_at"] for row in story)
    places = {f"{case}/{seq}": number for number, (case, seq) in enumerate(told)}
    assert all(places[row["cause"]] < places[f"{row['case']}/{row['seq']}"] for row in story if row.get("cause"))
    assert [row["event"] for row in story][-2:] == ["answer", "answered"], "the answer first, then what it made happen"


def test_a_party_is_shown_the_cases_in_which_it_has_a_part(desk: Engine, inquiry: str) -> None:
    first, second = of(desk, "attempt")
    assert _tree(desk, first, HELPER) == [("attempt", 0, None)]
    assert {row["case"] for row in desk.family(first, HELPER).rows} == {first}
    assert _tree(desk, inquiry, COMPANY) == [("inquiry", 0, None)]
    assert len(_tree(desk, inquiry, DESK)) == 5
    assert _tree(desk, inquiry, DESK_OPERATOR) == [("inquiry", 0, None)], "the operator in the company's part"
    for viewer, case_id in ((STRANGER, inquiry), (COMPANY, second)):
        with pytest.raises(UnknownCase):
            desk.family(case_id, viewer)


def test_a_case_about_the_same_subject_hangs_where_it_was_found(desk: Engine) -> None:
    desk.start("journal", DESK, {"company": "Acme"})
    inquiry = inquire(desk)
    (one, other) = desk.family(inquiry).relatives
    assert (one.case.procedure, other.case.procedure) == ("inquiry", "journal")
    assert (other.opened, other.link, other.under) == (False, "journal", inquiry)
    desk.send(inquiry, "record", DESK)
    another = inquire(desk)
    assert [one.case.procedure for one in desk.family(another).relatives] == ["inquiry", "journal", "archive"]


def test_a_case_that_was_found_by_its_subject_stays_in_the_story_when_it_has_ended(
    desk: Engine, clock: FakeClock
) -> None:
    journal = desk.start("journal", DESK, {"company": "last"}).case_id
    clock.advance(seconds=60)
    inquiry = inquire(desk, "last")
    clock.advance(seconds=60)
    desk.send(inquiry, "record", DESK)
    clock.advance(seconds=60)
    assert desk.case(journal).ended
    assert _tree(desk, inquiry) == [("inquiry", 0, None), ("journal", 1, "journal"), ("archive", 2, "archive")]
    assert {row["case"] for row in desk.family(inquiry).rows} >= {inquiry, journal}
    assert _tree(desk, inquiry, COMPANY) == [("inquiry", 0, None)], "the company has no part in the journal"
    later = inquire(desk, "last")
    assert _tree(desk, later) == [("inquiry", 0, None)], "it was over before this one began"

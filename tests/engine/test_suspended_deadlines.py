"""A deadline that stops: what counts, what does not, what the rows, the list and the audit say of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from crash.office import BANK, COMPANY, open_office
from pausing import PAUSING, TEXT
from toritsugi.core.moments import parse_moment
from toritsugi.core.values import Actor
from toritsugi.definition.types import Title
from toritsugi.engine import Engine
from toritsugi.errors import BadInput
from toritsugi.hooks import ProcedureFile
from toritsugi.runtime.calendars import YEAR_END_CLOSURE, build_calendar
from toritsugi.store.audit import verify
from toritsugi.testing.clock import FakeClock

OPERATOR = Actor(id="op1", institution="test_bank", operator=True)
FAR = parse_moment("2027-01-01T00:00+09:00")


@pytest.fixture
def engine(store_url: str, clock: FakeClock) -> Iterator[Engine]:
    with open_office(store_url, clock, procedures=[PAUSING]) as opened:
        yield opened


@pytest.fixture
def claim(engine: Engine, clock: FakeClock) -> str:
    """Claimed on Monday, 1 June 2026: answer by 15 June, decision by 1 July."""
    clock.set(parse_moment("2026-06-01T10:00+09:00"))
    case_id = engine.start("pausing", COMPANY, {"company": "Acme"}).case_id
    engine.send(case_id, "claim", COMPANY)
    return case_id


def act(engine: Engine, clock: FakeClock, case_id: str, event: str, moment: str) -> dict[str, str]:
    """The event at that moment; what its row says of deadlines."""
    clock.set(parse_moment(f"{moment}+09:00"))
    actor = COMPANY if event in ("papers_arrived", "drop") else BANK
    seq = engine.send(case_id, event, actor).seq
    found: dict[str, str] = engine.views.history(case_id)[seq - 1].get("deadlines", {})
    return found


def stand(engine: Engine, case_id: str, name: str) -> list[tuple[str, str]]:
    return [(one.status, one.due_on) for one in engine.views.deadlines(case_id) if one.name == name]


def test_what_is_left_when_it_stops_is_counted_on_from_the_day_it_goes_on(
    engine: Engine, claim: str, clock: FakeClock
) -> None:
    # business days 2 to 5 June are used; of the ten, six are left. Of the thirty days, 8 June to 1 July: 24.
    marks = act(engine, clock, claim, "request_papers", "2026-06-08T15:00")
    assert marks == {"answer": "suspended:6", "decision": "suspended:24"}
    assert act(engine, clock, claim, "papers_arrived", "2026-06-18T10:00") == {
        "answer": "resumed,armed:2026-06-26",
        "decision": "resumed,armed:2026-07-13",  # 12 July is a Sunday
    }
    assert stand(engine, claim, "answer") == [("resumed", "2026-06-15"), ("armed", "2026-06-26")]
    assert verify(engine.store).clean


def test_while_it_is_suspended_it_cannot_be_missed(engine: Engine, claim: str, clock: FakeClock) -> None:
    act(engine, clock, claim, "request_papers", "2026-06-08T15:00")
    clock.set(parse_moment("2026-12-01T10:00+09:00"))
    assert engine.tick() == 0
    assert stand(engine, claim, "answer") == [("suspended", "2026-06-15")]


def test_after_it_went_on_it_is_missed_on_its_new_day(engine: Engine, claim: str, clock: FakeClock) -> None:
    act(engine, clock, claim, "request_papers", "2026-06-08T15:00")
    act(engine, clock, claim, "papers_arrived", "2026-06-18T10:00")
    clock.set(parse_moment("2026-06-26T23:59+09:00"))
    assert engine.tick() == 0
    clock.set(parse_moment("2026-06-27T00:00+09:00"))
    assert engine.tick() == 1
    assert engine.views.history(claim)[-1]["event"] == "overdue"


def test_the_explanation_names_from_to_and_what_was_left(engine: Engine, claim: str, clock: FakeClock) -> None:
    act(engine, clock, claim, "request_papers", "2026-06-08T15:00")
    act(engine, clock, claim, "papers_arrived", "2026-06-18T10:00")
    told = engine.views.deadlines(claim)[-2].explanation
    assert told["ja"].startswith(
        "6月8日(月)から6月18日(木)までは期間の進行を停止し、数えない。残りは6営業日。再開：6月18日(木)10:00到着"
    )
    assert told["en"].startswith(
        "suspended from Mon 6/8 to Thu 6/18, both included: not counted; 6 business days left."
    )


def test_the_list_shows_it_as_suspended(engine: Engine, claim: str, clock: FakeClock) -> None:
    act(engine, clock, claim, "request_papers", "2026-06-08T15:00")
    assert [(one.name, one.status) for one in engine.views.due(FAR)] == [
        ("answer", "suspended"),
        ("decision", "suspended"),
    ]
    act(engine, clock, claim, "papers_arrived", "2026-06-18T10:00")
    assert [(one.name, one.status) for one in engine.views.due(FAR)] == [("answer", "armed"), ("decision", "armed")]


def test_on_its_last_day_it_can_still_be_suspended_and_one_day_is_left(
    engine: Engine, claim: str, clock: FakeClock
) -> None:
    assert act(engine, clock, claim, "request_papers", "2026-06-15T23:59")["answer"] == "suspended:1"
    assert act(engine, clock, claim, "papers_arrived", "2026-06-18T10:00")["answer"] == "resumed,armed:2026-06-19"


def test_from_the_moment_it_has_passed_a_suspension_changes_nothing(
    engine: Engine, claim: str, clock: FakeClock
) -> None:
    marks = act(engine, clock, claim, "request_papers", "2026-06-16T00:00")
    assert "answer" not in marks
    assert stand(engine, claim, "answer") == [("missed", "2026-06-15")]
    assert "answer" not in act(engine, clock, claim, "papers_arrived", "2026-06-18T10:00")


def test_a_suspension_in_time_that_is_recorded_late_takes_the_mark_away(
    engine: Engine, claim: str, clock: FakeClock
) -> None:
    clock.set(parse_moment("2026-06-17T10:00+09:00"))
    engine.tick()
    occurred = parse_moment("2026-06-12T10:00+09:00")
    engine.send(claim, "request_papers", BANK, occurred_at=occurred)
    rows = engine.views.history(claim)[-2:]
    assert [(row["event"], row["deadlines"].get("answer")) for row in rows] == [
        ("request_papers", "suspended:2"),
        ("overdue_cleared", "cleared"),
    ]
    assert stand(engine, claim, "answer") == [("suspended", "2026-06-15")]
    assert verify(engine.store).clean


def test_the_day_on_which_it_stops_and_goes_on_does_not_count(engine: Engine, claim: str, clock: FakeClock) -> None:
    act(engine, clock, claim, "request_papers", "2026-06-08T10:00")
    assert act(engine, clock, claim, "papers_arrived", "2026-06-08T15:00")["answer"] == "resumed,armed:2026-06-16"


def test_on_the_day_it_was_started_all_of_it_is_left(engine: Engine, claim: str, clock: FakeClock) -> None:
    assert act(engine, clock, claim, "request_papers", "2026-06-01T15:00") == {
        "answer": "suspended:10",
        "decision": "suspended:30",
    }


def test_a_second_suspension_counts_from_the_date_it_has_by_then(engine: Engine, claim: str, clock: FakeClock) -> None:
    act(engine, clock, claim, "request_papers", "2026-06-08T15:00")
    act(engine, clock, claim, "papers_arrived", "2026-06-18T10:00")
    # of the six days from 19 June on, 19 and 22 June are used
    assert act(engine, clock, claim, "request_papers", "2026-06-23T10:00")["answer"] == "suspended:4"
    assert act(engine, clock, claim, "papers_arrived", "2026-07-01T10:00")["answer"] == "resumed,armed:2026-07-07"
    assert verify(engine.store).clean


def test_what_a_closed_day_added_is_not_kept_over_a_suspension(engine: Engine, claim: str, clock: FakeClock) -> None:
    act(engine, clock, claim, "request_papers", "2026-06-08T15:00")
    act(engine, clock, claim, "papers_arrived", "2026-06-18T10:00")
    # due on Sunday 12 July, moved to Monday: on the Friday before, three days are left, not four
    assert act(engine, clock, claim, "request_papers", "2026-07-10T10:00")["decision"] == "suspended:3"


def test_to_suspend_what_is_suspended_changes_nothing(engine: Engine, claim: str, clock: FakeClock) -> None:
    act(engine, clock, claim, "request_papers", "2026-06-08T15:00")
    assert act(engine, clock, claim, "request_more", "2026-06-10T15:00") == {}
    assert act(engine, clock, claim, "papers_arrived", "2026-06-18T10:00")["answer"] == "resumed,armed:2026-06-26"


def test_to_resume_what_runs_changes_nothing(engine: Engine, claim: str, clock: FakeClock) -> None:
    assert act(engine, clock, claim, "papers_arrived", "2026-06-08T15:00") == {}
    assert stand(engine, claim, "answer") == [("armed", "2026-06-15")]


def test_an_answer_while_it_is_suspended_is_in_time(engine: Engine, claim: str, clock: FakeClock) -> None:
    act(engine, clock, claim, "request_papers", "2026-06-08T15:00")
    assert act(engine, clock, claim, "answer", "2026-09-01T10:00") == {"answer": "met", "decision": "met"}
    assert stand(engine, claim, "answer") == [("met", "2026-06-15")]
    assert verify(engine.store).clean


def test_a_suspended_deadline_can_be_made_moot(engine: Engine, claim: str, clock: FakeClock) -> None:
    act(engine, clock, claim, "request_papers", "2026-06-08T15:00")
    assert act(engine, clock, claim, "drop", "2026-06-09T10:00") == {"answer": "cancelled"}


def test_the_end_of_the_case_ends_what_is_suspended(engine: Engine, claim: str, clock: FakeClock) -> None:
    act(engine, clock, claim, "request_papers", "2026-06-08T15:00")
    assert act(engine, clock, claim, "close", "2026-06-09T10:00") == {"answer": "cancelled", "decision": "cancelled"}
    assert engine.views.due(FAR) == []
    assert verify(engine.store).clean


def test_to_start_it_anew_leaves_nothing_of_the_suspension(engine: Engine, claim: str, clock: FakeClock) -> None:
    act(engine, clock, claim, "request_papers", "2026-06-08T15:00")
    clock.set(parse_moment("2026-06-18T10:00+09:00"))
    engine.send(claim, "claim", COMPANY)
    assert stand(engine, claim, "answer") == [("cancelled", "2026-06-15"), ("armed", "2026-07-02")]
    assert act(engine, clock, claim, "papers_arrived", "2026-06-19T10:00") == {}
    assert verify(engine.store).clean


def test_what_is_said_to_have_arrived_before_it_was_requested_is_counted_from_the_request(
    engine: Engine, claim: str, clock: FakeClock
) -> None:
    act(engine, clock, claim, "request_papers", "2026-06-08T15:00")
    clock.set(parse_moment("2026-06-18T10:00+09:00"))
    answer = engine.send(claim, "papers_arrived", COMPANY, occurred_at=parse_moment("2026-06-04T10:00+09:00"))
    assert answer.due["answer"] == "2026-06-16"


def test_a_changed_calendar_moves_only_what_was_left(
    store_url: str, clock: FakeClock, engine: Engine, claim: str
) -> None:
    act(engine, clock, claim, "request_papers", "2026-06-08T15:00")
    act(engine, clock, claim, "papers_arrived", "2026-06-18T10:00")
    refit = {"from": "2026-06-22", "to": "2026-06-22", "title": {"ja": "改装休業", "en": "Refitting"}}
    closed = build_calendar("test_bank", Title(ja="銀行", en="Bank"), closures=[YEAR_END_CLOSURE, refit])
    engine.close()
    with open_office(store_url, clock, procedures=[PAUSING], calendars={"test_bank": closed}) as other:
        moved = other.apply_calendar("test_bank", actor=OPERATOR, reason="臨時休業", dry_run=False)
        assert [(one.deadline, one.old, one.new) for one in moved] == [("answer", "2026-06-26", "2026-06-29")]
        assert "残りは6営業日" in moved[0].explanation["ja"]
        # and it can still be suspended: 23 to 26 and 29 June are left
        assert act(other, clock, claim, "request_papers", "2026-06-23T10:00")["answer"] == "suspended:5"
        assert verify(other.store).clean


def test_a_suspended_deadline_goes_along_to_another_version(
    engine: Engine, claim: str, clock: FakeClock, store_url: str
) -> None:
    act(engine, clock, claim, "request_papers", "2026-06-08T15:00")
    engine.close()
    newer = ProcedureFile(file="pausing.yaml", text=TEXT.replace('version: "1"', 'version: "2"').encode())
    with open_office(store_url, clock, procedures=[PAUSING, newer]) as other:
        done = other.rebase(claim, to="2", actor=OPERATOR, reason="改訂", dry_run=False)
        assert dict(done.deadlines_stay) == {"answer": "2026-06-15", "decision": "2026-07-01"}
        assert act(other, clock, claim, "papers_arrived", "2026-06-18T10:00")["answer"] == "resumed,armed:2026-06-26"
        assert verify(other.store).clean


@pytest.mark.parametrize(
    ("said", "instead"),
    [("    resumed_by: [papers_arrived]\n", ""), ("within: 10 business days", "within: 10 calendar days")],
    ids=["resumed by nothing", "counted otherwise"],
)
def test_a_suspended_deadline_that_could_not_go_on_stands_in_the_way_of_another_version(
    engine: Engine, claim: str, clock: FakeClock, store_url: str, said: str, instead: str
) -> None:
    act(engine, clock, claim, "request_papers", "2026-06-08T15:00")
    engine.close()
    text = TEXT.replace('version: "1"', 'version: "2"').replace(said, instead)
    if not instead:
        text = text.replace("    suspended_by: [request_papers, request_more]\n", "")
    newer = ProcedureFile(file="pausing.yaml", text=text.encode())
    with open_office(store_url, clock, procedures=[PAUSING, newer]) as other:
        told = other.rebase(claim, to="2", actor=OPERATOR, reason="改訂")
        assert [one["place"] for one in told.problems] == ["answer"]
        with pytest.raises(BadInput):
            other.rebase(claim, to="2", actor=OPERATOR, reason="改訂", dry_run=False)
        act(other, clock, claim, "papers_arrived", "2026-06-18T10:00")
        assert other.rebase(claim, to="2", actor=OPERATOR, reason="改訂", dry_run=False).applied


def test_the_audit_finds_a_suspended_deadline_whose_days_were_changed(
    engine: Engine, claim: str, clock: FakeClock
) -> None:
    act(engine, clock, claim, "request_papers", "2026-06-08T15:00")
    with engine.store.engine.begin() as connection:
        connection.execute(
            sa.text("UPDATE toritsugi_case SET body = replace(body, '\"2026-06-08\",6]', '\"2026-06-08\",9]')")
        )
    assert [(one.kind, one.detail) for one in verify(engine.store).findings] == [("case_differs", "suspended")]

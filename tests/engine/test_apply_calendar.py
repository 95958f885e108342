"""A calendar that changed moves running deadlines only when somebody asks for it, and the row says so."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crash.office import BANK, COMPANY, draft, dump, open_office, submit
from renewal import RENEWAL
from toritsugi.core.moments import parse_moment
from toritsugi.core.recount import MovedDeadline
from toritsugi.core.values import Actor
from toritsugi.definition.types import Title
from toritsugi.engine import Engine
from toritsugi.errors import BadInput, NotPossible
from toritsugi.hooks import ProcedureFile
from toritsugi.runtime.calendars import YEAR_END_CLOSURE, build_calendar
from toritsugi.store.audit import verify
from toritsugi.testing.clock import FakeClock
from world import CALENDARS, START

OPERATOR = Actor(id="op1", institution="test_bank", operator=True)
#: the bank closes on the last day of its answer.
REFIT = {"from": "2026-04-15", "to": "2026-04-15", "title": {"ja": "改装休業", "en": "Refitting"}}
BANK_TITLE = Title(ja="銀行", en="Bank")
CLOSED = {"test_bank": build_calendar("test_bank", BANK_TITLE, closures=[YEAR_END_CLOSURE, REFIT])}


@pytest.fixture
def cases(store_url: str, clock: FakeClock) -> list[str]:
    """Two submitted requests whose answer is due on 16 April, and one that has been answered."""
    with open_office(store_url, clock) as engine:
        found = [draft(engine, name) for name in ("One", "Two", "Three")]
        for case_id in found:
            submit(engine, case_id, START)
        engine.send(found[2], "answer", BANK)
        return found


@pytest.fixture
def engine(store_url: str, clock: FakeClock, cases: list[str]) -> Iterator[Engine]:
    with open_office(store_url, clock, calendars=CLOSED) as opened:
        yield opened


def _apply(engine: Engine, **options: bool) -> tuple[MovedDeadline, ...]:
    return engine.apply_calendar("test_bank", actor=OPERATOR, reason="臨時休業", **options)


def test_a_dry_run_shows_what_would_move_and_moves_nothing(engine: Engine, store_url: str, cases: list[str]) -> None:
    before = dump(store_url)
    moved = _apply(engine)
    assert dump(store_url) == before
    assert [(one.case_id, one.deadline, one.old, one.new, one.applied) for one in moved] == [
        (case_id, "answer", "2026-04-16", "2026-04-17", False) for case_id in sorted(cases[:2])
    ]
    assert "改装休業" in moved[0].explanation["ja"]


def test_applied_each_case_gets_one_row_and_its_new_date(engine: Engine, cases: list[str], clock: FakeClock) -> None:
    assert all(one.applied for one in _apply(engine, dry_run=False))
    for case_id in cases[:2]:
        row = engine.views.history(case_id)[-1]
        assert (row["event"], row["deadlines"]) == ("calendar_applied", {"answer": "cancelled,armed:2026-04-17"})
        assert "臨時" not in str(row)
        assert [(one.status, one.due_on) for one in engine.views.deadlines(case_id)] == [
            ("cancelled", "2026-04-16"),
            ("armed", "2026-04-17"),
        ]
    assert engine.views.history(cases[2])[-1]["event"] == "answer"
    assert verify(engine.store).findings == ()
    assert _apply(engine, dry_run=False) == ()
    clock.set(parse_moment("2026-04-17T12:00+09:00"))
    assert engine.tick() == 0
    clock.set(parse_moment("2026-04-18T00:00+09:00"))
    assert engine.tick() == 2


def test_a_second_change_counts_from_the_act_and_not_from_the_first_change(
    store_url: str, engine: Engine, clock: FakeClock, cases: list[str]
) -> None:
    _apply(engine, dry_run=False)
    clock.advance(seconds=2 * 86_400)
    with open_office(store_url, clock) as again:
        assert {(one.old, one.new) for one in _apply(again, dry_run=False)} == {("2026-04-17", "2026-04-16")}
        assert verify(again.store).findings == ()


def test_only_the_operator_applies_a_calendar_that_there_is(engine: Engine) -> None:
    with pytest.raises(NotPossible):
        engine.apply_calendar("test_bank", actor=COMPANY, reason="x")
    with pytest.raises(BadInput):
        engine.apply_calendar("nobody", actor=OPERATOR, reason="x")


def test_a_date_worked_out_from_the_day_of_recording_is_worked_out_from_that_day_again(
    store_url: str, clock: FakeClock
) -> None:
    rule = "    due: recorded_on + 3 business days (test_bank)\n"
    text = RENEWAL.text.replace(b"    within: 3 business days\n", rule.encode())
    files = [ProcedureFile(file=RENEWAL.file, text=text)]
    with open_office(store_url, clock, procedures=files) as engine:
        case_id = engine.start("renewal", COMPANY, {"company": "A"}, parties={"adviser": "adviser_office"}).case_id
        clock.advance(seconds=10 * 86_400)
        assert engine.send(case_id, "begin", COMPANY, occurred_at=START).due == {"report": "2026-04-27"}
    with open_office(store_url, clock, procedures=files, calendars=CLOSED) as engine:
        assert _apply(engine) == ()  # the bank closed before that day


ADVISER_TITLE = Title(ja="相談所", en="Advisers")
ADVISER = build_calendar("adviser_office", ADVISER_TITLE, closures=[])


def test_a_date_worked_out_by_another_institutions_calendar_moves_with_that_calendar(
    store_url: str, clock: FakeClock
) -> None:
    rule = "    due: occurred_on + 3 business days (test_bank)\n"
    text = RENEWAL.text.replace(b"    within: 3 business days\n", rule.encode())
    text = text.replace(b"    calendar: test_bank\n", b"    calendar: adviser_office\n")
    text = text.replace(b"en: Adviser}}", b"en: Adviser}, institution: adviser_office}")
    files = [ProcedureFile(file=RENEWAL.file, text=text)]
    with open_office(store_url, clock, procedures=files, calendars={**CALENDARS, "adviser_office": ADVISER}) as engine:
        case_id = engine.start("renewal", COMPANY, {"company": "A"}).case_id
        assert engine.send(case_id, "begin", COMPANY).due == {"report": "2026-04-16"}
        assert _apply(engine) == ()  # nothing has changed
    with open_office(store_url, clock, procedures=files, calendars={**CLOSED, "adviser_office": ADVISER}) as engine:
        assert [(one.deadline, one.old, one.new) for one in _apply(engine, dry_run=False)] == [
            ("report", "2026-04-16", "2026-04-17")
        ]
        assert _apply(engine, dry_run=False) == ()
        assert verify(engine.store).findings == ()

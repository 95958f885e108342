"""A deadline on a day that comes again: by the procedure's rule or the institution's own, explained, moved when asked."""

from __future__ import annotations

from datetime import date
from typing import Any

from crash.office import open_office
from toritsugi.core.moments import parse_moment
from toritsugi.core.values import Actor
from toritsugi.definition.recurring import Every, read_recurrence
from toritsugi.definition.types import Title
from toritsugi.engine import Engine
from toritsugi.hooks import InstitutionManifest, ProcedureFile
from toritsugi.store.audit import verify
from toritsugi.testing.clock import FakeClock
from unit.test_recurring import PROCEDURE

TEXT = PROCEDURE.replace(
    "calendar: office\n    basis: policy\ndead", "calendar: office\n    roll: next\n    basis: policy\ndead"
)
OFFICE = Actor(id="o1", institution="office", role="office")
OPERATOR = Actor(id="op", institution="office", operator=True)
TITLE = {"ja": "事務局", "en": "Office"}


def _open(store_url: str, clock: FakeClock, **own: Any) -> Engine:
    manifest = InstitutionManifest(id="office", title=TITLE, recurring=own)
    file = ProcedureFile(file="request.yaml", text=TEXT.encode())
    return open_office(store_url, clock, procedures=[file], institutions=[manifest], calendars={})


def _asked(engine: Engine, asked_on: str) -> str:
    return engine.start("request", OFFICE, {"group": "会", "asked_on": asked_on}).case_id


def test_the_deadline_falls_on_the_held_day_and_says_how_it_was_found(store_url: str, clock: FakeClock) -> None:
    with _open(store_url, clock) as engine:
        # the third Wednesday of April 2026 is the 15th
        (plain,) = engine.views.deadlines(_asked(engine, "2026-04-16"))
        assert plain.due_on == "2026-05-20"
        assert plain.explanation == {
            "ja": "「役員会の日」は毎月第3水曜日（休業日なら翌営業日）。4月16日(木)以後の最初は5月20日(水)。"
            "期限は5月20日(水)の終わり（24時）。",
            "en": '"Day of the board" is third Wednesday of every month (if closed, the next open day); '
            "the first on or after Thu 4/16 is Wed 5/20; due Wed 5/20",
        }


def test_the_rule_of_an_institution_s_manifest_goes_first_and_is_named(store_url: str, clock: FakeClock) -> None:
    own = read_recurrence(Every.MONTH, ["day 3"], "next")
    with _open(store_url, clock, board=own) as engine:
        (found,) = engine.views.deadlines(_asked(engine, "2026-05-01"))
        assert found.due_on == "2026-05-07", "the 3rd to the 6th of May 2026 are closed"
        assert "事務局の定めにより、毎月3日（休業日なら翌営業日）" in found.explanation["ja"]
        assert "5月3日(日)だが、憲法記念日のため翌営業日の5月7日(木)となる" in found.explanation["ja"]
        assert "as Office lays down" in found.explanation["en"]


def test_a_changed_rule_moves_running_deadlines_only_when_it_is_applied(store_url: str, clock: FakeClock) -> None:
    clock.set(parse_moment("2026-06-01T10:00+09:00"))
    with _open(store_url, clock) as engine:
        case = _asked(engine, "2026-06-01")
    with _open(store_url, clock, board=read_recurrence(Every.MONTH, ["last friday"])) as engine:
        assert [one.due_on for one in engine.views.deadlines(case)] == ["2026-06-17"]
        (moved,) = engine.apply_calendar("office", actor=OPERATOR, reason="会議日の変更", dry_run=False)
        assert (moved.old, moved.new) == ("2026-06-17", "2026-06-26")
        assert "毎月最終金曜日" in moved.explanation["ja"]
        assert verify(engine.store).clean


def test_an_agenda_has_the_cases_whose_deadline_falls_on_the_day(store_url: str, clock: FakeClock) -> None:
    clock.set(parse_moment("2026-06-01T10:00+09:00"))
    with _open(store_url, clock) as engine:
        here, later = _asked(engine, "2026-06-01"), _asked(engine, "2026-06-18")
        day = parse_moment("2026-06-17T09:00+09:00")
        on = date(2026, 6, 17)
        (item,) = engine.agenda(on, OFFICE)
        assert (item.case.id, item.deadline.name, item.events) == (here, "review", ("decide",))
        assert engine.agenda(on, Actor(id="x", institution="stranger")) == ()
        assert engine.agenda(on, procedure="other") == ()
        clock.set(day)
        engine.send(here, "decide", OFFICE)
        assert engine.agenda(on, OFFICE) == (), "what is decided stands on no agenda any more"
        assert engine.case(later).state == "asked"


def test_titles_of_calendars_are_the_manifest_s(store_url: str, clock: FakeClock) -> None:
    with _open(store_url, clock) as engine:
        assert engine.calendar("office").title == Title(ja="事務局", en="Office")
        assert engine.calendar("office").recurring == {}

"""Windows: the refused person is told the days, the case is moved on when they are over, and then told the same again."""

from __future__ import annotations

from typing import Any

import pytest

from toritsugi.core.moments import parse_moment
from toritsugi.core.window import Window, window_of, words
from toritsugi.definition.expression import parse
from toritsugi.definition.finding import Finding
from toritsugi.definition.lint import lint
from toritsugi.definition.scope import ENGINE_NAMES
from toritsugi.definition.types import DATE, Title
from toritsugi.definition.vocabulary import Name
from toritsugi.errors import NotPossible
from world import BANK, COMPANY, FOLDER, World

SCOPE = {**ENGINE_NAMES, "visit_on": Name(id="visit_on", type=DATE, titles=Title(ja="訪問日", en="visit"))}
TEXT = (FOLDER / "site_visit.yaml").read_text("utf-8")


@pytest.fixture
def world() -> World:
    made = World()
    made.now = parse_moment("2026-04-13T09:00+09:00")
    return made


def opened(world: World, visit_on: str = "2026-05-25", departure_on: str = "2026-05-22") -> str:
    return world.open("site_visit", COMPANY, {"company": "Acme", "visit_on": visit_on, "departure_on": departure_on})


def refused(world: World, case: str, event: str) -> dict[str, str]:
    with pytest.raises(NotPossible) as refusal:
        world.send(case, event, COMPANY)
    return dict(refusal.value.reasons[0])


def days(rule: str, **env: Any) -> Window | None:
    return window_of(parse(rule, SCOPE), env)


def iso(window: Window | None) -> tuple[str | None, str | None]:
    assert window is not None
    first, last = window.first, window.last
    return first and first.isoformat(), last and last.isoformat()


def test_a_window_is_read_off_the_rule_from_either_side() -> None:
    assert iso(days("occurred_on >= 2016-11-04 and 2017-01-27 >= occurred_on")) == ("2016-11-04", "2017-01-27")
    assert iso(days("occurred_on > visit_on - 6 weeks", visit_on="2026-05-25")) == ("2026-04-14", None)
    assert iso(days("occurred_on < visit_on", visit_on="2026-05-25")) == (None, "2026-05-24")
    assert iso(days("occurred_on = visit_on", visit_on="2026-05-25")) == ("2026-05-25", "2026-05-25")


def test_a_rule_that_bounds_no_day_has_no_window() -> None:
    assert days("late") is None
    assert days("occurred_on >= visit_on") is None
    assert days("occurred_on >= 2026-04-01 or late") is None
    rule = parse("occurred_on >= visit_on", SCOPE)
    assert window_of(rule, {"visit_on": "2026-05-25"}, {"visit_on"}) is None


def test_a_bound_that_is_asked_for_only_sometimes_counts_when_it_is_asked_for() -> None:
    rule = "visit_on is set implies occurred_on >= visit_on"
    assert iso(days(rule, visit_on="2026-05-25")) == ("2026-05-25", None)
    assert days(rule) is None


def test_a_window_with_one_side_is_told_as_such() -> None:
    first, last = days("occurred_on >= 2016-11-04"), days("occurred_on <= 2017-01-27")
    assert first is not None and last is not None
    assert words(first).ja == "期間は2016年11月4日(金)からです。"
    assert words(last).en == "It closes on Fri 2017-01-27."


def test_whoever_is_too_early_is_told_from_when_to_when(world: World) -> None:
    case = opened(world, visit_on="2026-06-25", departure_on="2026-06-22")
    assert (
        refused(world, case, "apply")["ja"] == "受付期間外です。期間は2026年5月14日(木)から2026年6月16日(火)までです。"
    )


def test_a_window_without_a_day_is_told_as_such(world: World) -> None:
    case = opened(world, visit_on="2026-07-25", departure_on="2026-05-22")
    reason = refused(world, case, "apply")
    assert reason["code"] == "OUT_OF_WINDOW"
    assert "期間に当たる日がありません" in reason["ja"] and "There is no day" in reason["en"]


def test_a_deadline_may_start_with_the_case_and_be_worked_out_from_it(world: World) -> None:
    case = opened(world)
    running = world.cases[case].deadlines["window"]
    assert (running.due_on, running.seq) == ("2026-05-18", 1)


def test_a_draft_is_refused_when_the_window_has_closed_and_applying_then_says_why(world: World) -> None:
    case = opened(world)
    world.pass_deadline(case, "window")
    assert world.cases[case].state == "refused"
    assert refused(world, case, "apply")["code"] == "OUT_OF_WINDOW"
    assert refused(world, case, "leave")["code"] == "INVALID_TRANSITION"


def test_applying_in_the_window_ends_it_and_changed_dates_open_it_anew(world: World) -> None:
    case = opened(world)
    world.send(case, "apply", COMPANY)
    assert "window" not in world.cases[case].deadlines
    world.send(case, "change", COMPANY, {"visit_on": "2026-05-26", "departure_on": "2026-05-25"})
    assert world.cases[case].deadlines["window"].due_on == "2026-05-19"


def test_a_deadline_may_be_a_date_of_its_own_or_a_term_that_an_effect_worked_out(world: World) -> None:
    case = opened(world)
    world.send(case, "apply", COMPANY)
    running = world.cases[case].deadlines
    assert (running["fair"].due_on, running["stay"].due_on) == ("2026-06-30", "2026-08-02")


def test_a_counted_quota_yields_to_a_written_reason(world: World) -> None:
    case = opened(world)
    world.send(case, "apply", COMPANY)
    for _ in range(3):
        world.send(case, "visit", BANK)
    with pytest.raises(NotPossible) as refusal:
        world.send(case, "visit", BANK)
    assert refusal.value.code == "QUOTA_USED"
    world.send(case, "visit", BANK, override=True, reason="agreed")
    assert len(world.cases[case].data["visits"]) == 4


def faults(old: str, new: str) -> list[Finding]:
    assert old in TEXT
    return list(lint(TEXT.replace(old, new, 1), interfaces={}.get))


@pytest.mark.parametrize(
    ("old", "new", "code", "path"),
    [
        (
            "departure_on (test_bank)\n    cal",
            "departure_on (tset_bank)\n    cal",
            "UNKNOWN_CALENDAR",
            "deadlines.window.due",
        ),
        (
            "departure_on (test_bank)\n        else",
            "departure_on (jetro)\n        else",
            "UNKNOWN_CALENDAR",
            "events.apply.requires.0.rule",
        ),
        ("    missed: refuse_window\n", "", "WINDOW_NEVER_CLOSES", "deadlines.window"),
        (
            "due: 4 business days before departure_on (test_bank)",
            "due: departure_no",
            "UNKNOWN_FIELD",
            "deadlines.window.due",
        ),
        ("due: 4 business days before departure_on (test_bank)", "due: 2026-02-30", "BAD_DATE", "deadlines.window.due"),
        ("due: 2026-06-30", "due: stay.due_on + 1 days", "NOT_A_FIELD", "deadlines.fair.due"),
        ("due: 2026-06-30", "due: 2/3 of 100 yen rounded down", "WRONG_TYPE", "deadlines.fair.due"),
        (
            "  leave: {",
            "  open: {title: x, by: bank, from: applied, to: ended, source: x}\n  leave: {",
            "NAME_TAKEN",
            "events.open",
        ),
    ],
)
def test_a_wrong_window_is_told_where_it_stands(old: str, new: str, code: str, path: str) -> None:
    found = [one for one in faults(old, new) if one.code == code]
    assert [one.path for one in found] == [path]


def test_the_procedure_of_these_tests_has_no_findings() -> None:
    assert lint(TEXT, interfaces={}.get) == ()

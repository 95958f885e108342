"""A needed field that must come with each act: what an earlier act has left in the case does not stand for it."""

from collections.abc import Iterator

import pytest

from crash.office import OFFICES
from toritsugi.core.values import Actor
from toritsugi.definition.lint import lint
from toritsugi.engine import Engine
from toritsugi.errors import NotPossible
from toritsugi.hooks import ProcedureFile
from toritsugi.testing.clock import FakeClock

NOON = 1_775_012_400_000_000
VISITS = """procedure: visits
version: "1"
title: {ja: 訪問, en: Visits}
owner: desk
source: 試験
subject: [company]
parties:
  desk: {title: {ja: 窓口, en: Desk}}
data:
  company: {type: text, title: {ja: 企業, en: Company}, source: 試験}
  place: {type: text, title: {ja: 訪問先, en: Place}, source: 試験}
  minutes: {type: integer, title: {ja: 時間, en: Minutes}, source: 試験}
start: {by: desk, needs: [company], may_give: [minutes]}
initial: going
states:
  going: {title: {ja: 訪問中, en: Going}, source: 試験}
  over: {title: {ja: 終了, en: Over}, ends: yes, source: 試験}
events:
  visit:
    title: {ja: 訪問する, en: Visit}
    by: desk
    from: going
    needs: [place, minutes]
    anew: [minutes]
    requires:
      - {rule: minutes <= 60, else: QUOTA_USED}
    source: 試験
  end: {title: {ja: 終える, en: End}, by: desk, from: going, to: over, needs: [minutes], source: 試験}
"""
DESK = Actor(id="d1", institution="desk-0001", role="desk")


@pytest.fixture
def engine(sqlite_url: str) -> Iterator[Engine]:
    files = [ProcedureFile(file="visits.yaml", text=VISITS.encode())]
    clock = FakeClock(NOON)
    with Engine.open(sqlite_url, plugins=(), procedures=files, institutions=OFFICES, clock=clock, channels=()) as found:
        yield found


def lacking(engine: Engine, case: str, **values: object) -> list[str]:
    with pytest.raises(NotPossible) as caught:
        engine.send(case, "visit", DESK, values)
    return [reason["ja"] for reason in caught.value.reasons]


def test_a_value_of_an_earlier_act_does_not_stand_for_the_new_one(engine: Engine) -> None:
    case = engine.start("visits", DESK, {"company": "青海", "minutes": 10}).case_id
    assert lacking(engine, case, place="本社") == ["記入が足りません：時間"]
    engine.send(case, "visit", DESK, {"place": "本社", "minutes": 30})
    assert lacking(engine, case) == ["記入が足りません：時間"]
    assert engine.send(case, "visit", DESK, {"minutes": 40}).state == "going"


def test_another_act_is_content_with_what_is_there(engine: Engine) -> None:
    case = engine.start("visits", DESK, {"company": "青海", "minutes": 10}).case_id
    assert engine.send(case, "end", DESK).state == "over"


def test_what_can_be_done_asks_for_it_although_it_is_set_and_does_not_judge_by_the_old_value(engine: Engine) -> None:
    case = engine.start("visits", DESK, {"company": "青海", "minutes": 90}).case_id
    (visit,) = [one for one in engine.can(case, DESK) if one.event == "visit"]
    assert (visit.possible, visit.to_give) == (True, ("place", "minutes"))


def test_only_what_is_needed_can_be_needed_anew() -> None:
    wrong = VISITS.replace("anew: [minutes]", "anew: [minutes, company]")
    assert lint(VISITS.encode(), interfaces=lambda _: None) == ()
    assert [one.code for one in lint(wrong.encode(), interfaces=lambda _: None)] == ["NOT_NEEDED"]

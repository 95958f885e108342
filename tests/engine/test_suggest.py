"""An engine's suggestions: from its own catalogues, on the day its clock shows, without touching a case."""

from collections.abc import Iterator
from datetime import date

import pytest

from crash.office import OFFICES
from toritsugi.core.values import Actor
from toritsugi.definition.lint import lint
from toritsugi.engine import Engine
from toritsugi.errors import BadInput, DefinitionError, NotPossible
from toritsugi.hooks import CatalogueFile, ProcedureFile, hook
from toritsugi.testing.clock import FakeClock

#: Friday 17 April 2026, 23:59 in Japan, and two minutes later.
LAST_MINUTE = 1_776_437_940_000_000
TEXT = """catalogue: ours
version: "1"
title: {ja: 町の支援策, en: Our support}
kind: measures
source: 広報
institutions: {town: {ja: 町役場, en: Town hall}}
needs: {shop: {title: {ja: 開店, en: Opening a shop}, words: [出店]}}
rows:
  t01: {title: {ja: 補助, en: Grant}, institution: town, needs: [shop], window: {opens: 2026-04-01, closes: 2026-04-17}, source: p.1}
"""
PROPOSING = """procedure: proposing
version: "1"
title: {ja: 提案, en: Proposing}
owner: desk
source: 試験
subject: [company]
parties:
  desk: {title: {ja: 窓口, en: Desk}}
data:
  company: {type: text, title: {ja: 企業, en: Company}, source: 試験}
  menus: {type: text, menus: yes, title: {ja: 提案したもの, en: Proposed}, source: 試験}
start:
  by: desk
  needs: [company]
initial: open
states:
  open: {title: {ja: 相談中, en: Open}, source: 試験}
  proposed: {title: {ja: 提案済み, en: Proposed}, ends: yes, source: 試験}
events:
  propose: {title: {ja: 提案する, en: Propose}, by: desk, from: open, to: proposed, needs: [menus], backdate: yes, source: 試験}
"""
DESK = Actor(id="d1", institution="desk-0001", role="desk")


class Supplies:
    """A plugin with one catalogue."""

    def __init__(self, text: str = TEXT) -> None:
        self.text = text

    @hook
    def toritsugi_catalogues(self) -> list[CatalogueFile]:
        return [CatalogueFile(file="ours/ours.yaml", text=self.text.encode())]


def opened(url: str, clock: FakeClock, text: str = TEXT) -> Engine:
    return Engine.open(url, plugins=[Supplies(text)], institutions=OFFICES, clock=clock, channels=())


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(LAST_MINUTE)


@pytest.fixture
def engine(sqlite_url: str, clock: FakeClock) -> Iterator[Engine]:
    with opened(sqlite_url, clock) as found:
        yield found


def test_a_plugin_s_catalogue_is_suggested_from(engine: Engine) -> None:
    answer = engine.suggest("出店", on=date(2026, 4, 1))
    assert [one.key for one in answer.offered] == ["ours/t01"]
    assert [one.id for one in engine.catalogues()] == ["ours"]


def test_without_a_day_it_is_today_in_japan(engine: Engine, clock: FakeClock) -> None:
    assert [one.row.id for one in engine.suggest("出店").offered] == ["t01"]
    clock.advance(seconds=120)
    answer = engine.suggest("出店")
    assert (answer.offered, answer.question.on) == ((), date(2026, 4, 18))
    assert [one.stand.reason.code for one in answer.withheld] == ["CLOSED_SINCE"]


def test_a_proposal_is_checked_on_the_day_it_is_made(engine: Engine, clock: FakeClock) -> None:
    assert engine.proposed("t01 補助").sound
    clock.advance(seconds=120)
    assert not engine.proposed("t01 補助").sound
    assert engine.proposed("t01、t99", on=date(2026, 4, 2)).unknown == ("t99",)


def test_a_fault_of_the_question_is_told_in_the_engine_s_language(engine: Engine) -> None:
    engine.locale = "ja"
    with pytest.raises(BadInput, match="入力に誤りがあります"):
        engine.suggest(prefecture="パリ")


def test_an_embedder_s_catalogue_goes_before_a_plugin_s(sqlite_url: str, clock: FakeClock) -> None:
    mine = CatalogueFile(file="mine.yaml", text=TEXT.replace("t01", "t02").encode())
    with Engine.open(sqlite_url, plugins=[Supplies()], clock=clock, channels=(), catalogues=[mine]) as found:
        assert [one.row.id for one in found.suggest("出店").offered] == ["t02"]


def test_a_wrong_catalogue_spoils_suggestions_and_nothing_else(sqlite_url: str, clock: FakeClock) -> None:
    with opened(sqlite_url, clock, TEXT.replace("2026-04-17", "2026-04-31")) as found:
        assert found.procedures() == ()
        with pytest.raises(DefinitionError) as caught:
            found.suggest("出店")
        assert "ours/ours.yaml:9" in caught.value.message("ja")


@pytest.fixture
def proposing(sqlite_url: str, clock: FakeClock) -> Iterator[Engine]:
    file = ProcedureFile(file="proposing.yaml", text=PROPOSING.encode())
    with Engine.open(sqlite_url, plugins=[Supplies()], procedures=[file], clock=clock, channels=()) as found:
        yield found


def test_a_menu_that_is_open_is_proposed_and_so_is_one_without_a_number(proposing: Engine) -> None:
    for text in ("t01 補助", "商談会への参加", "①補助 ②相談"):
        case = proposing.start("proposing", DESK, {"company": "甲"}).case_id
        assert proposing.send(case, "propose", DESK, {"menus": text}).state == "proposed"


@pytest.mark.parametrize(("text", "code"), [("t01 補助", "OUT_OF_WINDOW"), ("t99", "BAD_INPUT")])
def test_a_menu_that_is_closed_or_not_there_refuses_the_event(
    proposing: Engine, clock: FakeClock, text: str, code: str
) -> None:
    clock.advance(seconds=120)
    case = proposing.start("proposing", DESK, {"company": "甲"}).case_id
    before = proposing.case(case)
    with pytest.raises(NotPossible) as caught:
        proposing.send(case, "propose", DESK, {"menus": text})
    assert [reason["code"] for reason in caught.value.reasons] == [code]
    assert text[:3] in caught.value.reasons[0]["ja"] and text[:3] in caught.value.reasons[0]["en"]
    assert proposing.case(case) == before


def test_what_was_proposed_on_its_last_day_may_be_recorded_the_day_after(proposing: Engine, clock: FakeClock) -> None:
    case = proposing.start("proposing", DESK, {"company": "甲"}).case_id
    clock.advance(seconds=120)
    answer = proposing.send(case, "propose", DESK, {"menus": "t01"}, occurred_at=LAST_MINUTE + 1)
    assert answer.state == "proposed"


def test_only_a_text_can_propose_menus() -> None:
    text = PROPOSING.replace("menus: {type: text,", "menus: {type: integer,")
    assert "MENUS_NOT_TEXT" in [one.code for one in lint(text, interfaces=lambda _: None)]
    assert lint(PROPOSING, interfaces=lambda _: None) == ()

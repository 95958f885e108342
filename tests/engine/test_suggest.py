"""An engine's suggestions: from its own catalogues, on the day its clock shows, without touching a case."""

from collections.abc import Iterator
from datetime import date

import pytest

from crash.office import OFFICES
from toritsugi.engine import Engine
from toritsugi.errors import BadInput, DefinitionError
from toritsugi.hooks import CatalogueFile, hook
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

"""A field that holds the number of a catalogue's row: what the row fills, on which day, and what is refused."""

from collections.abc import Iterator

import pytest

from crash.office import OFFICES
from toritsugi.core.values import SYSTEM, Actor
from toritsugi.definition.lint import lint
from toritsugi.definition.load import load_interface
from toritsugi.engine import Engine
from toritsugi.errors import NotPossible
from toritsugi.hooks import CatalogueFile, ProcedureFile, hook
from toritsugi.testing.clock import FakeClock

#: Wednesday 1 April 2026, noon in Japan.
NOON = 1_775_012_400_000_000
CATALOGUE = """catalogue: ours
version: "7"
title: {ja: 町の支援策, en: Our support}
kind: measures
source: 広報
institutions: {town: {ja: 町役場, en: Town hall}}
needs: {shop: {title: {ja: 開店, en: Opening a shop}, words: [出店]}}
rows:
  t01:
    title: {ja: 出店の補助, en: Grant}
    institution: town
    needs: [shop]
    fee: subsidy
    rate: 2/3
    ceilings: 500,000
    window: [{opens: 2026-03-02, closes: 2026-03-31}, {opens: 2026-06-01, closes: 2026-06-30}]
    procedure: applying
    source: p.1
  t02: {title: {ja: 相談, en: Advice}, institution: town, needs: [shop], window: any_time, procedure: applying, source: p.2}
  t03: {title: {ja: 見学, en: Visit}, institution: town, needs: [shop], procedure: visiting, source: p.3}
  t04: {title: {ja: 冊子, en: Booklet}, institution: town, needs: [shop], source: p.4}
"""
APPLYING = """procedure: applying
version: "1"
title: {ja: 申込み, en: Applying}
owner: town
source: 試験
subject: [shop]
parties:
  shop_keeper: {title: {ja: 申込者, en: Shop}}
  town: {title: {ja: 町, en: Town}}
data:
  shop: {type: text, title: {ja: 店, en: Shop}, source: 試験}
  measure:
    type: text
    title: {ja: 番号, en: Measure}
    row_of: ours
    fills: {name: title, opens: opens, closes: closes, numerator: rate_numerator, most: ceiling, cited: source}
    source: 試験
  name: {type: text, title: {ja: 名称, en: Name}, source: 試験}
  opens: {type: date, title: {ja: 開始, en: Opens}, source: 試験}
  closes: {type: date, title: {ja: 終了, en: Closes}, source: 試験}
  numerator: {type: integer, title: {ja: 分子, en: Numerator}, source: 試験}
  most: {type: yen, title: {ja: 上限, en: Most}, source: 試験}
  cited: {type: text, title: {ja: 出典, en: Cited}, source: 試験}
start: {by: shop_keeper, needs: [shop], may_give: [measure]}
initial: drafting
states:
  drafting: {title: {ja: 準備中, en: Drafting}, source: 試験}
  applied: {title: {ja: 申込済み, en: Applied}, ends: yes, source: 試験}
events:
  choose: {title: {ja: 選ぶ, en: Choose}, by: shop_keeper, from: drafting, needs: [measure], backdate: yes, source: 試験}
  apply:
    title: {ja: 申し込む, en: Apply}
    by: shop_keeper
    from: drafting
    to: applied
    may_give: [measure]
    requires:
      - rule: (opens is set implies occurred_on >= opens) and (closes is set implies occurred_on <= closes)
        else: OUT_OF_WINDOW
    source: 試験
"""
SHOP = Actor(id="s1", institution="shop-0001", role="shop_keeper")
FILLED = {
    "measure": "t01",
    "name": "出店の補助",
    "opens": "2026-06-01",
    "closes": "2026-06-30",
    "numerator": 2,
    "most": 500_000,
    "cited": "町の支援策 7 t01 p.1",
}


class Supplies:
    """A plugin with one catalogue and one procedure."""

    def __init__(self, procedure: str = APPLYING, catalogue: str | None = CATALOGUE) -> None:
        self.procedure, self.catalogue = procedure, catalogue

    @hook
    def toritsugi_catalogues(self) -> list[CatalogueFile]:
        return [] if self.catalogue is None else [CatalogueFile(file="ours.yaml", text=self.catalogue.encode())]

    @hook
    def toritsugi_procedures(self) -> list[ProcedureFile]:
        return [ProcedureFile(file="applying.yaml", text=self.procedure.encode())]


class Both(Supplies):
    """The same plugin with a procedure that opens cases of the first."""

    @hook
    def toritsugi_procedures(self) -> list[ProcedureFile]:
        return [ProcedureFile(file="visiting.yaml", text=VISITING.encode()), *Supplies.toritsugi_procedures(self)]


def opened(url: str, supplies: Supplies, now: int = NOON) -> Engine:
    return Engine.open(url, plugins=[supplies], institutions=OFFICES, clock=FakeClock(now), channels=())


@pytest.fixture
def engine(sqlite_url: str) -> Iterator[Engine]:
    with opened(sqlite_url, Supplies()) as found:
        yield found


def started(engine: Engine, **values: object) -> str:
    return engine.start("applying", SHOP, {"shop": "青海書店", **values}, parties={"town": "town-0001"}).case_id


def refusal(engine: Engine, case: str, event: str, **values: object) -> NotPossible:
    with pytest.raises(NotPossible) as caught:
        engine.send(case, event, SHOP, values)
    return caught.value


def test_the_number_that_a_case_is_opened_with_fills_its_fields(engine: Engine) -> None:
    data = engine.case(started(engine, measure="t01")).data
    assert {name: data[name] for name in FILLED} == FILLED


def test_what_a_decision_rested_on_stands_in_the_history(engine: Engine) -> None:
    case = started(engine, measure="t01")
    assert engine.views.history(case, SYSTEM)[0]["values"].items() >= FILLED.items()


def test_a_number_that_comes_with_an_event_is_looked_up_on_the_day_of_the_act(engine: Engine) -> None:
    case = started(engine)
    engine.send(case, "choose", SHOP, {"measure": "t01"})
    assert engine.case(case).data["opens"] == "2026-06-01"


def test_another_number_leaves_nothing_of_the_one_before(engine: Engine) -> None:
    case = started(engine, measure="t01")
    engine.send(case, "choose", SHOP, {"measure": "t02"})
    data = engine.case(case).data
    assert (data["name"], data.get("opens"), data.get("most")) == ("相談", None, None)


def test_a_rule_of_the_event_that_brings_the_number_reads_what_it_fills(engine: Engine) -> None:
    caught = refusal(engine, started(engine), "apply", measure="t01")
    assert caught.code == "OUT_OF_WINDOW"
    assert "2026年6月1日(月)から2026年6月30日(火)まで" in caught.reasons[0]["ja"]


def test_what_may_be_done_is_not_told_impossible_before_the_number_is_known(engine: Engine) -> None:
    (apply,) = [one for one in engine.can(started(engine), SHOP) if one.event == "apply"]
    assert apply.possible


@pytest.mark.parametrize(
    ("number", "told"),
    [("t09", "一覧にありません"), ("t03", "別の手続（visiting）"), ("t04", "申込みの手続がありません")],
)
def test_a_number_that_does_not_do_is_refused_and_why(engine: Engine, number: str, told: str) -> None:
    caught = refusal(engine, started(engine), "choose", measure=number)
    assert (caught.code, told in caught.reasons[0]["ja"]) == ("BAD_INPUT", True)
    with pytest.raises(NotPossible, match="BAD_INPUT"):
        started(engine, measure=number)


def test_without_the_catalogue_no_number_is_believed(sqlite_url: str) -> None:
    with opened(sqlite_url, Supplies(catalogue=None)) as engine, pytest.raises(NotPossible) as caught:
        started(engine, measure="t01")
    assert "支援策の一覧「ours」がありません" in caught.value.reasons[0]["ja"]


def test_what_a_row_says_is_refused_where_its_field_does_not_take_it(sqlite_url: str) -> None:
    small = APPLYING.replace("most: {type: yen,", "most: {type: yen, maximum: 100,")
    with opened(sqlite_url, Supplies(small)) as engine, pytest.raises(NotPossible) as caught:
        started(engine, measure="t01")
    assert (caught.value.code, "上限" in caught.value.reasons[0]["ja"]) == ("BAD_INPUT", True)


def test_a_row_of_its_own_fills_every_case_that_is_opened(sqlite_url: str) -> None:
    fixed = APPLYING.replace("row_of: ours", "row_of: ours\n    row: t01").replace(", may_give: [measure]", "")
    fixed = fixed.replace("    may_give: [measure]\n", "").replace(", needs: [measure]", "")
    with opened(sqlite_url, Supplies(fixed)) as engine:
        data = engine.case(started(engine)).data
    assert {name: data[name] for name in FILLED} == FILLED


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("may_give: [measure]}", "may_give: [measure, most]}", "FILLED_BY_ROW"),
        ("needs: [measure], backdate", "needs: [measure, name], backdate", "FILLED_BY_ROW"),
        ("    source: 試験\n  name:", "    row: t01\n    source: 試験\n  name:", "FILLED_BY_ROW"),
        ("    requires:\n", "    effects: [{clear: [most]}]\n    requires:\n", "FILLED_BY_ROW"),
        ("    requires:\n", "    effects: [{clear: [measure]}]\n    requires:\n", "FILLED_BY_ROW"),
        ("subject: [shop]", "subject: [shop, name]", "FILLED_BY_ROW"),
        ("most: {type: yen,", "most: {type: date,", "WRONG_TYPE"),
        ("most: {type: yen,", "most: {type: yen, personal: yes,", "WRONG_TYPE"),
        ("name: title, ", "nome: title, ", "UNKNOWN_FIELD"),
        ("name: title, ", "name: titel, ", "UNKNOWN_ROW_PART"),
        ("    row_of: ours\n", "", "ROW_OF_MISSING"),
        ("measure:\n    type: text", "measure:\n    type: integer", "ROW_NOT_TEXT"),
    ],
)
def test_lint_tells_what_is_wrong_with_a_row_field(old: str, new: str, code: str) -> None:
    assert APPLYING.count(old) >= 1
    assert lint(APPLYING.encode(), interfaces=lambda _: None) == ()
    assert code in [one.code for one in lint(APPLYING.replace(old, new, 1).encode(), interfaces=lambda _: None)]


#: Opens a case of `applying` with the shop's number, and a ceiling that is not the catalogue's.
VISITING = """procedure: visiting
version: "1"
title: {ja: 訪問, en: Visiting}
owner: town
source: 試験
subject: [shop]
parties:
  shop_keeper: {title: {ja: 申込者, en: Shop}}
  town: {title: {ja: 町, en: Town}}
data:
  shop: {type: text, title: {ja: 店, en: Shop}, source: 試験}
  number: {type: text, title: {ja: 番号, en: Number}, source: 試験}
  lots: {type: yen, title: {ja: 額, en: Lots}, source: 試験}
links:
  application:
    title: {ja: 申込み, en: Application}
    procedure: applying
    relation: child
    carries: {shop: shop, measure: number, most: lots}
    parties: {shop_keeper: shop_keeper, town: town}
    source: 試験
start: {by: shop_keeper, needs: [shop, number, lots]}
initial: begun
states:
  begun: {title: {ja: 準備中, en: Begun}, source: 試験}
  done: {title: {ja: 済み, en: Done}, ends: yes, source: 試験}
events:
  apply: {title: {ja: 申し込む, en: Apply}, by: shop_keeper, from: begun, effects: [{open: application}], source: 試験}
  finish: {title: {ja: 終える, en: Finish}, by: shop_keeper, from: begun, to: done, source: 試験}
"""


def test_nothing_is_carried_into_a_field_that_a_row_fills() -> None:
    interfaces = {"applying": load_interface(APPLYING.encode(), file="applying.yaml")}
    found = lint(VISITING.encode(), interfaces=interfaces.get)
    assert [(one.code, one.path) for one in found] == [("FILLED_BY_ROW", "links.application.carries.most")]


def test_what_a_text_from_before_carries_gives_way_to_a_row_that_says_nothing(sqlite_url: str) -> None:
    plain = "\n".join(line for line in APPLYING.split("\n") if "row_of:" not in line and "fills:" not in line)
    values = {"shop": "青海書店", "number": "t02", "lots": 999}
    with opened(sqlite_url, Both(plain)) as engine:
        visit = engine.start("visiting", SHOP, values, parties={"town": "town-0001"}).case_id
    with opened(sqlite_url, Both(APPLYING)) as engine:
        engine.send(visit, "apply", SHOP)
        (found,) = engine.views.cases(procedure="applying")
        assert (found.data["name"], found.data.get("most")) == ("相談", None)

"""A scenario that builds on another gets what that one led to, and nothing of what a third has made of it."""

from pathlib import Path

import pytest

from toritsugi.testing.specs.office import Office
from toritsugi.testing.specs.playing import Played, play, scenarios_of
from toritsugi.testing.specs.world import World

from .conftest import BEFORE, Run

FIRST = """
  シナリオ: 相談の受付
    もし 金融機関が案件を開く

  シナリオ: 一方の続き
    前提 シナリオ「相談の受付」のとおり進んでいる
    もし 金融機関が「制度融資を案内する」
    ならば 案件は全部で1件である

  シナリオ: 他方の続き
    前提 シナリオ「相談の受付」のとおり進んでいる
    ならば 「制度融資を案内する」が行われていない
    かつ 案件は全部で1件である

  シナリオ: 先に時が過ぎている
    前提 今は令和8年4月21日(火)9時である
    かつ シナリオ「相談の受付」のとおり進んでいる
    ならば 案件は全部で1件である
"""


@pytest.fixture
def scenarios(tmp_path: Path) -> dict[str, Played]:
    file = tmp_path / "spec.feature"
    file.write_text(BEFORE + FIRST, encoding="utf-8")
    return {one.name: one for one in scenarios_of([file])}


def test_what_one_scenario_makes_of_a_common_past_is_not_seen_by_another(run: Run) -> None:
    record = run(BEFORE + FIRST)
    assert [step.reason_ja for one in record.scenarios for step in one.steps if step.reason_ja] == []
    assert len(record.scenarios) == 4


def test_the_second_to_build_on_a_scenario_finds_the_very_case_of_the_first(scenarios: dict[str, Played]) -> None:
    office = Office()
    first, second = World(office), World(office)
    play(first, scenarios["一方の続き"])
    play(second, scenarios["他方の続き"])
    assert first.case.id == second.case.id
    assert first.case.revision > second.case.revision
    first.close()
    second.close()
    office.close()


def test_other_steps_before_it_are_another_past(scenarios: dict[str, Played]) -> None:
    office = Office()
    first, later = World(office), World(office)
    play(first, scenarios["他方の続き"])
    play(later, scenarios["先に時が過ぎている"])
    assert first.case.id != later.case.id
    assert first.now() < later.now()
    first.close()
    later.close()
    office.close()


def test_after_a_step_of_the_hosts_own_a_scenario_is_gone_through_again(scenarios: dict[str, Played]) -> None:
    office = Office()
    first, second = World(office), World(office)
    play(first, scenarios["他方の続き"])
    second.position = -1  # as if a step that the vocabulary does not know had been carried out
    play(second, scenarios["他方の続き"])
    assert first.case.id != second.case.id
    first.close()
    second.close()
    office.close()

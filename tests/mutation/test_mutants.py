"""Mutants differ from their procedure in one place, say which, and are judged by the specs beside them."""

from pathlib import Path

import pytest

from toritsugi.definition.content import content_of
from toritsugi.definition.finding import Faults
from toritsugi.definition.load import load_tree
from toritsugi.definition.nodes import Entries
from toritsugi.definition.reading import root_of
from toritsugi.testing.mutation.bench import KILLED, REFUSED, SURVIVED, Bench, SpecsFail, Verdict
from toritsugi.testing.mutation.making import mutants
from toritsugi.testing.mutation.mutant import KINDS, Mutant
from toritsugi.testing.mutation.run import Order, run_mutants
from toritsugi.testing.mutation.score import EXPLAINED, Score, rate, sampled
from toritsugi.testing.mutation.survivors import read

TEXT = """
procedure: room
version: "1"
title: {ja: 会議室, en: Room}
owner: office
source: 利用規則
subject: [group]
parties:
  applicant: {title: {ja: 申込者, en: Applicant}, contact: {email: email}}
  office: {title: {ja: 事務局, en: Office}, institution: jetro_tokyo}
data:
  group: {type: text, title: {ja: 団体名, en: Group}, source: 第1条}
  email: {type: text, personal: yes, title: {ja: メール, en: E-mail}, source: 第1条}
  people: {type: integer, title: {ja: 人数, en: People}, source: 第2条}
  asked_on: {type: date, title: {ja: 申込日, en: Asked on}, source: 第2条}
deadlines:
  answer:
    title: {ja: 回答, en: Answer}
    within: 3 business days
    calendar: jetro_tokyo
    starts: {on: ask, counted_from: asked_on}
    met_by: [grant]
    source: 第3条
start: {by: applicant, needs: [group], may_give: [email]}
initial: draft
states:
  draft: {title: {ja: 下書き, en: Draft}, source: 第1条}
  asked: {title: {ja: 申込済み, en: Asked}, source: 第2条}
  granted: {title: {ja: 承認, en: Granted}, ends: yes, source: 第3条}
events:
  ask:
    title: {ja: 申し込む, en: Ask}
    by: applicant
    from: draft
    to: asked
    needs: [people]
    requires:
      - rule: people <= 30
        else: SIZE_NOT_ALLOWED
    effects:
      - set: {asked_on: occurred_on}
    source: 第2条
  grant:
    title: {ja: 承認する, en: Grant}
    by: office
    from: asked
    to: granted
    effects:
      - notify:
          to: applicant
          via: email
          subject: {ja: 承認しました, en: Granted}
          text: {ja: 承認しました。, en: Granted.}
    source: 第3条
"""

WEAK = """# language: ja
機能: 会議室
  シナリオ: 申し込む
    前提 手続は「会議室」である
    もし 申込者が案件を開く
      | 団体名 | 読書会 |
    かつ 申込者が「申し込む」
      | 人数 | 30 |
    ならば 状態は「申込済み」である
"""


def made() -> tuple[Entries, list[Mutant]]:
    root = root_of(TEXT, Faults())
    assert isinstance(root, Entries)
    return root, mutants(root, load_tree(root, file="room.yaml", interfaces=lambda _: None))


@pytest.fixture
def weak(tmp_path: Path) -> Order:
    """One procedure, and a spec that looks at little of it."""
    procedure, feature = tmp_path / "room.yaml", tmp_path / "room.feature"
    procedure.write_text(TEXT, encoding="utf-8")
    feature.write_text(WEAK, encoding="utf-8")
    from toritsugi.hooks import ProcedureFile

    return Order(paths=[feature], procedures=[ProcedureFile(file="room.yaml", text=procedure.read_bytes())])


def by_key(verdicts: list[Verdict]) -> dict[str, str]:
    return {one.mutant.key: one.outcome for one in verdicts}


def test_every_mutant_says_something_else() -> None:
    root, found = made()
    texts = [content_of(one.applied(root)) for one in found]
    assert content_of(root) not in texts
    assert len({*texts}) == len(texts)


def test_every_mutant_has_a_line_a_kind_and_words_in_both_languages() -> None:
    _, found = made()
    assert {one.kind for one in found} <= {*KINDS}
    assert [one.key for one in found if not (one.told.ja and one.told.en)] == []
    (added,) = [one for one in found if one.key == "events.grant.effects.0.notify.to +office"]
    assert added.position is not None
    assert TEXT.split("\n")[added.position.line - 1].strip() == "to: applicant"


@pytest.mark.parametrize(
    "key",
    [
        "events.ask.requires.0 removed",
        "events.ask.requires.0.rule not (people <= 30)",
        "events.ask.requires.0.rule people < 30",
        "events.ask.requires.0.rule people <= 31",
        "events.ask.requires.0.rule an exception is possible",
        "events.ask.to stays",
        "events.ask.to to granted",
        "events.ask.by +office",
        "events.ask.needs -people",
        "events.ask.effects.0 removed",
        "events.ask.effects.0.set.asked_on occurred_on + 1 days",
        "events.grant.effects.0.notify.to +office",
        "events.grant.effects.0.notify.via fax first",
        "deadlines.answer.within 2 business days",
        "deadlines.answer.within 4 business days",
        "deadlines.answer.starts.counted_from removed",
        "deadlines.answer.met_by -grant",
        "start.by +office",
    ],
)
def test_the_slips_that_matter_are_made(key: str) -> None:
    assert key in {one.key for one in made()[1]}


def test_a_weak_spec_lets_mutants_through_and_each_is_listed(weak: Order) -> None:
    (score,) = run_mutants(weak)
    outcomes = by_key(score.verdicts)
    assert outcomes["events.ask.requires.0.rule not (people <= 30)"] == KILLED
    assert outcomes["events.ask.to to granted"] in (KILLED, REFUSED)
    assert outcomes["events.ask.requires.0 removed"] == SURVIVED
    assert outcomes["deadlines.answer.within 4 business days"] == SURVIVED
    assert rate(score.total()) < 95
    assert {one.outcome for one in score.survivors()} == {SURVIVED}


def test_an_explained_survivor_does_not_count(weak: Order, tmp_path: Path) -> None:
    reasons = "# `room`\n\n| 変更 | 理由 |\n|---|---|\n| `deadlines.answer.*` | 期限は別の仕様で確かめる。 |\n"
    (tmp_path / "survivors.md").write_text(reasons, encoding="utf-8")
    (score,) = run_mutants(weak)
    explained = [one.mutant.key for one in score.verdicts if score.outcome(one) == EXPLAINED]
    assert explained
    assert all(key.startswith("deadlines.answer.") for key in explained)


def test_a_line_without_a_reason_explains_nothing() -> None:
    assert read("## 枠 `pot`\n| `a b` | |\n| `c d` | 同じ値になる。 |") == {"pot": {"c d": "同じ値になる。"}}


def test_an_explanation_of_what_is_noticed_is_told(weak: Order, tmp_path: Path) -> None:
    key = "events.ask.requires.0.rule not (people <= 30)"
    (tmp_path / "survivors.md").write_text(f"# `room`\n| `{key}` | 念のため。 |\n", encoding="utf-8")
    (score,) = run_mutants(weak)
    assert [one.mutant.key for one in score.noticed_after_all()] == [key]


def test_a_spec_that_fails_before_anything_is_changed_is_refused(weak: Order, tmp_path: Path) -> None:
    (tmp_path / "room.feature").write_text(WEAK.replace("「申込済み」", "「承認」"), encoding="utf-8")
    with pytest.raises(SpecsFail):
        run_mutants(weak)


def test_the_same_seed_takes_the_same_sample_of_many_kinds() -> None:
    _, found = made()
    one, other = sampled(found, 12, 3), sampled(found, 12, 3)
    assert one == other
    assert len({mutant.kind for mutant in one}) == 12


def test_several_processes_come_to_the_same(weak: Order) -> None:
    from dataclasses import replace

    few = replace(weak, sample=14)
    (alone,), (together,) = run_mutants(few), run_mutants(replace(few, jobs=2))
    assert by_key(alone.verdicts) == by_key(together.verdicts)


def test_a_procedure_that_no_longer_takes_a_signal_is_refused_by_the_one_that_sends_it() -> None:
    bench = Bench([Path(__file__).parents[2] / "specs" / "tokyo" / "support_cost_frame.feature"])
    chosen = [one for one in bench.mutants("support_cost_frame") if one.key == "events.reserve.by -signal"]
    assert [one.outcome for one in bench.judged("support_cost_frame", chosen)] == [REFUSED]


def test_a_score_without_anything_to_notice_is_whole() -> None:
    assert rate(Score(procedure="x", file="x.yaml", reasons={}).total()) == 100

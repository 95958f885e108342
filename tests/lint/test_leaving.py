"""A value that is copied to where somebody sees it who did not see it before is told, unless its class says that it may."""

from __future__ import annotations

from pathlib import Path

import pytest

from toritsugi.definition.finding import Finding, Severity
from toritsugi.definition.lint import lint, outside

OTHER = """\
procedure: visit
version: "1"
title: {ja: 訪問, en: Visit}
owner: office
source: made for tests
subject: [about]
parties:
  office: {title: {ja: 事務局, en: Office}, institution: test_office}
  applicant: {title: {ja: 申込者, en: Applicant}}
  guide: {title: {ja: 案内人, en: Guide}}
  cleaner: {title: {ja: 清掃, en: Cleaner}, institution: test_cleaner}
data:
  about: {type: text, title: {ja: 概要, en: About}}
  inside: {type: text, title: {ja: 内部, en: Inside}}
  total: {type: integer, title: {ja: 計, en: Total}}
disclosure:
  known: {title: {ja: 共有, en: Known}, fields: [about, total], seen_by: [office, applicant, guide]}
  kept: {title: {ja: 内部, en: Kept}, fields: [inside], seen_by: [office]}
start: {by: office, needs: [about]}
initial: here
states: {here: {title: {ja: 中, en: Here}}, gone: {title: {ja: 終, en: Gone}, ends: yes}}
events:
  take: {title: {ja: 受ける, en: Take}, by: signal, from: here, to: gone, may_give: [about, inside, total]}
"""
TEXT = """\
procedure: request
version: "1"
title: {ja: 申込み, en: Request}
owner: office
source: made for tests
subject: [wish]
parties:
  office: {title: {ja: 事務局, en: Office}, institution: test_office}
  archive: {title: {ja: 書庫, en: Archive}, institution: test_office}
  applicant: {title: {ja: 申込者, en: Applicant}}
  helper: {title: {ja: 協力者, en: Helper}}
data:
  wish: {type: text, title: {ja: 希望, en: Wish}}
  copy: {type: text, title: {ja: 写し, en: Copy}}
  copies: {type: list, of: {type: text}, title: {ja: 写し一覧, en: Copies}}
  score: {type: integer, title: {ja: 評点, en: Score}}
  grade: {type: integer, title: {ja: 等級, en: Grade}}
  passed: {type: yes_no, title: {ja: 合格, en: Passed}}
  remark: {type: text, title: {ja: 所見, en: Remark}}
  secret: {type: text, title: {ja: 秘密, en: Secret}}
  noted: {type: text, title: {ja: 記録, en: Noted}}
  chosen: {type: institution, title: {ja: 候補, en: Chosen}}
approvals:
  share: {title: {ja: 共有, en: Share}, by: applicant}
links:
  visit:
    title: {ja: 訪問, en: Visit}
    procedure: visit
    relation: child
    carries: {about: wish}
    parties: {applicant: applicant, guide: {institution: chosen}}
disclosure:
  open:
    title: {ja: 公開, en: Open}
    fields: [wish, copy, copies, grade, passed, chosen]
    links: [visit]
    seen_by: [office, applicant, helper]
  asked: {title: {ja: 同意, en: Asked}, fields: [remark], seen_by: [office, applicant, {parties: helper, approval: share}]}
  inner: {title: {ja: 内部, en: Inner}, fields: [score, secret], seen_by: [office]}
  shelf: {title: {ja: 書庫, en: Shelf}, fields: [noted], seen_by: [archive]}
start: {by: applicant, needs: [wish], may_give: [copy, copies, grade, passed, remark, secret, noted, chosen, score]}
initial: here
states: {here: {title: {ja: 中, en: Here}}, gone: {title: {ja: 終, en: Gone}, ends: yes}}
events:
  act: {title: {ja: 行う, en: Act}, by: office, from: here, effects: [{open: visit}, {signal: {link: visit, event: take}}]}
  help: {title: {ja: 手伝う, en: Help}, by: helper, from: here, effects: [{appoint: {party: helper, institution: chosen}}]}
  share: {title: {ja: 認める, en: Share}, by: applicant, from: here, to: gone, effects: [{approve: share}]}
"""
VISIT = outside(OTHER.encode())
EFFECT = "effects: [{open: visit},"


def found(old: str = "", new: str = "", *, text: str = TEXT) -> list[Finding]:
    """The findings on the text with some words changed, but for those on sources."""
    assert old in text
    told = lint(text.replace(old, new, 1), interfaces={"visit": VISIT}.get)
    return [one for one in told if one.code != "NO_SOURCE"]


def with_effect(effect: str) -> list[Finding]:
    return found(EFFECT, f"{EFFECT} {effect},")


def test_what_stays_in_its_class_has_no_findings() -> None:
    assert found() == []


@pytest.mark.parametrize(
    "effect",
    [
        "{set: {copy: secret}}",
        "{add: {to: copies, entry: secret}}",
        '{set: {grade: "score + 1"}}',
        '{set: {grade: "smaller of score and 5"}}',
        "{set: {copy: visit.inside}}",
        "{set: {copy: remark}}",
        "{signal: {link: visit, event: take, with: {about: secret}}}",
        "{signal: {link: visit, event: take, with: {total: score}}}",
    ],
)
def test_a_value_that_leaves_its_class_is_told_as_a_doubt(effect: str) -> None:
    (finding,) = with_effect(effect)
    assert (finding.code, finding.severity) == ("LEAVES_ITS_CLASS", Severity.WARNING)
    assert finding.path.startswith("events.act.effects.1")


@pytest.mark.parametrize(
    "effect",
    [
        "{set: {secret: wish}}",
        "{set: {noted: secret}}",
        "{set: {passed: score > 5}}",
        '{set: {grade: "count of copies"}}',
        "{set: {copy: visit.about}}",
        "{signal: {link: visit, event: take, with: {inside: secret}}}",
    ],
)
def test_a_value_that_nobody_new_sees_is_not_told(effect: str) -> None:
    assert with_effect(effect) == []


def test_who_sees_the_copy_is_named_with_the_field_it_comes_from() -> None:
    (finding,) = with_effect("{set: {copy: secret}}")
    for message in (finding.message_ja, finding.message_en):
        assert "applicant" in message and "helper" in message and "office" not in message
        assert "'secret'" in message or "「secret」" in message
        assert "may_leave: [secret]" in message


def test_who_sees_the_original_under_a_condition_and_the_copy_always_is_told() -> None:
    (finding,) = with_effect("{set: {copy: remark}}")
    assert "helper" in finding.message_en and "applicant" not in finding.message_en


def test_what_is_carried_into_a_case_that_is_opened_is_told_at_the_link() -> None:
    (finding,) = found("carries: {about: wish}", "carries: {about: secret}")
    assert (finding.code, finding.path) == ("LEAVES_ITS_CLASS", "links.visit.carries")
    assert "applicant" in finding.message_en and "guide" in finding.message_en


def test_somebody_who_has_no_part_here_is_somebody_new() -> None:
    everybody = "seen_by: [office, applicant, guide, cleaner]"
    other = outside(OTHER.replace("seen_by: [office, applicant, guide]", everybody).encode())
    changed = TEXT.replace("carries: {about: wish}", "carries: {about: remark}")
    told = [one for one in lint(changed, interfaces={"visit": other}.get) if one.code == "LEAVES_ITS_CLASS"]
    assert [("cleaner" in one.message_en, "applicant" in one.message_en) for one in told] == [(True, False)]


def test_a_part_that_the_link_gives_to_nobody_sees_nothing() -> None:
    changed = TEXT.replace(
        "parties: {applicant: applicant, guide: {institution: chosen}}", "parties: {applicant: applicant}"
    )
    assert found("carries: {about: wish}", "carries: {about: remark}", text=changed) == []


def test_a_class_says_what_may_leave_it() -> None:
    text = TEXT.replace("fields: [score, secret],", "fields: [score, secret], may_leave: secret,")
    assert found(EFFECT, f"{EFFECT} {{set: {{copy: secret}}}},", text=text) == []
    assert [one.code for one in found(EFFECT, f"{EFFECT} {{set: {{grade: score}}}},", text=text)] == [
        "LEAVES_ITS_CLASS"
    ]


def test_the_class_of_the_other_case_says_it_for_what_is_read_there() -> None:
    other = outside(OTHER.replace("fields: [inside],", "fields: [inside], may_leave: inside,").encode())
    changed = TEXT.replace(EFFECT, f"{EFFECT} {{set: {{copy: visit.inside}}}},")
    assert [one.code for one in lint(changed, interfaces={"visit": other}.get) if one.code != "NO_SOURCE"] == []


def test_what_is_not_in_the_class_cannot_leave_it() -> None:
    (finding,) = found("fields: [score, secret],", "fields: [score, secret], may_leave: wish,")
    assert (finding.code, finding.severity, finding.word) == ("UNKNOWN_NAME", Severity.ERROR, "wish")


def test_a_doubt_is_not_told_beside_an_error() -> None:
    changed = TEXT.replace(EFFECT, f"{EFFECT} {{set: {{copy: secret}}}},")
    assert [one.code for one in found("fields: [noted]", "fields: [notes]", text=changed)] == ["UNKNOWN_FIELD"]


def test_the_sounding_of_the_consortium_cannot_come_to_carry_who_asks_unnoticed() -> None:
    folder = Path(__file__).parents[2] / "workflows" / "toritsugi_workflows" / "consortium"
    known = {file.stem: outside(file.read_bytes()) for file in folder.glob("*.yaml")}
    text = (folder / "consortium_referral.yaml").read_text("utf-8")
    slip = "anonymous_outline: worry"
    assert lint(text, interfaces=known.get) == ()
    (finding,) = lint(text.replace("anonymous_outline: anonymous_outline", slip), interfaces=known.get)
    assert (finding.code, finding.path) == ("LEAVES_ITS_CLASS", "links.service.carries")
    assert "providing_contact" in finding.message_en

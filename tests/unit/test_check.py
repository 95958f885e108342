"""What the static checks promise: a procedure that names nothing, leads nowhere or never rests is kept out."""

from __future__ import annotations

import pytest

from toritsugi.definition.check import REFUSAL_CODES, check
from toritsugi.definition.finding import Finding, Severity
from toritsugi.definition.load import load
from toritsugi.errors import DefinitionError, catalogue

GOOD = """\
procedure: loan
version: "1"
title: {ja: 融資, en: Loan}
owner: bank
source: made for tests
subject: [company]
parties:
  company: {title: {ja: 企業, en: Company}, contact: {email: email}}
  bank: {title: {ja: 銀行, en: Bank}, institution: test_bank}
data:
  company: {type: text, title: {ja: 企業名, en: Company name}}
  email: {type: text, title: {ja: メール, en: E-mail}}
  left: {type: integer, title: {ja: 残り, en: Left}}
  asked_on: {type: date, title: {ja: 申込日, en: Asked on}}
approvals:
  sharing: {title: {ja: 同意, en: Consent}, by: company, recipient: bank, source: 1}
documents:
  form: {title: {ja: 申込書, en: Form}, shows: [company, answer.due_on], may_see: [company, bank], source: 1}
  memo: {title: {ja: 内部メモ, en: Memo}, shows: [left], may_see: [bank], source: 1}
deadlines:
  answer:
    title: {ja: 回答, en: Answer}
    within: 7 business days
    calendar: test_bank
    starts: {on: ask, counted_from: asked_on}
    met_by: [grant]
    cancelled_by: [take_back]
    responsible: bank
    missed: answer_late
    source: 1
start: {by: company, needs: [company], may_give: [email, left]}
initial: draft
states:
  draft: {title: {ja: 下書き, en: Draft}, source: 1}
  asked: {title: {ja: 申込済み, en: Asked}, source: 1}
  empty: {title: {ja: 残なし, en: Empty}, source: 1}
  granted: {title: {ja: 承認, en: Granted}, ends: yes, source: 1}
events:
  ask:
    title: {ja: 申し込む, en: Ask}
    by: company
    from: draft
    to: asked
    needs: [asked_on]
    requires:
      - {rule: left > 0, else: QUOTA_USED}
    effects:
      - send: {document: form, to: bank, via: [email], approval: sharing}
    source: 1
  take_back: {title: {ja: 戻す, en: Take back}, by: bank, from: asked, to: draft, source: 1,
    effects: [{send: {document: memo, to: bank, via: [email]}}]}
  grant: {title: {ja: 承認する, en: Grant}, by: bank, from: [asked, empty], to: granted, source: 1}
  answer_late:
    title: {ja: 回答遅れ, en: Late}
    by: engine
    on: {deadline: answer}
    from: asked
    effects:
      - notify:
          to: bank
          via: [email]
          subject: {ja: 回答遅れ, en: Late}
          text: {ja: '{company} {answer.due_on}', en: '{company} {answer.due_on}'}
    source: 1
  run_out: {title: {ja: 尽きる, en: Run out}, by: engine, on: {condition: left = 0}, from: asked, to: empty, source: 1}
  fill_up: {title: {ja: 戻る, en: Fill up}, by: engine, on: {condition: left > 0}, from: empty, to: asked, source: 1}
"""


def nothing(_: str) -> None:
    """No other procedure exists."""


def errors(text: str) -> dict[str, Finding]:
    with pytest.raises(DefinitionError) as caught:
        load(text, file="loan.yaml", interfaces=nothing)
    return {finding.code: finding for finding in caught.value.findings}


def warnings(text: str) -> dict[str, Finding]:
    found = check(load(text, file="loan.yaml", interfaces=nothing), interfaces=nothing)
    assert all(finding.severity is Severity.WARNING for finding in found)
    return {finding.code: finding for finding in found}


def changed(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new)


def test_a_sound_procedure_has_no_findings() -> None:
    assert warnings(GOOD) == {}


@pytest.mark.parametrize(
    ("old", "new", "code", "path", "suggestion"),
    [
        ("to: asked\n", "to: akked\n", "UNKNOWN_STATE", "events.ask.to", "asked"),
        ("from: [asked, empty]", "from: [asked, empti]", "UNKNOWN_STATE", "events.grant.from", "empty"),
        ("initial: draft", "initial: drat", "UNKNOWN_STATE", "initial", "draft"),
        ("owner: bank", "owner: bnk", "UNKNOWN_PARTY", "owner", "bank"),
        ("start: {by: company", "start: {by: compny", "UNKNOWN_PARTY", "start.by", "company"),
        ("may_see: [bank]", "may_see: [bnak]", "UNKNOWN_PARTY", "documents.memo.may_see", "bank"),
        ("needs: [asked_on]", "needs: [askedon]", "UNKNOWN_FIELD", "events.ask.needs", "asked_on"),
        ("subject: [company]", "subject: [compny]", "UNKNOWN_FIELD", "subject", "company"),
        ("contact: {email: email}", "contact: {email: emial}", "UNKNOWN_FIELD", "parties.company.contact", "email"),
        ("contact: {email: email}", "contact: {emial: email}", "UNKNOWN_CHANNEL", "parties.company.contact", "email"),
        ("document: form", "document: fom", "UNKNOWN_DOCUMENT", "events.ask.effects.0", "form"),
        ("approval: sharing", "approval: shring", "UNKNOWN_APPROVAL", "events.ask.effects.0", "sharing"),
        ("met_by: [grant]", "met_by: [gant]", "UNKNOWN_EVENT", "deadlines.answer.met_by", "grant"),
        ("missed: answer_late", "missed: answer_lat", "UNKNOWN_EVENT", "deadlines.answer.missed", "answer_late"),
        ("on: {deadline: answer}", "on: {deadline: anser}", "UNKNOWN_DEADLINE", "events.answer_late.on", "answer"),
        ("calendar: test_bank", "calendar: tst_bank", "UNKNOWN_CALENDAR", "deadlines.answer.calendar", "test_bank"),
        ("shows: [left]", "shows: [lef]", "UNKNOWN_NAME", "documents.memo.shows", "left"),
        ("else: QUOTA_USED", "else: QUOTA_USD", "UNKNOWN_CODE", "events.ask.requires.0.else", "QUOTA_USED"),
        ("ja: '{company} {", "ja: '{compny} {", "UNKNOWN_NAME", "events.answer_late.effects.0", "company"),
    ],
)
def test_a_name_of_nothing_is_refused_with_what_was_meant(
    old: str, new: str, code: str, path: str, suggestion: str
) -> None:
    finding = errors(changed(old, new))[code]
    assert finding.path == path
    assert suggestion in finding.suggestions
    assert finding.position is not None


def test_a_state_that_nothing_leads_to_is_refused() -> None:
    lost = "  lost: {title: {ja: 迷子, en: Lost}, ends: yes, source: 1}\n"
    finding = errors(changed("events:\n", lost + "events:\n"))["UNREACHABLE_STATE"]
    assert finding.path == "states.lost"


def test_an_open_state_without_a_way_out_is_refused() -> None:
    assert errors(changed("Granted}, ends: yes", "Granted}"))["DEAD_END"].path == "states.granted"


def test_a_state_left_by_nothing_but_a_withdrawal_is_told() -> None:
    withdrawal = "  gone: {title: {ja: 取下げ, en: Gone}, ends: yes, withdrawn: yes, source: 1}\n"
    event = "events:\n  withdraw: {title: {ja: 取下げ, en: Withdraw}, by: company, from: any, to: gone, source: 1}\n"
    text = changed("Granted}, ends: yes", "Granted}").replace("\nevents:\n", f"\n{withdrawal}{event}", 1)
    assert warnings(text)["ONLY_WITHDRAWN"].path == "states.granted"
    assert errors(text.replace("ends: yes, withdrawn", "withdrawn"))["DEAD_END"].path == "states.gone"


def test_an_event_out_of_a_final_state_is_refused() -> None:
    assert "FROM_FINAL_STATE" in errors(
        changed("by: bank, from: asked, to: draft", "by: bank, from: granted, to: draft")
    )


def test_an_event_that_nobody_fires_is_refused() -> None:
    assert "MISSING" in errors(changed("by: bank, from: asked, to: draft", "from: asked, to: draft"))
    assert "ENGINE_AND_CAUSE" in errors(
        changed("by: bank, from: asked, to: draft", "by: engine, from: asked, to: draft")
    )


def test_a_deadline_that_nothing_starts_is_refused() -> None:
    assert "NEVER_STARTS" in errors(changed("starts: {on: ask, counted_from", "starts: {counted_from"))


def test_a_missed_event_must_be_fired_by_that_deadline() -> None:
    found = errors(changed("missed: answer_late", "missed: grant"))
    assert found["NOT_AN_ENGINE_EVENT"].path == "deadlines.answer.missed"
    assert found["NOT_NAMED_AS_MISSED"].path == "events.answer_late.on"


def test_a_deadline_counts_from_a_date() -> None:
    assert "WRONG_TYPE" in errors(changed("counted_from: asked_on", "counted_from: left"))


def test_nothing_is_sent_to_somebody_who_may_not_see_it() -> None:
    memo = errors(changed("document: form, to: bank", "document: memo, to: company"))["MAY_NOT_SEE"]
    assert memo.path == "events.ask.effects.0"
    assert "MAY_NOT_SEE" in errors(
        changed("document: form, to: bank,", "document: form, to: company, enclosing: [memo],")
    )


def test_conditions_that_could_fire_each_other_for_ever_are_refused() -> None:
    assert "CONDITIONS_CYCLE" in errors(changed("condition: left > 0", "condition: left >= 0"))
    assert "CONDITIONS_CYCLE" in errors(changed("from: asked, to: empty,", "from: asked,"))


def test_conditions_that_exclude_each_other_may_lead_back() -> None:
    assert "CONDITIONS_CYCLE" not in warnings(changed("condition: left = 0", "condition: left < 1"))


def test_conditions_whose_events_change_what_they_read_are_refused() -> None:
    refill = "on: {condition: left > 0}, from: empty, to: asked, effects: [{set: {left: 0}}]"
    assert "CONDITIONS_CYCLE" in errors(changed("on: {condition: left > 0}, from: empty, to: asked", refill))


def test_a_name_of_the_engine_or_of_the_rules_is_not_given_to_a_field() -> None:
    field = "{type: text, title: {ja: 語, en: Word}}"
    for word in ("occurred_on", "channel", "and"):
        assert "NAME_TAKEN" in errors(changed("data:\n", f"data:\n  {word}: {field}\n"))


def test_an_unused_field_and_a_missing_source_are_warnings() -> None:
    spare = "data:\n  spare: {type: text, title: {ja: 予備, en: Spare}}\n"
    assert warnings(changed("data:\n", spare))["UNUSED_FIELD"].path == "data.spare"
    assert warnings(changed("en: Draft}, source: 1}", "en: Draft}}"))["NO_SOURCE"].path == "states.draft"


def test_more_events_than_the_bound_are_refused() -> None:
    event = "  e{}: {{title: {{ja: a, en: a}}, by: bank, from: asked, source: 1}}\n"
    assert "TOO_MANY_EVENTS" in errors(GOOD + "".join(event.format(number) for number in range(200)))


def test_every_refusal_code_stands_in_the_catalogue() -> None:
    assert set(REFUSAL_CODES) <= set(catalogue())

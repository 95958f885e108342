"""Personal data stays where it is encrypted: every way into the clear is told at the word that opens it."""

from __future__ import annotations

import pytest

from toritsugi.definition.finding import Finding, Severity
from toritsugi.definition.lint import lint, outside

OTHER = """\
procedure: other
version: "1"
title: {ja: 別, en: Other}
owner: bank
source: made for tests
subject: [code]
parties: {bank: {title: {ja: 銀行, en: Bank}, institution: test_bank}}
data:
  code: {type: text, title: {ja: 番号, en: Code}}
  open_name: {type: text, title: {ja: 名, en: Name}}
  secret_name: {type: text, personal: yes, title: {ja: 氏名, en: Full name}}
start: {by: bank, needs: [code]}
initial: here
states: {here: {title: {ja: 中, en: Here}}, gone: {title: {ja: 終, en: Gone}, ends: yes}}
events:
  take: {title: {ja: 受ける, en: Take}, by: signal, from: here, to: gone, needs: [open_name, secret_name]}
"""
TEXT = """\
procedure: one
version: "1"
title: {ja: 手続, en: One}
owner: bank
source: made for tests
subject: [code]
parties: {bank: {title: {ja: 銀行, en: Bank}, institution: test_bank}}
data:
  code: {type: text, title: {ja: 番号, en: Code}}
  name: {type: text, personal: yes, title: {ja: 氏名, en: Full name}}
  other_name: {type: text, personal: yes, title: {ja: 別名, en: Other name}}
  income: {type: yen, personal: yes, title: {ja: 所得, en: Income}}
  born_on: {type: date, personal: yes, title: {ja: 生年月日, en: Born on}}
  asked_on: {type: date, title: {ja: 申込日, en: Asked on}}
  shown: {type: text, title: {ja: 表示, en: Shown}}
  has_name: {type: yes_no, title: {ja: 氏名あり, en: Has a name}}
  people: {type: list, of: {type: record, fields: {who: {type: text, title: {ja: 誰, en: Who}}}}, title: {ja: 人々, en: People}}
  words: {type: list, of: {type: text}, title: {ja: 語, en: Words}}
ledgers: {pot: {title: {ja: 枠, en: Pot}, ceiling: "1,000,000 yen"}}
links:
  away:
    title: {ja: 先, en: Away}
    procedure: other
    carries: {code: code, secret_name: name}
deadlines:
  reply:
    title: {ja: 回答, en: Reply}
    within: 30 calendar days
    calendar: test_bank
    starts: {on: ask, counted_from: asked_on}
    met_by: [ask]
  form:
    title: {ja: 書類, en: Form}
    due: asked_on
    calendar: test_bank
    starts: {on: ask}
    met_by: [ask]
start: {by: bank, needs: [code, name]}
initial: here
states: {here: {title: {ja: 中, en: Here}}, gone: {title: {ja: 終, en: Gone}, ends: yes}}
events:
  ask:
    title: {ja: 申し込む, en: Ask}
    by: bank
    from: here
    to: gone
    may_give: [born_on, income, other_name, asked_on, words]
    effects:
      - set: {other_name: name}
      - set: {shown: code}
      - set: {has_name: "name is set"}
      - add: {to: people, entry: {who: code}}
      - add: {to: words, entry: code}
      - reserve: {ledger: pot, item: code, amount: 1 yen}
      - open: away
      - signal: {link: away, event: take, with: {open_name: code, secret_name: name}}
"""


def _found(old: str = "", new: str = "") -> list[tuple[Finding, str]]:
    assert TEXT.count(old) >= 1, old
    text = TEXT.replace(old, new, 1) if old else TEXT
    lines = text.split("\n")
    found = lint(text, interfaces={"other": outside(OTHER)}.get)
    return [(one, lines[one.position.line - 1] if one.position else "") for one in found if one.code != "NO_SOURCE"]


def test_personal_data_may_go_to_personal_fields_and_what_is_concluded_from_it_anywhere() -> None:
    assert _found() == []


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ("shown: code", "shown: name", "shown"),
        ("entry: {who: code}", "entry: {who: name}", "who"),
        ("{to: words, entry: code}", "{to: words, entry: name}", "entry"),
        ("item: code, amount: 1 yen", "item: name, amount: 1 yen", "item"),
        ("item: code, amount: 1 yen", "item: code, amount: income", "amount"),
        ("amount: 1 yen}", "amount: smaller of income and 1 yen}", "amount"),
        ("amount: 1 yen}", "amount: 10% of income rounded down}", "amount"),
        ("open_name: code, secret_name", "open_name: name, secret_name", "open_name"),
        ("secret_name: name}\n", "secret_name: name, open_name: name}\n", "open_name"),
    ],
)
def test_a_personal_value_that_comes_into_the_clear_is_told_at_its_target(old: str, new: str, word: str) -> None:
    ((finding, line),) = _found(old, new)
    assert (finding.code, finding.severity) == ("PERSONAL_IN_THE_CLEAR", Severity.ERROR)
    assert line.strip() in new or new.strip() in line
    assert finding.word == word
    assert "暗号化せずに保存" in finding.message_ja
    assert "personal" in finding.message_en
    column = finding.position.column if finding.position else 0
    assert line[column - 1 :].startswith(word)


def test_a_case_is_not_about_a_personal_field() -> None:
    ((finding, line),) = _found("subject: [code]", "subject: [code, name]")
    assert (finding.code, line) == ("PERSONAL_IN_THE_CLEAR", "subject: [code, name]")


@pytest.mark.parametrize(
    ("old", "new"), [("counted_from: asked_on", "counted_from: born_on"), ("due: asked_on", "due: born_on")]
)
def test_a_deadline_is_not_counted_from_a_personal_date(old: str, new: str) -> None:
    ((finding, line),) = _found(old, new)
    assert (finding.code, finding.severity) == ("PERSONAL_DATE", Severity.ERROR)
    assert new in line
    assert "起算日" in finding.message_ja

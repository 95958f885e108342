"""What the loader promises: a file is read as it is written, or its author is told every reason why not."""

from __future__ import annotations

from itertools import pairwise

import pytest
import yaml

from toritsugi.definition import yamltext
from toritsugi.definition.expression import Literal, Ref
from toritsugi.definition.interface import Interface
from toritsugi.definition.load import load, load_content, load_interface
from toritsugi.definition.model import Procedure
from toritsugi.definition.model_effects import AddEntry, SendMessage, SetField, Signal
from toritsugi.definition.model_events import Need
from toritsugi.definition.origin import Basis
from toritsugi.definition.types import Kind
from toritsugi.errors import DefinitionError

HEAD = """\
procedure: loan
version: "1.10"
title: {ja: 融資, en: Loan}
owner: bank
source: made for tests
subject: [company]
parties:
  company: {title: {ja: 企業, en: Company}}
  bank: {title: {ja: 銀行, en: Bank}, institution: test_bank}
data:
  company: {type: text, title: {ja: 企業名, en: Company name}}
  amount: {type: yen, title: {ja: 金額, en: Amount}}
  agreed: {type: yes_no, title: {ja: 同意, en: Agreed}}
  asked_on: {type: date, title: {ja: 申込日, en: Asked on}}
  notes: {type: list, of: {type: text}, title: {ja: メモ, en: Notes}}
start: {by: company, needs: [company]}
initial: draft
states:
  draft: {title: {ja: 下書き, en: Draft}, basis: policy}
  done: {title: {ja: 完了, en: Done}, ends: yes, source: 1-2}
events:
"""

FINISH = """\
  finish:
    title: {ja: 終える, en: Finish}
    by: bank
    from: any
    to: done
"""


def nothing(_: str) -> None:
    """No other procedure exists."""


def read(text: str | bytes) -> Procedure:
    return load(text, file="loan.yaml", interfaces=nothing)


def refusal(text: str | bytes) -> DefinitionError:
    with pytest.raises(DefinitionError) as caught:
        read(text)
    return caught.value


def codes(text: str | bytes) -> list[str]:
    return [finding.code for finding in refusal(text).findings]


def test_a_file_is_read_as_it_is_written() -> None:
    procedure = read(HEAD + FINISH)
    assert (procedure.id, procedure.version, procedure.owner, procedure.initial) == ("loan", "1.10", "bank", "draft")
    assert list(procedure.data) == ["company", "amount", "agreed", "asked_on", "notes"]
    assert procedure.states["done"].terminal and not procedure.states["draft"].terminal
    assert procedure.states["draft"].origin is not None and procedure.states["draft"].origin.basis is Basis.POLICY
    assert procedure.events["finish"].sources == ("draft",), "`any` is every state that is not final"


def test_on_yes_no_and_off_are_plain_words_where_no_yes_or_no_is_asked_for() -> None:
    text = HEAD.replace("ja: 下書き, en: Draft", "ja: on, en: off") + FINISH
    assert read(text).states["draft"].title.ja == "on"
    assert read(text).states["draft"].title.en == "off"


def test_every_scalar_rule_of_one_event_is_read() -> None:
    text = (
        HEAD
        + FINISH
        + """\
  ask:
    title: {ja: 申し込む, en: Ask}
    by: [company, signal]
    from: draft
    needs: [amount]
    may_give: [agreed]
    reason: required
    channels: [email, fax]
    once: yes
    backdate: allowed
    requires:
      - rule: 金額 <= 1,000,000円
        else: NOT_ELIGIBLE
        soft: yes
        message: {ja: 多すぎます, en: Too much}
        source: 3-1
    effects:
      - set: {asked_on: occurred_on, agreed: yes}
        if: amount > 0
      - clear: [amount]
      - add: {to: notes, entry: company}
      - notify: {to: bank, via: [email], subject: {ja: 申込み, en: Asked}, text: {ja: '{company}', en: '{company}'}}
    source: 3
    basis: implied
"""
    )
    event = read(text).events["ask"]
    assert (event.by, event.by_signal, event.target, event.once, event.backdate) == (
        ("company",),
        True,
        None,
        True,
        True,
    )
    assert (event.needs, event.may_give, event.reason) == (("amount",), ("agreed",), Need.REQUIRED)
    (guard,) = event.guards
    assert guard.soft and guard.origin is not None
    assert (guard.code, guard.origin.source, guard.origin.basis) == ("NOT_ELIGIBLE", "3-1", Basis.STATED)
    asked, agreed, cleared, note, notice = event.effects
    assert isinstance(asked, SetField) and isinstance(asked.value, Ref) and asked.when is not None
    assert isinstance(agreed, SetField) and isinstance(agreed.value, Literal) and agreed.value.value is True
    assert cleared == SetField(field="amount", value=None)
    assert isinstance(note, AddEntry) and isinstance(note.item, Ref) and not note.entry
    assert isinstance(notice, SendMessage) and notice.document is None and notice.to == ("bank",)


def test_a_guard_without_a_source_rests_on_that_of_its_event() -> None:
    rule = "    requires:\n      - {rule: agreed = yes, else: NOT_ELIGIBLE}\n    source: 2-1\n    basis: implied\n"
    (guard,) = read(HEAD + FINISH + rule).events["finish"].guards
    assert guard.origin is not None
    assert (guard.origin.source, guard.origin.basis) == ("2-1", Basis.IMPLIED)


def test_a_procedure_is_read_again_from_its_content_alone() -> None:
    first = read(HEAD + FINISH)
    again = load_content(first.content, nothing)
    assert again == first
    assert again.content == first.content
    assert again.content_hash == first.content_hash


def test_comments_quotes_and_indentation_do_not_change_the_content() -> None:
    plain = read(HEAD + FINISH)
    dressed = read("# ein Kommentar\n" + HEAD.replace("owner: bank", "owner:   'bank'   # who") + "\n\n" + FINISH)
    assert dressed.content_hash == plain.content_hash
    assert read(HEAD.replace("1.10", "1.1") + FINISH).content_hash != plain.content_hash


def test_the_author_s_order_survives_in_the_content() -> None:
    turned = HEAD.replace("  agreed:", "  zzz: {type: text, title: {ja: z, en: z}}\n  agreed:") + FINISH
    assert list(load_content(read(turned).content, nothing).data) == [*read(turned).data]


def test_the_place_of_every_part_is_kept() -> None:
    procedure = read(HEAD + FINISH)
    position = procedure.positions["events.finish.to"]
    assert HEAD.count("\n") + 5 == position.line
    assert position.column == 5


def test_a_byte_order_mark_is_tolerated() -> None:
    assert read(b"\xef\xbb\xbf" + (HEAD + FINISH).encode()).id == "loan"


def test_shift_jis_is_refused_by_name() -> None:
    error = refusal((HEAD + FINISH).encode("cp932"))
    assert [finding.code for finding in error.findings] == ["NOT_UTF8"]
    assert "Shift_JIS" in error.message("ja") and "UTF-8" in error.message("en")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: &x [1]\nb: *x\n", "ALIAS"),
        ("a: &x [1]\n", "ANCHOR"),
        ("a: !!python/object:os.system x\n", "TAG"),
        ("a: 1\n---\nb: 2\n", "SEVERAL_DOCUMENTS"),
        ("a: 1\na: 2\n", "DUPLICATE_KEY"),
        ("[" * 31 + "]" * 31, "TOO_DEEP"),
        ("a: " + "x" * 20_001, "TEXT_TOO_LONG"),
        ("# " + "x" * 1024 * 1024, "TOO_LARGE"),
        ("", "EMPTY"),
        ("- a\n", "EXPECTED_MAPPING"),
        ("? [a]\n: b\n", "BAD_KEY"),
        ("a:\n\tb: 1\n", "TAB"),
        ("a: 1\nowner：bank\nb: 2\n", "FULL_WIDTH_COLON"),
        ("a: 1\n\u3000b: 2\nc\n", "FULL_WIDTH_SPACE"),
        ("a: [1\n", "NOT_CLOSED"),
        ("a: \x01\n", "NOT_YAML"),
        ("a: \ud800\n", "NOT_UTF8"),
    ],
)
def test_what_reads_as_one_thing_and_means_another_is_refused(text: str, code: str) -> None:
    assert code in codes(text)


def test_an_alias_bomb_is_refused_before_it_grows() -> None:
    names = [chr(letter) for letter in range(ord("a"), ord("z"))]
    lines = ["a: &a [x, x]", *(f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]" for old, new in pairwise(names))]
    assert "ALIAS" in codes("\n".join(lines))


def test_all_faults_are_told_in_one_go_in_the_order_of_the_text() -> None:
    text = (
        HEAD.replace("type: yen", "type: yan").replace("ends: yes", "ends: perhaps")
        + FINISH
        + "    requiers: []\n    requires:\n      - {rule: amuont > 0, else: NOT_ELIGIBLE}\n"
    )
    error = refusal(text)
    assert [finding.code for finding in error.findings if finding.code not in ("UNREACHABLE_STATE", "DEAD_END")] == [
        "UNKNOWN_TYPE",
        "NOT_YES_NO",
        "UNKNOWN_KEY",
        "UNKNOWN_NAME",
    ]
    lines = [finding.position.line for finding in error.findings if finding.position is not None]
    assert lines == sorted(lines)
    by_code = {finding.code: finding for finding in error.findings}
    assert by_code["UNKNOWN_TYPE"].suggestions == ("yen",)
    assert by_code["UNKNOWN_KEY"].suggestions[0] == "requires"
    assert "amount" in by_code["UNKNOWN_NAME"].suggestions


def test_a_wrong_rule_is_pointed_at_where_it_goes_wrong() -> None:
    text = HEAD + FINISH + "    requires:\n      - rule: agreed = yes and amuont > 0\n        else: NOT_ELIGIBLE\n"
    (finding,) = refusal(text).findings
    line = text.splitlines()[finding.position.line - 1] if finding.position else ""
    assert finding.position is not None
    assert line[finding.position.column - 1 :].startswith("amuont")
    assert finding.path == "events.finish.requires.0.rule"


def test_a_finding_reads_as_one_line_in_either_language() -> None:
    (finding,) = refusal(HEAD + FINISH.replace("by: bank", "by: bnak")).findings
    assert finding.text("en", "loan.yaml").startswith(f"loan.yaml:{HEAD.count(chr(10)) + 3}:9: error UNKNOWN_PARTY: ")
    assert finding.text("en", "loan.yaml").endswith("(did you mean: bank?) [events.finish.by]")
    assert "もしかして: bank" in finding.text("ja", "loan.yaml")


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("within: P7D", "BAD_DURATION"),
        ("within: 7 days", "BAD_DURATION"),
        ("within: 7 business days\n    due: asked_on", "WITHIN_OR_DUE"),
        ("roll: sideways", "WITHIN_OR_DUE"),
        ("within: 7 business days\n    roll: next", "ROLL_MEANS_NOTHING"),
        ("due: asked_on\n    roll: next", "ROLL_MEANS_NOTHING"),
    ],
)
def test_a_deadline_says_one_length_in_words(line: str, code: str) -> None:
    deadline = f"deadlines:\n  answer:\n    title: {{ja: 回答, en: Answer}}\n    {line}\n    calendar: test_bank\n"
    text = deadline + "    starts: {on: finish, counted_from: asked_on}\n    met_by: [finish]\n"
    assert code in codes(HEAD.replace("start: {", text + "start: {") + FINISH)


@pytest.mark.parametrize(
    ("effect", "code"),
    [
        ("{set: {asked_on: amount}}", "WRONG_TYPE"),
        ("{set: {askd_on: occurred_on}}", "UNKNOWN_FIELD"),
        ("{add: {to: amount, entry: company}}", "NOT_A_LIST"),
        ("{set: {agreed: yes}, clear: [amount]}", "ONE_EFFECT"),
        ("{sett: {agreed: yes}}", "UNKNOWN_KEY"),
        ("{open: frame}", "UNKNOWN_LINK"),
        ("{approve: sharing}", "UNKNOWN_APPROVAL"),
        ("{reserve: {ledger: pot, item: company, amount: amount}}", "UNKNOWN_LEDGER"),
        ("{reserve: {ledger: pot, item: company}}", "MISSING"),
        ("{send: {document: form, to: bank, via: [email]}}", "UNKNOWN_DOCUMENT"),
        ("{notify: {to: bank, via: [pigeon], text: {ja: a, en: a}}}", "UNKNOWN_CHANNEL"),
    ],
)
def test_a_wrong_effect_is_refused(effect: str, code: str) -> None:
    assert code in codes(HEAD + FINISH + f"    effects:\n      - {effect}\n")


def test_a_format_newer_than_this_program_is_refused() -> None:
    assert codes("format: 2\n" + HEAD + FINISH) == ["FORMAT_TOO_NEW"]


def test_one_language_alone_is_read_and_a_title_without_any_is_not() -> None:
    assert read(HEAD.replace("{ja: 下書き, en: Draft}", "{ja: 下書き}") + FINISH).states["draft"].title.en == "下書き"
    assert codes(HEAD.replace("draft: {title: {ja: 下書き, en: Draft}, ", "draft: {") + FINISH) == ["MISSING"]


POT = """\
procedure: pot
version: "1"
title: {ja: 予算, en: Pot}
owner: bank
source: made for tests
subject: [company]
parties: {bank: {title: {ja: 銀行, en: Bank}, institution: test_bank}}
data:
  company: {type: text, title: {ja: 企業名, en: Company}}
  kind:
    type: choice
    title: {ja: 区分, en: Kind}
    options: {fair: {ja: 見本市, en: Fair}, course: {ja: 講座, en: Course}, other: {ja: 他, en: Other}}
  amount: {type: yen, title: {ja: 金額, en: Amount}}
ledgers: {money: {title: {ja: 資金, en: Money}, ceiling: 100万円}}
links: {next_pot: {title: {ja: 次の予算, en: Next pot}, procedure: pot, carries: {company: company}}}
start: {by: bank, needs: [company]}
initial: open
states: {open: {title: {ja: 利用可, en: Open}}, closed: {title: {ja: 終了, en: Closed}, ends: yes}}
events:
  book:
    title: {ja: 予約, en: Book}
    by: [bank, signal]
    from: open
    needs: [company, amount]
    may_give: [kind]
    effects: [{reserve: {ledger: money, item: company, amount: amount}}]
  renew: {title: {ja: 更新, en: Renew}, by: bank, from: open, to: closed, effects: [{open: next_pot}]}
"""

LINKED = (
    HEAD.replace("  notes:", "  kind: {type: choice, options: {fair: {ja: 見本市, en: Fair}}, title: {ja: 種別, en: Kind}}\n  notes:")
    .replace("start: {", "links:\n  pot: {title: {ja: 予算, en: Pot}, procedure: pot, carries: {company: company}}\nstart: {")
)  # fmt: skip


def with_pot(text: str) -> Procedure:
    interfaces: dict[str, Interface] = {"pot": load_interface(POT, file="pot.yaml")}
    return load(text, file="loan.yaml", interfaces=interfaces.get)


def test_a_linked_procedure_is_read_by_name_and_signalled_with_typed_values() -> None:
    text = LINKED + FINISH + (
        "    requires:\n"
        "      - {rule: pot.money.available >= amount and pot.state = open and pot is set, else: CEILING_EXCEEDED}\n"
        "    effects:\n"
        "      - signal: {link: pot, event: book, with: {company: company, amount: amount, kind: kind}}\n"
    )  # fmt: skip
    (signal,) = with_pot(text).events["finish"].effects
    assert isinstance(signal, Signal)
    assert set(signal.values) == {"company", "amount", "kind"}
    assert signal.values["kind"].type.kind is Kind.CHOICE, "a choice among fewer options fits one among more"


@pytest.mark.parametrize(
    ("signal", "code"),
    [
        ("{link: pot, event: bok, with: {company: company}}", "UNKNOWN_EVENT"),
        ("{link: pot, event: renew}", "NOT_BY_SIGNAL"),
        ("{link: pot, event: book, with: {amount: asked_on}}", "WRONG_TYPE"),
        ("{link: pot, event: book, with: {sum: amount}}", "UNKNOWN_FIELD"),
    ],
)
def test_a_signal_that_the_other_procedure_does_not_take_is_refused(signal: str, code: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        with_pot(LINKED + FINISH + f"    effects:\n      - signal: {signal}\n")
    assert code in [finding.code for finding in caught.value.findings]


def test_a_link_to_nowhere_is_refused() -> None:
    assert "UNKNOWN_PROCEDURE" in codes(LINKED + FINISH)


def test_a_procedure_may_link_to_itself() -> None:
    pot = load(POT, file="pot.yaml", interfaces=nothing)
    assert pot.links["next_pot"].procedure == "pot"
    assert pot.ledgers["money"].ceiling_yen == 1_000_000
    assert load_content(pot.content, nothing) == pot


def test_the_pure_parser_reads_the_same_where_the_c_one_was_not_built(monkeypatch: pytest.MonkeyPatch) -> None:
    text = HEAD.replace("owner: bank", "owner: 'bank' # who") + FINISH
    with_c = read(text)
    monkeypatch.setattr(yamltext, "_LOADER", yaml.SafeLoader)
    assert read(text) == with_c
    assert codes("a: &x [1]\nb: *x\n") == ["ANCHOR", "ALIAS"]
    assert "TAG" in codes("a: !!str x\n")

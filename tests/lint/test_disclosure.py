"""What is shown to whom is checked before the first case is opened: no gap, no second class, nothing that can never be seen."""

from __future__ import annotations

from pathlib import Path

import pytest

from toritsugi.definition.finding import Finding, Severity
from toritsugi.definition.lint import lint, outside

FOLDER = Path(__file__).parents[1] / "procedures"
TEXT = (FOLDER / "introduction.yaml").read_text("utf-8")
POT = outside((FOLDER / "shared_pot.yaml").read_bytes())
#: The test procedure keeps from a candidate why it cannot end: what is told in its place is tested elsewhere.
ON_PURPOSE = ("REASON_NEVER_TOLD", "events.finish.requires.0.rule")


def _found(old: str = "", new: str = "", *, also: tuple[tuple[str, str], ...] = ()) -> list[tuple[Finding, str]]:
    """The findings on the test procedure with some words changed, each with the line that it points at."""
    text = TEXT
    for one, other in (((old, new),) if old else ()) + also:
        assert text.count(one) >= 1, one
        text = text.replace(one, other, 1)
    lines = text.split("\n")
    found = lint(text, interfaces={"shared_pot": POT}.get)
    told = [(one, lines[one.position.line - 1] if one.position else "") for one in found if one.code != "NO_SOURCE"]
    return [(one, line) for one, line in told if (one.code, one.path) != ON_PURPOSE]


def _only(found: list[tuple[Finding, str]], code: str) -> tuple[Finding, str]:
    assert [one.code for one, _ in found] == [code], [one.text("en", "x") for one, _ in found]
    return found[0]


def test_a_procedure_with_everything_in_one_class_has_no_findings() -> None:
    assert _found() == []


@pytest.mark.parametrize(
    ("old", "new", "told_at"),
    [
        ("fields: [cost]\n    ledgers", "ledgers", "  cost: {type: yen"),
        ("    documents: [outline]\n", "", "  outline: {title"),
        ("    links: [pot]\n", "", "  pot: {title"),
        ("    ledgers: [budget]\n", "", "  budget: {title"),
    ],
)
def test_what_is_in_no_class_is_told_where_it_is_declared(old: str, new: str, told_at: str) -> None:
    finding, line = _only(_found(old, new), "UNCLASSED")
    assert line.startswith(told_at)
    assert finding.severity is Severity.ERROR
    assert "identity" in finding.allowed


def test_a_second_class_for_the_same_is_told_with_the_first() -> None:
    finding, line = _only(_found("fields: [cost]", "fields: [cost, wish]"), "CLASSED_TWICE")
    assert line == "    fields: [cost, wish]"
    assert "request" in finding.message_ja and "request" in finding.message_en


def test_a_party_may_be_in_no_class_and_not_in_two() -> None:
    assert _found("    parties: [adviser]\n", "") == []
    _only(_found("    parties: [adviser]", "    parties: [adviser, company]"), "CLASSED_TWICE")


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("documents: [entry_sheet]", "documents: [entry_sheets]", "UNKNOWN_DOCUMENT"),
        ("links: [pot]", "links: [pots]", "UNKNOWN_LINK"),
        ("ledgers: [budget]", "ledgers: [budgets]", "UNKNOWN_LEDGER"),
        (
            "parties: candidate, approval: show_candidate",
            "parties: candidat, approval: show_candidate",
            "UNKNOWN_PARTY",
        ),
        ("parties: candidate, approval: show_candidate", "parties: candidate, approval: shows", "UNKNOWN_APPROVAL"),
        ("if: open_to_adviser}", "if: open_to_advisor}", "UNKNOWN_NAME"),
    ],
)
def test_a_misspelt_word_is_told_once_with_what_was_meant(old: str, new: str, code: str) -> None:
    found = [(one, line) for one, line in _found(old, new) if not one.code.startswith("UNUSED")]
    finding, line = _only(found, code)
    assert new in line
    assert finding.suggestions or code == "UNKNOWN_APPROVAL"


def test_a_misspelt_key_of_a_class_is_told_alone() -> None:
    finding, line = _only(_found("    ledgers: [budget]", "    ledger: [budget]"), "UNKNOWN_KEY")
    assert line == "    ledger: [budget]"
    assert "ledgers" in finding.suggestions


def test_a_class_that_nobody_sees_is_told() -> None:
    text = "    seen_by: [secretariat]\n\ndeadlines"
    finding, _ = _only(_found(text, "\ndeadlines"), "MISSING")
    assert finding.path == "disclosure.advice.seen_by"


@pytest.mark.parametrize("rule", ["channel = email", "late", "company_email is set", "occurred_on = occurred_on"])
def test_who_sees_a_case_cannot_depend_on_an_event_or_on_personal_data(rule: str) -> None:
    finding, line = _only(_found("if: open_to_adviser}", f'if: "{rule}"}}'), "NOT_WHEN_SEEN")
    assert rule in line
    assert finding.severity is Severity.ERROR


def test_a_document_that_its_reader_can_never_see_is_told_where_it_is_sent() -> None:
    found = _found("      - {parties: candidate, approval: show_candidate}\n", "")
    told = {(one.code, one.severity, line.strip()[:30]) for one, line in found if one.code == "NEVER_DISCLOSED"}
    assert {(code, severity) for code, severity, _ in told} == {
        ("NEVER_DISCLOSED", Severity.ERROR),
        ("NEVER_DISCLOSED", Severity.WARNING),
    }
    errors = [one for one, _ in found if one.severity is Severity.ERROR]
    assert [one.path.split(".")[1] for one in errors] == ["reveal", "tell", "allow_and_reveal"]
    assert all("企業が特定される情報" in one.message_ja and "identity" in one.message_en for one in errors)


def test_a_placeholder_that_its_reader_can_never_see_is_told_at_the_placeholder() -> None:
    finding, line = _only(_found("en: A question.", 'en: "{cost}"'), "NEVER_DISCLOSED")
    assert finding.word == "cost"
    assert "{cost}" in line


def test_a_name_behind_a_link_is_of_the_class_of_the_link() -> None:
    found = _found(
        "      - {parties: [adviser], if: open_to_adviser}\n",
        "",
        also=(("shows: [wish]", "shows: [wish, pot.money.balance]"),),
    )
    told = [one for one, _ in found if one.code == "NEVER_DISCLOSED" and one.path.startswith("events.ask")]
    assert len(told) == 1
    assert "adviser" in told[0].message_en


FINISH = "    title: {ja: 終える, en: Finish}\n    by: candidate\n"


def _never_told(old: str = "", new: str = "") -> list[tuple[Finding, str]]:
    assert old in TEXT
    text = TEXT.replace(old, new, 1)
    found = lint(text, interfaces={"shared_pot": POT}.get)
    return [
        (one, text.split("\n")[one.position.line - 1] if one.position else "")
        for one in found
        if one.code == ON_PURPOSE[0]
    ]


def test_a_guard_that_nobody_it_refuses_can_be_told_of_is_named() -> None:
    finding, line = _only(_never_told(), "REASON_NEVER_TOLD")
    assert (finding.severity, finding.path) == (Severity.WARNING, ON_PURPOSE[1])
    assert "cost is set" in line
    assert all("candidate" in message and "cost" in message for message in (finding.message_ja, finding.message_en))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("rule: cost is set", "rule: arrived_at is set"),
        (FINISH, FINISH.replace("candidate", "[candidate, secretariat]")),
        (FINISH, FINISH + "    may_give: [cost]\n"),
        ("en: Candidate}, contact", "en: Candidate}, institution: test_bank, contact"),
    ],
    ids=["open under a condition", "somebody sees it", "given along", "played by who sees it"],
)
def test_a_guard_that_somebody_can_be_told_of_is_not(old: str, new: str) -> None:
    assert _never_told(old, new) == []


def test_a_guard_of_an_event_that_nobody_fires_himself_tells_nobody() -> None:
    assert _never_told(FINISH, FINISH.replace("candidate", "engine\n    on: {condition: answer is set}")) == []

"""What is wrong with a link, or with what is done through it, is told where it stands."""

import pytest

from inquiries import LINKED
from toritsugi.definition.finding import Finding, Severity
from toritsugi.definition.interface import Interface
from toritsugi.definition.lint import lint
from toritsugi.definition.load import load_interface

INTERFACES: dict[str, Interface] = {
    one.id: one for one in (load_interface(file.text, file=file.file) for file in LINKED)
}
TEXTS = {file.file: file.text.decode() if isinstance(file.text, bytes) else file.text for file in LINKED}


def findings(file: str, old: str, new: str) -> list[Finding]:
    assert old in TEXTS[file]
    return list(lint(TEXTS[file].replace(old, new), interfaces=INTERFACES.get))


@pytest.mark.parametrize("file", sorted(TEXTS))
def test_the_procedures_of_these_tests_are_clean(file: str) -> None:
    assert list(lint(TEXTS[file], interfaces=INTERFACES.get)) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        ("inquiry.yaml", "relation: child\n    carries", "relation: niece\n    carries", "UNKNOWN_WORD"),
        ("inquiry.yaml", "{institution: candidate}", "{institution: outline}", "WRONG_TYPE"),
        ("inquiry.yaml", "{institution: candidate}", "{institution: candidat}", "UNKNOWN_FIELD"),
        ("inquiry.yaml", "{institution: candidate}", "{field: candidate}", "UNKNOWN_KEY"),
        ("inquiry.yaml", "{desk: desk, provider:", "{desk: desk, provide:", "UNKNOWN_PARTY"),
        ("inquiry.yaml", "effects: [{open: attempt}]", "effects: [{open: }]", "MISSING"),
        ("inquiry.yaml", "{outline: outline, contact: contact}", "{outline: contact}", "PERSONAL_IN_THE_CLEAR"),
        ("inquiry.yaml", "event: enter, with", "event: enter, every: yes, with", "EVERY_NEEDS_CHILD"),
        ("inquiry.yaml", "missing: record}}]\n    source: 試験\n  urge:", "missing: forget}}]\n    source: 試験\n  urge:", "UNKNOWN_WORD"),
        ("attempt.yaml", "relation: parent", "relation: parent, parties: {desk: desk}", "NOT_OPENED_HERE"),
        ("attempt.yaml", "effects: [{set: {cleared: yes}}]", "effects: [{open: clearance}]", "CANNOT_OPEN"),
        ("attempt.yaml", "{party: provider, institution: nobody}", "{party: desk, institution: nobody}", "ALWAYS_THE_SAME"),
        ("attempt.yaml", "{party: provider, institution: nobody}", "{party: helper, institution: nobody}", "UNKNOWN_PARTY"),
        ("attempt.yaml", "institution: substitute}}]", "institution: reply}}]", "WRONG_TYPE"),
        ("attempt.yaml", "institution: substitute}}]", 'institution: "a b"}}]', "UNEXPECTED"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told(file: str, old: str, new: str, code: str) -> None:
    assert code in [finding.code for finding in findings(file, old, new)]


def test_an_institution_may_be_written_out_in_a_rule() -> None:
    text = TEXTS["attempt.yaml"].replace("institution: substitute}}]", "institution: '\"scb\"'}}]")
    assert not [one for one in lint(text, interfaces=INTERFACES.get) if one.code != "UNUSED_FIELD"]


def test_a_text_is_no_institution() -> None:
    text = TEXTS["attempt.yaml"].replace("rule: clearance.state = given", "rule: reply = actor_institution")
    assert "WRONG_TYPE" in [one.code for one in lint(text, interfaces=INTERFACES.get)]


def _opened(carries: str, without: str = "") -> list[Finding]:
    """The findings on opening a journal, which needs a company at its start, with something else carried to it."""
    old = "procedure: journal, carries: {company: company}"
    return findings("inquiry.yaml", old, f"procedure: journal, carries: {carries}{without}")


def test_what_a_case_needs_at_its_start_and_is_opened_without_is_told_as_a_doubt() -> None:
    (finding,) = _opened("{}")
    assert (finding.code, finding.severity, finding.path) == ("OPENED_WITHOUT", Severity.WARNING, "links.journal")
    for message in (finding.message_ja, finding.message_en):
        assert "journal" in message and "company" in message and "without: [company]" in message


def test_a_link_says_what_it_leaves_empty_on_purpose() -> None:
    assert _opened("{}", ", without: [company]") == []


@pytest.mark.parametrize(
    ("carries", "without", "code"),
    [("{company: company}", "company", "NOT_WITHOUT"), ("{}", "[company, line]", "NOT_WITHOUT"), ("{}", "compny", "UNKNOWN_FIELD")],
    ids=["carried", "not needed", "not there"],
)  # fmt: skip
def test_what_cannot_be_left_empty_is_told(carries: str, without: str, code: str) -> None:
    assert code in [one.code for one in _opened(carries, f", without: {without}")]


def test_a_link_that_opens_nothing_carries_nothing() -> None:
    text = TEXTS["attempt.yaml"].replace("procedure: inquiry, relation: parent", "procedure: journal, relation: parent")
    assert "OPENED_WITHOUT" not in [one.code for one in lint(text, interfaces=INTERFACES.get)]

"""What is said to somebody who writes a deadline that stops in a way that means nothing."""

import pytest

from pausing import TEXT
from toritsugi.definition.finding import Finding
from toritsugi.definition.interface import Interface
from toritsugi.definition.lint import lint


def no_interfaces(_: str) -> Interface | None:
    return None


def found(old: str, new: str) -> list[Finding]:
    assert TEXT.count(old) == 1, old
    return [one for one in lint(TEXT.replace(old, new), interfaces=no_interfaces) if str(one.severity) == "error"]


def test_a_deadline_that_stops_and_goes_on_is_in_order() -> None:
    assert {one.code for one in lint(TEXT, interfaces=no_interfaces)} == {"NO_SOURCE"}


@pytest.mark.parametrize(
    ("gone", "path"),
    [
        ("    resumed_by: [papers_arrived]\n", "deadlines.answer.suspended_by"),
        ("    suspended_by: [request_papers, request_more]\n", "deadlines.answer.resumed_by"),
    ],
)
def test_one_that_stops_has_to_go_on_and_the_other_way_round(gone: str, path: str) -> None:
    assert [(one.code, one.path) for one in found(gone, "")] == [("SUSPENDED_AND_RESUMED", path)]


def test_one_act_does_not_stop_it_and_let_it_go_on() -> None:
    (fault,) = found("    resumed_by: [papers_arrived]\n", "    resumed_by: [papers_arrived, request_more]\n")
    assert (fault.code, fault.word) == ("SUSPENDED_AND_RESUMED", "request_more")


def test_a_misspelt_act_is_told_with_the_one_that_was_meant() -> None:
    (fault,) = found("suspended_by: [request_papers, request_more]", "suspended_by: [request_papers, request_moer]")
    assert (fault.code, fault.path, fault.suggestions[0]) == (
        "UNKNOWN_EVENT",
        "deadlines.answer.suspended_by",
        "request_more",
    )


@pytest.mark.parametrize("length", ["due: 2026-06-30", "within: 10 business days before", "within: 10 years"])
def test_only_a_length_of_days_counted_forward_can_stop(length: str) -> None:
    (fault,) = found("within: 10 business days", length)
    assert (fault.code, fault.path) == ("CANNOT_BE_SUSPENDED", "deadlines.answer.suspended_by")

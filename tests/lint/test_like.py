"""A procedure that is like another one says only what differs, and every slip in saying so is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from toritsugi.definition.lint import id_written, lint, outside
from toritsugi.definition.load import load, load_content

SHIPPED = Path(__file__).parents[2] / "workflows" / "toritsugi_workflows" / "tokyo"
TEXTS = {id_written(file.read_bytes()): file.read_bytes() for file in SHIPPED.glob("*.yaml")}
FRAME = {"support_cost_frame": outside(TEXTS["support_cost_frame"])}
HEAD = """
procedure: other
version: "1"
title: {ja: 別の手続, en: Another}
source: 手引 1
like:
  procedure: tokyo_jetro_support
"""


def _codes(text: str) -> list[str]:
    return [one.code for one in lint(text, interfaces=FRAME.get, texts=TEXTS.get)]


def _other(more: str = "") -> str:
    return HEAD + more


def test_a_text_with_nothing_of_its_own_is_the_other_procedure_under_its_own_name() -> None:
    one = load(TEXTS["tokyo_jetro_support"], file="a", interfaces=FRAME.get)
    other = load(_other(), file="b", interfaces=FRAME.get, texts=TEXTS.get)
    assert other.id == "other"
    assert (other.states, other.events, other.data) == (one.states, one.events, one.data)


def test_what_was_taken_over_is_kept_with_the_case_and_needs_the_other_text_no_more() -> None:
    other = load(_other(), file="b", interfaces=FRAME.get, texts=TEXTS.get)
    again = load_content(other.content, FRAME.get)
    assert (again.events, again.content_hash) == (other.events, hash_of_content(other.content))


def test_a_word_is_replaced_in_ids_rules_and_titles_at_once_and_an_id_only_where_it_stands_alone() -> None:
    text = _other("  words: {withdraw: step_back, ジェトロ: 公社, loan_status: loan_state}\n")
    other = load(text, file="b", interfaces=FRAME.get, texts=TEXTS.get)
    assert "step_back" in other.events and "closed_withdrawn" in other.states
    assert other.events["send_form1"].title.ja == "様式1を公社へ送付する"
    assert "loan_state" in other.data and "loan_status" not in other.data


def test_two_words_that_change_places_do() -> None:
    text = _other("  words: {St6-①: St6-②, St6-②: St6-①}\n")
    other = load(text, file="b", interfaces=FRAME.get, texts=TEXTS.get)
    origin = other.events["send_form3"].origin
    assert origin is not None and origin.source == "2-1(3) St6-②"


def test_an_own_part_replaces_the_others_and_a_new_one_comes_after_them() -> None:
    event = (
        "{title: {ja: 説明, en: Tell}, by: client_company, from: bank_assessment, to: programme_explained, source: 1}"
    )
    text = _other(f"events:\n  explain_programme: {event}\n  tell: {event}\n")
    other = load(text, file="b", interfaces=FRAME.get, texts=TEXTS.get)
    assert other.events["explain_programme"].by == ("client_company",)
    assert next(iter(other.events)) == "explain_programme" and list(other.events)[-1] == "tell"


def test_also_adds_to_lists_and_leaves_the_rest() -> None:
    text = _other("  also: {events: {explain_programme: {needs: [bank_branch]}}}\n")
    other = load(text, file="b", interfaces=FRAME.get, texts=TEXTS.get)
    assert other.events["explain_programme"].needs == ("company_needs", "bank_branch")
    assert other.events["explain_programme"].target == "programme_explained"


def test_what_is_left_out_is_gone() -> None:
    other = load(_other("  without: {events: [withdraw], states: [closed_withdrawn]}\n"), file="b",
                 interfaces=FRAME.get, texts=TEXTS.get)  # fmt: skip
    assert "withdraw" not in other.events and "closed_withdrawn" not in other.states


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ("  words: {no_such_word: x}\n", "LIKE_NO_SUCH_WORD"),
        ("  without: {events: [withdrw]}\n", "LIKE_NO_SUCH_PART"),
        ("  also: {events: {withdrw: {needs: [bank_branch]}}}\n", "LIKE_NO_SUCH_PART"),
        ("  without: {event: [withdraw]}\n", "UNKNOWN_KEY"),
        ("  wthout: {events: [withdraw]}\n", "UNKNOWN_KEY"),
        ("  without: {states: [closed_withdrawn]}\n", "UNKNOWN_STATE"),
    ],
)
def test_a_slip_is_told(more: str, code: str) -> None:
    assert code in _codes(_other(more))


@pytest.mark.parametrize(
    "words",
    [f"を: {'を' * 9_000}", ", ".join(f"word{number}: other{number}" for number in range(201))],
    ids=["long", "many"],
)
def test_words_that_would_make_a_text_of_gigabytes_are_told_and_not_replaced(words: str) -> None:
    assert _codes(_other(f"  words: {{{words}}}\n"))[0] == "LIKE_TOO_LARGE"


def test_an_unknown_other_is_told_once() -> None:
    assert _codes(HEAD.replace("tokyo_jetro_support", "tokyo_jetro_suport"))[0] == "UNKNOWN_PROCEDURE"


def test_two_that_are_like_each_other_are_told_not_followed_for_ever() -> None:
    a = HEAD.replace("tokyo_jetro_support", "b").replace("procedure: other", "procedure: a")
    b = HEAD.replace("tokyo_jetro_support", "a").replace("procedure: other", "procedure: b")
    texts = {"a": a, "b": b}
    assert "LIKE_IS_WRONG" in [one.code for one in lint(a, interfaces={}.get, texts=texts.get)]


def test_the_shipped_shinkin_procedure_has_the_counts_of_its_manual() -> None:
    shinkin = load(TEXTS["tokyo_shinkin_support"], file="s", interfaces=FRAME.get, texts=TEXTS.get)
    assert (len(shinkin.states), len(shinkin.events)) == (22, 33)
    assert not [event.id for event in shinkin.events.values() if {"jetro_tokyo", "navigator"} & set(event.by)]
    assert "ジェトロ" not in shinkin.content and "JETRO" not in shinkin.content


def hash_of_content(content: str) -> str:
    """The hash a case is pinned to."""
    from toritsugi.definition.content import hash_of

    return hash_of(content)

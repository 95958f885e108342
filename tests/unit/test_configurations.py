"""States with parts: written out, one state for each way their parts can stand, and every word leads where it says."""

import pytest

from permit import TEXT
from toritsugi.analysis.graph import Way, dot, mermaid
from toritsugi.core.machine import StateTable
from toritsugi.definition.configurations import title_of
from toritsugi.definition.finding import Finding
from toritsugi.definition.interface import Interface
from toritsugi.definition.lint import lint
from toritsugi.definition.load import load, load_interface
from toritsugi.definition.model import Procedure

BOTH_OPEN, FIRE_DONE, TOWN_DONE, BOTH_DONE = (
    "fire_open+town_open",
    "fire_agreed+town_open",
    "fire_open+town_agreed",
    "fire_agreed+town_agreed",
)


def found(text: str) -> tuple[Finding, ...]:
    return tuple(one for one in lint(text, interfaces=no_interfaces) if str(one.severity) == "error")


def no_interfaces(_: str) -> Interface | None:
    return None


def codes(text: str) -> list[str]:
    return [one.code for one in found(text)]


def changed(*changes: tuple[str, str]) -> str:
    text = TEXT
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


@pytest.fixture(scope="module")
def permit() -> Procedure:
    return load(TEXT, file="permit", interfaces=no_interfaces)


@pytest.fixture(scope="module")
def table(permit: Procedure) -> StateTable:
    return StateTable(permit)


def test_a_state_with_parts_is_one_state_for_each_way_they_can_stand(permit: Procedure) -> None:
    assert list(permit.states) == ["filed", BOTH_OPEN, TOWN_DONE, FIRE_DONE, BOTH_DONE, "mending", "granted"]
    assert permit.states[FIRE_DONE].leaves == ("fire_agreed", "town_open")
    assert permit.states[FIRE_DONE].within == "review"


def test_such_a_state_is_called_by_the_state_and_all_its_parts(permit: Procedure) -> None:
    assert permit.states[FIRE_DONE].title.ja == "審査中（消防：同意、都市計画：審査中）"
    assert permit.states[FIRE_DONE].title.en == "Under review (Fire: Agreed; Town planning: Open)"


def test_a_single_part_is_a_state_inside_a_state() -> None:
    start = TEXT.index("      town:\n")
    end = TEXT.index("  mending:")
    text = TEXT[:start] + TEXT[end:]
    for line in ("  town_agree:", "  grant:", "  mend:"):
        text = "\n".join(one for one in text.splitlines() if not one.startswith(line))
    text += "\n  grant: {title: {ja: 許可する, en: Grant}, by: office, from: [fire_agreed, mending], to: granted}\n"
    nested = load(text, file="nested", interfaces=no_interfaces)
    assert list(nested.states) == ["filed", "fire_open", "fire_agreed", "mending", "granted"]
    assert nested.states["fire_agreed"].title.ja == "審査中：同意"


def test_entering_the_state_begins_all_its_parts(table: StateTable) -> None:
    assert table.target("accept", "filed") == BOTH_OPEN


def test_a_part_moves_and_the_others_stay(table: StateTable) -> None:
    assert table.target("fire_agree", BOTH_OPEN) == FIRE_DONE
    assert table.target("fire_agree", TOWN_DONE) == BOTH_DONE
    assert table.target("town_agree", FIRE_DONE) == BOTH_DONE


def test_a_part_that_stands_otherwise_does_not_offer_the_event(table: StateTable) -> None:
    assert table.target("fire_agree", FIRE_DONE) is None
    assert table.target("note", TOWN_DONE) is None


def test_the_whole_state_is_left_from_however_its_parts_stand(table: StateTable) -> None:
    assert {table.target("send_back", one) for one in (BOTH_OPEN, FIRE_DONE, TOWN_DONE, BOTH_DONE)} == {"mending"}


def test_joined_words_wait_for_all_of_them(table: StateTable) -> None:
    assert table.target("grant", BOTH_DONE) == "granted"
    assert {table.target("grant", one) for one in (BOTH_OPEN, FIRE_DONE, TOWN_DONE)} == {None}


def test_a_part_entered_from_outside_finds_the_others_at_their_beginning(table: StateTable) -> None:
    assert table.target("mend", "mending") == TOWN_DONE


def test_an_event_without_a_target_leaves_all_parts_as_they_are(table: StateTable) -> None:
    assert table.target("note", FIRE_DONE) == FIRE_DONE


def test_ways_that_no_event_leads_to_do_not_exist() -> None:
    # town planning is asked only after fire has agreed
    text = changed(("from: town_open, to: town_agreed", "from: fire_agreed + town_open, to: town_agreed"))
    text = text.replace("from: mending, to: town_agreed", "from: mending, to: review")
    assert TOWN_DONE not in load(text, file="permit", interfaces=no_interfaces).states


def test_any_state_means_those_with_parts_too(permit: Procedure) -> None:
    text = changed(("from: review, to: mending", "from: any, to: mending"))
    event = load(text, file="permit", interfaces=no_interfaces).events["send_back"]
    assert set(event.sources) == {"filed", BOTH_OPEN, FIRE_DONE, TOWN_DONE, BOTH_DONE, "mending"}
    assert event.written == ("filed", "review", "mending")


def test_a_case_may_begin_in_a_state_with_parts() -> None:
    text = changed(
        ("initial: filed\n", "initial: review\n"),
        ("from: filed, to: review", "from: mending, to: review"),
        ("  filed: {title: {ja: 申請済み, en: Filed}}\n", ""),
    )
    assert load(text, file="permit", interfaces=no_interfaces).initial == BOTH_OPEN


def test_what_the_author_wrote_stays_known(permit: Procedure) -> None:
    assert permit.events["fire_agree"].target == "fire_agreed"
    title = title_of(permit, "fire_agreed + town_agreed")
    assert title is not None
    assert title.ja == "消防：同意、都市計画：同意"


def test_another_procedure_sees_every_way_of_standing() -> None:
    assert set(load_interface(TEXT, file="permit").states) >= {BOTH_OPEN, BOTH_DONE, "filed"}


@pytest.mark.parametrize("draw", [mermaid, dot])
def test_the_parts_are_drawn_as_frames_and_their_states_once(permit: Procedure, draw: object) -> None:
    assert callable(draw)
    text = draw(permit, "ja", Way(state=FIRE_DONE, steps=((BOTH_OPEN, "fire_agree", FIRE_DONE),)))
    assert text.count("subgraph") == 3
    for leaf in ("fire_open", "fire_agreed", "town_open", "town_agreed"):
        assert (
            len(
                [
                    line
                    for line in text.splitlines()
                    if line.strip().startswith((f"s_{leaf}[", f"s_{leaf}(", f"s_{leaf} ["))
                ]
            )
            == 1
        )


def test_the_procedure_itself_has_no_findings_but_sources() -> None:
    assert {one.code for one in lint(TEXT, interfaces=no_interfaces)} == {"NO_SOURCE"}


def test_a_misspelt_state_of_a_part_is_told_where_it_stands() -> None:
    (fault,) = found(changed(("fire_agreed + town_agreed", "fire_agreed + town_agred")))
    assert (fault.code, fault.word, fault.path) == ("UNKNOWN_STATE", "town_agred", "events.grant.from")
    assert fault.suggestions[0] == "town_agreed"
    assert fault.position is not None
    line = changed(("fire_agreed + town_agreed", "fire_agreed + town_agred")).splitlines()[fault.position.line - 1]
    assert line[fault.position.column - 1 :].startswith("town_agred")


def test_a_misspelt_target_is_told_with_the_word_that_was_meant() -> None:
    (fault,) = found(changed(("from: fire_open, to: fire_agreed", "from: fire_open, to: fire_agred")))
    assert (fault.code, fault.path, fault.suggestions[0]) == ("UNKNOWN_STATE", "events.fire_agree.to", "fire_agreed")


def test_a_misspelt_beginning_of_a_part_is_told() -> None:
    (fault,) = found(changed(("initial: town_open", "initial: town_opne")))
    assert (fault.code, fault.path) == ("UNKNOWN_STATE", "states.review.parts.town.initial")
    assert fault.suggestions[0] == "town_open"


def test_two_states_of_one_part_are_never_together() -> None:
    assert codes(changed(("fire_agreed + town_agreed", "fire_agreed + fire_open"))) == ["NEVER_TOGETHER"]


def test_names_of_states_are_unique_over_the_file() -> None:
    text = TEXT.replace("town_open", "fire_open").replace("town_agreed", "mending")
    assert codes(text).count("NAME_TAKEN") == 2


def test_a_case_does_not_end_inside_a_part() -> None:
    text = changed(
        ("fire_agreed: {title: {ja: 同意, en: Agreed}}", "fire_agreed: {title: {ja: 同意, en: Agreed}, ends: yes}")
    )
    assert codes(text) == ["ENDS_INSIDE"]


def test_a_state_of_a_part_that_nothing_leads_to_is_told() -> None:
    start = "          town_agreed: {title: {ja: 同意, en: Agreed}}\n"
    (fault,) = found(changed((start, start + "          town_lost: {title: {ja: 紛失, en: Lost}}\n")))
    assert (fault.code, fault.word, fault.path) == (
        "UNREACHABLE_STATE",
        "town_lost",
        "states.review.parts.town.states.town_lost",
    )


def test_a_state_with_parts_that_nothing_leads_to_is_told_once() -> None:
    text = changed(
        ("from: filed, to: review", "from: filed, to: mending"),
        ("from: mending, to: town_agreed", "from: mending, to: granted"),
    )
    assert [(one.code, one.word) for one in found(text) if one.word] == [("UNREACHABLE_STATE", "review")]


def test_a_way_of_standing_that_cannot_be_left_is_told() -> None:
    text = changed(("from: review, to: mending", "from: [filed, fire_open], to: mending"))
    text = text.replace("from: town_open, to: town_agreed", "from: fire_open + town_open, to: town_agreed")
    (fault,) = found(text)
    assert (fault.code, fault.path) == ("DEAD_END", "states.review")
    assert "fire_agreed+town_open" in fault.message_en


def test_an_event_that_waits_for_what_never_comes_is_told() -> None:
    text = changed(("from: town_open, to: town_agreed", "from: fire_open + town_open, to: town_agreed"))
    text = text.replace("from: fire_open, to: fire_agreed", "from: fire_open + town_open, to: fire_agreed")
    assert "NEVER_OFFERED" in codes(text)


def test_too_many_ways_of_standing_are_told_as_such() -> None:
    parts = "".join(
        f"      p{n}:\n        title: {{ja: 部分, en: Part}}\n        initial: p{n}a\n        states:\n"
        + "".join(f"          p{n}{letter}: {{title: {{ja: 状態, en: State}}}}\n" for letter in "abc")
        for n in range(4)
    )
    text = changed(("    parts:\n", "    parts:\n" + parts))
    assert codes(text)[0] == "TOO_MANY_CONFIGURATIONS"

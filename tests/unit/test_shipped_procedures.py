"""The shipped procedures against the tables of the analyst's specification, typed in here a second time, row by row."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from flow_tables import (
    COUNTS,
    FRAME_EVENTS,
    FRAME_STATES,
    IMPLIED_IN_E,
    JETRO_EVENTS,
    JETRO_FINAL,
    JETRO_STATES,
    KOSHA_EVENTS,
    KOSHA_STATES,
    LOAN_EVENTS,
    LOAN_STATES,
    SHINKIN_EVENTS,
    SHINKIN_STATES,
    SMRJ_EVENTS,
    SMRJ_STATES,
)
from shipped import FILES, fired_by, interface, messages, rows, shipped
from toritsugi.definition.check import check
from toritsugi.definition.expression import readable
from toritsugi.definition.load import load_content
from toritsugi.definition.model import Procedure
from toritsugi.definition.origin import Basis
from toritsugi.definition.types import Title

each = pytest.mark.parametrize("name", FILES)


@each
def test_every_shipped_procedure_passes_the_checks_without_a_warning(name: str) -> None:
    assert check(shipped(name), interfaces=interface) == ()


@each
def test_it_has_as_many_states_and_events_as_the_specification_lists(name: str) -> None:
    procedure = shipped(name)
    final = sum(state.terminal for state in procedure.states.values())
    assert (len(procedure.states), final, len(procedure.events)) == COUNTS[name]


@each
def test_it_is_read_again_from_its_stored_content_alone(name: str) -> None:
    procedure = shipped(name)
    assert load_content(procedure.content, interface) == procedure


def test_the_states_are_those_of_the_tables() -> None:
    jetro, frame = shipped("tokyo_jetro_support"), shipped("support_cost_frame")
    assert list(jetro.states) == JETRO_STATES
    assert [id_ for id_, state in jetro.states.items() if state.terminal] == JETRO_FINAL
    assert [id_ for id_, state in jetro.states.items() if state.withdrawn] == ["closed_withdrawn"]
    assert jetro.initial == "bank_assessment"
    assert list(frame.states) == FRAME_STATES
    assert [id_ for id_, state in frame.states.items() if state.terminal] == ["superseded", "closed"]
    assert frame.initial == "open"


@pytest.mark.parametrize(
    ("name", "states", "withdrawn"),
    [
        ("tokyo_shinkin_support", SHINKIN_STATES, ["closed_withdrawn"]),
        ("tokyo_kosha_support", KOSHA_STATES, ["closed_withdrawn"]),
        ("tokyo_smrj_support", SMRJ_STATES, ["closed_withdrawn"]),
        ("overseas_expansion_loan", LOAN_STATES, []),
    ],
)
def test_the_states_of_the_other_procedures_are_those_of_their_tables(
    name: str, states: list[str], withdrawn: list[str]
) -> None:
    procedure = shipped(name)
    assert list(procedure.states) == states
    assert procedure.initial == states[0]
    assert [id_ for id_, state in procedure.states.items() if state.terminal] == states[-COUNTS[name][1] :]
    assert [id_ for id_, state in procedure.states.items() if state.withdrawn] == withdrawn


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("tokyo_jetro_support", JETRO_EVENTS),
        ("tokyo_shinkin_support", SHINKIN_EVENTS),
        ("tokyo_kosha_support", KOSHA_EVENTS),
        ("tokyo_smrj_support", SMRJ_EVENTS),
        ("support_cost_frame", FRAME_EVENTS),
        ("overseas_expansion_loan", LOAN_EVENTS),
    ],
)
def test_every_event_is_fired_by_from_and_to_what_its_row_says(name: str, table: str) -> None:
    procedure = shipped(name)
    expected = list(rows(table))
    assert [event for event, *_ in expected] == list(procedure.events)
    running = {id_ for id_, state in procedure.states.items() if not state.terminal}
    for event, by, written, target in expected:
        sources = running if written == {"*"} else written
        assert fired_by(procedure, event) == by, event
        assert set(procedure.events[event].sources) == sources, event
        assert procedure.events[event].target == target, event


def titles(procedure: Procedure) -> Iterator[Title]:
    yield procedure.title
    yield from (one.title for one in procedure.parties.values())
    yield from (one.title for one in procedure.data.values())
    yield from (one.title for one in procedure.states.values())
    yield from (one.title for one in procedure.events.values())
    yield from (one.title for one in procedure.deadlines.values())
    yield from (one.title for one in procedure.documents.values())
    yield from (one.title for one in procedure.approvals.values())
    yield from (one.title for one in procedure.links.values())
    yield from (one.title for one in procedure.ledgers.values())
    for field in procedure.data.values():
        yield from field.type.options.values()
    for event in procedure.events.values():
        yield from (guard.message for guard in event.guards if guard.message)
        for message in messages(procedure, event.id):
            yield from (text for text in (message.subject, message.text) if text)


@each
def test_every_title_and_message_is_there_in_both_languages(name: str) -> None:
    for title in titles(shipped(name)):
        assert title.ja and title.en, title
        assert title.ja != title.en or title.ja.isascii(), title
        assert title.en.isascii() or set("※①②③") & set(title.en), title.en


@each
def test_every_guard_tells_the_person_refused_what_is_wrong(name: str) -> None:
    for event in shipped(name).events.values():
        for guard in event.guards:
            assert guard.message is not None, f"{event.id}: {readable(guard.rule, 'en')}"


@each
def test_every_rule_says_where_it_comes_from(name: str) -> None:
    procedure = shipped(name)
    origins = [
        *(one.origin for one in procedure.states.values()),
        *(one.origin for one in procedure.events.values()),
        *(one.origin for one in procedure.deadlines.values()),
        *(one.origin for one in procedure.documents.values()),
        *(one.origin for one in procedure.approvals.values()),
        *(one.origin for one in procedure.links.values()),
        *(one.origin for one in procedure.ledgers.values()),
        *(one.origin for one in procedure.data.values()),
        *(guard.origin for event in procedure.events.values() for guard in event.guards),
    ]
    assert all(origin is not None and origin.source for origin in origins)


def test_what_the_manual_does_not_say_is_marked_as_implied() -> None:
    events = shipped("tokyo_jetro_support").events
    implied = [id_ for id_, event in events.items() if event.origin and event.origin.basis is Basis.IMPLIED]
    assert implied == IMPLIED_IN_E

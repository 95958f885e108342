"""Whatever was committed that may have to leave wakes the driver, however the request ended."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from crash.office import BANK, COMPANY, draft, open_office, submit
from toritsugi import hooks
from toritsugi.core.values import Actor
from toritsugi.engine import Engine
from toritsugi.errors import NotPossible
from toritsugi.testing.clock import FakeClock
from world import START

OPERATOR = Actor(id="op1", institution="test_bank", operator=True)


class Bell:
    """A driver that only counts how often it was woken."""

    def __init__(self) -> None:
        self.rung = 0

    def start(self) -> None:
        """Nothing runs."""

    def wake(self) -> None:
        self.rung += 1

    def stop(self) -> None:
        """Nothing runs."""

    @hooks.hook
    def toritsugi_driver(self, name: str, engine: Any) -> Bell:
        return self


@pytest.fixture
def bell() -> Bell:
    return Bell()


@pytest.fixture
def engine(store_url: str, clock: FakeClock, bell: Bell) -> Iterator[Engine]:
    with open_office(store_url, clock, plugins=[bell]) as opened:
        opened.driver("bell")
        yield opened


def test_a_refused_event_wakes_for_the_deadlines_that_fired_before_it(
    engine: Engine, clock: FakeClock, bell: Bell
) -> None:
    case_id = draft(engine)
    submit(engine, case_id, START)
    clock.advance(seconds=30 * 86_400)
    bell.rung = 0
    with pytest.raises(NotPossible):
        engine.send(case_id, "share", BANK)
    assert [one.document for one in engine.store.messages(case_id)] == ["request", None]
    assert bell.rung >= 1


def test_a_refused_event_that_fired_nothing_wakes_nobody(engine: Engine, bell: Bell) -> None:
    case_id = draft(engine)
    bell.rung = 0
    with pytest.raises(NotPossible):
        engine.send(case_id, "answer", BANK)
    assert bell.rung == 0


def test_a_message_that_a_person_has_sent_again_wakes(engine: Engine, bell: Bell) -> None:
    case_id = draft(engine)
    submit(engine, case_id, START)
    engine.deliver()
    (message,) = engine.store.messages(case_id)
    assert message.status == "set_aside"
    bell.rung = 0
    engine.resolve(message.key, "waiting", OPERATOR)
    assert bell.rung >= 1
    engine.send(case_id, "withdraw", COMPANY)

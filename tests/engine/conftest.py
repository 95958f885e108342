"""An engine on each database in turn, with a clock that stands still."""

from collections.abc import Iterator

import pytest

from crash.office import open_office
from toritsugi.engine import Engine
from toritsugi.testing.clock import FakeClock
from world import START


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(START)


@pytest.fixture
def engine(store_url: str, clock: FakeClock) -> Iterator[Engine]:
    with open_office(store_url, clock) as opened:
        yield opened

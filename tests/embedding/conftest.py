"""A host application on each database, with a default and with a tuned engine of its own."""

from collections.abc import Iterator

import pytest

from crash.office import open_office
from embedding.host_app import Host, Woken, default_engine, tuned_engine
from toritsugi.engine import Engine
from toritsugi.testing.clock import FakeClock
from world import START


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(START)


@pytest.fixture
def woken() -> Woken:
    return Woken()


@pytest.fixture
def engine(store_url: str, clock: FakeClock, woken: Woken) -> Iterator[Engine]:
    with open_office(store_url, clock, plugins=[woken]) as opened:
        opened.driver("counting")
        yield opened


@pytest.fixture(params=[default_engine, tuned_engine], ids=["default", "tuned"])
def host(request: pytest.FixtureRequest, store_url: str, engine: Engine) -> Iterator[Host]:
    made = request.param(store_url)
    yield Host(made)
    made.dispose()

"""Bookings of rooms with few places, counted: cases of tests/procedures/counts on a real store."""

from collections.abc import Mapping
from typing import Any

from crash.office import OFFICES, open_office
from toritsugi.core.values import Actor
from toritsugi.engine import Engine
from toritsugi.hooks import ProcedureFile
from toritsugi.ports import Clock
from world import FOLDER

COUNTING = [
    ProcedureFile(file=path.name, text=path.read_bytes()) for path in sorted((FOLDER / "counts").glob("*.yaml"))
]
BANK = Actor(id="b1", institution="test_bank", role="bank")
DAY = 86_400_000_000


def guest(company: str) -> Actor:
    """Somebody of a company."""
    return Actor(id="c1", institution=company.lower(), role="company")


def open_house(store: str, clock: Clock, **options: Any) -> Engine:
    """An engine with the procedures of tests/procedures/counts and no others."""
    return open_office(store, clock, **{"procedures": COUNTING, "institutions": OFFICES, **options})


def asked(engine: Engine, company: str = "Acme", room: str | None = "red") -> str:
    """A booking that is asked for; its case id."""
    values = {"company": company} if room is None else {"company": company, "room": room}
    return engine.start("booking", guest(company), values).case_id


def granted(engine: Engine, company: str = "Acme", room: str = "red") -> str:
    """A booking that the bank has granted; its case id."""
    case_id = asked(engine, company, room)
    engine.send(case_id, "grant", BANK)
    return case_id


def states(engine: Engine) -> list[str]:
    """How all bookings stand, in the order of opening."""
    return [case.state for case in engine.views.cases(procedure="booking")]


def last(engine: Engine, case_id: str, viewer: Actor | None = None) -> Mapping[str, Any]:
    """The newest history row of a case, as somebody sees it."""
    rows = engine.views.history(case_id) if viewer is None else engine.views.history(case_id, viewer)
    return rows[-1]

"""Inquiries that a desk passes on: a family of cases on a real store."""

from collections.abc import Mapping
from typing import Any

from crash.office import FILES, OFFICES, open_office
from toritsugi.core.values import Actor
from toritsugi.engine import Engine
from toritsugi.hooks import ProcedureFile
from toritsugi.ports import Clock
from toritsugi.store.audit import verify
from world import FOLDER

LINKED = [ProcedureFile(file=path.name, text=path.read_bytes()) for path in sorted((FOLDER / "links").glob("*.yaml"))]
COMPANY = Actor(id="c1", institution="acme", role="company")
DESK = Actor(id="d1", institution="test_bank", role="desk")
HELPER = Actor(id="h1", institution="adviser_office", role="provider")


def open_desk(store: str, clock: Clock, **options: Any) -> Engine:
    """An engine with the procedures of tests/procedures/links beside those of every office."""
    return open_office(store, clock, **{"procedures": [*FILES, *LINKED], "institutions": OFFICES, **options})


def inquire(engine: Engine, company: str = "Acme", **values: Any) -> str:
    """An open inquiry; its case id."""
    given = {"company": company, "contact": "山田", "outline": "輸出の相談", **values}
    return engine.start("inquiry", COMPANY, given).case_id


def passed_on(engine: Engine, inquiry: str, candidate: str | None = "adviser_office") -> str:
    """A new attempt of the inquiry; its case id."""
    before = set(of(engine, "attempt"))
    engine.send(inquiry, "pass_on", DESK, {} if candidate is None else {"candidate": candidate})
    (found,) = set(of(engine, "attempt")) - before
    return found


def of(engine: Engine, procedure: str) -> list[str]:
    """Ids of all cases of a procedure, in the order of opening."""
    return [case.id for case in engine.views.cases(procedure=procedure)]


def asked(engine: Engine, attempt: str) -> None:
    """Ask the provider: a message, and a deadline."""
    engine.send(attempt, "ask", DESK, {"address": "desk@adviser.example.jp"})


def last(engine: Engine, case_id: str) -> Mapping[str, Any]:
    """The newest history row of a case."""
    return engine.views.history(case_id)[-1]


def sound(engine: Engine) -> bool:
    """Whether every row in the store follows from the records."""
    return verify(engine.store).clean

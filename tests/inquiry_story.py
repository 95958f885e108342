"""An inquiry in memory, and those who look at it: the story that the tests of disclosure share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from toritsugi.core.disclosure import classes_of
from toritsugi.core.family import Family
from toritsugi.core.history import record_of
from toritsugi.core.plainjson import decode
from toritsugi.core.plan import Plan
from toritsugi.core.values import Actor
from toritsugi.core.vantage import Vantage, vantage
from toritsugi.definition.model_disclosure import DisclosureClass
from world import PLANS, START, World

COMPANY = Actor(id="c1", institution="acme", role="company")
SECRETARIAT = Actor(id="s1", institution="test_bank", role="secretariat")
CANDIDATE = Actor(id="k1", institution="candidate_office", role="candidate")
ADVISER = Actor(id="a1", institution="adviser_office", role="adviser")

IDENTITY = {"company_name", "company_email", "arrived_at", "hint"}
ARRIVED = START - 777_777
VALUES = {
    "company_name": "ACME-NAME",
    "wish": "WISH-TEXT",
    "company_email": "desk@acme.example.jp",
    "candidate_email": "desk@candidate.example.jp",
    "arrived_at": ARRIVED,
}
PARTIES = {"candidate": "candidate_office", "adviser": "adviser_office"}


def asked_world(world: World) -> str:
    case_id = world.open("introduction", COMPANY, VALUES, **PARTIES)
    world.send(case_id, "ask", SECRETARIAT)
    return case_id


def seen_from(world: World, case_id: str, viewer: Actor) -> Vantage:
    family = Family(PLANS, world.situation())
    return vantage(family, family.member(case_id), viewer)


def rows_of(world: World, case_id: str) -> Iterator[Mapping[str, Any]]:
    """History rows as the store would tell them."""
    for step in world.steps:
        if step.case_id == case_id:
            sent = [(one, "c0" * 32) for one in world.messages if (one.case_id, one.seq) == (case_id, step.seq)]
            promised = {name: "ab" * 32 for name, value in step.personal.items() if value is not None}
            frame = world.cases[case_id] if step.seq == 1 else None
            yield {**decode(record_of(step, promised, frame=frame, messages=sent)), "hash": "00" * 32}


class OtherClasses:
    """The test procedures, one of them with other classes."""

    def __init__(self, classes: Mapping[str, DisclosureClass]) -> None:
        known = PLANS.current("introduction")
        procedure = replace(known.procedure, disclosure=classes)
        self.plan = replace(known, procedure=procedure, classes=classes_of(procedure))
        self.others: Mapping[str, Plan] = {}

    def current(self, procedure: str) -> Plan:
        found = self.others.get(procedure) or PLANS.current(procedure)
        return self.plan if procedure == "introduction" else found

    def of(self, content_hash: str) -> Plan:
        return self.current(PLANS.of(content_hash).procedure.id)

"""Which states, events, guards and deadlines of each procedure the scenarios have reached."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from toritsugi.core.values import SYSTEM
from toritsugi.definition.model import Procedure
from toritsugi.definition.model_events import Guard
from toritsugi.definition.types import Title
from toritsugi.engine import Engine
from toritsugi.errors import NotPossible, text

#: kind of thing -> what people call it.
KINDS: Mapping[str, Title] = {
    "states": Title(ja="状態", en="states"),
    "events": Title(ja="操作", en="events"),
    "guards": Title(ja="拒否の条件", en="guards (refused)"),
    "deadlines": Title(ja="期限（内・超過）", en="deadlines (met, missed)"),
}


@dataclass(slots=True, kw_only=True)
class Reached:
    """One procedure: everything that could be reached, and what was."""

    procedure: str
    title: Title
    #: kind -> id of a thing -> what people call it.
    all: Mapping[str, Mapping[str, Title]]
    reached: dict[str, set[str]] = field(default_factory=lambda: {kind: set() for kind in KINDS})

    def missing(self, kind: str) -> list[Title]:
        """What was not reached, in the order of the procedure's file."""
        return [title for name, title in self.all[kind].items() if name not in self.reached[kind]]

    def count(self, kind: str) -> tuple[int, int]:
        """How many were reached, of how many."""
        return len(self.all[kind]) - len(self.missing(kind)), len(self.all[kind])


class Coverage:
    """Gathers over all scenarios of a run."""

    def __init__(self) -> None:
        self._procedures: dict[str, Reached] = {}

    def procedures(self) -> list[Reached]:
        """The procedures that some case was opened for, by id."""
        return [self._procedures[name] for name in sorted(self._procedures)]

    def add(self, engine: Engine) -> None:
        """What the cases of a scenario have been through, read from their histories."""
        for case in engine.views.cases(SYSTEM, limit=1000):
            reached = self._of(engine.procedure_of(case)).reached
            for row in engine.views.history(case.id):
                reached["states"] |= {row["to"], row["from"] or row["to"]}
                reached["events"].add(row["event"])
                marks = row.get("deadlines", {}).items()
                reached["deadlines"] |= {f"{name} {mark}" for name, told in marks for mark in told.split(",")}

    def refused(self, engine: Engine, refusal: NotPossible) -> None:
        """The guards that a refusal names."""
        told = [(reason["code"], reason["ja"]) for reason in refusal.reasons]
        for procedure in engine.procedures():
            event = procedure.events.get(refusal.event)
            for number, guard in enumerate(event.guards if event else ()):
                # the days of a window stand behind what the procedure itself says
                if any(code == guard.code and ja.startswith(guard_text(guard).ja) for code, ja in told):
                    self._of(procedure).reached["guards"].add(f"{refusal.event} {number}")

    def _of(self, procedure: Procedure) -> Reached:
        if procedure.id not in self._procedures:
            self._procedures[procedure.id] = Reached(
                procedure=procedure.id, title=procedure.title, all=_everything(procedure)
            )
        return self._procedures[procedure.id]


def guard_text(guard: Guard) -> Title:
    """What somebody is told whom the guard refuses."""
    return guard.message or Title(ja=text(guard.code, "ja", {}), en=text(guard.code, "en", {}))


def _everything(procedure: Procedure) -> Mapping[str, Mapping[str, Title]]:
    guards = {
        f"{event.id} {number}": _joined(event.title, guard_text(guard))
        for event in procedure.events.values()
        for number, guard in enumerate(event.guards)
    }
    ends = (("met", Title(ja="期限内", en="met")), ("missed", Title(ja="超過", en="missed")))
    deadlines = {
        f"{one.id} {mark}": _joined(one.title, title)
        for one in procedure.deadlines.values()
        if one.enabled
        for mark, title in ends
    }
    return {
        "states": {one.id: one.title for one in procedure.states.values()},
        "events": {one.id: one.title for one in procedure.events.values()},
        "guards": guards,
        "deadlines": deadlines,
    }


def _joined(first: Title, second: Title) -> Title:
    return Title(ja=f"{first.ja}：{second.ja}", en=f"{first.en}: {second.en}")

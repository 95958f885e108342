"""Carries the story out on a real store with a virtual clock, and writes down each scene as it was recorded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from toritsugi.core.moments import parse_moment
from toritsugi.core.values import Actor, Case
from toritsugi.definition.model import Procedure
from toritsugi.engine import Engine
from toritsugi.errors import NotPossible
from toritsugi.hooks import ChannelSettings
from toritsugi.ports import DeadlineRecord, MessageRecord, PostingRecord
from toritsugi.store.audit import Report, seal, verify
from toritsugi.testing.clock import FakeClock
from toritsugi_adapters.channels.email import email_channel
from toritsugi_adapters.channels.paper import trays
from toritsugi_adapters.cli.demo import story
from toritsugi_adapters.cli.typed import typed_values


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One thing that happened: a history row, or a refusal that left none."""

    at: int
    case: Case
    procedure: Procedure
    event: str
    role: str
    state: str | None = None
    #: whether the state is another than before.
    moved: bool = False
    refusal: NotPossible | None = None
    #: deadlines this row started.
    armed: tuple[DeadlineRecord, ...] = ()
    #: deadline -> met | late | missed, for those this row ended or marked.
    ended: Mapping[str, str] = field(default_factory=dict)
    messages: tuple[MessageRecord, ...] = ()
    postings: tuple[PostingRecord, ...] = ()
    #: what was typed with it.
    given: Mapping[str, Any] = field(default_factory=dict, repr=False)


class Stage:
    """One store, one clock, one case and the frame it draws on."""

    def __init__(self, folder: Path) -> None:
        self.store = f"sqlite:///{folder / 'toritsugi.db'}"
        self.spool = folder / "spool"
        self.clock = FakeClock(parse_moment(story.OPENED_AT))
        settings = ChannelSettings(spool=str(self.spool))  # never a mail server: the addresses are real
        self.engine = Engine.open(
            self.store,
            clock=self.clock,
            settings=settings,
            channels=[email_channel(settings, self.clock.now), *trays(settings, self.clock.now)],
            # a demonstration does not wait for the disk
            synchronous="NORMAL",
        )
        self.procedure = self.engine.procedure(story.PROCEDURE)
        self.case_id = ""
        self._seen: dict[str, int] = {}

    def play(self, values: Mapping[str, Any]) -> Iterator[Scene]:
        """Open the case with the form's values and act by act carry it to its end."""
        company = str(values["corporate_number"])
        parties = {"client_company": company, "financial_institution": story.BANK}
        self._institutions = {**parties, "jetro_tokyo": "jetro_tokyo", "navigator": "jetro_tokyo"}
        opener = self.procedure.opening.by[0]
        self.case_id = self.engine.start(story.PROCEDURE, self._actor(opener), values, parties=parties).case_id
        yield from self._news()
        for act in story.ACTS:
            yield from self._wait_until(parse_moment(act.at))
            yield from self._act(act)
        yield from self._wait_until(self.clock.now())

    def _actor(self, role: str) -> Actor:
        return Actor(id=story.STAFF[role], institution=self._institutions[role], role=role)

    def _act(self, act: story.Act) -> Iterator[Scene]:
        values = typed_values(self.procedure, act.values)
        try:
            self.engine.send(self.case_id, act.event, self._actor(act.role), values, channel=act.via)
        except NotPossible as refusal:
            if refusal.code != act.refused:
                raise
            case = self.engine.case(self.case_id)
            yield Scene(
                at=self.clock.now(),
                case=case,
                procedure=self.procedure,
                event=act.event,
                role=act.role,
                refusal=refusal,
                given=values,
            )
            return
        self.engine.deliver()
        for scene in self._news():
            own = scene.event == act.event and scene.case.id == self.case_id
            yield replace(scene, given=values) if own else scene

    def _wait_until(self, moment: int) -> Iterator[Scene]:
        """Let time pass; whatever falls due on the way happens at its own moment."""
        while (due := self.engine.store.next_due()) is not None and due <= moment:
            self.clock.set(max(due, self.clock.now()))
            fired, delivered = self.engine.tick(), self.engine.deliver()
            yield from self._news()
            if not fired and not delivered.handed_over:
                break
        self.clock.set(moment)

    def _news(self) -> Iterator[Scene]:
        """Scenes of the rows that came to the histories since the last look, the company's case first."""
        for case in self.cases():
            procedure = self.engine.procedure_of(case)
            deadlines = self.engine.views.deadlines(case.id)
            messages = self.engine.views.messages(case.id)
            postings = self.engine.store.postings(case.id)
            for row in self.engine.views.history(case.id):
                if row["seq"] > self._seen.get(case.id, 0):
                    self._seen[case.id] = row["seq"]
                    yield _scene(row, case, procedure, deadlines, messages, postings)

    def audited(self) -> Report:
        """Seal the store, as an office does every day, and verify it."""
        seal(self.engine.store, self.clock.now())
        return verify(self.engine.store)

    def cases(self) -> list[Case]:
        """The company's case and the frame it draws on, once that is open."""
        return [self.engine.case(self.case_id), *self.engine.views.linked(self.case_id).values()]


def _scene(
    row: Mapping[str, Any],
    case: Case,
    procedure: Procedure,
    deadlines: list[DeadlineRecord],
    messages: list[MessageRecord],
    postings: list[PostingRecord],
) -> Scene:
    seq = row["seq"]
    marks = {
        name: ended
        for name, mark in row.get("deadlines", {}).items()
        if not (ended := mark.partition(",")[0]).startswith("armed")
    }
    return Scene(
        at=row["occurred_at"],
        case=case,
        procedure=procedure,
        event=row["event"],
        role=row["role"],
        state=row["to"],
        moved=row["from"] != row["to"],
        armed=tuple(one for one in deadlines if one.seq == seq),
        ended=marks,
        messages=tuple(one for one in messages if one.seq == seq),
        postings=tuple(one for one in postings if one.seq == seq),
    )

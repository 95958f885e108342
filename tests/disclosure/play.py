"""Plays random histories and looks, after every step, for anything that somebody sees and should not."""

import contextlib
import logging
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from disclosure import outputs
from disclosure.consortium import OFFICE, Consortium
from disclosure.errand import Errand
from disclosure.family import Act, Family, staff_of
from disclosure.judge import Judge, Leak
from disclosure.looking import Looking
from disclosure.steering import Steering
from toritsugi.core.outlook import Possibility
from toritsugi.core.values import SYSTEM, Answer
from toritsugi.definition.types import Title
from toritsugi.engine import Engine
from toritsugi.errors import NotPossible, RequestError
from toritsugi.hooks import ProcedureFile
from toritsugi.runtime.calendars import build_calendar
from toritsugi.testing.clock import FakeClock
from world import laid_open

ROOT = Path(__file__).parents[2]
FOLDERS = (Path(__file__).parent / "procedures", ROOT / "workflows" / "toritsugi_workflows" / "consortium")
#: 2026-11-02T00:00Z.
START = 1_793_577_600_000_000
DAY_S = 86_400
#: a story in which nothing can be done any more is tried so often, and left.
MOST_IDLE = 4
CHANNELS = ("email", "fax", "post", "phone")


def files() -> list[ProcedureFile]:
    """The procedures that are played."""
    paths = [path for folder in FOLDERS for path in sorted(folder.glob("*.yaml"))]
    return [ProcedureFile(file=path.name, text=path.read_bytes()) for path in paths]


@dataclass(slots=True)
class Play:
    """One store, and one family after another in it."""

    folder: Path
    seed: int
    procedures: list[ProcedureFile] = field(default_factory=files)
    #: commands that are typed at the end of each history; each costs as much as twenty steps.
    typing: int = 2
    histories: int = 0
    #: event -> how often it was carried out, and refused.
    done: dict[str, int] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)
    engine: Engine = field(init=False)
    judge: Judge = field(init=False)
    rng: random.Random = field(init=False)
    clock: FakeClock = field(init=False)
    boxes: list[outputs.Mailbox] = field(init=False)
    lines: outputs.Lines = field(init=False)
    _steering: Steering = field(init=False)
    _looking: Looking = field(init=False)
    _keyed: list[tuple[Act, str]] = field(default_factory=list)
    #: how often nobody could do anything any more.
    _idle: int = 0

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)
        self.clock = FakeClock(START)
        self.boxes = [outputs.Mailbox(name=name) for name in CHANNELS]
        url = f"sqlite:///{self.folder / 'store.db'}"
        self.engine = Engine.open(
            url,
            procedures=self.procedures,
            plugins=(),
            calendars={one: build_calendar(one, Title(ja=one, en=one)) for one in (OFFICE, "test_office")},
            clock=self.clock,
            channels=self.boxes,
            synchronous="NORMAL",
        )
        self.lines = outputs.Lines()
        self.judge = Judge(self.engine)
        self._steering = Steering(self.rng)
        # what is typed is chosen apart, so that a history does not depend on it
        self._looking = Looking(self.engine, url, self.judge, self.rng, random.Random(self.seed))

    @property
    def steps(self) -> int:
        """Steps taken, over all histories."""
        return self.judge.step

    @property
    def leaks(self) -> list[Leak]:
        """What was found."""
        return self.judge.leaks

    @property
    def answers(self) -> int:
        """How much was read."""
        return self.judge.answers

    @property
    def families(self) -> list[Family]:
        """Every story that was begun."""
        return self.judge.families

    # -- playing --

    def histories_until(self, most_steps: int, *, most_leaks: int = 1) -> list[Leak]:
        """Play histories, the small family and the consortium in turn, until there are leaks enough or steps enough."""
        with self._listening():
            while self.steps < most_steps and len(self.leaks) < most_leaks:
                kind = (Errand, Consortium)[self.histories % 2]
                self._history(kind, most_steps, most_leaks)
            if self.typing and len(self.leaks) < most_leaks:
                self._looking.general(self.families[-1])
        return self.leaks

    def close(self) -> None:
        """Close the store."""
        self.engine.close()

    @contextlib.contextmanager
    def _listening(self) -> Iterator[None]:
        logger = logging.getLogger("toritsugi")
        level = logger.level
        logger.addHandler(self.lines)
        logger.setLevel(logging.INFO)
        try:
            yield
        finally:
            logger.removeHandler(self.lines)
            logger.setLevel(level)

    def _history(self, kind: type[Family], most_steps: int, most_leaks: int) -> None:
        self.histories += 1
        self._keyed, self._idle = [], 0
        family = kind(self.engine, self.judge.facts, len(self.families) + 1, self.rng)
        family.beginning = self._steering.one_of(kind.beginnings, kind.__name__)
        self.families.append(family)
        self.judge.act = "opening"
        family.begin()
        self._looking.at(family, set(family.cases))
        for _ in range(kind.length):
            if self.steps >= most_steps or len(self.leaks) >= most_leaks:
                return
            self.judge.step += 1
            self.clock.advance(seconds=self.rng.randint(60, 4000))
            self._step(family)
            self._read_log(family)
            self._looking.at(family, family.look())
            if self._idle == MOST_IDLE:
                break
        self._deliver(family)
        if self.typing and len(self.leaks) < most_leaks:
            self._looking.type(family, self.typing)
        self._looking.at(family, set(family.cases), wide=True)

    def _step(self, family: Family) -> None:
        """Something happens: mostly what can, sometimes what cannot, sometimes only time and the post."""
        dice = self.rng.random()
        if dice < 0.62:
            self._possible(family, right=True)
        elif dice < 0.70:
            self._possible(family, right=False)
        elif dice < 0.80:
            self._impossible(family)
        elif dice < 0.89:
            self._deliver(family)
        elif dice < 0.94 and self._keyed:
            self._again(family)
        else:
            self.judge.act = "time passes"
            self.clock.advance(seconds=self.rng.randint(1, 40) * DAY_S)
            self.engine.tick()

    def _possible(self, family: Family, *, right: bool) -> None:
        """An event that its party could fire, by that party: rather one that was not fired yet."""
        found = []
        for case_id, procedure in family.cases.items():
            for one in self.engine.can(case_id, SYSTEM):
                if one.by and (one.possible or self.rng.random() < 0.05):
                    found.append((case_id, one, family.weight(one.event) * self._newness(family, procedure, one)))
        self._idle += not any(one.possible for _, one, _ in found)
        if not found:
            return
        case_id, one, _ = self.rng.choices(found, [weight for _, _, weight in found])[0]
        procedure = family.cases[case_id]
        player = family.player(case_id, self._steering.one_of(one.by, f"{procedure}.{one.event}"))
        if player is None:
            return
        if one.possible:
            self._steering.note((procedure, one.event), (family.number, procedure, one.event))
        fields = self.engine.procedure(procedure).data
        asked = (*one.to_give, *_asked_anew(one.event))
        # what may be left out is left out as often as it is given, each field for itself
        names = [name for name in dict.fromkeys(asked) if name in fields and self._given(one.event, name, one.to_give)]
        names += [name for name in one.may_give if name not in names and self._steering.yes((one.event, name))]
        self._send(family, case_id, one.event, player, names, right=right, channels=one.channels)

    def _newness(self, family: Family, procedure: str, one: Possibility) -> float:
        """What no story has had yet is wanted most, what this story has not had more than the rest."""
        ever = (procedure, one.event)
        if not one.possible:
            return 0.05
        return self._steering.newness(ever, (family.number, *ever)) * (1 if self._steering.tried[ever] else 3)

    def _given(self, event: str, name: str, needed: Iterable[str]) -> bool:
        """What is needed is given; what a person would fill in each time nearly always."""
        return name in needed or self._steering.yes((event, name), 0.8)

    def _impossible(self, family: Family) -> None:
        """Anything, by anybody, a stranger included: rather by those who have not tried it yet."""
        case_id = self.rng.choice(list(family.cases))
        procedure = self.engine.procedure(family.cases[case_id])
        event = procedure.events[self._steering.one_of(list(procedure.events), f"{procedure.id} out of turn")]
        strangers = self.families[-2].institutions[:1] if len(self.families) > 1 else []
        places = dict(enumerate([*family.institutions, *family.institutions[:2], *strangers]))
        who = places[self._steering.one_of(list(places), f"{procedure.id}.{event.id} by")]
        names = [name for name in (*event.needs, *event.may_give) if self.rng.random() < 0.7]
        self._send(family, case_id, event.id, who, names, right=self.rng.random() < 0.5, channels=())

    def _send(
        self,
        family: Family,
        case_id: str,
        event: str,
        who: str,
        names: list[str],
        *,
        right: bool,
        channels: Iterable[str],
    ) -> None:
        channel = family.right_channel(event) if right else None
        channel = channel or (self.rng.choice(list(channels)) if channels else None)
        reason = True if self.rng.random() < 0.35 else None
        act = family.act(case_id, event, who, names, right=right, channel=channel, reason=reason)
        self.judge.act = f"{act.procedure}.{event}"
        key = f"key-{self.steps}"
        try:
            answer = self._carry_out(act, key)
        except NotPossible as error:
            self.refused[event] = self.refused.get(event, 0) + 1
            family.never_said(act)
            self.judge.scan(family, "refusal", who, outputs.of_error(error), named=case_id)
            self.judge.refusal(family, act, error)
            return
        except RequestError as error:
            family.never_said(act)
            self.judge.scan(family, "error", who, outputs.of_error(error), named=case_id)
            return
        self.done[event] = self.done.get(event, 0) + 1
        family.learn(act)
        self._keyed.append((act, key))
        family.look()
        self.judge.scan(family, "answer", who, laid_open(answer), named=case_id)

    def _carry_out(self, act: Act, key: str) -> Answer:
        return self.engine.send(
            act.case_id,
            act.event,
            staff_of(act.institution),
            act.values,
            key=key,
            channel=act.channel,
            reason=act.reason,
            override=act.reason is not None,
        )

    def _again(self, family: Family) -> None:
        """The same request under the same key: the first answer, whatever has become of the case."""
        act, key = self.rng.choice(self._keyed)
        self.judge.act = f"{act.event} again"
        answer = self._carry_out(act, key)
        self.judge.scan(family, "repeated answer", act.institution, laid_open(answer), named=act.case_id)

    def _deliver(self, family: Family) -> None:
        """What waits leaves; each letter is read as its reader reads it, with what that reader may know now."""
        self.judge.act = "deliver"
        for box in self.boxes:
            box.taken.clear()
        self.engine.deliver()
        for parcel in [parcel for box in self.boxes for parcel in box.taken]:
            if parcel.case_id in family.cases:
                told = {"content": parcel.content, "document": parcel.document}
                reader = f"message to {parcel.party}"
                self.judge.scan(family, reader, parcel.institution, told)
                for kind, text in outputs.rendered(parcel, self.clock.now):
                    self.judge.scan(family, f"{reader}, {kind}", parcel.institution, text)

    def _read_log(self, family: Family) -> None:
        for line in self.lines.lines:
            self.judge.nobody("log", line, family)
        self.lines.lines.clear()


def _asked_anew(event: str) -> tuple[str, ...]:
    """Fields that a person would fill in each time, though they stand in the case already."""
    return {
        "choose_other_institution": ("candidate", "candidate_name", "anonymous_outline", "candidate_email"),
        "share_entry_sheet": ("named_recipient", "sent_form", "password_channel"),
        "give_feedback": ("support_date", "support_content", "progress", "means", "feedback_means", "company_name"),
        "arrange_first_meeting": ("first_meeting_at",),
        "fix_meeting": ("meeting_at",),
        "note_cost": ("cost",),
        "decide_openness": ("open_to_adviser",),
        "release": ("released",),
        "find": ("finding",),
        "replace_candidate": ("next_candidate",),
    }.get(event, ())

"""Plays random histories and looks, after every step, for anything that somebody sees and should not."""

import contextlib
import logging
import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from disclosure import outputs
from disclosure.consortium import OFFICE, Consortium
from disclosure.errand import Errand
from disclosure.facts import Facts
from disclosure.family import Act, Family, staff_of
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
CHANNELS = ("email", "fax", "post", "phone")


@dataclass(frozen=True, slots=True, kw_only=True)
class Leak:
    """Something that reached somebody who may not have it."""

    #: steps that were taken until it showed, over all histories.
    step: int
    act: str
    output: str
    viewer: str
    what: str

    def __str__(self) -> str:
        return f"step {self.step} ({self.act}): {self.output} shows {self.viewer} {self.what}"


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
    steps: int = 0
    histories: int = 0
    answers: int = 0
    leaks: list[Leak] = field(default_factory=list)
    #: event -> how often it was carried out, and refused.
    done: dict[str, int] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)
    engine: Engine = field(init=False)
    facts: Facts = field(default_factory=Facts)
    families: list[Family] = field(default_factory=list)
    _act: str = ""

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)
        self.typist = random.Random(self.seed)
        self.clock = FakeClock(START)
        self.boxes = [outputs.Mailbox(name=name) for name in CHANNELS]
        self.url = f"sqlite:///{self.folder / 'store.db'}"
        self.engine = Engine.open(
            self.url,
            procedures=self.procedures,
            plugins=(),
            calendars={one: build_calendar(one, Title(ja=one, en=one)) for one in (OFFICE, "test_office")},
            clock=self.clock,
            channels=self.boxes,
            synchronous="NORMAL",
        )
        self.lines = outputs.Lines()
        self._keyed: list[tuple[Act, str]] = []

    rng: random.Random = field(init=False)
    #: chooses what is typed, so that a history does not depend on it.
    typist: random.Random = field(init=False)
    clock: FakeClock = field(init=False)
    boxes: list[outputs.Mailbox] = field(init=False)
    url: str = field(init=False)
    lines: outputs.Lines = field(init=False)
    _keyed: list[tuple[Act, str]] = field(init=False)

    # -- playing --

    def histories_until(self, most_steps: int, *, most_leaks: int = 1) -> list[Leak]:
        """Play histories, the small family and the consortium in turn, until there are leaks enough or steps enough."""
        with self._listening():
            while self.steps < most_steps and len(self.leaks) < most_leaks:
                kind = (Errand, Consortium)[self.histories % 2]
                self._history(kind, most_steps, most_leaks)
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
        self._keyed = []
        family = kind(self.engine, self.facts, len(self.families) + 1, self.rng)
        self.families.append(family)
        self._act = "opening"
        family.begin()
        self._look_at(family, set(family.cases))
        for _ in range(kind.length):
            if self.steps >= most_steps or len(self.leaks) >= most_leaks:
                return
            self.steps += 1
            self.clock.advance(seconds=self.rng.randint(60, 4000))
            self._step(family)
            self._read_log(family)
            self._look_at(family, family.look())
        self._deliver(family)
        if self.typing and len(self.leaks) < most_leaks:
            self._type(family)
        self._look_at(family, set(family.cases), wide=True)

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
            self._act = "time passes"
            self.clock.advance(seconds=self.rng.randint(1, 40) * DAY_S)
            self.engine.tick()

    def _possible(self, family: Family, *, right: bool) -> None:
        """An event that its party could fire, by that party."""
        found = []
        for case_id in family.cases:
            for one in self.engine.can(case_id, SYSTEM):
                if one.by and (one.possible or self.rng.random() < 0.05):
                    found.append((case_id, one))
        if not found:
            return
        case_id, one = self.rng.choices(found, [family.weight(one.event) for _, one in found])[0]
        player = family.player(case_id, self.rng.choice(one.by))
        if player is None:
            return
        more = [name for name in one.may_give if self.rng.random() < 0.6]
        fields = self.engine.procedure(family.cases[case_id]).data
        names = [name for name in dict.fromkeys((*one.to_give, *_asked_anew(one.event), *more)) if name in fields]
        self._send(family, case_id, one.event, player, names, right=right, channels=one.channels)

    def _impossible(self, family: Family) -> None:
        """Anything, by anybody, a stranger included."""
        case_id = self.rng.choice(list(family.cases))
        event = self.rng.choice(list(self.engine.procedure(family.cases[case_id]).events.values()))
        strangers = self.families[-2].institutions[:1] if len(self.families) > 1 else []
        who = self.rng.choice([*family.institutions, *family.institutions[:2], *strangers])
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
        self._act = f"{act.procedure}.{event}"
        key = f"key-{self.steps}"
        try:
            answer = self._carry_out(act, key)
        except NotPossible as error:
            self.refused[event] = self.refused.get(event, 0) + 1
            family.never_said(act)
            self._scan(family, "refusal", who, outputs.of_error(error), named=case_id)
            self._codes(family, act, error)
            return
        except RequestError as error:
            family.never_said(act)
            self._scan(family, "error", who, outputs.of_error(error), named=case_id)
            return
        self.done[event] = self.done.get(event, 0) + 1
        family.learn(act)
        self._keyed.append((act, key))
        family.look()
        self._scan(family, "answer", who, laid_open(answer), named=case_id)

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
        self._act = f"{act.event} again"
        answer = self._carry_out(act, key)
        self._scan(family, "repeated answer", act.institution, laid_open(answer), named=act.case_id)

    def _deliver(self, family: Family) -> None:
        """What waits leaves; each letter is read as its reader reads it, with what that reader may know now."""
        self._act = "deliver"
        for box in self.boxes:
            box.taken.clear()
        self.engine.deliver()
        for parcel in [parcel for box in self.boxes for parcel in box.taken]:
            if parcel.case_id in family.cases:
                told = {"content": parcel.content, "document": parcel.document}
                self._scan(family, f"message to {parcel.party}", parcel.institution, told)

    # -- looking --

    def _look_at(self, family: Family, moved: set[str], *, wide: bool = False) -> None:
        """Ask everything about the cases that moved, as those who may know little; now and then as everybody."""
        narrow = family.guarded
        who = family.institutions if wide or self.rng.random() < 0.1 else narrow
        strangers = [one.institutions[0] for one in self.families[-2:-1]]
        for institution in (*who, *strangers):
            role = self.rng.choice((None, None, "secretariat", "office", "concierge", "candidate"))
            viewer = staff_of(institution, role)
            for case_id in sorted(moved):
                self._look_as(family, case_id, viewer.institution, viewer)
            if moved:
                for name, value in outputs.of_lists(self.engine, viewer):
                    self._scan(family, name, institution, value)

    def _look_as(self, family: Family, case_id: str, institution: str, viewer: Any) -> None:
        for name, value in outputs.of_case(self.engine, case_id, viewer):
            if institution not in family.members(case_id):
                self._leak(
                    name, institution, f"the case {case_id} ({family.cases[case_id]}), in which it plays no part"
                )
                return
            self._scan(family, name, institution, value)
            self._names(family, name, institution, value, case_id)
            if name in ("deadlines", "explained"):
                self._dates(family, name, institution, case_id, value)
            if name == "can":
                for one in value:
                    for reason in one["reasons"]:
                        self._code(family, name, institution, one["event"], reason["code"], {})

    def _scan(self, family: Family, output: str, institution: str, value: Any, *, named: str = "") -> None:
        """No text that is told may hold a fact that its reader may not know, or has not said itself (`named`)."""
        self.answers += 1
        text = value if isinstance(value, str) else repr(value)
        text = text.replace(named, "") if named else text
        for fact in self.facts.told_in(text, family.number):
            home = self.families[fact.family - 1]
            if not home.may_know(institution, fact):
                self._leak(output, institution, f"{fact.name or 'a value'} of the row {fact.row}", home)

    def _names(self, family: Family, output: str, institution: str, value: Any, case_id: str) -> None:
        """Choices, dates and counts have no mark of their own: that there is anything under a field's name is enough."""
        for case, name in sorted(_fields_told(output, value, case_id)):
            known = case in family.cases and name in self.engine.procedure(family.cases[case]).data
            if known and not family.may_see_field(institution, case, name):
                row = family.field_row(case, name)[0]
                self._leak(output, institution, f"what stands in the field {name} (row {row})", family)

    def _dates(self, family: Family, output: str, institution: str, case_id: str, records: Any) -> None:
        for one in records:
            told = "".join(one["explanation"].values())
            if any(sign.isdigit() for sign in told) and not family.explains(institution, case_id, one["name"]):
                self._leak(output, institution, f"how the deadline {one['name']} was counted", family)

    def _codes(self, family: Family, act: Act, error: NotPossible) -> None:
        for code in {error.code, *(str(reason.get("code")) for reason in error.reasons)}:
            self._code(family, "refusal", act.institution, act.event, code, act.values)

    def _code(
        self, family: Family, output: str, institution: str, event: str, code: str, values: Mapping[str, Any]
    ) -> None:
        """A reason may not tell how a value stands that its reader may not see."""
        row = family.telling_codes.get(event, {}).get(code)
        if row is not None and not family.may_read(institution, row, None):
            self._leak(output, institution, f"that {event} is refused for {code}, which tells of the row {row}", family)

    def _read_log(self, family: Family) -> None:
        """A log is for nobody's eyes: no value may stand in it, whoever reads it."""
        for line in self.lines.lines:
            for fact in self.facts.told_in(line, family.number):
                if fact.name not in ("institution", "case id"):
                    self._leak("log", "whoever reads it", f"{fact.name or 'a value'} of the row {fact.row}", family)
        self.lines.lines.clear()

    def _type(self, family: Family) -> None:
        """A few commands about one case, as a party that is not allowed everything; now and then a list."""
        seats = [
            (case_id, party, who)
            for case_id, procedure in family.cases.items()
            for party in self.engine.procedure(procedure).parties
            if (who := family.player(case_id, party)) in family.guarded and who in family.members(case_id)
        ]
        ways = [(command, as_json) for command in outputs.COMMANDS for as_json in (False, True)]
        case_id, role, who = self.typist.choice(seats)
        for command, as_json in self.typist.sample(ways, min(self.typing, len(ways))):
            self._act = f"toritsugi {command} --as {role}{' --json' if as_json else ''}"
            text = outputs.typed(self.url, command, case_id, role, as_json=as_json)
            self._scan(family, "command line", who or "", text)
        if self.typist.random() < 0.25:
            self._act = "toritsugi cases --json"
            for command in ("cases", "due"):
                self._listed(family, command, role)

    def _listed(self, family: Family, command: str, role: str) -> None:
        for one in outputs.listed(self.url, command, role):
            home = next((each for each in self.families if one["case"] in each.cases), None)
            player = home.player(one["case"], role) if home is not None else None
            if home is not None and player is not None and player in home.members(one["case"]):
                self._scan(home, f"command line: {command} --json", player, one)

    def _leak(self, output: str, institution: str, what: str, family: Family | None = None) -> None:
        leak = Leak(step=self.steps, act=self._act, output=output, viewer=self._called(institution, family), what=what)
        if not any((one.output, one.viewer, one.what) == (leak.output, leak.viewer, leak.what) for one in self.leaks):
            self.leaks.append(leak)

    def _called(self, institution: str, family: Family | None) -> str:
        """What an institution is in the story, so that a finding can be read."""
        family = family or self.families[-1]
        for name in ("company", "referrer", "adviser", "first", "candidate"):
            if getattr(family, name, None) == institution:
                return f"the {name}"
        if institution in getattr(family, "candidates", ()):
            return f"candidate {family.candidates.index(institution) + 1}"  # type: ignore[attr-defined]  # as asked
        return institution if institution in (OFFICE, "test_office", "whoever reads it") else "a stranger"


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


def _fields_told(output: str, value: Any, case_id: str) -> Iterator[tuple[str, str]]:
    """Case and field of every field of which something is told."""
    match output:
        case "case":
            yield from _of_case(value)
        case "history":
            for row in value:
                yield from _of_row(row)
        case "linked":
            for one in value.values():
                yield from _of_case(one)
        case "family":
            for one in value["relatives"]:
                yield from _of_case(one["case"])
            for row in value["rows"]:
                yield from _of_row(row)


def _of_case(case: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name in {*case["data"], *(case["personal"] or {}), *case["personal_set"]}:
        yield case["id"], name


def _of_row(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for member in ("values", "personal", "cleared"):
        for name in row.get(member, ()):
            yield row["case"], name

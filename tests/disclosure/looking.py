"""Looks at every output there is, as those who may know little, and hands what it sees to the judge."""

import random
from typing import Any

from disclosure import outputs
from disclosure.family import Family, staff_of
from disclosure.judge import Judge
from disclosure.steering import Steering
from toritsugi.engine import Engine

#: parts that a viewer may say it plays; None: it says nothing.
CLAIMED = (None, "secretariat", "office", "concierge", "candidate")


class Looking:
    """Everybody's eyes on one store."""

    def __init__(self, engine: Engine, url: str, judge: Judge, rng: random.Random, typist: random.Random) -> None:
        self.engine, self._url, self._judge = engine, url, judge
        self._eyes, self._hands = Steering(rng), Steering(typist)

    # -- what the engine answers --

    def at(self, family: Family, moved: set[str], *, wide: bool = False) -> None:
        """Ask everything about the cases that moved, as those who may know little; now and then as everybody."""
        families = self._judge.families
        who = family.institutions if wide or self._eyes.rng.random() < 0.1 else family.guarded
        strangers = [one.institutions[0] for one in families[-2:-1]]
        for institution in (*who, *strangers):
            role = self._eyes.one_of(CLAIMED, f"claim in {type(family).__name__}")
            viewer = staff_of(institution, role)
            for case_id in sorted(moved):
                self._as(family, case_id, viewer)
            if moved:
                for name, value in outputs.of_lists(self.engine, viewer):
                    self._judge.scan(family, name, institution, value)

    def _as(self, family: Family, case_id: str, viewer: Any) -> None:
        judge, institution = self._judge, viewer.institution
        for name, value in outputs.of_case(self.engine, case_id, viewer):
            if institution not in family.members(case_id):
                which = f"the case {case_id} ({family.cases[case_id]})"
                judge.leak(name, institution, f"{which}, in which it plays no part", family)
                return
            judge.scan(family, name, institution, value)
            judge.names(family, name, institution, value)
            if name in ("deadlines", "explained"):
                judge.dates(family, name, institution, case_id, value)
            if name == "can":
                for one in value:
                    for reason in one["reasons"]:
                        judge.code(family, name, institution, one["event"], reason["code"])

    # -- what is typed --

    def type(self, family: Family, size: int) -> None:
        """A few commands about one case, as a party that is not allowed everything; now and then a list."""
        judge = self._judge
        seats = [
            (case_id, party, who)
            for case_id, procedure in family.cases.items()
            for party in self.engine.procedure(procedure).parties
            if (who := family.player(case_id, party)) in family.guarded and who in family.members(case_id)
        ]
        kinds = {(family.cases[case_id], party) for case_id, party, _ in seats}
        chosen = self._hands.one_of(sorted(kinds), "seat")
        case_id, role, who = next(one for one in reversed(seats) if (family.cases[one[0]], one[1]) == chosen)
        ways = [(command, as_json) for command in outputs.COMMANDS for as_json in (False, True)]
        for command, as_json in self._ways(ways, size):
            judge.act = f"toritsugi {command} --as {role}{' --json' if as_json else ''}"
            text = outputs.typed(self._url, command, case_id, role, as_json=as_json)
            judge.scan(family, "command line", who or "", text)
        if self._hands.rng.random() < 0.25:
            judge.act = "toritsugi cases --json"
            for command in outputs.LISTS:
                self._listed(command, role)

    def _ways(self, ways: list[tuple[str, bool]], size: int) -> list[tuple[str, bool]]:
        """The commands that were typed least, each once."""
        self._hands.rng.shuffle(ways)
        chosen = sorted(ways, key=lambda way: self._hands.tried[way])[:size]
        self._hands.note(*chosen)
        return chosen

    def _listed(self, command: str, role: str) -> None:
        families = self._judge.families
        for one in outputs.listed(self._url, command, role):
            home = next((each for each in families if one["case"] in each.cases), None)
            player = home.player(one["case"], role) if home is not None else None
            if home is not None and player is not None and player in home.members(one["case"]):
                self._judge.scan(home, f"command line: {command} --json", player, one)

    def general(self, family: Family) -> None:
        """What is printed to anybody who sits at the store, or without one: nothing of any case may stand in it."""
        for words in outputs.GENERAL:
            self._judge.act = f"toritsugi {' '.join(words)}"
            for as_json in (False, True):
                self._judge.nobody("command line", outputs.printed(self._url, *words, as_json=as_json), family)

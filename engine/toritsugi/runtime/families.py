"""A family of cases for a viewer: from the case that began it all down to the last one opened, with one story of them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from toritsugi.core.values import Case
from toritsugi.core.vantage import Vantage
from toritsugi.definition.model import Kinship, Link
from toritsugi.definition.types import LARGEST_INTEGER
from toritsugi.ports import UnitOfWork

#: cases of one family that are shown at most.
MOST_RELATIVES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Relative:
    """One case of a family."""

    #: as far as the viewer may see it, without personal values.
    case: Case
    #: id of the case that it hangs under; None: it is the first.
    under: str | None
    #: the link of that case that leads here.
    link: str | None
    #: whether that case opened it; else it was found by their common subject.
    opened: bool
    #: how many cases stand above it.
    depth: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyStory:
    """The cases of a family, and everything that happened in them."""

    #: the first case first, each followed by what hangs under it, in the order of opening.
    relatives: tuple[Relative, ...]
    #: history rows of all of them in the order of recording, each after the row that caused it.
    rows: tuple[Mapping[str, Any], ...]
    #: there are more cases than are shown.
    cut: bool


class Families:
    """Finds the family of a case inside a unit of work, as one viewer may know it."""

    def __init__(
        self, unit: UnitOfWork, vantage: Callable[[Case], Vantage | None], about: Callable[[str, str], Sequence[Case]]
    ) -> None:
        """Make it ready.

        Args:
            vantage: where the viewer stands towards a case; None: it may not know of it.
            about: (procedure, subject) -> every case of that procedure about that subject, open or ended.
        """
        self._unit = unit
        self._vantage = vantage
        self._about = about
        self._at: dict[str, tuple[Case, Vantage] | None] = {}
        self.cut = False

    def relatives(self, case_id: str) -> list[Relative]:
        """The family of a case that the viewer may see."""
        found: list[Relative] = []
        known: set[str] = set()
        waiting = [(self._first(case_id), "", "", True, 0)]
        while waiting:
            case_id, under, link, opened, depth = waiting.pop()
            seen = self._seen(case_id)
            if seen is None or case_id in known:
                continue
            if len(found) >= MOST_RELATIVES:
                self.cut = True
                break
            known.add(case_id)
            case, at = seen
            found.append(
                Relative(case=at.case(case), under=under or None, link=link or None, opened=opened, depth=depth)
            )
            waiting += [(one, case_id, name, born, depth + 1) for one, name, born in reversed(self._below(case, at))]
        return found

    def _seen(self, case_id: str) -> tuple[Case, Vantage] | None:
        """A case and where the viewer stands towards it; None: it may not know of it."""
        if case_id not in self._at:
            case = self._unit.case(case_id)
            at = None if case is None else self._vantage(case)
            self._at[case_id] = None if case is None or at is None else (case, at)
        return self._at[case_id]

    def _first(self, case_id: str) -> str:
        """The case that opened the one that opened … this one, as far up as the viewer may know."""
        climbed = {case_id}
        while (seen := self._seen(case_id)) is not None:
            parent = seen[0].parent
            if parent is None or parent in climbed or not self._related(parent, seen[0]):
                break
            case_id = parent
            climbed.add(case_id)
        return case_id

    def _related(self, parent: str, child: Case) -> bool:
        """Whether the viewer may know, from either side, that the one case opened the other."""
        above, below = self._seen(parent), self._seen(child.id)
        if above is None or below is None:
            return False
        up = [link for link in _links(below[1], Kinship.PARENT) if link.procedure == above[0].procedure]
        return child.opened_by_link in above[1].seen.links or bool(up) or below[1].seen.everything

    def _below(self, case: Case, at: Vantage) -> list[tuple[str, str, bool]]:
        """What hangs under a case, in the order of opening: (id, link, whether it opened it)."""
        hanging: dict[str, tuple[int, str, str, bool]] = {}
        for child in self._unit.opened_by(case.id):
            seen = self._seen(child.id)
            if seen is not None and self._related(case.id, seen[0]):
                hanging[child.id] = seen[0].opened_at, child.id, child.link, True
        for link in _links(at, Kinship.SUBJECT):
            about = self._about(link.procedure, case.subject) if case.subject is not None else ()
            for other in _led_to(case, about):
                seen = None if other in hanging else self._seen(other)
                # one that somebody opened hangs under whoever did, if the viewer may know that
                if seen is not None and not (seen[0].parent and self._related(seen[0].parent, seen[0])):
                    hanging[other] = seen[0].opened_at, other, link.id, False
        return [(case_id, link_id, opened) for _, case_id, link_id, opened in sorted(hanging.values())]


def _led_to(case: Case, about: Iterable[Case]) -> Iterator[str]:
    """Ids of the cases that a link by subject has led to while `case` was open: at each moment the oldest open one."""
    until = case.opened_at
    for other in sorted(about, key=lambda one: (one.opened_at, one.id)):
        if other.id == case.id:
            continue
        since = max(until, other.opened_at)
        if since <= _open_until(case) and since <= _open_until(other):
            yield other.id
        until = max(until, _open_until(other))


def _open_until(case: Case) -> int:
    """The last moment at which a case was open, as far as it is known: its last row may have come after its end."""
    return case.recorded_at if case.ended else LARGEST_INTEGER


def _links(at: Vantage, relation: Kinship) -> list[Link]:
    """The links of one kind of which the viewer may know."""
    links = at.procedure.links.values()
    return [link for link in links if link.relation is relation and link.id in at.seen.links]


def story(rows: Iterable[Mapping[str, Any]]) -> tuple[Mapping[str, Any], ...]:
    """Rows of many cases in one order: by when they were recorded; what was recorded at once, each after its cause."""
    ordered = sorted(rows, key=lambda row: (row["recorded_at"], row["case"], row["seq"]))
    by_place = {f"{row['case']}/{row['seq']}": row for row in ordered}
    told: dict[str, Mapping[str, Any]] = {}
    for place in by_place:
        waiting = [place]
        while waiting:
            row = by_place[waiting[-1]]
            before = (row.get("cause") or "", f"{row['case']}/{row['seq'] - 1}")
            untold = [one for one in before if one in by_place and one not in told and one not in waiting]
            if untold:
                waiting.append(untold[0])
            else:
                told.setdefault(waiting.pop(), row)
    return tuple(told.values())

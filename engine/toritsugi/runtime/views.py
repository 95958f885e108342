"""Answers about cases, for a viewer: what a party of the case may read, and nothing to anybody else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from toritsugi.core.disclosure import Sight, elsewhere, roles_of
from toritsugi.core.family import Family
from toritsugi.core.outlook import Possibility, outlook
from toritsugi.core.plan import Plans
from toritsugi.core.values import REASON, SYSTEM, Actor, Case, Event, Situation
from toritsugi.core.vantage import NOT_EXPLAINED, Vantage, unveiled, vantage
from toritsugi.definition.types import LARGEST_INTEGER
from toritsugi.errors import UnknownCase
from toritsugi.ports import DeadlineRecord, MessageRecord, Store, UnitOfWork
from toritsugi.runtime.families import Families, FamilyStory, story
from toritsugi.runtime.situation import Situations


class Views:
    """Reads; never writes."""

    def __init__(self, store: Store, plans: Plans, situations: Situations) -> None:
        self._store = store
        self._plans = plans
        self._situations = situations

    def case(self, case_id: str, viewer: Actor) -> Case:
        """The case with its personal data, as far as the viewer may see it.

        Raises:
            UnknownCase: there is none, or the viewer is no party of it: to a stranger the two look alike.
        """
        with self._store.unit() as unit:
            case = self._seen(unit, case_id, viewer)
            return self._vantage(unit, case, viewer).case(case)

    def sight(self, case_id: str, viewer: Actor) -> Sight:
        """What the viewer may see of the case: fields, parties, documents, links, ledgers, reasons.

        Raises:
            UnknownCase: as `case`.
        """
        with self._store.unit() as unit:
            return self._vantage(unit, self._seen(unit, case_id, viewer), viewer).seen

    def can(self, case_id: str, viewer: Actor) -> tuple[Possibility, ...]:
        """What may be done now; for a party only its own events, and no reason that rests on what is kept from it."""
        with self._store.unit() as unit:
            case = self._seen(unit, case_id, viewer)
            hidden = self._vantage(unit, case, viewer).seen.hidden
            gathering = self._situations.around(unit, case, Event(name="", actor=viewer), everything=True)
        found = outlook(self._plans, case_id, gathering.situation(), hidden)
        own = roles_of(viewer, case.parties)
        return found if own is None else tuple(one for one in found if own & set(one.by))

    def linked(self, case_id: str, viewer: Actor = SYSTEM) -> Mapping[str, Case]:
        """link -> the case behind it, of those that the viewer may see; personal data is not loaded."""
        with self._store.unit() as unit:
            case = self._seen(unit, case_id, viewer)
            gathering = self._situations.around(unit, case, Event(name="", actor=viewer), everything=True)
            family = Family(self._plans, gathering.situation())
            member = family.member(case_id)
            links = {name: member.plan.procedure.links[name] for name in self._vantage(unit, case, viewer).seen.links}
            known = {name: link for name, link in links.items() if family.has_looked(member, link)}
            found = {name: family.behind(member, known[name]) for name in member.plan.procedure.links if name in known}
            there = elsewhere(viewer)
            return {
                name: self._vantage(unit, one.case, there).case(one.case)
                for name, one in found.items()
                if one is not None and _sees(there, one.case)
            }

    def family(self, case_id: str, viewer: Actor = SYSTEM) -> FamilyStory:
        """The case that began it, every case that was opened from there on, and what happened in all of them.

        Cases in which the viewer plays no part are left out, and so is what hangs under them.

        Raises:
            UnknownCase: as `case`.
        """
        with self._store.unit() as unit:
            self._seen(unit, case_id, viewer)
            there = elsewhere(viewer)

            def at(one: Case) -> Vantage | None:
                as_ = viewer if one.id == case_id else there
                return self._vantage(unit, one, as_) if _sees(as_, one) else None

            families = Families(unit, at, self._about)
            relatives = families.relatives(case_id)
        ids = [one.case.id for one in relatives]
        rows = [row for id_ in ids for row in self.history(id_, viewer if id_ == case_id else there)]
        return FamilyStory(relatives=tuple(relatives), rows=story(rows), cut=families.cut)

    def _about(self, procedure: str, subject: str) -> Sequence[Case]:
        return self._store.cases(procedure, subject=subject, limit=LARGEST_INTEGER)

    def history(self, case_id: str, viewer: Actor = SYSTEM) -> list[Mapping[str, Any]]:
        """The history rows of a case, oldest first, each as far as the viewer may see it."""
        at = self._at(case_id, viewer)
        return [at.row(row) for row in self._store.histories(case_id)]

    def reasons(self, case_id: str, viewer: Actor = SYSTEM) -> Mapping[int, str]:
        """History row -> the reason written with it, of those that the viewer may read; nothing once they were erased."""
        at = self._at(case_id, viewer)
        written = {one.seq: one.values.get(REASON) for one in self._store.personal_history(case_id)}
        rows = {row["seq"]: row for row in self._store.histories(case_id) if written.get(row["seq"])}
        found = {seq: at.reason(row, str(written[seq])) for seq, row in rows.items()}
        return {seq: reason for seq, reason in found.items() if reason is not None}

    def deadlines(self, case_id: str, viewer: Actor = SYSTEM) -> list[DeadlineRecord]:
        """Every deadline the case ever had, explained to those who may know what it was counted from."""
        at = self._at(case_id, viewer)
        return [_explained(at, one) for one in self._store.deadlines(case_id)]

    def messages(self, case_id: str, viewer: Actor = SYSTEM) -> list[MessageRecord]:
        """Every message of the case that the viewer may know of, and where it is; contents are not part of the answer."""
        at = self._at(case_id, viewer)
        found = self._store.messages(case_id)
        known = [one for one in found if at.knows(one.seq)]
        return [_posted(at, one) for one in known if one.document is None or one.document in at.seen.documents]

    def due(self, until: int, viewer: Actor = SYSTEM) -> list[DeadlineRecord]:
        """Running deadlines that are due by `until`, and those already missed, in due order: the viewer's cases only."""
        found = list(self._store.due_list(until))
        if _sees_all(viewer):
            return found
        with self._store.unit() as unit:
            cases = {case_id: unit.case(case_id) for case_id in {one.case_id for one in found}}
            at = {
                case_id: self._vantage(unit, case, viewer)
                for case_id, case in cases.items()
                if case is not None and _sees(viewer, case)
            }
        at = {case_id: self._since(one, case_id) for case_id, one in at.items()}
        return [_explained(at[one.case_id], one) for one in found if one.case_id in at]

    def explained(self, record: DeadlineRecord, viewer: Actor) -> DeadlineRecord:
        """A deadline of a case, explained as far as the viewer may know.

        Raises:
            UnknownCase: as `case`.
        """
        return _explained(self._at(record.case_id, viewer), record)

    def cases(
        self,
        viewer: Actor = SYSTEM,
        *,
        procedure: str | None = None,
        state: str | None = None,
        limit: int = 100,
        after: str | None = None,
    ) -> list[Case]:
        """Cases in the order of their ids, from the one after `after`, without personal values: the viewer's only."""
        own = None if _sees_all(viewer) else viewer.institution
        found = list(self._store.cases(procedure, state, institution=own, limit=limit, after=after))
        if _sees_all(viewer):
            return found
        with self._store.unit() as unit:
            return [self._vantage(unit, case, viewer).case(case) for case in found if _sees(viewer, case)]

    def _at(self, case_id: str, viewer: Actor) -> Vantage:
        with self._store.unit() as unit:
            at = self._vantage(unit, self._seen(unit, case_id, viewer), viewer)
        return self._since(at, case_id)

    def _since(self, at: Vantage, case_id: str) -> Vantage:
        """The vantage point with the rows from which on its names hold; 0 if no version of the case keeps anything back."""
        if at.seen.roles is None:
            return at
        stood = [(row["seq"], row["frame"]["content"]) for row in self._store.histories(case_id) if "frame" in row]
        if len(stood) < 2:
            return at
        last, versions = stood[-1][0], [self._plans.of(content).procedure for _, content in stood]
        return replace(
            at,
            since=last if any(one.disclosure for one in versions) else 0,
            counts_since=last if any(one.counts for one in versions) else 0,
        )

    def _vantage(self, unit: UnitOfWork, case: Case, viewer: Actor) -> Vantage:
        """Where the viewer stands towards a case that it may see; nothing is looked up unless something is kept back."""
        plan, roles = self._plans.of(case.content_hash), roles_of(viewer, case.parties)
        if plan.classes is None or roles is None:
            return unveiled(plan.procedure, viewer, roles)
        gathering = self._situations.around(unit, case, Event(name="", actor=viewer))

        def look(situation: Situation) -> Vantage:
            family = Family(self._plans, situation)
            return vantage(family, family.member(case.id), viewer)

        return gathering.decide(look)

    def _seen(self, unit: UnitOfWork, case_id: str, viewer: Actor) -> Case:
        case = unit.case(case_id, personal=True)
        if case is None or not _sees(viewer, case):
            raise UnknownCase(case=case_id)
        return case


def _explained(at: Vantage, record: DeadlineRecord) -> DeadlineRecord:
    return record if at.knows(record.seq) and at.explains(record.name) else replace(record, explanation=NOT_EXPLAINED)


def _posted(at: Vantage, record: MessageRecord) -> MessageRecord:
    """A message as the viewer may know of it: what a channel has to show for it may name its reader."""
    known = at.names_institution(record.party, record.institution)
    return record if known else replace(record, institution="", proof=None)


def _sees(viewer: Actor, case: Case | None) -> bool:
    return case is not None and roles_of(viewer, case.parties) != frozenset()


def _sees_all(viewer: Actor) -> bool:
    return roles_of(viewer, {}) is None

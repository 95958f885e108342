"""What an operator changes about cases that run: the version they stand on, and the calendar their deadlines were counted by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from toritsugi.core.calendar import Calendar, CalendarTooShort
from toritsugi.core.deadline import Due
from toritsugi.core.moments import jst_date
from toritsugi.core.rebase import REBASED, Rebase, decide_rebase, rebased
from toritsugi.core.recount import APPLIED, MovedDeadline, Start, counted_again, decide_recount
from toritsugi.core.suspension import days_left
from toritsugi.core.values import (
    ERASURE_REASON,
    RESOLVED_MESSAGE,
    Actor,
    Case,
    Decision,
    Event,
    Situation,
    SuspendedDeadline,
)
from toritsugi.definition.types import LARGEST_INTEGER
from toritsugi.errors import BadInput, UnknownCase
from toritsugi.ports import DeadlineRecord, Store, UnitOfWork
from toritsugi.runtime.dispatch import Dispatch
from toritsugi.runtime.registry import Registry
from toritsugi.runtime.situation import Situations

#: stand among the values of a history row and are no fields of the case.
_NO_FIELDS = frozenset({ERASURE_REASON, RESOLVED_MESSAGE})


class Amending:
    """Shows what a change would do, and does it when asked."""

    def __init__(self, store: Store, registry: Registry, situations: Situations, dispatch: Dispatch) -> None:
        self._store = store
        self._registry = registry
        self._situations = situations
        self._dispatch = dispatch

    def rebase(
        self, case_id: str, *, to: str, mapping: Mapping[str, str], actor: Actor, reason: str, dry_run: bool
    ) -> Rebase:
        """Move a case to another version of its procedure, or tell what that would do.

        Raises:
            UnknownCase, UnknownProcedure: there is no such case, or no such version.
            BadInput: something stands in the way, and it was not a dry run.
        """
        told: list[Rebase] = []

        def move(_: UnitOfWork, case: Case, now: int) -> Decision:
            found, after = self._rebased(case, to, mapping)
            if found.problems:
                raise BadInput(found.problems)
            told.append(replace(found, applied=True))
            return decide_rebase(case, after, Event(name=REBASED, actor=actor, reason=reason), now)

        if dry_run:
            with self._store.unit() as unit:
                case = unit.case(case_id, personal=True)
            if case is None:
                raise UnknownCase(case=case_id)
            return self._rebased(case, to, mapping)[0]
        self._dispatch.amend(case_id, move)
        return told[-1]

    def _rebased(self, case: Case, to: str, mapping: Mapping[str, str]) -> tuple[Rebase, Case]:
        old, new = self._registry.of(case.content_hash), self._registry.version(case.procedure, to)
        return rebased(case, old.procedure, new.procedure, mapping)

    def apply_calendar(
        self, calendar: Calendar, *, actor: Actor, reason: str, dry_run: bool
    ) -> tuple[MovedDeadline, ...]:
        """Count the running deadlines anew that were counted by another state of this calendar; those that move.

        Each case is a transaction of its own: one that fails leaves those before it moved and is raised.
        """
        found: list[MovedDeadline] = []
        for case_id in self._stale_cases(calendar):
            found += self._apply_to(case_id, calendar, Event(name=APPLIED, actor=actor, reason=reason), dry_run)
        return tuple(found)

    def _stale_cases(self, calendar: Calendar) -> list[str]:
        """Ids of the cases with a deadline that may have been counted by another state of the calendar."""
        running: dict[str, list[DeadlineRecord]] = {}
        for record in self._store.due_list(LARGEST_INTEGER):
            running.setdefault(record.case_id, []).append(record)
        with self._store.unit() as unit:
            cases = (unit.case(case_id) for case_id in sorted(running))
            return [
                case.id
                for case in cases
                if case is not None and any(self._is_stale(case, one, calendar) for one in running[case.id])
            ]

    def _is_stale(self, case: Case, record: DeadlineRecord, calendar: Calendar) -> bool:
        """Whether a deadline runs that was counted by another state of the calendar, or may have been.

        Only of the deadline's own calendar the state is kept; of another one that its rule counts by it is not.
        """
        if record.status != "armed":
            return False
        if record.calendar == calendar.id:
            return record.calendar_hash != calendar.content_hash
        rule = self._registry.of(case.content_hash).dues.get(record.name)
        counted_by = frozenset[str]() if rule is None else rule.calendars
        return calendar.id in counted_by

    def _apply_to(self, case_id: str, calendar: Calendar, event: Event, dry_run: bool) -> list[MovedDeadline]:
        moved: list[MovedDeadline] = []

        def move(unit: UnitOfWork, case: Case, _: int) -> Decision | None:
            situation = self._situations.around(unit, case, event).situation()
            new = dict(self._moving(case, calendar, situation))
            moved[:] = [_told(case, name, due) for name, due in new.items()]
            return decide_recount(self._registry, case, new, event, situation) if new else None

        if not dry_run:
            self._dispatch.amend(case_id, move)
            return [replace(one, applied=True) for one in moved]
        with self._store.unit() as unit:
            case = unit.case(case_id)
            if case is not None:
                move(unit, case, 0)
        return moved

    def _moving(self, case: Case, calendar: Calendar, situation: Situation) -> Iterator[tuple[str, Due]]:
        """The case's deadlines that fall on another day now; one that cannot be counted any more stays as it is."""
        records = {(one.name, one.seq): one for one in self._store.deadlines(case.id)}
        for name, running in case.deadlines.items():
            record = records.get((name, running.seq))
            if record is None or not self._is_stale(case, record, calendar):
                continue
            start = self._start(case.id, name, running.seq)
            if start.stopped is not None and record.calendar != calendar.id:
                continue  # what is left after a suspension is counted by its own calendar alone
            try:
                due = counted_again(self._registry, case, name, start, situation)
            except CalendarTooShort:
                continue
            if due is not None and due.due.isoformat() != running.due_on:
                yield name, due

    def _start(self, case_id: str, name: str, seq: int) -> Start:
        """The case's data after the row that first armed a deadline, before any calendar moved it, and that row's moments."""
        data: dict[str, object] = {}
        found = Start(occurred_at=0, recorded_at=0, data={})
        stopped: SuspendedDeadline | None = None
        for row in self._store.histories(case_id):
            if row["seq"] > seq:
                break
            data.update(row.get("values", {}))
            marks = row.get("deadlines", {}).get(name, "")
            if (left := days_left(marks)) is not None:
                since = jst_date(row["occurred_at"]).isoformat()
                stopped = SuspendedDeadline(name=name, seq=row["seq"], due_on="", since=since, left=left)
            if row["event"] != APPLIED and "armed:" in marks:
                kept = {field: value for field, value in data.items() if field not in _NO_FIELDS and value is not None}
                resumed = stopped if marks.startswith("resumed") else None
                at = {one: row[one] for one in ("occurred_at", "recorded_at")}
                found = Start(**at, data=kept, stopped=resumed)
        return found


def _told(case: Case, name: str, due: Due) -> MovedDeadline:
    told = {"ja": due.explanation.ja, "en": due.explanation.en}
    old = case.deadlines[name].due_on
    return MovedDeadline(case_id=case.id, deadline=name, old=old, new=due.due.isoformat(), explanation=told)

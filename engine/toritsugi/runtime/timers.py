"""Fire deadlines that are due: one case, one transaction; a case that fails does not hold up the others."""

from __future__ import annotations

from toritsugi.errors import ToritsugiError
from toritsugi.ports import Clock, Store
from toritsugi.runtime.dispatch import Dispatch
from toritsugi.runtime.log import log


class Timers:
    """Finds due deadlines and has their cases fire them."""

    def __init__(self, store: Store, dispatch: Dispatch, clock: Clock) -> None:
        self._store = store
        self._dispatch = dispatch
        self._clock = clock

    def tick(self, limit: int) -> int:
        """Fire the deadlines that are due now, up to `limit` at a time; how many fired."""
        fired = 0
        seen: set[str] = set()
        while True:
            due = [one for one in self._due(limit + len(seen)) if one not in seen]
            if not due:
                return fired
            for case_id in due:
                seen.add(case_id)  # whatever comes of it: not again in this pass
                try:
                    fired += self._dispatch.fire(case_id)
                except ToritsugiError as fault:
                    log("deadline_not_fired", case=case_id, code=fault.code)
                except (ValueError, LookupError, TypeError) as fault:  # one case's data must not stop the others
                    log("deadline_not_fired", case=case_id, kind=type(fault).__name__)

    def _due(self, limit: int) -> list[str]:
        with self._store.unit() as unit:
            return list(dict.fromkeys(one.case_id for one in unit.due(self._clock.now(), limit)))

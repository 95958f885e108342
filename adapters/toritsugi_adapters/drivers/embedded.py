"""The embedded driver: one APScheduler job in this process calls the engine's tick and deliver.

Theory. The scheduler keeps nothing: what is due stands in the store, and the job looks there. It runs once a floor
interval whatever happens, so nothing waits longer than that, and at once after a wake. APScheduler drops a wake that
comes while the job runs (one instance at a time); therefore a wake also raises a flag, and the job looks again before
it ends while the flag is up. A wake that slips between that last look and the job's end is caught by the floor.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Protocol

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from toritsugi.runtime.log import log

#: Longest time, in seconds, until something due is noticed though nobody woke the driver.
FLOOR_S = 1.0
_JOB = "toritsugi"

#: APScheduler warns of every wake that comes in mid-pass; here that is the ordinary case.
_scheduler_log = logging.getLogger("toritsugi.scheduler")
_scheduler_log.setLevel(logging.ERROR)


class Driven(Protocol):
    """What a driver needs of an engine."""

    def tick(self) -> Any:
        """Fire what is due."""

    def deliver(self) -> Any:
        """Hand over what may leave."""


class EmbeddedDriver:
    """Makes time pass for one engine, in a background thread of this process."""

    def __init__(self, engine: Driven, *, floor_s: float = FLOOR_S) -> None:
        self._engine = engine
        self._floor_s = floor_s
        self._woken = threading.Event()
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._scheduler: Any = None

    def start(self) -> None:
        """Begin, with a first pass at once; nothing if it runs already."""
        with self._lock:
            if self._scheduler is not None:
                return
            self._stopping.clear()
            self._scheduler = BackgroundScheduler(
                timezone=UTC,
                logger=_scheduler_log,
                executors={"default": ThreadPoolExecutor(1)},
                job_defaults={"max_instances": 1, "coalesce": True, "misfire_grace_time": None},
            )
            trigger = IntervalTrigger(seconds=self._floor_s, timezone=UTC)
            self._scheduler.add_job(self._run, trigger, id=_JOB, next_run_time=datetime.now(UTC))
            self._scheduler.start()

    def wake(self) -> None:
        """Look soon: at once if no pass runs, else as soon as that pass has ended."""
        self._woken.set()  # first: the running pass may be about to end
        with self._lock:  # a shutdown that has begun would hold the scheduler's own lock until our pass ends
            if self._scheduler is not None:
                self._scheduler.modify_job(_JOB, next_run_time=datetime.now(UTC))

    def stop(self) -> None:
        """End, after the running pass if there is one; nothing if it does not run. Not to be called by a pass."""
        with self._lock:
            scheduler, self._scheduler = self._scheduler, None
            self._stopping.set()
        if scheduler is not None:
            scheduler.shutdown(wait=True)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._woken.clear()
            self._act("tick", self._engine.tick)
            self._act("deliver", self._engine.deliver)
            if not self._woken.is_set():
                return

    def _act(self, name: str, act: Callable[[], Any]) -> None:
        try:
            act()
        except Exception as fault:  # a store that is away for a moment must not stop time: record it and go on
            log("driver_fault", status=name, kind=type(fault).__name__)

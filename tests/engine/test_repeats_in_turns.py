"""A request that is repeated while its first answer waits for a shared commit gets that answer, and no refusal."""

from __future__ import annotations

import os
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from crash.office import draft, open_office, submit
from toritsugi.testing.clock import FakeClock
from world import START


def test_a_repeat_beside_its_first_that_waits_for_the_commit_gets_the_first_answer(tmp_path: Path) -> None:
    with open_office(f"sqlite:///{tmp_path}/store.db", FakeClock(START)) as engine, ThreadPoolExecutor(32) as pool:
        case = draft(engine, "Acme")
        others = [draft(engine, f"Other {number}") for number in range(10)]
        queue: Any = engine.store._turns._queue  # the test makes sure of the order in which they queue

        def queued(act: Any, length: int) -> Future[Any]:
            made = pool.submit(act)
            while len(queue) < length:
                os.sched_yield()
            return made

        with engine.store.unit(write=True):
            first = queued(lambda: submit(engine, case, START, key="k"), 1)
            second = queued(lambda: submit(engine, case, START, key="k"), 2)
            rest = [queued(lambda one=one: submit(engine, one, START), 3 + n) for n, one in enumerate(others)]
        assert (first.result().seq, first.result().repeated) == (2, False)
        assert (second.result().seq, second.result().repeated) == (2, True)
        assert [one.result().seq for one in rest] == [2] * len(others)
        assert engine.store.refusals(case) == []

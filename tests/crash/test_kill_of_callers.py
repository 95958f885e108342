"""A process in which eight callers share their COMMITs is killed: what was acknowledged to any of them is there."""

import os
import signal
import threading
from pathlib import Path
from typing import Any

from crash.office import BANK, draft, open_office, submit
from toritsugi.engine import Engine
from toritsugi.store.audit import verify
from toritsugi.testing.clock import FakeClock
from world import START

CALLERS = 8
KILLS = 6
#: acknowledgements that are awaited before each kill: a place in the work that is another one each time.
AWAITED = 150


def _call_for_ever(engine: Engine, case_id: str, told: int) -> None:
    while True:
        answer = engine.send(case_id, "jot", BANK, {"note": "控え"})
        os.write(told, f"{case_id} {answer.seq}\n".encode())


def _serve(url: str, case_ids: list[str], told: int) -> None:
    engine = open_office(url, FakeClock(START))
    for case_id in case_ids:
        threading.Thread(target=_call_for_ever, args=(engine, case_id, told)).start()
    threading.Event().wait()


def _acknowledged_until_killed(url: str, case_ids: list[str], most: int) -> dict[str, int]:
    """The last step that each caller was told of."""
    heard, told = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            _serve(url, case_ids, told)
        finally:
            os._exit(1)
    os.close(told)
    last: dict[str, int] = {}
    with os.fdopen(heard) as lines:
        for number, line in enumerate(lines, 1):
            case_id, seq = line.split()
            last[case_id] = int(seq)
            if number == most:
                os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return last


def test_nothing_that_was_acknowledged_to_any_of_many_callers_is_lost_by_a_kill(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/store.db"
    with open_office(url, FakeClock(START)) as engine:
        case_ids = [draft(engine, f"企業{number}") for number in range(CALLERS)]
        for case_id in case_ids:
            submit(engine, case_id, START)
    for kill in range(KILLS):
        last: dict[str, Any] = _acknowledged_until_killed(url, case_ids, AWAITED + kill)
        with open_office(url, FakeClock(START)) as engine:
            # at most the one step is there that its caller was not told of any more
            beyond = {case_id: engine.case(case_id).revision - seq for case_id, seq in last.items()}
            assert set(beyond.values()) <= {0, 1}, beyond
            assert verify(engine.store).clean

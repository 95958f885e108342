"""The processes that are killed: a nursery that has everything imported, and the workers that it forks.

`python worker.py` reads orders from its standard input and forks one worker for each `birth`; the worker opens the
engine on the store, answers requests on the socket that came with the order, and dies when its point is passed. It is
a process of its own: SIGKILL takes it, its connections and its memory, and nothing else.
"""

import dataclasses
import json
import logging
import os
import re
import signal
import socket
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from crash.office import open_office
from crash.plants import PLANTS
from crash.points import Points
from crash.spool import SpoolChannel, delayed
from tokyo.company import open_shipped
from toritsugi.core.sitting import Item
from toritsugi.core.values import Actor, Answer
from toritsugi.engine import Limits
from toritsugi.errors import ToritsugiError
from toritsugi.ports import Parcel

#: what a worker works with: the procedures of these tests, or everything that is shipped.
OFFICES = {"tests": open_office, "shipped": open_shipped}

_SETTLED = re.compile(r"event='message'.*key='([^']+)'.*status='([^']+)'")


class GivenClock:
    """Tells the moment that came with the request."""

    moment = 0

    def now(self) -> int:
        """That moment."""
        return self.moment


class Worker(logging.Handler):
    """Carries requests out and answers them; also a log handler, to report each outcome of a message it recorded."""

    def __init__(
        self, link: socket.socket, store: str, spool: str, *, plant: str | None, watched: bool, office: str
    ) -> None:
        super().__init__()
        self._link = link
        self._clock = GivenClock()
        self.points = Points()
        if watched:
            self.points.watch()
        if plant is not None:
            PLANTS[plant]()
        self._settled: list[tuple[str, str]] = []
        logging.getLogger("toritsugi").addHandler(self)
        logging.getLogger("toritsugi").setLevel(logging.INFO)
        self._channels = {
            name: SpoolChannel(name, Path(spool), repeatable=repeatable, sent=self._sent)
            for name, repeatable in (("email", True), ("fax", False))
        }
        limits = Limits(batch=5, lease_s=120)
        self._engine = OFFICES[office](store, self._clock, self._channels.values(), limits=limits)

    def emit(self, record: logging.LogRecord) -> None:
        """Note the outcome of a message."""
        found = _SETTLED.search(record.getMessage())
        if found:
            self._settled.append((found[1], found[2]))

    def work(self) -> None:
        """Answer requests until the client hangs up."""
        for line in self._link.makefile("r"):
            request = json.loads(line)
            answer = self._carried_out(request)
            if request["act"] != "arm":
                self.points.pass_by("before the answer")
            self.say(answer)

    def _carried_out(self, request: dict[str, Any]) -> Any:
        arguments = dict(request)
        self._clock.moment = arguments.pop("now", self._clock.moment)
        act = arguments.pop("act")
        self.points.act = act if act in ("tick", "deliver") else "event"
        try:
            return getattr(self, f"_{act}")(**arguments)
        except ToritsugiError as fault:
            return {"refused": fault.code}

    def say(self, answer: Any) -> None:
        """Tell the client."""
        self._link.sendall(json.dumps(answer).encode() + b"\n")

    def _arm(self, point: str, passage: int) -> Any:
        self.points.arm(point, passage)
        return {}

    def _start(self, procedure: str, actor: dict[str, str], **arguments: Any) -> Any:
        return _told(self._engine.start(procedure, Actor(**actor), **arguments))

    def _send(self, case_id: str, event: str, actor: dict[str, str], **arguments: Any) -> Any:
        return _told(self._engine.send(case_id, event, Actor(**actor), **arguments))

    def _together(self, items: list[dict[str, Any]], actor: dict[str, str], **arguments: Any) -> Any:
        told = self._engine.send_together([Item(**one) for one in items], Actor(**actor), **arguments)
        return {"answers": [_told(one)["answer"] for one in told]}

    def _all(self, requests: list[dict[str, Any]]) -> Any:
        """Many requests in one go, for races; a conflict is tried again, as a sender would."""
        answers: list[Any] = []
        conflicts = 0
        for request in requests:
            answers.append(self._carried_out(request))
            while answers[-1].get("refused") == "CONFLICT":
                conflicts += 1
                answers[-1] = self._carried_out(request)
        return {"answers": answers, "conflicts": conflicts}

    def _tick(self) -> Any:
        return {"fired": self._engine.tick()}

    def _deliver(self, first: str | None = None) -> Any:
        if first is not None:
            self._channels["email"].first = {"delayed": delayed, "held, then delayed": self._hold}[first]
        self._settled.clear()
        outcome = dataclasses.asdict(self._engine.deliver())
        return {"outcome": outcome, "settled": list(self._settled)}

    def _hold(self, parcel: Parcel) -> None:
        """Stay inside the hand-over until the client says go; then the far side says: not now."""
        self.say({"holding": parcel.key})
        self._link.recv(1)
        delayed(parcel)

    def _sent(self) -> None:
        self.points.pass_by("after send, before settle")


def _told(answer: Answer) -> Any:
    return {"answer": {**dataclasses.asdict(answer), "due": dict(answer.due)}}


def nursery() -> None:
    """Fork a worker for each `birth`; report how it ended when asked with `death`."""
    orders = socket.socket(fileno=os.dup(0))
    while True:
        text, handles, _, _ = socket.recv_fds(orders, 65536, 1)
        if not text:
            return
        order = json.loads(text)
        if order["order"] == "death":
            _, status = os.waitpid(order["pid"], 0)
            orders.sendall(json.dumps(os.waitstatus_to_exitcode(status)).encode())
            continue
        pid = os.fork()
        if pid == 0:
            orders.close()
            link = socket.socket(fileno=handles[0])
            Worker(
                link,
                order["store"],
                order["spool"],
                plant=order.get("plant"),
                watched=order.get("watched", True),
                office=order.get("office", "tests"),
            ).work()
            os._exit(0)
        os.close(handles[0])
        orders.sendall(json.dumps(pid).encode())


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    nursery()

"""The client outside: sends orders to a worker, notes what it is told, and sends again what nobody answered."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from crash.checker import Book, Order, faults
from crash.points import POINTS

START = 1_776_000_000_000_000
SECOND = 1_000_000
DAY = 86_400 * SECOND
#: how long an answer may take before the test is broken.
PATIENCE_S = 60

COMPANY = {"id": "c1", "institution": "acme", "role": "company"}
BANK = {"id": "b1", "institution": "test_bank", "role": "bank"}


class Dead(Exception):
    """The worker was killed before it answered."""


class Nursery:
    """Gives birth to workers; one interpreter for all of them, so that a life costs a fork."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen([sys.executable, str(Path(__file__).with_name("worker.py"))], stdin=theirs)
        self._orders = ours

    def birth(self, **settings: Any) -> tuple[int, socket.socket]:
        """A new worker: its process id, and the socket that it listens to."""
        ours, theirs = socket.socketpair()
        with theirs:
            socket.send_fds(self._orders, [json.dumps({"order": "birth", **settings}).encode()], [theirs.fileno()])
            pid = json.loads(self._orders.recv(65536))
        ours.settimeout(PATIENCE_S)
        return pid, ours

    def death(self, pid: int) -> int:
        """How the worker ended: its exit code, or minus the signal."""
        self._orders.sendall(json.dumps({"order": "death", "pid": pid}).encode())
        return int(json.loads(self._orders.recv(65536)))

    def close(self) -> None:
        """End the nursery."""
        self._orders.close()
        self._process.wait(PATIENCE_S)


class Connection:
    """A worker, seen from outside."""

    def __init__(self, nursery: Nursery, **settings: Any) -> None:
        self._nursery = nursery
        self.pid, self._link = nursery.birth(**settings)
        self._lines = self._link.makefile("r")

    def ask(self, **request: Any) -> dict[str, Any]:
        """What the worker says.

        Raises:
            Dead: it died first.
        """
        self.tell(**request)
        return self.listen()

    def tell(self, **request: Any) -> None:
        """Ask without waiting for the answer."""
        try:
            self._link.sendall(json.dumps(request).encode() + b"\n")
        except OSError:
            raise Dead from None

    def listen(self) -> dict[str, Any]:
        """What it says next."""
        try:
            line = self._lines.readline()
        except ConnectionError:
            raise Dead from None
        if not line.endswith("\n"):
            raise Dead
        answer: dict[str, Any] = json.loads(line)
        return answer

    def go(self) -> None:
        """Let a worker go on that holds."""
        self._link.sendall(b".")

    def kill(self) -> None:
        """Kill it from outside."""
        os.kill(self.pid, signal.SIGKILL)

    def hang_up(self) -> int:
        """End the conversation: a worker that still lives goes home. How it ended."""
        self._lines.close()
        self._link.close()
        return self._nursery.death(self.pid)


class Client:
    """Works through one company's loan after another, over as many workers as it takes."""

    def __init__(self, nursery: Nursery, store: str, spool: Path, *, seed: int, plant: str | None = None) -> None:
        self._nursery = nursery
        self._settings = {"store": store, "spool": str(spool), "plant": plant}
        self._store, self._spool = store, spool
        self._chance = random.Random(seed)
        self._script = self._companies()
        self._next: dict[str, Any] | None = None
        self._cases: dict[int, str] = {}
        self.now = START
        self.book = Book()
        #: point -> workers killed there.
        self.kills: Counter[str] = Counter()
        self.worker = self.connect()

    def connect(self) -> Connection:
        """A fresh worker on the same store."""
        return Connection(self._nursery, **self._settings)

    def close(self) -> None:
        """Send the last worker home."""
        assert self.worker.hang_up() in (0, -signal.SIGKILL)

    def faults(self) -> list[str]:
        """What the checker says about the store."""
        return faults(self._store, self._spool, self.book)

    # --- one life -----------------------------------------------------------------------------------------------------
    def live_until(self, point: str) -> list[str]:
        """Work until the worker dies at `point`; then send again, and the checker's faults."""
        self.worker.ask(act="arm", point=point, passage=self._chance.randint(1, 2))
        try:
            self.work(200)
        except Dead:
            return self.recover(point)
        raise AssertionError(f"200 orders did not pass the point {point!r}")

    def live_a_while(self) -> list[str]:
        """Work until the worker is killed from outside at no particular moment; then as above."""
        timer = threading.Timer(self._chance.uniform(0.0, 0.15), self.worker.kill)
        timer.start()
        try:
            while True:
                self.work(1)
        except Dead:
            timer.join()
            return self.recover("any moment")

    def recover(self, point: str) -> list[str]:
        """A new worker takes over; the client sends again what nobody answered."""
        ended = self.worker.hang_up()
        assert ended == -signal.SIGKILL, f"the worker ended with {ended} instead of being killed at {point!r}"
        self.kills[point] += 1
        self.worker = self.connect()
        self.now += 300 * SECOND  # what the dead worker had claimed is free again
        for order in self.book.orders:
            if not order.settled:
                self._order(order)
        return self.faults()

    def work(self, requests: int) -> None:
        """Carry out so many more requests of the script."""
        for _ in range(requests):
            if self._next is None:
                self._next = next(self._script)
            request, self._next = self._next, None
            if request["act"] in ("tick", "deliver"):
                self._pass(request)
            else:
                order = self._new_order(request)
                self._order(order)

    def finish(self) -> list[str]:
        """Let everything that waits leave and everything due fire; then the checker's faults."""
        self.now += 30 * DAY
        self._pass({"act": "tick"})
        for _ in range(100):
            before = len(self.book.handed_over)
            self._pass({"act": "deliver"})
            if len(self.book.handed_over) == before:
                break
        return self.faults()

    def _pass(self, request: dict[str, Any]) -> None:
        told = self.worker.ask(now=self.now, **request)
        if request["act"] == "tick":
            self.book.ticked = self.now
        self.book.handed_over |= {key for key, status in told.get("settled", ()) if status == "handed_over"}

    def _new_order(self, request: dict[str, Any]) -> Order:
        number = len(self.book.orders) + 1
        values = {name: value.format(number=number) if isinstance(value, str) else value
                  for name, value in request.get("values", {}).items()}  # fmt: skip
        company = request.pop("company")
        case_id = self._cases.get(company)
        act = request["act"]
        sent = {**request, "values": values, "key": f"key-{number}"} | ({"case_id": case_id} if act == "send" else {})
        mark = next((value for value in values.values() if isinstance(value, str) and value.startswith("order-")), None)
        order = Order(key=f"key-{number}", event=request.get("event", "open"), case_id=case_id, mark=mark, request=sent)
        order.request["company"] = company
        self.book.orders.append(order)
        return order

    def _order(self, order: Order) -> None:
        self.now += SECOND
        request = {name: value for name, value in order.request.items() if name != "company"}
        told = self.worker.ask(now=self.now, **request)
        order.answer, order.refused = told.get("answer"), told.get("refused")
        if order.event == "open" and order.answer is not None:
            self._cases[order.request["company"]] = order.answer["case_id"]

    # --- the work -----------------------------------------------------------------------------------------------------
    def _companies(self) -> Iterator[dict[str, Any]]:
        number = 0
        while True:
            number += 1
            for step in self._loan(number):
                yield {"company": number, **step} if step["act"] in ("start", "send") else step
            self.now += 3600 * SECOND

    def _loan(self, number: int) -> Iterator[dict[str, Any]]:
        """One company's request, from the first draft to the last yen."""
        way = number % 4
        person = {"company_email": f"boss{number}@acme.example.jp", "contact_name": f"担当 {number}"}
        yield {"act": "start", "procedure": "loan_request", "actor": COMPANY,
               "values": {"company": f"company {number}", **person}, "parties": {"adviser": "adviser_office"}}  # fmt: skip
        yield _send("consent", COMPANY)
        asked = {"amount": 900_000, "purpose": "export", "arrived_at": self.now - DAY}
        yield _send("submit", COMPANY, asked, channel="fax" if way == 1 else "email")
        yield _send("share", BANK)
        if way == 2:
            yield _send("revoke", COMPANY)
            yield _send("share", BANK)  # refused: the consent is gone
        yield _send("promise", BANK, {"promised_on": "2030-01-10"})
        yield _send("jot", BANK, {"note": "order-{number}"})
        yield {"act": "deliver", **({"first": "delayed"} if way == 0 else {})}
        if way == 3:
            yield _send("withdraw", COMPANY)
            return
        if way != 2:
            self.now += 9 * DAY
        if way == 0:
            yield {"act": "tick"}
        yield _send("answer", BANK)
        yield {"act": "deliver"}
        yield _send("draw", BANK, {"item": "order-{number}", "amount": 400}, reason="a written reason")
        yield _send("draw", BANK, {"item": "order-{number}", "amount": 700})  # refused: more than is left
        yield _send("jot", BANK, {"note": "order-{number}"})
        yield _send("draw", BANK, {"item": "order-{number}", "amount": 700, "agrees": True})
        yield {"act": "deliver"}
        yield {"act": "tick"}


def _send(event: str, actor: dict[str, str], values: dict[str, Any] | None = None, **options: Any) -> dict[str, Any]:
    return {"act": "send", "event": event, "actor": actor, "values": values or {}, **options}


def schedule(kills: int, seed: int) -> list[str | None]:
    """Where workers die, each point about as often as another; None: at any moment."""
    places: list[str | None] = [*POINTS, None, None]
    found = [places[n % len(places)] for n in range(kills)]
    random.Random(seed).shuffle(found)
    return found

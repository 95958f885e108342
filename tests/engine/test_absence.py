"""What was looked for and not there is not there at the commit either: units that run side by side, on PostgreSQL."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, local

import pytest

from inquiries import DESK, inquire, of, open_desk, passed_on, sound
from toritsugi.engine import Engine
from toritsugi.errors import NotPossible
from toritsugi.testing.clock import FakeClock
from world import START


class Interrupted(FakeClock):
    """A clock at whose n-th question of a thread something else happens: between what is read and what is written."""

    def __init__(self) -> None:
        super().__init__(START)
        self._asked = local()
        self._at, self._act = 0, _nothing

    def questions(self, ask: Callable[[], object]) -> int:
        """How often `ask` looks at the clock."""
        self._asked.count = 0
        ask()
        return int(self._asked.count)

    def interrupt(self, at: int, act: Callable[[], object]) -> None:
        """Let `act` happen at the `at`-th question of each thread that is told to `listen`."""
        self._at, self._act = at, act

    def listen(self) -> None:
        """This thread is interrupted, once."""
        self._asked.count, self._asked.listens = 0, True

    def now(self) -> int:
        found = super().now()
        self._asked.count = getattr(self._asked, "count", 0) + 1
        if getattr(self._asked, "listens", False) and self._asked.count == self._at:
            self._asked.listens = False
            self._act()
        return found


def _nothing() -> None:
    """Before anything is to happen."""


@pytest.fixture
def moments() -> Interrupted:
    return Interrupted()


@pytest.fixture
def desk(postgresql_url: str, moments: Interrupted) -> Iterator[Engine]:
    with open_desk(postgresql_url, moments) as opened:
        inquiry = inquire(opened, "Warm")
        opened.send(inquiry, "record", DESK)  # its texts are kept from now on: no question of the clock is about them
        yield opened


def _record(desk: Engine, moments: Interrupted, inquiry: str) -> None:
    moments.listen()
    desk.send(inquiry, "record", DESK)


def _last_look(desk: Engine, moments: Interrupted) -> int:
    """The question of the clock after which a recording decides for good."""
    trial = inquire(desk, "Trial")
    return moments.questions(lambda: desk.send(trial, "record", DESK))


def _journals(desk: Engine, company: str) -> list[str]:
    return [case_id for case_id in of(desk, "journal") if desk.case(case_id).data["company"] == company]


def test_two_who_find_no_open_case_open_one_between_them(desk: Engine, moments: Interrupted) -> None:
    last_look = _last_look(desk, moments)
    inquiries = [inquire(desk, "Acme") for _ in range(2)]
    together = Barrier(2)
    moments.interrupt(last_look, lambda: together.wait(30))
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(lambda inquiry: _record(desk, moments, inquiry), inquiries))
    assert len(_journals(desk, "Acme")) == 1
    assert not together.broken
    assert sound(desk)


def test_what_is_opened_after_the_look_is_seen_before_the_commit(desk: Engine, moments: Interrupted) -> None:
    last_look = _last_look(desk, moments)
    inquiry = inquire(desk, "Acme")
    with ThreadPoolExecutor(1) as other:
        first = lambda: other.submit(desk.start, "journal", DESK, {"company": "Acme"}).result(30)  # noqa: E731
        moments.interrupt(last_look, first)
        _record(desk, moments, inquiry)
    (journal,) = _journals(desk, "Acme")
    assert desk.case(journal).data["line"] == "Acme"
    assert desk.case(journal).parent is None, "the one that was opened in between"


def test_a_sibling_that_is_opened_after_the_look_is_seen_before_the_commit(desk: Engine, moments: Interrupted) -> None:
    inquiry = inquire(desk, "Acme")
    attempt = passed_on(desk, inquiry)
    desk.send(inquiry, "clear", DESK)
    desk.send(of(desk, "clearance")[0], "give", DESK)
    last_look = moments.questions(lambda: desk.send(attempt, "check", DESK))
    with ThreadPoolExecutor(1) as other:
        moments.interrupt(last_look, lambda: other.submit(desk.send, inquiry, "pass_on", DESK).result(30))
        moments.listen()
        with pytest.raises(NotPossible) as refused:
            desk.send(attempt, "check", DESK)
    assert refused.value.code == "DUPLICATE"


def test_two_children_that_are_opened_at_once_are_both_opened(desk: Engine, moments: Interrupted) -> None:
    inquiry = inquire(desk, "Acme")
    last_look = moments.questions(lambda: passed_on(desk, inquiry))
    together = Barrier(2)
    moments.interrupt(min(last_look, 2), lambda: together.wait(30))

    def pass_on(candidate: str) -> None:
        moments.listen()
        desk.send(inquiry, "pass_on", DESK, {"candidate": candidate})

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(pass_on, ["one_office", "other_office"]))
    providers = {desk.case(case_id).parties["provider"] for case_id in of(desk, "attempt")}
    assert providers == {"adviser_office", "one_office", "other_office"}
    assert sound(desk)

"""A clock that a test, a rehearsal or a demonstration moves by hand."""

from __future__ import annotations

SECOND = 1_000_000


class FakeClock:
    """Stands still until somebody moves it; never backward."""

    def __init__(self, now: int) -> None:
        """Stand at `now`, microseconds since the epoch, UTC."""
        self._now = now

    def now(self) -> int:
        """The moment at which it stands."""
        return self._now

    def set(self, moment: int) -> None:
        """Move to `moment`.

        Raises:
            ValueError: it lies before the present one.
        """
        if moment < self._now:
            raise ValueError("a clock does not go backward")
        self._now = moment

    def advance(self, *, seconds: int) -> None:
        """Move on by so many seconds."""
        self.set(self._now + seconds * SECOND)

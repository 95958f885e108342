"""The real clock."""

from __future__ import annotations

import time


class SystemClock:
    """Tells the machine's time, in microseconds since the epoch, UTC."""

    def now(self) -> int:
        """The present moment."""
        return time.time_ns() // 1_000

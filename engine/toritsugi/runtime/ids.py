"""Ids of cases: short enough to read out on the telephone, rising with time."""

from __future__ import annotations

import secrets
import threading

#: Crockford's base 32: no I, L, O, U, so that a case number survives a FAX.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_TIME_CHARACTERS = 9
_RANDOM_CHARACTERS = 4


class CaseIds:
    """Hands out ids such as `01KA3-9VWXQ-7H2M`: nine characters of time in milliseconds, four of chance."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0

    def fresh(self, now: int) -> str:
        """A new id for the moment `now` (microseconds), above every id this object gave before."""
        with self._lock:
            number = (now // 1_000 << 5 * _RANDOM_CHARACTERS) + secrets.randbits(5 * _RANDOM_CHARACTERS)
            number = max(number, self._last + 1)
            self._last = number
        length = _TIME_CHARACTERS + _RANDOM_CHARACTERS
        text = "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(length)))
        return f"{text[:5]}-{text[5:9]}-{text[9:]}"

"""A channel that leaves each message as a file, and notes every hand-over: what the far side could show."""

import json
import os
from collections.abc import Callable
from pathlib import Path

from toritsugi.errors import ChannelDelayed
from toritsugi.ports import Parcel, Proof

#: every hand-over that a channel made, one JSON line each, in order.
NOTES = "handed_over.jsonl"


def file_of(spool: Path, key: str) -> Path:
    """Where the message of this key lies."""
    return spool / (key.replace("/", "_") + ".json")


class SpoolChannel:
    """One file a key, written whole or not at all."""

    def __init__(self, name: str, spool: Path, *, repeatable: bool, sent: Callable[[], None] = lambda: None) -> None:
        self.name = name
        self.repeatable = repeatable
        self._spool = spool
        self._sent = sent
        #: what happens inside the next hand-over, before and after the file is written: a pause, a fault.
        self.first: Callable[[Parcel], None] | None = None

    def send(self, parcel: Parcel) -> Proof:
        """Leave it in the spool."""
        if self.first is not None:
            first, self.first = self.first, None
            first(parcel)
        path = file_of(self._spool, parcel.key)
        draft = path.with_suffix(f".{os.getpid()}")
        draft.write_text(json.dumps({"key": parcel.key, "channel": self.name, "content": dict(parcel.content)}))
        draft.rename(path)
        self._note(parcel)
        self._sent()
        return Proof(channel=self.name, reference=path.name)

    def _note(self, parcel: Parcel) -> None:
        line = json.dumps({"key": parcel.key, "attempt": parcel.attempts + 1, "channel": self.name}) + "\n"
        handle = os.open(self._spool / NOTES, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        try:
            os.write(handle, line.encode())
        finally:
            os.close(handle)


def delayed(_: Parcel) -> None:
    """The far side says: not now."""
    raise ChannelDelayed(60)

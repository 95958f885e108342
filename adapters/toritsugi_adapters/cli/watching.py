"""An engine and its channels with somebody listening: each deadline that fires and each message that leaves is told."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from toritsugi.errors import ChannelDelayed, ChannelRefused, ChannelUncertain
from toritsugi_adapters.cli.language import words

if TYPE_CHECKING:
    from toritsugi.engine import Engine
    from toritsugi.ports import Channel, DueDeadline, Parcel, Proof

Tell = Callable[[str], None]


class ToldChannel:
    """A channel that says what became of each message."""

    def __init__(self, channel: Channel, tell: Tell) -> None:
        self.name = channel.name
        self.repeatable = channel.repeatable
        self._channel = channel
        self._tell = tell

    def send(self, parcel: Parcel) -> Proof:
        """Hand it over, and say so; raises what the channel raises."""
        try:
            proof = self._channel.send(parcel)
        except (ChannelDelayed, ChannelRefused, ChannelUncertain) as fault:
            self._say(parcel, fault.message(words("ja", "en")))
            raise
        from toritsugi_adapters.cli import wording

        self._say(parcel, wording.whereabouts(proof))
        return proof

    def _say(self, parcel: Parcel, outcome: str) -> None:
        from toritsugi_adapters.cli import wording

        what = parcel.document or words("お知らせ", "notice")
        how = wording.channel_title(parcel.channel)
        ja = f"送付 {parcel.key} {what} → {parcel.party}（{how}） {outcome}"
        en = f"message {parcel.key} {what} → {parcel.party} ({how}) {outcome}"
        self._tell(words(ja, en))


class ToldEngine:
    """What a driver needs of an engine, with each deadline that fires told."""

    def __init__(self, engine: Engine, now: Callable[[], int], tell: Tell) -> None:
        self._engine = engine
        self._now = now
        self._tell = tell

    def tick(self) -> int:
        """Fire what is due; how many."""
        due = self._due()
        fired = self._engine.tick()
        for one in due if fired else ():
            self._say(one)
        return fired

    def deliver(self) -> Any:
        """Hand over what may leave; its channels tell about it."""
        return self._engine.deliver()

    def _due(self) -> list[DueDeadline]:
        with self._engine.store.unit() as unit:
            return list(unit.due(self._now(), 1000))

    def _say(self, one: DueDeadline) -> None:
        from toritsugi_adapters.cli import wording

        procedure = self._engine.procedure_of(self._engine.case(one.case_id))
        title = wording.deadline_title(procedure, one.name)
        self._tell(words(f"期限超過 {one.case_id} {title}", f"deadline passed {one.case_id} {title}"))


def stamped(line: str) -> None:
    """Print a line with the time of day before it, at once."""
    print(f"{time.strftime('%Y-%m-%d %H:%M:%S')}  {line}", flush=True)

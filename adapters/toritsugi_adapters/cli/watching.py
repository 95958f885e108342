"""An engine and its channels with somebody listening: each deadline that fires and each message that leaves is told."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from toritsugi.errors import ChannelDelayed, ChannelRefused, ChannelUncertain
from toritsugi_adapters.cli import wording
from toritsugi_adapters.cli.faults import account_of
from toritsugi_adapters.cli.language import words

if TYPE_CHECKING:
    from toritsugi.definition.model import Procedure
    from toritsugi.engine import Engine
    from toritsugi.ports import Channel, DueDeadline, Parcel, Proof

T = TypeVar("T")
Tell = Callable[[str], None]


class ToldChannel:
    """A channel that says what became of each message."""

    def __init__(self, channel: Channel, tell: Tell, procedure_of: Callable[[str], Procedure]) -> None:
        """`procedure_of` knows the procedure of a case, by whose titles the message is told."""
        self.name = channel.name
        self.repeatable = channel.repeatable
        self._channel = channel
        self._tell = tell
        self._procedure_of = procedure_of

    def send(self, parcel: Parcel) -> Proof:
        """Hand it over, and say so; raises what the channel raises."""
        try:
            proof = self._channel.send(parcel)
        except (ChannelDelayed, ChannelRefused, ChannelUncertain) as fault:
            self._say(parcel, fault.message(wording.locale()))
            raise
        self._say(parcel, wording.whereabouts(proof))
        return proof

    def _say(self, parcel: Parcel, outcome: str) -> None:
        how = wording.channel_title(parcel.channel)
        sent = wording.sent(self._procedure_of(parcel.case_id), parcel.document, parcel.party, how)
        self._tell(words(f"送付 {parcel.case_id} {sent} {outcome}", f"message {parcel.case_id} {sent} {outcome}"))


class ToldEngine:
    """What a driver needs of an engine, with each deadline that fires told, and each fault once."""

    def __init__(self, engine: Engine, now: Callable[[], int], tell: Tell) -> None:
        self._engine = engine
        self._now = now
        self._tell = tell
        self._fault = ""

    def tick(self) -> int:
        """Fire what is due; how many."""
        return self._attempted(self._tick)

    def deliver(self) -> Any:
        """Hand over what may leave; its channels tell about it."""
        return self._attempted(self._engine.deliver)

    def _tick(self) -> int:
        due = self._due()
        fired = self._engine.tick()
        still_due = self._due() if fired else due
        for one in due:
            if one not in still_due:
                self._say(one)
        return fired

    def _attempted(self, act: Callable[[], T]) -> T:
        """A driver goes on after a fault; the person who watches should know of it, and not once a second."""
        try:
            done = act()
        except Exception as fault:
            account = account_of(fault)
            if account.code != self._fault:
                self._tell(words("障害 ", "fault ") + words(account.ja, account.en))
            self._fault = account.code
            raise
        self._fault = ""
        return done

    def _due(self) -> list[DueDeadline]:
        with self._engine.store.unit() as unit:
            return list(unit.due(self._now(), 1000))

    def _say(self, one: DueDeadline) -> None:
        procedure = self._engine.procedure_of(self._engine.case(one.case_id))
        title = wording.deadline_title(procedure, one.name)
        self._tell(words(f"期限超過 {one.case_id} {title}", f"deadline passed {one.case_id} {title}"))


def stamped(line: str) -> None:
    """Print a line with the time of day before it, at once."""
    print(f"{time.strftime('%Y-%m-%d %H:%M:%S')}  {line}", flush=True)


def stamped_json(line: str) -> None:
    """The same as one JSON object on a line, for a program that reads along."""
    at = time.strftime("%Y-%m-%dT%H:%M:%S%z")
    print(json.dumps({"at": f"{at[:-2]}:{at[-2:]}", "told": line}, ensure_ascii=False), flush=True)

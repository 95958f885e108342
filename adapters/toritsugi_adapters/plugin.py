"""What the adapters bring to an engine: its channels and the driver that makes time pass."""

from __future__ import annotations

import time
from typing import Any

from toritsugi.hooks import ChannelSettings, hook
from toritsugi.ports import Channel, Driver


@hook
def toritsugi_channels(settings: ChannelSettings) -> list[Channel]:
    """E-mail, spooled or served, and the trays for fax, post and telephone."""
    from toritsugi_adapters.channels.email import email_channel
    from toritsugi_adapters.channels.paper import trays

    return [email_channel(settings, _now), *trays(settings, _now)]


@hook
def toritsugi_driver(name: str, engine: Any) -> Driver | None:
    """The driver named `embedded`."""
    if name != "embedded":
        return None
    from toritsugi_adapters.drivers.embedded import EmbeddedDriver

    return EmbeddedDriver(engine)


def _now() -> int:
    """The machine's time, for the date on what leaves, in microseconds UTC."""
    return time.time_ns() // 1000

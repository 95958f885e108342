"""One log line an event, through structlog, with nothing personal in it."""

from __future__ import annotations

import logging
from collections.abc import Mapping, MutableMapping
from functools import cache
from typing import Any

#: the only keys that may be logged; anything else is dropped, so personal data cannot slip in under a new name.
ALLOWED = frozenset(
    {
        "event", "level", "timestamp", "case", "seq", "key", "channel", "status", "code", "kind", "count",
        "procedure", "state", "event_id", "institution", "worker", "seconds",
    }
)  # fmt: skip

_standard = logging.getLogger("toritsugi")


def redact(_: Any, __: str, line: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """A structlog processor that keeps only what may be logged; put it first in a host's own chain too."""
    return {name: value for name, value in line.items() if name in ALLOWED}


@cache
def _logger() -> Any:
    import structlog  # takes a tenth of a second to import: only a process that logs pays for it

    return structlog.wrap_logger(
        _standard,
        processors=[
            redact,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.KeyValueRenderer(key_order=["event"]),
        ],
        wrapper_class=structlog.BoundLogger,
    )


def log(event: str, **details: Any) -> None:
    """Log `event` at INFO with details from the allowed keys; costs next to nothing while INFO is off."""
    if _standard.isEnabledFor(logging.INFO):
        _logger().info(event, **details)

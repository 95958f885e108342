"""A channel that hands nothing over and says that it did: what leaves in a spec leaves only on paper."""

from __future__ import annotations

from toritsugi.ports import Parcel, Proof


class Mailbox:
    """One channel of a spec's engine."""

    repeatable = True

    def __init__(self, name: str) -> None:
        self.name = name

    def send(self, parcel: Parcel) -> Proof:
        """Say that it arrived."""
        return Proof(channel=self.name, reference=parcel.key)

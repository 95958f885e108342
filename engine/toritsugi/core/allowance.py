"""The arithmetic of a ledger: how far an amount is covered by a ceiling, in integer yen without consumption tax.

Normative algorithm: procedures.md part J. `available = ceiling - consumed - reserved` at all times, never negative;
what a posting does not cover is paid by the company, and only if the company agreed to that.
Source: Tokyo manual 2026, 2-1(2), 2-2(2), 4-1 note 1; the split where the text is silent is policy (AMB-20 to AMB-29).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

TAX_PERCENT = 10


class NotCovered(Exception):
    """A posting the ledger does not take; `code` is CEILING_EXCEEDED, FRAME_EXHAUSTED or NO_RESERVATION."""

    def __init__(self, code: str, *, available_yen: int, amount_yen: int) -> None:
        super().__init__(code)
        self.code = code
        self.available_yen = available_yen
        self.amount_yen = amount_yen


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """One booking on a ledger."""

    ledger: str
    #: reserve | consume | release
    act: str
    item: str
    #: the tax-exclusive amount asked for; 0 for a release.
    amount_yen: int
    #: change of the ledger's totals.
    reserved_yen: int
    consumed_yen: int
    #: what the company pays itself.
    company_pays_yen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservation:
    """Money set aside for an item, and what the company agreed to pay beside it."""

    covered_yen: int
    company_pays_yen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """A ledger as it stands."""

    ceiling_yen: int
    consumed_yen: int = 0
    reserved_yen: int = 0
    #: open reservations by item.
    open_items: Mapping[str, Reservation] = field(default_factory=dict)

    @property
    def available_yen(self) -> int:
        """What can still be reserved."""
        return self.ceiling_yen - self.consumed_yen - self.reserved_yen

    @property
    def balance_yen(self) -> int:
        """What Form 2 reports as remaining: the ceiling less what was consumed; open reservations are shown apart."""
        return self.ceiling_yen - self.consumed_yen


def without_tax(amount_yen: int, treatment: str | None) -> int:
    """The tax-exclusive amount; `treatment` is included, excluded or exempt (None: excluded).

    From a price that includes 10 %, tax = floor(price x 10 / 110).
    """
    if treatment == "included":
        return amount_yen - amount_yen * TAX_PERCENT // (100 + TAX_PERCENT)
    return amount_yen


def reserve(
    allowance: Allowance, *, ledger: str, item: str, amount_yen: int, consent: bool
) -> tuple[Allowance, Posting]:
    """Set `amount_yen` aside for `item`, as far as the ceiling allows.

    Raises:
        NotCovered: FRAME_EXHAUSTED (nothing is left) or CEILING_EXCEEDED (not all of it fits) without consent;
            DUPLICATE if the item is reserved already.
    """
    if item in allowance.open_items:
        raise NotCovered("DUPLICATE", available_yen=allowance.available_yen, amount_yen=amount_yen)
    covered = _covered(allowance.available_yen, amount_yen, consent)
    after = replace(
        allowance,
        reserved_yen=allowance.reserved_yen + covered,
        open_items={
            **allowance.open_items,
            item: Reservation(covered_yen=covered, company_pays_yen=amount_yen - covered),
        },
    )
    return after, Posting(
        ledger=ledger,
        act="reserve",
        item=item,
        amount_yen=amount_yen,
        reserved_yen=covered,
        consumed_yen=0,
        company_pays_yen=amount_yen - covered,
    )


def consume(
    allowance: Allowance, *, ledger: str, item: str, amount_yen: int, consent: bool
) -> tuple[Allowance, Posting]:
    """Book the actual cost of `item`; what goes beyond its reservation is tested as a new one.

    What the company agreed to pay with the reservation counts as its consent for that much of the rest.

    Raises:
        NotCovered: as `reserve`, for the part beyond the reservation.
    """
    held = allowance.open_items.get(item, Reservation(covered_yen=0, company_pays_yen=0))
    reserved = held.covered_yen
    beyond = max(0, amount_yen - reserved)
    agreed = consent or beyond <= held.company_pays_yen
    covered = min(amount_yen, reserved) + (_covered(allowance.available_yen, beyond, agreed) if beyond else 0)
    after = replace(
        allowance,
        reserved_yen=allowance.reserved_yen - reserved,
        consumed_yen=allowance.consumed_yen + covered,
        open_items={name: yen for name, yen in allowance.open_items.items() if name != item},
    )
    return after, Posting(
        ledger=ledger,
        act="consume",
        item=item,
        amount_yen=amount_yen,
        reserved_yen=-reserved,
        consumed_yen=covered,
        company_pays_yen=amount_yen - covered,
    )


def release(allowance: Allowance, *, ledger: str, item: str) -> tuple[Allowance, Posting]:
    """Free the reservation of `item`.

    Raises:
        NotCovered: NO_RESERVATION if nothing is reserved for it.
    """
    if item not in allowance.open_items:
        raise NotCovered("NO_RESERVATION", available_yen=allowance.available_yen, amount_yen=0)
    reserved = allowance.open_items[item].covered_yen
    after = replace(
        allowance,
        reserved_yen=allowance.reserved_yen - reserved,
        open_items={name: yen for name, yen in allowance.open_items.items() if name != item},
    )
    return after, Posting(
        ledger=ledger,
        act="release",
        item=item,
        amount_yen=0,
        reserved_yen=-reserved,
        consumed_yen=0,
        company_pays_yen=0,
    )


def _covered(available_yen: int, amount_yen: int, consent: bool) -> int:
    if amount_yen <= available_yen:
        return amount_yen
    if consent:
        return available_yen
    code = "FRAME_EXHAUSTED" if available_yen == 0 else "CEILING_EXCEEDED"
    raise NotCovered(code, available_yen=available_yen, amount_yen=amount_yen)

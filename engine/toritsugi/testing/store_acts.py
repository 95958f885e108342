"""What the promises of a store are tried with: decisions written, cases loaded, messages claimed, and what must be so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from toritsugi.core.values import Case, Decision
from toritsugi.ports import Idempotency, Parcel, Store
from toritsugi.testing.decisions import CONTENT_HASH, KEPT, NOON, moving, opening

#: microseconds for which a message is claimed.
LEASE = 60_000_000


def keep_example(store: Store) -> None:
    """The procedure that all decisions made by hand are pinned to."""
    with store.unit() as unit:
        unit.keep_procedure(CONTENT_HASH, KEPT, NOON)
        unit.commit()


def write(store: Store, decision: Decision, claim: str | None = None) -> Any:
    """Write one decision in a transaction of its own."""
    idempotency = None if claim is None else Idempotency(claim=claim, request="0" * 64)
    with store.unit() as unit:
        answer = unit.write(decision, idempotency)
        unit.commit()
    return answer


def load(store: Store, case_id: str, *, personal: bool = False) -> Case:
    """A case that is there."""
    with store.unit() as unit:
        case = unit.case(case_id, personal=personal)
    if case is None:
        raise AssertionError(f"{case_id} is not there")
    return case


def opened(store: Store, case_id: str = "c1", **what: Any) -> Case:
    """Open a case and load it."""
    write(store, opening(case_id, **what))
    return load(store, case_id)


def moved(store: Store, case: Case, *step: str, **what: Any) -> Case:
    """Take a case one step on and load it."""
    write(store, moving(case, *step, **what))
    return load(store, case.id)


def is_(found: object, expected: object) -> None:
    """That the one is the other."""
    if found != expected:
        raise AssertionError(f"found {found!r}, not {expected!r}")


def refused(error: type[Exception], act: Callable[[], object]) -> None:
    """That an act fails in this way."""
    try:
        act()
    except error:
        return
    raise AssertionError(f"no {error.__name__} came")


def claim(store: Store, now: int, *repeatable: str, limit: int = 10) -> Sequence[Parcel]:
    """Claim what may leave."""
    with store.unit() as unit:
        parcels = unit.claim_parcels(now, LEASE, limit, "worker-1", repeatable=frozenset(repeatable))
        unit.commit()
    return parcels

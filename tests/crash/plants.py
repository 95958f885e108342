"""Four bugs, planted into a worker by wrapping the product, to show that the checker is awake."""

from collections.abc import Callable
from typing import Any

from toritsugi.core.values import Answer, Decision
from toritsugi.ports import Idempotency, Parcel
from toritsugi.store import convert
from toritsugi.store.dialect import ANY
from toritsugi.store.unit import Unit


def outbox_outside_the_transaction() -> None:
    """Messages are written once the state is committed."""
    _after_commit("insert_message")


def timer_armed_after_commit() -> None:
    """Deadlines are armed once the state is committed."""
    _after_commit("insert_deadline")


def key_not_checked() -> None:
    """The idempotency key is forgotten, so a request that comes again is carried out again."""
    write = Unit.write

    def forgetful(unit: Unit, decision: Decision, idempotency: Idempotency | None = None) -> Answer:
        return write(unit, decision, None)

    Unit.write = forgetful  # type: ignore[method-assign]  # planted


def no_fence() -> None:
    """An outcome is recorded by whoever brings it, whether or not the claim is still its own."""

    def settle(
        unit: Unit, parcel: Parcel, status: str, now: int, *, proof: Any = None, retry_at: int | None = None
    ) -> bool:
        case_id, seq, number = parcel.key.rsplit("/", 2)
        mark = "?" if unit._sql.settle.count("?") else "%s"
        sets = ", ".join(f"{name} = {mark}" for name in ("status", "ready_at", "proof", "settled_at"))
        where = " AND ".join(f"{name} = {mark}" for name in ("case_id", "seq", "number"))
        text = f"UPDATE toritsugi_message SET {sets}, claim = NULL, claimed_until = NULL WHERE {where}"
        row = (status, retry_at or now, convert.proof_text(proof), now, case_id, int(seq), int(number))
        unit._run_all([(text, row, ANY)])
        return True

    Unit.settle_parcel = settle  # type: ignore[method-assign]  # planted


PLANTS: dict[str, Callable[[], None]] = {
    one.__name__: one for one in (outbox_outside_the_transaction, timer_armed_after_commit, key_not_checked, no_fence)
}


def _after_commit(statement: str) -> None:
    """Hold one kind of statement back until the transaction is committed, then run it in one of its own."""
    run_all, commit = Unit._run_all, Unit.commit
    held: list[Any] = []

    def holding(unit: Unit, statements: Any, claim: str | None = None) -> None:
        late = getattr(unit._sql, statement)
        held.extend(one for one in statements if one[0] == late)
        run_all(unit, [one for one in statements if one[0] != late], claim)

    def committing(unit: Unit) -> None:
        commit(unit)
        if held:
            rest = list(held)
            held.clear()
            run_all(unit, rest)
            commit(unit)

    Unit._run_all = holding  # type: ignore[method-assign]  # planted
    Unit.commit = committing  # type: ignore[method-assign]  # planted

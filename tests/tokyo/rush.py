"""Costs posted for one company from everywhere at once: the orders, those who give them, and what must hold afterwards."""

import random
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from crash.checker import Order, faults
from second_opinion.frame_by_hand import GRANT_YEN, Sheet
from tokyo.company import SERVICES, Company
from toritsugi.errors import Conflict, NotPossible

#: what a posting may be refused for when others post at the same moment.
BY_MONEY = frozenset({"CEILING_EXCEEDED", "FRAME_EXHAUSTED"})


@dataclass(slots=True)
class Rush:
    """What several posts have to do for one company, each post in one of its cases."""

    company: Company
    chance: random.Random
    #: whether the company pays what goes beyond; None: sometimes.
    agreed: bool | None = None
    #: prices that are posted.
    amounts: tuple[int, ...] = (1, 9_999, 33_001, 70_001, 110_000, 250_007)
    #: what was ordered, in no order among the posts.
    given: list[Order] = field(default_factory=list)
    _items: dict[str, list[str]] = field(default_factory=dict)

    def orders(self, case_id: str, post: int, size: int, kinds: str = "reserve") -> list[Order]:
        """`size` orders for one post; each kind as often as it is named (spend: consume what nobody has reserved)."""
        found = [self._order(case_id, f"{post}", self.chance.choice(kinds.split())) for _ in range(size)]
        self.given += found
        return found

    def _order(self, case_id: str, post: str, kind: str) -> Order:
        if kind == "resume":
            request = self.company.order(case_id, "adviser", "resume_support", {"company_agrees_excess": True})
            return self.company.noted(request)
        mine = self._items.setdefault(post, [])
        again = kind in ("consume", "release") and mine and self.chance.random() < 0.8
        item = mine.pop(self.chance.randrange(len(mine))) if again else f"{post}/{len(self.company.book.orders)}"
        if kind == "reserve":
            mine.append(item)
        values: dict[str, Any] = {"posting_kind": "consume" if kind == "spend" else kind, "cost_item": item}
        if kind != "release":
            values["cost_service"] = self.chance.choice(SERVICES[self.company.cases[case_id]])
            values["cost_amount"] = self.chance.choice(self.amounts)
            values["cost_tax"] = self.chance.choice(("excluded", "included", "exempt"))
            values["company_agrees_excess"] = self.chance.random() < 0.3 if self.agreed is None else self.agreed
        return self.company.noted(self.company.order(case_id, "office", "post_cost", values))

    def post(self, orders: list[Order]) -> int:
        """One thread's work; how often somebody else was first."""
        conflicts = 0
        for order in orders:
            while order.answer is None and order.refused is None:
                try:
                    answer = self.company.carry_out(order)
                    order.answer = {**asdict(answer), "due": dict(answer.due)}
                except Conflict:
                    conflicts += 1
                except NotPossible as refused:
                    order.refused = refused.code
        return conflicts

    def told(self, orders: list[Order], answers: list[dict[str, Any]]) -> None:
        """What a process said to its orders."""
        for order, told in zip(orders, answers, strict=True):
            order.answer, order.refused = told.get("answer"), told.get("refused")

    # -- afterwards --

    @property
    def postings(self) -> list[Order]:
        """Every order to post a cost."""
        return [one for one in self.given if one.event == "post_cost"]

    @property
    def outcomes(self) -> Counter[str]:
        """What the postings came to: done, or the code."""
        return Counter(one.refused or "done" for one in self.postings)

    def by(self, institution: str) -> int:
        """Postings of an institution that were carried out."""
        done = [one for one in self.postings if one.answer is not None]
        return sum(one.request["actor"]["institution"] == institution for one in done)

    def faults(self, url: str, spool: Path) -> list[str]:
        """Everything that is wrong in the store, in the frame and in its locks."""
        return [*faults(url, spool, self.company.book), *self.misreckoned(), *locks_left(url)]

    def misreckoned(self) -> Iterator[str]:
        """The frame's rows, reckoned again by hand in their order; and no order of a case without its row in the frame."""
        frame = self.company.frame
        sheet = Sheet(granted_on="", content="", purpose="")
        due = {f"{one.answer['case_id']}/{one.answer['seq']}": one for one in self.postings if one.answer is not None}
        for row in self.company.engine.views.history(frame.id):
            for _, act, item, _, reserved, consumed, own in row.get("postings", ()):
                order = due.pop(row["cause"], None)
                if order is None:
                    yield f"the frame's row {row['seq']} was caused by no order, or by one that caused another"
                    continue
                before = (sheet.set_aside, sheet.spent)
                paid = by_hand(sheet, order.request["values"])
                after = (sheet.set_aside - before[0], sheet.spent - before[1])
                if (act, item) != tuple(order.request["values"][name] for name in ("posting_kind", "cost_item")):
                    yield f"row {row['seq']} is {act} of {item}"
                if (reserved, consumed, own) != (*after, paid):
                    yield f"row {row['seq']} books {(reserved, consumed, own)}; by hand it is {(*after, paid)}"
                if not 0 <= sheet.left <= GRANT_YEN:
                    yield f"after row {row['seq']} {sheet.left} yen are left"
        yield from (f"{order.key} was acknowledged and never reached the frame" for order in due.values())
        money = frame.ledgers["allowance"]
        if (money.consumed_yen, money.reserved_yen) != (sheet.spent, sheet.set_aside):
            yield f"the frame says {money.consumed_yen} and {money.reserved_yen}, by hand {sheet.spent}, {sheet.set_aside}"


def by_hand(sheet: Sheet, values: dict[str, Any]) -> int:
    """One posting on paper; what the company pays itself."""
    item, kind = values["cost_item"], values["posting_kind"]
    if kind == "release":
        sheet.release(item)
        return 0
    act = sheet.reserve if kind == "reserve" else sheet.consume
    return act(item, values["cost_amount"], tax=values["cost_tax"], agreed=values["company_agrees_excess"])[1]


def locks_left(url: str) -> Iterator[str]:
    """Transactions that nobody ended, and deadlocks that the database had to break."""
    if url.startswith("sqlite:///"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), timeout=0, isolation_level=None)) as link:
            link.execute("BEGIN IMMEDIATE")  # locked: somebody still writes
            link.execute("ROLLBACK")
        return
    with closing(psycopg.connect(url.replace("+psycopg", ""), autocommit=True)) as link:
        busy = (
            "SELECT state FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"  # the server's own housekeeping comes and goes
        )
        yield from (f"a connection is {state}" for (state,) in link.execute(busy).fetchall() if state != "idle")
        broken = link.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()").fetchone()
        if broken is not None and broken[0]:
            yield f"{broken[0]} deadlocks had to be broken"

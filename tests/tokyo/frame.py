"""A support-cost frame as it is shipped, on an engine of its own, for tests that act on it directly."""

from pathlib import Path
from typing import Any

from tokyo.company import DAY, MORNING, corporate_number, open_shipped
from toritsugi.core.moments import jst_date
from toritsugi.core.values import Actor, Case
from toritsugi.errors import NotPossible
from toritsugi.testing.clock import FakeClock

COMPANY = Actor(id="c-1", institution="company-1", role="client_company")
BANK = Actor(id="b-1", institution="bank-1", role="financial_institution")
JETRO = Actor(id="j-1", institution="jetro_tokyo", role="jetro_tokyo")
SCB = Actor(id="s-1", institution="scb", role="scb")
TOKYO = Actor(id="t-1", institution="tokyo_finance_division", role="programme_owner")

CONTENT, PURPOSE = "タイへの部品の輸出", "販路の開拓"


class Frame:
    """The frame of one company, whichever grant is in use."""

    def __init__(self, folder: Path) -> None:
        self.clock = FakeClock(MORNING)
        self.engine = open_shipped(f"sqlite:///{folder / 'frame.db'}", self.clock, synchronous="NORMAL")
        given = {"company_name": "架空精機", "corporate_number": corporate_number(1), "granted_on": self.today}
        given |= {"grant_number": 1, "overseas_content": CONTENT, "support_purpose": PURPOSE}
        parties = {"client_company": COMPANY.institution, "financial_institution": BANK.institution}
        #: the grants, the last one in use.
        self.grants = [self.engine.start("support_cost_frame", JETRO, given, parties=parties).case_id]

    @property
    def today(self) -> str:
        """The day on which the clock stands."""
        return self.day(0)

    def day(self, later: int) -> str:
        """A day so many days from today."""
        return jst_date(self.clock.now() + later * DAY).isoformat()

    @property
    def case(self) -> Case:
        """The grant in use, as it stands."""
        return self.engine.case(self.grants[-1])

    @property
    def yen(self) -> tuple[int, int, int]:
        """Spent, set aside, available."""
        money = self.case.ledgers["allowance"]
        return money.consumed_yen, money.reserved_yen, money.available_yen

    @property
    def own_money(self) -> int:
        """What the company pays itself for what is spent, in this grant."""
        rows = self.engine.views.history(self.grants[-1])
        return sum(one[-1] for row in rows for one in row.get("postings", ()) if one[1] == "consume")

    def act(self, event: str, actor: Actor, values: dict[str, Any] | None = None, **how: Any) -> str:
        """Send an event: `done`, or the code it is refused with."""
        try:
            self.engine.send(self.grants[-1], event, actor, values, **how)
        except NotPossible as refused:
            return refused.code
        if event == "approve_regrant":
            found = self.engine.views.cases(procedure="support_cost_frame")
            self.grants.append(next(one.id for one in found if not one.ended))
        return "done"

    def close(self) -> None:
        """Close the engine."""
        self.engine.close()

"""One company of Tokyo whose cases at JETRO and at Shinkin Central Bank draw on one frame, carried by the shipped procedures."""

import dataclasses
from collections.abc import Iterable
from typing import Any

import toritsugi_jetro.plugin
import toritsugi_shinkin.plugin
import toritsugi_tokyo.plugin
from crash.checker import Book, Order
from crash.office import VAULT
from toritsugi.core.values import Actor, Answer
from toritsugi.engine import Engine
from toritsugi.ports import Channel, Clock
from toritsugi_workflows import toritsugi_procedures

#: 2026-06-01T09:00 in Japan, a Monday.
MORNING = 1_780_272_000_000_000
DAY = 86_400_000_000

JETRO, SCB = "tokyo_jetro_support", "tokyo_shinkin_support"
FILES = {f"{one}.yaml" for one in (JETRO, SCB, "support_cost_frame")}
#: what each institution's procedure calls those who act in it, and who they are.
STAFF = {
    JETRO: {"bank": "financial_institution", "office": "jetro_tokyo", "adviser": "navigator", "id": "jetro_tokyo"},
    SCB: {"bank": "shinkin_bank", "office": "scb", "adviser": "scb", "id": "scb"},
}
SERVICES = {JETRO: ("online_course", "mini_survey", "fair"), SCB: ("accompaniment", "test_marketing")}

_MET = ("considering_overseas", "is_sme", "business_history", "designated_handling_bank", "lending_bank")
_BANK_SECTION = {
    **dict.fromkeys(_MET, "met"),
    "bank_name": "見本信用金庫",
    "bank_branch": "神田支店",
    "bank_person": "担当",
    "bank_phone": "03-0000-0000",
    "consultation_date": "2026-05-20",
    "loan_status": "in_use",
    "tokyo_office": "office",
    "permits": "not_needed",
    "guaranteed_industry": "covered",
    "taxes_paid": "no_arrears",
    "no_organised_crime": "all_clear",
}
_SHINKIN_ONLY = {"is_shinkin": True, "shinkin_customer": "customer"}
_FORM1 = {
    "legal_form": "corporation",
    "representative_name": "代表",
    "contact_name": "担当",
    "company_phone": "03-0000-0001",
    "company_address": "東京都千代田区丸の内一丁目1番1号",
    "industry": "金属加工業",
    "target_countries": "タイ",
    "overseas_content": "タイへの部品の輸出",
    "support_purpose": "販路の開拓",
}
_MEETING = {"meeting_at": MORNING + DAY, "meeting_place": "company_tokyo_office"}


def open_shipped(store: str, clock: Clock, channels: Iterable[Channel] = (), **options: Any) -> Engine:
    """An engine with what is shipped for the frame, read anew by every process, and the tests' keys."""
    return Engine.open(
        store,
        procedures=[one for one in toritsugi_procedures() if one.file.rpartition("/")[2] in FILES],
        plugins=(toritsugi_jetro.plugin, toritsugi_shinkin.plugin, toritsugi_tokyo.plugin),
        clock=clock,
        channels=channels,
        vault=VAULT,
        **options,
    )


def corporate_number(number: int) -> str:
    """The `number`-th corporate number that cannot be mistaken for a real one, its check digit right."""
    rest = f"{999_900_000_000 + number:012}"
    weighted = sum(int(digit) * (1 if place % 2 == 0 else 2) for place, digit in enumerate(reversed(rest)))
    return f"{9 - weighted % 9}{rest}"


class Company:
    """A company, its cases, and a note of every order that was given for it."""

    def __init__(self, engine: Engine, number: int = 1, book: Book | None = None) -> None:
        self.engine, self.number = engine, corporate_number(number)
        self.name = f"架空精機{number}"
        #: all orders for the store, those for other companies included.
        self.book = Book() if book is None else book
        #: case -> its procedure.
        self.cases: dict[str, str] = {}

    def actor(self, procedure: str, part: str) -> Actor:
        """Somebody who plays a part in the cases of a procedure."""
        if part == "company":
            return Actor(id="c-1", institution=self.number, role="client_company")
        role = STAFF[procedure][part]
        return Actor(id=f"{part}-1", institution="bank-1" if part == "bank" else STAFF[procedure]["id"], role=role)

    def in_support(self, procedure: str) -> str:
        """A new case of this company, carried to where costs are posted; its id."""
        bank = STAFF[procedure]["bank"]
        case_id = self.ask(
            {
                "act": "start",
                "procedure": procedure,
                "actor": _told(self.actor(procedure, "bank")),
                "values": {"company_name": self.name, "bank_name": "見本信用金庫", "consultation_date": "2026-05-20"},
                "parties": {"client_company": self.number, bank: "bank-1"},
            }
        ).case_id
        self.cases[case_id] = procedure
        section = _BANK_SECTION | (_SHINKIN_ONLY if procedure == SCB else {})
        for part, event, values in (
            ("bank", "explain_programme", {"company_needs": "販路"}),
            ("company", "submit_form1", {**_FORM1, "company_name": self.name, "corporate_number": self.number}),
            ("bank", "complete_bank_section", section),
            ("bank", "send_form1", {}),
            ("office", "accept_form1", {"form1_arrived_at": MORNING - DAY}),
            ("adviser", "coordinate_with_bank", {"form2_destination": "窓口", "form2_method": "email"}),
            ("adviser", "contact_company", {}),
            ("adviser", "schedule_meeting", _MEETING),
            ("adviser", "hold_consultation", {}),
            ("adviser", "agree_plan", {"support_plan": "三社に絞る"}),
            ("adviser", "start_support", {}),
        ):
            self.ask(self.order(case_id, part, event, values, channel="email" if event == "send_form1" else None))
        return case_id

    def order(self, case_id: str, part: str, event: str, values: dict[str, Any], **how: Any) -> dict[str, Any]:
        """A request, as a worker takes it."""
        how = {name: value for name, value in how.items() if value is not None}
        actor = _told(self.actor(self.cases[case_id], part))
        return {"act": "send", "case_id": case_id, "event": event, "actor": actor, "values": values, **how}

    def ask(self, request: dict[str, Any]) -> Any:
        """Carry a request out here and now, and note it."""
        order = self.noted(request)
        answer = self.carry_out(order)
        order.answer = {**dataclasses.asdict(answer), "due": dict(answer.due)}
        return answer

    def carry_out(self, order: Order) -> Answer:
        """Send an order that is noted to this company's own engine."""
        sent = {name: value for name, value in order.request.items() if name not in ("act", "actor")}
        act = self.engine.start if order.request["act"] == "start" else self.engine.send
        return act(actor=Actor(**order.request["actor"]), **sent)

    def noted(self, request: dict[str, Any]) -> Order:
        """The request in the book, under a key of its own."""
        key = f"order {len(self.book.orders) + 1}"
        request = {**request, "key": key}
        order = Order(key=key, event=request.get("event", "open"), case_id=request.get("case_id"), request=request)
        self.book.orders.append(order)
        return order

    @property
    def frame(self) -> Any:
        """The frame in use."""
        found = self.engine.views.cases(procedure="support_cost_frame")
        return next(one for one in found if one.subject == self.number and not one.ended)


def _told(actor: Actor) -> dict[str, Any]:
    return {"id": actor.id, "institution": actor.institution, "role": actor.role}

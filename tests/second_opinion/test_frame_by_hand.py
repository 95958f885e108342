"""The shipped frame and the clerk's binder, given the same postings in any order, never differ by a yen or a word."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from second_opinion.frame_by_hand import DRAWING, GRANT_YEN, OTHERS, Binder, Refused, Sheet, net
from tokyo.frame import BANK, CONTENT, JETRO, PURPOSE, SCB, TOKYO, Frame
from toritsugi.core.allowance import without_tax

PRICES = st.one_of(
    st.sampled_from([0, 1, 10, 11, 21, 109, 110, 999_999, 1_000_000, 1_000_001, 1_100_000, 1_100_001]),
    st.integers(0, 400_000),
)
TAX = st.sampled_from(["excluded", "included", "exempt", None])
ITEMS = st.sampled_from(["a", "b", "c", "d", "e"])
OFFICES = st.sampled_from([JETRO, SCB])
TEXTS = st.sampled_from([CONTENT, PURPOSE, "ベトナムへの輸出", "展示会", "現地法人"])


@given(price=st.one_of(st.integers(0, 100_000), st.integers(0, 2**53 - 1)))
def test_tax_is_rounded_as_the_tax_office_does(price: int) -> None:
    tax = price - net(price, "included")
    assert tax * 110 <= price * 10 < (tax + 1) * 110
    assert without_tax(price, "included") == net(price, "included")
    assert without_tax(price, "excluded") == without_tax(price, "exempt") == without_tax(price, None) == price


class TwoBooks(RuleBasedStateMachine):
    """The same acts on both; whoever posts, and whenever."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.frame = Frame(Path(self.folder.name))
        self.binder = Binder([Sheet(granted_on=self.frame.today, content=CONTENT, purpose=PURPOSE)])
        self.asked: tuple[str, str] | None = None

    def teardown(self) -> None:
        self.frame.close()
        self.folder.cleanup()

    def _both(self, event: str, actor: Any, values: dict[str, Any], by_hand: Callable[[], object]) -> None:
        try:
            by_hand()
            expected = "done"
        except Refused as refused:
            expected = str(refused.args[0])
        assert self.frame.act(event, actor, values) == expected

    @rule(
        act=st.sampled_from(["reserve", "consume"]),
        by=OFFICES,
        item=ITEMS,
        price=PRICES,
        tax=TAX,
        agreed=st.sampled_from([True, False, False, None]),
        service=st.sampled_from([*sorted(DRAWING) * 3, *sorted(OTHERS)]),
    )
    def post(
        self, act: str, by: Any, item: str, price: int, tax: str | None, agreed: bool | None, service: str
    ) -> None:
        def clerk() -> None:
            if service not in DRAWING:
                raise Refused("NOT_ELIGIBLE")
            getattr(self.binder.sheet, act)(item, price, tax=tax, agreed=bool(agreed))

        values = {"item": item, "service": service, "amount": price, "tax": tax, "company_agrees_excess": agreed}
        self._both(act, by, {name: one for name, one in values.items() if one is not None}, clerk)

    @rule(by=OFFICES, item=ITEMS)
    def release(self, by: Any, item: str) -> None:
        self._both("release", by, {"item": item}, lambda: self.binder.sheet.release(item))

    @rule(days=st.sampled_from([1, 3, 30, 214, 365]))
    def time_passes(self, days: int) -> None:
        self.frame.clock.advance(seconds=days * 86_400)
        self.frame.engine.tick()

    @rule(ago=st.integers(0, 3), kind=st.sampled_from(["scheme_loan", "scheme_loan", "proper_loan", "guarantee_only"]))
    def lend(self, ago: int, kind: str) -> None:
        day = self.frame.day(-ago)

        def clerk() -> None:
            if kind != "scheme_loan":
                raise Refused("NOT_ELIGIBLE")
            self.binder.sheet.loans.append(day)

        given = {"disbursed_on": day, "disbursing_bank": "銀行", "loan_menu": "海外展開支援", "loan_kind": kind}
        self._both("record_disbursement", BANK, given, clerk)

    @precondition(lambda self: self.asked is None)
    @rule(
        content=TEXTS,
        purpose=TEXTS,
        form1=st.sampled_from([0, 0, 0, 2, None]),
        bank=st.sampled_from(["銀行"] * 3 + [None]),
    )
    def ask_anew(self, content: str, purpose: str, form1: int | None, bank: str | None) -> None:
        day = None if form1 is None else self.frame.day(-form1)

        def clerk() -> None:
            if not self.binder.may_ask_anew(content=content, purpose=purpose, form1_on=day, bank=bank):
                raise Refused("REGRANT_NOT_ALLOWED")
            self.asked = (content, purpose)

        given = {"requested_content": content, "requested_purpose": purpose}
        more = {"new_form1_on": day, "new_form1_bank": bank}
        given |= {name: one for name, one in more.items() if one is not None}
        self._both("request_regrant", BANK, given, clerk)

    @precondition(lambda self: self.asked is not None)
    @rule(grant=st.booleans())
    def decide(self, grant: bool) -> None:
        assert self.asked is not None
        content, purpose = self.asked
        self.asked = None
        if not grant:
            assert self.frame.act("refuse_regrant", TOKYO, reason="同じ内容") == "done"
            return
        assert self.frame.act("approve_regrant", TOKYO) == "done"
        self.binder.grant(on=self.frame.today, content=content, purpose=purpose)

    @invariant()
    def both_say_the_same(self) -> None:
        sheet = self.binder.sheet
        assert self.frame.yen == (sheet.spent, sheet.set_aside, sheet.left)
        assert self.frame.own_money == sum(sheet.own_money)
        assert 0 <= sheet.left <= GRANT_YEN
        state = "regrant_requested" if self.asked else "open" if sheet.left else "exhausted"
        assert self.frame.case.state == state

    @invariant()
    def every_earlier_grant_is_closed_as_it_was(self) -> None:
        for case_id, sheet in zip(self.frame.grants, self.binder.sheets[:-1], strict=False):
            old = self.frame.engine.case(case_id)
            money = old.ledgers["allowance"]
            assert (old.state, money.consumed_yen, money.reserved_yen) == ("superseded", sheet.spent, sheet.set_aside)


TwoBooks.TestCase.settings = settings(max_examples=20, stateful_step_count=40, deadline=None)
TestTwoBooks = TwoBooks.TestCase

"""Part J of the procedures to the yen: each rule with sums that were worked out by hand, each condition of a re-grant alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from second_opinion.frame_by_hand import DRAWING, OTHERS
from tokyo.frame import BANK, COMPANY, CONTENT, JETRO, PURPOSE, SCB, TOKYO, Frame
from toritsugi.core.values import Actor


@pytest.fixture
def frame(tmp_path: Path) -> Iterator[Frame]:
    found = Frame(tmp_path)
    yield found
    found.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One posting, what comes of it, and how the frame stands afterwards."""

    by: Actor
    act: str
    item: str
    price: int = 0
    tax: str = "excluded"
    agreed: bool = False
    came: str = "done"
    #: spent, set aside, available.
    yen: tuple[int, int, int]

    def post(self, frame: Frame) -> None:
        """Post it and look."""
        values: dict[str, Any] = {"item": self.item}
        if self.act != "release":
            service = "fair" if self.by is JETRO else "accompaniment"
            values |= {"service": service, "amount": self.price, "tax": self.tax, "company_agrees_excess": self.agreed}
        assert frame.act(self.act, self.by, values) == self.came
        assert frame.yen == self.yen


def line(by: Actor, act: str, item: str, price: int = 0, **more: Any) -> Line:
    """One line of a table."""
    return Line(by=by, act=act, item=item, price=price, **more)


#: rule -> the postings that show it. 330,000 with tax is 300,000; 319,000 is 290,000; 1,100,000 is 1,000,000.
TABLES: dict[str, list[Line]] = {
    "J-1 one ceiling for what is paid to both": [
        line(JETRO, "reserve", "fair", 600_000, yen=(0, 600_000, 400_000)),
        line(SCB, "reserve", "visit", 400_001, came="CEILING_EXCEEDED", yen=(0, 600_000, 400_000)),
        line(SCB, "reserve", "visit", 400_000, yen=(0, 1_000_000, 0)),
        line(JETRO, "reserve", "more", 1, came="FRAME_EXHAUSTED", yen=(0, 1_000_000, 0)),
    ],
    "J-2 the frame is kept without consumption tax": [
        line(JETRO, "reserve", "survey", 330_000, tax="included", yen=(0, 300_000, 700_000)),
        line(JETRO, "consume", "survey", 319_000, tax="included", yen=(290_000, 0, 710_000)),
        line(SCB, "consume", "visit", 10_000, tax="exempt", yen=(300_000, 0, 700_000)),
        line(SCB, "consume", "stall", 21, tax="included", yen=(300_020, 0, 699_980)),  # tax: floor(1.9...) = 1
        line(SCB, "consume", "lamp", 22, tax="included", yen=(300_040, 0, 699_960)),  # tax: floor(2) = 2
        line(SCB, "consume", "badge", 10, tax="included", yen=(300_050, 0, 699_950)),  # tax: floor(0.9...) = 0
    ],
    "J-2 the whole frame, taxed": [
        line(SCB, "reserve", "a", 1_100_001, tax="included", came="CEILING_EXCEEDED", yen=(0, 0, 1_000_000)),
        line(SCB, "reserve", "a", 1_100_000, tax="included", yen=(0, 1_000_000, 0)),
    ],
    "J-3 beyond the ceiling the company pays, if it agreed": [
        line(JETRO, "consume", "fair", 999_999, yen=(999_999, 0, 1)),
        line(SCB, "reserve", "visit", 50_000, came="CEILING_EXCEEDED", yen=(999_999, 0, 1)),
        line(SCB, "reserve", "visit", 50_000, agreed=True, yen=(999_999, 1, 0)),
        line(SCB, "consume", "visit", 50_000, yen=(1_000_000, 0, 0)),  # what it agreed to when it was set aside
        line(JETRO, "consume", "course", 7_000, came="FRAME_EXHAUSTED", yen=(1_000_000, 0, 0)),
        line(JETRO, "consume", "course", 7_000, agreed=True, yen=(1_000_000, 0, 0)),
    ],
    "reserve, consume, release": [
        line(JETRO, "reserve", "fair", 500_000, yen=(0, 500_000, 500_000)),
        line(JETRO, "reserve", "fair", 1, came="DUPLICATE", yen=(0, 500_000, 500_000)),
        line(JETRO, "consume", "fair", 450_000, yen=(450_000, 0, 550_000)),  # the difference is free again
        line(SCB, "reserve", "visit", 300_000, yen=(450_000, 300_000, 250_000)),
        line(SCB, "consume", "visit", 550_001, came="CEILING_EXCEEDED", yen=(450_000, 300_000, 250_000)),
        line(SCB, "consume", "visit", 550_000, yen=(1_000_000, 0, 0)),  # the rest was tested as a new one
        line(SCB, "release", "visit", came="NO_RESERVATION", yen=(1_000_000, 0, 0)),
    ],
    "a released reservation opens the frame again": [
        line(JETRO, "reserve", "fair", 1_000_000, yen=(0, 1_000_000, 0)),
        line(SCB, "consume", "visit", 1, came="FRAME_EXHAUSTED", yen=(0, 1_000_000, 0)),
        line(JETRO, "release", "fair", yen=(0, 0, 1_000_000)),
        line(SCB, "consume", "visit", 1, yen=(1, 0, 999_999)),
    ],
}


@pytest.mark.parametrize("rule", TABLES)
def test_each_table_comes_out_to_the_yen(frame: Frame, rule: str) -> None:
    for one in TABLES[rule]:
        one.post(frame)
        spent, aside, available = one.yen
        assert spent + aside + available == 1_000_000
        assert frame.case.state == ("exhausted" if available == 0 else "open")


def test_j3_what_the_company_paid_itself_is_on_record(frame: Frame) -> None:
    for one in TABLES["J-3 beyond the ceiling the company pays, if it agreed"]:
        one.post(frame)
    assert frame.own_money == 49_999 + 7_000


@pytest.mark.parametrize("service", sorted(DRAWING | OTHERS))
def test_j7_and_j8_only_services_marked_free_draw(frame: Frame, service: str) -> None:
    for act in ("reserve", "consume"):
        came = frame.act(act, JETRO, {"item": act, "service": service, "amount": 100})
        assert came == ("done" if service in DRAWING else "NOT_ELIGIBLE")
    assert frame.yen == ((100, 100, 999_800) if service in DRAWING else (0, 0, 1_000_000))


@pytest.mark.parametrize("actor", [JETRO, SCB, TOKYO])
def test_nobody_lifts_the_ceiling_with_a_written_reason(frame: Frame, actor: Actor) -> None:
    given = {"item": "a", "service": "fair", "amount": 1_000_001}
    came = frame.act("reserve", actor, given, reason="特に必要", override=True)
    assert came == ("ACTOR_NOT_ALLOWED" if actor is TOKYO else "CEILING_EXCEEDED")
    assert frame.yen == (0, 0, 1_000_000)


def test_the_frame_is_the_same_after_year_end_and_a_new_fiscal_year(frame: Frame) -> None:
    line(JETRO, "reserve", "fair", 700_000, yen=(0, 700_000, 300_000)).post(frame)
    for days in (200, 30, 100):  # December, January, April
        frame.clock.advance(seconds=days * 86_400)
        frame.engine.tick()
        assert (frame.case.state, frame.yen) == ("open", (0, 700_000, 300_000))
    line(SCB, "reserve", "visit", 300_001, came="CEILING_EXCEEDED", yen=(0, 700_000, 300_000)).post(frame)


# -- J-5: another frame ------------------------------------------------------------------------------------------------

NEW = {"requested_content": "ベトナムへの輸出", "requested_purpose": "現地法人の設立"}
#: what is asked for -> whether it is asked for rightly. Loan and Form 1 as days after the grant; None: not there.
REQUESTS: dict[str, tuple[int | None, dict[str, str | None], int | None, str | None, bool]] = {
    "everything": (1, NEW, 2, "みどり信用金庫", True),
    "new content, same purpose": (1, {**NEW, "requested_purpose": PURPOSE}, 2, "みどり信用金庫", True),
    "same content, new purpose": (1, {**NEW, "requested_content": CONTENT}, 2, "みどり信用金庫", True),
    "(a) no loan": (None, NEW, 2, "みどり信用金庫", False),
    "(a) a loan on the day of the grant": (0, NEW, 2, "みどり信用金庫", False),
    "(a) a loan before the grant": (-1, NEW, 2, "みどり信用金庫", False),
    "(b) nothing new": (1, {"requested_content": CONTENT, "requested_purpose": PURPOSE}, 2, "みどり信用金庫", False),
    "(b) no content stated": (1, {"requested_purpose": NEW["requested_purpose"]}, 2, "みどり信用金庫", False),
    "(b) no purpose stated": (1, {"requested_content": NEW["requested_content"]}, 2, "みどり信用金庫", False),
    "(c) no new Form 1": (1, NEW, None, "みどり信用金庫", False),
    "(c) the Form 1 of the grant": (1, NEW, 0, "みどり信用金庫", False),
    "(c) not through a bank": (1, NEW, 2, None, False),
}


def _loan(frame: Frame, later: int, kind: str = "scheme_loan") -> str:
    given = {"disbursed_on": frame.day(later), "disbursing_bank": "みどり信用金庫", "loan_menu": "海外展開支援"}
    return frame.act("record_disbursement", BANK, {**given, "loan_kind": kind})


@pytest.mark.parametrize("by", [COMPANY, BANK], ids=["company", "bank"])
@pytest.mark.parametrize("request_", REQUESTS)
def test_j5_each_condition_of_another_frame_is_asked_for(frame: Frame, request_: str, by: Actor) -> None:
    loan, values, form1, bank, right = REQUESTS[request_]
    frame.clock.advance(seconds=5 * 86_400)
    granted = -5
    if loan is not None:
        assert _loan(frame, granted + loan) == "done"
    given: dict[str, Any] = {**values}
    given |= {} if form1 is None else {"new_form1_on": frame.day(granted + form1)}
    given |= {} if bank is None else {"new_form1_bank": bank}
    assert frame.act("request_regrant", by, given) == ("done" if right else "REGRANT_NOT_ALLOWED")
    assert frame.case.state == ("regrant_requested" if right else "open")


@pytest.mark.parametrize(("kind", "came"), [("proper_loan", "NOT_ELIGIBLE"), ("guarantee_only", "NOT_ELIGIBLE")])
def test_j5_and_j6_other_loans_are_no_disbursement_and_nothing_is_claimed_back(
    frame: Frame, kind: str, came: str
) -> None:
    line(JETRO, "consume", "fair", 400_000, yen=(400_000, 0, 600_000)).post(frame)
    assert _loan(frame, 0, kind) == came
    assert (frame.case.state, frame.yen, frame.own_money) == ("open", (400_000, 0, 600_000), 0)


def _asked_rightly(frame: Frame, **other: str) -> None:
    frame.clock.advance(seconds=5 * 86_400)
    assert _loan(frame, -1) == "done"
    given = {**NEW, "new_form1_on": frame.today, "new_form1_bank": "みどり信用金庫", **other}
    assert frame.act("request_regrant", BANK, given) == "done"


def test_j5_another_frame_is_granted_by_tokyo_alone_and_the_rest_of_the_old_one_lapses(frame: Frame) -> None:
    line(JETRO, "reserve", "fair", 600_000, yen=(0, 600_000, 400_000)).post(frame)
    line(SCB, "consume", "visit", 100_000, yen=(100_000, 600_000, 300_000)).post(frame)
    _asked_rightly(frame)
    for actor in (JETRO, SCB, COMPANY, BANK):
        assert frame.act("approve_regrant", actor) == "ACTOR_NOT_ALLOWED"
    assert frame.act("approve_regrant", TOKYO) == "done"
    assert (frame.case.state, frame.yen) == ("open", (0, 0, 1_000_000))
    old = frame.engine.case(frame.grants[0])
    assert (old.state, old.ledgers["allowance"].reserved_yen) == ("superseded", 600_000)
    line(JETRO, "release", "fair", came="NO_RESERVATION", yen=(0, 0, 1_000_000)).post(frame)


def test_j5_a_second_time_nothing_of_any_earlier_frame_is_new(frame: Frame) -> None:
    _asked_rightly(frame)
    assert frame.act("approve_regrant", TOKYO) == "done"
    frame.clock.advance(seconds=5 * 86_400)
    given = {"requested_content": CONTENT, "requested_purpose": PURPOSE}
    given |= {"new_form1_on": frame.today, "new_form1_bank": "みどり信用金庫"}
    assert (
        frame.act("request_regrant", BANK, given | {"requested_content": "別"}) == "REGRANT_NOT_ALLOWED"
    )  # no new loan
    assert _loan(frame, -1) == "done"
    assert frame.act("request_regrant", BANK, given) == "REGRANT_NOT_ALLOWED"
    assert frame.act("request_regrant", BANK, given | {"requested_content": "別"}) == "done"


def test_j5_a_refused_request_needs_a_reason_and_leaves_the_frame_as_it_was(frame: Frame) -> None:
    line(JETRO, "consume", "fair", 1_000_000, yen=(1_000_000, 0, 0)).post(frame)
    _asked_rightly(frame)
    assert frame.act("refuse_regrant", TOKYO) == "FORM_INCOMPLETE"
    assert frame.act("refuse_regrant", TOKYO, reason="事業の内容が実質的に同じ") == "done"
    assert (frame.case.state, frame.yen) == ("exhausted", (1_000_000, 0, 0))


def test_j5_what_is_left_may_be_used_after_the_loan_and_while_another_frame_is_asked_for(frame: Frame) -> None:
    _asked_rightly(frame)
    line_ = line(SCB, "consume", "visit", 250_000, yen=(250_000, 0, 750_000))
    line_.post(frame)
    assert frame.case.state == "regrant_requested"

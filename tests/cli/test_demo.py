"""The demonstration: one company from the bank's desk to `closed`, over year-end, on a virtual clock."""

from pathlib import Path
from typing import Any

import pytest

from .conftest import Shown, Typed


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the demonstration is kept."""
    return tmp_path / "demo"


@pytest.fixture
def shape(typed: Typed, folder: Path) -> Any:
    """What the demonstration gives as JSON."""
    shown = typed("demo", "--json", "--dir", str(folder))
    assert (shown.code, shown.err) == (0, "")
    return shown.json


def _scenes(shape: Any, event: str) -> list[Any]:
    return [scene for scene in shape["timeline"] if scene["event"] == event]


def test_it_ends_in_closed_and_its_record_verifies(shape: Any) -> None:
    assert (shape["case"]["state"], shape["case"]["ended"]) == ("closed", True)
    assert (shape["audit"]["clean"], shape["audit"]["finding_count"], shape["audit"]["unsealed_rows"]) == (True, 0, 0)


def test_the_days_of_contact_run_across_year_end(shape: Any) -> None:
    # Form 1 arrives on Friday 25 December 2026 at 18:30, a business day without a cut-off: accepted that day.
    # day 1  Mon 28 December; 29 December to 3 January closed (the 1st is 元日)
    # day 2  Mon 4 January    day 3  Tue 5    day 4  Wed 6    day 5  Thu 7    day 6  Fri 8
    # Sat 9, Sun 10 weekend; Mon 11 is 成人の日, the second Monday of January
    # day 7  Tue 12 January 2027
    contact, form3 = shape["case"]["deadlines"]
    assert (contact["deadline"], contact["due"], contact["status"]) == ("contact_company", "2027-01-12", "met")
    assert "7営業日目は2027年1月12日(火)" in contact["explanation"]["ja"]
    assert "day 1 is Mon 2026-12-28" in contact["explanation"]["en"]
    assert (form3["deadline"], form3["due"], form3["status"]) == ("form3", "2027-04-30", "late")


def test_both_refusals_are_mended_before_the_same_act_succeeds(shape: Any) -> None:
    for event, code, mend in (
        ("complete_bank_section", "SCHEME_LOAN_NOT_INTRODUCED", "introduce_scheme_loan"),
        ("send_form3", "FORM_INCOMPLETE", "issue_form2"),
    ):
        refused, done = _scenes(shape, event)
        assert (refused["refused"]["code"], done["refused"]) == (code, None)
        (mended,) = _scenes(shape, mend)
        assert refused["at"] < mended["at"] < done["at"]


def test_a_passed_deadline_fires_at_midnight_after_its_day_and_reminds(shape: Any) -> None:
    (passed,) = _scenes(shape, "form3_due_passed")
    assert (passed["at"], passed["marks"]) == ("2027-05-01T00:00:00+09:00", {"form3": "missed"})
    assert [message["party"] for message in passed["messages"]] == ["financial_institution", "jetro_tokyo"]


def test_costs_are_reserved_and_consumed_without_tax_on_the_linked_frame(shape: Any) -> None:
    # 330,000 with tax: tax = floor(330,000 x 10 / 110) = 30,000, so 300,000 is reserved
    # 319,000 with tax: tax = 29,000, so 290,000 is consumed and the reservation is gone
    (reserved,) = (scene["postings"] for scene in _scenes(shape, "reserve"))
    (consumed,) = (scene["postings"] for scene in _scenes(shape, "consume"))
    assert (reserved[0]["reserved"], consumed[0]["consumed"]) == (300_000, 290_000)
    frame = shape["case"]["links"]["frame"]["ledgers"]["allowance"]
    assert frame == {"ceiling": 1_000_000, "consumed": 290_000, "reserved": 0, "available": 710_000, "balance": 710_000}


def test_every_message_left_for_the_spool_with_the_storys_date(shape: Any, folder: Path) -> None:
    sent = [message for scene in shape["timeline"] for message in scene["messages"]]
    assert [message["status"] for message in sent] == ["handed_over"] * 7
    for message in sent:
        mail = folder / "spool" / "email" / message["proof"]["file"]
        assert b"Date: " in mail.read_bytes()
        assert message["settled_at"][:10] in ("2026-12-25", "2027-03-15", "2027-03-16", "2027-05-01", "2027-05-10")


def test_the_case_can_be_used_afterwards(typed: Typed, shape: Any) -> None:
    case = shape["case"]["id"]
    shown = typed("case", case, "--store", shape["store"])
    assert shown.code == 0
    assert "完了" in shown.out
    assert typed("audit", "verify", "--store", shape["store"]).code == 0


def test_a_folder_with_a_store_in_it_is_left_alone(typed: Typed, shape: Any, folder: Path) -> None:
    assert typed("demo", "--dir", str(folder)).code == 2


@pytest.mark.parametrize(("language", "told"), [("ja", "異状ありません"), ("en", "Nothing is wrong")])
def test_it_reads_well_in_eighty_columns(typed: Typed, language: str, told: str) -> None:
    from toritsugi_adapters.cli.layout import width

    shown: Shown = typed("demo", "--lang", language)
    assert (shown.code, shown.err) == (0, "")
    assert told in shown.out
    assert "2027" in shown.out
    assert "\033[" not in shown.out
    assert max(width(line) for line in shown.out.splitlines()) <= 80

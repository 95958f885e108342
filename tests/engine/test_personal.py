"""Personal data stands nowhere in the clear: not in any table, any file of the database, any log line, any error."""

import logging
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest

from crash.office import BANK, COMPANY, draft, dump, open_office, spoken, submit
from crash.spool import SpoolChannel
from toritsugi.core.values import Actor
from toritsugi.engine import Engine
from toritsugi.errors import ToritsugiError
from toritsugi.store.audit import seal, verify
from toritsugi.testing.clock import FakeClock
from world import START

NAME, MAIL, WHY = "PLANTED 髙橋 みどり", "planted.midori@acme.example.jp", "PLANTED because of Midori's illness"
NEW_NAME = "PLANTED 渡邉"
PLANTED = ("PLANTED", "planted", "みどり", "髙橋", "渡邉", "Midori", *(t.encode().hex() for t in (NAME, MAIL, WHY)))


@pytest.fixture
def engine(store_url: str, clock: FakeClock, tmp_path: Path) -> Iterator[Engine]:
    spool = tmp_path / "outside"
    spool.mkdir()
    channel = SpoolChannel("email", spool, repeatable=True)
    with open_office(store_url, clock, [channel]) as opened:
        yield opened


def _a_life(engine: Engine) -> str:
    """A case with personal data in its fields, its reasons, its messages, its keys and its refused requests."""
    case_id = draft(engine, company_email=MAIL, contact_name=NAME)
    submit(engine, case_id, START, key=f"key of {NAME}")
    engine.deliver()
    engine.send(case_id, "take_back", BANK, reason=WHY)
    submit(engine, case_id, START)
    engine.send(case_id, "consent", COMPANY)
    engine.send(case_id, "share", BANK)
    return case_id


def _refused(engine: Engine, case_id: str) -> list[ToritsugiError]:
    """Everything that goes wrong with personal data in it."""
    wrong = [
        lambda: engine.send(case_id, "take_back", COMPANY, reason=WHY, key=NAME),
        lambda: engine.send(case_id, "jot", BANK, {"contact_name": NAME}),
        lambda: engine.send(case_id, "jot", BANK, {"note": {"text": NAME}}),
        lambda: engine.send(case_id, "jot", BANK, {"note": 3, "company_email": MAIL}),
        lambda: engine.send(case_id, "draw", BANK, {"item": NAME, "amount": 1}),
        lambda: engine.send(case_id, "answer_early", BANK, reason="", override=True, address=MAIL),
        lambda: engine.start("loan_request", COMPANY, {"company": "A", "contact_name": [NAME]}),
        lambda: engine.start("loan_request", COMPANY, {"company": "A", "company_email": {"x": MAIL}}),
        lambda: engine.start("loan_request", COMPANY, {"company": "A", "contact_name": NAME + "\udc80"}),
    ]
    found = []
    for act in wrong:
        with pytest.raises(ToritsugiError) as fault:
            act()
        found.append(fault.value)
    return found


def test_no_table_holds_personal_data(engine: Engine, store_url: str) -> None:
    case_id = _a_life(engine)
    _refused(engine, case_id)
    text = spoken(dump(store_url))
    assert [planted for planted in PLANTED if planted in text] == []
    assert engine.case(case_id).personal == {"company_email": MAIL, "contact_name": NAME}


def test_no_file_of_a_sqlite_store_holds_personal_data(engine: Engine, store_url: str, tmp_path: Path) -> None:
    _refused(engine, _a_life(engine))
    files = [path.read_bytes() for path in tmp_path.glob("store.db*")]
    assert bool(files) is store_url.startswith("sqlite")
    for content in files:
        assert [planted for planted in PLANTED if planted.encode() in content] == []


def test_no_log_line_holds_personal_data(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("toritsugi", "sqlalchemy", "sqlalchemy.engine", "psycopg", "transitions"):
        caplog.set_level(logging.DEBUG, logger=name)
    _refused(engine, _a_life(engine))
    engine.tick()
    engine.deliver()
    assert any(record.name == "toritsugi" for record in caplog.records)
    assert [planted for planted in PLANTED if planted in caplog.text] == []


def test_no_error_holds_personal_data(engine: Engine) -> None:
    case_id = _a_life(engine)
    for fault in _refused(engine, case_id):
        shown = [
            str(fault),
            repr(fault),
            fault.message("ja"),
            fault.message("en"),
            repr(fault.details),
            repr(vars(fault)),
        ]
        shown += traceback.format_exception_only(fault)
        shown += [repr(cause) for cause in (fault.__cause__,) if cause is not None]
        text = "\n".join(shown)
        assert [planted for planted in PLANTED if planted in text] == [], fault.code


def test_the_latest_personal_value_is_shown_and_each_row_keeps_its_own(engine: Engine) -> None:
    case_id = draft(engine, contact_name=NAME)
    engine.send(case_id, "consent", COMPANY, reason=WHY)
    found = [(one.seq, dict(one.values)) for one in engine.store.personal_history(case_id)]
    assert found == [(1, {"contact_name": NAME}), (2, {"reason": WHY})]
    assert engine.case(case_id).personal == {"contact_name": NAME}


def test_an_erased_case_stays_verifiable_and_says_that_it_is_erased(engine: Engine, store_url: str) -> None:
    case_id, other = _a_life(engine), draft(engine, "Other", contact_name=NEW_NAME)
    seal(engine.store, START)
    engine.erase(case_id, Actor(id="op1", institution="test_bank", operator=True), "retention period over")
    report = verify(engine.store)
    assert report.clean
    assert (report.cases, report.erased) == (3, 1)
    assert "1 erased" in report.text("en")
    assert "消去済み1件" in report.text("ja")
    assert not engine.case(case_id).personal
    assert engine.case(case_id).erased
    assert list(engine.store.personal_history(case_id)) == []
    assert engine.case(other).personal == {"contact_name": NEW_NAME}
    rows = list(engine.views.history(case_id))
    assert (rows[-1]["event"], rows[-1]["actor"]) == ("erase", "op1")
    assert rows[-1]["values"] == {"erasure_reason": "retention period over"}


def test_the_messages_of_an_erased_case_do_not_leave(engine: Engine) -> None:
    case_id = _a_life(engine)
    engine.erase(case_id, Actor(id="op1", institution="test_bank", operator=True), "asked for")
    assert engine.deliver().handed_over == 0
    assert {one.status for one in engine.views.messages(case_id)} == {"handed_over", "set_aside"}  # type: ignore[attr-defined]  # records

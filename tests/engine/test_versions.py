"""A case goes on by the text it was opened under, whatever the procedure says by now."""

import pytest

from crash.office import BANK, COMPANY, FILES, draft, open_office, submit
from toritsugi.errors import NotPossible, UnknownProcedure
from toritsugi.hooks import ProcedureFile
from toritsugi.testing.clock import FakeClock
from world import START


def _changed(*changes: tuple[str, str]) -> list[ProcedureFile]:
    """The procedures with words of loan_request replaced."""
    found = []
    for file in FILES:
        text = file.text.decode()
        if "procedure: loan_request" in text:
            for old, new in changes:
                assert old in text
                text = text.replace(old, new)
        found.append(ProcedureFile(file=file.file, text=text.encode()))
    return found


NEXT_YEAR = _changed(
    ('version: "1"', 'version: "2"'),
    ("within: 3 business days", "within: 10 business days"),
    ("by: bank, from: submitted, to: granted}", "by: bank, from: submitted, to: granted, reason: required}"),
)


def test_a_case_goes_on_by_its_own_version(store_url: str, clock: FakeClock) -> None:
    with open_office(store_url, clock) as engine:
        old = draft(engine, "Old")
    with open_office(store_url, clock, procedures=NEXT_YEAR) as engine:
        new = draft(engine, "New")
        assert [engine.case(case_id).version for case_id in (old, new)] == ["1", "2"]
        assert [submit(engine, case_id, START).due["answer"] for case_id in (old, new)] == ["2026-04-16", "2026-04-27"]
        assert engine.send(old, "answer", BANK).state == "granted"
        with pytest.raises(NotPossible) as refused:
            engine.send(new, "answer", BANK)
        assert refused.value.code == "FORM_INCOMPLETE"
        assert engine.procedure_of(engine.case(old)).version == "1"
        assert engine.procedure("loan_request").version == "2"


def test_its_deadline_still_means_what_it_meant(store_url: str, clock: FakeClock) -> None:
    with open_office(store_url, clock) as engine:
        old = draft(engine)
        submit(engine, old, START)
    quiet = _changed(("    missed: answer_overdue\n", ""), ("\n  answer_overdue:", "\n  answer_overdue_unused:"))
    quiet = [ProcedureFile(file=one.file, text=_without(one.text, b"  answer_overdue_unused:")) for one in quiet]
    with open_office(store_url, clock, procedures=quiet) as engine:
        clock.advance(seconds=30 * 86_400)
        assert engine.tick() == 1
        assert list(engine.views.history(old))[-1]["event"] == "answer_overdue"
        assert engine.case(old).deadlines["answer"].missed


def test_a_case_goes_on_though_nobody_supplies_its_procedure_any_more(store_url: str, clock: FakeClock) -> None:
    with open_office(store_url, clock) as engine:
        old = draft(engine)
    with open_office(
        store_url, clock, procedures=[one for one in FILES if b"procedure: shared_pot" in one.text[:30]]
    ) as engine:
        assert engine.send(old, "consent", COMPANY).state == "draft"
        with pytest.raises(UnknownProcedure):
            draft(engine)


def test_the_same_text_is_kept_once_however_often_it_is_opened(store_url: str, clock: FakeClock) -> None:
    for _ in range(2):
        with open_office(store_url, clock) as engine:
            for company in ("One", "Two"):
                submit(engine, draft(engine, company), START)
            with engine.store.engine.connect() as connection:
                kept = connection.exec_driver_sql("SELECT procedure FROM toritsugi_procedure").scalars().all()
    assert sorted(kept) == ["loan_request", "shared_pot"]


def _without(text: bytes, event: bytes) -> bytes:
    """The text without that event's block."""
    lines = text.split(b"\n")
    if event not in lines:
        return text
    start = lines.index(event)
    end = next(
        n for n in range(start + 1, len(lines)) if lines[n].startswith(b"  ") and not lines[n].startswith(b"   ")
    )
    return b"\n".join(lines[:start] + lines[end:])

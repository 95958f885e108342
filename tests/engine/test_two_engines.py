"""Two engines in one process do not see each other."""

from pathlib import Path

import pytest

from crash.office import BANK, FILES, OFFICES, draft, open_office, submit
from crash.spool import SpoolChannel
from toritsugi.errors import UnknownCase, UnknownProcedure
from toritsugi.hooks import InstitutionManifest, ProcedureFile, hook
from toritsugi.testing.clock import FakeClock
from world import START


def test_cases_clocks_procedures_and_channels_are_each_engine_s_own(tmp_path: Path) -> None:
    spools = [tmp_path / name for name in ("left", "right")]
    for spool in spools:
        spool.mkdir()
    clocks = [FakeClock(START), FakeClock(START + 1)]
    stricter = [
        ProcedureFile(file=one.file, text=one.text.replace(b"ceiling: 1,000 yen", b"ceiling: 10 yen")) for one in FILES
    ]
    left, right = (
        open_office(
            f"sqlite:///{spool}/store.db",
            clock,
            [SpoolChannel("email", spool, repeatable=True)],
            procedures=files,
        )
        for spool, clock, files in zip(spools, clocks, (FILES, stricter), strict=True)
    )
    with left, right:
        case_id = draft(left)
        assert draft(right) != case_id
        with pytest.raises(UnknownCase):
            right.case(case_id)
        assert submit(left, case_id, START).recorded_at == START
        clocks[0].advance(seconds=30 * 86_400)
        assert (right.tick(), right.deliver().handed_over) == (0, 0)
        assert (left.tick(), left.deliver().handed_over) == (1, 2)
        assert list(spools[1].glob("*.json")) == []
        ceilings = [one.procedure("shared_pot").ledgers["money"].ceiling_yen for one in (left, right)]
        assert ceilings == [1000, 10]


def test_plugins_are_each_engine_s_own(tmp_path: Path) -> None:
    class Supplies:
        """A plugin with the procedures and offices of the tests."""

        @hook
        def toritsugi_procedures(self) -> list[ProcedureFile]:
            return FILES

        @hook
        def toritsugi_institutions(self) -> list[InstitutionManifest]:
            return OFFICES

    from toritsugi.engine import Engine

    options = {"vault": None, "clock": FakeClock(START), "channels": ()}
    with (
        Engine.open(f"sqlite:///{tmp_path}/a.db", plugins=[Supplies()], **options) as with_it,  # type: ignore[arg-type]  # mixed
        Engine.open(f"sqlite:///{tmp_path}/b.db", plugins=(), **options) as without,  # type: ignore[arg-type]  # mixed
    ):
        assert {one.id for one in with_it.procedures()} >= {"loan_request", "shared_pot"}
        assert without.procedures() == ()
        with pytest.raises(UnknownProcedure):
            without.start("shared_pot", BANK, {"company": "Acme"})


def test_two_engines_on_one_store_see_one_truth(store_url: str, clock: FakeClock) -> None:
    with open_office(store_url, clock) as left, open_office(store_url, clock) as right:
        case_id = draft(left)
        submit(right, case_id, START)
        assert left.send(case_id, "answer", BANK).from_state == "submitted"
        assert right.case(case_id).state == "granted"

"""A party from which something is kept sees of an agenda and of a sitting what it may see of the case, and no more."""

from __future__ import annotations

from datetime import date

from crash.office import open_office
from toritsugi.core.moments import parse_moment
from toritsugi.core.sitting import Item
from toritsugi.core.values import Actor
from toritsugi.core.vantage import NOT_EXPLAINED
from toritsugi.hooks import InstitutionManifest, ProcedureFile
from toritsugi.testing.clock import FakeClock
from unit.test_recurring import PROCEDURE

OFFICE = Actor(id="o1", institution="office", role="office")
WATCHER = Actor(id="w1", institution="citizens", role="watcher")
TEXT = (
    PROCEDURE.replace("data:\n", "  watcher: {title: {ja: 傍聴者, en: Watcher}}\ndata:\n", 1)
    + """\
disclosure:
  request:
    title: {ja: 申込みの内容, en: The request}
    fields: [group, asked_on]
    seen_by: [office]
    basis: policy
"""
)


def test_a_party_sees_that_there_was_a_meeting_and_nothing_of_other_cases(store_url: str, clock: FakeClock) -> None:
    clock.set(parse_moment("2026-06-01T10:00+09:00"))
    manifest = InstitutionManifest(id="office", title={"ja": "事務局", "en": "Office"})
    file = ProcedureFile(file="request.yaml", text=TEXT.encode())
    with open_office(store_url, clock, procedures=[file], institutions=[manifest], calendars={}) as engine:
        cases = [
            engine.start(
                "request", OFFICE, {"group": name, "asked_on": "2026-06-01"}, parties={"watcher": "citizens"}
            ).case_id
            for name in ("甲", "乙", "丙")
        ]
        items = engine.agenda(date(2026, 6, 17), WATCHER)
        assert [item.case.id for item in items] == sorted(cases), "that there are deadlines, every party sees"
        assert all(item.case.data == {} and item.case.subject is None for item in items)
        assert all(item.deadline.explanation == NOT_EXPLAINED and item.events == () for item in items)
        decided = [Item(case_id=case_id, event="decide") for case_id in cases]
        act = engine.send_together(decided, OFFICE)[0].sitting
        assert engine.views.history(cases[1], WATCHER)[-1]["sitting"] == {"id": act}
        assert engine.views.history(cases[1], OFFICE)[-1]["sitting"] == {"id": act, "number": 2, "of": 3}

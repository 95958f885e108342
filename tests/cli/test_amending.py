"""`rebase` and `calendar apply` at the terminal: shown first, done only when asked and with a reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from toritsugi.core.moments import parse_moment
from toritsugi.core.values import Actor
from toritsugi.definition.types import Title
from toritsugi.engine import Engine
from toritsugi.runtime.calendars import YEAR_END_CLOSURE, build_calendar
from toritsugi.testing.clock import FakeClock
from toritsugi_adapters.cli.layout import width
from world import FOLDER

from .conftest import Typed

OPERATOR = Actor(id="op1", institution="jetro", operator=True)
TEXT = (FOLDER / "shared_pot.yaml").read_text("utf-8").replace("procedure: shared_pot", "procedure: amended_pot")
SECOND = TEXT.replace('version: "1"', 'version: "2"').replace("available: {title", "usable: {title")
SECOND = SECOND.replace("[available,", "[usable,").replace("initial: available", "initial: usable")
SECOND = SECOND.replace("from: available", "from: usable").replace("to: available", "to: usable")


@pytest.fixture
def pot(typed: Typed, tmp_path: Path) -> str:
    """A case under version 1 of a procedure that its owner keeps in a file; version 2 lies beside it."""
    (tmp_path / "one.yaml").write_text(TEXT, "utf-8")
    (tmp_path / "two.yaml").write_text(SECOND, "utf-8")
    shown = typed("open", "--procedure", str(tmp_path / "one.yaml"), "company=Acme", "--as", "bank", "--json")
    assert shown.code == 0, shown.err
    case: str = shown.json["case"]
    return case


def test_a_rebase_is_shown_and_then_done(typed: Typed, pot: str, tmp_path: Path) -> None:
    rebase = ("rebase", pot, "--to", str(tmp_path / "two.yaml"), "--map", "available=usable")
    shown = typed(*rebase)
    assert shown.code == 0, shown.err
    assert "1 → 2" in shown.out and "まだ何も変えていません" in shown.out
    assert all(width(line) <= 80 for line in shown.out.splitlines())
    assert typed("case", pot, "--json").json["state"] == "available"
    assert typed(*rebase, "--yes").code == 2  # no reason
    done = typed(*rebase, "--yes", "--reason", "様式の改定", "--json")
    assert done.json["applied"] and done.json["state"] == {"from": "available", "to": "usable"}
    assert "手続の別の版に移した" in typed("history", pot).out
    assert typed("audit", "verify", "--json").json["clean"]


def test_what_stands_in_the_way_is_told_and_stops_it(typed: Typed, pot: str, tmp_path: Path) -> None:
    rebase = ("rebase", pot, "--to", str(tmp_path / "two.yaml"))
    assert "このままでは移せません" in typed(*rebase).out
    refused = typed(*rebase, "--yes", "--reason", "様式の改定")
    assert refused.code == 2 and "available" in refused.err
    assert typed("history", pot, "--json").json[-1]["event"] == "open"
    assert typed(*rebase, "--map", "available").code == 2


def test_a_calendar_that_moves_nothing_and_one_that_is_not_there_are_told(typed: Typed, accepted: str) -> None:
    assert "動く期限はありません" in typed("calendar", "apply", "jetro").out
    assert typed("calendar", "apply", "jetro", "--json").json == []
    refused = typed("calendar", "apply", "nobody")
    assert (refused.code, "nobody" in refused.err) == (2, True)


def test_a_changed_calendar_is_shown_and_then_applied(typed: Typed, accepted: str, tmp_path: Path) -> None:
    (before,) = [one for one in typed("case", accepted, "--json").json["deadlines"] if one["status"] == "armed"]
    counted_by = before["calendar"]
    refit = {"from": before["due"], "to": before["due"], "title": {"ja": "改装休業", "en": "Refitting"}}
    closed = build_calendar(counted_by, Title(ja="別の暦", en="Another"), closures=[YEAR_END_CLOSURE, refit])
    clock = FakeClock(parse_moment("2026-12-28T10:00+09:00"))
    with Engine.open(f"sqlite:///{tmp_path / 'store.db'}", calendars={counted_by: closed}, clock=clock) as engine:
        engine.apply_calendar(counted_by, actor=OPERATOR, reason="臨時休業", dry_run=False)
    at = ("--now", "2026-12-28T11:00+09:00")
    shown = typed("calendar", "apply", counted_by, *at)
    assert accepted in shown.out and "まだ何も変えていません" in shown.out
    assert all(width(line) <= 80 for line in shown.out.splitlines())
    done = typed("calendar", "apply", counted_by, "--yes", "--reason", "休業の取りやめ", "--json", *at)
    assert [(one["new"], one["applied"]) for one in done.json] == [(before["due"], True)]
    assert "変わった暦で期限を数え直した" in typed("history", accepted).out
    assert typed("audit", "verify", "--json").json["clean"]

"""The shipped procedures as the tests read them, and what they ask of one of their events."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import resources

from toritsugi.definition.interface import Interface
from toritsugi.definition.load import load, load_interface
from toritsugi.definition.model import Procedure
from toritsugi.definition.model_effects import SendMessage


def words(text: str) -> list[str]:
    """The words of a table's column."""
    return text.split()


FILES = {
    "tokyo_jetro_support": "tokyo",
    "tokyo_shinkin_support": "tokyo",
    "tokyo_kosha_support": "tokyo",
    "tokyo_smrj_support": "tokyo",
    "support_cost_frame": "tokyo",
    "overseas_expansion_loan": "tokyo",
    "unclear_issue_consultation": "routes_2017",
    "fukushima_escalation": "routes_2017",
    "tottori_team_support": "routes_2017",
    "hyogo_growth_discovery": "platforms",
    "toshima_one_stop_desk": "platforms",
    "toshima_adviser_onboarding": "platforms",
}

#: what these open, and what is held against the specification elsewhere.
BEHIND_LINKS = {"consortium_referral": "consortium"}


Row = tuple[str, set[str], set[str], str | None]


def rows(table: str) -> Iterator[Row]:
    for line in table.strip().splitlines():
        event, by, sources, target = (cell.strip() for cell in line.split("|"))
        yield event, set(by.split()), set(sources.split()), None if target == "=" else target


def text_of(name: str) -> bytes:
    folder = (FILES | BEHIND_LINKS)[name]
    return resources.files("toritsugi_workflows").joinpath(folder, f"{name}.yaml").read_bytes()


@cache
def interface(name: str) -> Interface | None:
    return load_interface(text_of(name), file=f"{name}.yaml", texts=text_of) if name in FILES | BEHIND_LINKS else None


@cache
def shipped(name: str) -> Procedure:
    return load(text_of(name), file=f"{name}.yaml", interfaces=interface, texts=text_of)


def fired_by(procedure: Procedure, event: str) -> set[str]:
    one = procedure.events[event]
    return {*one.by, *(["signal"] if one.by_signal else []), *(["engine"] if one.triggers else [])}


def codes(procedure: Procedure, event: str) -> list[str]:
    return [guard.code for guard in procedure.events[event].guards]


def messages(procedure: Procedure, event: str) -> list[SendMessage]:
    return [effect for effect in procedure.events[event].effects if isinstance(effect, SendMessage)]

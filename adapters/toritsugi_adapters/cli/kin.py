"""A family of cases on a terminal: a tree with where each case stands, then what happened in all of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from toritsugi.core.moments import iso_moment
from toritsugi_adapters.cli import wording
from toritsugi_adapters.cli.language import words
from toritsugi_adapters.cli.layout import padded, paragraph, width
from toritsugi_adapters.cli.shapes import history_shape, title_shape

if TYPE_CHECKING:
    from toritsugi.definition.model import Procedure
    from toritsugi.runtime.families import FamilyStory, Relative

#: case id -> the procedure that it is pinned to.
Procedures = Mapping[str, "Procedure"]


def family_text(story: FamilyStory, procedures: Procedures, asked: str) -> Iterator[str]:
    """The tree, the case that was asked for marked in it, and the story."""
    yield words("関連する案件", "The family of cases")
    marks = _branches(story.relatives)
    names = [mark + wording.of(procedures[one.case.id].title) for one, mark in zip(story.relatives, marks, strict=True)]
    widest = max(width(name) for name in names)
    for one, name in zip(story.relatives, names, strict=True):
        here = "  ◀" if one.case.id == asked else ""
        yield f"  {padded(name, widest)}  {one.case.id}  {_stands(one, procedures[one.case.id])}{here}"
    if story.cut:
        yield words("  案件が多いため、ここまでを表示しています。", "  There are more cases than are shown here.")
    yield from ("", words("経過", "What happened"))
    for row in story.rows:
        yield from _told(row, procedures[row["case"]])


def _branches(relatives: tuple[Relative, ...]) -> list[str]:
    """The lines of the tree before each case."""
    marks: list[str] = []
    #: depth -> whether another case of that depth follows further down.
    follows: dict[int, bool] = {}
    for one in reversed(relatives):
        above = "".join("│  " if follows.get(depth) else "   " for depth in range(1, one.depth))
        marks.append(above + ("├─ " if follows.get(one.depth) else "└─ ") if one.depth else "")
        follows = {depth: last for depth, last in follows.items() if depth < one.depth} | {one.depth: True}
    return marks[::-1]


def _stands(one: Relative, procedure: Procedure) -> str:
    state = wording.state_title(procedure, one.case.state)
    ended = words("［終了］", " [ended]") if one.case.ended else ""
    found = "" if one.opened else words("（対象が同じ案件）", " (about the same subject)")
    return f"{state}{ended}{found}"


def _told(row: Mapping[str, Any], procedure: Procedure) -> Iterator[str]:
    what = wording.of(wording.event_title(procedure, row["event"]))
    who = wording.party_title(procedure, row["role"])
    by = f" {who}" if who.startswith(("（", "(")) else words(f"（{who}）", f" ({who})")
    first = f"{wording.moment(row['recorded_at'])}  {wording.of(procedure.title)}  {what}{by}"
    to = wording.state_title(procedure, row["to"])
    moved = "" if row["from"] == row["to"] else f"  → {to}"
    yield from paragraph(f"{first}{moved}", indent=6, first="  ")


def family_shape(story: FamilyStory, procedures: Procedures) -> dict[str, Any]:
    """`case --family`."""
    return {
        "cases": [_relative_shape(one, procedures[one.case.id]) for one in story.relatives],
        "history": [history_shape(row, procedures[row["case"]]) for row in story.rows],
        "cut": story.cut,
    }


def _relative_shape(one: Relative, procedure: Procedure) -> dict[str, Any]:
    case = one.case
    return {
        "id": case.id,
        "procedure": case.procedure,
        "title": title_shape(procedure.title),
        "state": case.state,
        "state_title": title_shape(procedure.states[case.state].title),
        "ended": case.ended,
        "opened_at": iso_moment(case.opened_at),
        "under": one.under,
        "link": one.link,
        "opened": one.opened,
        "depth": one.depth,
    }

"""`cases`: the cases of this store, for whoever lost a number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import click

from toritsugi_adapters.cli.account import Failure
from toritsugi_adapters.cli.desk import Desk
from toritsugi_adapters.cli.language import words
from toritsugi_adapters.cli.layout import table
from toritsugi_adapters.cli.options import as_given_out, command, option

if TYPE_CHECKING:
    from toritsugi.core.values import Case
    from toritsugi.definition.model import Procedure
    from toritsugi.engine import Engine
    from toritsugi.ports import DeadlineRecord

#: no deadline lies beyond it: 10000-01-01 in Japan.
_EVER = 253_402_268_400_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A case in the list."""

    case: Case
    procedure: Procedure
    #: the deadline that comes next, or was missed first; None: none is running.
    due: DeadlineRecord | None


@command(
    "cases",
    option("--procedure", metavar="PROCEDURE", ja="この手続の案件だけ（名称でも可）", en="only this procedure's cases"),
    option("--state", metavar="STATE", ja="この状態の案件だけ（名称でも可）", en="only cases in this state"),
    option(
        "--limit",
        type=click.IntRange(1, 1000),
        default=100,
        metavar="N",
        ja="一度に示す件数（既定：100）",
        en="how many at a time (default: 100)",
    ),
    option("--after", metavar="CASE", callback=as_given_out, ja="この案件番号より後から", en="go on after this case"),
    usage="[--procedure PROCEDURE] [--state STATE]",
    ja="案件番号の順に示します。企業名などの個人情報を除いた内容だけで探せます。",
    en="In the order of their numbers; personal data is not shown.",
)
def cases(desk: Desk, procedure: str | None, state: str | None, limit: int, after: str | None) -> None:
    with desk.engine() as engine:
        wanted = _procedure(procedure)
        states = _states(state, wanted)
        found = _found(engine, wanted, states, limit + 1, after)
        rows = list(_rows(desk, engine, found[:limit]))
        desk.show([_shape(row) for row in rows], list(_text(rows, desk.present(), more=len(found) > limit)))


def _procedure(name: str | None) -> str | None:
    from toritsugi_adapters.cli.installed import installed
    from toritsugi_adapters.cli.spoken import named

    if name is None:
        return None
    return installed().procedure(named(name, {one.id: one.title for one in installed().procedures.values()})).id


def _states(name: str | None, procedure: str | None) -> Sequence[str | None]:
    """The states that are meant: a title may be that of different states in different procedures."""
    from toritsugi_adapters.cli.installed import installed
    from toritsugi_adapters.cli.spoken import named

    if name is None:
        return [None]
    known = [one for one in installed().procedures.values() if procedure in (None, one.id)]
    titles = [{state.id: state.title for state in one.states.values()} for one in known]
    meant = {found for each in titles if (found := named(name, each)) in each}
    # part of a title will do: a list with too much in it can be read
    meant = meant or {id_ for each in titles for id_, title in each.items() if name in title.ja or name in title.en}
    if not meant:
        raise Failure(
            f"「{name}」という状態はありません。状態の一覧は toritsugi show 手続 で見られます。",
            f'There is no state "{name}"; toritsugi show PROCEDURE lists them.',
        )
    return sorted(meant)


def _found(
    engine: Engine, procedure: str | None, states: Iterable[str | None], limit: int, after: str | None
) -> list[Case]:
    found = [
        case
        for state in states
        for case in engine.views.cases(procedure=procedure, state=state, limit=limit, after=after)
    ]
    return sorted(found, key=lambda case: case.id)[:limit]


def _rows(desk: Desk, engine: Engine, found: Iterable[Case]) -> Iterator[Row]:
    """The rows of the cases that whoever sits here may know of, each as far as it may be seen."""
    due: dict[str, DeadlineRecord] = {}
    for record in engine.views.due(_EVER):
        if record.status != "suspended":  # it is due again when it goes on
            due.setdefault(record.case_id, record)
    for case in found:
        viewer = desk.shows(engine, case)
        if viewer is not None:
            seen = case if desk.role is None else replace(engine.case(case.id, viewer), personal=None)
            yield Row(case=seen, procedure=engine.procedure_of(case), due=due.get(case.id))


def _shape(row: Row) -> Mapping[str, Any]:
    from toritsugi_adapters.cli import wording
    from toritsugi_adapters.cli.shapes import deadline_shape, title_shape

    case = row.case
    return {
        "case": case.id,
        "name": wording.case_name(row.case, row.procedure),
        "subject": case.subject,
        "procedure": case.procedure,
        "title": title_shape(row.procedure.title),
        "state": case.state,
        "state_title": title_shape(row.procedure.states[case.state].title),
        "ended": case.ended,
        "next_due": None if row.due is None else deadline_shape(row.due, row.procedure),
    }


def _text(rows: list[Row], now: int, *, more: bool) -> Iterator[str]:
    from toritsugi_adapters.cli import wording

    if not rows:
        yield words("案件はありません。", "There are no cases.")
    for row in rows:
        state = wording.state_title(row.procedure, row.case.state)
        yield f"{row.case.id}  {wording.case_name(row.case, row.procedure)}"
        told = [
            (words("手続", "what"), wording.of(row.procedure.title)),
            (words("状態", "state"), state + (words("［終了］", " [ended]") if row.case.ended else "")),
        ]
        if row.due is not None:
            missed = words("【超過】", "MISSED ") if row.due.status == "missed" else ""
            title = wording.deadline_title(row.procedure, row.due.name)
            when = f"{wording.day(row.due.due_on)}  {wording.left(row.due.due_on, now)}"
            told.append((words("期限", "due"), f"{missed}{when}  {title}"))
        yield from table(told, indent=4)
    if more:
        last = rows[-1].case.id
        yield words(f"続きは --after {last} で示します。", f"There are more: --after {last}")

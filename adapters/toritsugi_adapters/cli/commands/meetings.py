"""`agenda` and `sitting`: what a meeting has to decide, and what it has decided, recorded in one act."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from toritsugi_adapters.cli.account import Failure, Refused
from toritsugi_adapters.cli.acts import occurred
from toritsugi_adapters.cli.desk import Desk
from toritsugi_adapters.cli.language import words
from toritsugi_adapters.cli.layout import table
from toritsugi_adapters.cli.options import argument, command, option

if TYPE_CHECKING:
    from toritsugi.core.values import Actor, Answer
    from toritsugi.definition.model_events import Event
    from toritsugi.engine import Engine
    from toritsugi.errors import NotPossible
    from toritsugi.runtime.agendas import AgendaItem
    from toritsugi_adapters.cli.minutes import Line


@command(
    "agenda",
    option("--on", "on", metavar="DATE", ja="この日の議題（既定：今日）", en="of this day (default: today)"),
    option("--procedure", metavar="PROCEDURE", ja="この手続の案件だけ（名称でも可）", en="only this procedure's cases"),
    option(
        "--sheet",
        metavar="FILE",
        ja="結果を記入する表（CSV）を作る。記入して toritsugi sitting で記録する",
        en="write a sheet (CSV) to fill in with the results, for toritsugi sitting",
    ),
    usage="[--on DATE] [--procedure PROCEDURE] [--sheet FILE]",
    ja="""
進行中の期限がその日に当たる案件を、案件番号の順に示します。例：
    toritsugi agenda --on 2026-06-15 --as 成長企業発掘・育成委員会 --sheet 議案.csv""",
    en="""
The cases of which a running deadline falls on that day, by number. For example:
    toritsugi agenda --on 2026-06-15 --as committee --sheet agenda.csv""",
)
def agenda(desk: Desk, on: str | None, procedure: str | None, sheet: str | None) -> None:
    from toritsugi_adapters.cli.installed import installed
    from toritsugi_adapters.cli.spoken import named

    wanted = None
    if procedure is not None:
        titles = {one.id: one.title for one in installed().procedures.values()}
        wanted = installed().procedure(named(procedure, titles)).id
    with desk.engine() as engine:
        day = _day(on, desk)
        found = list(_items(desk, engine, day, wanted))
        if sheet is not None and found:
            from toritsugi_adapters.cli.minutes import write_sheet

            write_sheet(sheet, [(item, engine.procedure_of(item.case)) for item in found])
        desk.show([_shape(engine, item) for item in found], list(_text(engine, found, day, sheet)))


def _day(on: str | None, desk: Desk) -> date:
    from toritsugi.core.moments import jst_date
    from toritsugi.definition.literals import fold, read_date

    if on is None:
        return jst_date(desk.present())
    try:
        return date.fromisoformat(read_date(fold(on)))
    except ValueError:
        raise Failure(
            f"「{on}」は日付として読めません。例：2026-12-28", f'"{on}" is not a date; write 2026-12-28.'
        ) from None


def _items(desk: Desk, engine: Engine, day: date, procedure: str | None) -> Iterator[AgendaItem]:
    """The items that whoever sits here may know of, each as far as it may be seen."""
    for item in engine.agenda(day, procedure=procedure):
        viewer = desk.shows(engine, item.case)
        if viewer is not None:
            yield item if desk.role is None else engine.agenda_item(item.deadline, viewer)


def _shape(engine: Engine, item: AgendaItem) -> dict[str, Any]:
    from toritsugi_adapters.cli import wording
    from toritsugi_adapters.cli.shapes import deadline_shape, title_shape

    case, procedure = item.case, engine.procedure_of(item.case)
    return {
        "case": case.id,
        "name": wording.case_name(case, procedure),
        "procedure": case.procedure,
        "title": title_shape(procedure.title),
        "state": case.state,
        "state_title": title_shape(procedure.states[case.state].title),
        "deadline": deadline_shape(item.deadline, procedure),
        "events": [{"id": event, "title": title_shape(procedure.events[event].title)} for event in item.events],
    }


def _text(engine: Engine, items: list[AgendaItem], day: date, sheet: str | None) -> Iterator[str]:
    from toritsugi_adapters.cli import wording

    shown = wording.day(day.isoformat())
    if not items:
        yield words(f"{shown}が期限の案件はありません。", f"No deadline falls on {shown}.")
        return
    yield words(f"{shown}の議題　{len(items)}件", f"{shown}: {len(items)} case{'s' * (len(items) > 1)}")
    for number, item in enumerate(items, 1):
        procedure = engine.procedure_of(item.case)
        missed = words("【超過】", "MISSED ") if item.deadline.status == "missed" else ""
        choices = wording.joined(wording.of(procedure.events[event].title) for event in item.events)
        yield f"{number}. {item.case.id}  {wording.case_name(item.case, procedure)}"
        rows = [
            (words("議題", "what"), f"{missed}{wording.deadline_title(procedure, item.deadline.name)}"),
            (words("手続", "procedure"), wording.of(procedure.title)),
            (words("状態", "state"), wording.state_title(procedure, item.case.state)),
            (words("選べる操作", "choices"), choices or "-"),
        ]
        yield from table(rows, indent=4)
    if sheet is not None:
        yield words(
            f"「{sheet}」の「操作」に結果を記入し、toritsugi sitting {sheet} で記録してください。",
            f"Fill the results in under `event` of {sheet}, then: toritsugi sitting {sheet}",
        )


@command(
    "sitting",
    argument("file"),
    option(
        "--at",
        metavar="MOMENT",
        ja="会議の日時、日本時間（既定：今）",
        en="when the meeting was, by Japan's clock (default: now)",
    ),
    option(
        "--key",
        metavar="KEY",
        ja="受付キー。同じキーの再送は一度だけ記録される",
        en="idempotency key: the same again is recorded once",
    ),
    usage="FILE [--at MOMENT]",
    ja="""
表（CSV）の一行が一件です。一件でも記録できなければ、一件も記録しません。列は「案件」「操作」、必要なら「理由」「例外」
（はい）と、記入する項目。「操作」が空の行は飛ばします。例：
    toritsugi sitting 議案.csv --as 成長企業発掘・育成委員会 --at "2026-06-15 14:00\"""",
    en="""
A row of the sheet (CSV) for each case; if one cannot be recorded, none is. Columns: case, event, and if needed reason,
exception (yes) and fields to give; rows without an event are passed over. For example:
    toritsugi sitting agenda.csv --as committee --at "2026-06-15 14:00\"""",
)
def sitting(desk: Desk, file: str, at: str | None, key: str | None) -> None:
    from toritsugi.errors import NotPossible
    from toritsugi_adapters.cli.minutes import read_sheet

    with desk.engine(writing=True) as engine:
        lines = read_sheet(file, engine)
        first = engine.case(lines[0].item.case_id)
        procedure = engine.procedure_of(first)
        spec = procedure.events[lines[0].item.event]
        actor = desk.actor_in(first, procedure, spec.by)
        _of_one_institution(engine, lines, actor)
        try:
            answers = engine.send_together([line.item for line in lines], actor, key=key, occurred_at=occurred(at))
        except NotPossible as error:
            raise _refused(engine, error, lines) from error
        desk.show(_recorded_shape(answers), list(_recorded(desk, engine, answers)))


def _of_one_institution(engine: Engine, lines: list[Line], actor: Actor) -> None:
    """That the part of whoever decides is played by one institution: the history of a case names it.

    Raises:
        BadInput: with the rows where another one plays it.
    """
    from toritsugi.errors import BadInput

    problems = []
    for line in lines:
        case = engine.case(line.item.case_id)
        party = engine.procedure_of(case).parties.get(actor.role or "")
        if party is not None and (case.parties.get(party.id) or party.institution or party.id) != actor.institution:
            problems.append(
                {
                    "place": words(f"{line.number}行目", f"row {line.number}"),
                    "ja": f"「{party.title.ja}」が最初の案件とは別の機関です。機関ごとに表を分けてください",
                    "en": f"another institution is {party.title.en} here than in the first case; make a sheet for each",
                }
            )
    if problems:
        raise BadInput(problems)


def _refused(engine: Engine, error: NotPossible, lines: list[Line]) -> Refused:
    """The refusal with its row in the sheet, and what could be done in that case instead."""
    line = lines[error.item[0] - 1 if error.item else 0]
    procedure = engine.procedure_of(engine.case(line.item.case_id))
    titles = {one: (procedure.events[one].title.ja, procedure.events[one].title.en) for one in error.possible}
    spec = procedure.events[line.item.event]
    event = spec.title
    told = (
        f"{line.number}行目（案件 {line.item.case_id}、{event.ja}）が拒否されたため、一件も記録していません。",
        f"Row {line.number} (case {line.item.case_id}, {event.en}) was refused, so nothing was recorded.",
    )
    return Refused(error, titles, hints=[told, *_mending(spec, error, line)])


def _mending(spec: Event, error: NotPossible, line: Line) -> Iterator[tuple[str, str]]:
    """What to fill in so that the row is recorded after all: ja, en."""
    reason = (line.item.reason or "").strip()
    if error.code == "FORM_INCOMPLETE" and spec.reason == "required" and not reason:
        yield "「理由」の列に理由を記入してください。", "Fill in the reason under `reason`."
    codes = {one.get("code") for one in error.reasons}
    if {guard.soft for guard in spec.guards if guard.code in codes} == {True} and not (line.item.override and reason):
        yield (
            "原則の条件です。「例外」の列に「はい」、「理由」の列に理由を記入すれば記録できます。",
            "This holds in principle only: yes under `exception` and a reason under `reason` record it all the same.",
        )


def _recorded_shape(answers: tuple[Answer, ...]) -> dict[str, Any]:
    from toritsugi_adapters.cli.shapes import answer_shape

    return {"sitting": answers[0].sitting, "answers": [answer_shape(one) for one in answers]}


def _recorded(desk: Desk, engine: Engine, answers: tuple[Answer, ...]) -> Iterator[str]:
    from toritsugi_adapters.cli import wording

    yield (
        words(f"記録済みです（同じ受付キー）：{len(answers)}件", f"Recorded before, under this key: {len(answers)}")
        if answers[0].repeated
        else words(f"一括して記録しました：{len(answers)}件", f"Recorded in one act: {len(answers)}")
    )
    for answer in answers:
        case, procedure, _ = desk.looked_at(engine, answer.case_id)
        title = wording.of(wording.event_title(procedure, answer.event))
        state = wording.state_title(procedure, answer.state)
        yield f"  {answer.case_id}  {wording.case_name(case, procedure)}  {title} → {state}"

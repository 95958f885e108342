"""`due` and `when`: deadlines that are running, and how a date is found."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from toritsugi_adapters.cli.account import NOT_FOUND, Failure
from toritsugi_adapters.cli.desk import Desk
from toritsugi_adapters.cli.language import words
from toritsugi_adapters.cli.layout import table, whole
from toritsugi_adapters.cli.options import argument, command, option

if TYPE_CHECKING:
    from toritsugi.core.calendar import Skipped
    from toritsugi.core.deadline import Due
    from toritsugi.definition.model import Procedure
    from toritsugi.engine import Engine
    from toritsugi.ports import DeadlineRecord

#: no deadline lies beyond it: 10000-01-01 in Japan.
_EVER = 253_402_268_400_000_000


@command(
    "when",
    argument("duration"),
    option(
        "--calendar", metavar="INSTITUTION", required=True, ja="どの機関の営業日で数えるか", en="whose business days"
    ),
    option(
        "--from",
        "start",
        metavar="MOMENT",
        required=True,
        ja="起点の日付または日時（日本時間）",
        en="a date, or a date and time (Japan's)",
    ),
    usage='"7 business days" --calendar INSTITUTION --from MOMENT',
    ja="""
データベースは使いません。例：
    toritsugi when "7営業日" --calendar jetro_tokyo --from "2026-04-24 18:30"
    toritsugi when "4営業日前" --calendar jetro_tokyo --from 2026-06-01""",
    en="""
Needs no store. For example:
    toritsugi when "7 business days" --calendar jetro_tokyo --from "2026-04-24 18:30"
    toritsugi when "4 business days before" --calendar jetro_tokyo --from 2026-06-01""",
)
def when(desk: Desk, duration: str, calendar: str, start: str) -> None:
    from toritsugi.core.deadline import due_date
    from toritsugi.definition.duration import parse_duration
    from toritsugi_adapters.cli.installed import installed

    known = installed().manifests
    if calendar not in known:
        raise _no_calendar(calendar, list(known))
    due = due_date(parse_duration(duration), _start(start), installed().calendar(calendar))
    desk.show(_when_shape(due), _when_text(due, installed().title(calendar, words("ja", "en"))))


def _start(text: str) -> int | date:
    """A moment, or a bare date: both as they are told in Japan, unless an offset is written."""
    from toritsugi.definition.literals import fold, read_date
    from toritsugi_adapters.cli.clock import typed_moment

    try:
        return date.fromisoformat(read_date(fold(text)))
    except (ValueError, OverflowError):
        return typed_moment(text)


def _no_calendar(calendar: str, known: list[str]) -> Failure:
    return Failure(
        f"「{calendar}」の営業日カレンダーはありません。あるもの：{'、'.join(known)}",
        f'There is no calendar "{calendar}"; there are {", ".join(known)}.',
        exit_code=NOT_FOUND,
    )


def _when_shape(due: Due) -> dict[str, Any]:
    return {
        "accepted_on": due.accepted_on.isoformat() if due.accepted_on is not None else None,
        "due": due.due.isoformat(),
        "counted": [day.isoformat() for day in due.counted],
        "skipped": [one.date.isoformat() for one in due.skipped],
        "explanation": {"ja": due.explanation.ja, "en": due.explanation.en},
    }


def _when_text(due: Due, calendar: str) -> Iterator[str]:
    from toritsugi.core.moments import format_date
    from toritsugi_adapters.cli import wording

    locale = wording.locale()
    rows = [(words("期限", "Due"), format_date(due.due, locale))]
    if due.accepted_on is not None:
        rows.append((words("受付", "Accepted"), format_date(due.accepted_on, locale)))
    rows.append((words("暦", "Calendar"), calendar))
    rows.append((words("数え方", "Account"), wording.of(due.explanation)))
    if due.counted:
        counted = (
            whole(f"{place}. {format_date(day, locale, year=False)}") for place, day in enumerate(due.counted, 1)
        )
        rows.append((words("数えた日", "Counted"), "  ".join(counted)))
    closed = (*_before_acceptance(due), *due.skipped)
    if closed:
        skipped = (whole(f"{format_date(one.date, locale, year=False)} {wording.of(one.reason)}") for one in closed)
        rows.append((words("除いた日", "Skipped"), wording.joined(skipped)))
    yield from table(rows)


def _before_acceptance(due: Due) -> tuple[Skipped, ...]:
    """Closed days from the arrival to the day of acceptance."""
    from toritsugi.core.moments import jst_date

    if due.accepted_on is None:
        return ()
    arrived = jst_date(due.counted_from) if isinstance(due.counted_from, int) else due.counted_from
    return due.calendar.closed_between(arrived - timedelta(days=1), due.accepted_on)


@command(
    "due",
    option(
        "--until", metavar="DATE", ja="この日までに期限が来るもの（既定：すべて）", en="due by this day (default: all)"
    ),
    usage="[--until DATE]",
)
def due(desk: Desk, until: str | None) -> None:
    from toritsugi.core.moments import DAY_US, jst_midnight
    from toritsugi.definition.literals import fold, read_date

    limit = _EVER
    if until is not None:
        try:
            limit = jst_midnight(date.fromisoformat(read_date(fold(until)))) + DAY_US
        except ValueError:
            raise Failure(
                f"「{until}」は日付として読めません。例：2026-12-28", f'"{until}" is not a date; write 2026-12-28.'
            ) from None
    with desk.engine() as engine:
        now = desk.present()
        found = list(_due(desk, engine, limit))
        shapes = [_due_shape(record, procedure) for record, procedure in found]
        desk.show(shapes, list(_due_text(found, now)))


def _due(desk: Desk, engine: Engine, limit: int) -> Iterator[tuple[DeadlineRecord, Procedure]]:
    """The deadlines that whoever sits here may know of, explained as far as it may be told."""
    for record in engine.views.due(limit):
        case = engine.case(record.case_id)
        viewer = desk.shows(engine, case)
        if viewer is not None:
            found = record if desk.role is None else engine.views.explained(record, viewer)
            yield found, engine.procedure_of(case)


def _due_shape(record: DeadlineRecord, procedure: Any) -> dict[str, Any]:
    from toritsugi_adapters.cli.shapes import deadline_shape

    return deadline_shape(record, procedure)


def _due_text(found: list[tuple[DeadlineRecord, Any]], now: int) -> Iterator[str]:
    from toritsugi_adapters.cli import wording

    if not found:
        yield words("進行中の期限はありません。", "No deadline is running.")
    for record, procedure in found:
        mark = {"missed": words("【超過】", "MISSED "), "suspended": words("【停止中】", "SUSPENDED ")}.get(
            record.status, ""
        )
        left = wording.left(record.due_on, now)
        if record.status == "suspended":
            left = words("（停止前の期限。再開すると改めて決まる）", "(as it was; set anew when it goes on)")
        yield f"{mark}{wording.day(record.due_on)}  {left}  {record.case_id}"
        who = wording.party_title(procedure, record.responsible) if record.responsible else "-"
        rows = [
            (words("期限", "what"), wording.deadline_title(procedure, record.name)),
            (words("担当", "who"), who),
            (words("数え方", "why"), record.explanation[wording.locale()]),
        ]
        yield from table(rows, indent=4)

"""What acting commands share: the moment of an act, a refusal with its titles, the answer as a person reads it."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from toritsugi_adapters.cli.faults import Refused
from toritsugi_adapters.cli.language import words
from toritsugi_adapters.cli.layout import table

if TYPE_CHECKING:
    from toritsugi.core.values import Answer
    from toritsugi.definition.model import Procedure
    from toritsugi.engine import Engine
    from toritsugi.ports import DeadlineRecord, MessageRecord
    from toritsugi_adapters.cli.desk import Desk


def occurred(at: str | None) -> int | None:
    """The moment of `--at`; None: now.

    Raises:
        BadMoment: not one unambiguous moment.
    """
    from toritsugi.core.moments import parse_moment

    return parse_moment(at) if at is not None else None


@contextmanager
def refusals_told(
    procedure: Procedure, needs: Iterable[str] = (), known: Container[str] = (), *, opening: bool = False
) -> Iterator[None]:
    """A refusal in here is told with titles, and an incomplete form with the fields to give.

    Args:
        needs: fields that the event needs.
        known: fields that are set, in the case or by this command.
        opening: there is no case yet, so nothing else could be done with it.
    """
    from toritsugi.errors import NotPossible

    try:
        yield
    except NotPossible as error:
        events = () if opening else error.possible
        titles = {event: (procedure.events[event].title.ja, procedure.events[event].title.en) for event in events}
        lacking = (
            [procedure.data[name] for name in needs if name not in known] if error.code == "FORM_INCOMPLETE" else []
        )
        missing = [(field.id, field.title.ja, field.title.en) for field in lacking]
        raise Refused(error, titles, missing) from error


def recorded(desk: Desk, engine: Engine, answer: Answer) -> None:
    """Show what was recorded: the state, the deadlines it started, the messages it decided."""
    from toritsugi_adapters.cli.shapes import answer_shape

    messages = [one for one in engine.views.messages(answer.case_id) if one.seq >= answer.seq]
    desk.show(answer_shape(answer, messages), list(_answer_text(engine, answer, messages)))


def _answer_text(engine: Engine, answer: Answer, messages: list[MessageRecord]) -> Iterator[str]:
    from toritsugi_adapters.cli import wording

    procedure = engine.procedure_of(engine.case(answer.case_id))
    title = wording.of(wording.event_title(procedure, answer.event))
    yield (
        words("記録済みです（同じ受付キー）：", "Recorded before, under this key: ") + title
        if answer.repeated
        else words(f"記録しました：{title}", f"Recorded: {title}")
    )
    after = wording.state_title(procedure, answer.state)
    if answer.from_state is not None and answer.from_state != answer.state:
        after = f"{wording.state_title(procedure, answer.from_state)} → {after}"
    rows = [(words("案件", "case"), answer.case_id), (words("状態", "state"), after)]
    records = [
        record for record in engine.views.deadlines(answer.case_id) if answer.due.get(record.name) == record.due_on
    ]
    for name, due_on in answer.due.items():
        rows.append(
            (words("期限", "deadline"), f"{wording.deadline_title(procedure, name)}  {wording.due_words(due_on)}")
        )
        rows += [("", why) for why in _why(name, records)]
    for name in answer.late:
        late = words("期限を過ぎての記録です", "recorded late")
        rows.append((words("期限", "deadline"), f"{wording.deadline_title(procedure, name)}  {late}"))
    rows += [(words("送付", "message"), message_line(procedure, one)) for one in messages]
    yield from table(rows, indent=2)


def _why(name: str, records: list[DeadlineRecord]) -> Iterator[str]:
    from toritsugi_adapters.cli import wording

    for record in records:
        if record.name == name:
            yield record.explanation[wording.locale()]


def message_line(procedure: Procedure, message: MessageRecord) -> str:
    """A message in one line: what, to whom, how, and where it is."""
    from toritsugi_adapters.cli import wording

    how = f"{wording.channel_title(message.channel)}{words('、', ', ')}{wording.message_status(message.status)}"
    return wording.sent(procedure, message.document, message.party, how)

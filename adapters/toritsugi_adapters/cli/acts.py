"""What acting commands share: the moment of an act, a refusal with its titles, the answer as a person reads it."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from toritsugi_adapters.cli.account import Refused
from toritsugi_adapters.cli.language import words
from toritsugi_adapters.cli.layout import table

if TYPE_CHECKING:
    from toritsugi.core.values import Actor, Answer
    from toritsugi.definition.model import Procedure
    from toritsugi.definition.model_events import Event
    from toritsugi.engine import Engine
    from toritsugi.errors import NotPossible
    from toritsugi.ports import DeadlineRecord, MessageRecord
    from toritsugi_adapters.cli.desk import Desk


def occurred(at: str | None) -> int | None:
    """The moment of `--at`; None: now.

    Raises:
        BadMoment: not a date and time.
    """
    from toritsugi_adapters.cli.clock import typed_moment

    return typed_moment(at) if at is not None else None


@contextmanager
def refusals_told(
    procedure: Procedure,
    needs: Iterable[str],
    known: Container[str],
    sent: Sent | None = None,
    moved: Callable[[], str | None] = lambda: None,
) -> Iterator[None]:
    """A refusal in here is told with titles, with the fields to give, and with the option that would mend it.

    Args:
        needs: fields that the event needs.
        known: fields that are set, in the case or by this command.
        sent: the event; None: a case is being opened, and nothing else could be done instead.
        moved: asked after a refusal: the state to which the refusal itself led the case; None: it stays where it was.
    """
    from toritsugi.errors import NotPossible

    try:
        yield
    except NotPossible as error:
        state = moved()
        events = error.possible if sent is not None and state is None else ()
        titles = {event: (procedure.events[event].title.ja, procedure.events[event].title.en) for event in events}
        lacking = (
            [procedure.data[name] for name in needs if name not in known] if error.code == "FORM_INCOMPLETE" else []
        )
        missing = [(field.id, field.title.ja, field.title.en) for field in lacking]
        hints = list(sent.hints(error)) if sent is not None and state is None else []
        if state is not None:
            title = procedure.states[state].title
            hints.append(
                (
                    f"この結果、案件は「{title.ja}」になりました。",
                    f'As a result the case has moved to "{title.en}".',
                )
            )
        raise Refused(error, titles, missing=missing, hints=hints) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """An event as it was sent, to tell which option would have mended its refusal."""

    #: None: the procedure has no such event.
    event: Event | None
    via: str | None
    reason: str | None
    override: bool

    def hints(self, error: NotPossible) -> Iterator[tuple[str, str]]:
        """What to write on the command line: ja, en."""
        if self.event is None:
            return
        if error.code == "CHANNEL_NOT_ALLOWED" and self.event.channels and self.via is None:
            ways = self.event.channels
            yield f"--via で方法を指定してください：{'、'.join(ways)}", f"Say with --via how: {', '.join(ways)}."
        if error.code == "FORM_INCOMPLETE" and self.event.reason == "required" and not self.reason:
            yield "--reason で理由を書いてください。", "Write the reason with --reason."
        codes = {reason.get("code") for reason in error.reasons}
        failing = {guard.soft for guard in self.event.guards if guard.code in codes}
        if failing == {True} and not (self.override and self.reason):
            yield (
                "原則の条件です。--override と --reason で理由を書けば記録できます。",
                "This holds in principle only: --override with a --reason records it all the same.",
            )


def recorded(desk: Desk, engine: Engine, answer: Answer, role: str) -> None:
    """Show what was recorded: by whom, the state, the deadlines it started, the messages it decided."""
    from toritsugi_adapters.cli.shapes import answer_shape

    viewer = _viewer(engine, answer.case_id, role, desk)
    messages = [one for one in engine.views.messages(answer.case_id, viewer) if one.seq >= answer.seq]
    desk.show(answer_shape(answer, messages), list(_answer_text(engine, answer, messages, role, viewer)))


def _viewer(engine: Engine, case_id: str, role: str, desk: Desk) -> Actor:
    """Who reads the answer: the party that acted, if `--as` said so."""
    from toritsugi.core.values import SYSTEM

    if desk.role is None:
        return SYSTEM
    return desk.actor(role, engine.case(case_id).parties.get(role) or role)


def _answer_text(
    engine: Engine, answer: Answer, messages: list[MessageRecord], role: str, viewer: Actor
) -> Iterator[str]:
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
    rows = [
        (words("案件", "case"), answer.case_id),
        (words("状態", "state"), after),
        (words("立場", "as"), _recorded_as(procedure, role)),
    ]
    records = [
        record
        for record in engine.views.deadlines(answer.case_id, viewer)
        if answer.due.get(record.name) == record.due_on
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
    if waiting := sum(one.status == "waiting" for one in messages):
        yield words(
            f"送付待ち {waiting}件。`toritsugi deliver` で送り出します。",
            f"{waiting} message{'s' * (waiting > 1)} waiting; `toritsugi deliver` hands over.",
        )


def _recorded_as(procedure: Procedure, role: str) -> str:
    """In whose name it stands in the history."""
    from toritsugi_adapters.cli import wording
    from toritsugi_adapters.cli.desk import operator

    title, who = wording.party_title(procedure, role), operator()
    return words(f"{title}（{who} が端末で記録）", f"{title} (recorded by {who})")


def _why(name: str, records: list[DeadlineRecord]) -> Iterator[str]:
    from toritsugi_adapters.cli import wording

    for record in records:
        if record.name == name:
            yield record.explanation[wording.locale()]


def message_line(procedure: Procedure, message: MessageRecord) -> str:
    """A message in one line: what, to whom, how, and where it is."""
    from toritsugi_adapters.cli import wording

    how = f"{wording.channel_title(message.channel)}{words('、', ', ')}{wording.message_progress(message)}"
    return wording.sent(procedure, message.document, message.party, how)

"""The demonstration as text: what happened day by day, and what it came to."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

from toritsugi.core.moments import format_clock, format_date, jst_date
from toritsugi.definition.model import Procedure
from toritsugi.definition.types import Kind
from toritsugi.ports import DeadlineRecord, MessageRecord, PostingRecord
from toritsugi.store.audit import Report
from toritsugi_adapters.cli import wording
from toritsugi_adapters.cli.demo.play import Scene, Stage
from toritsugi_adapters.cli.demo.story import PROCEDURE
from toritsugi_adapters.cli.language import chosen, words
from toritsugi_adapters.cli.layout import paragraph, table, width

_INDENT = 9
_LABEL = 6


class Timeline:
    """Turns scenes into lines, with a heading for each new day."""

    def __init__(self, *, colour: bool) -> None:
        self._colour = colour
        self._day = ""

    def lines(self, scene: Scene) -> Iterator[str]:
        """The lines of one scene."""
        day = format_date(jst_date(scene.at), wording.locale())
        if day != self._day:
            self._day = day
            yield ""
            yield self._marked(day, "1")
        yield from self._head(scene)
        yield from self._given(scene)
        if scene.refusal is not None:
            yield from self._refused(scene)
        elif scene.moved and scene.state is not None:
            state = wording.state_title(scene.procedure, scene.state)
            yield from self._row(words("状態", "state"), state, "32")
        for record in scene.armed:
            yield from self._armed(scene.procedure, record)
        for name, mark in scene.ended.items():
            title = wording.deadline_title(scene.procedure, name)
            colour = "32" if mark == "met" else "33"
            yield from self._row(words("期限", "due"), f"{wording.deadline_status(mark)}  {title}", colour)
        for posting in scene.postings:
            yield from self._row(words("経費", "cost"), _posting(posting), "")
        for message in scene.messages:
            yield from self._message(scene.procedure, message)

    def _head(self, scene: Scene) -> Iterator[str]:
        title = wording.of(wording.event_title(scene.procedure, scene.event))
        who = _actor(scene)
        mark = self._marked("!", "31") if scene.refusal is not None else " "
        text = words(f"{who}：{title}", f"{who}: {title}")
        first, *more = paragraph(text, indent=_INDENT, first=" " * _INDENT)
        yield f" {format_clock(scene.at):>5} {mark} {first[_INDENT:]}"
        yield from more

    def _given(self, scene: Scene) -> Iterator[str]:
        """What was given along; free text and personal data are left out."""
        fields = [(scene.procedure.data[name], value) for name, value in scene.given.items()]
        shown = [
            words(f"{field.title.ja}：", f"{field.title.en}: ") + wording.shown(value, field.type)
            for field, value in fields
            if field.type.kind is not Kind.TEXT and not field.personal
        ]
        if scene.event == "open" and scene.case.data.get("company_name"):
            shown = [str(scene.case.data["company_name"])]
        if shown:
            yield from self._row(words("内容", "given"), words("、", "; ").join(shown), "")

    def _refused(self, scene: Scene) -> Iterator[str]:
        refusal = scene.refusal
        if refusal is None:
            return
        label = words("拒否", "no")
        for reason in refusal.reasons:
            source = words(f"（{reason['source']}）", f" ({reason['source']})") if reason.get("source") else ""
            yield from self._row(label, f"{reason[chosen()]}{source} [{reason['code']}]", "31")
            label = ""
        instead = [event for event in refusal.possible if event != scene.event]
        if instead:
            titles = (wording.of(wording.event_title(scene.procedure, event)) for event in instead)
            yield from self._row(words("可能", "can"), wording.joined(titles), "")

    def _armed(self, procedure: Procedure, record: DeadlineRecord) -> Iterator[str]:
        title = wording.deadline_title(procedure, record.name)
        until = words(f"{wording.day(record.due_on)}まで", wording.day(record.due_on))
        yield from self._row(words("期限", "due"), f"{until}  {title}", "33")
        yield from self._row("", record.explanation[wording.locale()], "2")

    def _message(self, procedure: Procedure, message: MessageRecord) -> Iterator[str]:
        how = wording.channel_title(message.channel)
        yield from self._row(words("送付", "sent"), wording.sent(procedure, message.document, message.party, how), "")
        where = (
            f"spool/{wording.whereabouts(message.proof)}" if message.proof else wording.message_status(message.status)
        )
        yield from self._row("", where, "2")

    def _row(self, label: str, text: str, colour: str) -> Iterator[str]:
        lead = " " * _INDENT + label + " " * max(1, _LABEL - width(label))
        for line in paragraph(text, indent=_INDENT + _LABEL, first=lead):
            yield line[: len(lead)] + self._marked(line[len(lead) :], colour) if colour else line
            lead = " " * (_INDENT + _LABEL)

    def _marked(self, text: str, colour: str) -> str:
        return f"\033[{colour}m{text}\033[0m" if self._colour and text else text


def coloured() -> bool:
    """Whether the reader's terminal shows colours and wants them (NO_COLOR)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def _posting(record: PostingRecord) -> str:
    one = record.posting
    return wording.posting_words(one.act, one.item, one.reserved_yen, one.consumed_yen, one.company_pays_yen)


def _actor(scene: Scene) -> str:
    """Who did it; of a linked case the case itself, which only follows."""
    if scene.case.procedure != PROCEDURE:
        return wording.of(scene.procedure.title)
    if scene.role not in scene.procedure.parties:
        return words("システム", "System")
    return wording.short_party(scene.procedure, scene.role)


def opening_words(stage: Stage, form: str) -> Iterator[str]:
    """What is about to be shown."""
    title = wording.of(stage.procedure.title)
    yield words(
        f"デモ：{title}（{stage.procedure.id} {stage.procedure.version}）",
        f"Demo: {title} ({stage.procedure.id} {stage.procedure.version})",
    )
    yield from paragraph(
        words(
            f"様式1の記入例（{form}）を読み、一社の申込みを金融機関の窓口から完了まで、年末年始をまたいで進めます。"
            "時計は仮想のもので、送付物は外へ出さず、フォルダーに置きます。",
            f"Reads a filled Form 1 ({form}) and carries one company's application from the bank's desk to its close, "
            "across year-end. The clock is a virtual one; messages are laid into a folder and leave nowhere.",
        )
    )


def closing_words(stage: Stage, report: Report, *, kept: bool) -> Iterator[str]:
    """What it came to: state, deadlines, frame, messages, the audit, and how to go on."""
    case, *linked = stage.cases()
    yield from ("", "=" * 78, words("結果", "Outcome"))
    state = wording.state_title(stage.procedure, case.state)
    rows = [(words("案件", "case"), f"{case.id}  {state} ({case.state})")]
    for record in stage.engine.views.deadlines(case.id):
        title = wording.deadline_title(stage.procedure, record.name)
        rows.append(
            (
                words("期限", "deadline"),
                f"{wording.day(record.due_on)}  {wording.deadline_status(record.status)}  {title}",
            )
        )
    for frame in linked:
        for ledger in frame.ledgers.values():
            rows.append(
                (
                    words("支援枠", "frame"),
                    _ledger_words(ledger.ceiling_yen, ledger.consumed_yen, ledger.reserved_yen, ledger.available_yen),
                )
            )
    rows.append((words("送付物", "messages"), _messages_words(stage, case.id)))
    rows += [
        (words("検証", "audit") if place == 0 else "", line)
        for place, line in enumerate(report.text(chosen()).split("\n"))
    ]
    yield from table(rows, indent=2)
    yield ""
    yield from _afterwards(stage, case.id, kept)


def _ledger_words(ceiling: int, consumed: int, reserved: int, available: int) -> str:
    amounts = (
        (words("上限", "ceiling"), ceiling),
        (words("実績", "consumed"), consumed),
        (words("仮押さえ", "reserved"), reserved),
        (words("利用可能", "available"), available),
    )
    return "  ".join(f"{label} {wording.yen(amount)}" for label, amount in amounts)


def _messages_words(stage: Stage, case_id: str) -> str:
    found = stage.engine.views.messages(case_id)
    counts: dict[str, int] = {}
    for one in found:
        how = wording.message_progress(one)
        counts[how] = counts.get(how, 0) + 1
    told = wording.joined(f"{how} {count}" for how, count in counts.items())
    return words(f"{len(found)}件（{told}）", f"{len(found)} ({told})")


def _afterwards(stage: Stage, case_id: str, kept: bool) -> Iterator[str]:
    if not kept:
        yield from paragraph(
            words(
                "一時フォルダーで実行しました。残すには：toritsugi demo --dir demo",
                "This ran in a temporary folder. To keep it: toritsugi demo --dir demo",
            )
        )
        return
    yield words("続けて見るには：", "To look further:")
    for name in ("case", "history", "messages"):
        yield f"  toritsugi {name} {case_id} --store {stage.store}"

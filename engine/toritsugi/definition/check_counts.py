"""The static checks of counts: what they name, by what cases can be found, where a number may be read and who may know it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from toritsugi.definition.configurations import split
from toritsugi.definition.expression import names_read
from toritsugi.definition.interface import Interface
from toritsugi.definition.model import Procedure
from toritsugi.definition.model_counts import Count
from toritsugi.definition.model_effects import SendMessage
from toritsugi.definition.report import Report
from toritsugi.definition.types import Kind, describe, same_type
from toritsugi.definition.uses import PLACEHOLDER

#: What two cases can have in common: values that are kept as texts.
_IN_COMMON = (Kind.TEXT, Kind.CHOICE, Kind.INSTITUTION, Kind.CORPORATE_NUMBER, Kind.DATE)


def counts(report: Report, known: Callable[[str], Interface | None]) -> None:
    """Check every count of the procedure.

    Args:
        known: procedure -> its outside; None: there is none.
    """
    for count in report.procedure.counts.values():
        path = f"counts.{count.id}"
        report.known("party", count.seen_by, report.procedure.parties, f"{path}.seen_by")
        interface = known(count.procedure)
        if interface is None:
            ja, en = (
                f"「{count.procedure}」という手続の定義がありません。",
                f"there is no procedure '{count.procedure}'.",
            )
            report.add("UNKNOWN_PROCEDURE", f"{path}.procedure", ja, en, word=count.procedure)
        else:
            _counted(report, count, interface, path)
    for path, name, ja, en in _elsewhere(report.procedure):
        report.add("COUNT_NOT_HERE", path, f"「{name}」{ja}", f"'{name}' {en}", word=name)


def _counted(report: Report, count: Count, interface: Interface, path: str) -> None:
    words = dict.fromkeys((*interface.states, *interface.groups))
    # ways of standing that nothing leads to are no states any more, but they were written out of known words
    unknown = [state for state in count.states if not words.keys() >= {*split(state)}]
    report.known("state", [state for state in unknown if state not in words], words, f"{path}.in")
    for theirs, ours in count.same.items():
        _in_common(report, interface, theirs, ours, f"{path}.same")
    if count.during is not None:
        date, at = count.during.date, f"{path}.during.date"
        if report.known("field", (date,), interface.data, at) and interface.data[date].type.kind is not Kind.DATE:
            report.add("WRONG_TYPE", at, f"「{date}」は日付ではありません。", f"'{date}' is no date.", word=date)
    if count.ended and not count.about_same:
        ja = "終わった案件を数えるには、対象が同じであること（same: subject）が必要です。終わっていない状態だけを数えることもできます。"
        en = "ended cases can be counted only if they are about the same (`same: subject`); name open states, or add that."
        report.add("TOO_MANY_TO_COUNT", f"{path}.in", ja, en)


def _in_common(report: Report, interface: Interface, theirs: str, ours: str, path: str) -> None:
    data = report.procedure.data
    if not report.known("field", (theirs,), interface.data, path) or not report.known("field", (ours,), data, path):
        return
    for id_, field in ((theirs, interface.data[theirs]), (ours, data[ours])):
        if field.personal:
            ja = f"「{id_}」は個人情報なので、これで案件を数えることはできません。"
            report.add("PERSONAL_COUNTED", path, ja, f"'{id_}' is personal; cases cannot be counted by it.", word=id_)
        elif field.type.kind not in _IN_COMMON:
            ja = f"「{id_}」は{describe(field.type, 'ja')}なので、同じかどうかで数えられません。"
            en = f"'{id_}' has a type by which cases cannot be counted: {describe(field.type, 'en')}."
            report.add("WRONG_TYPE", path, ja, en, word=id_)
    there, here = interface.data[theirs].type, data[ours].type
    if not same_type(there, here) and there.kind is not here.kind:
        ja, en = f"「{theirs}」と「{ours}」の型が違います。", f"'{theirs}' and '{ours}' differ in type."
        report.add("WRONG_TYPE", path, ja, en, word=theirs)


def _elsewhere(procedure: Procedure) -> Iterator[tuple[str, str, str, str]]:
    """Where a number is read that nobody would notice to change, or that would be told to whoever reads a text."""
    counts = procedure.counts.keys()
    for event in procedure.events.values():
        for trigger in event.triggers:
            for name in sorted(names_read(trigger.when) & counts) if trigger.when is not None else ():
                ja = "が変わっても、この案件では何も起きません。condition ではなく requires か effects で使ってください。"
                en = "may change without anything happening in this case; read it in `requires` or `effects`."
                yield f"events.{event.id}.on", name, ja, en
        for effect in event.effects:
            if isinstance(effect, SendMessage):
                for name in sorted(_placeholders(effect) & counts):
                    yield f"events.{event.id}.effects", name, *_TELLS
    for document in procedure.documents.values():
        for name in sorted({*document.fields} & counts):
            yield f"documents.{document.id}.shows", name, *_TELLS


_TELLS = (
    "は他の案件についての数なので、文書には入れられません。示す必要があれば、set で項目に写してください。",
    "tells of other cases and cannot stand in a message; if it is to be shown, `set` a field to it.",
)


def _placeholders(message: SendMessage) -> set[str]:
    texts = [text for text in (message.subject, message.text) if text is not None]
    return {name for text in texts for name in PLACEHOLDER.findall(f"{text.ja} {text.en}")}

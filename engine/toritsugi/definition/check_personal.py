"""The static checks of personal data: it never flows to where values are kept in the clear.

What a rule concludes from a personal value (a yes or no, a number of entries) is no personal value.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from toritsugi.definition.expression import Expression, Name, Ref, Sum, Total
from toritsugi.definition.interface import Interface
from toritsugi.definition.model import AddEntry, AppointParty, Effect, PostLedger, SetField, Signal
from toritsugi.definition.report import Report

_CODE = "PERSONAL_IN_THE_CLEAR"


def declarations(report: Report, linked: Mapping[str, Interface | None]) -> None:
    """Check the subject, what links carry, and the dates that deadlines are counted from."""
    data = report.procedure.data
    personal = {id_ for id_, item in data.items() if item.personal}
    for field in report.procedure.subject:
        if field in personal:
            ja = f"「{field}」は個人情報なので、案件の対象（subject）にできません。対象は暗号化せずに保存されます。"
            en = f"'{field}' is personal; what a case is about is kept in the clear."
            report.add(_CODE, "subject", ja, en, word=field)
    for id_, link in report.procedure.links.items():
        interface = linked[id_]
        for theirs, ours in link.institutions.items():
            if ours in personal:
                _flows(report, f"links.{id_}.parties", ours, theirs, theirs)
        for theirs, ours in link.carries.items():
            target = interface.data.get(theirs) if interface is not None else None
            if ours in personal and target is not None and not target.personal:
                _flows(report, f"links.{id_}.carries", ours, theirs, theirs)
    for id_, deadline in report.procedure.deadlines.items():
        for date, path in ((deadline.counted_from, "starts.counted_from"), (deadline.due_field, "due")):
            if date in personal:
                ja = f"「{date}」は個人情報なので、期限の起算日や期日にできません（期限が始まりません）。"
                en = f"'{date}' is personal; a deadline cannot be counted from it (it would never start)."
                report.add("PERSONAL_DATE", f"deadlines.{id_}.{path}", ja, en, word=date or "")


def effect(
    report: Report, effect: Effect, path: str, linked: Mapping[str, Interface | None], names: Mapping[str, Name]
) -> None:
    """Check one effect of an event."""
    for value, target, word in _flowing(report, effect, linked):
        for name in carried(value):
            if name in names and names[name].personal:
                _flows(report, path, name, target, word)


def _flows(report: Report, path: str, name: str, target: str, word: str) -> None:
    ja = f"個人情報「{name}」が、個人情報でない「{target}」に入ります（暗号化せずに保存されます）。"
    en = f"the personal '{name}' goes into '{target}', which is not personal and is kept in the clear."
    report.add(_CODE, path, ja, en, word=word)


def _flowing(
    report: Report, effect: Effect, linked: Mapping[str, Interface | None]
) -> Iterator[tuple[Expression, str, str]]:
    """The values that end up in the clear: value, where to, and the word of the effect that says so."""
    data = report.procedure.data
    match effect:
        case SetField(field=field, value=value) if value is not None and field in data and not data[field].personal:
            yield value, field, field
        case AddEntry(field=field, entry=entry, item=item) if field in data and not data[field].personal:
            yield from ((value, field, part) for part, value in entry.items())
            if item is not None:
                yield item, field, "entry"
        case Signal(link=link, values=values) if (interface := linked.get(link)) is not None:
            for field, value in values.items():
                if field in interface.data and not interface.data[field].personal:
                    yield value, f"{link}.{field}", field
        case AppointParty(party=party, institution=institution) if institution is not None:
            yield institution, party, "institution"
        case PostLedger(ledger=ledger, item=item, amount=amount):
            yield item, ledger, "item"
            if amount is not None:
                yield amount, ledger, "amount"


def carried(expression: Expression) -> Iterator[str]:
    """The names whose own values are in the value of an expression."""
    if isinstance(expression, Ref):
        yield expression.base
    elif isinstance(expression, Sum):
        for term in expression.terms:
            yield from carried(term.value)
    elif isinstance(expression, Total):
        yield expression.list.base

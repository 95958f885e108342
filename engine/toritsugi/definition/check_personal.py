"""The static checks of personal data: it never flows to where values are kept in the clear.

What a rule concludes from a personal value (a yes or no, a number of entries) is no personal value.
"""

from __future__ import annotations

from collections.abc import Mapping

from toritsugi.definition.expression import Name
from toritsugi.definition.flows import Flow, carried, flows
from toritsugi.definition.interface import Interface
from toritsugi.definition.model_effects import Effect
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
    for flow in flows(effect):
        if _in_the_clear(report, flow, linked):
            for name in carried(flow.value):
                if name in names and names[name].personal:
                    _flows(report, path, name, flow.place, flow.word)


def _in_the_clear(report: Report, flow: Flow, linked: Mapping[str, Interface | None]) -> bool:
    """Whether a value is kept in the clear where it goes; a field that is not there is told as that."""
    if flow.part != "data":
        return True
    interface = linked.get(flow.link) if flow.link is not None else None
    data = report.procedure.data if flow.link is None else interface.data if interface is not None else {}
    return flow.target in data and not data[flow.target].personal


def _flows(report: Report, path: str, name: str, target: str, word: str) -> None:
    ja = f"個人情報「{name}」が、個人情報でない「{target}」に入ります（暗号化せずに保存されます）。"
    en = f"the personal '{name}' goes into '{target}', which is not personal and is kept in the clear."
    report.add(_CODE, path, ja, en, word=word)

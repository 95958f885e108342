"""The static checks of fields that hold the number of a catalogue's row: what the row fills is there, fits, and is nobody's to give."""

from __future__ import annotations

from collections.abc import Iterator

from toritsugi.definition.model import DataField, Procedure
from toritsugi.definition.model_effects import AddEntry, SetField
from toritsugi.definition.report import Report
from toritsugi.definition.row_field import PARTS
from toritsugi.definition.types import Kind, describe


def rows(report: Report) -> None:
    """Check every field that is the number of a row."""
    data = report.procedure.data
    filled: dict[str, str] = {}
    for id_, field in data.items():
        if field.row is None:
            continue
        path = f"data.{id_}.fills"
        for target, part in field.row.fills.items():
            if not report.known("field", (target,), data, path):
                continue
            _fits(report, data[target], part, path)
            if target in filled or data[target].row is not None:
                ja, en = f"「{target}」は別の番号から入る項目です。", f"'{target}' has another number already."
                report.add("FILLED_TWICE", path, ja, en, word=target)
            filled[target] = id_
        if field.row.number is not None:
            filled.setdefault(id_, id_)
    _left_alone(report, filled)
    # what a case is about is looked at, and may be there once only, before a row is looked up
    for about in (one for one in report.procedure.subject if one in filled):
        ja = f"「{about}」は一覧から入る項目なので、案件の対象（subject）にできません。"
        en = f"'{about}' comes from the catalogue; a case cannot be about it (`subject`)."
        report.add("FILLED_BY_ROW", "subject", ja, en, word=about)


def _fits(report: Report, target: DataField, part: str, path: str) -> None:
    given = PARTS[part]
    options = target.type.options.keys() if target.type.kind is Kind.CHOICE else given.options.keys()
    if target.personal or target.type.kind is not given.kind or not given.options.keys() <= options:
        needed_ja, needed_en = describe(given, "ja"), describe(given, "en")
        ja = f"「{target.id}」には一覧の「{part}」が入りません（個人情報でない項目で、{needed_ja}が必要です）。"
        en = f"'{target.id}' cannot take a row's '{part}': it has to be a field that is not personal, with {needed_en}."
        report.add("WRONG_TYPE", path, ja, en, word=target.id)


def _left_alone(report: Report, filled: dict[str, str]) -> None:
    """What the catalogue says nobody else says; and a number comes with an act, so that what it fills comes with it."""
    numbers = {id_ for id_, field in report.procedure.data.items() if field.row is not None}
    for path, field in _given(report.procedure):
        if field in filled:
            ja = f"「{field}」は一覧から入る項目です。記入や操作では決められません。"
            report.add("FILLED_BY_ROW", path, ja, f"'{field}' comes from the catalogue; no act gives it.", word=field)
    for path, field in _set(report.procedure):
        if field in filled or field in numbers:
            ja = f"「{field}」は一覧から入る項目です。効果（effects）では変えられません。"
            report.add(
                "FILLED_BY_ROW", path, ja, f"'{field}' comes with a row's number; no effect sets it.", word=field
            )


def _given(procedure: Procedure) -> Iterator[tuple[str, str]]:
    opening = procedure.opening
    yield from (("start.needs", field) for field in opening.needs)
    yield from (("start.may_give", field) for field in opening.may_give)
    for id_, event in procedure.events.items():
        yield from ((f"events.{id_}.may_give", field) for field in event.may_give)
        yield from ((f"events.{id_}.needs", field) for field in event.needs)


def _set(procedure: Procedure) -> Iterator[tuple[str, str]]:
    for id_, event in procedure.events.items():
        for effect in event.effects:
            if isinstance(effect, SetField | AddEntry):
                yield f"events.{id_}.effects", effect.field

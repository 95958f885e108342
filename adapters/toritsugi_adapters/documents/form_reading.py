"""Reads a filled form: values by the names of its cells, and every cell that cannot be read by its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from openpyxl.utils.datetime import from_excel

from toritsugi.core.written import BadValue, read_text
from toritsugi.definition.model import DataField
from toritsugi.definition.types import Kind
from toritsugi.errors import BadInput
from toritsugi_adapters.documents.archive import DAMAGED, NoForm, refusal
from toritsugi_adapters.documents.cells import NamedCell, Unreadable, named_cells
from toritsugi_adapters.documents.layout import FormLayout

#: Whole numbers that a date cell without its format holds: 1982 to 2118, counted as Excel does.
_SERIALS = range(30_000, 80_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class CellProblem:
    """One thing that is wrong: where, what, and what would be right. Personal values are never repeated."""

    #: UNREADABLE, NOT_AN_OPTION, FORMULA, CELL_LOST, NUMBER_FOR_TELEPHONE, ..., or that of a `NoForm`.
    code: str
    ja: str
    en: str
    #: id of the field; None: the file as a whole.
    field: str | None = None
    #: sheet and address of the cell, and the field's Japanese title; for the file as a whole: ファイル.
    place: str = "ファイル"

    def told(self) -> Mapping[str, str]:
        """As a problem of `BadInput`."""
        return {"place": self.place, "ja": self.ja, "en": self.en, "code": self.code, "field": self.field or ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class FormReading:
    """What was read: values in their stored form, ready for an event, and what could not be read."""

    values: Mapping[str, Any] = field(default_factory=dict, repr=False)
    problems: tuple[CellProblem, ...] = ()
    #: True: the file as a whole is not this form; nothing was read.
    wrong_form: bool = False

    def checked(self) -> Mapping[str, Any]:
        """The values.

        Raises:
            BadInput: there are problems; code WRONG_FORM if the file is not this form at all.
        """
        if not self.problems:
            return self.values
        fault = BadInput([problem.told() for problem in self.problems], field="")
        fault.code = "WRONG_FORM" if self.wrong_form else fault.code
        raise fault


def reading(layout: FormLayout, content: bytes, fields: Mapping[str, DataField]) -> FormReading:
    """Read `content` as the form `layout`."""
    refused = refusal(content)
    if refused is not None:
        return _no_form(refused)
    try:
        cells = named_cells(content, frozenset(layout.fields()))
    except Unreadable:
        return _no_form(DAMAGED)
    if not cells:
        return _no_form(_wrong_form(layout))
    values: dict[str, Any] = {}
    problems = []
    for id_ in layout.fields():
        try:
            value = _value(layout, fields[id_], cells.get(id_))
        except BadValue as bad:
            problems.append(_problem(fields[id_], cells.get(id_), bad))
        else:
            if value is not None:
                values[id_] = value
    return FormReading(values=values, problems=tuple(problems))


def _no_form(why: NoForm) -> FormReading:
    return FormReading(problems=(CellProblem(code=why.code, ja=why.ja, en=why.en),), wrong_form=True)


def _wrong_form(layout: FormLayout) -> NoForm:
    return NoForm(
        code="WRONG_FORM",
        ja=f"「{layout.mark} {layout.title}」ではありません。配布した様式のファイルに入力してください。",
        en="This workbook is not the form that was handed out; fill in that file.",
    )


def _problem(data: DataField, cell: NamedCell | None, bad: BadValue) -> CellProblem:
    where = f"{cell.place} " if cell is not None and cell.place else ""
    return CellProblem(
        code=bad.code,
        ja=bad.ja,
        en=f"({data.title.en}) {bad.en}",
        field=data.id,
        place=f"{where}{data.title.ja}",
    )


def _value(layout: FormLayout, data: DataField, cell: NamedCell | None) -> Any:
    """The stored value of a cell; None: it is blank. Raises BadValue."""
    if cell is None or cell.lost:
        raise BadValue(
            "CELL_LOST",
            "この項目の欄が見つかりません。欄が削除されたか、別のブックに写されています。配布した様式に入力し直してください。",
            "the cell of this field is gone; fill in the file that was handed out.",
        )
    if cell.formula_without_value:
        raise BadValue(
            "FORMULA",
            "計算結果のない計算式が入っています。計算式ではなく値を入力してください。",
            "the cell holds a formula without a result; enter the value itself.",
        )
    if cell.error:
        raise BadValue(
            "FORMULA_ERROR",
            "計算式がエラーになっています。値を入力してください。",
            "the cell's formula gives an error; enter the value itself.",
        )
    text = "".join(_text(layout, data, cell))
    return read_text(data.type, text, personal=data.personal) if text.strip() else None


def _text(layout: FormLayout, data: DataField, cell: NamedCell) -> Iterator[str]:
    """What the cell says, as a person would write it."""
    value = cell.value
    if isinstance(value, str):
        yield value
    elif isinstance(value, bool):
        yield "はい" if value else "いいえ"
    elif isinstance(value, int | float):
        yield _number(layout, data, value, cell.epoch)
    elif isinstance(value, datetime | date):
        yield _day(data, value)
    elif isinstance(value, time | timedelta):
        raise BadValue(
            "TIME_ONLY",
            "時刻だけが入っています。入力し直してください。",
            "the cell holds a time of day only; enter it anew.",
        )


def _number(layout: FormLayout, data: DataField, value: float, epoch: datetime) -> str:
    if data.id in layout.telephones:
        raise BadValue(
            "NUMBER_FOR_TELEPHONE",
            "数値として入力されているため、先頭の0が失われているおそれがあります。03-0000-0000 のようにハイフンを入れて入力してください。",
            "entered as a number, so a leading 0 may be lost; write it with hyphens, like 03-0000-0000.",
        )
    whole = int(value) if abs(value) < 2**53 and value == int(value) else value
    if data.type.kind is Kind.DATE and whole in _SERIALS:
        return _day(data, from_excel(whole, epoch))
    return str(whole)


def _day(data: DataField, value: Any) -> str:
    if isinstance(value, datetime) and data.type.kind is not Kind.DATE and value.time() != time():
        return value.isoformat(" ", "minutes")
    return (value.date() if isinstance(value, datetime) else value).isoformat()

"""Draws a form as a workbook: a sheet to fill in, whose cells carry the fields' ids as names, and a sheet of guidance."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import cast

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from toritsugi.definition.model import DataField
from toritsugi.definition.types import Kind
from toritsugi_adapters.documents.guidance import BOX, FONT, GUIDE, HEADING, LINE_HEIGHT, guidance, say
from toritsugi_adapters.documents.layout import FormLayout, Part, Row, Section, hint

#: Title of the sheet that is filled in.
SHEET = "申込書"
#: The defined name that holds the layout's id.
MARK = "toritsugi_form"

_WIDTHS = {"A": 23.0, "B": 27.0, "C": 19.0, "D": 27.0}
_LAST = 4
_MEDIUM = Side(style="medium", color="404040")
_LABEL = PatternFill("solid", fgColor="EAEFF5")
_INPUT = PatternFill("solid", fgColor="FFFBE5")
_PART = PatternFill("solid", fgColor="2F4B6B")
_FORMATS = {Kind.DATE: 'yyyy"年"m"月"d"日"', Kind.YEN: '#,##0"円"', Kind.INTEGER: "#,##0"}


@dataclass(slots=True)
class _Pen:
    """Where the next row goes, and all that its cells need."""

    workbook: Workbook
    page: Worksheet
    layout: FormLayout
    fields: Mapping[str, DataField]
    needed: Collection[str]
    filled: Mapping[str, object]
    #: field -> the range on the guide sheet that holds its options.
    options: Mapping[str, str]
    row: int = 1


def drawn(
    layout: FormLayout,
    fields: Mapping[str, DataField],
    needed: Collection[str],
    filled: Mapping[str, object],
    banner: str | None,
) -> Workbook:
    """The form as a workbook."""
    workbook = Workbook()
    page = workbook.worksheets[0]
    page.title = SHEET
    guide = cast(Worksheet, workbook.create_sheet(GUIDE))
    own = {id_: fields[id_] for id_ in layout.fields()}
    pen = _Pen(workbook, page, layout, own, needed, filled, guidance(guide, layout, own, needed))
    _head(pen, banner)
    for number, part in enumerate(layout.parts):
        if number:
            page.row_breaks.append(Break(id=pen.row - 1))
        _part(pen, part)
    workbook.defined_names[MARK] = DefinedName(MARK, attr_text=f'"{layout.id}"')
    workbook.properties.creator = "Toritsugi"
    workbook.properties.title = f"{layout.mark} {layout.title}"
    for sheet in (page, guide):
        _print(sheet, layout.foot)
    page.print_area = f"A1:D{pen.row - 1}"
    return workbook


def _head(pen: _Pen, banner: str | None) -> None:
    for letter, width in _WIDTHS.items():
        pen.page.column_dimensions[letter].width = width
    if banner:
        cell = _wide(pen, banner, lines=2)
        cell.font = Font(name=FONT, size=10.5, bold=True, color="B00020")
        for column in range(1, _LAST + 1):
            left, right = (_MEDIUM if column == edge else None for edge in (1, _LAST))
            pen.page.cell(cell.row, column).border = Border(left=left, right=right, top=_MEDIUM, bottom=_MEDIUM)
    _wide(pen, pen.layout.mark).font = Font(name=FONT, size=10.5)
    title = _wide(pen, pen.layout.title, lines=2)
    title.font = Font(name=FONT, size=18, bold=True)
    title.alignment = Alignment(horizontal="center", vertical="center")
    _wide(pen, pen.layout.addressed_to).font = Font(name=FONT, size=11)
    legend = _wide(pen, "黄色の欄に入力してください（＊は必須）。書き方は「記入要領」シートをご覧ください。")
    legend.font = Font(name=FONT, size=9, color="595959")


def _part(pen: _Pen, part: Part) -> None:
    heading = _wide(pen, f"{part.title}（{part.filled_by}が記入）", lines=1.3)
    heading.font, heading.fill = Font(name=FONT, size=12, bold=True, color="FFFFFF"), _PART
    heading.alignment = Alignment(horizontal="left", vertical="center", indent=1)
    for section in part.sections:
        _section(pen, section)
    for sentence in part.closing:
        _wide(pen, f"・{sentence}", lines=1.1).font = Font(name=FONT, size=9.5)


def _section(pen: _Pen, section: Section) -> None:
    heading = _wide(pen, section.title, lines=1.15)
    heading.font, heading.fill = Font(name=FONT, size=10.5, bold=True), HEADING
    heading.alignment = Alignment(horizontal="left", vertical="center", indent=1)
    for column in range(1, _LAST + 1):
        pen.page.cell(heading.row, column).border = BOX
    for row in section.rows:
        _fields(pen, row)


def _fields(pen: _Pen, row: Row) -> None:
    pen.page.row_dimensions[pen.row].height = LINE_HEIGHT * max(1.5, row.lines)
    if len(row.fields) == 2:
        spans = [((1, 1), (2, 2)), ((3, 3), (4, 4))]
    else:
        spans = [((1, 3), (4, 4)) if row.question else ((1, 1), (2, 4))]
    for id_, (label, answer) in zip(row.fields, spans, strict=True):
        _label(pen, pen.fields[id_], label)
        _answer(pen, pen.fields[id_], answer, row)
    pen.row += 1


def _label(pen: _Pen, data: DataField, span: tuple[int, int]) -> None:
    cell = _spanned(pen, span)
    say(cell, data.title.ja + ("＊" if data.id in pen.needed else ""))
    cell.font = Font(name=FONT, size=9.5)
    cell.alignment = Alignment(horizontal="left", vertical="center", indent=1, wrap_text=True)
    _paint(pen, span, _LABEL)


def _answer(pen: _Pen, data: DataField, span: tuple[int, int], row: Row) -> None:
    cell = _spanned(pen, span)
    kind = data.type.kind
    _fill(cell, data, pen.filled.get(data.id))
    cell.font = Font(name=FONT, size=10.5)
    upright = "top" if row.lines > 2 else "center"
    cell.alignment = Alignment(vertical=upright, horizontal="left", indent=1, wrap_text=True)
    cell.number_format = _FORMATS.get(kind, "@")
    _paint(pen, span, _INPUT)
    place = f"'{SHEET}'!${cell.column_letter}${cell.row}"
    pen.workbook.defined_names[data.id] = DefinedName(data.id, attr_text=place)
    rule = DataValidation(
        type="list" if data.id in pen.options else None,
        formula1=pen.options.get(data.id),
        allow_blank=True,
        showErrorMessage=True,
        errorTitle="選択してください",
        error="一覧から選んでください。",
        showInputMessage=True,
        promptTitle=data.title.ja[:32],
        prompt=hint(pen.layout, data, pen.needed)[:255],
    )
    rule.add(cell.coordinate)
    pen.page.add_data_validation(rule)


def _fill(cell: Cell, data: DataField, value: object) -> None:
    if value is None:
        return
    if isinstance(value, str):
        option = data.type.options.get(value)
        say(cell, option.ja if option else value)
    elif isinstance(value, int | date):
        cell.value = value
    else:
        raise TypeError(f"{data.id}: a cell takes text, a whole number or a date")


def _wide(pen: _Pen, text: str, lines: float = 1.0) -> Cell:
    """A text over the whole width, in a row of its own."""
    cell = _spanned(pen, (1, _LAST))
    say(cell, text)
    cell.alignment = Alignment(vertical="center", wrap_text=True)
    pen.page.row_dimensions[pen.row].height = LINE_HEIGHT * lines
    pen.row += 1
    return cell


def _spanned(pen: _Pen, span: tuple[int, int]) -> Cell:
    first, last = span
    if last > first:
        pen.page.merge_cells(start_row=pen.row, end_row=pen.row, start_column=first, end_column=last)
    return cast(Cell, pen.page.cell(pen.row, first))


def _paint(pen: _Pen, span: tuple[int, int], fill: PatternFill) -> None:
    for column in range(span[0], span[1] + 1):
        cell = pen.page.cell(pen.row, column)
        cell.fill, cell.border = fill, BOX


def _print(page: Worksheet, foot: str) -> None:
    page.page_setup.paperSize = 9
    page.page_setup.orientation = "portrait"
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.print_options.horizontalCentered = True
    page.page_margins.left = page.page_margins.right = 0.5
    page.page_margins.top, page.page_margins.bottom, page.page_margins.footer = 0.5, 0.8, 0.4
    footer = cast(HeaderFooterItem, page.oddFooter)
    for side, text in ((footer.left, foot), (footer.right, "&P / &N")):
        side.text, side.size = text, 8
    page.sheet_view.showGridLines = False

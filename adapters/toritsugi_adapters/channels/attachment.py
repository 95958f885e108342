"""A letter's document as a workbook to attach: the same rows as in the text, for whoever files or prints them."""

from __future__ import annotations

from typing import cast

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from toritsugi_adapters.channels.letter import Sheet, columns
from toritsugi_adapters.documents.steady import workbook_bytes

_LINE = Side(style="thin", color="808080")
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_LABEL_FILL = PatternFill("solid", fgColor="EEF2F7")
_FONT = "BIZ UDPゴシック"
_VALUE_COLUMNS = 60
#: Most characters of a cell (ECMA-376 implementations agree on it).
_LONGEST_CELL = 32_767


def attachment(sheet: Sheet) -> bytes:
    """The document as an .xlsx file; the same rows give the same bytes."""
    workbook = Workbook()
    page = workbook.worksheets[0]
    page.title = "文書"
    page.column_dimensions["A"].width = 34
    page.column_dimensions["B"].width = _VALUE_COLUMNS
    _write(page, 1, 1, sheet.title).font = Font(name=_FONT, size=14, bold=True)
    for row, (label, value) in enumerate(sheet.lines, start=3):
        _label(page, row, label)
        _value(page, row, value)
    _print_on_a4(page)
    return workbook_bytes(workbook)


def attachment_name(sheet: Sheet) -> str:
    """`様式1 海外展開支援（案内）申込書.xlsx`, without what a file system refuses."""
    kept = "".join("_" if char in '\\/:*?"<>|' else char for char in sheet.title)[:80]
    return f"{kept.strip(' .') or 'document'}.xlsx"


def _label(page: Worksheet, row: int, text: str) -> None:
    cell = _write(page, row, 1, text)
    cell.font, cell.fill, cell.border = Font(name=_FONT, size=10.5), _LABEL_FILL, _BOX
    cell.alignment = Alignment(vertical="top", wrap_text=True)


def _value(page: Worksheet, row: int, text: str) -> None:
    cell = _write(page, row, 2, text)
    cell.font, cell.border = Font(name=_FONT, size=10.5), _BOX
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    lines = sum(-(-max(1, columns(line)) // _VALUE_COLUMNS) for line in text.split("\n"))
    page.row_dimensions[row].height = 18 * min(20, lines)


def _write(page: Worksheet, row: int, column: int, text: str) -> Cell:
    cell = cast(Cell, page.cell(row, column))  # nothing is merged here
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)[:_LONGEST_CELL]
    cell.data_type = "s"  # text, also when it begins with "=": a value from a form is never a formula
    return cell


def _print_on_a4(page: Worksheet) -> None:
    page.page_setup.paperSize = 9
    page.page_setup.orientation = "portrait"
    page.page_setup.fitToWidth = 1
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)

"""Draws the guidance sheet of a form: how each item is written, who writes it, and what can be chosen."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import cast

from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.worksheet import Worksheet

from toritsugi.definition.model import DataField
from toritsugi_adapters.documents.layout import FormLayout, hint, part_fields

#: Title of the sheet.
GUIDE = "記入要領"

#: What the sheets of a form have in common.
FONT = "BIZ UDPゴシック"
LINE_HEIGHT = 17.0
_THIN = Side(style="thin", color="7F7F7F")
BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
HEADING = PatternFill("solid", fgColor="D5DFEB")

_WIDTHS = (32.0, 50.0, 16.0)


def guidance(
    page: Worksheet, layout: FormLayout, fields: Mapping[str, DataField], needed: Collection[str]
) -> dict[str, str]:
    """Write the guidance; field -> the absolute range of its options."""
    for letter, width in zip("ABC", _WIDTHS, strict=True):
        page.column_dimensions[letter].width = width
    row = _sentence(page, 1, f"{layout.mark}　{layout.title}　記入要領", 14, bold=True) + 1
    for number, sentence in enumerate(layout.guide, start=1):
        row = _sentence(page, row, f"{number}．{sentence}", 10.5)
    row = _sentence(page, row + 1, "項目ごとの書き方", 12, bold=True)
    row = _row(page, row, ("項目", "書き方", "記入者"), HEADING)
    by = {id_: part.filled_by for part in layout.parts for id_ in part_fields(part)}
    for id_, data in fields.items():
        row = _row(page, row, (data.title.ja, hint(layout, data, needed), by[id_]), None)
    row = _sentence(page, row + 1, "選択肢の一覧", 12, bold=True)
    row = _row(page, row, ("項目", "選べるもの"), HEADING)
    ranges = {}
    for id_, data in fields.items():
        titles = [option.ja for option in data.type.options.values()]
        if titles:
            ranges[id_] = f"'{GUIDE}'!$B${row}:$B${row + len(titles) - 1}"
        for number, title in enumerate(titles):
            row = _row(page, row, ("" if number else data.title.ja, title), None)
    _sentence(page, row + 1, layout.foot, 9)
    return ranges


def _sentence(page: Worksheet, row: int, text: str, size: float, *, bold: bool = False) -> int:
    page.merge_cells(start_row=row, end_row=row, start_column=1, end_column=3)
    cell = cast(Cell, page.cell(row, 1))
    say(cell, text)
    cell.font = Font(name=FONT, size=size, bold=bold)
    cell.alignment = Alignment(vertical="center", wrap_text=True)
    page.row_dimensions[row].height = max(size * 1.7, LINE_HEIGHT * _lines(text, sum(_WIDTHS)))
    return row + 1


def _row(page: Worksheet, row: int, texts: tuple[str, ...], fill: PatternFill | None) -> int:
    for column, text in enumerate(texts, start=1):
        cell = cast(Cell, page.cell(row, column))
        say(cell, text)
        cell.font, cell.border = Font(name=FONT, size=9.5), BOX
        cell.alignment = Alignment(vertical="center", wrap_text=True)
        if fill is not None:
            cell.fill = fill
    lines = max(_lines(text, width) for text, width in zip(texts, _WIDTHS, strict=False))
    page.row_dimensions[row].height = 14.5 * lines + 2
    return row + 1


def _lines(text: str, width: float) -> int:
    """How many lines a text takes in a column, at two columns a character."""
    return sum(-(-max(1, 2 * len(line)) // int(width)) for line in text.split("\n"))


def say(cell: Cell, text: str) -> None:
    """Write `text` into a cell as text, whatever it looks like."""
    cell.value = text
    cell.data_type = "s"  # text, also when it begins with "="

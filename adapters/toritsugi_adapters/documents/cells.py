"""The cells of a workbook that carry names, read without trusting the workbook.

openpyxl's read-only mode goes through a sheet once and builds nothing for empty or merged cells, so a sheet that
claims a million rows or merges the whole grid costs nothing; merged ranges are read from the XML and only compared.
"""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.cell import coordinate_to_tuple, get_column_letter, range_boundaries

#: A form ends well before; a name that points beyond is as good as lost.
MOST_ROWS, MOST_COLUMNS = 2_000, 100

_TARGET = re.compile(r"(?:'((?:[^']|'')+)'|([^'!]+))!\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::.*)?")
_MERGED = re.compile(rb'<mergeCell\s[^>]*?ref="([A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}[0-9]{1,7})"')
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_MOST_MERGED = 5_000


class Unreadable(Exception):
    """The workbook cannot be read at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedCell:
    """A cell that a defined name points to."""

    #: title of its sheet; empty if the name points nowhere.
    sheet: str
    #: its address: B5; empty if the name points nowhere.
    address: str
    value: Any = None
    #: the name is there, its cell was deleted.
    lost: bool = False
    #: #REF!, #N/A and the like.
    error: bool = False
    formula_without_value: bool = False
    #: day 0 of the workbook's dates.
    epoch: datetime

    @property
    def place(self) -> str:
        """申込書!B5"""
        return f"{self.sheet}!{self.address}" if self.address else ""


def named_cells(content: bytes, names: frozenset[str]) -> Mapping[str, NamedCell]:
    """name -> cell, for those of `names` that the workbook defines for the whole workbook.

    Raises:
        Unreadable: openpyxl cannot make sense of it.
    """
    try:
        with warnings.catch_warnings(), _opened(content) as archive:
            warnings.simplefilter("ignore")  # about parts that are left out, such as drawings
            book = load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
            found = _placed(book, names)
            formulas = any(_FORMULA.search(archive.read(sheet)) for sheet in _sheets(archive))
            written = load_workbook(BytesIO(content), read_only=True, keep_links=False) if formulas else None
            return dict(_read(book, written, archive, found))
    except Exception as fault:  # a hostile file may break the reader anywhere; nothing has happened yet
        raise Unreadable from fault


def _opened(content: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(BytesIO(content))


def _sheets(archive: zipfile.ZipFile) -> Iterator[str]:
    return (name for name in archive.namelist() if name.startswith("xl/worksheets/") and name.endswith(".xml"))


def _placed(book: Any, names: frozenset[str]) -> dict[str, NamedCell]:
    """Where the names point to."""
    titles = {sheet.title for sheet in book.worksheets}
    places = {}
    for name, defined in book.defined_names.items():
        if name not in names:
            continue
        match = _TARGET.fullmatch(defined.attr_text or "")
        sheet = (match[1] or match[2]).replace("''", "'") if match else ""
        inside = match is not None and sheet in titles and _inside(match[3] + match[4])
        places[name] = NamedCell(
            sheet=sheet if inside else "",
            address=match[3] + match[4] if match and inside else "",
            lost=not inside,
            epoch=book.epoch,
        )
    return places


def _inside(address: str) -> bool:
    row, column = coordinate_to_tuple(address)
    return row <= MOST_ROWS and column <= MOST_COLUMNS


def _read(
    book: Any, written: Any, archive: zipfile.ZipFile, places: Mapping[str, NamedCell]
) -> Iterator[tuple[str, NamedCell]]:
    """The places, with what stands there."""
    for sheet in book.worksheets:
        here = {name: cell for name, cell in places.items() if cell.address and cell.sheet == sheet.title}
        if not here:
            continue
        merged = _merged(archive, sheet)
        corners = {name: _corner(cell.address, merged) for name, cell in here.items()}
        values = _contents(sheet, set(corners.values()))
        as_written = _contents(written[sheet.title], set(corners.values())) if written is not None else {}
        for name, cell in here.items():
            value, kind = values.get(corners[name], (None, "n"))
            formula = as_written.get(corners[name], (None, "n"))[1] == "f"
            empty = value is None or value == ""
            yield name, replace(cell, value=value, error=kind == "e", formula_without_value=formula and empty)
    yield from ((name, cell) for name, cell in places.items() if cell.lost)


def _contents(sheet: Any, addresses: set[str]) -> dict[str, tuple[Any, str]]:
    """address -> (value, openpyxl's letter for its type), for the addresses that hold something."""
    found = {}
    for row in sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS):
        for cell in row:
            if cell.value is not None and f"{get_column_letter(cell.column)}{cell.row}" in addresses:
                found[cell.coordinate] = (cell.value, str(cell.data_type))
    return found


def _merged(archive: zipfile.ZipFile, sheet: Any) -> list[tuple[int, int, int, int]]:
    content = archive.read(sheet._worksheet_path)
    return [
        _bounds(match[1].decode()) for match, _ in zip(_MERGED.finditer(content), range(_MOST_MERGED), strict=False)
    ]


def _bounds(reference: str) -> tuple[int, int, int, int]:
    left, top, right, bottom = range_boundaries(reference)
    return int(left or 1), int(top or 1), int(right or 1), int(bottom or 1)


def _corner(address: str, merged: list[tuple[int, int, int, int]]) -> str:
    """The cell that holds the value of `address`: the first of its merged range."""
    row, column = coordinate_to_tuple(address)
    for left, top, right, bottom in merged:
        if left <= column <= right and top <= row <= bottom:
            return f"{get_column_letter(left)}{top}"
    return address

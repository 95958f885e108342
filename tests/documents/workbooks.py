"""Form 1, changed by hand, as people and worse change it."""

import io
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import openpyxl
from openpyxl.workbook import Workbook

from toritsugi_adapters.documents.make_form1 import FILES, FOLDER, shipped_procedure

PROCEDURE = shipped_procedure()
FIELDS = PROCEDURE.data
BLANK, CORPORATION, SOLE_PROPRIETOR = ((FOLDER / name).read_bytes() for name in FILES)


def changed(content: bytes, change: Callable[[Workbook], None]) -> bytes:
    """The workbook after `change`, saved by openpyxl."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    change(book)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def place(name: str) -> str:
    """Address of a field's cell in the shipped form."""
    book = openpyxl.load_workbook(io.BytesIO(BLANK), read_only=True)
    return str(book.defined_names[name].attr_text).rpartition("!")[2].replace("$", "")


def with_cells(content: bytes, **cells: Any) -> bytes:
    """The form with these values in the fields' cells."""

    def write(book: Workbook) -> None:
        for name, value in cells.items():
            book["申込書"][place(name)].value = value

    return changed(content, write)


def repacked(content: bytes, parts: Mapping[str, bytes]) -> bytes:
    """The archive with some parts replaced or added."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, part in parts.items():
            new.writestr(name, part)
    return made.getvalue()


def part(content: bytes, name: str) -> bytes:
    """One part of the archive."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name)

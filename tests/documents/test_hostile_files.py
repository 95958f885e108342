"""Files that are no Form 1, by accident or on purpose: refused in words, quickly, and nothing is read."""

import io
import random
import zipfile

import openpyxl
import pytest

from documents.workbooks import BLANK, CORPORATION, FIELDS, part, repacked
from toritsugi.errors import BadInput
from toritsugi_adapters.documents.archive import LARGEST_FILE, LARGEST_UNPACKED
from toritsugi_adapters.documents.form1 import read_form

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
SHEET = "xl/worksheets/sheet1.xml"


def other_workbook() -> bytes:
    saved = io.BytesIO()
    openpyxl.Workbook().save(saved)
    return saved.getvalue()


def zip_of(name: str, content: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(name, content)
    return made.getvalue()


def entities() -> bytes:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + b"".join(
        b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)
    )
    return repacked(BLANK, {SHEET: part(BLANK, SHEET).replace(b"<worksheet", bomb + b"]><worksheet", 1)})


FILES = {
    "nothing": (b"", "EMPTY"),
    "text": ("企業名,株式会社架空".encode("cp932"), "NOT_A_WORKBOOK"),
    "PDF": (b"%PDF-1.7\n%\xe2\xe3", "NOT_A_WORKBOOK"),
    "another zip": (zip_of("memo.txt", b"hello"), "NOT_A_WORKBOOK"),
    "with a password": (_OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600, "PASSWORD"),
    "old Excel": (_OLE + b"\0" * 1200, "OLD_EXCEL"),
    "with macros": (repacked(BLANK, {"xl/vbaProject.bin": b"x"}), "MACROS"),
    "called macro-free": (
        repacked(
            BLANK,
            {
                "[Content_Types].xml": part(BLANK, "[Content_Types].xml").replace(
                    b"vnd.openxmlformats-officedocument.spreadsheetml.sheet.main",
                    b"vnd.ms-excel.sheet.macroEnabled.main",
                )
            },
        ),
        "MACROS",
    ),
    "another workbook": (other_workbook(), "WRONG_FORM"),
    "cut off": (BLANK[: len(BLANK) // 2], "DAMAGED"),
    "with a broken sheet": (repacked(CORPORATION, {SHEET: b"<worksheet><sheetData><row>"}), "DAMAGED"),
    "too large": (b"PK" + b"\0" * LARGEST_FILE, "TOO_LARGE"),
    "a bomb of zeros": (repacked(BLANK, {"xl/media/image1.png": b"\0" * (LARGEST_UNPACKED + 1)}), "TOO_LARGE"),
    "a bomb of parts": (repacked(BLANK, {f"xl/media/{n}": b"" for n in range(400)}), "TOO_LARGE"),
    "a bomb of entities": (entities(), "DAMAGED"),
}


@pytest.mark.parametrize("file", FILES)
def test_a_file_that_is_no_form_is_refused_in_words(file: str) -> None:
    content, code = FILES[file]
    reading = read_form(content, FIELDS)
    (problem,) = reading.problems
    assert (problem.code, reading.wrong_form, reading.values) == (code, True, {})
    with pytest.raises(BadInput) as caught:
        reading.checked()
    assert caught.value.code == "WRONG_FORM"
    assert problem.ja in caught.value.message("ja") and problem.en in caught.value.message("en")


def test_a_merge_of_the_whole_grid_costs_nothing() -> None:
    merged = (
        b'<mergeCells count="1"><mergeCell ref="A1048576:XFD1048576"/><mergeCell ref="F1:XFD1048576"/></mergeCells>'
    )
    sheet = part(CORPORATION, SHEET)
    start, end = sheet.index(b"<mergeCells"), sheet.index(b"</mergeCells>")
    vast = sheet[:end] + merged[merged.index(b"<mergeCell ") :] + sheet[end + len(b"</mergeCells>") :]
    assert start < end
    assert len(read_form(repacked(CORPORATION, {SHEET: vast}), FIELDS).checked()) == 40


def test_a_row_at_the_end_of_the_grid_costs_nothing() -> None:
    sheet = part(CORPORATION, SHEET)
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    assert len(read_form(repacked(CORPORATION, {SHEET: sheet.replace(b"</sheetData>", far)}), FIELDS).checked()) == 40


def test_a_part_that_lies_about_its_size_is_not_unpacked_beyond_it() -> None:
    bomb = bytearray(repacked(BLANK, {"xl/sharedStrings.xml": b"\0" * (8 * LARGEST_UNPACKED)}))
    claimed = (8 * LARGEST_UNPACKED).to_bytes(4, "little")
    assert claimed in bomb
    lying = bytes(bomb).replace(claimed, (1000).to_bytes(4, "little"))
    assert read_form(lying, FIELDS).wrong_form


def test_whatever_bytes_are_damaged_reading_ends_in_words() -> None:
    chance = random.Random(2026)
    for _ in range(60):
        content = bytearray(CORPORATION)
        for _ in range(chance.randint(1, 12)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        reading = read_form(bytes(content), FIELDS)
        assert all(problem.ja and problem.en for problem in reading.problems)

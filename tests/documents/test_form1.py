"""Form 1: what is written into it is read from it, and every cell that cannot be read is named."""

import datetime as dt
import io
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook import Workbook
from openpyxl.workbook.defined_name import DefinedName

from documents.workbooks import BLANK, CORPORATION, FIELDS, PROCEDURE, SOLE_PROPRIETOR, changed, place, with_cells
from toritsugi.core.datavalues import check_value
from toritsugi.definition.types import Kind
from toritsugi.errors import BadInput
from toritsugi_adapters.documents import make_form1
from toritsugi_adapters.documents.form1 import LAYOUT, read_form
from toritsugi_adapters.documents.form_reading import CellProblem


def only_problem(content: bytes) -> CellProblem:
    (problem,) = read_form(content, FIELDS).problems
    assert problem.ja and problem.en and problem.place
    return problem


def test_the_shipped_files_are_what_the_script_makes() -> None:
    for name, content in make_form1.made().items():
        assert content == (make_form1.FOLDER / name).read_bytes(), name


def test_a_blank_form_has_no_values_and_no_problems() -> None:
    reading = read_form(BLANK, FIELDS)
    assert (reading.values, reading.problems) == ({}, ())


def test_a_filled_form_gives_back_every_value() -> None:
    values = read_form(CORPORATION, FIELDS).checked()
    for name, value in make_form1.CORPORATION.items():
        assert values[name] == (value.isoformat() if isinstance(value, dt.date) else value), name
    assert values.keys() == make_form1.CORPORATION.keys()


def test_a_form_filled_as_people_write_is_understood() -> None:
    values = read_form(SOLE_PROPRIETOR, FIELDS).checked()
    assert (values["employees"], values["capital"], values["consultation_date"]) == (3, 3_000_000, "2026-11-20")


def test_every_value_read_may_be_stored() -> None:
    for content in (CORPORATION, SOLE_PROPRIETOR):
        for name, value in read_form(content, FIELDS).checked().items():
            assert check_value(FIELDS[name].type, value) == []


def test_the_examples_hold_what_the_opening_and_both_parts_need() -> None:
    needed = {*PROCEDURE.opening.needs}
    for event in ("explain_programme", "submit_form1", "complete_bank_section"):
        needed |= {*PROCEDURE.events[event].needs}
    for content in (CORPORATION, SOLE_PROPRIETOR):
        assert needed <= read_form(content, FIELDS).checked().keys()


def test_a_case_may_be_opened_with_every_field_of_the_form() -> None:
    assert set(LAYOUT.fields()) <= {*PROCEDURE.opening.needs, *PROCEDURE.opening.may_give}


def test_every_choice_cell_has_its_options_as_a_drop_down() -> None:
    book = openpyxl.load_workbook(io.BytesIO(BLANK))
    rules = {str(rule.sqref): rule for rule in book["申込書"].data_validations.dataValidation}
    for name in LAYOUT.fields():
        rule = rules[place(name)]
        assert rule.prompt
        if FIELDS[name].type.kind is Kind.CHOICE:
            _, _, cells = rule.formula1.rpartition("!")
            offered = [row[0].value for row in book["記入要領"][cells.replace("$", "")]]
            assert offered == [option.ja for option in FIELDS[name].type.options.values()]


def test_no_sheet_row_or_column_is_hidden() -> None:
    book = openpyxl.load_workbook(io.BytesIO(BLANK))
    for sheet in book.worksheets:
        assert sheet.sheet_state == "visible"
        assert not any(dimension.hidden for dimension in sheet.row_dimensions.values())
        assert not any(dimension.hidden for dimension in sheet.column_dimensions.values())


def test_an_example_says_that_everybody_in_it_is_made_up() -> None:
    assert "架空" in openpyxl.load_workbook(io.BytesIO(CORPORATION))["申込書"]["A1"].value


def test_text_that_looks_like_a_formula_stays_text() -> None:
    def write(book: Workbook) -> None:
        cell = book["申込書"][place("company_name")]
        cell.value, cell.data_type = '=HYPERLINK("http://example.jp")', "s"

    assert read_form(changed(BLANK, write), FIELDS).values["company_name"] == '=HYPERLINK("http://example.jp")'


@pytest.mark.parametrize(
    ("field", "written", "stored"),
    [
        ("consultation_date", dt.datetime(2026, 4, 24, 9, 30), "2026-04-24"),
        ("consultation_date", "令和８年４月２４日（金）", "2026-04-24"),
        ("consultation_date", "R8.4.24", "2026-04-24"),
        ("consultation_date", 46136, "2026-04-24"),
        ("capital", 10_000_000.0, 10_000_000),
        ("capital", "１，０００万円", 10_000_000),
        ("employees", " ２４ ", 24),
        ("corporate_number", 8999900000001, "8999900000001"),
        ("corporate_number", "８９９９９－００００－０００１", "8999900000001"),
        ("loan_status", "利用予定", "planned"),
        ("company_name", "㈱髙﨑𠮷野家", "㈱髙﨑𠮷野家"),
        ("overseas_content", "一行目\r\n二行目", "一行目\n二行目"),
        ("contact_department", 3, "3"),
        ("target_countries", dt.date(2026, 4, 24), "2026-04-24"),
    ],
)
def test_a_cell_may_be_written_as_an_office_writes(field: str, written: object, stored: object) -> None:
    reading = read_form(with_cells(BLANK, **{field: written}), FIELDS)
    assert (dict(reading.values), reading.problems) == ({field: stored}, ())


WRONG: dict[str, tuple[Any, str]] = {
    "consultation_date": ("令和8年2月30日", "UNREADABLE"),
    "loan_date": (dt.time(9, 30), "TIME_ONLY"),
    "corporate_number": ("1999900000001", "UNREADABLE"),
    "employees": ("二十四", "UNREADABLE"),
    "capital": (0.5, "UNREADABLE"),
    "loan_status": ("たぶん", "NOT_AN_OPTION"),
    "company_phone": (312345678, "NUMBER_FOR_TELEPHONE"),
    "company_name": ("あ" * 201, "TOO_LONG"),
}


@pytest.mark.parametrize("field", WRONG)
def test_a_wrong_cell_is_named_with_its_place_and_what_would_be_right(field: str) -> None:
    written, code = WRONG[field]
    problem = only_problem(with_cells(BLANK, **{field: written}))
    assert (problem.code, problem.field) == (code, field)
    assert problem.place == f"申込書!{place(field)} {FIELDS[field].title.ja}"
    assert FIELDS[field].title.en in problem.en


def test_all_wrong_cells_are_named_at_once_and_the_others_are_read() -> None:
    content = with_cells(BLANK, **{name: written for name, (written, _) in WRONG.items()}, bank_name="架空銀行")
    reading = read_form(content, FIELDS)
    assert {problem.field for problem in reading.problems} == WRONG.keys()
    assert reading.values == {"bank_name": "架空銀行"}
    with pytest.raises(BadInput) as caught:
        reading.checked()
    for locale in ("ja", "en"):
        assert caught.value.message(locale).count("申込書!") == len(WRONG)
    assert not reading.wrong_form and caught.value.code == "BAD_INPUT"


def test_a_personal_value_is_never_repeated() -> None:
    secret = "架乃" * 60
    problem = only_problem(with_cells(BLANK, representative_name=secret, company_phone="03-0000-0000"))
    assert "架乃" not in f"{problem} {problem.told()}"
    assert "架乃" not in repr(read_form(with_cells(BLANK, contact_name="架乃"), FIELDS))


def test_a_cell_that_moved_is_found_by_its_name() -> None:
    def move(book: Workbook) -> None:
        sheet = book["申込書"]
        sheet["H40"].value = "移した先の商店"
        sheet[place("company_name")].value = "古い場所"
        book.defined_names["company_name"] = DefinedName("company_name", attr_text="'申込書'!$H$40")

    assert read_form(changed(BLANK, move), FIELDS).values["company_name"] == "移した先の商店"


def test_a_renamed_sheet_is_still_the_form() -> None:
    def rename(book: Workbook) -> None:
        book["申込書"].title = "申込書 (2)'s"
        for name in LAYOUT.fields():
            address = book.defined_names[name].attr_text.rpartition("!")[2]
            book.defined_names[name] = DefinedName(name, attr_text=f"'申込書 (2)''s'!{address}")

    assert len(read_form(changed(CORPORATION, rename), FIELDS).checked()) == len(make_form1.CORPORATION)


def test_a_name_inside_a_merged_range_means_its_first_cell() -> None:
    def point_right(book: Workbook) -> None:
        row = book.defined_names["company_name"].attr_text.rpartition("$")[2]
        book.defined_names["company_name"] = DefinedName("company_name", attr_text=f"'申込書'!$D${row}")

    assert read_form(changed(CORPORATION, point_right), FIELDS).checked()["company_name"] == "株式会社架空精密"


@pytest.mark.parametrize(
    "target", ["#REF!", "'申込書'!#REF!", "'別の表'!$A$1", "[1]申込書!$B$9", "申込書!$B$1048576", "1"]
)
def test_a_cell_that_was_deleted_is_named(target: str) -> None:
    def delete(book: Workbook) -> None:
        book.defined_names["bank_name"] = DefinedName("bank_name", attr_text=target)

    problem = only_problem(changed(BLANK, delete))
    assert (problem.code, problem.field, problem.place) == ("CELL_LOST", "bank_name", "金融機関名")


def test_a_name_that_is_gone_is_not_taken_for_a_blank_cell() -> None:
    def forget(book: Workbook) -> None:
        del book.defined_names["bank_name"]

    assert only_problem(changed(BLANK, forget)).code == "CELL_LOST"


def test_a_formula_without_a_result_is_named() -> None:
    assert only_problem(with_cells(BLANK, capital="=1000*1000")).code == "FORMULA"


def test_a_formula_that_fails_is_named() -> None:
    def fail(book: Workbook) -> None:
        cell = book["申込書"][place("capital")]
        cell.value, cell.data_type = "#REF!", "e"

    assert only_problem(changed(BLANK, fail)).code == "FORMULA_ERROR"

"""The shipped catalogues and the procedures that look into them fit each other, number by number."""

from datetime import date

import pytest

from toritsugi.core.filling import filled, misnumbered
from toritsugi.testing.specs.office import Office

OFFICE = Office()
CATALOGUES = OFFICE.catalogues().all
PROCEDURES = {name: OFFICE.procedure(name) for name in OFFICE.titles}
DAY = date(2016, 12, 1)
#: (procedure, field, number) for every number that the procedure carries.
CARRIED = [
    (procedure.id, field.id, row.id)
    for procedure in PROCEDURES.values()
    for field in procedure.data.values()
    if field.row is not None
    for catalogue in CATALOGUES
    if catalogue.id == field.row.catalogue
    for row in catalogue.rows.values()
    if row.procedure == procedure.id
]


def test_the_common_procedure_carries_the_measures_without_one_of_their_own() -> None:
    numbers = [number for procedure, _, number in CARRIED if procedure == "generic_measure_application"]
    assert len(numbers) == len(set(numbers)) == 30


@pytest.mark.parametrize(("procedure", "field", "number"), CARRIED)
def test_what_a_row_says_fits_the_fields_it_fills(procedure: str, field: str, number: str) -> None:
    row = PROCEDURES[procedure].data[field].row
    assert row is not None
    rows = {field: row}
    assert list(misnumbered(PROCEDURES[procedure], rows, {field: number}, CATALOGUES, DAY)) == []
    said = filled(rows, {field: number}, CATALOGUES, DAY)
    assert said[field] == number
    assert said.get("call_status", "running") in ("running", "closed")


def test_a_number_that_a_procedure_fixes_is_one_that_it_carries() -> None:
    fixed = {
        (procedure.id, field.row.number)
        for procedure in PROCEDURES.values()
        for field in procedure.data.values()
        if field.row is not None and field.row.number is not None
    }
    assert fixed == {("smrj_fs_support", "m12"), ("jizokuka_subsidy", "m15")}
    assert fixed <= {(procedure, number) for procedure, _, number in CARRIED}

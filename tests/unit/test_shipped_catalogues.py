"""The shipped catalogues: every fact of the documents typed a second time, and nothing named that is not there."""

from datetime import date

import pytest

import toritsugi_workflows
from toritsugi.definition.catalogue import lint_catalogue, load_catalogue
from toritsugi.definition.interface import Interface
from toritsugi.definition.lint import id_written
from toritsugi.definition.load import load, load_interface
from toritsugi.definition.measure import Catalogue, Fee, Row, RowKind, RowStatus, When

FILES = toritsugi_workflows.toritsugi_catalogues()
CATALOGUES = {one.id: one for one in (load_catalogue(file.text, file=file.file) for file in FILES)}
PROCEDURES = {id_written(file.text): file.text for file in toritsugi_workflows.toritsugi_procedures()}

GENERIC = "generic_measure_application"
#: number | steps | institution | fee | window or status | procedure | page
MEASURES_2016 = """
m00a 1234 sme_agency   free       not_stated  -  p.3
m00b 1234 jetro        not_stated public_call consortium_referral p.5,p.6
m01  1 jetro           free       by_event    generic p.7
m02  1 smrj            free       any_time    generic p.7
m03  1 jetro           free       not_stated  -  p.8
m04  1 jetro           free       not_stated  -  p.8
m05  1 smrj            free       not_stated  -  p.8
m06  1 smrj            free       not_stated  -  p.9
m07  2 jetro           free       any_time    generic p.10
m08  2 smrj            free       any_time    generic p.10
m09  2 sme_agency      free       any_time    mirasapo_expert_dispatch p.3,p.10
m10  2 jetro           free       any_time    generic p.10
m11  2 jetro           free       by_visit    jetro_overseas_briefing p.10
m12  2 smrj            subsidy    closed      smrj_fs_support p.11
m13  2 jetro           free       any_time    jetro_export_prospect_support p.11
m14  2 jetro           charged    any_time    generic p.11
m15  2 sme_agency      subsidy    dates       jizokuka_subsidy p.12
m16  2 sme_agency      subsidy    closed      japan_brand_support p.12
m17  2 sme_agency      subsidy    closed      generic p.12
m18a 2 sme_agency      subsidy    dates       generic p.13
m18b 2 sme_agency      subsidy    dates       generic p.13
m18c 2 sme_agency      subsidy    dates       generic p.13
m19  2 inpit           free       any_time    generic p.14
m20  2 inpit           free       any_time    generic p.14
m21  3 smrj            free       any_time    generic p.15
m22  3 jetro           free       any_time    generic p.15
m23  3 smrj            subsidy    closed      generic p.15
m24  3 smrj            free       see_website generic p.16
m25  3 jetro           free       see_website generic p.16
m26  3 smrj            subsidy    see_website generic p.17
m27  3 jetro           subsidy    see_website generic p.17
m28  3 jetro           charged    any_time    generic p.17
m29  3 jetro           free       any_time    generic p.18,p.25
m30  3 jetro           charged    any_time    jetro_business_support_center p.19
m31  3 nichibenren     charged    any_time    nichibenren_lawyer_referral p.19
m32  3 shoko_chukin    loan       any_time    generic p.20
m33  3 jfc             loan       any_time    generic p.20
m34a 3 guarantee_association not_stated any_time generic p.20
m34b 3 guarantee_association not_stated any_time generic p.20
m35  4 smrj            charged    any_time    generic p.21
m36  4 hida            subsidy    any_time    generic p.21
m37  4 hida            subsidy    any_time    generic p.21
m38  4 smrj            subsidy    closed      generic p.22
m39  4 smrj            free       not_stated  -  p.22
m40  4 nexi            charged    any_time    generic p.22
m41  - sme_agency      free       not_stated  -  p.23
m42  - sme_agency      free       not_stated  -  p.24
m43  - economic_bureau free       dates       -  p.25
m44  - sme_agency      not_stated by_event    -  p.25
m45  - sme_agency      not_stated not_stated  -  p.25,p.26
"""

#: number -> rate and ceilings in yen.
SUBSIDIES = {
    "m12": ("2/3", [1_400_000]),
    "m15": ("2/3", [500_000, 1_000_000]),
    "m16": ("2/3", [2_000_000, 20_000_000]),
    "m17": ("2/3", [5_000_000, 10_000_000, 20_000_000]),
    "m18a": ("2/3", [30_000_000]),
    "m18b": ("2/3", [10_000_000, 20_000_000, 30_000_000]),
    "m18c": ("2/3", [5_000_000, 10_000_000, 15_000_000]),
    "m23": ("2/3", [1_000_000]),
    "m26": ("2/3", []),
    "m33": (None, [720_000_000, 250_000_000, 120_000_000, 72_000_000, 48_000_000]),
    "m38": ("2/3", [1_600_000]),
}
PRICES = {
    "m14": [10_800],
    "m28": [12_960],
    "m30": [32_400, 32_400, 21_600, 67_900, 32_400, 78_700],
    "m31": [10_000],
    "m35": [75_000, 28_000],
}
MONOZUKURI = (date(2016, 11, 14), date(2017, 1, 17))
WINDOWS = {
    "m15": (date(2016, 11, 4), date(2017, 1, 27)),
    "m18a": MONOZUKURI,
    "m18b": MONOZUKURI,
    "m18c": MONOZUKURI,
    "m43": (date(2015, 11, 6), None),
}
CONTACTS = {
    "m00a": "0570-057-222 045-330-1818 mirasapo.jp",
    "m00b": "0120-95-3375",
    "m15": "shokokai.or.jp/?post_type=annais&p=3972 h28.jizokukahojokin.info",
    "m17": "03-3501-1767 160427ChiikiShigen2koubo27.htm 160427Noushokou2koubo27.htm",
    "m18b": "03-6280-5560 161114mono.htm",
    "m19": "0570-082100 chizai-portal.jp",
    "m20": "03-3581-1101 3823 PA8200@inpit.jpo.go.jp",
    "m31": "03-3580-9940 03-3580-9840",
    "m32": "03-3246-9450",
    "m33": "0120-154-505",
    "m34b": "03-6823-1200",
    "m36": "03-3549-3050 03-3549-3051",
    "m40": "0120-672-094 03-3512-7563 0120-649-818 06-6233-4019",
}

#: number | institution | fee | on the frame | procedure | section
TOKYO_2026 = """
L-J1 jetro free    no  tokyo_jetro_support   4-1
L-J2 jetro free    yes tokyo_jetro_support   4-1
L-J3 jetro free    yes tokyo_jetro_support   4-1
L-J4 jetro free    yes tokyo_jetro_support   4-1
L-S1 scb   free    yes tokyo_shinkin_support 4-2
L-S2 scb   free    yes tokyo_shinkin_support 4-2
L-K1 kosha free    no  tokyo_kosha_support   4-3
L-K2 kosha free    no  tokyo_kosha_support   4-3
L-K3 kosha free    no  tokyo_kosha_support   4-3
L-K4 kosha free    no  tokyo_kosha_support   4-3
L-K5 kosha free    no  tokyo_kosha_support   4-3
L-K6 kosha charged no  tokyo_kosha_support   4-3
L-K7 kosha free    no  tokyo_kosha_support   4-3
L-K8 kosha subsidy no  tokyo_kosha_support   4-3
L-M1 smrj  free    no  tokyo_smrj_support    4-4
"""

#: letter | id | who receives first | whom it is passed on to
ROUTES = """
イ startup               shokokai,chamber,bank,professional            municipality,startup_operator
ロ sales_channel         shokokai,chamber,bank                         yorozu,professional,jetro
ハ human_resources       shokokai,chamber,bank                         professional,yorozu,labour_bureau,professional_staff_base
ニ it_use                shokokai,chamber,professional,bank            it_vendor,it_coordinator,yorozu,it_expert
ホ intellectual_property any_institution,yorozu,shokokai,chamber,support_center ip_desk,yorozu
ヘ subcontracting        shokokai,chamber,any_institution              subcontract_refuge
ト business_succession shokokai,chamber,professional,bank,chuokai yorozu,succession_center,bank,tax_accountant,GUARANTEE,UNIVERSITY
チ shopping_street       shopping_street_association,shokokai,chamber,municipality shopping_street_center,any_institution
リ unclear               shokokai,chamber,professional,bank            any_institution
ヌ bank_management_support bank                                        yorozu,professional,turnaround_council,succession_center
"""

#: number | template | window | prefecture
PATTERNS = """
c01 dispatch            -                     tokyo
c02 one_stop_desk       2008-04-01/2010-03-31 -
c03 dispatch            2010-04-01/2011-03-31 -
c04 dispatch            2011-04-01/2013-03-31 -
c05 dispatch            2013-04-01/           -
c06 periodic_meeting    -                     -
c07 agreement_programme -                     aichi
c08 agreement_programme -                     ishikawa
c09 agreement_programme -                     tokyo
c10 agreement_programme -                     fukui
c11 periodic_event      -                     osaka
c12 periodic_meeting    planned               -
c13 agreement_programme -                     mie
c14 one_stop_desk       -                     osaka
c15 agreement_programme -                     gunma
"""


def lines(text: str) -> list[list[str]]:
    return [line.split() for line in text.strip().splitlines()]


def measure(number: str) -> Row:
    return CATALOGUES["overseas_support_2016"].rows[number]


def test_the_rows_are_as_many_as_the_documents_have() -> None:
    assert {id_: len(one.rows) for id_, one in CATALOGUES.items()} == {
        "overseas_support_2016": 50,
        "tokyo_support_2026": 15,
        "issue_routing_2017": 10,
        "collaboration_patterns_2017": 15,
    }


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.file)
def test_the_shipped_catalogues_are_without_fault(file: toritsugi_workflows.CatalogueFile) -> None:
    assert lint_catalogue(file.text, known=PROCEDURES.__contains__) == ()


@pytest.mark.parametrize("line", lines(MEASURES_2016), ids=lambda line: line[0])
def test_a_measure_of_2016_stands_as_in_its_document(line: list[str]) -> None:
    number, steps, institution, fee, when, procedure, pages = line
    row = measure(number)
    assert row.steps == tuple(int(step) for step in steps.strip("-"))
    assert (row.institutions[0], row.fee) == (institution, Fee(fee))
    assert row.procedure == {"-": None, "generic": GENERIC}.get(procedure, procedure)
    assert row.source.replace(" ", "") == pages
    if when == "closed":
        assert (row.status, row.when, row.windows) == (RowStatus.CLOSED, When.NOT_STATED, ())
    else:
        assert (row.status, row.when) == (RowStatus.RUNNING, When(when))


def test_the_measures_of_2016_are_in_the_order_of_their_document() -> None:
    assert [line[0] for line in lines(MEASURES_2016)] == list(CATALOGUES["overseas_support_2016"].rows)


@pytest.mark.parametrize("number", SUBSIDIES)
def test_rates_and_ceilings_are_those_of_2016(number: str) -> None:
    rate, ceilings = SUBSIDIES[number]
    row = measure(number)
    assert (str(row.rate) if row.rate else None, [one.yen for one in row.ceilings]) == (rate, ceilings)


def test_no_other_measure_of_2016_has_a_rate_or_a_ceiling() -> None:
    rows = CATALOGUES["overseas_support_2016"].rows.values()
    assert {row.id for row in rows if row.rate or row.ceilings} == set(SUBSIDIES)


@pytest.mark.parametrize("number", PRICES)
def test_prices_are_those_of_2016(number: str) -> None:
    assert [one.yen for one in measure(number).prices] == PRICES[number]


def test_no_other_measure_of_2016_has_a_price() -> None:
    rows = CATALOGUES["overseas_support_2016"].rows.values()
    assert {row.id for row in rows if row.prices} == set(PRICES)


def test_the_windows_with_dates_are_those_of_2016() -> None:
    rows = CATALOGUES["overseas_support_2016"].rows.values()
    dated = {row.id: row.windows for row in rows if row.windows}
    assert {id_: [(one.opens, one.closes) for one in windows] for id_, windows in dated.items()} == {
        id_: [window] for id_, window in WINDOWS.items()
    }


@pytest.mark.parametrize("number", CONTACTS)
def test_contacts_are_those_of_2016(number: str) -> None:
    written = " ".join(contact.address for contact in measure(number).contacts)
    assert [part for part in CONTACTS[number].split() if part not in written] == []


@pytest.mark.parametrize("line", lines(TOKYO_2026), ids=lambda line: line[0])
def test_a_menu_of_tokyo_stands_as_in_its_manual(line: list[str]) -> None:
    number, institution, fee, frame, procedure, section = line
    row = CATALOGUES["tokyo_support_2026"].rows[number]
    assert (row.institutions, row.fee, row.procedure, row.source) == ((institution,), Fee(fee), procedure, section)
    assert row.draws_on_frame is (frame == "yes")
    assert row.prefectures == ("tokyo",)


def test_free_under_condition_1_is_what_draws_on_the_frame() -> None:
    rows = CATALOGUES["tokyo_support_2026"].rows.values()
    noted = {row.id for row in rows if row.fee_note is not None and "※1" in row.fee_note.ja}
    assert noted == {row.id for row in rows if row.draws_on_frame}


@pytest.mark.parametrize("line", lines(ROUTES), ids=lambda line: line[1])
def test_an_issue_goes_where_the_council_says(line: list[str]) -> None:
    letter, id_, first, onward = line
    onward = onward.replace("GUARANTEE", "guarantee_association").replace("UNIVERSITY", "sme_university")
    row = CATALOGUES["issue_routing_2017"].rows[id_]
    assert (row.letter, ",".join(row.institutions)) == (letter, first)
    assert ",".join(one.institution for one in row.onward) == onward
    assert row.source == f"別添2{letter}"


def test_exports_go_to_the_consortium_and_an_unclear_issue_to_its_consultation() -> None:
    rows = CATALOGUES["issue_routing_2017"].rows
    (export,) = [one for one in rows["sales_channel"].onward if one.needs]
    assert (export.institution, export.needs, export.procedure) == ("jetro", ("export",), "consortium_referral")
    assert rows["unclear"].procedure == "unclear_issue_consultation"


@pytest.mark.parametrize("line", lines(PATTERNS), ids=lambda line: line[0])
def test_a_pattern_stands_as_in_its_document(line: list[str]) -> None:
    number, template, window, where = line
    row = CATALOGUES["collaboration_patterns_2017"].rows[number]
    assert (row.template, row.prefectures) == (template, () if where == "-" else (where,))
    assert row.status is (RowStatus.PLANNED if window == "planned" else RowStatus.RUNNING)
    days = [f"{one.opens}/{one.closes or ''}" for one in row.windows]
    assert days == ([window] if "/" in window else [])


@pytest.mark.parametrize("catalogue", CATALOGUES.values(), ids=lambda one: one.id)
def test_old_documents_are_marked_as_such(catalogue: Catalogue) -> None:
    assert catalogue.historic is (catalogue.id != "tokyo_support_2026")


def test_kinds_and_days_are_those_of_the_documents() -> None:
    kinds = {id_: one.kind for id_, one in CATALOGUES.items()}
    assert kinds["issue_routing_2017"] is RowKind.ROUTES
    assert kinds["collaboration_patterns_2017"] is RowKind.PATTERNS
    assert {kinds["overseas_support_2016"], kinds["tokyo_support_2026"]} == {RowKind.MEASURES}
    valid = CATALOGUES["tokyo_support_2026"].valid
    assert (valid.opens, valid.closes) == (date(2026, 4, 1), date(2027, 3, 31))


def test_the_issues_of_the_consultation_are_those_of_the_routing() -> None:
    """What `unclear_issue_consultation` may hand off is イ to チ of the table, under the same names."""
    text = PROCEDURES["unclear_issue_consultation"]
    found = load(text, file="unclear", interfaces=_interface, texts=PROCEDURES.get)
    rows = CATALOGUES["issue_routing_2017"].rows
    issues = found.data["issue"].type.options
    assert list(issues) == [id_ for id_ in rows if rows[id_].letter in "イロハニホヘトチ"]
    assert [title.ja for title in issues.values()] == [f"{rows[id_].letter} {rows[id_].title.ja}" for id_ in issues]


def _interface(procedure: str) -> Interface | None:
    text = PROCEDURES.get(procedure)
    return None if text is None else load_interface(text, file=procedure, texts=PROCEDURES.get)

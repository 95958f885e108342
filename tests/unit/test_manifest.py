"""Manifests: what the shipped institutions say, and how a wrong manifest is told to its author."""

from datetime import date
from importlib.metadata import entry_points

import pytest

from toritsugi.definition.types import Title
from toritsugi.errors import DefinitionError
from toritsugi.hooks import GROUP, InstitutionManifest, read_manifest
from toritsugi.runtime.calendars import build_calendar

GOOD = """
id: kosha
title: {ja: 公社, en: Kosha}
source: マニュアル 1
addresses: {email: madoguchi@example.jp}
closures:
  - {from: "12-29", to: "01-03", title: {ja: 年末年始, en: Year-end}}
  - {on: "2026-10-01", title: {ja: 創立記念日, en: Foundation day}}
cutoff: "17:30"
"""


def shipped() -> dict[str, InstitutionManifest]:
    plugins = [entry.load() for entry in entry_points(group=GROUP)]
    supplied = [plugin.toritsugi_institutions() for plugin in plugins if hasattr(plugin, "toritsugi_institutions")]
    return {one.id: one for batch in supplied for one in batch}


def test_the_institutions_of_the_tokyo_manual_are_shipped() -> None:
    assert shipped().keys() >= {"jetro_tokyo", "tokyo_finance_division", "scb", "kosha", "smrj"}


def test_kosha_takes_forms_by_mail_only_and_smrj_by_its_web_form_only() -> None:
    assert shipped()["kosha"].addresses == {"email": "ttc@tokyo-kosha.or.jp"}
    assert shipped()["smrj"].addresses.keys() == {"web_form"}


def test_jetro_takes_forms_by_mail_fax_and_post_and_inquiries_by_phone() -> None:
    jetro = shipped()["jetro_tokyo"]
    assert jetro.addresses["email"] == "knt-tokyo@jetro.go.jp"
    assert jetro.addresses["fax"] == "03-3582-0504"
    assert jetro.addresses.keys() == {"email", "fax", "post"}
    assert jetro.inquiries == {"phone": "03-3582-4953"}


def test_the_programme_owner_takes_no_submissions() -> None:
    assert shipped()["tokyo_finance_division"].addresses == {}


@pytest.mark.parametrize("institution", ["jetro_tokyo", "tokyo_finance_division", "scb", "kosha", "smrj"])
def test_year_end_is_closed_and_the_days_around_it_are_open(institution: str) -> None:
    manifest = shipped()[institution]
    calendar = build_calendar(institution, Title(**manifest.title), closures=manifest.closures)
    closed = [day for day in range(28, 32) if not calendar.is_open(date(2026, 12, day))]
    assert closed == [29, 30, 31]
    assert not calendar.is_open(date(2027, 1, 1))
    assert calendar.is_open(date(2027, 1, 4))


def test_a_manifest_is_read_as_written() -> None:
    kosha = read_manifest(GOOD.encode(), "kosha/manifest.yaml")
    assert (kosha.id, kosha.title["en"], kosha.cutoff, kosha.acceptance) == ("kosha", "Kosha", "17:30", "next_open_day")
    assert kosha.closures[1] == {"on": "2026-10-01", "title": {"ja": "創立記念日", "en": "Foundation day"}}


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("cutoff:", "cut_off:", "UNKNOWN_KEY", 9),
        ("id: kosha", "id: Kosha Tokyo", "BAD_ID", 2),
        ("id: kosha\n", "", "MISSING", 2),
        ("source: マニュアル 1\n", "", "MISSING", 2),
        ("addresses: {email:", "addresses: {e-mail:", "UNKNOWN_CHANNEL", 5),
        ('"12-29"', '"12-32"', "BAD_DATE", 7),
        ('"2026-10-01"', "10月1日", "BAD_DATE", 8),
        ('to: "01-03", ', "", "BAD_CLOSURE", 7),
        ('"01-03"', '"2027-01-03"', "BAD_CLOSURE", 7),
        ('"17:30"', '"25:30"', "BAD_TIME", 9),
        ("title: {ja: 公社, en: Kosha}", "title:\n", "MISSING", 3),
        ("title: {ja: 公社, en: Kosha}", "title: [公社]", "EXPECTED_MAPPING", 3),
        ("closures:", "closures: &a", "ANCHOR", 6),
    ],
)
def test_a_wrong_manifest_is_told_with_file_and_line(old: str, new: str, code: str, line: int) -> None:
    assert old in GOOD
    with pytest.raises(DefinitionError) as caught:
        read_manifest(GOOD.replace(old, new).encode(), "kosha/manifest.yaml")
    (finding,) = [one for one in caught.value.findings if one.code == code]
    assert finding.position is not None and finding.position.line == line
    assert f"kosha/manifest.yaml:{line}" in caught.value.message("ja")

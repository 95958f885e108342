"""Dates and times as a spec writes them."""

import pytest

from toritsugi.core.moments import iso_moment
from toritsugi.testing.specs.days import read_moment
from toritsugi.testing.specs.faults import SpecFault
from toritsugi.testing.specs.phrases import Skeleton


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("令和8年4月24日18時30分", "2026-04-24T18:30:00+09:00"),
        ("令和８年４月２４日（金）１８時半", "2026-04-24T18:30:00+09:00"),
        ("R8.4.24", "2026-04-24T00:00:00+09:00"),
        ("2026年4月24日午後6時30分", "2026-04-24T18:30:00+09:00"),
        ("2026-04-24 (Fri) 18:30", "2026-04-24T18:30:00+09:00"),
        ("2026/4/24の18:30", "2026-04-24T18:30:00+09:00"),
        ("令和8年4月24日24時", "2026-04-25T00:00:00+09:00"),
        ("令和元年5月1日0時", "2019-05-01T00:00:00+09:00"),
    ],
)
def test_a_moment_reads_in_either_calendar_and_either_width(written: str, meant: str) -> None:
    assert iso_moment(read_moment(Skeleton.of(written).text)) == meant


@pytest.mark.parametrize(
    "written",
    [
        "令和8年4月24日(土)",
        "2026-04-24 (Sat)",
        "令和8年2月30日",
        "平成32年1月1日",
        "2026-04-24 25:00",
        "4月24日",
        "明日",
    ],
)
def test_what_is_no_day_is_refused(written: str) -> None:
    with pytest.raises(SpecFault):
        read_moment(Skeleton.of(written).text)

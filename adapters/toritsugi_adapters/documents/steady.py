"""Workbooks whose bytes depend on their content only: the same workbook saved twice is the same file."""

from __future__ import annotations

import re
import zipfile
from datetime import datetime
from io import BytesIO

from openpyxl import Workbook

#: The moment written into a workbook when nobody says another: no clock is asked.
STEADY_MOMENT = datetime(2026, 4, 1)  # noqa: DTZ001  # the file format has no time zone

_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(<)")


def workbook_bytes(workbook: Workbook, moment: datetime = STEADY_MOMENT) -> bytes:
    """The workbook as an .xlsx file, stamped with `moment` throughout.

    The parts are stored uncompressed: compressors differ between builds of zlib, and a form is small.
    """
    workbook.properties.created = moment
    saved = BytesIO()
    workbook.save(saved)
    steady = BytesIO()
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(steady, "w", zipfile.ZIP_STORED) as target:
        for name in sorted(source.namelist(), key=_content_types_first):
            target.writestr(_entry(name, moment), _part(source, name, moment))
    return steady.getvalue()


def _content_types_first(name: str) -> tuple[bool, str]:
    return name != "[Content_Types].xml", name  # some readers look for it at the front


def _entry(name: str, moment: datetime) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, moment.timetuple()[:6])
    entry.create_system = 0  # as if written on Windows: the default depends on the system
    return entry


def _part(source: zipfile.ZipFile, name: str, moment: datetime) -> bytes:
    content = source.read(name)
    if name == "docProps/core.xml":  # openpyxl writes the present moment here, whatever it is told
        stamp = moment.isoformat(timespec="seconds").encode() + b"Z"
        content = _MODIFIED.sub(lambda found: found[1] + stamp + found[2], content)
    return content

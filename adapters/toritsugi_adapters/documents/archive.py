"""Is it a workbook that may be opened? Looked at from outside, before anything in it is read.

An .xlsx file is a zip archive of XML. It comes from strangers: it may be another file, locked, full of macros, or made
to fill memory when it is unpacked. Sizes are taken from the archive's directory; zipfile never unpacks beyond them.
"""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import dataclass
from io import BytesIO

#: Largest file, and largest sum of its unpacked parts, in bytes; a filled Form 1 has about 60 thousand.
LARGEST_FILE = 5 * 1024 * 1024
LARGEST_UNPACKED = 20 * 1024 * 1024
MOST_PARTS = 300

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_DECLARATIONS = tuple(
    word.encode(encoding) for word in ("<!DOCTYPE", "<!ENTITY") for encoding in ("ascii", "utf-16-le", "utf-16-be")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoForm:
    """Why the file as a whole cannot be read."""

    #: EMPTY, TOO_LARGE, PASSWORD, OLD_EXCEL, NOT_A_WORKBOOK, MACROS, DAMAGED or WRONG_FORM.
    code: str
    ja: str
    en: str


_EMPTY = NoForm(code="EMPTY", ja="ファイルが空です。", en="The file is empty.")
_TOO_LARGE = NoForm(
    code="TOO_LARGE",
    ja="ファイルが大きすぎます（5MBまで、展開後20MBまで）。貼り付けた画像などを取り除いてください。",
    en="The file is too large (5 MB, 20 MB unpacked); remove pictures and the like.",
)
_PASSWORD = NoForm(
    code="PASSWORD",
    ja="パスワードで保護されています。パスワードを外して保存し直してください。",
    en="The file is protected with a password; save it without one.",
)
_OLD = NoForm(
    code="OLD_EXCEL",
    ja="旧形式（.xls など）のファイルです。Excelブック（.xlsx）で保存し直してください。",
    en="This is an old format such as .xls; save it as an Excel workbook (.xlsx).",
)
_OTHER = NoForm(
    code="NOT_A_WORKBOOK",
    ja="Excelブック（.xlsx）ではありません。",
    en="This is not an Excel workbook (.xlsx).",
)
_MACROS = NoForm(
    code="MACROS",
    ja="マクロを含むファイルは受け付けません。マクロなしのExcelブック（.xlsx）で保存し直してください。",
    en="Files with macros are not accepted; save it as a workbook without macros (.xlsx).",
)
DAMAGED = NoForm(
    code="DAMAGED",
    ja="ファイルが壊れているため読み取れません。元のファイルから保存し直してください。",
    en="The file is damaged and cannot be read; save it anew from the original.",
)


def refusal(content: bytes) -> NoForm | None:
    """Why `content` is not opened as a workbook; None: it may be."""
    if not content:
        return _EMPTY
    if len(content) > LARGEST_FILE:
        return _TOO_LARGE
    if content.startswith(_OLE):
        return _PASSWORD if _LOCKED in content else _OLD
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return _refused_parts(archive)
    # all that zipfile raises on a damaged archive; NotImplementedError is its word for an unknown compression
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError, zlib.error):
        return DAMAGED if content.startswith(b"PK") else _OTHER


def _refused_parts(archive: zipfile.ZipFile) -> NoForm | None:
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        return _TOO_LARGE
    if any(part.flag_bits & 1 for part in parts):
        return _PASSWORD
    if not {"[Content_Types].xml", "xl/workbook.xml"} <= names or len(names) != len(parts):
        return _OTHER
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        return _MACROS
    if b"macroEnabled" in archive.read("[Content_Types].xml"):
        return _MACROS
    for part in parts:
        if part.filename.endswith((".xml", ".rels")) and _declares(archive.read(part)):
            return DAMAGED  # no workbook declares entities: this one means to unfold
    return None


def _declares(xml: bytes) -> bool:
    return any(word in xml for word in _DECLARATIONS)

"""A parcel's content read as a letter, and the letter as plain Japanese text that lines up in a fixed-width font."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from toritsugi.ports import Parcel

#: Columns of a printed A4 page in a 10 pt fixed-width font; a full-width character takes two.
PAGE_COLUMNS = 76
#: Widest label column; a longer label stands on a line of its own.
_LABEL_COLUMNS = 32
#: Documents that whoever receives them fills in and returns: (document, party).
_TO_FILL_IN = frozenset({("form3", "financial_institution")})
_TO_WRITE_ON = "＿＿＿＿"
#: Characters that never begin a line (行頭禁則): they hang at the end of the line before.
_NEVER_FIRST = "、。，．・：；？！）」』】〕》〉々ー,.:;?!)]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One document of a letter: its title and its rows of label and value."""

    id: str
    title: str
    lines: tuple[tuple[str, str], ...] = field(repr=False)
    #: what stands for a value that is not there: nothing was said, or a line for whoever receives it to write on.
    blank: str = "－"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What a parcel says, with everything unprintable taken out. Nothing of it is shown by repr."""

    address: str = field(repr=False)
    subject: str = field(repr=False)
    body: str = field(repr=False)
    sheets: tuple[Sheet, ...] = field(repr=False)
    #: what the recipient is called; the institution's id when the content does not say.
    addressee: str = field(repr=False)
    #: what the sender is called; may be empty.
    sender: str = field(repr=False)
    #: where an answer should go; may be empty.
    answer_to: str = field(repr=False)
    #: moment of the decision, microseconds UTC; None: the content does not say.
    decided_at: int | None = None


def letter(parcel: Parcel) -> Letter:
    """The parcel's content as a letter; what is missing is empty, what is unprintable is gone."""
    content = parcel.content
    sender = _mapping(content.get("from"))
    decided_at = content.get("decided_at")
    return Letter(
        address=one_line(content.get("address")),
        subject=one_line(content.get("subject")) or "（件名なし）",
        body=printable(content.get("body")).strip("\n"),
        sheets=tuple(_sheet(entry, parcel) for entry in content.get("documents") or ()),
        addressee=_name(content.get("to")) or parcel.institution,
        sender=_name(content.get("from")),
        answer_to=one_line(sender.get("email") or sender.get("address")),
        decided_at=decided_at if isinstance(decided_at, int) else None,
    )


def printable(value: Any) -> str:
    """`value` as text without control characters (line ends are kept) and without halves of characters."""
    if value is None:
        return ""
    text = str(value).replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    text = text.replace("\u2028", "\n").replace("\u2029", "\n").encode("utf-8", "replace").decode("utf-8")
    return "".join(char for char in text if char == "\n" or unicodedata.category(char) not in ("Cc", "Cs"))


def one_line(value: Any) -> str:
    """`value` as one line: line ends become spaces, so that it cannot begin a second header."""
    return " ".join(printable(value).split())


def columns(text: str) -> int:
    """How many columns `text` takes: 2 for full-width characters, 0 for combining ones, 1 for the others."""
    return sum(_width(char) for char in text)


def padded(text: str, width: int) -> str:
    """`text` filled up to `width` columns, with full-width spaces as far as they fit."""
    missing = max(0, width - columns(text))
    return text + "　" * (missing // 2) + " " * (missing % 2)


def wrapped(text: str, width: int) -> Iterator[str]:
    """The lines of `text`, each at most `width` columns wide, or wider by a mark that must not begin a line."""
    for paragraph in text.split("\n"):
        line, used = "", 0
        for char in paragraph:
            if used + _width(char) > width and char not in _NEVER_FIRST:
                yield line
                line, used = "", 0
            line, used = line + char, used + _width(char)
        yield line


def text_of(letter: Letter, width: int | None = None) -> str:
    """Body and documents as one text; `width`: wrapped to so many columns, None: as long as the lines are."""
    body = letter.body if width is None else "\n".join(wrapped(letter.body, width))
    parts = [body, *("\n".join(_sheet_lines(sheet, width)) for sheet in letter.sheets)]
    return "\n\n".join(part for part in parts if part) + "\n"


def greeted(letter: Letter) -> str:
    """The letter as a message of its own: to whom, what is sent, by whom."""
    opening = f"{letter.addressee}　御中\n\n"
    if letter.sheets:
        opening += "標記の書類をお送りします。\n\n"
    closing = f"\n{letter.sender}\n" if letter.sender else ""
    return opening + text_of(letter) + closing


def table(rows: Sequence[tuple[str, str]], width: int | None = None, blank: str = "－") -> Iterator[str]:
    """Label and value in two columns: the values line up, also those of several lines; `blank` stands for no value."""
    widths = [columns(label) for label, _ in rows if columns(label) <= _LABEL_COLUMNS]
    column = max(widths, default=0)
    for label, value in rows:
        yield from _row(label, value or blank, column, width)


def _row(label: str, value: str, column: int, width: int | None) -> Iterator[str]:
    lines: Iterable[str] = value.split("\n")
    if width is not None:
        lines = wrapped(value, max(16, width - column - 4))
    head = padded(label, column) + " ： "
    if columns(label) > column:
        yield label
        head = padded("", column) + " ： "
    for line in lines:
        yield (head + line).rstrip()
        head = padded("", column + columns(" ： "))


def _sheet_lines(sheet: Sheet, width: int | None) -> Iterator[str]:
    rule = "─" * ((width or PAGE_COLUMNS) // 2)
    yield from (rule, f"■ {sheet.title}", rule)
    yield from table(sheet.lines, width, sheet.blank)


def _sheet(entry: Any, parcel: Parcel) -> Sheet:
    document = _mapping(entry)
    own = document.get("id") == parcel.document and (parcel.document, parcel.party) in _TO_FILL_IN
    rows = [row for row in document.get("lines") or () if isinstance(row, Sequence) and not isinstance(row, str)]
    return Sheet(
        id=one_line(document.get("id")) or "document",
        title=_title(document.get("title")) or one_line(document.get("id")) or "文書",
        lines=tuple((one_line(row[0]), printable(row[1]).strip("\n")) for row in rows if len(row) > 1),
        blank=_TO_WRITE_ON if own else "－",
    )


def _name(party: Any) -> str:
    """What a party is called: a plain text, or a mapping with a title or a name."""
    if not isinstance(party, Mapping):
        return one_line(party)
    return _title(party.get("title")) or _title(party.get("name"))


def _title(value: Any) -> str:
    return one_line(value.get("ja") or value.get("en")) if isinstance(value, Mapping) else one_line(value)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _width(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F", "A") else 1

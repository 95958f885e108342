"""The sheet of a meeting as CSV: written for an agenda, read back with the results, every fault with its row and column."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from toritsugi.core.sitting import MOST_TOGETHER, Item
from toritsugi.definition.literals import fold
from toritsugi.errors import BadInput, UnknownCase
from toritsugi_adapters.cli.account import Failure
from toritsugi_adapters.cli.language import words
from toritsugi_adapters.cli.spoken import named
from toritsugi_adapters.cli.typed import typed_values

if TYPE_CHECKING:
    from toritsugi.definition.model import Procedure
    from toritsugi.engine import Engine
    from toritsugi.runtime.agendas import AgendaItem

#: heading, folded -> what stands under it; "" is for the reader only; any other heading is a field.
_HEADS = {
    "案件": "case",
    "case": "case",
    "操作": "event",
    "event": "event",
    "理由": "reason",
    "reason": "reason",
    "例外": "exception",
    "exception": "exception",
    "名称": "",
    "name": "",
    "状態": "",
    "state": "",
    "選べる操作": "",
    "choices": "",
}
_YES = frozenset({"はい", "例外", "yes", "y", "1", "true"})
_NO = frozenset({"", "いいえ", "no", "n", "0", "false"})
#: bytes of a sheet: some thousand characters for each of the cases that one act may be about.
_LARGEST = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row of a sheet, read."""

    #: row of the sheet as a spreadsheet numbers it: the headings are row 1.
    number: int
    item: Item


def write_sheet(file: str, items: Iterable[tuple[AgendaItem, Procedure]]) -> None:
    """Write the sheet of an agenda, with a byte-order mark so that a spreadsheet reads it as Unicode.

    Raises:
        Failure: there is such a file already: results may stand in it.
    """
    from toritsugi_adapters.cli import wording

    heads = words("案件,名称,状態,選べる操作,操作,理由", "case,name,state,choices,event,reason").split(",")
    text = io.StringIO()
    sheet = csv.writer(text)
    sheet.writerow(heads)
    for item, procedure in items:
        choices = "／".join(wording.of(procedure.events[event].title) for event in item.events)
        state = wording.state_title(procedure, item.case.state)
        sheet.writerow(
            [_plain(one) for one in (item.case.id, wording.case_name(item.case, procedure), state, choices, "", "")]
        )
    try:
        with Path(file).open("x", encoding="utf-8-sig", newline="") as written:
            written.write(text.getvalue())
    except FileExistsError:
        raise Failure(
            f"「{file}」は既にあります。結果が記入されているかもしれないので、上書きしません。別の名前を指定してください。",
            f'"{file}" is there already and may hold results, so it is not overwritten; give another name.',
        ) from None


def _plain(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if fold(cell)[:1] in ("=", "+", "-", "@", "\t", "\r") and cell != "-" else cell


def read_sheet(file: str, engine: Engine) -> list[Line]:
    """The rows of a sheet that have an event.

    Raises:
        BadInput: with one problem for every cell that cannot be read, each named by row and column.
    """
    raw = Path(file).read_bytes()
    if len(raw) > _LARGEST:
        raise BadInput([_problem(file, "ファイルが大きすぎます", "the file is too large")])
    rows = _rows(_decoded(raw, file), file)
    heads = [fold(cell).strip() for cell in rows[0]] if rows else []
    known = [_HEADS.get(head.casefold(), head) for head in heads]
    lacking = [word for word in ("case", "event") if word not in known]
    if lacking:
        told = "、".join("案件" if word == "case" else "操作" for word in lacking)
        en = f"the first row has no column {' and '.join(lacking)}"
        raise BadInput([_problem(_row(1), f"見出しに「{told}」がありません", en)])
    twice = [head for place, head in enumerate(heads) if known[place] and known[place] in known[:place]]
    if twice:
        ja, en = "同じ見出しの列が二つあります", "there are two columns of this name"
        raise BadInput([_problem(words(f"1行目「{head}」", f"row 1, {head}"), ja, en) for head in twice])
    problems: list[Mapping[str, str]] = []
    lines = list(_lines(rows[1:], known, heads, engine, problems))
    if not lines and not problems:
        problems.append(_problem(file, "「操作」が記入された行がありません", "no row has an event"))
    if len(lines) > MOST_TOGETHER:
        ja, en = f"一度に記録できるのは{MOST_TOGETHER}件までです", f"at most {MOST_TOGETHER} cases at once"
        problems.append(_problem(file, ja, en))
    if problems:
        raise BadInput(problems)
    return lines


def _rows(text: str, file: str) -> list[list[str]]:
    """Cells, whichever way the lines end."""
    try:
        return list(csv.reader(io.StringIO(text, newline="")))
    except csv.Error:
        ja = "CSV として読めません。表計算ソフトで「CSV（コンマ区切り）」として保存し直してください"
        raise BadInput([_problem(file, ja, "this is no CSV; save it again as comma-separated CSV")]) from None


def _decoded(raw: bytes, file: str) -> str:
    """Unicode, or what Japanese spreadsheets write where nobody asked for Unicode."""
    if raw.startswith(b"PK\x03\x04"):
        ja = "Excel ブックのままでは読めません。「CSV（コンマ区切り）」として保存し直してください"
        raise BadInput([_problem(file, ja, "this is a workbook; save it as comma-separated CSV")])
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    ja = "文字コードが UTF-8 でも Shift_JIS でもありません"
    raise BadInput([_problem(file, ja, "the text is neither UTF-8 nor Shift_JIS")])


def _lines(
    rows: Sequence[Sequence[str]],
    known: Sequence[str],
    heads: Sequence[str],
    engine: Engine,
    problems: list[Mapping[str, str]],
) -> Iterator[Line]:
    for number, row in enumerate(rows, 2):
        if len(row) > len(known) and any(cell.strip() for cell in row[len(known) :]):
            ja, en = "見出しのない列に記入があります", "there is a cell without a heading"
            problems.append(_problem(_row(number), ja, en))
        cells = {name: cell.strip() for name, cell in zip(known, row, strict=False) if name and cell.strip()}
        if "event" not in cells:
            continue
        titles = dict(zip(known, heads, strict=True))
        item = _item(cells, number, titles, engine, problems)
        if item is not None:
            yield Line(number=number, item=item)


def _item(
    cells: Mapping[str, str], number: int, titles: Mapping[str, str], engine: Engine, problems: list[Mapping[str, str]]
) -> Item | None:
    def fault(column: str, ja: str, en: str) -> None:
        problems.append(
            _problem(words(f"{_row(number)}「{titles.get(column, column)}」", f"{_row(number)}, {column}"), ja, en)
        )

    before = len(problems)
    if "case" not in cells:
        fault("case", "案件番号が空です", "the number of the case is missing")
        return None
    try:
        case = engine.case(fold(cells["case"]).strip().upper())
    except UnknownCase:
        fault("case", "案件が見つかりません", "there is no such case")
        return None
    procedure = engine.procedure_of(case)
    event = ""
    try:
        event = named(cells["event"], {one.id: one.title for one in procedure.events.values()})
    except Failure as several:
        fault("event", several.account.ja.rstrip("。"), several.account.en)
    else:
        if event not in procedure.events:
            fault("event", "この手続にない操作です", "this procedure has no such event")
    exception = fold(cells.get("exception", "")).casefold()
    if exception not in _YES | _NO:
        fault("exception", "「はい」か空欄で書いてください", "write yes, or nothing")
    values: dict[str, Any] = {}
    for name, cell in cells.items():
        if name not in ("case", "event", "reason", "exception"):
            try:
                value = typed_values(procedure, [f"{name}={cell}"])
            except BadInput as bad:
                for one in bad.problems:
                    fault(name, one["ja"], one["en"])
                continue
            if not value.keys().isdisjoint(values):
                fault(name, "同じ項目の列がほかにもあります", "another column is of the same field")
            values |= value
    if len(problems) > before:
        return None
    reason = cells.get("reason")
    return Item(case_id=case.id, event=event, values=values, reason=reason, override=exception in _YES)


def _row(number: int) -> str:
    return words(f"{number}行目", f"row {number}")


def _problem(place: str, ja: str, en: str) -> Mapping[str, str]:
    return {"place": place, "ja": ja, "en": en}

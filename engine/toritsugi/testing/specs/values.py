"""Tables and values of a spec: fields by their titles, values as a person writes them, compared with what is stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from toritsugi.core.shown import show_value
from toritsugi.core.written import BadValue, read_text
from toritsugi.definition.literals import fold
from toritsugi.definition.model import DataField, Procedure
from toritsugi.definition.types import Kind, Title, Type
from toritsugi.testing.specs import days
from toritsugi.testing.specs.faults import SpecFault
from toritsugi.testing.specs.naming import found

Table = Sequence[Sequence[str]]

#: what stands for "no value".
_BLANK = frozenset({"", "(空欄)", "空欄", "(未入力)", "未入力", "(blank)", "blank", "not set"})
#: first rows that only say what the columns are.
_HEADS = frozenset({("項目", "内容"), ("項目", "値"), ("field", "value"), ("item", "content")})


def is_blank(text: str) -> bool:
    """Whether a cell says that there is no value."""
    return fold(text).casefold() in _BLANK


def pairs(table: Table) -> dict[str, str]:
    """field as the spec calls it -> text, of a table with two columns.

    Raises:
        SpecFault: another number of columns, or a field twice.
    """
    rows = [tuple(row) for row in table]
    if any(len(row) != 2 for row in rows):
        raise SpecFault("表は「項目」と「内容」の二列で書いてください。", "The table has two columns: field and value.")
    if rows and tuple(fold(cell).casefold() for cell in rows[0]) in _HEADS:
        rows = rows[1:]
    given: dict[str, str] = {}
    for name, text in rows:
        if name in given:
            raise SpecFault(f"項目「{name}」が二度あります。", f'The field "{name}" stands there twice.')
        given[name] = text
    return given


def column(table: Table) -> list[str]:
    """The cells of a table with one column."""
    if any(len(row) != 1 for row in table):
        raise SpecFault("表は一列で書いてください。", "The table has one column.")
    return [row[0] for row in table]


def field_named(procedure: Procedure, word: str) -> DataField:
    """The field called `word`."""
    titles = {one.id: one.title for one in procedure.data.values()}
    return procedure.data[found(word, titles, "項目", "field")]


def stored_values(procedure: Procedure, given: Mapping[str, str | None]) -> dict[str, Any]:
    """field -> stored value; blank ones are left out.

    Raises:
        SpecFault: there is no such field, or its value cannot be read; all of them told at once.
    """
    values: dict[str, Any] = {}
    faults: list[SpecFault] = []
    for name, text in given.items():
        try:
            field = field_named(procedure, name)
            if text is not None and not is_blank(text):
                values[field.id] = stored(field.type, text, field.title)
        except SpecFault as fault:
            faults.append(fault)
    if faults:
        raise SpecFault("".join(one.ja for one in faults), " ".join(one.en for one in faults))
    return values


def stored(type_: Type, text: str, title: Title) -> Any:
    """The stored value of what the spec writes; moments as in sentences (令和8年4月24日18時30分)."""
    try:
        if type_.kind is Kind.MOMENT and "+" not in text:
            return days.read_moment(fold(text))
        return read_text(type_, text)
    except BadValue as fault:
        raise SpecFault(f"{title.ja}：{fault.ja}", f"{title.en}: {fault.en}") from None


def shown(type_: Type, value: Any) -> tuple[str, str]:
    """A stored value in Japanese and English."""
    return show_value(type_, value, "ja"), show_value(type_, value, "en")


def expect_value(type_: Type, title: Title, actual: Any, text: str) -> None:
    """Hold a stored value against what the spec says.

    Raises:
        SpecFault: it is another.
    """
    if is_blank(text):
        agrees = actual is None
    elif type_.kind is Kind.RECORD or (type_.item is not None and type_.item.kind is Kind.RECORD):
        agrees = fold(text) in {fold(one) for one in shown(type_, actual)}
    else:
        agrees = actual == stored(type_, text, title)
    if not agrees:
        ja, en = shown(type_, actual)
        raise SpecFault(
            f"「{title.ja}」は「{text}」ではなく「{ja}」です。", f'"{title.en}" is "{en}" and not "{text}".'
        )


def read_yen(text: str) -> int:
    """Whole yen of an amount such as 1,000,000円 or 100万円."""
    try:
        return int(str(read_text(Type(kind=Kind.YEN), text)))
    except BadValue as fault:
        raise SpecFault(fault.ja, fault.en) from None

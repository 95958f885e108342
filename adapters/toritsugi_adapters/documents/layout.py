"""How a form is laid out as a workbook: sections, rows, and what each field's cell says when it is chosen."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from toritsugi.definition.model import DataField
from toritsugi.definition.types import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a form: one field over the whole width, or two side by side."""

    fields: tuple[str, ...]
    #: lines of text it has room for.
    lines: int = 1
    #: True: the label takes three quarters of the width, for questions that are whole sentences.
    question: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A group of rows under a heading."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The rows that one party fills in; each part begins on a page of its own."""

    title: str
    filled_by: str
    sections: tuple[Section, ...]
    #: sentences under the last row: what the party agrees to or confirms by handing it in.
    closing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FormLayout:
    """One form of one procedure."""

    #: kept in the workbook as the defined name `toritsugi_form`: tells this form from any other workbook.
    id: str
    procedure: str
    title: str
    #: what stands above the title: 様式1.
    mark: str
    #: to whom and by which way.
    addressed_to: str
    parts: tuple[Part, ...]
    #: sentences of the guide sheet.
    guide: tuple[str, ...]
    #: what stands at the foot of each page.
    foot: str
    #: field -> hint that goes before the one of its type.
    hints: Mapping[str, str] = field(default_factory=dict)
    #: fields whose values look like numbers and are none: a leading 0 belongs to them.
    telephones: frozenset[str] = frozenset()

    def fields(self) -> tuple[str, ...]:
        """Ids of the fields, in the order of the form."""
        return tuple(id_ for part in self.parts for id_ in part_fields(part))


def part_fields(part: Part) -> Iterator[str]:
    """Ids of the fields of a part, in order."""
    return (id_ for section in part.sections for row in section.rows for id_ in row.fields)


def hint(layout: FormLayout, data: DataField, needed: Collection[str]) -> str:
    """What a cell says when it is chosen: how it is written, and whether it must be filled."""
    own = (
        layout.hints.get(data.id)
        or _BY_KIND.get(data.type.kind)
        or f"{data.type.longest:,}文字以内で入力してください。"
    )
    return f"【必須】{own}" if data.id in needed else own


_BY_KIND: Mapping[Kind, str] = {
    Kind.DATE: "日付を入力してください。\n例：2026/4/24、令和8年4月24日、R8.4.24",
    Kind.YEN: "円単位で入力してください。\n例：10,000,000、1,000万円",
    Kind.INTEGER: "整数で入力してください。\n例：24",
    Kind.CHOICE: "一覧から選んでください。",
    Kind.YES_NO: "はい・いいえ から選んでください。",
    Kind.CORPORATE_NUMBER: "13桁の法人番号を入力してください。\n国税庁の法人番号公表サイトで確認できます。",
}

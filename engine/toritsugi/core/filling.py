"""Fields that a row of a catalogue fills: the number that is given looked up, and what the row says of each field.

What the catalogue says on that day is kept in the case and in the row of its history, so that a decision can be read later
beside what it rested on, whatever the catalogue says by then.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from toritsugi.core.datavalues import check_value
from toritsugi.core.standing import stand
from toritsugi.definition.measure import Catalogue, Row
from toritsugi.definition.model import DataField, Procedure
from toritsugi.definition.row_field import RowField
from toritsugi.definition.types import Title


@dataclass(frozen=True, slots=True, kw_only=True)
class Misnumbered:
    """Why a number does not do."""

    #: the field that holds it.
    field: DataField
    text: Title


def rows_of(procedure: Procedure, inputs: Iterable[str], *, opening: bool = False) -> Mapping[str, RowField]:
    """field -> what makes it the number of a row: those that come with an act, or all of them with the opening."""
    fields = procedure.data
    return {
        id_: row for id_ in (fields if opening else inputs) if id_ in fields and (row := fields[id_].row) is not None
    }


def misnumbered(
    procedure: Procedure,
    rows: Mapping[str, RowField],
    given: Mapping[str, Any],
    catalogues: Sequence[Catalogue],
    on: date,
) -> Iterator[Misnumbered]:
    """What is wrong with the numbers: no such catalogue, no such row, one that another procedure carries, or none that fits."""
    for id_, row in rows.items():
        number = row.number or given.get(id_)
        text = _wrong(procedure, row, number, catalogues, on) if isinstance(number, str) else None
        if text is not None:
            yield Misnumbered(field=procedure.data[id_], text=text)


def filled(
    rows: Mapping[str, RowField], given: Mapping[str, Any], catalogues: Sequence[Catalogue], on: date
) -> Mapping[str, Any]:
    """field -> what the catalogue says of it on that day, None where it says nothing; the numbers themselves among them."""
    values: dict[str, Any] = {}
    for id_, row in rows.items():
        number = row.number or given.get(id_)
        found = _row(row, number, catalogues) if isinstance(number, str) else None
        if found is not None:
            said = row_values(*found, on)
            values[id_] = number
            values.update({target: said[part] for target, part in row.fills.items()})
    return values


def _row(field: RowField, number: str, catalogues: Sequence[Catalogue]) -> tuple[Catalogue, Row] | None:
    catalogue = next((one for one in catalogues if one.id == field.catalogue), None)
    row = None if catalogue is None else catalogue.rows.get(number)
    return None if catalogue is None or row is None else (catalogue, row)


def _wrong(
    procedure: Procedure, field: RowField, number: str, catalogues: Sequence[Catalogue], on: date
) -> Title | None:
    if all(one.id != field.catalogue for one in catalogues):
        return Title(
            ja=f"支援策の一覧「{field.catalogue}」がありません。", en=f"there is no catalogue {field.catalogue} here."
        )
    found = _row(field, number, catalogues)
    if found is None:
        return Title(ja="この番号は一覧にありません。", en="the catalogue has no such number.")
    row = found[1]
    carrying = {row.procedure, *(one.procedure for one in row.onward)} - {None}
    if procedure.id not in carrying:
        return _elsewhere(row, sorted(filter(None, carrying)))
    said = row_values(*found, on)
    for target, part in field.fills.items():
        taken = procedure.data[target]
        problems = [] if said[part] is None else check_value(taken.type, said[part])
        if problems:
            ja = f"一覧の内容が「{taken.title.ja}」に入りません。{problems[0].ja}"
            return Title(ja=ja, en=f"'{taken.title.en}' does not take what the catalogue says; {problems[0].en}")
    return None


def _elsewhere(row: Row, carrying: Sequence[str]) -> Title:
    if not carrying:
        ja = f"{row.id} {row.title.ja}には、申込みの手続がありません。連絡先に直接お問い合わせください。"
        return Title(ja=ja, en=f"{row.id} {row.title.en} has no procedure; ask its contacts.")
    listed = ", ".join(carrying)
    ja = f"{row.id} {row.title.ja}は、別の手続（{listed}）で扱います。"
    return Title(ja=ja, en=f"{row.id} {row.title.en} is carried by another procedure ({listed}).")


def row_values(catalogue: Catalogue, row: Row, on: date) -> Mapping[str, Any]:
    """What a row says, by the names of `definition/row_field.PARTS`; of several amounts the first, of several windows the
    one that holds the day, else the next, else the last.
    """
    window = stand(row, catalogue, on).window
    return {
        "title": row.title.ja,
        "institution": row.institutions[0] if row.institutions else None,
        "institutions": "、".join(catalogue.institutions[one].ja for one in row.institutions) or None,
        "fee": str(row.fee),
        "fee_note": _ja(row.fee_note),
        "price": row.prices[0].yen if row.prices else None,
        "rate_numerator": row.rate.numerator if row.rate else None,
        "rate_denominator": row.rate.denominator if row.rate else None,
        "ceiling": row.ceilings[0].yen if row.ceilings else None,
        "opens": window.opens.isoformat() if window and window.opens else None,
        "closes": window.closes.isoformat() if window and window.closes else None,
        "status": str(row.status),
        "screened": row.screened,
        "content": _ja(row.content),
        "limits": _ja(row.limits),
        "contacts": "、".join(one.address for one in row.contacts) or None,
        "source": f"{catalogue.title.ja} {catalogue.version} {row.id} {row.source}",
    }


def _ja(title: Title | None) -> str | None:
    return None if title is None else title.ja

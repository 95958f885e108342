"""A measure that a person names by its number: the procedure that carries it, and what a case of it is opened with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from toritsugi.definition.measure import Catalogue, Row, RowKind
from toritsugi.definition.model import Procedure
from toritsugi_adapters.cli import wording
from toritsugi_adapters.cli.account import Failure


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A row of a catalogue of measures that has a procedure."""

    catalogue: Catalogue
    row: Row
    #: the procedure that carries it.
    procedure: str

    def values(self, procedure: Procedure) -> dict[str, str]:
        """The field that takes its number, with the number; none where the procedure asks for no number."""
        start = procedure.opening
        taken = {name: procedure.data[name].row for name in (*start.needs, *start.may_give)}
        return {name: self.row.id for name, row in taken.items() if row and row.catalogue == self.catalogue.id}

    def parties(self, procedure: Procedure) -> dict[str, str]:
        """The one part that is left open beside who opens the case: the institution of the row, if it has one only."""
        left = [
            one.id for one in procedure.parties.values() if not one.institution and one.id not in procedure.opening.by
        ]
        return {left[0]: self.row.institutions[0]} if len(left) == 1 == len(self.row.institutions) else {}


def chosen_measure(number: str, catalogues: Sequence[Catalogue]) -> Measure:
    """The measure of this number, written as suggestions write it: `m18b`, or with its catalogue `overseas_support_2016/m18b`."""
    known, _, wanted = number.strip().rpartition("/")
    for catalogue in catalogues:
        if catalogue.kind is RowKind.MEASURES and known in ("", catalogue.id):
            row = next((one for one in catalogue.rows.values() if one.id.casefold() == wanted.casefold()), None)
            if row is not None:
                return _carried(catalogue, row)
    raise Failure(
        f"「{number[:40]}」という番号の支援策は一覧にありません。番号は toritsugi suggest で確かめられます。",
        f'No catalogue has a measure "{number[:40]}"; see toritsugi suggest.',
    )


def _carried(catalogue: Catalogue, row: Row) -> Measure:
    if row.procedure is None:
        where = wording.joined(one.address for one in row.contacts)
        raise Failure(
            f"{row.id} {row.title.ja}には、ここで行う手続がありません。{f'連絡先：{where}' if where else ''}",
            f"{row.id} {row.title.en} has no procedure here. {f'Contact: {where}' if where else ''}".strip(),
        )
    return Measure(catalogue=catalogue, row=row, procedure=row.procedure)

"""A field that holds the number of a row of a catalogue: which catalogue, and which fields of the case the row fills."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from toritsugi.definition.block import Block
from toritsugi.definition.faults import near
from toritsugi.definition.measure import Fee, RowStatus
from toritsugi.definition.types import DATE, INSTITUTION, INTEGER, TEXT, YEN, YES_NO, Kind, Title, Type

ROW_KEYS = ("row_of", "row", "fills")


def _choice(*ids: str) -> Type:
    return Type(kind=Kind.CHOICE, options={id_: Title(ja=id_, en=id_) for id_ in ids})


#: What a row says, by the name that `fills` has for it, and what kind of value it is.
PARTS: Mapping[str, Type] = {
    "title": TEXT,
    "institution": INSTITUTION,
    "institutions": TEXT,
    "fee": _choice(*Fee),
    "fee_note": TEXT,
    "price": YEN,
    "rate_numerator": INTEGER,
    "rate_denominator": INTEGER,
    "ceiling": YEN,
    "opens": DATE,
    "closes": DATE,
    "status": _choice(*RowStatus),
    "screened": YES_NO,
    "content": TEXT,
    "limits": TEXT,
    "contacts": TEXT,
    "source": TEXT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RowField:
    """What makes a field the number of a row."""

    #: id of the catalogue.
    catalogue: str
    #: the number itself, if it is the same in every case; None: given with an act.
    number: str | None = None
    #: field of the case -> what of the row it takes.
    fills: Mapping[str, str]


def read_row_field(block: Block, type_: Type, *, personal: bool) -> RowField | None:
    """What `row_of`, `row` and `fills` say of a field; None if it is no number of a row."""
    catalogue = block.text("row_of")
    if catalogue is None:
        for key in ("row", "fills"):
            if key in block:
                ja, en = f"「{key}」は「row_of」と組で書いてください。", f"`{key}` goes with `row_of`."
                block.fault("ROW_OF_MISSING", ja, en, key)
        return None
    if type_.kind is not Kind.TEXT or personal:
        ja = "「row_of」は、個人情報でない文字の項目（type: text）にだけ書けます。"
        block.fault("ROW_NOT_TEXT", ja, "only a text that is not personal can be `row_of`.", "row_of")
    fills = block.pairs("fills")
    for field, part in fills.items():
        if part and part not in PARTS:
            group, (ja, en) = block.block("fills", None), _no_part(part)
            if group is not None:
                group.fault_in("UNKNOWN_ROW_PART", ja, en, field, near(part, PARTS), allowed=tuple(PARTS))
    known = {field: part for field, part in fills.items() if part in PARTS}
    return RowField(catalogue=catalogue, number=block.text("row"), fills=known)


def _no_part(part: str) -> tuple[str, str]:
    return f"一覧の行に「{part[:60]}」はありません。", f"a row has no '{part[:60]}'."

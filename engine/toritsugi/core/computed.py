"""Values that effects compute: which need a look before they are kept, known when a procedure is compiled; and the look."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from toritsugi.core.datavalues import check_value
from toritsugi.definition.expression import Count, Expression, Literal, Ref, Sum, Total
from toritsugi.definition.model import DataField
from toritsugi.definition.types import LONGEST_LIST, Kind, Type
from toritsugi.errors import NotPossible

#: kinds whose values have no bounds of their own, so that one is as good as another.
_BOUNDLESS = frozenset({Kind.DATE, Kind.MOMENT, Kind.YES_NO, Kind.CORPORATE_NUMBER})


def sure(expression: Expression, wanted: Type, fields: Collection[str]) -> bool:
    """Whether every value of the expression is one that `wanted` takes, whatever the case holds.

    Args:
        fields: ids of the case's own fields. A linked case may stand on another version of its procedure than the one
            that the rule was read with, so what it says is never sure.
    """
    match expression:
        case Literal(value=value):
            return not check_value(wanted, value)
        case Ref(base=base, type=given):
            return (base in fields and within(given, wanted)) or ("." not in base and given.kind in _BOUNDLESS)
        case Count():
            return (wanted.minimum or 0) <= 0 and (wanted.maximum is None or wanted.maximum >= LONGEST_LIST)
        case Sum() | Total():
            return wanted.kind is Kind.DATE  # a date beyond the calendar is not set
    return expression.type.kind in _BOUNDLESS  # a condition is yes or no


def within(given: Type, wanted: Type) -> bool:
    """Whether one type, of the same kind as the other, has no value that the other would refuse."""
    if given.kind is not wanted.kind:
        return False
    match wanted.kind:
        case Kind.TEXT:
            return given.longest <= wanted.longest
        case Kind.INTEGER | Kind.YEN:
            low = wanted.minimum is None or (given.minimum is not None and given.minimum >= wanted.minimum)
            return low and (wanted.maximum is None or (given.maximum is not None and given.maximum <= wanted.maximum))
        case Kind.CHOICE:
            return given.options.keys() <= wanted.options.keys()
        case Kind.LIST:
            items = given.item is not None and wanted.item is not None and within(given.item, wanted.item)
            return items and given.longest <= wanted.longest
        case Kind.RECORD:
            return given.fields.keys() <= wanted.fields.keys() and all(
                within(given.fields[name].type, part.type) and given.fields[name].required >= part.required
                if name in given.fields
                else not part.required
                for name, part in wanted.fields.items()
            )
    return True


def check_computed(field: DataField, value: Any, *, event: str, state: str, reads: frozenset[str]) -> None:
    """That a field takes the value that was computed for it; None clears it.

    Args:
        reads: names of the case that the refusal tells of, beside those that the value was computed of.
    Raises:
        NotPossible: BAD_INPUT, naming the field and what it would take; never the value.
    """
    found = [] if value is None else check_value(field.type, value)
    if not found:
        return
    reasons = [
        {
            "code": "BAD_INPUT",
            "ja": f"{field.title.ja}：この操作で計算された値は入りません。{problem.ja}",
            "en": f"{field.title.en}: it does not take the value computed here; {problem.en}",
        }
        for problem in found
    ]
    raise NotPossible("BAD_INPUT", event=event, state=state, reasons=reasons, reads=[reads] * len(reasons))

"""Other expressions than the one that is written: each differs from it in one place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any

from toritsugi.definition.duration import MAX_COUNT, Duration
from toritsugi.definition.faults import Span
from toritsugi.definition.terms import (
    And,
    Compare,
    Expression,
    Implies,
    IsSet,
    Literal,
    Not,
    OneOf,
    Or,
    Ref,
    Relation,
    Sum,
    Term,
)
from toritsugi.definition.types import Kind, Title, Type
from toritsugi.definition.wording import readable, unparse

_NOWHERE = Span(0, 0)
_SHIFTED = {
    Relation.EQUAL: Relation.DIFFERENT,
    Relation.DIFFERENT: Relation.EQUAL,
    Relation.LESS: Relation.AT_MOST,
    Relation.AT_MOST: Relation.LESS,
    Relation.MORE: Relation.AT_LEAST,
    Relation.AT_LEAST: Relation.MORE,
}
_DAY = 86_400_000_000


def written(expression: Expression) -> str:
    """It as a definition writes it."""
    return unparse(expression, "en")


def shown(expression: Expression, locale: str) -> str:
    """It as a person reads it."""
    return readable(expression, locale)


def negated(expression: Expression) -> Expression:
    """Its denial."""
    return Not(type=expression.type, span=expression.span, operand=expression)


def changed(expression: Expression) -> Iterator[Expression]:
    """Every expression that differs in one place: a relation, a constant, a part, a word such as `not` or `or`."""
    seen = {written(expression)}
    for other in _changed(expression):
        text = written(other)
        if text not in seen:
            seen.add(text)
            yield other


def _changed(expression: Expression) -> Iterator[Expression]:
    yield from _here(expression)
    for field in fields(expression):
        if field.name in ("type", "span") or (isinstance(expression, OneOf) and field.name == "values"):
            continue
        for value in _inside(getattr(expression, field.name)):
            yield replace(expression, **{field.name: value})


def _inside(value: Any) -> Iterator[Any]:
    """What stands in a field of an expression, changed in one place."""
    if isinstance(value, Expression):
        yield from _changed(value)
    elif isinstance(value, Duration):
        yield from (replace(value, count=n) for n in (value.count - 1, value.count + 1) if 1 <= n <= MAX_COUNT)
    elif isinstance(value, tuple):
        for place, one in enumerate(value):
            yield from ((*value[:place], other, *value[place + 1 :]) for other in _inside(one))
    elif is_dataclass(value) and not isinstance(value, type) and not isinstance(value, Type | Span):
        for field in fields(value):  # a term of a sum, a factor of a product
            for other in _inside(getattr(value, field.name)):
                yield replace(value, **{field.name: other})


def _here(expression: Expression) -> Iterator[Expression]:
    match expression:
        case And(parts=parts) | Or(parts=parts):
            yield from _with_fewer(expression, parts)
            swapped = Or if isinstance(expression, And) else And
            yield swapped(type=expression.type, span=expression.span, parts=parts)
        case Implies(premise=premise, conclusion=conclusion):
            yield conclusion
            yield And(type=expression.type, span=expression.span, parts=(premise, conclusion))
        case Compare(relation=relation):
            yield replace(expression, relation=_SHIFTED[relation])
        case OneOf():
            yield from _one_of(expression)
        case Literal():
            yield from _literals(expression)
        case IsSet(denied=denied):
            yield replace(expression, denied=not denied)
        case Ref():
            return
        case _:
            yield from _attributes(expression)


def _with_fewer(expression: And | Or, parts: tuple[Expression, ...]) -> Iterator[Expression]:
    for place in range(len(parts)):
        rest = (*parts[:place], *parts[place + 1 :])
        yield rest[0] if len(rest) == 1 else replace(expression, parts=rest)


def _one_of(expression: OneOf) -> Iterator[Expression]:
    values = expression.values
    if len(values) > 1:
        yield from (replace(expression, values=(*values[:n], *values[n + 1 :])) for n in range(len(values)))
    given = {value.value for value in values if isinstance(value, Literal)}
    for option in expression.operand.type.options or ():
        if option not in given:
            yield replace(expression, values=(*values, _option(expression.operand.type, option)))
    yield replace(expression, denied=not expression.denied)


def _option(type_: Type, option: str) -> Literal:
    return Literal(type=type_, span=_NOWHERE, value=option, title=(type_.options or {}).get(option))


def _literals(literal: Literal) -> Iterator[Literal]:
    """The constants next to one; a choice's other options."""
    value, type_ = literal.value, literal.type
    if type_.kind is Kind.YES_NO:
        yield replace(literal, value=not value)
    elif type_.kind is Kind.CHOICE:
        yield from (_option(type_, option) for option in list(type_.options or ())[:12] if option != value)
    elif type_.kind is Kind.DATE:
        day = dt.date.fromisoformat(str(value))
        yield from (replace(literal, value=(day + dt.timedelta(days=n)).isoformat()) for n in (-1, 1))
    elif type_.kind is Kind.MOMENT:
        yield from (replace(literal, value=int(value) + n) for n in (-_DAY, _DAY))
    elif type_.kind in (Kind.INTEGER, Kind.YEN):
        yield from (replace(literal, value=int(value) + n) for n in (-1, 1) if int(value) + n >= 0)


def _attributes(expression: Expression) -> Iterator[Expression]:
    """What a part says besides its operands: a yes or no, a number, one of several ways."""
    for field in fields(expression):
        other = _another(getattr(expression, field.name))
        if other is not None:
            given: dict[str, Any] = {field.name: other}
            yield replace(expression, **given)


def _another(value: object) -> object:
    """Another value of a plain attribute; None: it is none."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, Enum):
        ways = list(type(value))
        return ways[(ways.index(value) + 1) % len(ways)]
    return value + 1 if isinstance(value, int) else None


def other_value(expression: Expression) -> Expression | None:
    """Another value of the same type, as a slip might set it; None: there is none that could be told from it."""
    type_ = expression.type
    if isinstance(expression, Literal):
        return next(_literals(expression), None)
    if type_.kind in (Kind.INTEGER, Kind.YEN):
        return _plus_one(expression, Literal(type=type_, span=_NOWHERE, value=1))
    if type_.kind is Kind.DATE:
        return _plus_one(expression, Literal(type=Type(kind=Kind.INTEGER), span=_NOWHERE, value=1))
    if type_.kind is Kind.YES_NO:
        return Literal(type=type_, span=_NOWHERE, value=True)
    if type_.kind is Kind.MOMENT and isinstance(expression, Ref) and expression.base == "occurred_at":
        return replace(expression, base="recorded_at", title=Title(ja="記録日時", en="recorded at"), spoken=None)
    return None


def _plus_one(expression: Expression, one: Literal) -> Expression:
    terms = expression.terms if isinstance(expression, Sum) else (Term(sign=1, value=expression),)
    return Sum(type=expression.type, span=expression.span, terms=(*terms, Term(sign=1, value=one)))

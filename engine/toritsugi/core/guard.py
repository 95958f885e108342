"""Expressions compiled to closures over a flat environment.

The environment maps declared names to values ("loan_status", "frame.available", "occurred_on"); a record is a dict
under its own name, so `company.address` is looked up as env["company"]["address"]. Absent and None are "not set". The
meaning of missing values is set out in `toritsugi.definition.expression`; here it becomes two closures per condition,
one that it holds and one that its denial holds, so that nothing has to be asked twice.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from toritsugi.core import arithmetic
from toritsugi.definition.terms import (
    And,
    Compare,
    Count,
    Expression,
    Extreme,
    FirstOf,
    Implies,
    Includes,
    IsSet,
    LastDay,
    Literal,
    Moved,
    Not,
    OneOf,
    Or,
    Product,
    Ref,
    Relation,
    Rounded,
    Sum,
    Total,
    whole,
)
from toritsugi.definition.types import Kind

Environment = Mapping[str, Any]
Compiled = Callable[[Environment], Any]

_HOLDS: Mapping[Relation, Callable[[Any, Any], bool]] = {
    Relation.EQUAL: operator.eq,
    Relation.DIFFERENT: operator.ne,
    Relation.LESS: operator.lt,
    Relation.AT_MOST: operator.le,
    Relation.MORE: operator.gt,
    Relation.AT_LEAST: operator.ge,
}
_DENIED = {
    Relation.EQUAL: Relation.DIFFERENT,
    Relation.DIFFERENT: Relation.EQUAL,
    Relation.LESS: Relation.AT_LEAST,
    Relation.AT_LEAST: Relation.LESS,
    Relation.MORE: Relation.AT_MOST,
    Relation.AT_MOST: Relation.MORE,
}


def compile_expression(expression: Expression) -> Compiled:
    """A function from an environment to the expression's value.

    A condition gives True (it holds for certain) or False; a value gives its stored form, or None when it is not set.
    The function raises nothing for values of the declared types, keeps no state and may be shared by threads.
    """
    if isinstance(expression, Compare | IsSet | OneOf | Includes | Not | And | Or | Implies):
        return _condition(expression, affirmed=True)
    return _value(expression)


def holds(expression: Expression, env: Environment, *, affirmed: bool) -> bool:
    """Whether a condition, or its denial, holds for certain in `env`."""
    return bool(_condition(expression, affirmed=affirmed)(env))


def _condition(expression: Expression, *, affirmed: bool) -> Compiled:
    match expression:
        case Not(operand=operand):
            return _condition(operand, affirmed=not affirmed)
        case And(parts=parts):
            return _joined([_condition(part, affirmed=affirmed) for part in parts], all_of=affirmed)
        case Or(parts=parts):
            return _joined([_condition(part, affirmed=affirmed) for part in parts], all_of=not affirmed)
        case Implies(premise=premise, conclusion=conclusion):
            sides = [_condition(premise, affirmed=not affirmed), _condition(conclusion, affirmed=affirmed)]
            return _joined(sides, all_of=not affirmed)
        case Compare(relation=relation, left=left, right=right):
            return _compare(relation if affirmed else _DENIED[relation], left, right)
        case IsSet(operand=operand, denied=denied):
            return _is_set(operand, wanted=affirmed is not denied)
        case OneOf():
            return _one_of(expression, wanted=affirmed is not expression.denied)
        case Includes(list=whole, item=item):
            return _includes(whole, item, wanted=affirmed)
    answer = _value(expression)
    return lambda env: answer(env) is affirmed


def _joined(parts: list[Compiled], *, all_of: bool) -> Compiled:
    if len(parts) == 2:
        one, other = parts
        if all_of:
            return lambda env: one(env) and other(env)
        return lambda env: one(env) or other(env)
    every, answers = (all if all_of else any), tuple(parts)
    return lambda env: every(answer(env) for answer in answers)


def _compare(relation: Relation, left: Expression, right: Expression) -> Compiled:
    holds = _HOLDS[relation]
    if isinstance(left, Ref) and not left.path and isinstance(right, Literal):
        return _compare_with_literal(relation, left.base, right.value)
    if not (whole(left) and whole(right)):
        return _compare_exactly(relation, left, right)
    one, other = _value(left), _value(right)

    def compare(env: Environment) -> bool:
        here, there = one(env), other(env)
        return here is not None and there is not None and holds(here, there)

    return compare


def _compare_exactly(relation: Relation, left: Expression, right: Expression) -> Compiled:
    """Two numbers that need not be whole, each taken times what divides the other."""
    holds, one, other = _HOLDS[relation], arithmetic.ratio(left, _value), arithmetic.ratio(right, _value)

    def compare(env: Environment) -> bool:
        here, there = one(env), other(env)
        return here is not None and there is not None and holds(here[0] * there[1], there[0] * here[1])

    return compare


def _compare_with_literal(relation: Relation, name: str, value: object) -> Compiled:
    """The commonest rule, without a call per side."""
    if relation is Relation.EQUAL:  # a literal is never None
        return lambda env: env.get(name) == value
    if relation is Relation.DIFFERENT:
        return lambda env: (here := env.get(name)) is not None and here != value
    holds = _HOLDS[relation]
    return lambda env: (here := env.get(name)) is not None and holds(here, value)


def _is_set(operand: Ref, *, wanted: bool) -> Compiled:
    name, answer = operand.base, _value(operand)
    if operand.type.kind is Kind.LIST:
        return lambda env: bool(answer(env)) is wanted
    if operand.path:
        return lambda env: (answer(env) is not None) is wanted
    if wanted:
        return lambda env: env.get(name) is not None
    return lambda env: env.get(name) is None


def _one_of(expression: OneOf, *, wanted: bool) -> Compiled:
    answer = _value(expression.operand)
    if all(isinstance(value, Literal) for value in expression.values):
        among = frozenset(value.value for value in expression.values if isinstance(value, Literal))
        return lambda env: (here := answer(env)) is not None and (here in among) is wanted
    values = tuple(_value(value) for value in expression.values)

    def one_of(env: Environment) -> bool:
        here, among = answer(env), [value(env) for value in values]
        if here is None or (not wanted and None in among):
            return False
        return (here in among) is wanted

    return one_of


def _includes(whole: Ref, item: Expression, *, wanted: bool) -> Compiled:
    entries, entry = _value(whole), _value(item)

    def includes(env: Environment) -> bool:
        sought = entry(env)
        return sought is not None and (sought in (entries(env) or ())) is wanted

    return includes


def _value(expression: Expression) -> Compiled:
    match expression:
        case Literal(value=value):
            return lambda env: value
        case Ref(base=base, path=path):
            return _inside(base, path) if path else lambda env: env.get(base)
        case Sum():
            return _date_sum(expression) if expression.type.kind is Kind.DATE else _sum(expression)
        case Product():
            return arithmetic.number(expression, _value)
        case Rounded():
            return arithmetic.rounded(expression, _value)
        case Extreme():
            return (arithmetic.first_or_last if arithmetic.is_date(expression) else arithmetic.number)(
                expression, _value
            )
        case Moved():
            return arithmetic.moved(expression, _value)
        case FirstOf():
            return arithmetic.first_of(expression, _value)
        case LastDay():
            return arithmetic.last_day(expression, _value)
        case Count(list=whole):
            entries = _value(whole)
            return lambda env: len(entries(env) or ())
        case Total(list=whole, field=field):
            return _total(whole, field)
    return _condition(expression, affirmed=True)


def _inside(base: str, path: tuple[str, ...]) -> Compiled:
    def inside(env: Environment) -> Any:
        here = env.get(base)
        for part in path:
            if here is None:
                return None
            here = here.get(part)
        return here

    return inside


def _sum(expression: Sum) -> Compiled:
    terms = tuple((term.sign, _value(term.value)) for term in expression.terms)

    def total(env: Environment) -> int | None:
        result = 0
        for sign, term in terms:
            here = term(env)
            if here is None:
                return None
            result += sign * here
        return result

    return total


def _date_sum(expression: Sum) -> Compiled:
    """A date moved by calendar days; not set when it leaves the calendar."""
    start = _value(expression.terms[0].value)
    days = tuple((term.sign, _value(term.value)) for term in expression.terms[1:])

    def moved(env: Environment) -> str | None:
        day, shifts = start(env), [(sign, shift(env)) for sign, shift in days]
        if day is None or any(shift is None for _, shift in shifts):
            return None
        try:
            return (date.fromisoformat(day) + timedelta(days=sum(sign * shift for sign, shift in shifts))).isoformat()
        except OverflowError:
            return None

    return moved


def _total(whole: Ref, field: str | None) -> Compiled:
    entries = _value(whole)
    if field is None:
        return lambda env: sum(entries(env) or ())
    return lambda env: sum(entry.get(field) or 0 for entry in entries(env) or ())

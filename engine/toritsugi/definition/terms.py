"""The typed tree of an expression: closed, frozen, compared without the places in the text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from toritsugi.definition.duration import Duration
from toritsugi.definition.faults import Span
from toritsugi.definition.recurring import Series
from toritsugi.definition.types import Title, Type


class Relation(StrEnum):
    """How two values are compared."""

    EQUAL = "="
    DIFFERENT = "!="
    LESS = "<"
    AT_MOST = "<="
    MORE = ">"
    AT_LEAST = ">="


class Rounding(StrEnum):
    """How a number that is not whole is made whole; always by its size, whatever its sign."""

    UP = "up"
    DOWN = "down"
    HALF_UP = "half_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """Any part of an expression."""

    #: the type of its value; yes_no for a condition.
    type: Type
    #: where it stands in the text it was read from.
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Literal(Expression):
    """A value written in the rule, in its stored form (a date as ISO text, a choice as its id)."""

    value: str | int | bool
    #: a choice only: the Japanese words that a rule may use for it without doubt.
    spoken: str | None = None
    #: a choice only: what a person calls it.
    title: Title | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ref(Expression):
    """A declared name, or a field inside a record of that name."""

    #: the declared name: the key in the environment ("loan_status", "frame.available").
    base: str
    #: fields inside the record that `base` names; empty for the name itself.
    path: tuple[str, ...] = ()
    #: what a person calls it.
    title: Title
    #: the Japanese words that a rule may use for it without doubt; None: only the id is without doubt.
    spoken: str | None

    @property
    def name(self) -> str:
        """The full dotted name."""
        return ".".join((self.base, *self.path))


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One part of a sum."""

    #: 1 or -1.
    sign: int
    value: Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum(Expression):
    """Numbers added and subtracted, or a date moved by days; the first term is positive."""

    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Percent(Expression):
    """So many hundredths, written in the rule; a number that need not be whole."""

    value: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """One part of a product."""

    #: True: what stands before is divided by it.
    divides: bool
    value: Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class Product(Expression):
    """Numbers multiplied and divided, exactly: a third stays a third until something rounds it."""

    factors: tuple[Factor, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rounded(Expression):
    """A number made a multiple of a whole unit."""

    mode: Rounding
    #: 1, or the amount below which nothing is left (1,000: whole thousands).
    unit: int
    value: Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class Extreme(Expression):
    """The smaller or the larger of two numbers, the earlier or the later of two dates or moments."""

    largest: bool
    one: Expression
    other: Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved(Expression):
    """A date moved by business days of a calendar, or by months or years to the day with the same number."""

    base: Expression
    by: Duration
    #: business days: id of the institution whose days are counted.
    calendar: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LastDay(Expression):
    """The last day of a term whose first day is `base`: of 3 months from 1 April, 30 June (CAL-8)."""

    base: Expression
    term: Duration


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstOf(Expression):
    """The first day of a series on or after a date."""

    series: Series
    #: True: after the date, not on it.
    after: bool
    base: Expression
    #: the Japanese words that a rule may use for the series without doubt.
    spoken: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Count(Expression):
    """How many entries a list has."""

    list: Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class Total(Expression):
    """The sum over a list of numbers, or over one field of a list of records."""

    list: Ref
    #: the records' field that is added up; None: the entries themselves.
    field: str | None
    #: the Japanese words for list and field, as `Ref.spoken`.
    spoken: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Compare(Expression):
    """Two values of one type compared."""

    relation: Relation
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class IsSet(Expression):
    """Whether a name has a value."""

    operand: Ref
    #: True: "is not set".
    denied: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OneOf(Expression):
    """Whether a value is one of those written."""

    operand: Expression
    values: tuple[Expression, ...]
    #: True: "not in".
    denied: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Includes(Expression):
    """Whether a list has an entry."""

    list: Ref
    item: Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class Not(Expression):
    """The denial of a condition."""

    operand: Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class And(Expression):
    """All of two or more conditions."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Or(Expression):
    """At least one of two or more conditions."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Implies(Expression):
    """If the premise, then the conclusion."""

    premise: Expression
    conclusion: Expression


def children(expression: Expression) -> tuple[Expression, ...]:
    """The direct parts of an expression, in the order of the text."""
    match expression:
        case Sum(terms=terms):
            return tuple(term.value for term in terms)
        case Product(factors=factors):
            return tuple(factor.value for factor in factors)
        case Rounded(value=part) | Moved(base=part) | LastDay(base=part) | FirstOf(base=part):
            return (part,)
        case Count(list=part) | Total(list=part) | IsSet(operand=part) | Not(operand=part):
            return (part,)
        case Extreme(one=one, other=other):
            return (one, other)
        case Compare(left=one, right=other) | Includes(list=one, item=other):
            return (one, other)
        case Implies(premise=one, conclusion=other):
            return (one, other)
        case OneOf(operand=operand, values=values):
            return (operand, *values)
        case And(parts=parts) | Or(parts=parts):
            return parts
    return ()


def walk(expression: Expression) -> Iterator[Expression]:
    """The expression and everything in it, outermost first."""
    yield expression
    for child in children(expression):
        yield from walk(child)


def whole(expression: Expression) -> bool:
    """Whether the value of a number is whole for certain, so that it can be kept."""
    match expression:
        case Percent():
            return False
        case Product(factors=factors):
            return all(not factor.divides and whole(factor.value) for factor in factors)
        case Sum() | Extreme():
            return all(whole(part) for part in children(expression))
    return True

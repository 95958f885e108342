"""The types of arithmetic: what may be multiplied, divided, rounded and compared for size, and how dates are moved.

Yen times a number is yen, yen by yen is a number; nothing else has a meaning in an office. A divisor is a number that
is not 0, or a field that cannot be 0, so that no rule ever divides by nothing.
"""

from __future__ import annotations

from typing import NoReturn, Protocol

from toritsugi.definition.duration import MAX_COUNT, Direction, Duration, Unit
from toritsugi.definition.faults import BadExpression, Span
from toritsugi.definition.recurring import Series
from toritsugi.definition.syntax_values import Node
from toritsugi.definition.terms import (
    Expression,
    Extreme,
    Factor,
    FirstOf,
    LastDay,
    Literal,
    Moved,
    Percent,
    Product,
    Ref,
    Rounded,
    Rounding,
    Sum,
    Term,
    whole,
)
from toritsugi.definition.types import DATE, INTEGER, YEN, Kind, Type, describe, same_type

#: Lengths of time that are more than a number of days.
LONG = frozenset({"business_days", "months", "years"})
_NUMBERS = (Kind.INTEGER, Kind.YEN)


class Checker(Protocol):
    """What types the parts."""

    def value(self, node: Node, expect: Type | None) -> Expression:
        """The typed form of any node."""

    def hint(self, node: Node) -> Type | None:
        """The type a node has by nature."""

    def series(self, word: str, span: Span) -> tuple[Series, str | None]:
        """The series that a word names, and the Japanese words that name it without doubt."""


def hint_of_product(checker: Checker, node: Node) -> Type | None:
    """Yen when one factor more is yen than divides; a number otherwise."""
    power = 0
    for sign, part in zip(str(node.value), node.parts, strict=True):
        hint = checker.hint(part)
        if hint is not None and hint.kind is Kind.YEN:
            power += 1 if sign == "*" else -1
    return YEN if power == 1 else INTEGER


def product(checker: Checker, node: Node) -> Product:
    """Numbers multiplied and divided."""
    factors: list[Factor] = []
    power = 0
    for sign, part in zip(str(node.value), node.parts, strict=True):
        factor = Factor(divides=sign == "/", value=checker.value(part, None))
        _number(factor.value)
        if factor.divides:
            _divisor(factor.value)
        if factor.value.type.kind is Kind.YEN:
            power += -1 if factor.divides else 1
        factors.append(factor)
    if power not in (0, 1):
        ja, en = (
            "金額どうしの掛け算と、金額で割る計算はできません。",
            "yen cannot be multiplied by yen, or divide a number.",
        )
        raise BadExpression("NOT_A_NUMBER", ja, en, node.span)
    return Product(type=YEN if power else INTEGER, span=node.span, factors=tuple(factors))


def _number(found: Expression) -> None:
    if found.type.kind not in _NUMBERS:
        ja = f"{describe(found.type, 'ja')}は掛け算・割り算・端数処理ができません。"
        en = f"this cannot be multiplied, divided or rounded: {describe(found.type, 'en')}."
        raise BadExpression("NOT_A_NUMBER", ja, en, found.span)


def _divisor(found: Expression) -> None:
    """A number that is never 0."""
    if isinstance(found, Literal | Percent) and found.value != 0:
        return
    if isinstance(found, Ref) and found.type.minimum is not None and found.type.minimum > 0:
        return
    ja = "0で割ることになり得ます。割る数は、0でない数か、minimum が1以上の項目にしてください。"
    en = "this could divide by 0; divide by a number, or by a field whose `minimum` is 1 or more."
    raise BadExpression("DIVISION_BY_ZERO", ja, en, found.span, ("minimum: 1",))


def rounded(checker: Checker, node: Node, expect: Type | None) -> Rounded:
    """A number rounded to a unit; to yen only what is yen."""
    found = checker.value(node.parts[0], expect)
    _number(found)
    if node.form == "rounding_yen" and found.type.kind is not Kind.YEN:
        ja, en = "円単位の端数処理は金額だけにできます。", "only an amount in yen is rounded to yen."
        raise BadExpression("WRONG_TYPE", ja, en, node.span)
    plain = YEN if found.type.kind is Kind.YEN else INTEGER
    return Rounded(type=plain, span=node.span, mode=Rounding(node.text), unit=int(node.value), value=found)


def extreme(checker: Checker, node: Node, expect: Type | None) -> Extreme:
    """The smaller or larger of two values of one ordered type."""
    one, other = node.parts
    # what a bare number stands beside says what it is; between two of them, the place where the result goes
    left = checker.value(one, checker.hint(other) or checker.hint(one) or expect)
    right = checker.value(other, checker.hint(one) or checker.hint(other) or expect)
    if not left.type.ordered:
        ja = f"{describe(left.type, 'ja')}に大小や前後はありません。"
        en = f"this type has no order: {describe(left.type, 'en')}."
        raise BadExpression("NOT_ORDERED", ja, en, left.span)
    if not same_type(left.type, right.type):
        ja = f"型が合いません。{describe(left.type, 'ja')}が必要ですが、これは{describe(right.type, 'ja')}です。"
        en = f"the types do not fit: needed is {describe(left.type, 'en')}, this is {describe(right.type, 'en')}."
        raise BadExpression("WRONG_TYPE", ja, en, right.span)
    plain = {Kind.DATE: DATE, Kind.YEN: YEN, Kind.INTEGER: INTEGER}.get(left.type.kind, left.type)
    return Extreme(type=plain, span=node.span, largest=node.value == "larger", one=left, other=right)


def moved(checker: Checker, node: Node) -> Expression:
    """A date moved step by step: runs of days as one sum, anything longer as a move of its own."""
    found, run = checker.value(node.parts[0], DATE), list[Term]()
    _date(found)
    for sign, part in zip(str(node.value)[1:], node.parts[1:], strict=True):
        if part.form not in LONG:
            run.append(Term(sign=1 if sign == "+" else -1, value=_days(checker, part)))
            continue
        found, run = _with_days(found, run, node), []
        direction = Direction.after if sign == "+" else Direction.before
        span = Span(node.span.start, max(found.span.end, part.span.end))
        calendar = _calendar(part) if part.form == "business_days" else None
        found = Moved(type=DATE, span=span, base=found, by=_length(part, direction), calendar=calendar)
    return _with_days(found, run, node)


def _with_days(base: Expression, run: list[Term], node: Node) -> Expression:
    return Sum(type=DATE, span=node.span, terms=(Term(sign=1, value=base), *run)) if run else base


def _days(checker: Checker, part: Node) -> Expression:
    found = checker.value(part, INTEGER)
    if found.type.kind is not Kind.INTEGER:
        ja, en = "日付には日数だけを足し引きできます。", "only days can be added to a date."
        raise BadExpression("WRONG_TYPE", ja, en, found.span)
    needs_whole(found)
    return found


def last_day(checker: Checker, node: Node) -> LastDay:
    """The last day of a term in days, months or years that begins on a date."""
    found, length = checker.value(node.parts[0], DATE), node.parts[1]
    _date(found)
    if length.form == "business_days":
        ja, en = "営業日の期間に最終日の書き方は使えません。", "a term is counted in days, months or years."
        raise BadExpression("WRONG_TYPE", ja, en, length.span)
    return LastDay(type=DATE, span=node.span, base=found, term=_length(length, Direction.after))


def first_of(checker: Checker, node: Node) -> FirstOf:
    """The first day of a series on or after a date."""
    base = checker.value(node.parts[0], DATE)
    _date(base)
    series, spoken = checker.series(node.text, node.span)
    return FirstOf(type=DATE, span=node.span, series=series, after=node.value == "after", base=base, spoken=spoken)


def _date(found: Expression) -> None:
    if found.type.kind is not Kind.DATE:
        ja, en = "日付が必要です。", f"a date is needed, this is: {describe(found.type, 'en')}."
        raise BadExpression("WRONG_TYPE", ja, en, found.span)


def _length(part: Node, direction: Direction) -> Duration:
    unit = {"business_days": Unit.business_days, "months": Unit.months, "years": Unit.years}
    if not 1 <= int(part.value) <= MAX_COUNT:
        ja, en = f"期間の数は1から{MAX_COUNT}までです。", f"a length of time is 1 to {MAX_COUNT}."
        raise BadExpression("BAD_NUMBER", ja, en, part.span)
    return Duration(count=int(part.value), unit=unit.get(part.form, Unit.calendar_days), direction=direction)


def _calendar(part: Node) -> str:
    if not part.text:
        ja = "どの機関の営業日かを書いてください。例：4営業日前（jetro_tokyo）"
        en = "say whose business days: `4 business days (jetro_tokyo)`."
        raise BadExpression("CALENDAR_NEEDED", ja, en, part.span)
    return part.text


def not_addable(node: Node) -> NoReturn:
    """A length of time where there is no date to move."""
    ja, en = "期間は日付に足し引きするときだけ書けます。", "a length of time can only be added to a date."
    raise BadExpression("WRONG_TYPE", ja, en, node.span)


def needs_whole(found: Expression) -> None:
    """Refuse a number that need not be whole where only whole ones are kept.

    Raises:
        BadExpression: NOT_WHOLE.
    """
    if not whole(found):
        ja = "端数が出ることがあります。切り捨て・切り上げ・四捨五入のどれかを書いてください。"
        en = "this need not be a whole number: say `rounded down`, `rounded up` or `rounded half up`."
        raise BadExpression("NOT_WHOLE", ja, en, found.span, ("rounded down", "切り捨て"))

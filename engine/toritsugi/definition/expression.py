"""The guard language: a closed, typed mini-language for rules and for the values that effects set.

Theory. A rule holds only if it holds *for certain*.

1. A name without a value (absent or None) is "not set". Any comparison or bare yes/no that reads one is neither so nor
   not so: it does not hold, and its denial does not hold either. `x != a` and `not (x = a)` therefore both need x to be
   set, and `not consent` needs an answered "no". `x in [a, b]` is `x = a or x = b`.
2. `and`, `or`, `not`, `implies` keep that: `not` is carried inwards (De Morgan; `a implies b` is `not a or b`), so a
   rule is true exactly where Kleene's strong three-valued logic calls it true. `loan_status = planned implies
   introduced_on is set` with no loan status holds only if introduced_on is set. A guard fails closed; a condition
   that makes the engine act waits until it is certain. The answer itself is two-valued.
3. `is set` and `is not set` always answer, and are the way to ask for or to allow a missing value:
   `discount is not set or discount < 10`.
4. A list that was never written is the empty list: `is set` means "has an entry", `count of` gives 0, `sum of` gives 0,
   `includes` answers "no". An entry without the summed field adds nothing.
5. A sum with an operand that is not set is not set; so is a date moved out of the years 1 to 9999.

Two spellings of one language may be mixed: names by id or Japanese title, choices by id or Japanese title, and

    and かつ | or または 又は | not X, X でない | X implies Y, X ならば Y | = != < <= > >= (also ≠ ≤ ≥)
    X is set, X が入力済み | X is not set, X が未入力 | X in [a, b], X が [a、b] のいずれか
    X not in [a, b], X が [a、b] のいずれでもない | L includes X, L が X を含む | count of L, L の件数
    sum of L.field, L の field の合計 | X が Y である / でない / 以上 / 以下 / 未満 / を超える / 以前 / 以降 / より前 / より後
    1,000,000円, ¥1000000, 100万円, 1000000 yen | 2026-04-01, 令和8年4月1日 | 28 days, 28日, 6 weeks, 6週間 | yes はい

    a * b, a × b | a / b, a ÷ b | 2/3 of X, X の 2/3, X の3分の2 | 10% of X, X の 10%
    X rounded down / up / half up [to 1,000 yen] | X を切り捨て / 切り上げ / 四捨五入, X を1,000円未満切り捨て
    smaller of a and b, a と b の小さい方 | larger of a and b, a と b の大きい方 | earlier of, later of, の早い方, の遅い方
    4 business days before D (jetro), D - 4 business days (jetro), D の4営業日前（jetro）
    first meeting_day on or after D, D 以後の最初の会議の日 | first meeting_day after D, D より後の最初の会議の日
    D + 3 months, 3 months after D, D の3か月後 | last day of 3 months from D, D から3か月間の最終日

Inside [ ] numbers carry no separators. A word beside a choice is one of its options before it is a name. Ordered are
integers, yen, dates and moments; a date plus or minus an integer is a date (calendar days).

6. Arithmetic is exact: a third stays a third, and may be compared, but only a rounded number can be kept. Rounding goes
   by size, away from 0 (up), towards 0 (down) or to the nearer (half up: a half goes up). Division by a value that could
   be 0 is refused when the rule is read.
7. Business days are counted as deadlines count them (CAL-4 to CAL-6), by the calendar of the institution named in
   brackets. Months and years lead to the day with the same number, or to the last day of the month where there is none;
   the last day of a term of months is the one before that (CAL-8).
"""

from __future__ import annotations

from collections.abc import Mapping

from toritsugi.definition.faults import BadExpression, Span
from toritsugi.definition.syntax import tree
from toritsugi.definition.terms import (
    And,
    Compare,
    Count,
    Expression,
    Extreme,
    Factor,
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
    Percent,
    Product,
    Ref,
    Relation,
    Rounded,
    Rounding,
    Sum,
    Term,
    Total,
    children,
    walk,
)
from toritsugi.definition.tokens import RESERVED, tokens
from toritsugi.definition.typecheck import typed
from toritsugi.definition.types import YES_NO, Type
from toritsugi.definition.vocabulary import Name, NameKind, Vocabulary
from toritsugi.definition.wording import readable, unparse

#: Longest text of one expression, in characters.
LONGEST_EXPRESSION = 2_000

__all__ = [
    "LONGEST_EXPRESSION",
    "RESERVED",
    "And",
    "BadExpression",
    "Compare",
    "Count",
    "Expression",
    "Extreme",
    "Factor",
    "FirstOf",
    "Implies",
    "Includes",
    "IsSet",
    "LastDay",
    "Literal",
    "Moved",
    "Name",
    "NameKind",
    "Not",
    "OneOf",
    "Or",
    "Percent",
    "Product",
    "Ref",
    "Relation",
    "Rounded",
    "Rounding",
    "Span",
    "Sum",
    "Term",
    "Total",
    "Vocabulary",
    "calendars_read",
    "children",
    "names_read",
    "parse",
    "readable",
    "series_read",
    "unparse",
    "walk",
]


def parse(text: str, scope: Mapping[str, Name] | Vocabulary, expect: Type = YES_NO) -> Expression:
    """The typed expression that `text` says.

    Args:
        scope: the names it may read. For many expressions over one scope, make the `Vocabulary` once.
        expect: the type its value must have; yes_no for a guard.
    Raises:
        BadExpression: with code, span, Japanese and English message, and suggestions.
    """
    if len(text) > LONGEST_EXPRESSION:
        ja, en = (
            f"式は {LONGEST_EXPRESSION:,} 文字までです。",
            f"an expression has at most {LONGEST_EXPRESSION:,} characters.",
        )
        raise BadExpression("TOO_LONG", ja, en, Span(LONGEST_EXPRESSION, len(text)))
    vocabulary = scope if isinstance(scope, Vocabulary) else Vocabulary(scope)
    vocabulary = vocabulary.with_options_of(expect)
    return typed(tree(tokens(text, vocabulary)), vocabulary, expect)


def names_read(expression: Expression) -> frozenset[str]:
    """The declared names that an expression reads, dots included ("frame.available"): its keys in the environment.

    A field inside a record counts as the record ("company.address" reads "company").
    """
    return frozenset(part.base for part in walk(expression) if isinstance(part, Ref))


def calendars_read(expression: Expression) -> frozenset[str]:
    """The institutions whose business days an expression counts, or whose series it asks for."""
    found = (
        part.series.calendar if isinstance(part, FirstOf) else part.calendar
        for part in walk(expression)
        if isinstance(part, Moved | FirstOf)
    )
    return frozenset(calendar for calendar in found if calendar)


def series_read(expression: Expression) -> frozenset[str]:
    """The series that an expression asks for."""
    return frozenset(part.series.id for part in walk(expression) if isinstance(part, FirstOf))

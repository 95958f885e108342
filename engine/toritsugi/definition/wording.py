"""An expression back as text: to be read by the parser again, or by a person."""

from __future__ import annotations

import re

from toritsugi.definition import literals
from toritsugi.definition.duration import Direction, Unit
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
    Percent,
    Product,
    Ref,
    Rounded,
    Rounding,
    Sum,
    Total,
)
from toritsugi.definition.tokens import RESERVED
from toritsugi.definition.types import Kind

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
#: How loosely each form binds; what is looser than its place allows goes into brackets.
_LOOSENESS: dict[type[Expression], int] = {
    Implies: 6,
    Or: 5,
    And: 4,
    Not: 3,
    Compare: 2,
    IsSet: 2,
    OneOf: 2,
    Includes: 2,
    Extreme: 1,
    Rounded: 0,
    Sum: -1,
    Moved: -1,
    Product: -2,
}
_TIGHTEST = -3
_ROUNDED_JA = {Rounding.UP: "切り上げ", Rounding.DOWN: "切り捨て", Rounding.HALF_UP: "四捨五入"}


def unparse(expression: Expression, locale: str) -> str:
    """Text that `parse` reads back to the same expression: ids and English words, or (ja) titles and Japanese words.

    A title that could be misread gives way to its id.
    """
    return _Writer(locale, readable=False).text(expression, 6)


def readable(expression: Expression, locale: str) -> str:
    """Text for a person: as `unparse`, but always with titles, even where the parser could not read them back."""
    return _Writer(locale, readable=True).text(expression, 6)


class _Writer:
    def __init__(self, locale: str, *, readable: bool) -> None:
        self.ja = locale == "ja"
        self.locale = locale
        self.readable = readable

    def text(self, expression: Expression, loosest: int, in_list: bool = False) -> str:
        written = self._written(expression, in_list)
        looseness = _LOOSENESS.get(type(expression), _TIGHTEST)
        return f"({written})" if looseness > loosest else written

    def _written(self, expression: Expression, in_list: bool) -> str:
        match expression:
            case Literal():
                return self._literal(expression, in_list)
            case Ref():
                return self._ref(expression)
            case Sum():
                return self._sum(expression, in_list)
            case Percent(value=value):
                return f"{value}%"
            case Product():
                return self._product(expression, in_list)
            case Rounded():
                return self._rounded(expression, in_list)
            case Extreme():
                return self._extreme(expression, in_list)
            case Moved():
                return self._moved(expression)
            case LastDay(base=base, term=term):
                day, length = self.text(base, _TIGHTEST), _length(term.count, term.unit, self.ja)
                return f"{day} から{length}の最終日" if self.ja else f"last day of {length} from {day}"
            case FirstOf():
                return self._first_of(expression)
            case Count(list=whole):
                return f"{self._ref(whole)} の件数" if self.ja else f"count of {self._ref(whole)}"
            case Total():
                return self._total(expression)
        return self._condition(expression)

    def _condition(self, expression: Expression) -> str:
        ja = self.ja
        match expression:
            case Compare(relation=relation, left=left, right=right):
                return f"{self.text(left, 1)} {relation} {self.text(right, 1)}"
            case IsSet(operand=operand, denied=denied):
                return f"{self._ref(operand)}{self._set_words(denied)}"
            case OneOf():
                return self._one_of(expression)
            case Includes(list=whole, item=item):
                name, entry = self._ref(whole), self.text(item, 1)
                return f"{name} が {entry} を含む" if ja else f"{name} includes {entry}"
            case Not(operand=operand):
                inner = self.text(operand, 1)
                return f"{inner} でない" if ja else f"not {inner}"
            case And(parts=parts):
                return (" かつ " if ja else " and ").join(self.text(part, 3) for part in parts)
            case Or(parts=parts):
                return (" または " if ja else " or ").join(self.text(part, 4) for part in parts)
            case Implies(premise=premise, conclusion=conclusion):
                return f"{self.text(premise, 5)} {'ならば' if ja else 'implies'} {self.text(conclusion, 6)}"
        raise TypeError(f"no such expression: {type(expression).__name__}")

    def _set_words(self, denied: bool) -> str:
        if self.ja:
            return " が未入力" if denied else " が入力済み"
        return " is not set" if denied else " is set"

    def _one_of(self, expression: OneOf) -> str:
        operand = self.text(expression.operand, 1)
        values = ("、" if self.readable and self.ja else ", ").join(
            self.text(value, 1, True) for value in expression.values
        )
        if self.ja:
            return f"{operand} が [{values}] {'のいずれでもない' if expression.denied else 'のいずれか'}"
        return f"{operand} {'not in' if expression.denied else 'in'} [{values}]"

    def _sum(self, expression: Sum, in_list: bool) -> str:
        days = expression.type.kind is Kind.DATE
        written = ""
        for place, term in enumerate(expression.terms):
            sign = "" if place == 0 else " + " if term.sign > 0 else " - "
            unit = ("日" if self.ja else " days") if days and isinstance(term.value, Literal) and place else ""
            written += f"{sign}{self.text(term.value, -2, in_list)}{unit}"
        return written

    def _product(self, expression: Product, in_list: bool) -> str:
        written = ""
        for place, factor in enumerate(expression.factors):
            sign = ("/" if self.readable else " / ") if factor.divides else " × " if self.readable else " * "
            written += ("" if place == 0 else sign) + self.text(factor.value, _TIGHTEST, in_list)
        return written

    def _rounded(self, expression: Rounded, in_list: bool) -> str:
        value, mode, unit = self.text(expression.value, -1, in_list), expression.mode, expression.unit
        yen = expression.type.kind is Kind.YEN
        if self.ja:
            below = f"{unit}{'円' if yen else ''}未満" if unit > 1 else ""
            return f"{value} を{below}{_ROUNDED_JA[mode]}"
        return f"{value} rounded {mode.replace('_', ' ')}" + (f" to {unit}{' yen' if yen else ''}" if unit > 1 else "")

    def _extreme(self, expression: Extreme, in_list: bool) -> str:
        one, other = self.text(expression.one, 0, in_list), self.text(expression.other, 0, in_list)
        dates = expression.type.kind in (Kind.DATE, Kind.MOMENT)
        if self.ja:
            smaller, larger = ("の早い方", "の遅い方") if dates else ("の小さい方", "の大きい方")
            return f"{one} と {other} {larger if expression.largest else smaller}"
        smaller, larger = ("earlier", "later") if dates else ("smaller", "larger")
        return f"{larger if expression.largest else smaller} of {one} and {other}"

    def _moved(self, expression: Moved) -> str:
        base, by = expression.base, expression.by
        back = by.direction is Direction.before
        length = _length(by.count, by.unit, self.ja) + (f" ({expression.calendar})" if expression.calendar else "")
        if not self.readable:
            return f"{self.text(base, -1)} {'-' if back else '+'} {length}"
        count = _length(by.count, by.unit, self.ja)
        of = (f"（{expression.calendar}）" if self.ja else f" ({expression.calendar})") if expression.calendar else ""
        if self.ja:
            return f"{self.text(base, _TIGHTEST)}の{count}{'前' if back else '後'}{of}"
        return f"{count} {'before' if back else 'after'} {self.text(base, _TIGHTEST)}{of}"

    def _first_of(self, expression: FirstOf) -> str:
        base, series = self.text(expression.base, _TIGHTEST), expression.series
        name = series.title.of(self.locale) if self.readable else (self.ja and expression.spoken) or series.id
        if self.ja:
            return f"{base} {'より後' if expression.after else '以後'}の最初の{name}"
        return f"first {name} {'after' if expression.after else 'on or after'} {base}"

    def _total(self, expression: Total) -> str:
        whole, field = expression.list, expression.field
        if self.ja:
            name = expression.spoken or (f"{whole.name}.{field}" if field else whole.name)
            return f"{name} の合計"
        return f"sum of {self._ref(whole)}.{field}" if field else f"sum of {self._ref(whole)}"

    def _ref(self, ref: Ref) -> str:
        if self.readable:
            return ref.title.of(self.locale)
        return ref.spoken if self.ja and ref.spoken else ref.name

    def _literal(self, literal: Literal, in_list: bool) -> str:
        value, kind = literal.value, literal.type.kind
        if kind is Kind.CHOICE:
            return self._choice(literal)
        if kind is Kind.YES_NO:
            return ("はい" if value else "いいえ") if self.ja else "yes" if value else "no"
        if kind is Kind.YEN and isinstance(value, int):
            digits = f"{value:,}" if self.ja and not in_list else str(value)
            return f"{digits}円" if self.ja else f"{digits} yen"
        if kind is Kind.MOMENT and isinstance(value, int):
            return literals.moment_text(value)
        if kind in (Kind.TEXT, Kind.INSTITUTION):
            return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'
        return str(value)

    def _choice(self, literal: Literal) -> str:
        if self.readable and literal.title is not None:
            return literal.title.of(self.locale)
        if self.ja and literal.spoken:
            return literal.spoken
        word = str(literal.value)
        plain = _IDENTIFIER.fullmatch(word) and word.lower() not in RESERVED - {"yes", "no"}
        return word if plain else f'"{word}"'


def _length(count: int, unit: Unit, ja: bool) -> str:
    if ja:
        words = {Unit.business_days: "営業日", Unit.calendar_days: "日間", Unit.months: "か月", Unit.years: "年"}
        return f"{count}{words[unit]}"
    return f"{count} {unit.replace('_', ' ').removesuffix('s')}{'' if count == 1 else 's'}"

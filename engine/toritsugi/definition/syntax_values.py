"""The grammar of values in the guard language: arithmetic, shares, roundings and dates that are moved, as an untyped tree.

    value        = rounded | smaller of rounded and rounded | rounded と rounded の小さい方
    rounded      = sum [ rounded up | 切り捨て … ]
    sum          = product { + product | - product }
    product      = moved { * moved | / moved | の number } [ of product ]       "of" behind a share: 2/3 of cost
    moved        = atom [ の length 前 ] | length before atom | last day of length from atom | atom から length の最終日
                 | atom 以後の最初の series
    length       = number days | number business days "(" word ")" | number months | number years
    atom         = first series on or after atom | ( expression ) | number | - number | word
                 | count of word | sum of word | word の件数 | word の合計

Hostile text meets two caps: brackets may nest DEEPEST levels, and so may the tree, so nothing here or later recurses far.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

from toritsugi.definition.faults import BadExpression, Span, excerpt
from toritsugi.definition.tokens import LENGTHS, Token

#: Deepest nesting of brackets, denials and implications.
DEEPEST = 40

_VALUES = frozenset({"number", "yen", "percent", "days", "date", "moment", "text"})
#: What the part of a whole may be written with.
_SHARES = frozenset({"number", "percent"})
#: Keywords that are plain words where a value is expected, so that a field may be called "count".
SOFT = frozenset({"is", "set", "in", "includes", "count", "sum", "of"})


@dataclass(frozen=True, slots=True)
class Node:
    """One part of the untyped tree."""

    #: a kind of value ("word", "number", ...) or of condition ("compare", "is_set", ...).
    form: str
    span: Span
    parts: tuple[Node, ...] = ()
    #: a word or text as written (folded); how something is rounded; the calendar of business days.
    text: str = ""
    #: a value; the Relation of a comparison; "denied" or ""; the signs of a sum ("+--") or product ("**/").
    value: str | int = ""
    depth: int = 1


class ValueParser(ABC):
    """Reads values; `syntax.py` adds the conditions."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.at = 0
        self.nesting = 0

    @property
    def here(self) -> Token:
        return self.tokens[self.at]

    def take(self, *kinds: str) -> Token | None:
        token = self.here
        if token.kind not in kinds:
            return None
        self.at += 1
        return token

    def expect(self, *kinds: str) -> Token:
        token = self.take(*kinds)
        if token is None:
            raise self.unexpected(*kinds)
        return token

    def unexpected(self, *allowed: str) -> BadExpression:
        token, possible = self.here, "、".join(allowed)
        if token.kind == "end":
            ja, en = f"式が途中で終わっています。次が必要です: {possible}", "the expression ends too early."
        else:
            shown = excerpt(token.text)
            ja = f"ここに「{shown}」は書けません。書けるもの: {possible}"
            en = f"`{shown}` cannot stand here."
        return BadExpression("UNEXPECTED", ja, en, token.span, allowed)

    def enter(self, token: Token) -> None:
        self.nesting += 1
        if self.nesting > DEEPEST:
            raise too_deep(token.span)

    @abstractmethod
    def expression(self) -> Node:
        """A whole expression, as it may stand in brackets."""

    def value(self) -> Node:
        """A value: one side of a comparison, an entry of a list."""
        if token := self.take("smaller of", "larger of"):
            one = self._rounded()
            self.expect("and")
            return self._extreme(token.kind == "larger of", one, self._rounded(), start=token.span.start)
        left = self._rounded()
        if self.take("と") is None:
            return left
        right = self._rounded()
        token = self.expect("の小さい方", "の大きい方")
        return self._extreme(token.kind == "の大きい方", left, right, end=token.span.end)

    def _extreme(self, largest: bool, one: Node, other: Node, start: int | None = None, end: int | None = None) -> Node:
        return node("extreme", one, other, value="larger" if largest else "smaller", start=start, end=end)

    def _rounded(self) -> Node:
        found = self._sum()
        token = self.take("rounding", "rounding_yen")
        if token is None:
            return found
        span = Span(found.span.start, token.span.end)
        return Node(token.kind, span, (found,), text=token.text, value=token.value, depth=_deeper(span, found))

    def _sum(self) -> Node:
        parts, signs = [self._product()], "+"
        while sign := self.take("+", "-"):
            signs += sign.kind
            parts.append(self._product())
        return parts[0] if len(parts) == 1 else node("sum", *parts, value=signs)

    def _product(self) -> Node:
        parts, signs = [self._moved()], "*"
        while sign := self.take("*", "/", "の"):
            signs += "/" if sign.kind == "/" else "*"
            parts.append(self._moved())
        if self.here.kind == "of" and all(part.form in _SHARES or part.form == "product" for part in parts):
            self.take("of")
            signs += "*"
            parts.append(self._moved())
        return parts[0] if len(parts) == 1 else node("product", *parts, value=signs)

    def _moved(self) -> Node:
        """An atom, or a date moved by a length of time that is written before or behind it."""
        if token := self.take("last day of"):
            length = self._length()
            self.expect("from")
            return node("last_day", self._atom(), length, start=token.span.start, end=self.tokens[self.at - 1].span.end)
        if self.here.kind in LENGTHS and self.tokens[self.at + 1].kind in ("before", "after"):
            return self._length_first()
        found = self._atom()
        while True:
            if self._behind():
                found = self._length_behind(found)
            elif token := self.take("first behind"):
                found = _first(token, found, found.span.start, token.span.end)
            else:
                return found

    def _behind(self) -> bool:
        return self.here.kind in ("の", "から") and self.tokens[self.at + 1].kind in LENGTHS

    def _length_first(self) -> Node:
        length, sign = self.take(*LENGTHS), self.take("before", "after")
        if length is None or sign is None:
            raise self.unexpected(*LENGTHS)
        base = self._atom()
        counted = Node(length.kind, length.span, text=self._calendar(length), value=length.value)
        signs = "+-" if sign.kind == "before" else "++"
        return node("sum", base, counted, value=signs, start=length.span.start, end=self.tokens[self.at - 1].span.end)

    def _length_behind(self, base: Node) -> Node:
        term = self.expect("の", "から").kind == "から"
        length = self.expect(*LENGTHS)
        token = self.expect(*(("の最終日",) if term else ("before", "after")))
        counted = Node(length.kind, length.span, text=self._calendar(length), value=length.value)
        end = self.tokens[self.at - 1].span.end
        if term:
            return node("last_day", base, counted, end=end)
        return node("sum", base, counted, value="+-" if token.kind == "before" else "++", end=end)

    def _length(self) -> Node:
        token = self.expect(*LENGTHS)
        return Node(token.kind, token.span, text=self._calendar(token), value=token.value)

    def _calendar(self, length: Token) -> str:
        """The institution in brackets behind business days; empty: none is named."""
        if length.kind != "business_days" or self.here.kind != "(":
            return ""
        self.expect("(")
        word = self.expect("word", *SOFT)
        self.expect(")")
        return word.text

    def _atom(self) -> Node:
        token = self.here
        if token.kind in ("count", "sum") and self.tokens[self.at + 1].kind == "of":
            self.at += 2
            return node("count" if token.kind == "count" else "total", self.word(), start=token.span.start)
        if token.kind == "word" or token.kind in SOFT:
            return self._counted(self.word())
        if token.kind in LENGTHS - {"days"}:
            return self._length()
        if self.take("first"):
            self.enter(token)
            base = self._atom()
            self.nesting -= 1
            return _first(token, base, token.span.start, base.span.end)
        self.at += 1
        if token.kind in _VALUES:
            return Node(token.kind, token.span, text=token.text, value=token.value)
        if token.kind == "share":
            return self._share(token)
        if token.kind in ("yes", "no"):
            return Node("yes_no", token.span, text=token.text, value=token.kind)
        if token.kind == "-":
            number = self.expect("number", "yen", "days")
            return Node(number.kind, Span(token.span.start, number.span.end), value=-int(number.value))
        if token.kind == "(":
            return self._bracketed(token)
        self.at -= 1
        raise self.unexpected("名前 (name)", "値 (value)", "(", "not")

    def _share(self, token: Token) -> Node:
        """3分の2: two divided by three."""
        below, above = (Node("number", token.span, value=int(part)) for part in str(token.value).split("/"))
        return node("product", above, below, value="*/")

    def _bracketed(self, opening: Token) -> Node:
        self.enter(opening)
        found = self.expression()
        self.nesting -= 1
        self.expect(")")
        return found

    def word(self) -> Node:
        """A name or the option of a choice."""
        token = self.expect("word", *SOFT)
        return Node("word", token.span, text=token.text)

    def _counted(self, word: Node) -> Node:
        token = self.take("の件数", "の合計")
        if token is None:
            return word
        return node("count" if token.kind == "の件数" else "total", word, end=token.span.end)


def _first(token: Token, base: Node, start: int, end: int) -> Node:
    """The first day of a series on or after the base."""
    span = Span(start, end)
    return Node("first", span, (base,), text=token.text, value=token.value, depth=_deeper(span, base))


def node(form: str, *parts: Node, value: str = "", start: int | None = None, end: int | None = None) -> Node:
    """A part of the tree over other parts.

    Raises:
        BadExpression: TOO_DEEP.
    """
    first = parts[0].span.start if start is None else start
    span = Span(first, parts[-1].span.end if end is None else end)
    return Node(form, span, parts, value=value, depth=_deeper(span, *parts))


def _deeper(span: Span, *parts: Node) -> int:
    depth = 1 + max(part.depth for part in parts)
    if depth > DEEPEST:
        raise too_deep(span)
    return depth


def too_deep(span: Span) -> BadExpression:
    """The refusal of what is nested too deep."""
    ja, en = f"入れ子が深すぎます（{DEEPEST} 段まで）。", f"nested too deep (at most {DEEPEST} levels)."
    return BadExpression("TOO_DEEP", ja, en, span)

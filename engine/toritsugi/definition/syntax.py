"""The grammar of the guard language: tokens to an untyped tree, by descent through the precedences.

    expression   = disjunction [ implies expression ]                  ならば
    disjunction  = conjunction { or conjunction }                      または
    conjunction  = negation { and negation }                           かつ
    negation     = not negation | comparison { でない }
    comparison   = sum [ relation sum | is [not] set | [not] in list | includes sum | が japanese ]
    japanese     = 入力済み | 未入力 | list のいずれか | list のいずれでもない | sum を含む | sum を含まない
                 | sum である | sum でない | sum 以上 | sum 以下 | sum 未満 | sum より大きい
    sum          = atom { + atom | - atom }
    atom         = ( expression ) | value | - number | word | count of word | sum of word | word の件数 | word の合計
    list         = "[" sum { , sum } "]"

Hostile text meets two caps: brackets may nest DEEPEST levels, and so may the tree, so nothing here or later recurses far.
"""

from __future__ import annotations

from dataclasses import dataclass

from toritsugi.definition.faults import BadExpression, Span, excerpt
from toritsugi.definition.terms import Relation
from toritsugi.definition.tokens import Token

#: Deepest nesting of brackets, denials and implications.
DEEPEST = 40

_RELATIONS = frozenset(str(relation) for relation in Relation)
_VALUES = frozenset({"number", "yen", "days", "date", "moment", "text"})
#: Keywords that are plain words where a value is expected, so that a field may be called "count".
_SOFT = frozenset({"is", "set", "in", "includes", "count", "sum", "of"})
_ENDINGS = {
    "である": Relation.EQUAL,
    "でない": Relation.DIFFERENT,
    "以上": Relation.AT_LEAST,
    "以下": Relation.AT_MOST,
    "未満": Relation.LESS,
    "より大きい": Relation.MORE,
}


@dataclass(frozen=True, slots=True)
class Node:
    """One part of the untyped tree."""

    #: a kind of value ("word", "number", ...) or of condition ("compare", "is_set", ...).
    form: str
    span: Span
    parts: tuple[Node, ...] = ()
    #: a word or text as written (folded).
    text: str = ""
    #: a value; the Relation of a comparison; "denied" or ""; the signs of a sum ("+--").
    value: str | int = ""
    depth: int = 1


def tree(tokens: list[Token]) -> Node:
    """The untyped tree of a whole expression.

    Raises:
        BadExpression: EMPTY, TOO_DEEP or UNEXPECTED, with what would be possible.
    """
    parser = _Parser(tokens)
    if parser.here.kind == "end":
        raise BadExpression("EMPTY", "式が空です。", "the expression is empty.", parser.here.span)
    node = parser.expression()
    if parser.here.kind != "end":
        raise parser.unexpected("and", "or", "implies")
    return node


class _Parser:
    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.at = 0
        self.nesting = 0

    @property
    def here(self) -> Token:
        return self.tokens[self.at]

    def _take(self, *kinds: str) -> Token | None:
        token = self.here
        if token.kind not in kinds:
            return None
        self.at += 1
        return token

    def _expect(self, *kinds: str) -> Token:
        token = self._take(*kinds)
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

    def _enter(self, token: Token) -> None:
        self.nesting += 1
        if self.nesting > DEEPEST:
            raise _too_deep(token.span)

    def expression(self) -> Node:
        left = self._joined("or")
        token = self._take("implies")
        if token is None:
            return left
        self._enter(token)
        right = self.expression()
        self.nesting -= 1
        return _node("implies", left, right)

    def _joined(self, word: str) -> Node:
        """Conditions joined by `or` (of conditions joined by `and`)."""
        parts = [self._joined("and") if word == "or" else self._negation()]
        while self._take(word):
            parts.append(self._joined("and") if word == "or" else self._negation())
        return parts[0] if len(parts) == 1 else _node(word, *parts)

    def _negation(self) -> Node:
        token = self._take("not")
        if token is None:
            node = self._comparison()
            while after := self._take("でない"):
                node = _node("not", node, end=after.span.end)
            return node
        self._enter(token)
        operand = self._negation()
        self.nesting -= 1
        return _node("not", operand, start=token.span.start)

    def _comparison(self) -> Node:
        left = self._sum()
        if relation := self._take(*_RELATIONS):
            return _node("compare", left, self._sum(), value=relation.kind)
        if self._take("is"):
            denied = self._take("not") is not None
            return _node("is_set", left, value="denied" if denied else "", end=self._expect("set").span.end)
        if self._take("includes"):
            return _node("includes", left, self._sum())
        if self.here.kind == "not" and self.tokens[self.at + 1].kind == "in":
            self.at += 2
            return self._one_of(left, "denied")
        if self._take("in"):
            return self._one_of(left, "")
        if self._take("が") or self.here.kind in ("入力済み", "未入力"):
            return self._japanese(left)
        return left

    def _japanese(self, left: Node) -> Node:
        """What may follow 「…が」."""
        if token := self._take("入力済み", "未入力"):
            return _node("is_set", left, value="denied" if token.kind == "未入力" else "", end=token.span.end)
        if self.here.kind == "[":
            node = self._one_of(left, "")
            token = self._expect("のいずれか", "のいずれでもない")
            denied = "denied" if token.kind == "のいずれでもない" else ""
            return _node("one_of", *node.parts, value=denied, end=token.span.end)
        right = self._sum()
        token = self._expect(*_ENDINGS, "を含む", "を含まない")
        if token.kind in _ENDINGS:
            return _node("compare", left, right, value=_ENDINGS[token.kind], end=token.span.end)
        node = _node("includes", left, right, end=token.span.end)
        return node if token.kind == "を含む" else _node("not", node)

    def _one_of(self, left: Node, denied: str) -> Node:
        self._expect("[")
        values = [self._sum()]
        while self._take(","):
            values.append(self._sum())
        return _node("one_of", left, *values, value=denied, end=self._expect("]", ",").span.end)

    def _sum(self) -> Node:
        parts, signs = [self._atom()], "+"
        while sign := self._take("+", "-"):
            signs += sign.kind
            parts.append(self._atom())
        return parts[0] if len(parts) == 1 else _node("sum", *parts, value=signs)

    def _atom(self) -> Node:
        token = self.here
        if token.kind in ("count", "sum") and self.tokens[self.at + 1].kind == "of":
            self.at += 2
            return _node("count" if token.kind == "count" else "total", self._word(), start=token.span.start)
        if token.kind == "word" or token.kind in _SOFT:
            return self._counted(self._word())
        self.at += 1
        if token.kind in _VALUES:
            return Node(token.kind, token.span, text=token.text, value=token.value)
        if token.kind in ("yes", "no"):
            return Node("yes_no", token.span, text=token.text, value=token.kind)
        if token.kind == "-":
            number = self._expect("number", "yen", "days")
            return Node(number.kind, Span(token.span.start, number.span.end), value=-int(number.value))
        if token.kind == "(":
            return self._bracketed(token)
        self.at -= 1
        raise self.unexpected("名前 (name)", "値 (value)", "(", "not")

    def _bracketed(self, opening: Token) -> Node:
        self._enter(opening)
        node = self.expression()
        self.nesting -= 1
        self._expect(")")
        return node

    def _word(self) -> Node:
        token = self._expect("word", *_SOFT)
        return Node("word", token.span, text=token.text)

    def _counted(self, word: Node) -> Node:
        token = self._take("の件数", "の合計")
        if token is None:
            return word
        return _node("count" if token.kind == "の件数" else "total", word, end=token.span.end)


def _node(form: str, *parts: Node, value: str = "", start: int | None = None, end: int | None = None) -> Node:
    first = parts[0].span.start if start is None else start
    span = Span(first, parts[-1].span.end if end is None else end)
    depth = 1 + max(part.depth for part in parts)
    if depth > DEEPEST:
        raise _too_deep(span)
    return Node(form, span, parts, value=value, depth=depth)


def _too_deep(span: Span) -> BadExpression:
    ja, en = f"入れ子が深すぎます（{DEEPEST} 段まで）。", f"nested too deep (at most {DEEPEST} levels)."
    return BadExpression("TOO_DEEP", ja, en, span)

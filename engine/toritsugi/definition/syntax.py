"""The grammar of the guard language: tokens to an untyped tree, by descent through the precedences.

    expression   = disjunction [ implies expression ]                  ならば
    disjunction  = conjunction { or conjunction }                      または
    conjunction  = negation { and negation }                           かつ
    negation     = not negation | comparison { でない }
    comparison   = value [ relation value | is [not] set | [not] in list | includes value | が japanese ]
    japanese     = 入力済み | 未入力 | list のいずれか | list のいずれでもない | value を含む | value を含まない
                 | value である | value でない | value 以上 | value 以下 | value 未満 | value より大きい
    list         = "[" value { , value } "]"

What a value is: `syntax_values.py`.
"""

from __future__ import annotations

from toritsugi.definition.faults import BadExpression
from toritsugi.definition.syntax_values import Node, ValueParser, node
from toritsugi.definition.terms import Relation
from toritsugi.definition.tokens import Token

_RELATIONS = frozenset(str(relation) for relation in Relation)
_ENDINGS = {
    "である": Relation.EQUAL,
    "でない": Relation.DIFFERENT,
    "以上": Relation.AT_LEAST,
    "以下": Relation.AT_MOST,
    "未満": Relation.LESS,
    "より大きい": Relation.MORE,
}


def tree(tokens: list[Token]) -> Node:
    """The untyped tree of a whole expression.

    Raises:
        BadExpression: EMPTY, TOO_DEEP or UNEXPECTED, with what would be possible.
    """
    parser = _Parser(tokens)
    if parser.here.kind == "end":
        raise BadExpression("EMPTY", "式が空です。", "the expression is empty.", parser.here.span)
    found = parser.expression()
    if parser.here.kind != "end":
        raise parser.unexpected("and", "or", "implies")
    return found


class _Parser(ValueParser):
    def expression(self) -> Node:
        left = self._joined("or")
        token = self.take("implies")
        if token is None:
            return left
        self.enter(token)
        right = self.expression()
        self.nesting -= 1
        return node("implies", left, right)

    def _joined(self, word: str) -> Node:
        """Conditions joined by `or` (of conditions joined by `and`)."""
        parts = [self._joined("and") if word == "or" else self._negation()]
        while self.take(word):
            parts.append(self._joined("and") if word == "or" else self._negation())
        return parts[0] if len(parts) == 1 else node(word, *parts)

    def _negation(self) -> Node:
        token = self.take("not")
        if token is None:
            found = self._comparison()
            while after := self.take("でない"):
                found = node("not", found, end=after.span.end)
            return found
        self.enter(token)
        operand = self._negation()
        self.nesting -= 1
        return node("not", operand, start=token.span.start)

    def _comparison(self) -> Node:
        left = self.value()
        if relation := self.take(*_RELATIONS):
            return node("compare", left, self.value(), value=relation.kind)
        if self.take("is"):
            denied = self.take("not") is not None
            return node("is_set", left, value="denied" if denied else "", end=self.expect("set").span.end)
        if self.take("includes"):
            return node("includes", left, self.value())
        if self.here.kind == "not" and self.tokens[self.at + 1].kind == "in":
            self.at += 2
            return self._one_of(left, "denied")
        if self.take("in"):
            return self._one_of(left, "")
        if self.take("が") or self.here.kind in ("入力済み", "未入力"):
            return self._japanese(left)
        return left

    def _japanese(self, left: Node) -> Node:
        """What may follow 「…が」."""
        if token := self.take("入力済み", "未入力"):
            return node("is_set", left, value="denied" if token.kind == "未入力" else "", end=token.span.end)
        if self.here.kind == "[":
            found = self._one_of(left, "")
            token = self.expect("のいずれか", "のいずれでもない")
            denied = "denied" if token.kind == "のいずれでもない" else ""
            return node("one_of", *found.parts, value=denied, end=token.span.end)
        right = self.value()
        token = self.expect(*_ENDINGS, "を含む", "を含まない")
        if token.kind in _ENDINGS:
            return node("compare", left, right, value=_ENDINGS[token.kind], end=token.span.end)
        found = node("includes", left, right, end=token.span.end)
        return found if token.kind == "を含む" else node("not", found)

    def _one_of(self, left: Node, denied: str) -> Node:
        self.expect("[")
        values = [self.value()]
        while self.take(","):
            values.append(self.value())
        return node("one_of", left, *values, value=denied, end=self.expect("]", ",").span.end)

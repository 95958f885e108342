"""From the untyped tree to the typed one: names found, choices resolved, types made to fit.

Types flow both ways: what one side of a comparison is by nature (a field, a date) tells the other side what a bare
number, word or text must mean. A word beside a choice is first one of its options, then a name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn

from toritsugi.definition import arithmetic, literals
from toritsugi.definition.faults import BadExpression, Span, excerpt, near
from toritsugi.definition.recurring import Series
from toritsugi.definition.syntax_values import Node
from toritsugi.definition.terms import (
    And,
    Compare,
    Count,
    Expression,
    Implies,
    Includes,
    IsSet,
    Literal,
    Not,
    OneOf,
    Or,
    Percent,
    Ref,
    Relation,
    Sum,
    Term,
    Total,
)
from toritsugi.definition.tokens import tokens
from toritsugi.definition.types import (
    CORPORATE_NUMBER,
    DATE,
    INSTITUTION,
    INTEGER,
    MOMENT,
    TEXT,
    YEN,
    YES_NO,
    Kind,
    Type,
    describe,
    list_of,
    same_type,
)
from toritsugi.definition.vocabulary import Target, Vocabulary, fold_word

_PLAIN = {
    "yen": YEN,
    "days": INTEGER,
    "date": DATE,
    "moment": MOMENT,
    "count": INTEGER,
    "last_day": DATE,
    "first": DATE,
}
_ARITHMETIC = frozenset({"sum", "product", "extreme", "last_day", "first", "percent", "rounding", "rounding_yen"})
_CONDITIONS = frozenset({"compare", "is_set", "one_of", "includes", "not", "and", "or", "implies"})
_NUMBERS = (Kind.INTEGER, Kind.YEN)


def typed(node: Node, vocabulary: Vocabulary, expect: Type) -> Expression:
    """The typed tree of `node`, whose value must be of type `expect`.

    Raises:
        BadExpression: a name or choice is unknown or ambiguous, or the types do not fit.
    """
    checker = _Checker(vocabulary)
    if expect.kind is Kind.YES_NO:
        return checker.condition(node)
    found = checker.value(node, expect)
    if not same_type(found.type, expect):
        _wrong_type(found, expect)
    arithmetic.needs_whole(found)
    return found


class _Checker:
    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary

    def condition(self, node: Node) -> Expression:
        found = self.value(node, YES_NO)
        if found.type.kind is not Kind.YES_NO:
            ja = f"条件が必要ですが、ここは{describe(found.type, 'ja')}です。"
            en = f"a condition is needed, but this has the type: {describe(found.type, 'en')}."
            raise BadExpression("NOT_A_CONDITION", ja, en, node.span, ("= …", "is set", "が入力済み"))
        return found

    def value(self, node: Node, expect: Type | None) -> Expression:
        """The typed form of any node; `expect` is what the place would like, not what it insists on."""
        if node.form in _CONDITIONS:
            return _CONDITION_CHECKS[node.form](self, node)
        if node.form == "word":
            return self._word(node, expect)
        if node.form in _ARITHMETIC:
            return self._arithmetic(node, expect)
        if node.form == "count":
            return Count(type=INTEGER, span=node.span, list=self._list(node.parts[0]))
        if node.form == "total":
            return self._total(node)
        return self._literal(node, expect)

    def series(self, word: str, span: Span) -> tuple[Series, str | None]:
        """The series that a word names, and the Japanese words that name it without doubt."""
        found = self.vocabulary.series_named(word)
        if len(found) != 1:
            ja = f"「{word}」は複数の、繰り返す日を指します。id で書いてください。"
            ids = tuple(one.id for one in found)
            raise BadExpression("AMBIGUOUS_NAME", ja, f"`{word}` means several series; use an id.", span, ids)
        spoken = fold_word(found[0].title.ja)
        return found[0], spoken if len(self.vocabulary.series.get(spoken, ())) == 1 else None

    def hint(self, node: Node) -> Type | None:
        """The type a node has by nature; None where the other side decides."""
        if node.form == "word":
            meanings = self.vocabulary.meanings(node.text)
            return meanings[0].type if len(meanings) == 1 else None
        if node.form == "product":
            return arithmetic.hint_of_product(self, node)
        if node.form in ("sum", "extreme", "rounding", "rounding_yen"):
            return next((hint for part in node.parts if (hint := self.hint(part)) is not None), None)
        if node.form == "total":
            meanings = self.vocabulary.meanings(node.parts[0].text)
            return meanings[0].type.item or meanings[0].type if meanings else None
        return YES_NO if node.form in _CONDITIONS else _PLAIN.get(node.form)

    def _arithmetic(self, node: Node, expect: Type | None) -> Expression:
        if node.form == "product":
            return arithmetic.product(self, node)
        if node.form == "extreme":
            return arithmetic.extreme(self, node, expect)
        if node.form == "last_day":
            return arithmetic.last_day(self, node)
        if node.form == "first":
            return arithmetic.first_of(self, node)
        if node.form == "percent":
            return Percent(type=INTEGER, span=node.span, value=int(node.value))
        return self._sum(node, expect) if node.form == "sum" else arithmetic.rounded(self, node, expect)

    def _literal(self, node: Node, expect: Type | None) -> Literal:
        kind = None if expect is None else expect.kind
        if node.form in arithmetic.LONG:
            arithmetic.not_addable(node)
        if expect is not None and kind is Kind.CHOICE and node.form in ("text", "yes_no"):
            return self._option(node, expect) or self._unknown_choice(node, expect)
        if node.form == "yes_no":
            return Literal(type=YES_NO, span=node.span, value=node.value == "yes")
        if kind is Kind.CORPORATE_NUMBER and node.form in ("number", "text"):
            return self._corporate_number(node)
        if kind is Kind.INSTITUTION and node.form == "text":
            return self._institution(node)
        if node.form == "number":
            return Literal(type=YEN if kind is Kind.YEN else INTEGER, span=node.span, value=node.value)
        return Literal(type=TEXT if node.form == "text" else _PLAIN[node.form], span=node.span, value=node.value)

    def _corporate_number(self, node: Node) -> Literal:
        try:
            number = literals.read_corporate_number(literals.fold(node.text))
        except ValueError:
            ja, en = (
                "法人番号は 13 桁で、検査用数字が合う必要があります。",
                "a corporate number has 13 digits with a right check digit.",
            )
            raise BadExpression("BAD_NUMBER", ja, en, node.span) from None
        return Literal(type=CORPORATE_NUMBER, span=node.span, value=number)

    def _institution(self, node: Node) -> Literal:
        if not literals.INSTITUTION_ID.fullmatch(str(node.value)):
            ja, en = "機関の識別名が必要です。", "the id of an institution is needed."
            raise BadExpression("BAD_INSTITUTION", ja, en, node.span)
        return Literal(type=INSTITUTION, span=node.span, value=node.value)

    def _option(self, node: Node, choice: Type) -> Literal | None:
        """The option of `choice` that the node's words name, by id or by Japanese title."""
        word = fold_word(node.text)
        titled = [id_ for id_, title in choice.options.items() if fold_word(title.ja) == word]
        if word in choice.options:
            titled = [word]
        if not titled:
            return None
        if len(titled) > 1:
            self._ambiguous(node, tuple(titled))
        title = choice.options[titled[0]]
        return Literal(
            type=choice, span=node.span, value=titled[0], title=title, spoken=self._option_words(titled[0], choice)
        )

    def _option_words(self, id_: str, choice: Type) -> str | None:
        if not self.vocabulary.wants_spoken:
            return None
        word = fold_word(choice.options[id_].ja)
        alone = sum(fold_word(title.ja) == word for title in choice.options.values()) == 1
        clear = alone and word not in choice.options.keys() - {id_}
        return word if clear and self._one_token(word) else None

    def _one_token(self, word: str) -> bool:
        """Whether `word` alone reads as exactly one word."""
        known = self.vocabulary.single
        if word not in known:
            try:
                found = tokens(word, self.vocabulary)
                known[word] = len(found) == 2 and found[0].kind == "word" and found[0].text == word
            except BadExpression:
                known[word] = False
        return known[word]

    def _word(self, node: Node, expect: Type | None) -> Expression:
        if expect is not None and expect.kind is Kind.CHOICE and (option := self._option(node, expect)):
            return option
        if not self.vocabulary.meanings(node.text) and expect is not None and expect.kind is Kind.CHOICE:
            self._unknown_choice(node, expect)
        target = self._target(node)
        if target.column:
            ja = f"「{node.text}」は一覧の中の項目です。合計（{node.text} の合計）だけに使えます。"
            en = f"`{node.text}` is a field of every entry of a list; only `sum of {node.text}` can read it."
            raise BadExpression("NOT_A_NAME", ja, en, node.span, (f"sum of {node.text}",))
        return self._ref(target, node.span)

    def _target(self, node: Node) -> Target:
        if node.form != "word":
            ja, en = "ここには項目の名前が必要です。", "the name of a field is needed here."
            raise BadExpression("NOT_A_NAME", ja, en, node.span)
        meanings = self.vocabulary.meanings(node.text)
        if len(meanings) > 1:
            self._ambiguous(node, tuple(target.id for target in meanings))
        if not meanings:
            shown, similar = excerpt(node.text), near(node.text, self.vocabulary.targets)
            ja, en = f"「{shown}」という名前はありません。", f"there is no name `{shown}` here."
            raise BadExpression("UNKNOWN_NAME", ja, en, node.span, similar)
        return meanings[0]

    def _ambiguous(self, node: Node, ids: tuple[str, ...]) -> NoReturn:
        ja, en = (
            f"「{node.text}」は複数のものを指します。id で書いてください。",
            f"`{node.text}` means several things; use an id.",
        )
        raise BadExpression("AMBIGUOUS_NAME", ja, en, node.span, ids)

    def _unknown_choice(self, node: Node, choice: Type) -> NoReturn:
        shown = excerpt(node.text)
        allowed = tuple(choice.options)
        words = {word: id_ for id_, title in choice.options.items() for word in (id_, fold_word(title.ja))}
        similar = near(node.text, words)
        ja = f"「{shown}」という選択肢はありません。選べるもの: {describe(choice, 'ja')}"
        en = f"there is no choice `{shown}`; possible: {', '.join(allowed)}."
        raise BadExpression(
            "UNKNOWN_CHOICE", ja, en, node.span, (*similar, *(id_ for id_ in allowed if id_ not in similar))
        )

    def _ref(self, target: Target, span: Span) -> Ref:
        spoken = self._spoken(target)
        base, path = target.name.id, target.path
        return Ref(type=target.type, span=span, base=base, path=path, title=target.title, spoken=spoken)

    def _spoken(self, target: Target) -> str | None:
        """The Japanese words that mean this target and nothing else."""
        if not self.vocabulary.wants_spoken:
            return None
        known = self.vocabulary.spoken
        if target.id not in known:
            word = fold_word(target.title.ja)
            only = [meaning.id for meaning in self.vocabulary.meanings(word)] == [target.id]
            clear = only and word not in self.vocabulary.options and self._one_token(word)
            known[target.id] = word if clear else None
        return known[target.id]

    def _sum(self, node: Node, expect: Type | None) -> Expression:
        hint = self.hint(node.parts[0]) or self.hint(node)
        wanted = hint if hint is not None else expect
        if wanted is not None and wanted.kind is Kind.DATE:
            return arithmetic.moved(self, node)
        parts = [self.value(part, wanted) for part in node.parts]
        types = [parts[0].type] * len(parts)
        if parts[0].type.kind not in _NUMBERS:
            ja = f"{describe(parts[0].type, 'ja')}は足し引きできません。"
            en = f"this cannot be added or subtracted: {describe(parts[0].type, 'en')}."
            raise BadExpression("NOT_A_NUMBER", ja, en, parts[0].span)
        for part, type_ in zip(parts, types, strict=True):
            if not same_type(part.type, type_):
                _wrong_type(part, type_)
        signs = [1 if sign == "+" else -1 for sign in str(node.value)]
        terms = tuple(Term(sign=sign, value=part) for sign, part in zip(signs, parts, strict=True))
        return Sum(type=YEN if parts[0].type.kind is Kind.YEN else INTEGER, span=node.span, terms=terms)

    def _list(self, node: Node) -> Ref:
        target = self._target(node)
        if target.type.kind is not Kind.LIST or target.column:
            self._not_a_list(node, target.type)
        return self._ref(target, node.span)

    def _not_a_list(self, node: Node, found: Type) -> NoReturn:
        ja = f"一覧が必要ですが、「{node.text}」は{describe(found, 'ja')}です。"
        en = f"a list is needed, but `{node.text}` has the type: {describe(found, 'en')}."
        raise BadExpression("NOT_A_LIST", ja, en, node.span)

    def _total(self, node: Node) -> Total:
        word = node.parts[0]
        target = self._target(word)
        if not target.column and target.type.kind is not Kind.LIST:
            self._not_a_list(word, target.type)
        entry = target.type.item or target.type
        if entry.kind not in _NUMBERS:
            ja, en = "合計できるのは整数と金額だけです。", "only whole numbers and yen can be summed."
            raise BadExpression("NOT_A_NUMBER", ja, en, word.span)
        field = target.path[-1] if target.column else None
        whole = next(of for of in self.vocabulary.meanings(target.id.rpartition(".")[0])) if field else target
        plain = YEN if entry.kind is Kind.YEN else INTEGER
        spoken = self._spoken(target)
        return Total(type=plain, span=node.span, list=self._ref(whole, word.span), field=field, spoken=spoken)

    def _compare(self, node: Node) -> Compare:
        left, right = node.parts
        one, other = self.value(left, self.hint(right)), self.value(right, self.hint(left))
        relation = Relation(str(node.value))
        _comparable(one, other)
        if relation not in (Relation.EQUAL, Relation.DIFFERENT) and not one.type.ordered:
            ja = f"{describe(one.type, 'ja')}に大小や前後はありません。"
            en = f"this type has no order: {describe(one.type, 'en')}."
            raise BadExpression("NOT_ORDERED", ja, en, node.span, ("=", "!=", "in [ ]"))
        return Compare(type=YES_NO, span=node.span, relation=relation, left=one, right=other)

    def _is_set(self, node: Node) -> IsSet:
        operand = self._word(self._named(node.parts[0]), None)
        if not isinstance(operand, Ref):
            raise TypeError("a word without an expected choice is always a name")
        return IsSet(type=YES_NO, span=node.span, operand=operand, denied=node.value == "denied")

    def _named(self, node: Node) -> Node:
        self._target(node)
        return node

    def _one_of(self, node: Node) -> OneOf:
        left, *rest = node.parts
        hint = self.hint(left)
        operand = self.value(left, hint or self.hint(rest[0]))
        values = tuple(self.value(part, operand.type) for part in rest)
        for value in values:
            _comparable(operand, value)
            arithmetic.needs_whole(value)
        arithmetic.needs_whole(operand)
        return OneOf(type=YES_NO, span=node.span, operand=operand, values=values, denied=node.value == "denied")

    def _includes(self, node: Node) -> Includes:
        whole = self._list(node.parts[0])
        item = self.value(node.parts[1], whole.type.item)
        if not same_type(whole.type, list_of(item.type)):
            _wrong_type(item, whole.type.item or item.type)
        _comparable(item, item)
        arithmetic.needs_whole(item)
        return Includes(type=YES_NO, span=node.span, list=whole, item=item)

    def _not(self, node: Node) -> Not:
        return Not(type=YES_NO, span=node.span, operand=self.condition(node.parts[0]))

    def _and(self, node: Node) -> And:
        return And(type=YES_NO, span=node.span, parts=tuple(map(self.condition, node.parts)))

    def _or(self, node: Node) -> Or:
        return Or(type=YES_NO, span=node.span, parts=tuple(map(self.condition, node.parts)))

    def _implies(self, node: Node) -> Implies:
        premise, conclusion = map(self.condition, node.parts)
        return Implies(type=YES_NO, span=node.span, premise=premise, conclusion=conclusion)


_CONDITION_CHECKS: dict[str, Callable[[_Checker, Node], Expression]] = {
    "compare": _Checker._compare,
    "is_set": _Checker._is_set,
    "one_of": _Checker._one_of,
    "includes": _Checker._includes,
    "not": _Checker._not,
    "and": _Checker._and,
    "or": _Checker._or,
    "implies": _Checker._implies,
}


def _comparable(one: Expression, other: Expression) -> None:
    for side in (one, other):
        if side.type.kind in (Kind.LIST, Kind.RECORD):
            ja = f"{describe(side.type, 'ja')}は比べられません。"
            en = f"this type cannot be compared: {describe(side.type, 'en')}."
            raise BadExpression("NOT_COMPARABLE", ja, en, side.span, ("includes", "count of", "is set"))
        if side.type.kind is Kind.YES_NO and not isinstance(side, Ref | Literal):
            ja = "条件そのものは比べられません。かつ・または・でない・ならば でつないでください。"
            en = "a condition cannot be compared; join conditions with and, or, not, implies."
            raise BadExpression("NOT_COMPARABLE", ja, en, side.span, ("and", "or", "not", "implies"))
    if not same_type(one.type, other.type):
        _wrong_type(other, one.type)


def _wrong_type(found: Expression, needed: Type) -> NoReturn:
    ja = f"型が合いません。{describe(needed, 'ja')}が必要ですが、これは{describe(found.type, 'ja')}です。"
    en = f"the types do not fit: needed is {describe(needed, 'en')}, this is {describe(found.type, 'en')}."
    raise BadExpression("WRONG_TYPE", ja, en, found.span)

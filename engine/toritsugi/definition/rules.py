"""Rules and values of a definition read as expressions, their faults placed in the definition's text."""

from __future__ import annotations

from collections.abc import Mapping

from toritsugi.definition.block import Block
from toritsugi.definition.expression import BadExpression, Expression, Name, Vocabulary, parse
from toritsugi.definition.model import Position
from toritsugi.definition.nodes import Text
from toritsugi.definition.types import YES_NO, Kind, Type, same_type


class Rules:
    """Reads every expression of one procedure over one scope, so that its vocabulary is made once."""

    def __init__(self, names: Mapping[str, Name]) -> None:
        self.names = names
        self._vocabulary = Vocabulary(names)

    def rule(self, block: Block, key: str) -> Expression | None:
        """The condition at a key; None if it is absent or wrong."""
        return self._parsed(block, key, YES_NO)

    def value(self, block: Block, key: str, type_: Type) -> Expression | None:
        """The value at a key, fit for a field of `type_`; None if it is absent or wrong."""
        name = self.names.get(block.text(key) or "")
        return self._parsed(block, key, name.type if name is not None and fits(name.type, type_) else type_)

    def any_value(self, block: Block, key: str) -> Expression | None:
        """The value of a single name at a key, whatever its type: used where the target is not known."""
        name = self.names.get(block.text(key) or "")
        return self._parsed(block, key, name.type) if name is not None else None

    def _parsed(self, block: Block, key: str, expect: Type) -> Expression | None:
        text = block.text(key)
        if text is None:
            block.required(key)
            return None
        try:
            return parse(text, self._vocabulary, expect)
        except BadExpression as error:
            block.faults.add(
                error.code,
                block.at(key),
                _place(block, key, error.span.start),
                ja=error.message_ja,
                en=error.message_en,
                suggestions=error.suggestions[:12],
            )
            return None


def fits(given: Type, wanted: Type) -> bool:
    """Whether every value of one type is a value of the other: the same type, or a choice among fewer options."""
    if given.kind is Kind.CHOICE and wanted.kind is Kind.CHOICE:
        return given.options.keys() <= wanted.options.keys()
    return same_type(given, wanted)


def _place(block: Block, key: str, start: int) -> Position | None:
    """Where an expression goes wrong: exact if it stands on one line, else where it begins."""
    node = block.get(key)
    if isinstance(node, Text) and node.position is not None and node.offset is not None:
        return Position(line=node.position.line, column=node.position.column + node.offset + start)
    return node.position if node is not None else block.position

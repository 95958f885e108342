"""Rules and values of a definition read as expressions, their faults placed in the definition's text."""

from __future__ import annotations

from collections.abc import Mapping

from toritsugi.definition.block import Block
from toritsugi.definition.expression import BadExpression, Expression, Name, Vocabulary, parse
from toritsugi.definition.inside import place_in
from toritsugi.definition.nodes import Text
from toritsugi.definition.recurring import Series
from toritsugi.definition.types import YES_NO, Kind, Type, same_type

#: Codes that are about one unknown word, which may be wrong in other places too.
_WORDS = frozenset({"UNKNOWN_NAME", "UNKNOWN_CHOICE"})


class Rules:
    """Reads every expression of one procedure over one scope, so that its vocabulary is made once."""

    def __init__(
        self, names: Mapping[str, Name], *, series: Mapping[str, Series] | None = None, spoken: bool = True
    ) -> None:
        """`series`, `spoken`: as for `Vocabulary`."""
        self.names = names
        self._vocabulary = Vocabulary(names, series=series, spoken=spoken)

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
            self._note(block, key, error)
            return None

    def _note(self, block: Block, key: str, error: BadExpression) -> None:
        node, span = block.get(key), error.span
        place = place_in(node, span.start, block.faults.source) if isinstance(node, Text) else block.position
        written = (block.text(key) or "")[span.start : span.end]
        block.faults.add(
            error.code,
            block.at(key),
            place,
            ja=error.message_ja,
            en=error.message_en,
            suggestions=error.suggestions[:12],
            word=written if error.code in _WORDS else "",
            length=max(1, len(written.partition("\n")[0])),
        )


def fits(given: Type, wanted: Type) -> bool:
    """Whether every value of one type is a value of the other: the same type, or a choice among fewer options."""
    if given.kind is Kind.CHOICE and wanted.kind is Kind.CHOICE:
        return given.options.keys() <= wanted.options.keys()
    return same_type(given, wanted)

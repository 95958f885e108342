"""Why a rule does not hold: each of its parts that fails, with the values that it reads, in words."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from itertools import groupby

from toritsugi.core.guard import Environment, compile_expression, holds
from toritsugi.core.shown import show_value
from toritsugi.definition.faults import Span
from toritsugi.definition.terms import (
    And,
    Compare,
    Expression,
    Extreme,
    FirstOf,
    Implies,
    LastDay,
    Moved,
    Not,
    Or,
    Product,
    Ref,
    Rounded,
    Sum,
    children,
    walk,
    whole,
)
from toritsugi.definition.types import Title
from toritsugi.definition.wording import readable


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One part of a rule that does not hold, and why."""

    #: the part, in words.
    part: str
    #: titles and shown values of what it reads.
    values: tuple[tuple[str, str], ...]
    #: the ids among them that have no value.
    not_set: tuple[str, ...]
    #: True: it would be enough if this or one of the other alternatives held.
    alternative: bool = False
    #: the premise under which the part is asked for; empty: always.
    because: str = ""
    #: where the part stands in the rule's text.
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Whether a rule holds, and if not, which parts fail with which values."""

    holds: bool
    reasons: tuple[Reason, ...]
    #: one sentence per reason, in the locale asked for; empty when the rule holds.
    text: str


def explain(expression: Expression, env: Environment, locale: str, personal: Set[str] = frozenset()) -> Explanation:
    """Why a rule does not hold in `env`, in words.

    Args:
        personal: names (or dotted names inside records) whose values are never shown, only whether they are set.
    """
    explainer = _Explainer(env, locale, personal)
    reasons = tuple(explainer.reasons(expression, affirmed=True))
    return Explanation(holds=not reasons, reasons=reasons, text=_sentences(reasons, locale))


class _Explainer:
    def __init__(self, env: Environment, locale: str, personal: Set[str]) -> None:
        self.env = env
        self.locale = locale
        self.personal = personal

    def _holds(self, expression: Expression, *, affirmed: bool) -> bool:
        return holds(expression, self.env, affirmed=affirmed)

    def reasons(
        self, expression: Expression, *, affirmed: bool, alternative: bool = False, because: str = ""
    ) -> list[Reason]:
        """Nothing where the expression (or its denial) holds."""
        if self._holds(expression, affirmed=affirmed):
            return []
        sides, either = self._sides(expression, affirmed=affirmed)
        if not sides:
            return [self._leaf(expression, affirmed, alternative, because)]
        found: list[Reason] = []
        for part, side, premise in sides:
            because_of = premise or because
            found += self.reasons(part, affirmed=side, alternative=alternative or either, because=because_of)
        return found

    def _sides(self, expression: Expression, *, affirmed: bool) -> tuple[list[tuple[Expression, bool, str]], bool]:
        """The parts to look into, each with the polarity wanted and its premise; and whether one of them is enough."""
        match expression:
            case Not(operand=operand):
                return [(operand, not affirmed, "")], False
            case And(parts=parts):
                return [(part, affirmed, "") for part in parts], not affirmed
            case Or(parts=parts):
                return [(part, affirmed, "") for part in parts], affirmed
            case Implies(premise=premise, conclusion=conclusion) if affirmed:
                if self._holds(premise, affirmed=True):
                    return [(conclusion, True, readable(premise, self.locale))], False
                return [(premise, False, ""), (conclusion, True, "")], True
            case Implies(premise=premise, conclusion=conclusion):
                return [(premise, True, ""), (conclusion, False, "")], False
        return [], False

    def _leaf(self, expression: Expression, affirmed: bool, alternative: bool, because: str) -> Reason:
        denied = expression if affirmed else Not(type=expression.type, span=expression.span, operand=expression)
        refs = {part.name: part for part in walk(expression) if isinstance(part, Ref)}
        values = {name: compile_expression(ref)(self.env) for name, ref in refs.items()}
        shown = [(ref.title.of(self.locale), self._shown(ref, values[name])) for name, ref in refs.items()]
        return Reason(
            part=readable(denied, self.locale),
            values=(*shown, *self._worked_out(expression)),
            not_set=tuple(name for name, value in values.items() if value is None),
            alternative=alternative,
            because=because,
            span=expression.span,
        )

    def _worked_out(self, expression: Expression) -> list[tuple[str, str]]:
        """What the sides of a comparison come to, where something is worked out and none of it is personal."""
        found = []
        for part in children(expression) if isinstance(expression, Compare) else ():
            refs = {name for ref in walk(part) if isinstance(ref, Ref) for name in (ref.base, ref.name)}
            if isinstance(part, _WORKED_OUT) and whole(part) and not refs & self.personal:
                value = compile_expression(part)(self.env)
                if value is not None:
                    found.append((readable(part, self.locale), show_value(part.type, value, self.locale)))
        return found

    def _shown(self, ref: Ref, value: object) -> str:
        if value is not None and (ref.base in self.personal or ref.name in self.personal):
            return _HIDDEN.of(self.locale)
        return show_value(ref.type, value, self.locale)


#: what a reader cannot see from the names alone.
_WORKED_OUT = (Sum, Product, Rounded, Extreme, Moved, LastDay, FirstOf)
_HIDDEN = Title(ja="個人情報のため非表示", en="personal, not shown")


def _sentences(reasons: tuple[Reason, ...], locale: str) -> str:
    """One sentence for each reason; alternatives that follow each other share one."""
    ja = locale == "ja"
    groups = groupby(enumerate(reasons), lambda one: (one[1].because, -1 if one[1].alternative else one[0]))
    sentences = [_sentence([reason for _, reason in group], because, ja) for (because, _), group in groups]
    return ("" if ja else " ").join(sentences)


def _sentence(reasons: list[Reason], because: str, ja: bool) -> str:
    parts = [_part(reason, ja) for reason in reasons]
    if ja:
        start = f"「{because}」なので、" if because else ""
        several = "次のいずれかが必要ですが、どれも満たされていません："
        return f"{start}{several}{'、'.join(parts)}。" if len(parts) > 1 else f"{start}{parts[0]}が満たされていません。"
    start = f"Because of `{because}`: " if because else ""
    several = "one of these would be enough, and none holds: "
    return f"{start}{several}{'; '.join(parts)}." if len(parts) > 1 else f"{start}{parts[0]} does not hold."


def _part(reason: Reason, ja: bool) -> str:
    joint, colon = ("、", "：") if ja else (", ", ": ")
    values = joint.join(f"{title}{colon}{shown}" for title, shown in reason.values)
    if ja:
        return f"「{reason.part}」（{values}）" if values else f"「{reason.part}」"
    return f"`{reason.part}` ({values})" if values else f"`{reason.part}`"

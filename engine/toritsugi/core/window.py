"""The days on which something may be applied for, read off the rule that refused it: from when, until when, or never.

A window needs no words of its own in a procedure. Whatever its rule compares with the day of the act bounds it, be that
a written date, six weeks before a visit or four business days before a departure; two such bounds may exclude each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from toritsugi.core.guard import compile_expression
from toritsugi.core.moments import Locale, format_date
from toritsugi.definition.expression import And, Compare, Expression, Implies, Ref, Relation, names_read
from toritsugi.definition.types import Kind, Title

#: The day of the act, as a rule may call it.
_DAY = frozenset({"occurred_on", "recorded_on"})
#: What a comparison says when it is read from its other side.
_TURNED = {
    Relation.LESS: Relation.MORE,
    Relation.AT_MOST: Relation.AT_LEAST,
    Relation.MORE: Relation.LESS,
    Relation.AT_LEAST: Relation.AT_MOST,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """First and last day, each in the window; None: no bound on that side."""

    first: date | None
    last: date | None

    @property
    def empty(self) -> bool:
        """Whether it has no day at all."""
        return self.first is not None and self.last is not None and self.first > self.last


def window_of(rule: Expression, env: Mapping[str, Any], personal: Set[str] = frozenset()) -> Window | None:
    """The window that a rule leaves open; None where it bounds no day, or only by dates that are personal."""
    bounds = list(_bounds(rule, env, personal))
    first = max((day for low, day in bounds if low), default=None)
    last = min((day for low, day in bounds if not low), default=None)
    return None if first is None and last is None else Window(first=first, last=last)


def _bounds(rule: Expression, env: Mapping[str, Any], personal: Set[str]) -> Iterator[tuple[bool, date]]:
    for part in rule.parts if isinstance(rule, And) else (rule,):
        match part:
            case And():
                yield from _bounds(part, env, personal)
            case Implies(premise=premise, conclusion=conclusion) if compile_expression(premise)(env):
                yield from _bounds(conclusion, env, personal)
            case Compare(relation=relation, left=Ref(base=base), right=other) if base in _DAY:
                yield from _bound(relation, other, env, personal)
            case Compare(relation=relation, left=other, right=Ref(base=base)) if base in _DAY:
                yield from _bound(_TURNED.get(relation, relation), other, env, personal)


def _bound(
    relation: Relation, other: Expression, env: Mapping[str, Any], personal: Set[str]
) -> Iterator[tuple[bool, date]]:
    """(True, first day) or (False, last day)."""
    if other.type.kind is not Kind.DATE or names_read(other) & personal:
        return
    found = compile_expression(other)(env)
    if found is None:
        return
    day = date.fromisoformat(found)
    if relation in (Relation.AT_LEAST, Relation.EQUAL):
        yield True, day
    if relation in (Relation.AT_MOST, Relation.EQUAL):
        yield False, day
    if relation is Relation.MORE and day < date.max:
        yield True, day + timedelta(days=1)
    if relation is Relation.LESS and day > date.min:
        yield False, day - timedelta(days=1)


def open_days(ja: str, en: str, rule: Expression, env: Mapping[str, Any], personal: Set[str]) -> Title:
    """The reason of a refusal, `ja` and `en`, with the days on which the rule would let the act be."""
    window = window_of(rule, env, personal)
    days = Title(ja="", en="") if window is None else words(window)
    return Title(ja=f"{ja}{days.ja}", en=f"{en} {days.en}".strip())


def words(window: Window) -> Title:
    """The window in a sentence, to stand behind the reason of a refusal."""
    ja, en = _days(window, "ja"), _days(window, "en")
    if window.empty:
        return Title(
            ja=f"期間に当たる日がありません（{ja[0]}に始まり、{ja[1]}に終わるため）。",
            en=f"There is no day on which it is open: it would open on {en[0]} and close on {en[1]}.",
        )
    if window.first is None:
        return Title(ja=f"期間は{ja[1]}までです。", en=f"It closes on {en[1]}.")
    if window.last is None:
        return Title(ja=f"期間は{ja[0]}からです。", en=f"It opens on {en[0]}.")
    return Title(ja=f"期間は{ja[0]}から{ja[1]}までです。", en=f"It is open from {en[0]} to {en[1]}.")


def _days(window: Window, locale: Locale) -> tuple[str, str]:
    first, last = (format_date(day, locale) if day is not None else "" for day in (window.first, window.last))
    return first, last

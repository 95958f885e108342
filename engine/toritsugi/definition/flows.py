"""Where values go: what the effects of an event and the links of a procedure put into which field, party or ledger."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from toritsugi.definition.expression import Expression, Ref
from toritsugi.definition.model_effects import AddEntry, AppointParty, Effect, PostLedger, SetField, Signal
from toritsugi.definition.terms import Count, children
from toritsugi.definition.types import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """A value that an effect puts somewhere."""

    value: Expression
    #: data | parties | ledgers: the part of the definition that the target stands in.
    part: str
    target: str
    #: the link to the case that gets it; None: this case.
    link: str | None = None
    #: the word of the effect that says so.
    word: str

    @property
    def place(self) -> str:
        """What the target is called from here."""
        return self.target if self.link is None else f"{self.link}.{self.target}"


def flows(effect: Effect) -> Iterator[Flow]:
    """The values that an effect puts somewhere."""
    match effect:
        case SetField(field=field, value=value) if value is not None:
            yield Flow(value=value, part="data", target=field, word=field)
        case AddEntry(field=field, entry=entry, item=item):
            for part, value in entry.items():
                yield Flow(value=value, part="data", target=field, word=part)
            if item is not None:
                yield Flow(value=item, part="data", target=field, word="entry")
        case Signal(link=link, values=values):
            for field, value in values.items():
                yield Flow(value=value, part="data", target=field, link=link, word=field)
        case AppointParty(party=party, institution=institution) if institution is not None:
            yield Flow(value=institution, part="parties", target=party, word="institution")
        case PostLedger(ledger=ledger, item=item, amount=amount):
            yield Flow(value=item, part="ledgers", target=ledger, word="item")
            if amount is not None:
                yield Flow(value=amount, part="ledgers", target=ledger, word="amount")


def carried(expression: Expression) -> Iterator[str]:
    """The names whose own values are in the value of an expression; what a rule concludes from a value is none."""
    if isinstance(expression, Ref):
        yield expression.base
    elif not isinstance(expression, Count) and expression.type.kind is not Kind.YES_NO:
        for part in children(expression):
            yield from carried(part)

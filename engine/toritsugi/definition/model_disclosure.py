"""The disclosure of a procedure as data: what is shown or kept together, and who may see it on what condition."""

from __future__ import annotations

from dataclasses import dataclass

from toritsugi.definition.expression import Expression
from toritsugi.definition.origin import Origin
from toritsugi.definition.types import Title


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """Who may see what belongs to a class, and on what condition; where both stand, both must hold."""

    parties: tuple[str, ...]
    #: None: always.
    when: Expression | None = None
    #: id of the approval that must stand; None: none.
    approval: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DisclosureClass:
    """What is shown or kept from a party together."""

    id: str
    title: Title
    fields: tuple[str, ...] = ()
    #: parties of whom it is shown who plays them.
    parties: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    #: links of which it is shown that there is a case, and which.
    links: tuple[str, ...] = ()
    ledgers: tuple[str, ...] = ()
    #: of its fields, links and ledgers: those whose value may be copied to where more parties see it.
    may_leave: tuple[str, ...] = ()
    #: the written reasons of history rows belong to it.
    reasons: bool = False
    #: any one of them is enough.
    seen_by: tuple[Sighting, ...] = ()
    origin: Origin | None = None

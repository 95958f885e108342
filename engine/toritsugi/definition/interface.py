"""What one procedure may know of another that it links to: its fields, states, events and ledgers, and nothing of its rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from toritsugi.definition.block import Block
from toritsugi.definition.configurations import States
from toritsugi.definition.fields import read_choices, read_data
from toritsugi.definition.finding import Faults
from toritsugi.definition.model import DataField, Procedure
from toritsugi.definition.nodes import Entries, Node
from toritsugi.definition.types import Title


@dataclass(frozen=True, slots=True, kw_only=True)
class InterfaceEvent:
    """An event as seen from another procedure."""

    #: whether a signal may fire it.
    by_signal: bool
    #: the fields that may be given with it.
    takes: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Interface:
    """The outside of a procedure."""

    id: str
    version: str
    parties: frozenset[str]
    data: Mapping[str, DataField]
    #: id -> title, in the author's order.
    states: Mapping[str, Title]
    events: Mapping[str, InterfaceEvent]
    #: id -> title.
    ledgers: Mapping[str, Title]
    #: the tree of just this, from which `interface_of` makes it again; None: it was not read from a text.
    outside: Entries | None = field(default=None, compare=False, repr=False)


#: Finds the interface of a procedure by its id; None: there is no such procedure.
Interfaces = Callable[[str], Interface | None]


def interface_of(top: Block) -> Interface:
    """The outside of the procedure that `top` describes; its faults are noted only where the types need them."""
    return Interface(
        id=top.text("procedure") or "",
        version=top.text("version") or "",
        parties=frozenset(id_ for id_, _ in top.named("parties", None)),
        data=read_data(top, read_choices(top)),
        states={id_: state.title for id_, state in States(Block(top.node, "", Faults(), None)).all.items()},
        events={id_: _event(block) for id_, block in top.named("events", None)},
        ledgers={id_: _title(id_, block) for id_, block in top.named("ledgers", None)},
        outside=_outside(top.entries),
    )


#: What others may know of a procedure, by the keys of its text; None: all that stands there.
_OUTSIDE: Mapping[str, tuple[str, ...] | None] = {
    "procedure": None,
    "version": None,
    "choices": None,
    "data": None,
    "parties": (),
    "states": ("title", "parts"),
    "events": ("by", "needs", "may_give"),
    "ledgers": ("title",),
}


def _outside(top: Entries) -> Entries:
    """Just what others may know; two versions that look alike from outside are one text."""
    found = {key: node for key, node in top.entries.items() if key in _OUTSIDE}
    for key, wanted in _OUTSIDE.items():
        group = found.get(key)
        if wanted is not None and isinstance(group, Entries):
            found[key] = Entries({id_: _only(node, wanted) for id_, node in group.entries.items()}, {})
    return Entries(found, {})


def _only(node: Node, wanted: tuple[str, ...]) -> Node:
    if not isinstance(node, Entries):
        return node
    return Entries({key: part for key, part in node.entries.items() if key in wanted}, {})


def _title(id_: str, block: Block) -> Title:
    return block.title(needed=False) or Title(ja=id_, en=id_)


def _event(block: Block) -> InterfaceEvent:
    takes = frozenset((*block.words("needs"), *block.words("may_give")))
    return InterfaceEvent(by_signal="signal" in block.words("by"), takes=takes)


def interface_of_procedure(procedure: Procedure) -> Interface:
    """The outside of a procedure that has been read already."""
    return Interface(
        id=procedure.id,
        version=procedure.version,
        parties=frozenset(procedure.parties),
        data=procedure.data,
        states={id_: state.title for id_, state in procedure.states.items()},
        events={
            id_: InterfaceEvent(by_signal=event.by_signal, takes=frozenset((*event.needs, *event.may_give)))
            for id_, event in procedure.events.items()
        },
        ledgers={id_: ledger.title for id_, ledger in procedure.ledgers.items()},
    )

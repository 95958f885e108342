"""What one procedure may know of another that it links to: its fields, states, events and ledgers, and nothing of its rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from toritsugi.definition.block import Block
from toritsugi.definition.configurations import States
from toritsugi.definition.fields import read_choices, read_data
from toritsugi.definition.finding import Faults
from toritsugi.definition.model import DataField, Procedure
from toritsugi.definition.model_states import State
from toritsugi.definition.nodes import Entries, Node
from toritsugi.definition.seers import Seers, seers_by_entry, seers_written
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
    #: states that end a case.
    ends: frozenset[str] = frozenset()
    #: word that stands for several states -> those: a state with parts, or a state of a part.
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: what the checks of a text ask besides, and nobody keeps: fields that whoever opens a case has to give,
    needs: tuple[str, ...] = field(default=(), compare=False)
    #: party -> the institution that always plays it,
    institutions: Mapping[str, str] = field(default_factory=dict, compare=False)
    #: field, link or ledger -> who sees it; empty: the procedure has no classes, and each of its parties sees everything.
    seers: Mapping[str, Seers] = field(default_factory=dict, compare=False)
    #: the tree of just this, from which `interface_of` makes it again; None: it was not read from a text.
    outside: Entries | None = field(default=None, compare=False, repr=False)


#: Finds the interface of a procedure by its id; None: there is no such procedure.
Interfaces = Callable[[str], Interface | None]


def interface_of(top: Block) -> Interface:
    """The outside of the procedure that `top` describes; its faults are noted only where the types need them."""
    quiet = Block(top.node, "", Faults(), None)
    states = States(quiet)
    return Interface(
        id=top.text("procedure") or "",
        version=top.text("version") or "",
        parties=frozenset(id_ for id_, _ in top.named("parties", None)),
        data=read_data(top, read_choices(top)),
        states={id_: state.title for id_, state in states.all.items()},
        events={id_: _event(block) for id_, block in top.named("events", None)},
        ledgers={id_: _title(id_, block) for id_, block in top.named("ledgers", None)},
        needs=_needs(quiet),
        institutions=_institutions(quiet),
        seers=seers_written(quiet),
        ends=_ends(states.all),
        groups=_groups(states.all),
        outside=_outside(top.entries),
    )


#: What others may know of a procedure, by the keys of its text; None: all that stands there.
_OUTSIDE: Mapping[str, tuple[str, ...] | None] = {
    "procedure": None,
    "version": None,
    "choices": None,
    "data": None,
    "parties": (),
    "states": ("title", "parts", "ends"),
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


def _needs(top: Block) -> tuple[str, ...]:
    start = top.block("start", None)
    return () if start is None else start.words("needs")


def _institutions(top: Block) -> dict[str, str]:
    found = {id_: block.text("institution") for id_, block in top.named("parties", None)}
    return {id_: institution for id_, institution in found.items() if institution}


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
        needs=procedure.opening.needs,
        institutions={id_: one.institution for id_, one in procedure.parties.items() if one.institution},
        seers=seers_by_entry(procedure.disclosure.values()),
        ends=_ends(procedure.states),
        groups=_groups(procedure.states),
    )


def _ends(states: Mapping[str, State]) -> frozenset[str]:
    return frozenset([id_ for id_, state in states.items() if state.terminal])


def _groups(states: Mapping[str, State]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for id_, state in states.items():
        for word in (state.within, *state.leaves) if state.within else ():
            if word != id_:
                found.setdefault(word or "", []).append(id_)
    return {word: tuple(ids) for word, ids in found.items()}

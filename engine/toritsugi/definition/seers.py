"""Who sees what belongs to a class, as far as it can be told before any case is opened: always, perhaps, or never."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from toritsugi.definition.block import Block
from toritsugi.definition.model import Party
from toritsugi.definition.model_disclosure import DisclosureClass
from toritsugi.definition.nodes import Entries, Items


@dataclass(frozen=True, slots=True, kw_only=True)
class Seers:
    """The parties that see a field, a link or a ledger."""

    #: whatever the case says.
    always: frozenset[str]
    #: those, and the parties that some condition or consent may show it to.
    ever: frozenset[str]
    #: its value may be copied to where more parties see it.
    may_leave: bool = False


def seers_by_entry(classes: Iterable[DisclosureClass]) -> Mapping[str, Seers]:
    """Field, link or ledger -> the parties that see it; empty: the procedure has no classes."""
    found: dict[str, Seers] = {}
    for class_ in classes:
        seen_by = [(one.parties, one.when is None and one.approval is None) for one in class_.seen_by]
        found |= _of_class((*class_.fields, *class_.links, *class_.ledgers), class_.may_leave, seen_by)
    return found


def seers_written(top: Block) -> Mapping[str, Seers]:
    """The same from the text of a procedure, none of whose rules has to be read for that."""
    found: dict[str, Seers] = {}
    for _, block in top.named("disclosure", None):
        entries = [entry for key in ("fields", "links", "ledgers") for entry in block.words(key)]
        found |= _of_class(entries, block.words("may_leave"), _seen_by(block))
    return found


def played_together(parties: Mapping[str, Party]) -> Mapping[str, frozenset[str]]:
    """Party -> itself and those that the same institution always plays: whoever acts as one of them sees as all."""
    fixed = {id_: party.institution for id_, party in parties.items() if party.institution}
    return {
        id_: frozenset({id_, *(other for other in fixed if fixed[other] == party.institution)})
        for id_, party in parties.items()
    }


def _seen_by(block: Block) -> Iterable[tuple[tuple[str, ...], bool]]:
    """Each entry of `seen_by`: its parties, and whether it asks for nothing else."""
    node = block.get("seen_by")
    for entry in node.items if isinstance(node, Items) else (node,):
        whole = entry if entry is None or isinstance(entry, Entries) else Entries({"parties": entry}, {})
        one = Block(whole, "", block.faults, None)
        yield one.words("parties"), not ("if" in one or "approval" in one)


def _of_class(
    entries: Iterable[str], may_leave: Iterable[str], seen_by: Iterable[tuple[tuple[str, ...], bool]]
) -> dict[str, Seers]:
    seen_by, free = [*seen_by], {*may_leave}
    ever = frozenset(party for parties, _ in seen_by for party in parties)
    always = frozenset(party for parties, open_ in seen_by if open_ for party in parties)
    return {entry: Seers(always=always, ever=ever, may_leave=entry in free) for entry in entries}

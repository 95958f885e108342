"""The counts of a definition: which other cases are counted, read with what is known of their procedures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from toritsugi.definition import parts
from toritsugi.definition.block import Block
from toritsugi.definition.configurations import split
from toritsugi.definition.finding import Faults
from toritsugi.definition.interface import Interface
from toritsugi.definition.model_counts import Count, During, Period
from toritsugi.definition.nodes import Entries
from toritsugi.definition.types import Title

COUNT_KEYS = ("title", "procedure", "in", "same", "during", "seen_by", "source", "basis")
DURING_KEYS = ("date", "period")
#: Stands at `same` for what a case is about, whichever field says so.
SUBJECT = "subject"


def count_titles(top: Block) -> dict[str, Title]:
    """What the counts are called; their faults are noted where they are read whole."""
    quiet = Block(top.node, "", Faults(), None)
    return {id_: parts.named(block, id_) for id_, block in quiet.named("counts", None)}


def counted_procedures(top: Block) -> tuple[str, ...]:
    """Ids of the procedures whose cases are counted; empty for the procedure itself."""
    quiet = Block(top.node, "", Faults(), None)
    return tuple(dict.fromkeys(block.text("procedure") or "" for _, block in quiet.named("counts", None)))


def read_counts(top: Block, own: str, known: Mapping[str, Interface | None]) -> dict[str, Count]:
    """The counts, by id.

    Args:
        own: id of the procedure itself.
        known: procedure -> its outside (None: there is none), for each whose cases are counted.
    """
    return {id_: _count(id_, block, own, known) for id_, block in top.named("counts", COUNT_KEYS)}


def _count(id_: str, block: Block, own: str, known: Mapping[str, Interface | None]) -> Count:
    procedure = block.text("procedure") or own
    words = block.words("in")
    if not words:
        block.required("in")
    interface = known.get(procedure)
    about, same = _same(block)
    states = _states(words, interface)
    return Count(
        id=id_,
        title=parts.named(block, id_),
        procedure=procedure,
        states=states,
        ended=interface is not None and not interface.ends.isdisjoint(states),
        about_same=about,
        same=same,
        during=_during(block),
        seen_by=block.words("seen_by"),
        origin=block.origin(),
    )


def _states(words: tuple[str, ...], interface: Interface | None) -> tuple[str, ...]:
    """What the words stand for, written out; an unknown one stands for itself and is told with all others."""
    return tuple(sorted({state for word in words for state in _named(word, interface)}))


def _named(word: str, interface: Interface | None) -> Iterable[str]:
    groups = [interface.groups.get(piece, ()) if interface is not None else () for piece in split(word)]
    return set(groups[0]).intersection(*groups) or (word,)


def _same(block: Block) -> tuple[bool, dict[str, str]]:
    """Whether they are about the same, and their field <- our field."""
    if isinstance(block.get("same"), Entries):
        return False, block.pairs("same")
    words = block.words("same")
    return SUBJECT in words, {word: word for word in words if word != SUBJECT}


def _during(block: Block) -> During | None:
    inner = block.block("during", DURING_KEYS)
    if inner is None:
        return None
    if "period" not in inner:
        inner.required("period")
    return During(date=inner.required("date"), period=inner.one_of("period", tuple(Period), Period.FISCAL_YEAR))

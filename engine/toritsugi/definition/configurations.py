"""States with parts, written out: one state for every way in which the parts can stand together, and what names them.

Everything below the definition (state table, store, history) knows one state of a case, a text. So a state with parts is
written out when it is read: a *configuration* is one state of each part, its id the ids of those joined with `+`. Those that
no event can lead to are left out again, once the events are known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import islice, product
from math import prod

from toritsugi.definition import parts
from toritsugi.definition.block import Block
from toritsugi.definition.faults import near
from toritsugi.definition.model import Procedure
from toritsugi.definition.model_events import Event
from toritsugi.definition.model_states import Composite, Leaf, Part, State
from toritsugi.definition.nodes import Entries
from toritsugi.definition.types import Title

PART_KEYS = ("title", "initial", "states")
LEAF_KEYS = ("title", "source", "basis")

#: Joins the states of the parts in the id of a configuration.
JOINT = "+"
#: Most configurations of one state; more is a procedure that nobody has an overview of.
MOST_CONFIGURATIONS = 64

_ENDS = ("ends", "withdrawn")


class States:
    """The states of a procedure: written out, as its author grouped them, and by the words that name them."""

    def __init__(self, top: Block) -> None:
        #: state, or configuration -> what it is, in the author's order.
        self.all: dict[str, State] = {}
        self.composites: dict[str, Composite] = {}
        #: state of a part -> the state with parts that it lies in, and the part.
        self._home: dict[str, tuple[str, str]] = {}
        whole = top.get("states")
        #: ids of whole states.
        self._whole = frozenset(whole.entries if isinstance(whole, Entries) else ())
        for id_, block in top.named("states", parts.STATE_KEYS):
            state = parts.state(id_, block)
            if "parts" in block:
                self._composite(state, block)
            else:
                self.all[id_] = state

    def _composite(self, state: State, block: Block) -> None:
        _ends_nothing(block)
        found = Composite(
            id=state.id,
            title=state.title,
            parts={id_: self._part(state.id, id_, part) for id_, part in block.named("parts", PART_KEYS)},
            origin=state.origin,
        )
        self.composites[state.id] = found
        number = prod(len(part.leaves) for part in found.parts.values())
        if number > MOST_CONFIGURATIONS:
            ja = f"組合せが{number}通りになります（{MOST_CONFIGURATIONS}通りまで）。並行する部分か、その状態を減らしてください。"
            en = f"its parts can stand together in {number} ways; at most {MOST_CONFIGURATIONS} are allowed."
            block.fault("TOO_MANY_CONFIGURATIONS", ja, en, "parts")
        if not number or not found.parts:
            block.fault("MISSING", "「parts」に部分とその状態が必要です。", "'parts' needs parts with states.", "parts")
        for leaves in islice(product(*(part.leaves for part in found.parts.values())), MOST_CONFIGURATIONS):
            if leaves:
                id_ = JOINT.join(leaves)
                title = _title(found, leaves)
                self.all[id_] = State(id=id_, title=title, within=state.id, leaves=leaves, origin=state.origin)

    def _part(self, composite: str, id_: str, block: Block) -> Part:
        leaves: dict[str, Leaf] = {}
        for leaf, inner in block.named("states", (*LEAF_KEYS, *_ENDS)):
            _ends_nothing(inner)
            leaves[leaf] = Leaf(id=leaf, title=parts.named(inner, leaf), origin=inner.origin())
            if leaf in self._home or leaf in self._whole:
                ja, en = f"「{leaf}」は既に別の状態の名前です。", f"'{leaf}' is the name of another state already."
                inner.fault("NAME_TAKEN", ja, en)
            self._home.setdefault(leaf, (composite, id_))
        initial = block.required("initial")
        if initial and initial not in leaves:
            ja = f"この部分に「{initial[:60]}」という状態はありません。"
            en = f"this part has no state '{initial[:60]}'."
            block.fault_in("UNKNOWN_STATE", ja, en, "initial", near(initial, leaves), allowed=sorted(leaves))
            initial = next(iter(leaves), "")
        return Part(id=id_, title=parts.named(block, id_), initial=initial, leaves=leaves)

    def named(self, word: str) -> tuple[str, ...]:
        """The states that a word stands for, in the author's order; empty: it stands for none."""
        if word in self.all:
            return (word,)
        if word in self.composites:
            return tuple(id_ for id_, state in self.all.items() if state.within == word)
        leaves = set(split(word))
        if not leaves <= self._home.keys():
            return ()
        return tuple(id_ for id_, state in self.all.items() if leaves <= {*state.leaves})

    def unknown(self, word: str) -> list[str]:
        """The words in `word` that name no state."""
        known = word in self.all or word in self.composites
        return [] if known else [piece for piece in split(word) if piece not in self._home]

    def entry(self, word: str) -> str | None:
        """The state that a case comes to be in where `word` is entered from outside; None: the word names none."""
        found = self.named(word)
        return self._moved(self._initial(self.all[found[0]].within), word) if found else None

    def target(self, word: str, source: str) -> str | None:
        """The state that `word` leads to from `source`: of the same state with parts, only what the word names changes."""
        found = self.named(word)
        if not found:
            return None
        known, there = self.all.get(source), self.all[found[0]]
        if known is None or known.within is None or known.within != there.within or word in self.composites:
            return self.entry(word)
        return self._moved(known.leaves, word)

    def _initial(self, composite: str | None) -> tuple[str, ...]:
        return tuple(part.initial for part in self.composites[composite].parts.values()) if composite else ()

    def _moved(self, leaves: tuple[str, ...], word: str) -> str | None:
        """These states of parts, with those that `word` names in place of theirs."""
        if word in self.all and not self.all[word].leaves:
            return word
        moved = {self._home[leaf][1]: leaf for leaf in split(word) if leaf in self._home}
        id_ = JOINT.join(moved.get(self._home[leaf][1], leaf) for leaf in leaves if leaf in self._home)
        return id_ if id_ in self.all else None


def split(word: str) -> tuple[str, ...]:
    """The words that are joined in one."""
    return tuple(piece.strip() for piece in word.split(JOINT))


def reachable(states: Mapping[str, State], initial: str, events: Iterable[Event]) -> set[str]:
    """The states that events can lead to, one after another, from the first."""
    onward: dict[str, set[str]] = {}
    for event in events:
        for source in event.sources:
            if (target := event.leads(source)) is not None:
                onward.setdefault(source, set()).add(target)
    reached, fresh = {initial}, [initial]
    while fresh:
        for target in onward.get(fresh.pop(), set()) - reached:
            reached.add(target)
            fresh.append(target)
    return reached


def pruned(
    states: Mapping[str, State], initial: str, events: Mapping[str, Event]
) -> tuple[dict[str, State], dict[str, Event]]:
    """Without the configurations that nothing leads to; where no configuration of a state is reached, all are kept."""
    reached = reachable(states, initial, events.values())
    entered = {states[id_].within for id_ in reached if id_ in states}
    kept = {id_: one for id_, one in states.items() if not one.within or one.within not in entered or id_ in reached}
    gone = states.keys() - kept.keys()
    return kept, {id_: _without(event, gone) for id_, event in events.items()} if gone else dict(events)


def _without(event: Event, gone: Iterable[str]) -> Event:
    return replace(
        event,
        sources=tuple(source for source in event.sources if source not in gone),
        targets={source: target for source, target in event.targets.items() if source not in gone},
    )


def words_for_states(procedure: Procedure) -> list[str]:
    """Every word that may stand for a state in `from` and `to`."""
    found = [id_ for id_, state in procedure.states.items() if not state.leaves]
    for composite in procedure.composites.values():
        found += [composite.id, *(leaf for part in composite.parts.values() for leaf in part.leaves)]
    return found


def title_of(procedure: Procedure, word: str) -> Title | None:
    """What people call the state, or the state of a part, that a word of `from` or `to` names; None: it names none."""
    if word in procedure.states:
        return procedure.states[word].title
    if word in procedure.composites:
        return procedure.composites[word].title
    wanted = split(word)
    for composite in procedure.composites.values():
        of_part = {leaf: part for part in composite.parts.values() for leaf in part.leaves}
        if all(leaf in of_part for leaf in wanted):
            chosen = [(of_part[leaf], of_part[leaf].leaves[leaf]) for leaf in wanted]
            return Title(
                ja="、".join(f"{part.title.ja}：{leaf.title.ja}" for part, leaf in chosen),
                en="; ".join(f"{part.title.en}: {leaf.title.en}" for part, leaf in chosen),
            )
    return None


def _title(composite: Composite, leaves: tuple[str, ...]) -> Title:
    """審査中（消防：同意、都市計画：審査中）; of a single part 審査中：同意."""
    whole = composite.title
    told = [(part.title, part.leaves[leaf].title) for part, leaf in zip(composite.parts.values(), leaves, strict=True)]
    if len(told) == 1:
        return Title(ja=f"{whole.ja}：{told[0][1].ja}", en=f"{whole.en}: {told[0][1].en}")
    return Title(
        ja=f"{whole.ja}（{'、'.join(f'{part.ja}：{leaf.ja}' for part, leaf in told)}）",
        en=f"{whole.en} ({'; '.join(f'{part.en}: {leaf.en}' for part, leaf in told)})",
    )


def _ends_nothing(block: Block) -> None:
    """A case ends as a whole: neither a state with parts nor a state of a part is an end."""
    for key in _ENDS:
        if block.yes(key):
            ja = f"{key}: は、部分（parts）を持つ状態にも、部分の中の状態にも付けられません。終わりの状態は部分の外に置いてください。"
            block.fault("ENDS_INSIDE", ja, f"'{key}' goes with a state that neither has parts nor lies in one.", key)

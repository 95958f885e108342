"""The disclosure part of a definition: what belongs together, and who may see it on what condition."""

from __future__ import annotations

from collections.abc import Iterator

from toritsugi.definition.block import Block
from toritsugi.definition.expression import Expression, NameKind, names_read
from toritsugi.definition.model_disclosure import DisclosureClass, Sighting
from toritsugi.definition.nodes import Entries, Items, Node, Text
from toritsugi.definition.rules import Rules
from toritsugi.definition.types import Title

CLASS_KEYS = (
    *("title", "fields", "parties", "documents", "links", "ledgers", "may_leave", "reasons", "seen_by"),
    *("source", "basis"),
)
SEEN_BY_KEYS = ("parties", "if", "approval")


def read_disclosure(top: Block, rules: Rules) -> dict[str, DisclosureClass]:
    """The classes of a procedure, by id; empty: it has none, and every party sees everything."""
    return {id_: _class(id_, block, rules) for id_, block in top.named("disclosure", CLASS_KEYS)}


def _class(id_: str, block: Block, rules: Rules) -> DisclosureClass:
    return DisclosureClass(
        id=id_,
        title=block.title() or Title(ja=id_, en=id_),
        fields=block.words("fields"),
        parties=block.words("parties"),
        documents=block.words("documents"),
        links=block.words("links"),
        ledgers=block.words("ledgers"),
        may_leave=block.words("may_leave"),
        reasons=block.yes("reasons"),
        seen_by=tuple(_sightings(block, rules)),
        origin=block.origin(),
    )


def _sightings(block: Block, rules: Rules) -> Iterator[Sighting]:
    """One for each entry of `seen_by`; a plain list of parties is one entry."""
    node = block.get("seen_by")
    entries = node.items if isinstance(node, Items) else () if node is None else (node,)
    if not entries:
        block.required("seen_by")
    plain = tuple(entry.text.strip() for entry in entries if isinstance(entry, Text) and entry.text.strip())
    if plain:
        yield Sighting(parties=plain)
    for number, entry in enumerate(entries):
        if not isinstance(entry, Text):
            path = block.at("seen_by") + (f".{number}" if isinstance(node, Items) else "")
            yield from _sighting(block, entry, path, rules)


def _sighting(block: Block, entry: Node, path: str, rules: Rules) -> Iterator[Sighting]:
    if isinstance(entry, Entries):
        one = Block(entry, path, block.faults, SEEN_BY_KEYS)
        parties = one.words("parties")
        if not parties:
            one.required("parties")
        # A condition that cannot be read shows nothing: the definition is refused for it anyway.
        when = rules.rule(one, "if") if "if" in one else None
        _readable(one, when, rules)
        if parties and (when is not None or "if" not in one):
            yield Sighting(parties=parties, when=when, approval=one.text("approval"))
        return
    words = Block(Entries({"parties": entry}, {}, entry.position), path, block.faults, None).words("parties")
    if words:
        yield Sighting(parties=words)


def _readable(block: Block, when: Expression | None, rules: Rules) -> None:
    """A viewing is no event, and must not need the key of personal data: such names have no value here."""
    for name in sorted(names_read(when)) if when is not None else ():
        if rules.names[name].kind in (NameKind.ENGINE, NameKind.COUNT):
            ja = f"「{name}」は手続のときだけ分かるもので、閲覧の条件には使えません。"
            block.fault(
                "NOT_WHEN_SEEN", ja, f"'{name}' belongs to an event; nothing happens when somebody looks.", "if"
            )
        elif rules.names[name].personal:
            ja = f"「{name}」は個人情報なので、閲覧の条件には使えません。"
            block.fault("NOT_WHEN_SEEN", ja, f"'{name}' is personal; who may see a case cannot depend on it.", "if")

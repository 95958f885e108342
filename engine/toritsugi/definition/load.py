"""YAML text to a `Procedure`, or all the reasons why not.

Pure: opens no file. What a linked procedure looks like comes from `interfaces`, made with `load_interface`, so that two
procedures may refer to each other. The same procedure is read again, years later, from its stored `content` alone.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cache

from toritsugi.definition import check, parts
from toritsugi.definition.block import Block
from toritsugi.definition.content import content_of, hash_of, node_of
from toritsugi.definition.effects import Effects
from toritsugi.definition.fields import read_choices, read_data
from toritsugi.definition.finding import Faults, errors_among
from toritsugi.definition.interface import Interface, Interfaces, interface_of
from toritsugi.definition.model import Event, Guard, Link, Need, Origin, Procedure, Trigger
from toritsugi.definition.nodes import Entries, Node, places
from toritsugi.definition.rules import Rules
from toritsugi.definition.scope import names_of
from toritsugi.definition.yamltext import compose, decoded
from toritsugi.errors import DefinitionError

#: The newest form of definitions that this code reads (`format:` in the file; 1 if it is not given).
NEWEST_FORMAT = 1

_SOURCE = ("source", "basis")
_TOP_KEYS = (
    *("format", "procedure", "version", "title", "owner", "source", "subject", "one_per_subject", "parties"),
    *("choices", "data", "approvals", "documents", "ledgers", "links", "deadlines", "start", "initial"),
    *("states", "events"),
)
_EVENT_KEYS = (
    *("title", "by", "on", "from", "to", "needs", "may_give", "reason", "channels", "once", "backdate"),
    *("requires", "approvals", "effects", *_SOURCE),
)
#: What may stand in `by` beside the parties.
_ENGINE, _SIGNAL = "engine", "signal"


def load(
    text: str | bytes, *, file: str, interfaces: Interfaces, codes: Collection[str] = check.REFUSAL_CODES
) -> Procedure:
    """The procedure that a YAML text describes.

    Args:
        text: the file's content; bytes must be UTF-8, a byte-order mark is tolerated.
        file: what the author calls the file; used in messages only.
        interfaces: id of a linked procedure -> its interface (None: there is none). Not asked for the procedure itself.
        codes: the refusal codes that `else:` may name.
    Raises:
        DefinitionError: with every fault that was found, in the order of the text.
    """
    faults = Faults()
    root = _root(text, faults, file)
    return _procedure(root, faults, file, interfaces, codes)


def load_content(content: str, interfaces: Interfaces, codes: Collection[str] = check.REFUSAL_CODES) -> Procedure:
    """The procedure whose `content` was stored; equal to the one it was stored from, but without places in a text.

    Raises:
        DefinitionError: the content is not one, or this code finds fault with it.
        ValueError: the text is no JSON of a definition.
    """
    return _procedure(node_of(content), Faults(), "content", interfaces, codes)


def load_interface(text: str | bytes, *, file: str) -> Interface:
    """The outside of the procedure that a YAML text describes, for those that link to it.

    Raises:
        DefinitionError: the text or its data part cannot be read.
    """
    faults = Faults()
    found = interface_of(Block(_root(text, faults, file), "", faults, None))
    _refuse_if_wrong(faults, file)
    return found


def _root(text: str | bytes, faults: Faults, file: str) -> Node:
    plain = decoded(text, faults)
    root = compose(plain, faults) if plain is not None else None
    if root is None or not isinstance(root, Entries):
        if not faults.found:
            ja, en = "「見出し: 値」の形で書いてください。", "write `key: value` lines."
            faults.add("EXPECTED_MAPPING", "", None, ja=ja, en=en)
        raise DefinitionError(errors_among(faults.found), file)
    return root


def _refuse_if_wrong(faults: Faults, file: str) -> None:
    if errors := errors_among(faults.found):
        raise DefinitionError(errors, file)


def _procedure(root: Node, faults: Faults, file: str, interfaces: Interfaces, codes: Collection[str]) -> Procedure:
    top = Block(root, "", faults, _TOP_KEYS)
    interfaces = cache(interfaces)
    found = _Reader(top, interfaces).procedure()
    if (top.integer("format") or NEWEST_FORMAT) > NEWEST_FORMAT:
        ja, en = (
            "この定義の書式は、このプログラムより新しいものです。",
            "this definition's format is newer than this program.",
        )
        top.fault("FORMAT_TOO_NEW", ja, en, "format")
    faults.found.extend(check.check(found, interfaces=interfaces, codes=codes))
    _refuse_if_wrong(faults, file)
    return found


class _Reader:
    """Reads one procedure part by part; the parts that name others are checked afterwards, all together."""

    def __init__(self, top: Block, interfaces: Interfaces) -> None:
        self.top = top
        self.id = top.required("procedure")
        self.data = read_data(top, read_choices(top))
        self.links = parts.links(top)
        self.ledgers = parts.ledgers(top)
        self.states = parts.states(top)
        self.linked = {id_: self._interface(link, interfaces) for id_, link in self.links.items()}
        self.rules = Rules(
            names_of(
                self.data,
                {id_: ledger.title for id_, ledger in self.ledgers.items()},
                {id_: (link.title, self.linked[id_]) for id_, link in self.links.items()},
                parts.deadline_titles(top),
            )
        )
        self.effects = Effects(self.rules, self.data, self.linked)

    def procedure(self) -> Procedure:
        top = self.top
        content = content_of(top.entries)
        return Procedure(
            id=self.id,
            version=top.required("version"),
            title=parts.named(top, self.id),
            owner=top.required("owner"),
            subject=top.words("subject"),
            one_per_subject=top.yes("one_per_subject"),
            parties=parts.parties(top),
            data=self.data,
            initial=top.required("initial"),
            states=self.states,
            opening=parts.opening(top),
            events={id_: self._event(id_, block) for id_, block in top.named("events", _EVENT_KEYS)},
            deadlines=parts.deadlines(top),
            documents=parts.documents(top),
            approvals=parts.approvals(top),
            links=self.links,
            ledgers=self.ledgers,
            source=parts.source_of(top),
            content=content,
            content_hash=hash_of(content),
            positions=dict(places(top.entries)),
        )

    def _interface(self, link: Link, interfaces: Interfaces) -> Interface | None:
        """The linked procedure; a link to the procedure itself is answered from its own text."""
        if link.procedure == self.id:
            return interface_of(Block(self.top.entries, "", Faults(), None))
        return interfaces(link.procedure)

    def _event(self, id_: str, block: Block) -> Event:
        by, origin = block.words("by"), block.origin()
        if not by:
            block.required("by")
        triggers = tuple(self._triggers(block))
        if ("on" in block) != (_ENGINE in by):
            ja, en = "「by: engine」と「on:」は組で書いてください。", "`by: engine` and `on:` go together."
            block.fault("ENGINE_AND_CAUSE", ja, en, "on" if "on" in block else "by")
        return Event(
            id=id_,
            title=parts.named(block, id_),
            by=tuple(word for word in by if word not in (_ENGINE, _SIGNAL)),
            sources=self._sources(block),
            target=block.text("to"),
            by_signal=_SIGNAL in by,
            triggers=triggers,
            needs=block.words("needs"),
            may_give=block.words("may_give"),
            reason=block.one_of("reason", tuple(Need), Need.OPTIONAL),
            channels=block.words("channels"),
            once=block.yes("once"),
            backdate=block.one_of("backdate", ("allowed", "yes", "no"), "no") != "no",
            guards=tuple(self._guards(block, origin)),
            approvals=block.words("approvals"),
            effects=self.effects.read(block),
            origin=origin,
        )

    def _sources(self, block: Block) -> tuple[str, ...]:
        words = block.words("from")
        if not words:
            block.required("from")
        if words != ("any",):
            return words
        return tuple(id_ for id_, state in self.states.items() if not state.terminal)

    def _triggers(self, event: Block) -> list[Trigger]:
        found = []
        for block in event.blocks("on", ("deadline", "condition", "refused", "codes")):
            causes = [cause for cause in ("deadline", "condition", "refused") if cause in block]
            if len(causes) != 1 or ("codes" in block) != (causes == ["refused"]):
                ja = "on: には deadline、condition、refused（codes とともに）のいずれか1つを書いてください。"
                block.fault("ONE_CAUSE", ja, "`on` takes one of deadline, condition, refused (with codes).")
            elif causes == ["deadline"]:
                found.append(Trigger(deadline=block.required("deadline")))
            elif causes == ["refused"]:
                found.append(Trigger(refused=block.required("refused"), codes=block.words("codes")))
            else:
                found.append(Trigger(when=self.rules.rule(block, "condition")))
        return found

    def _guards(self, event: Block, inherited: Origin | None) -> list[Guard]:
        found = []
        for block in event.blocks("requires", ("rule", "else", "soft", "message", *_SOURCE)):
            rule, code = self.rules.rule(block, "rule"), block.required("else")
            if rule is not None:
                message, origin = block.title("message", needed=False), block.origin(inherited)
                found.append(Guard(rule=rule, code=code, soft=block.yes("soft"), message=message, origin=origin))
        return found

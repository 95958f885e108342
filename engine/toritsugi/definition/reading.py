"""The parts of one definition put together: from the tree of its text to a `Procedure`, every misreading noted."""

from __future__ import annotations

from toritsugi.definition import parts
from toritsugi.definition.block import Block
from toritsugi.definition.configurations import States, pruned
from toritsugi.definition.counts import count_titles, counted_procedures, read_counts
from toritsugi.definition.disclosure import read_disclosure
from toritsugi.definition.effects import Effects
from toritsugi.definition.fields import read_choices, read_data
from toritsugi.definition.finding import Faults
from toritsugi.definition.interface import Interface, Interfaces, interface_of
from toritsugi.definition.like import Texts, no_texts, whole
from toritsugi.definition.model import Procedure
from toritsugi.definition.model_events import Event, Guard, Need, Trigger
from toritsugi.definition.nodes import Entries, Node
from toritsugi.definition.origin import Origin
from toritsugi.definition.rules import Rules
from toritsugi.definition.scope import names_of
from toritsugi.definition.series import read_series
from toritsugi.definition.yamltext import compose, decoded

#: The newest form of definitions that this code reads (`format:` in the file; 1 if it is not given).
NEWEST_FORMAT = 1

_SOURCE = ("source", "basis")
TOP_KEYS = (
    *("format", "procedure", "version", "title", "owner", "source", "like", "subject", "one_per_subject", "parties"),
    *(
        "choices",
        "data",
        "approvals",
        "documents",
        "ledgers",
        "links",
        "counts",
        "recurring",
        "deadlines",
        "start",
        "initial",
    ),
    *("states", "events", "disclosure"),
)
EVENT_KEYS = (
    *("title", "by", "on", "from", "to", "needs", "anew", "may_give", "reason", "channels", "once", "backdate"),
    *("requires", "approvals", "effects", *_SOURCE),
)
TRIGGER_KEYS = ("deadline", "condition", "refused", "codes")
GUARD_KEYS = ("rule", "else", "soft", "message", *_SOURCE)
#: What may stand in `by` beside the parties.
_ENGINE, _SIGNAL = "engine", "signal"


def root_of(text: str | bytes, faults: Faults, texts: Texts = no_texts) -> Entries | None:
    """The tree of a definition's text, made whole where it is `like` another; None, and findings, if there is none."""
    plain = decoded(text, faults)
    if plain is None:
        return None
    faults.source = plain
    root = compose(plain, faults)
    if isinstance(root, Entries):
        return whole(root, faults, texts)
    if not faults.found:
        ja, en = "「見出し: 値」の形で書いてください。", "write `key: value` lines."
        faults.add("EXPECTED_MAPPING", "", None, ja=ja, en=en)
    return None


def read(root: Node, faults: Faults, interfaces: Interfaces, *, spoken: bool = True) -> Procedure:
    """The procedure of a tree; it knows neither its content nor the places of its parts yet.

    Args:
        spoken: False: its rules are only to be checked, never to be shown in words.
    """
    top = Block(root, "", faults, TOP_KEYS)
    found = _Reader(top, interfaces, spoken).procedure()
    if (top.integer("format") or NEWEST_FORMAT) > NEWEST_FORMAT:
        ja, en = (
            "この定義の書式は、このプログラムより新しいものです。",
            "this definition's format is newer than this program.",
        )
        top.fault("FORMAT_TOO_NEW", ja, en, "format")
    return found


class _Reader:
    """Reads one procedure part by part; the parts that name others are checked afterwards, all together."""

    def __init__(self, top: Block, interfaces: Interfaces, spoken: bool) -> None:
        self.top = top
        self.id = top.required("procedure")
        self.data = read_data(top, read_choices(top))
        self.links = parts.links(top)
        self.ledgers = parts.ledgers(top)
        self.states = States(top)
        self.linked = {id_: self._interface(link.procedure, interfaces) for id_, link in self.links.items()}
        others = {procedure or self.id for procedure in counted_procedures(top)}
        self.counts = read_counts(top, self.id, {id_: self._interface(id_, interfaces) for id_ in others})
        self.series = read_series(top)
        self.rules = Rules(
            names_of(
                self.data,
                {id_: ledger.title for id_, ledger in self.ledgers.items()},
                {id_: (link.title, self.linked[id_]) for id_, link in self.links.items()},
                parts.deadline_titles(top),
                count_titles(top),
            ),
            series=self.series,
            spoken=spoken,
        )
        self.effects = Effects(self.rules, self.data, self.linked)

    def procedure(self) -> Procedure:
        top = self.top
        first = top.required("initial")
        initial = self.states.entry(first) or first
        events = {id_: self._event(id_, block) for id_, block in top.named("events", EVENT_KEYS)}
        states, events = pruned(self.states.all, initial, events)
        return Procedure(
            id=self.id,
            version=top.required("version"),
            title=parts.named(top, self.id),
            owner=top.required("owner"),
            subject=top.words("subject"),
            one_per_subject=top.yes("one_per_subject"),
            parties=parts.parties(top),
            data=self.data,
            initial=initial,
            states=states,
            composites=self.states.composites,
            opening=parts.opening(top),
            events=events,
            deadlines=parts.deadlines(top, self.rules),
            documents=parts.documents(top),
            approvals=parts.approvals(top),
            links=self.links,
            ledgers=self.ledgers,
            counts=self.counts,
            recurring=self.series,
            disclosure=read_disclosure(top, self.rules),
            source=parts.source_of(top),
        )

    def _interface(self, procedure: str, interfaces: Interfaces) -> Interface | None:
        """A linked or counted procedure; the procedure itself is answered from its own text."""
        if procedure == self.id:
            return interface_of(Block(self.top.entries, "", Faults(), None))
        return interfaces(procedure)

    def _event(self, id_: str, block: Block) -> Event:
        by, origin = block.words("by"), block.origin()
        if not by:
            block.required("by")
        triggers = tuple(self._triggers(block))
        if ("on" in block) != (_ENGINE in by):
            ja, en = "「by: engine」と「on:」は組で書いてください。", "`by: engine` and `on:` go together."
            block.fault("ENGINE_AND_CAUSE", ja, en, "on" if "on" in block else "by")
        written = self._written(block)
        sources = self._sources(block, written)
        target = block.text("to")
        return Event(
            id=id_,
            title=parts.named(block, id_),
            by=tuple(word for word in by if word not in (_ENGINE, _SIGNAL)),
            sources=sources,
            target=self._known(block, "to", target)[0] if target else None,
            targets=self._targets(target, sources),
            written=written,
            by_signal=_SIGNAL in by,
            triggers=triggers,
            needs=block.words("needs"),
            anew=block.words("anew"),
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

    def _written(self, block: Block) -> tuple[str, ...]:
        """The states in the author's words, `any` as all that are not the end."""
        words = block.words("from")
        if not words:
            block.required("from")
        if words != ("any",):
            return words
        return tuple(dict.fromkeys(one.within or id_ for id_, one in self.states.all.items() if not one.terminal))

    def _sources(self, block: Block, written: tuple[str, ...]) -> tuple[str, ...]:
        found = (id_ for word in written for id_ in self._known(block, "from", word))
        return tuple(dict.fromkeys(found))

    def _known(self, block: Block, key: str, word: str) -> tuple[str, ...]:
        """What a word at `from` stands for (at `to`: the word); of what is unknown the words themselves, told with all others."""
        unknown = self.states.unknown(word)
        named = self.states.named(word)
        if not unknown and not named:
            ja = f"「{word[:60]}」は一つの状態の別々の部分の状態ではないので、同時には成り立ちません。"
            en = f"'{word[:60]}' are not states of different parts of one state: they never stand together."
            block.fault_in("NEVER_TOGETHER", ja, en, key, word=word)
        if unknown:
            return tuple(unknown)
        return (word,) if key == "to" else named

    def _targets(self, word: str | None, sources: tuple[str, ...]) -> dict[str, str]:
        """Where each state leads, for a word that is not itself the id of a state on its own."""
        if word is None or (word in self.states.all and not self.states.all[word].leaves):
            return {}
        return {source: target for source in sources if (target := self.states.target(word, source)) is not None}

    def _triggers(self, event: Block) -> list[Trigger]:
        found = []
        for block in event.blocks("on", TRIGGER_KEYS):
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
        for block in event.blocks("requires", GUARD_KEYS):
            rule, code = self.rules.rule(block, "rule"), block.required("else")
            if rule is not None:
                message, origin = block.title("message", needed=False), block.origin(inherited)
                found.append(Guard(rule=rule, code=code, soft=block.yes("soft"), message=message, origin=origin))
        return found

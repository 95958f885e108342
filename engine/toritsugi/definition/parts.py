"""The small parts of a definition: parties, states, ledgers, documents, approvals, links, deadlines, the opening."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TypeVar

from toritsugi.definition.block import Block
from toritsugi.definition.duration import BadDuration, Duration, Unit, parse_duration
from toritsugi.definition.fields import read_yen
from toritsugi.definition.finding import Faults
from toritsugi.definition.model import Approval, Deadline, Document, Kinship, Ledger, Link, Nature, Party
from toritsugi.definition.model_events import Opening
from toritsugi.definition.model_states import State
from toritsugi.definition.nodes import Entries
from toritsugi.definition.patterns import Pattern
from toritsugi.definition.rules import Rules
from toritsugi.definition.types import DATE, Title

_Part = TypeVar("_Part")

#: A `due` that is one word names a field; anything more is a date or how it is worked out.
_ID = Pattern(r"[a-z][a-z0-9_]*")

_SOURCE = ("source", "basis")
START_KEYS = ("by", "needs", "may_give")
PARTY_KEYS = ("title", "institution", "called", "contact")
STATE_KEYS = ("title", "ends", "withdrawn", "parts", *_SOURCE)
LINK_KEYS = ("title", "procedure", "relation", "carries", "without", "parties", *_SOURCE)
LEDGER_KEYS = ("title", "ceiling", *_SOURCE)
DOCUMENT_KEYS = ("title", "shows", "may_see", *_SOURCE)
APPROVAL_KEYS = ("title", "by", "recipient", *_SOURCE)
STARTS_KEYS = ("on", "counted_from")
DEADLINE_KEYS = (
    *("title", "within", "due", "roll", "calendar", "starts", "met_by", "cancelled_by", "suspended_by", "resumed_by"),
    *("nature", "responsible", "missed", "enabled", *_SOURCE),
)


def named(block: Block, id_: str) -> Title:
    """A title; the id stands in where it is missing, so that reading can go on."""
    return block.title() or Title(ja=id_, en=id_)


def source_of(top: Block) -> str:
    """What the procedure as a whole rests on: the name of the manual."""
    if isinstance(top.get("source"), Entries):
        return Block(top.get("source"), "source", top.faults, ("id", "title")).required("title")
    return top.required("source")


def opening(top: Block) -> Opening:
    """Who opens a case, with what."""
    block = top.block("start", START_KEYS)
    if block is None:
        top.required("start")
        return Opening(by=())
    return Opening(by=block.words("by"), needs=block.words("needs"), may_give=block.words("may_give"))


def parties(top: Block) -> dict[str, Party]:
    """The roles, by id."""
    return _every(top, "parties", PARTY_KEYS, _party)


def ledgers(top: Block) -> dict[str, Ledger]:
    """The allowances, by id."""
    return _every(top, "ledgers", LEDGER_KEYS, _ledger)


def documents(top: Block) -> dict[str, Document]:
    """The forms and reports, by id."""
    return _every(top, "documents", DOCUMENT_KEYS, _document)


def approvals(top: Block) -> dict[str, Approval]:
    """The consents, by id."""
    return _every(top, "approvals", APPROVAL_KEYS, _approval)


def links(top: Block) -> dict[str, Link]:
    """The links to other cases, by id."""
    return _every(top, "links", LINK_KEYS, _link)


def deadlines(top: Block, rules: Rules) -> dict[str, Deadline]:
    """The deadlines, by id."""
    return _every(top, "deadlines", DEADLINE_KEYS, lambda id_, block: _deadline(id_, block, rules))


def deadline_titles(top: Block) -> dict[str, Title]:
    """What the deadlines are called; their faults are noted where they are read whole."""
    quiet = Block(top.node, "", Faults(), None)
    return {id_: named(block, id_) for id_, block in quiet.named("deadlines", None)}


def _every(top: Block, key: str, keys: Collection[str], read: Callable[[str, Block], _Part]) -> dict[str, _Part]:
    return {id_: read(id_, block) for id_, block in top.named(key, keys)}


def _link(id_: str, block: Block) -> Link:
    played = Block(block.get("parties"), block.at("parties"), block.faults, None)
    chosen = {id_ for id_, node in played.entries.entries.items() if isinstance(node, Entries)}
    return Link(
        id=id_,
        title=named(block, id_),
        procedure=block.required("procedure"),
        relation=block.one_of("relation", tuple(Kinship), Kinship.SUBJECT),
        carries=block.pairs("carries"),
        without=block.words("without"),
        parties={theirs: played.required(theirs) for theirs in played.entries.entries if theirs not in chosen},
        institutions={theirs: _institution(played, theirs) for theirs in played.entries.entries if theirs in chosen},
        origin=block.origin(),
    )


def _institution(played: Block, theirs: str) -> str:
    """The field that names who plays a party of the linked case: `{institution: field}`."""
    return Block(played.get(theirs), played.at(theirs), played.faults, ("institution",)).required("institution")


def _party(id_: str, block: Block) -> Party:
    return Party(
        id=id_,
        title=named(block, id_),
        institution=block.text("institution"),
        called=block.text("called"),
        contact=block.pairs("contact"),
    )


def state(id_: str, block: Block) -> State:
    """A state; one that has parts is written out afterwards (configurations.py)."""
    return State(
        id=id_,
        title=named(block, id_),
        terminal=block.yes("ends"),
        withdrawn=block.yes("withdrawn"),
        origin=block.origin(),
    )


def _ledger(id_: str, block: Block) -> Ledger:
    return Ledger(id=id_, title=named(block, id_), ceiling_yen=read_yen(block, "ceiling"), origin=block.origin())


def _document(id_: str, block: Block) -> Document:
    may_see = frozenset(block.words("may_see"))
    return Document(
        id=id_, title=named(block, id_), fields=block.words("shows"), may_see=may_see, origin=block.origin()
    )


def _approval(id_: str, block: Block) -> Approval:
    return Approval(
        id=id_,
        title=named(block, id_),
        by=block.words("by"),
        recipient=block.text("recipient"),
        origin=block.origin(),
    )


def _deadline(id_: str, block: Block, rules: Rules) -> Deadline:
    due = block.text("due")
    by_field = due is None or bool(_ID.fullmatch(due))
    starts = Block(block.get("starts"), block.at("starts"), block.faults, STARTS_KEYS)
    if ("within" in block) == ("due" in block):
        ja, en = (
            "within（期間）か due（期日、またはその項目）のどちらか一方を書いてください。",
            "give either `within` or `due`.",
        )
        block.fault("WITHIN_OR_DUE", ja, en)
    within = _duration(block)
    return Deadline(
        id=id_,
        title=named(block, id_),
        calendar=block.required("calendar"),
        starts=starts.words("on"),
        counted_from=starts.text("counted_from"),
        within=within,
        due_field=due if by_field else None,
        due_value=None if by_field else rules.value(block, "due", DATE),
        roll=_roll(block, within),
        met_by=block.words("met_by"),
        cancelled_by=block.words("cancelled_by"),
        suspended_by=block.words("suspended_by"),
        resumed_by=block.words("resumed_by"),
        nature=block.one_of("nature", tuple(Nature), Nature.PRINCIPLE),
        responsible=block.text("responsible"),
        missed=block.text("missed"),
        enabled=block.yes("enabled", default=True),
        origin=block.origin(),
    )


def _roll(block: Block, within: Duration | None) -> str:
    """What becomes of a due date on a closed day; business days never end on one, and a date is taken as it is given."""
    roll = block.one_of("roll", ("none", "next", "previous"), "none")
    if roll != "none" and (within.unit is Unit.business_days if within is not None else "due" in block):
        ja = "roll: は、日・週・月・年で数える期限（within）にだけ付けられます。"
        block.fault("ROLL_MEANS_NOTHING", ja, "`roll` goes with `within` in days, weeks, months or years only.", "roll")
    return roll


def _duration(block: Block) -> Duration | None:
    text = block.text("within")
    if text is None:
        return None
    try:
        return parse_duration(text)
    except BadDuration as error:
        block.fault_in("BAD_DURATION", error.ja, error.en, "within")
        return None

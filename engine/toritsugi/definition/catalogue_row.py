"""One row of a catalogue: from its block of YAML to a `Row`, every misreading noted with its line."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from toritsugi.definition.block import Block
from toritsugi.definition.faults import near
from toritsugi.definition.literals import fold, read_integer
from toritsugi.definition.measure import Amount, Contact, Fee, Onward, Rate, Row, RowStatus, When, Window
from toritsugi.definition.nodes import Items, Text
from toritsugi.definition.origin import Basis
from toritsugi.definition.prefectures import PREFECTURES, prefecture
from toritsugi.definition.types import LARGEST_INTEGER, Title

ROW_KEYS = (
    *(
        "title",
        "letter",
        "step",
        "institution",
        "prefectures",
        "needs",
        "fee",
        "fee_note",
        "prices",
        "rate",
        "ceilings",
    ),
    *("window", "status", "screened", "draws_on_frame", "content", "limits", "contacts", "onward", "template"),
    *("procedure", "source", "basis"),
)
ONWARD_KEYS = ("to", "needs", "condition", "procedure")
#: How a catalogue's institutions are asked.
WAYS = ("phone", "fax", "email", "web", "desk")
TEMPLATES = ("dispatch", "one_stop_desk", "agreement_programme", "periodic_meeting", "periodic_event")
#: `step: all` and `step: ref` (a reference outside the roadmap).
ALL, REFERENCE = "all", "ref"

_RATE = re.compile(r"([0-9]{1,3})\s*[/／]\s*([0-9]{1,3})")
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """What the rows of one catalogue may name."""

    steps: Collection[int]
    institutions: Collection[str]
    needs: Collection[str]
    #: prefectures of every row that names none itself.
    prefectures: tuple[str, ...]
    #: whether there is a procedure of this id.
    known: Callable[[str], bool]


def read_row(id_: str, block: Block, shelf: Shelf) -> Row:
    """The row that a block describes."""
    when, windows, status = _when(block)
    return Row(
        id=id_,
        title=block.title() or Title(ja=id_, en=id_),
        institutions=_named(block, "institution", shelf.institutions, "機関"),
        needs=_named(block, "needs", shelf.needs, "用途（needs）"),
        source=block.required("source"),
        basis=block.one_of("basis", tuple(Basis), Basis.STATED),
        steps=_steps(block, shelf),
        letter=block.text("letter") or "",
        prefectures=prefectures(block) or shelf.prefectures,
        fee=block.one_of("fee", tuple(Fee), Fee.NOT_STATED),
        fee_note=block.title("fee_note", needed=False),
        prices=_amounts(block, "prices"),
        rate=_rate(block),
        ceilings=_amounts(block, "ceilings"),
        when=when,
        windows=windows,
        status=status,
        screened=block.yes("screened"),
        draws_on_frame=block.yes("draws_on_frame") if "draws_on_frame" in block else None,
        content=block.title("content", needed=False),
        limits=block.title("limits", needed=False),
        contacts=_contacts(block),
        onward=tuple(_onward(one, shelf) for one in block.blocks("onward", ONWARD_KEYS)),
        template=block.one_of("template", ("", *TEMPLATES), ""),
        procedure=_procedure(block, shelf),
    )


def _named(block: Block, key: str, allowed: Collection[str], noun: str, needed: bool = True) -> tuple[str, ...]:
    """Words at a key that the head of the catalogue has to know."""
    words = block.words(key)
    if needed and not words and not isinstance(block.get(key), Items):
        block.required(key)
    for word in words:
        if word not in allowed:
            ja, en = (
                f"「{word[:60]}」という{noun}は、この一覧の初めにありません。",
                f"the head of this catalogue has no '{word[:60]}'.",
            )
            code = "UNKNOWN_NEED" if key == "needs" else "UNKNOWN_INSTITUTION"
            block.fault_in(code, ja, en, key, near(word, allowed), allowed=tuple(allowed), word=word)
    return tuple(word for word in words if word in allowed)


def _steps(block: Block, shelf: Shelf) -> tuple[int, ...]:
    words = block.words("step")
    if not words and shelf.steps:
        block.required("step")
    if words == (ALL,):
        return tuple(shelf.steps)
    if words == (REFERENCE,):
        return ()
    known = {str(number): number for number in shelf.steps}
    for word in words:
        if word not in known:
            ja, en = f"「{word[:20]}」という段階はありません。", f"there is no step '{word[:20]}'."
            block.fault_in("UNKNOWN_STEP", ja, en, "step", allowed=(*known, ALL, REFERENCE), word=word)
    return tuple(known[word] for word in words if word in known)


def prefectures(block: Block) -> tuple[str, ...]:
    """Ids of the prefectures at `prefectures`."""
    words = block.words("prefectures")
    for word in words:
        if prefecture(word) is None:
            ja, en = f"「{word[:20]}」という都道府県はありません。", f"there is no prefecture '{word[:20]}'."
            block.fault_in("UNKNOWN_PREFECTURE", ja, en, "prefectures", near(word, PREFECTURES), word=word)
    return tuple(found for word in words if (found := prefecture(word)) is not None)


def _when(block: Block) -> tuple[When, tuple[Window, ...], RowStatus]:
    """When it may be applied for: a word, or one or more pairs of dates; and its status, which must agree."""
    status = block.one_of("status", tuple(RowStatus), RowStatus.RUNNING)
    if isinstance(block.get("window"), Text):
        when: When = block.one_of("window", [one for one in When if one is not When.DATES], When.NOT_STATED)
        windows: tuple[Window, ...] = ()
    else:
        windows = tuple(read_window(one, "opens", "closes") for one in block.blocks("window", ("opens", "closes")))
        when = When.DATES if windows else When.NOT_STATED
        _in_order(block, windows)
    if status is RowStatus.CLOSED and when is not When.NOT_STATED:
        ja = "公募が終了したもの（status: closed）に、受付期間（window）は書けません。"
        block.fault("CLOSED_WITH_WINDOW", ja, "a closed call (`status: closed`) has no `window`.", "window")
    return when, windows, status


def _in_order(block: Block, windows: tuple[Window, ...]) -> None:
    for one, following in pairwise(windows):
        if one.closes is None or following.opens is None or following.opens <= one.closes:
            ja = "受付期間が重なっているか、日付の順に並んでいません。"
            block.fault("BAD_WINDOW", ja, "the windows overlap, or are not in the order of their days.", "window")


def read_window(block: Block, first: str, last: str) -> Window:
    """The days from one key to another, both ends in them."""
    opens, closes = _day(block, first), _day(block, last)
    if first not in block and last not in block:
        ja, en = f"「{first}」か「{last}」が必要です。", f"'{first}' or '{last}' is needed."
        block.fault("MISSING", ja, en)
    if opens is not None and closes is not None and closes < opens:
        block.fault("BAD_WINDOW", f"「{last}」が「{first}」より前です。", f"'{last}' lies before '{first}'.", last)
    return Window(opens=opens, closes=closes)


def _day(block: Block, key: str) -> date | None:
    found = block.text(key)
    if found is None:
        if key in block:
            block.required(key)
        return None
    try:
        if _ISO_DATE.fullmatch(found):
            return date.fromisoformat(found)
    except ValueError:
        pass
    ja, en = (
        f"「{found[:20]}」は 2016-11-04 の形の実在する日で書いてください。",
        f"'{found[:20]}' is no day, written 2016-11-04.",
    )
    block.fault_in("BAD_DATE", ja, en, key)
    return None


def _amounts(block: Block, key: str) -> tuple[Amount, ...]:
    """`1,400,000`, or a list of {yen, title}."""
    node = block.get(key)
    if isinstance(node, Text):
        yen = _yen(block, key)
        return () if yen is None else (Amount(yen=yen),)
    found = []
    for one in block.blocks(key, ("yen", "title")):
        one.required("yen")
        if (yen := _yen(one, "yen")) is not None:
            found.append(Amount(yen=yen, title=one.title(needed=False)))
    return tuple(found)


def _yen(block: Block, key: str) -> int | None:
    text = block.text(key)
    try:
        found = None if text is None else read_integer(fold(text))
    except ValueError:
        found = -1
    if found is not None and not 0 < found <= LARGEST_INTEGER:
        block.fault_in("NOT_AN_AMOUNT", "金額は円の整数で書いてください。", "write an amount in whole yen.", key)
        return None
    return found


def _rate(block: Block) -> Rate | None:
    text = block.text("rate")
    if text is None:
        return None
    match = _RATE.fullmatch(fold(text))
    if match is None or not 0 < int(match[1]) <= int(match[2]):
        block.fault_in("BAD_RATE", "補助率は 2/3 のように書いてください。", "write a rate like 2/3.", "rate")
        return None
    return Rate(numerator=int(match[1]), denominator=int(match[2]))


def _contacts(block: Block) -> tuple[Contact, ...]:
    """A list of `phone: ...`, `web: ...` and so on, one or more a line."""
    found = []
    for one in block.blocks("contacts", WAYS):
        found += [Contact(way=way, address=one.required(way)) for way in one.entries.entries if way in WAYS]
    return tuple(found)


def _onward(block: Block, shelf: Shelf) -> Onward:
    return Onward(
        institution="".join(_named(block, "to", shelf.institutions, "機関")[:1]),
        needs=_named(block, "needs", shelf.needs, "用途（needs）", needed=False),
        condition=block.title("condition", needed=False),
        procedure=_procedure(block, shelf),
    )


def _procedure(block: Block, shelf: Shelf) -> str | None:
    found = block.text("procedure")
    if found is not None and not shelf.known(found):
        ja, en = f"「{found[:60]}」という手続はありません。", f"there is no procedure '{found[:60]}'."
        block.fault_in("UNKNOWN_PROCEDURE", ja, en, "procedure")
    return found

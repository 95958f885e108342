"""An institution's manifest: its YAML text to plain checked values, or all the reasons why not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, time
from typing import Any

from toritsugi.definition.block import Block
from toritsugi.definition.faults import near
from toritsugi.definition.fields import CHANNELS
from toritsugi.definition.finding import Faults, Finding, errors_among
from toritsugi.definition.nodes import Entries
from toritsugi.definition.series import RULE_KEYS, read_rule
from toritsugi.definition.yamltext import compose, decoded
from toritsugi.errors import DefinitionError

_KEYS = ("id", "title", "addresses", "inquiries", "closures", "acceptance", "cutoff", "recurring", "source")
#: CAL-4.
ACCEPTANCE = ("next_open_day", "arrival_date")

_ID = re.compile(r"[a-z][a-z0-9_]{0,59}")
_EVERY_YEAR = re.compile(r"([0-9]{2})-([0-9]{2})")
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


def describes_institution(text: bytes) -> bool:
    """Whether a file is a manifest, by its first words: it gives an `id`, and nothing else that begins a definition."""
    lines = text.decode("utf-8-sig", "replace").splitlines()
    heads = {line.partition(":")[0] for line in lines if line[:1].isalpha()}
    return "id" in heads and heads.isdisjoint(("procedure", "catalogue"))


def lint_manifest(text: str | bytes) -> tuple[Finding, ...]:
    """The findings on a manifest's text, in the order of the text; never raises for what an author wrote."""
    faults = Faults()
    plain = decoded(text, faults)
    root = compose(plain, faults) if plain is not None else None
    if root is not None:
        _values(Block(root, "", faults, _KEYS))
    return tuple(sorted(faults.found, key=lambda one: (one.position is not None, one.position or ())))


def manifest_values(text: str | bytes, *, file: str) -> Mapping[str, Any]:
    """The values of a manifest, by the names of `InstitutionManifest`'s fields.

    Args:
        file: what the author calls the file; used in messages only.
    Raises:
        DefinitionError: unknown keys, missing texts, days that do not exist; every fault with its line.
    """
    faults = Faults()
    plain = decoded(text, faults)
    root = compose(plain, faults) if plain is not None else None
    values = {} if root is None else _values(Block(root, "", faults, _KEYS))
    if errors := errors_among(faults.found):
        raise DefinitionError(errors, file)
    return values


def _values(top: Block) -> dict[str, Any]:
    title = top.title()
    return {
        "id": _id(top),
        "title": {"ja": title.ja, "en": title.en} if title else {},
        "addresses": _by_channel(top, "addresses"),
        "inquiries": _by_channel(top, "inquiries"),
        "closures": tuple(_closure(block) for block in top.blocks("closures", ("on", "from", "to", "title"))),
        "acceptance": top.one_of("acceptance", ACCEPTANCE, "next_open_day"),
        "cutoff": _cutoff(top),
        "recurring": {id_: rule for id_, block in top.named("recurring", RULE_KEYS) if (rule := read_rule(block))},
        "source": _source(top),
    }


def _id(top: Block) -> str:
    found = top.required("id")
    if found and not _ID.fullmatch(found):
        ja = f"「{found[:60]}」は識別名にできません。英小文字で始め、英小文字・数字・_ だけを使ってください。"
        top.fault(
            "BAD_ID", ja, f"'{found[:60]}' cannot be an id: lower-case letters, digits and _, a letter first.", "id"
        )
    return found


def _by_channel(top: Block, key: str) -> dict[str, str]:
    """Channel -> address, as published."""
    found = top.pairs(key)
    group = top.block(key, None)
    for channel in found:
        if group is not None and channel not in CHANNELS:
            ja, en = f"「{channel[:60]}」という方法はありません。", f"there is no channel '{channel[:60]}'."
            group.fault("UNKNOWN_CHANNEL", ja, en, channel, near(channel, CHANNELS) or sorted(CHANNELS))
    return found


def _closure(block: Block) -> dict[str, Any]:
    title = block.title()
    ends = {key: block.required(key) for key in ("on", "from", "to") if key in block}
    if set(ends) not in ({"on"}, {"from", "to"}):
        block.fault(
            "BAD_CLOSURE", "on、または from と to のどちらかを書いてください。", "give either `on`, or `from` and `to`."
        )
    yearly = [_yearly(block, key, text) for key, text in ends.items()]
    if None not in yearly and len(set(yearly)) > 1:
        ja, en = "from と to は同じ形（MM-DD か YYYY-MM-DD）で書いてください。", "`from` and `to` take the same form."
        block.fault("BAD_CLOSURE", ja, en, "to")
    elif yearly == [False, False] and ends["to"] < ends["from"]:
        block.fault("BAD_CLOSURE", "to が from より前です。", "`to` lies before `from`.", "to")
    return {**ends, "title": {"ja": title.ja, "en": title.en} if title else {}}


def _yearly(block: Block, key: str, text: str) -> bool | None:
    """True: MM-DD, every year; False: one date; None, and a fault: no day."""
    try:
        if match := _EVERY_YEAR.fullmatch(text):
            date(2000, int(match[1]), int(match[2]))  # a leap year: 02-29 closes only where it exists
            return True
        if _ISO_DATE.fullmatch(text):
            date.fromisoformat(text)
            return False
    except ValueError:
        pass
    ja = f"「{text[:20]}」は MM-DD（毎年）か YYYY-MM-DD の実在する日で書いてください。"
    block.fault("BAD_DATE", ja, f"'{text[:20]}' is no day that exists, written MM-DD (every year) or YYYY-MM-DD.", key)
    return None


def _cutoff(top: Block) -> str | None:
    found = top.text("cutoff")
    if found is not None and not _CLOCK.fullmatch(found):
        ja, en = f"「{found[:20]}」は 17:30 のように書いてください。", f"'{found[:20]}': write it like 17:30."
        top.fault("BAD_TIME", ja, en, "cutoff")
        return None
    return None if found is None else time.fromisoformat(found).strftime("%H:%M")


def _source(top: Block) -> str:
    if isinstance(top.get("source"), Entries):
        block = top.block("source", ("id", "title"))
        return block.required("title") if block is not None else ""
    return top.required("source")

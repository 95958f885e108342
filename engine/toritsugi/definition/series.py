"""The `recurring:` part of a definition or of an institution's manifest: days that come again, every misreading noted."""

from __future__ import annotations

from toritsugi.definition.block import Block
from toritsugi.definition.recurring import MOST_DAYS, ROLLS, BadDay, Every, Recurrence, Series, read_day
from toritsugi.definition.types import Title

#: How a series comes again; all that a manifest says of one.
RULE_KEYS = ("every", "on", "roll")
SERIES_KEYS = ("title", *RULE_KEYS, "calendar", "source", "basis")


def read_series(top: Block) -> dict[str, Series]:
    """The series of a procedure, by id."""
    found = {}
    for id_, block in top.named("recurring", SERIES_KEYS):
        rule, calendar = read_rule(block), block.text("calendar")
        if rule is not None and rule.roll != "none" and calendar is None:
            ja = "roll: には、どの機関の営業日で動かすか（calendar）が必要です。"
            block.fault(
                "CALENDAR_NEEDED", ja, "`roll` needs the institution whose open days count: `calendar`.", "roll"
            )
        if rule is not None:
            title = block.title() or Title(ja=id_, en=id_)
            found[id_] = Series(id=id_, title=title, rule=rule, calendar=calendar, origin=block.origin())
    return found


def read_rule(block: Block) -> Recurrence | None:
    """How a series comes again; None, and findings, if that cannot be read."""
    every = block.one_of("every", tuple(Every), Every.MONTH)
    if "every" not in block:
        block.required("every")
    roll = block.one_of("roll", ROLLS, "none")
    words = block.words("on")
    if not words:
        block.required("on")
    if len(words) > MOST_DAYS:
        block.fault("TOO_MANY_DAYS", f"{MOST_DAYS}日までです。", f"at most {MOST_DAYS} days.", "on")
        return None
    days = []
    for word in words:
        try:
            days.append(read_day(word, every))
        except BadDay as bad:
            block.fault_in("BAD_DAY", bad.ja, bad.en, "on", word=word)
    if not days or len(days) < len(words):
        return None
    return Recurrence(every=every, on=tuple(dict.fromkeys(days)), roll=roll)

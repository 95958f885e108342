"""Writes the tables of docs/language.md and the whole of docs/procedure.schema.json from the code's own lists of keys.

.venv/bin/python scripts/language.py          write both anew
.venv/bin/python scripts/language.py --check  say whether they are current (exit code 1: they are not)
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

from toritsugi.definition import check, configurations, disclosure, effects, fields, like, model, parts, reading
from toritsugi.definition.tokens import JAPANESE
from toritsugi.definition.types import Kind

DOCS = Path(__file__).parents[1] / "docs"
LANGUAGE, SCHEMA = DOCS / "language.md", DOCS / "procedure.schema.json"
_SCHEMA_ID = "urn:toritsugi:procedure.schema.json"

#: (block, key) -> (form, what it means). Forms are those of `_FORMS`; `!` behind one: needed.
_COMMON = {
    "title": ("title!", "What people call it, in Japanese and English."),
    "source": ("text", "Section of the manual it rests on."),
    "basis": ("basis", "How firmly: stated (default), implied, policy."),
}
_TYPE = {
    "type": ("type!", "Kind of value; see below."),
    "options": ("options", "choice: id → title, or the name of a set under `choices`."),
    "of": ("of", "list: type of each entry."),
    "fields": ("fields", "record: its fields."),
    "max_length": ("integer", "text: most characters; list: most entries."),
    "minimum": ("amount", "integer, yen: smallest value."),
    "maximum": ("amount", "integer, yen: largest value."),
}
KEYS: dict[str, dict[str, tuple[str, str]]] = {
    "procedure": {
        "format": ("integer", "Form of the file; 1."),
        "procedure": ("id!", "Id of the procedure."),
        "version": ("text!", "Version of this text; a change makes a new one."),
        "title": _COMMON["title"],
        "owner": ("word!", "Party or institution that owns the procedure."),
        "source": ("document!", "The manual it is taken from."),
        "like": ("block:like", "Another procedure that this one is like; then only what differs is written."),
        "subject": ("words!", "Fields that tell what a case is about: the first that is set."),
        "one_per_subject": ("yes_no", "Only one open case per subject."),
        "parties": ("map:party!", "Who plays a part."),
        "choices": ("choices", "Sets of options that several fields share."),
        "data": ("map:field!", "What a case may hold."),
        "approvals": ("map:approval", "Consents that can be given and withdrawn."),
        "documents": ("map:document", "Forms and reports: what they show and to whom."),
        "ledgers": ("map:ledger", "Allowances in yen without consumption tax."),
        "links": ("map:link", "Other cases that this one opens, reads or signals."),
        "deadlines": ("map:deadline", "Times by which something must happen."),
        "start": ("block:start!", "Who opens a case, with what."),
        "initial": ("word!", "State in which a case begins."),
        "states": ("map:state!", "The states."),
        "events": ("map:event!", "Who may do what, from where, on what conditions, with what effect."),
        "disclosure": ("map:class", "Which party may see what; without it, every party of a case sees all of it."),
    },
    "like": {
        "procedure": ("word!", "Id of that procedure."),
        "words": ("pairs", "word there → word here; an id where it stands alone, any other word wherever it stands."),
        "without": ("parts", "part → names of what is left out."),
        "also": ("anything", "part → name → what is added to it: lists grow, the rest is replaced."),
    },
    "party": {
        "title": _COMMON["title"],
        "institution": ("word", "Institution that always plays this part; without it, named when a case is opened."),
        "called": ("word", "Field with this party's name, for letters."),
        "contact": ("pairs", "channel → field with the address."),
    },
    "field": {
        **_TYPE,
        "title": _COMMON["title"],
        "personal": ("yes_no", "Personal data: kept encrypted, never in history, logs or errors."),
        "menus": (
            "yes_no",
            "text: proposes support by the numbers of catalogues; one that is closed that day refuses the event.",
        ),
        "source": _COMMON["source"],
        "basis": _COMMON["basis"],
    },
    "state": {
        "title": _COMMON["title"],
        "ends": ("yes_no", "The case ends here."),
        "withdrawn": ("yes_no", "Entering it recalls messages that have not left."),
        "parts": ("map:state_part", "Parts that each go their own way while the case is in this state; see below."),
        "source": _COMMON["source"],
        "basis": _COMMON["basis"],
    },
    "state_part": {
        "title": _COMMON["title"],
        "initial": ("word!", "State in which the part begins."),
        "states": ("map:leaf!", "The states of the part."),
    },
    "leaf": {key: _COMMON[key] for key in ("title", "source", "basis")},
    "start": {
        "by": ("words!", "Parties that may open a case."),
        "needs": ("words", "Fields that must be given."),
        "may_give": ("words", "Fields that may be given."),
    },
    "event": {
        "title": _COMMON["title"],
        "by": ("words!", "Parties that may do it; `engine` (with `on`); `signal` (from a linked case)."),
        "on": ("triggers", "What makes the engine do it: a deadline, a condition, a refusal."),
        "from": (
            "words!",
            "States in which it may be done; `any`: all that are not the end; `a + b`: in both of these.",
        ),
        "to": ("word", "State it leads to; without it the state stays."),
        "needs": ("words", "Fields that must be set, before or with it."),
        "may_give": ("words", "Fields that may be given along."),
        "reason": ("reason", "Written reason: never, optional (default), required."),
        "channels": ("channels", "By which ways it may come in."),
        "once": ("yes_no", "A second time is refused."),
        "backdate": ("backdate", "May have happened before the last recorded event."),
        "requires": ("guards", "Conditions; the event is refused unless all hold."),
        "approvals": ("words", "Consents without which it is refused."),
        "effects": ("effects", "What follows, in this order."),
        "source": _COMMON["source"],
        "basis": _COMMON["basis"],
    },
    "trigger": {
        "deadline": ("word", "This deadline has passed."),
        "condition": ("rule", "This holds; looked at after every step."),
        "refused": ("word", "This event was refused …"),
        "codes": ("words", "… with one of these codes."),
    },
    "guard": {
        "rule": ("rule!", "What must hold."),
        "else": ("code!", "Code of the refusal."),
        "soft": ("yes_no", "A named person may override it with a written reason."),
        "message": ("title", "What the refused person is told."),
        "source": _COMMON["source"],
        "basis": _COMMON["basis"],
    },
    "deadline": {
        "title": _COMMON["title"],
        "within": ("duration", "How long: `7 business days`, 7営業日, `3 months`."),
        "due": ("value", "Or: the field with the date, the date itself, or how it is worked out."),
        "roll": ("roll", "When that date is a closed day: none (default), next, previous."),
        "calendar": ("word!", "Institution whose business days count."),
        "starts": ("block:starts!", "What starts it."),
        "met_by": ("words", "Events that fulfil it."),
        "cancelled_by": ("words", "Events that make it moot."),
        "suspended_by": ("words", "Events that stop it: from that day on no day counts, and it cannot be missed …"),
        "resumed_by": ("words", "… until one of these: what was left is counted from the day after."),
        "nature": ("nature", "What missing it means."),
        "responsible": ("word", "Party that must act."),
        "missed": ("word", "Engine event fired when it passes."),
        "enabled": ("yes_no", "no: written down, but not counted."),
        "source": _COMMON["source"],
        "basis": _COMMON["basis"],
    },
    "starts": {
        "on": ("words!", "Events that start it; `open`: the opening of the case."),
        "counted_from": ("word", "Field (date or moment) from which it counts; else the event itself."),
    },
    "document": {
        "title": _COMMON["title"],
        "shows": ("words", "Fields, and names such as `frame.allowance.balance`."),
        "may_see": ("words", "Parties that may see it."),
        "source": _COMMON["source"],
        "basis": _COMMON["basis"],
    },
    "approval": {
        "title": _COMMON["title"],
        "by": ("words!", "Parties that may give or withdraw it."),
        "recipient": ("word", "Party to whom disclosure is approved."),
        "source": _COMMON["source"],
        "basis": _COMMON["basis"],
    },
    "ledger": {
        "title": _COMMON["title"],
        "ceiling": ("amount!", "Most that may be spent: `1,000,000 yen`, 100万円."),
        "source": _COMMON["source"],
        "basis": _COMMON["basis"],
    },
    "link": {
        "title": _COMMON["title"],
        "procedure": ("word!", "Id of the other procedure."),
        "relation": ("relation", "subject (default), child, parent, sibling; see below."),
        "carries": ("pairs", "its field ← our field, when it is opened."),
        "parties": ("played", "its party ← our party, or `{institution: our field}`."),
        "source": _COMMON["source"],
        "basis": _COMMON["basis"],
    },
    "class": {
        "title": _COMMON["title"],
        "fields": ("words", "Fields that belong to it."),
        "parties": ("words", "Parties of whom it is shown who plays them."),
        "documents": ("words", "Documents that belong to it."),
        "links": ("words", "Links of which it is shown that there is a case, and which."),
        "ledgers": ("words", "Ledgers that belong to it."),
        "reasons": ("yes_no", "The written reasons of history rows belong to it."),
        "seen_by": ("sightings!", "Who sees it: lists of parties, or `parties` with a condition; one is enough."),
        "source": _COMMON["source"],
        "basis": _COMMON["basis"],
    },
    "sighting": {
        "parties": ("words!", "These parties see it …"),
        "if": ("rule", "… while this holds …"),
        "approval": ("word", "… and while this consent stands."),
    },
    "effect": {
        "set": ("values", "Fields take values."),
        "clear": ("words", "Fields are emptied."),
        "add": ("anything", "An entry is added to a list: `to`, `entry`."),
        "send": ("block:send", "A document leaves."),
        "notify": ("block:notify", "A notice leaves."),
        "open": ("word", "A linked case is opened."),
        "signal": ("block:signal", "An event in the linked case."),
        "reserve": ("block:post", "An amount is set aside on a ledger."),
        "consume": ("block:post", "An amount is spent."),
        "release": ("block:post", "What was set aside is free again."),
        "approve": ("word", "A consent is recorded as given."),
        "revoke": ("word", "A consent is withdrawn."),
        "appoint": ("block:appoint", "From now on an institution plays a part in this case."),
        "if": ("rule", "Only if this holds."),
    },
    "send": {
        "document": ("word!", "The document."),
        "to": ("words!", "Parties that receive it; each must be in `may_see`."),
        "via": ("channels!", "Ways, best first."),
        "enclosing": ("words", "Documents that go along."),
        "approval": ("word", "Consent without which it may not leave."),
        "if": ("rule", "Only if this holds."),
    },
    "notify": {
        "to": ("words!", "Parties that receive it."),
        "via": ("channels!", "Ways, best first."),
        "subject": ("title!", "Subject; placeholders `{field}` only."),
        "text": ("title!", "Text; placeholders `{field}` only."),
        "approval": ("word", "Consent without which it may not leave."),
        "if": ("rule", "Only if this holds."),
    },
    "signal": {
        "link": ("word!", "The link."),
        "event": ("word!", "The event; its procedure lets a signal fire it (`by: signal`)."),
        "with": ("values", "its field ← value."),
        "every": ("yes_no", "yes: in every open case that was opened through the link (child)."),
        "missing": ("missing", "No such open case, or not in its state: refuse (default), record."),
        "if": ("rule", "Only if this holds."),
    },
    "appoint": {
        "party": ("word!", "The part; one without an `institution` of its own."),
        "institution": ("value!", "A value of type institution; `nobody`: it is vacant again."),
        "if": ("rule", "Only if this holds."),
    },
    "post": {
        "ledger": ("word!", "The ledger."),
        "item": ("value!", "What the money is for; the same for reserve, consume and release."),
        "amount": ("value", "Yen."),
        "consent": ("value", "yes/no: the company pays what exceeds the ceiling."),
        "tax": ("value", "included, excluded (default), exempt."),
        "if": ("rule", "Only if this holds."),
    },
}
#: block -> the keys that the code accepts in it.
ACCEPTED: dict[str, tuple[str, ...]] = {
    "procedure": reading.TOP_KEYS,
    "like": like.LIKE_KEYS,
    "party": parts.PARTY_KEYS,
    "field": fields.FIELD_KEYS,
    "state": parts.STATE_KEYS,
    "state_part": configurations.PART_KEYS,
    "leaf": configurations.LEAF_KEYS,
    "start": parts.START_KEYS,
    "event": reading.EVENT_KEYS,
    "trigger": reading.TRIGGER_KEYS,
    "guard": reading.GUARD_KEYS,
    "deadline": parts.DEADLINE_KEYS,
    "starts": parts.STARTS_KEYS,
    "document": parts.DOCUMENT_KEYS,
    "approval": parts.APPROVAL_KEYS,
    "ledger": parts.LEDGER_KEYS,
    "link": parts.LINK_KEYS,
    "class": disclosure.CLASS_KEYS,
    "sighting": disclosure.SEEN_BY_KEYS,
    "effect": (*effects.VERBS, "if"),
    "send": effects.SEND_KEYS,
    "notify": effects.NOTIFY_KEYS,
    "signal": effects.SIGNAL_KEYS,
    "appoint": effects.APPOINT_KEYS,
    "post": effects.POST_KEYS,
}


def tables() -> dict[str, str]:
    """Name of each generated table -> its Markdown."""
    found = {block: _table(("key", "", "meaning"), _rows(block)) for block in KEYS}
    found["types"] = _table(("type",), [(f"`{kind}`",) for kind in (*Kind, "channel")])
    found["channels"] = _table(
        ("channel", "日本語"), [(f"`{id_}`", title.ja) for id_, title in fields.CHANNELS.items()]
    )
    found["codes"] = "\n".join(f"- `{code}`" for code in check.REFUSAL_CODES)
    found["words"] = _table(
        ("日本語", "the same as"), [(word, f"`{same}`" if word != same else "") for word, same in JAPANESE.items()]
    )
    return found


def _rows(block: str) -> list[tuple[str, ...]]:
    return [
        (f"`{key}`", "needed" if form.endswith("!") else "", meaning) for key, (form, meaning) in KEYS[block].items()
    ]


def _table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def language() -> str:
    """docs/language.md with its tables written anew."""
    text = LANGUAGE.read_text("utf-8")
    for name, table in tables().items():
        start, end = f"<!-- table: {name} -->", f"<!-- end: {name} -->"
        pattern = re.compile(f"{re.escape(start)}.*?{re.escape(end)}", re.DOTALL)
        if not pattern.search(text):
            raise SystemExit(f"docs/language.md has no place for the table {name}")
        text = pattern.sub(lambda _, made=f"{start}\n{table}\n{end}": made, text)
    return text


_WORD = {"type": ["string", "number", "boolean"]}
_WORDS = {"anyOf": [{"type": "string"}, {"type": "array", "items": _WORD}]}
_TITLE = {
    "anyOf": [
        {"type": "string"},
        {"type": "object", "properties": {"ja": _WORD, "en": _WORD}, "additionalProperties": False},
    ]
}


def _one_of(words: Any) -> dict[str, Any]:
    return {"enum": [str(word) for word in words]}


def _list_or_one(shape: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [shape, {"type": "array", "items": shape}]}


_FORMS: dict[str, dict[str, Any]] = {
    "text": _WORD,
    "word": _WORD,
    "value": _WORD,
    "rule": {"type": ["string", "boolean"], "maxLength": 2000},
    "duration": {"type": "string"},
    "amount": {"type": ["string", "integer"]},
    "integer": {"type": ["integer", "string"]},
    "id": {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,59}$"},
    "words": _WORDS,
    "title": _TITLE,
    "document": {"anyOf": [_WORD, {"type": "object", "properties": {"id": _WORD, "title": _TITLE}}]},
    "yes_no": {"enum": [True, False, "yes", "no", "true", "false", "はい", "いいえ"]},
    "backdate": {"enum": ["allowed", "yes", "no", True, False]},
    "basis": _one_of(model.Basis),
    "nature": _one_of(model.Nature),
    "reason": _one_of(model.Need),
    "roll": _one_of(("none", "next", "previous")),
    "code": _one_of(check.REFUSAL_CODES),
    "type": _one_of((*Kind, "channel")),
    "channels": _list_or_one(_one_of(fields.CHANNELS)),
    "parts": {"type": "object", "additionalProperties": _WORDS},
    "pairs": {"type": "object", "additionalProperties": _WORD},
    "values": {"type": "object", "additionalProperties": _WORD},
    "played": {
        "type": "object",
        "additionalProperties": {
            "anyOf": [_WORD, {"type": "object", "properties": {"institution": _WORD}, "additionalProperties": False}]
        },
    },
    "relation": _one_of(model.Kinship),
    "missing": _one_of(model.Unreached),
    "options": {"anyOf": [{"type": "string"}, {"type": "object", "additionalProperties": _TITLE}]},
    "choices": {"type": "object", "additionalProperties": {"type": "object", "additionalProperties": _TITLE}},
    "of": {"$ref": "#/$defs/type"},
    "fields": {"type": "object", "additionalProperties": {"$ref": "#/$defs/part"}},
    "guards": _list_or_one({"$ref": "#/$defs/guard"}),
    "effects": _list_or_one({"$ref": "#/$defs/effect"}),
    "triggers": _list_or_one({"$ref": "#/$defs/trigger"}),
    "anything": {"type": "object"},
    "sightings": {"anyOf": [_WORDS, {"type": "array", "items": {"anyOf": [_WORDS, {"$ref": "#/$defs/sighting"}]}}]},
}


def schema() -> str:
    """docs/procedure.schema.json: for completion and a first look in editors; `lint` knows far more."""
    blocks = {block: _object(keys) for block, keys in KEYS.items()}
    top = blocks.pop("procedure")
    needed = top.pop("required")
    own = [key for key in needed if key in like.OWN]
    top = {**top, "required": own, "anyOf": [{"required": [like.KEY]}, {"required": needed}]}
    blocks["type"] = _object(_TYPE)
    blocks["part"] = _object({**_TYPE, "title": _COMMON["title"], "required": ("yes_no", "It must be given.")})
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": _SCHEMA_ID,
        "title": "A procedure for Toritsugi",
        **top,
        "$defs": blocks,
    }
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def _object(keys: dict[str, tuple[str, str]]) -> dict[str, Any]:
    needed = [key for key, (form, _) in keys.items() if form.endswith("!")]
    shape: dict[str, Any] = {
        "type": "object",
        "properties": {key: {**_form(form.rstrip("!")), "description": says} for key, (form, says) in keys.items()},
        "additionalProperties": False,
    }
    return {**shape, "required": needed} if needed else shape


def _form(form: str) -> dict[str, Any]:
    kind, _, name = form.partition(":")
    if kind == "block":
        return {"$ref": f"#/$defs/{name}"}
    if kind == "map":
        names = {"pattern": "^[a-z][a-z0-9_]{0,59}$"}
        return {"type": "object", "propertyNames": names, "additionalProperties": {"$ref": f"#/$defs/{name}"}}
    return _FORMS[form]


def main() -> int:
    """Write both, or with --check say whether they are current."""
    made = {LANGUAGE: language(), SCHEMA: schema()}
    if sys.argv[1:] == ["--check"]:
        stale = [path for path, text in made.items() if not path.exists() or path.read_text("utf-8") != text]
        for path in stale:
            sys.stderr.write(f"{path.name} is not current: run scripts/language.py\n")
        return 1 if stale else 0
    for path, text in made.items():
        path.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The JSON Schema of a procedure's file, for completion and a first look in editors; `lint` knows far more."""

import json
from typing import Any

from scripts.language_keys import KEYS, TITLE, TYPE
from toritsugi.definition import check, fields, like
from toritsugi.definition.model import Kinship, Nature
from toritsugi.definition.model_counts import Period
from toritsugi.definition.model_effects import Unreached
from toritsugi.definition.model_events import Need
from toritsugi.definition.origin import Basis
from toritsugi.definition.types import Kind

_SCHEMA_ID = "urn:toritsugi:procedure.schema.json"

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
    "basis": _one_of(Basis),
    "nature": _one_of(Nature),
    "reason": _one_of(Need),
    "every": _one_of(("week", "month", "year")),
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
    "common": {"anyOf": [_WORDS, {"type": "object", "additionalProperties": _WORD}]},
    "period": _one_of(Period),
    "relation": _one_of(Kinship),
    "missing": _one_of(Unreached),
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
    blocks["type"] = _object(TYPE)
    blocks["part"] = _object({**TYPE, "title": TITLE, "required": ("yes_no", "It must be given.")})
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

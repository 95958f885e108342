"""JSON of values that are known to be plain: no checks, sorted names, no blanks.

`orjson` writes and reads it in a third of the standard library's time, and this runs several times for every event.
Where it is not installed the standard library does the same, to the letter: a test compares them. What is not known to be
plain goes through `canonical.canonical_json`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from json import encoder
from typing import Any

try:
    import orjson
except ImportError:
    orjson = None  # type: ignore[assignment]  # the standard library will do

Json = Any

#: a string as JSON, quotes included.
quoted: Callable[[str], str] = encoder.encode_basestring

#: the same as `encode`, by the standard library.
encode_slowly: Callable[[Json], str] = json.JSONEncoder(
    sort_keys=True, ensure_ascii=False, separators=(",", ":"), check_circular=False
).encode


def _encode_quickly(value: Json) -> str:
    try:
        return _dumps(value, None, _OPTIONS).decode()
    except TypeError:  # a lone surrogate or a huge number, which the caller has to hear of in its own words
        return encode_slowly(value)


if orjson is None:
    encode, decode = encode_slowly, json.loads
else:
    _dumps = orjson.dumps
    _OPTIONS = orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME
    #: dicts with str keys, lists, tuples, str, int, bool, None.
    encode = _encode_quickly
    #: a value from its JSON.
    decode: Callable[[str | bytes], Json] = orjson.loads


def pairs(texts: Mapping[str, str]) -> str:
    """An object whose members are strings."""
    return members((name, quoted(text)) for name, text in texts.items())


def members(encoded: Iterable[tuple[str, str]]) -> str:
    """An object whose members' values are JSON already."""
    return "{" + ",".join([f"{quoted(name)}:{text}" for name, text in sorted(encoded)]) + "}"

"""JSON of values that are known to be plain: no checks, sorted names, no blanks.

`orjson` writes and reads it in a third of the standard library's time, and this runs several times for every event.
What is not known to be plain goes through `canonical.canonical_json`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from json import encoder
from typing import Any

import orjson

Json = Any

#: a string as JSON, quotes included.
quoted: Callable[[str], str] = encoder.encode_basestring

#: the same as `encode`, by the standard library, which also takes lone surrogates and numbers beyond 64 bits.
encode_slowly: Callable[[Json], str] = json.JSONEncoder(
    sort_keys=True, ensure_ascii=False, separators=(",", ":"), check_circular=False
).encode

_OPTIONS = orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME


def encode(value: Json) -> str:
    """JSON of dicts with str keys, lists, tuples, str, int, bool, None."""
    try:
        return orjson.dumps(value, None, _OPTIONS).decode()
    except TypeError:  # what it does not take: the caller tells it in the standard library's way
        return encode_slowly(value)


def encode_bytes(value: Json) -> bytes:
    """The same in UTF-8, where it is only hashed.

    Raises:
        UnicodeEncodeError: a text contains a lone surrogate.
    """
    try:
        return orjson.dumps(value, None, _OPTIONS)
    except TypeError:
        return encode_slowly(value).encode()


#: the value that `encode` wrote.
decode: Callable[[str | bytes], Json] = orjson.loads


def pairs(texts: Mapping[str, str]) -> str:
    """An object whose members are strings."""
    return members((name, quoted(text)) for name, text in texts.items())


def members(encoded: Iterable[tuple[str, str]]) -> str:
    """An object whose members' values are JSON already."""
    return "{" + ",".join([f"{quoted(name)}:{text}" for name, text in sorted(encoded)]) + "}"

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

Json = Any

#: a string as JSON, quotes included.
quoted: Callable[[str], str] = encoder.encode_basestring

#: the same as `encode`, by the standard library.
encode_slowly: Callable[[Json], str] = json.JSONEncoder(
    sort_keys=True, ensure_ascii=False, separators=(",", ":"), check_circular=False
).encode


def encode(value: Json) -> str:
    """JSON of dicts with str keys, lists, tuples, str, int, bool, None."""
    return _CHOSEN[0](value)


def decode(text: str) -> Json:
    """The value that `encode` wrote."""
    return _CHOSEN[1](text)


def _choose() -> None:
    """Settle what `encode` and `decode` are, when one of them is first needed: orjson brings modules along."""
    try:
        import orjson
    except ImportError:
        _CHOSEN[:] = encode_slowly, json.loads
        return
    dumps = orjson.dumps
    options = orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME

    def encode_quickly(value: Json) -> str:
        try:
            return dumps(value, None, options).decode()
        except TypeError:  # a lone surrogate, a huge number: the caller tells it in the standard library's way
            return encode_slowly(value)

    _CHOSEN[:] = encode_quickly, orjson.loads


def _encode_first(value: Json) -> str:
    _choose()
    return encode(value)


def _decode_first(text: str) -> Json:
    _choose()
    return decode(text)


_CHOSEN: list[Callable[[Any], Any]] = [_encode_first, _decode_first]


def pairs(texts: Mapping[str, str]) -> str:
    """An object whose members are strings."""
    return members((name, quoted(text)) for name, text in texts.items())


def members(encoded: Iterable[tuple[str, str]]) -> str:
    """An object whose members' values are JSON already."""
    return "{" + ",".join([f"{quoted(name)}:{text}" for name, text in sorted(encoded)]) + "}"

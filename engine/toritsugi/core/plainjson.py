"""JSON text of values that are known to be plain: no checks, sorted names, no blanks; about half the usual cost.

The encoder of the standard library is made anew at each call; here it is made once. What is not known to be plain goes
through `canonical.canonical_json`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from json import encoder
from typing import Any

Json = Any

#: a string as JSON, quotes included.
quoted: Callable[[str], str] = encoder.encode_basestring


def _refuse(value: object) -> Json:
    raise TypeError(f"{type(value).__name__} is no plain value")


def _made_once() -> Callable[[Json], str]:
    """The C encoder, kept; where Python has none, or another one, the public way."""
    try:
        chunks = encoder.c_make_encoder(None, _refuse, quoted, None, ":", ",", True, False, False)  # type: ignore[attr-defined]  # not in the stubs
        if "".join(chunks({"b": [1, None], "a": "é"}, 0)) == '{"a":"é","b":[1,null]}':
            return lambda value: "".join(chunks(value, 0))
    except (AttributeError, TypeError):
        pass
    return json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


#: dicts with str keys, lists, tuples, str, int, bool, None.
encode: Callable[[Json], str] = _made_once()


def pairs(texts: Mapping[str, str]) -> str:
    """An object whose members are strings."""
    return members((name, quoted(text)) for name, text in texts.items())


def members(encoded: Iterable[tuple[str, str]]) -> str:
    """An object whose members' values are JSON already."""
    return "{" + ",".join([f"{quoted(name)}:{text}" for name, text in sorted(encoded)]) + "}"

"""One text for one value: canonical JSON after RFC 8785, and the hash over it.

Restricted to what is stored here: str, int with |n| < 2**53, bool, None, list, and dict with str keys. Floats, tuples,
enums and subclasses are refused, so that a value cannot hash differently in another language or after a round trip.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from toritsugi.core.plainjson import encode, encode_slowly, quoted

#: Deepest nesting of lists and dicts.
DEEPEST_VALUE = 64

_BOUND = 2**53


def canonical_json(value: object) -> str:
    """The canonical text of `value`.

    Raises:
        TypeError: a float, a key that is not a str, any other type, or nesting deeper than DEEPEST_VALUE.
        ValueError: an integer too large for every reader, or a lone surrogate (which no UTF-8 can hold).
    The message never contains the value.
    """
    _check(value, 0)
    text = encode(value)
    if text.isascii():
        return text
    try:
        units = len(text.encode("utf-16-le")) // 2
    except UnicodeEncodeError:
        raise ValueError("a text contains a lone surrogate") from None
    # beyond the Basic Multilingual Plane the order of UTF-16 units (RFC 8785, 3.2.3) differs from that of code points
    return text if units == len(text) else _canonical(value)


def content_hash(value: object) -> str:
    """SHA-256, in lower-case hex, of the UTF-8 bytes of the canonical text."""
    return sha256(canonical_json(value).encode()).hexdigest()


def _check(value: Any, level: int) -> None:
    """Refuse what canonical JSON here does not contain; the commonest types first, this runs for every row."""
    kind = type(value)  # asked once: `isinstance`, which a type checker understands, takes twice as long
    if kind is str or kind is bool or value is None:
        return
    if kind is int:
        if not -_BOUND < value < _BOUND:
            raise ValueError("an integer lies outside ±(2**53 - 1)")
        return
    if level >= DEEPEST_VALUE:
        raise TypeError(f"nested deeper than {DEEPEST_VALUE}")
    if kind is dict:
        for key, item in value.items():
            if type(key) is not str:
                raise TypeError(f"a key is {type(key).__name__}, not str")
            if type(item) is not str:
                _check(item, level + 1)
    elif kind is list:
        for item in value:
            if type(item) is not str:
                _check(item, level + 1)
    else:
        raise TypeError(f"{kind.__name__} has no canonical form here; use str, int, bool, None, list or dict")


def _canonical(value: object) -> str:
    """The slow way, for values with characters beyond the Basic Multilingual Plane: keys sorted by UTF-16 units."""
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join(f"{quoted(key)}:{_canonical(value[key])}" for key in keys) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_canonical, value)) + "]"
    return encode_slowly(value)

"""Canonical JSON: one text per value, the same as RFC 8785 prescribes, and nothing that could be read two ways."""

import json
from enum import StrEnum
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toritsugi.core.canonical import DEEPEST_VALUE, canonical_json, content_hash

stored = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def utf16(text: str) -> bytes:
    return text.encode("utf-16-be", "surrogatepass")


def spelled_out(value: object) -> str:
    """RFC 8785 written down a second time, slowly, from its sections 3.2.2 and 3.2.3."""
    if isinstance(value, dict):
        return (
            "{" + ",".join(spelled_out(key) + ":" + spelled_out(value[key]) for key in sorted(value, key=utf16)) + "}"
        )
    if isinstance(value, list):
        return "[" + ",".join(spelled_out(item) for item in value) + "]"
    if isinstance(value, str):
        short = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
        return '"' + "".join(short.get(c, f"\\u{ord(c):04x}" if c < " " else c) for c in value) + '"'
    return (
        {None: "null", True: "true", False: "false"}[value]
        if value is None or value is True or value is False
        else str(value)
    )


@given(stored)
def test_the_text_is_what_the_rfc_spells_out(value: object) -> None:
    assert canonical_json(value) == spelled_out(value)


@given(stored)
def test_the_text_reads_back_to_the_same_value(value: object) -> None:
    assert json.loads(canonical_json(value)) == value


def test_keys_are_sorted_by_utf16_units_as_in_the_rfcs_sample() -> None:
    """RFC 8785, 3.2.3: the sample whose order differs between UTF-16 units and code points."""
    sample = {
        "\u20ac": "Euro Sign",
        "\r": "Carriage Return",
        "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "1": "One",
        "\U0001f600": "Emoji: Grinning Face",
        "\u0080": "Control",
        "\u00f6": "Latin Small Letter O With Diaeresis",
    }
    order = [json.loads(canonical_json(sample))[key] for key in json.loads(canonical_json(sample))]
    assert order == [
        "Carriage Return",
        "One",
        "Control",
        "Latin Small Letter O With Diaeresis",
        "Euro Sign",
        "Emoji: Grinning Face",
        "Hebrew Letter Dalet With Dagesh",
    ]


def test_strings_are_escaped_as_in_the_rfcs_sample() -> None:
    """RFC 8785, 3.2.2: its sample without the numbers."""
    value = {"string": "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/", "literals": [None, True, False]}
    assert canonical_json(value) == '{"literals":[null,true,false],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'


class Word(StrEnum):
    YES = "yes"


@pytest.mark.parametrize(
    "value", [1.0, {"a": [0.5]}, (1,), {1: "a"}, {"a": {None: 1}}, b"x", {"x"}, Word.YES, float("nan")]
)
def test_what_could_be_read_two_ways_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        canonical_json(value)


@pytest.mark.parametrize("value", [2**53, -(2**53), "\ud800", {"\udfff": 1}, {"\U0001f600": "\ud83d"}])
def test_what_not_every_reader_keeps_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"integer|surrogate"):
        canonical_json(value)


def test_bottomless_nesting_is_refused_before_the_stack_is() -> None:
    value: list[object] = []
    for _ in range(5_000):
        value = [value]
    with pytest.raises(TypeError, match=str(DEEPEST_VALUE)):
        canonical_json(value)


def test_the_hash_is_sha256_of_the_utf8_text() -> None:
    assert content_hash({"b": "髙", "a": 1}) == sha256('{"a":1,"b":"髙"}'.encode()).hexdigest()

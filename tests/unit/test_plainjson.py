"""The quick encoder writes what the standard library writes, and canonical JSON is RFC 8785."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toritsugi.core import plainjson
from toritsugi.core.canonical import canonical_json

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_the_quick_way_and_the_standard_one_agree_to_the_letter(value: Any) -> None:
    assert plainjson.encode(value) == plainjson.encode_slowly(value)
    assert plainjson.decode(plainjson.encode(value)) == json.loads(plainjson.encode_slowly(value)) == value


@given(VALUES)
def test_canonical_json_sorts_by_utf_16_units_and_escapes_no_more_than_it_must(value: Any) -> None:
    assert canonical_json(value) == _by_the_letter(value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"\U00010000": 1, "\ue000": 2}, '{"\U00010000":1,"\ue000":2}'),
        ('\x00\x1f\x7f\b\t\n\f\r"\\/', '"\\u0000\\u001f\x7f\\b\\t\\n\\f\\r\\"\\\\/"'),
        ([2**53 - 1, -(2**53) + 1, True, None], "[9007199254740991,-9007199254740991,true,null]"),
    ],
)
def test_the_corners_of_rfc_8785_come_out_the_same(value: Any, text: str) -> None:
    assert canonical_json(value) == text


@pytest.mark.parametrize("value", ["\ud800", {"a": "\udfff"}, {"\ud800": 1}])
def test_a_lone_surrogate_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="surrogate"):
        canonical_json(value)


def _by_the_letter(value: Any) -> str:
    """RFC 8785 written down once more, plainly."""
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return "{" + ",".join(f"{_by_the_letter(key)}:{_by_the_letter(value[key])}" for key in keys) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_by_the_letter, value)) + "]"
    return json.dumps(value, ensure_ascii=False)

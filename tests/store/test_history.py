"""The record that is hashed, the commitments in it, and the root over many heads."""

from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toritsugi.core.canonical import canonical_json
from toritsugi.core.history import answer_of, answer_to, commitment, field_salt, frame_of, genesis, link, record_of
from toritsugi.core.merkle import MerkleRoot
from toritsugi.core.values import Step
from toritsugi.testing.decisions import NOON, moving, opening

_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
_value = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | _text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_text, inner, max_size=3),
    max_leaves=6,
)
_step = st.builds(
    Step,
    case_id=_text,
    seq=st.integers(1, 99),
    event=_text,
    from_state=st.none() | _text,
    to_state=_text,
    actor=_text,
    institution=_text,
    role=_text,
    authority=_text,
    cause=st.none() | _text,
    occurred_at=st.just(NOON),
    recorded_at=st.just(NOON + 1),
    values=st.dictionaries(_text, _value, max_size=4),
    personal=st.dictionaries(_text, st.none() | _text, max_size=3),
    channel=st.none() | _text,
    overridden=st.lists(_text, max_size=2).map(tuple),
    deadlines=st.dictionaries(_text, st.sampled_from(["met", "late", "armed:2026-05-08"]), max_size=3),
    approvals=st.dictionaries(_text, st.sampled_from(["given", "withdrawn"]), max_size=2),
)


def _plainly(step: Step, **rest: Any) -> dict[str, Any]:
    """The record as anybody would write it down."""
    record = {
        "v": 1,
        "case": step.case_id,
        "seq": step.seq,
        "event": step.event,
        "from": step.from_state,
        "to": step.to_state,
        "actor": step.actor,
        "institution": step.institution,
        "role": step.role,
        "authority": step.authority,
        "occurred_at": step.occurred_at,
        "recorded_at": step.recorded_at,
        "cause": step.cause,
        "channel": step.channel,
        "values": dict(step.values),
        "overridden": list(step.overridden),
        "deadlines": dict(step.deadlines),
        "approvals": dict(step.approvals),
        "cleared": sorted(name for name, value in step.personal.items() if value is None),
        **rest,
    }
    optional = {"cause", "channel", "values", "overridden", "deadlines", "approvals", "cleared", *rest}
    return {name: value for name, value in record.items() if name not in optional or value not in (None, {}, [])}


@given(_step, st.dictionaries(_text, _text, max_size=3))
def test_a_record_is_the_canonical_json_of_its_members(step: Step, promised: dict[str, str]) -> None:
    case = opening("c1", subject="s").changes[0].after
    answer = answer_to([step], step.to_state)
    kept = {"state": answer.state, "late": list(answer.late), "due": dict(answer.due)}
    rest = {
        "personal": promised,
        "frame": frame_of(case),
        "answer": {name: value for name, value in kept.items() if value or name == "state"},
        "claim": "ab" * 16,
        "request": "r",
    }
    written = record_of(step, promised, frame=case, answer=answer, claim=b"\xab" * 16, request="r")
    assert written == canonical_json(_plainly(step, **rest))
    assert record_of(step) == canonical_json(_plainly(step))


@pytest.mark.parametrize("wrong", [1.5, (1,), {"a": 0.1}, 2**53, {1: 2}])
def test_a_value_without_a_canonical_form_is_refused(wrong: Any) -> None:
    step = opening("c1", values={"a": "x", "b": wrong}).changes[0].steps[0]
    with pytest.raises((TypeError, ValueError)):
        record_of(step)


def test_a_lone_surrogate_is_refused_without_being_shown() -> None:
    step = opening("c1", values={"a": "secret\ud800"}).changes[0].steps[0]
    with pytest.raises(ValueError) as refused:
        record_of(step)
    assert "secret" not in str(refused.value)
    assert refused.value.__suppress_context__


def test_every_member_of_a_record_changes_its_hash() -> None:
    step = opening("c1", values={"a": 1}).changes[0].steps[0]
    others = [
        replace(step, **{name: "other"})
        for name in ("event", "to_state", "actor", "institution", "role", "authority", "cause", "channel")
    ]
    others += [replace(step, seq=2), replace(step, occurred_at=1), replace(step, recorded_at=1)]
    hashes = {link(genesis("c1"), record_of(one)) for one in (step, *others)}
    assert len(hashes) == len(others) + 1


def test_the_same_value_has_another_commitment_in_another_field_or_row() -> None:
    salts = [field_salt(b"a" * 32, "contact"), field_salt(b"a" * 32, "phone"), field_salt(b"b" * 32, "contact")]
    assert len({commitment(salt, '"高橋"') for salt in salts}) == 3


def test_an_answer_is_rebuilt_from_its_record() -> None:
    import json

    decision = moving(opening("c1").changes[0].after, "accept", "accepted")
    steps = [replace(decision.changes[0].steps[0], deadlines={"a": "armed:2026-05-08", "b": "late", "c": "met"})]
    answer = answer_to(steps, "settled")
    record = json.loads(record_of(steps[0], answer=answer))
    assert answer_of(record) == replace(answer, repeated=True)
    assert (answer.due, answer.late) == ({"a": "2026-05-08"}, ("b",))


def _root(*leaves: bytes) -> bytes:
    root = MerkleRoot()
    for leaf in leaves:
        root.add(leaf)
    assert root.count == len(leaves)
    return root.digest()


def _by_halves(leaves: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, as written there."""
    if len(leaves) == 1:
        return sha256(b"\0" + leaves[0]).digest()
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return sha256(b"\1" + _by_halves(leaves[:half]) + _by_halves(leaves[half:])).digest()


@given(st.lists(st.binary(max_size=4), min_size=1, max_size=40))
def test_a_root_is_the_merkle_tree_hash_with_the_count(leaves: list[bytes]) -> None:
    assert _root(*leaves) == sha256(b"\2" + len(leaves).to_bytes(8, "big") + _by_halves(leaves)).digest()


def test_no_change_of_the_leaves_keeps_the_root() -> None:
    roots = {
        _root(),
        _root(b""),
        _root(b"a"),
        _root(b"a", b"b"),
        _root(b"b", b"a"),
        _root(b"a", b"b", b"b"),
        _root(b"ab"),
    }
    assert len(roots) == 7

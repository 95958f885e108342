"""What every Channel promises, as a suite: run `exercise_channel` over your own, as ours are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from toritsugi.errors import ChannelDelayed, ChannelRefused, OutsideError
from toritsugi.ports import Channel, Parcel, Proof

#: What must not be read from a proof or an error: it stands in the parcel's body and in one of its documents.
SECRETS = ("髙﨑𠮷子", "070-0000-0000", "暗証番号0000")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelUnderTest:
    """One channel, with what the suite has to know of the world behind it."""

    channel: Channel
    #: what has arrived behind the channel so far, oldest first, whole.
    arrived: Callable[[], Sequence[bytes]]
    #: an address that this world delivers to.
    address: str
    #: addresses that can never be delivered to; None among them stands for a missing one.
    unusable: Sequence[str | None] = field(default=("", None))


def example_parcel(key: str, channel: str, address: str | None, **content: Any) -> Parcel:
    """A parcel with Japanese text, a document, and things in it that must stay inside."""
    case_id, _, _ = key.partition("/")
    whole: Mapping[str, Any] = {
        "address": address,
        "to": "架空の受取機関",
        "subject": "様式1 海外展開支援（案内）申込書",
        "body": f"①㈱髙﨑商店の{SECRETS[0]}様の申込みです。\n.\n電話 {SECRETS[1]}",
        "documents": [
            {
                "id": "form1",
                "title": "様式1 海外展開支援（案内）申込書",
                "lines": [["企業名", "㈱髙﨑商店"], ["備考", f"=1+1\n{SECRETS[2]}"], ["FAX", ""]],
            }
        ],
    }
    return Parcel(
        key=key,
        case_id=case_id,
        party="receiver",
        institution="receiver",
        channel=channel,
        document="form1",
        approval=None,
        attempts=0,
        claim="claim",
        content={**whole, **content},
    )


def exercise_channel(under_test: ChannelUnderTest) -> None:
    """Hold the channel to every promise; each run uses keys of its own.

    Raises:
        AssertionError: names the promise that is broken.
    """
    for promise in PROMISES:
        promise(under_test)


def a_parcel_arrives_once_and_whole(under_test: ChannelUnderTest) -> None:
    """One hand-over, one arrival, nothing of an earlier one lost."""
    before = list(under_test.arrived())
    _send(under_test, "contract-once/1/1")
    after = list(under_test.arrived())
    _hold(len(after) == len(before) + 1, "one hand-over is one arrival")
    _hold(all(after), "what arrives is not empty")


def the_same_key_has_one_effect_if_repeatable(under_test: ChannelUnderTest) -> None:
    """`repeatable` is true to its word: a second hand-over of the same key changes nothing outside."""
    first = _send(under_test, "contract-twice/1/1")
    once = list(under_test.arrived())
    second = _send(under_test, "contract-twice/1/1", attempts=1)
    if under_test.channel.repeatable:
        _hold(list(under_test.arrived()) == once, "a repeatable channel hands the same key over once")
    _hold(second.reference == first.reference, "the same key has the same reference at every attempt")


def different_keys_are_different_parcels(under_test: ChannelUnderTest) -> None:
    """Keys that look alike do not hide each other."""
    before = len(under_test.arrived())
    keys = ("contract-a/1/11", "contract-a/11/1", "contract_a/1/11", "contract-a-1/11", "contract-A/1/11")
    references = {_send(under_test, key).reference for key in keys}
    _hold(len(references) == len(keys), "each key has a reference of its own")
    _hold(len(under_test.arrived()) == before + len(keys), "each key arrives")


def the_proof_is_free_of_personal_data(under_test: ChannelUnderTest) -> None:
    """A proof is kept in the open: neither address nor content is in it."""
    proof = _send(under_test, "contract-proof/1/1")
    _hold(proof.channel == under_test.channel.name, "a proof names its channel")
    _hold(bool(proof.reference), "a proof has a reference")
    _silent(repr(proof), under_test)


def an_unusable_address_is_refused_and_nothing_leaves(under_test: ChannelUnderTest) -> None:
    """Trying again would not help: a person must look. The address is not repeated in the error."""
    before = list(under_test.arrived())
    for number, address in enumerate(under_test.unusable):
        parcel = example_parcel(f"contract-address/{number}/1", under_test.channel.name, address)
        fault = _fault(under_test.channel, parcel)
        _hold(isinstance(fault, ChannelRefused), "an unusable address is ChannelRefused")
        _silent(f"{fault} {fault!r} {vars(fault)}", under_test, *([address] if address else []))
    _hold(list(under_test.arrived()) == before, "nothing leaves for an unusable address")


def a_parcel_without_documents_leaves_too(under_test: ChannelUnderTest) -> None:
    """A notice has no documents; content made elsewhere may lack the list altogether."""
    without: tuple[Sequence[Any] | None, ...] = ((), None)
    for number, documents in enumerate(without):
        parcel = example_parcel(
            f"contract-notice/{number}/1", under_test.channel.name, under_test.address, documents=documents
        )
        under_test.channel.send(parcel)


def strange_text_does_no_harm(under_test: ChannelUnderTest) -> None:
    """Control characters, half characters and line ends where one line belongs neither break nor steer the channel."""
    strange = "件名\r\nBcc: somebody@example.jp\r\n\r\n\x00\x1b[2J\ud800"
    parcel = example_parcel(
        "contract-strange/1/1", under_test.channel.name, under_test.address, subject=strange, body=strange
    )
    before = len(under_test.arrived())
    under_test.channel.send(parcel)
    _hold(len(under_test.arrived()) == before + 1, "strange text is still one parcel")
    _hold(b"\r\nBcc:" not in under_test.arrived()[-1], "a subject cannot begin a header")


PROMISES: tuple[Callable[[ChannelUnderTest], None], ...] = (
    a_parcel_arrives_once_and_whole,
    the_same_key_has_one_effect_if_repeatable,
    different_keys_are_different_parcels,
    the_proof_is_free_of_personal_data,
    an_unusable_address_is_refused_and_nothing_leaves,
    a_parcel_without_documents_leaves_too,
    strange_text_does_no_harm,
)


def _send(under_test: ChannelUnderTest, key: str, attempts: int = 0) -> Proof:
    parcel = example_parcel(key, under_test.channel.name, under_test.address)
    return under_test.channel.send(replace(parcel, attempts=attempts, claim=f"claim {attempts}"))


def _fault(channel: Channel, parcel: Parcel) -> OutsideError | None:
    try:
        channel.send(parcel)
    except OutsideError as fault:
        _hold(not isinstance(fault, ChannelDelayed) or fault.retry_after_s > 0, "a delay says how long")
        return fault
    return None


def _silent(text: str, under_test: ChannelUnderTest, *more: str) -> None:
    for secret in (*SECRETS, under_test.address, *more):
        _hold(secret not in text, "neither address nor content is repeated")


def _hold(true: bool, promise: str) -> None:
    if not true:
        raise AssertionError(f"a channel's promise is broken: {promise}")

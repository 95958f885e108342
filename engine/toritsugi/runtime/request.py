"""A request before anything is done with it: its size, its moment, the parties that it names, and whose act it may be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from toritsugi.core.plainjson import encode_bytes
from toritsugi.core.values import SYSTEM, Actor
from toritsugi.definition.model import Procedure
from toritsugi.definition.types import LARGEST_INTEGER
from toritsugi.errors import BadInput, NotPossible, TooLarge

#: bytes of a request, its values included.
LARGEST_REQUEST = 256 * 1024


def request_bytes(content: Sequence[Any], place: str) -> bytes | None:
    """A request's content as bytes; None: it is no JSON, the decision refuses the value in words.

    Raises:
        TooLarge: more than LARGEST_REQUEST bytes.
        BadInput: a text in it is no Unicode text.
    """
    try:
        request = encode_bytes(content)
    except UnicodeEncodeError:
        ja, en = "文字として読めないものが含まれています。", "it holds half of a character (a lone surrogate)."
        raise BadInput([{"place": place, "ja": ja, "en": en}]) from None
    except TypeError:
        return None  # and a refusal claims nothing
    if len(request) > LARGEST_REQUEST:
        raise TooLarge(limit=f"{LARGEST_REQUEST:,} B")
    return request


def check_parties(procedure: Procedure, parties: Mapping[str, str], actor: Actor) -> None:
    """That every party that is assigned is one of the procedure; the actor's own role is the decision's to judge.

    Raises:
        BadInput: with the names that would be possible.
    """
    known = procedure.parties
    unknown = [name for name in parties if name not in known and name != actor.role]
    if unknown:
        titles = [(name, known[name].title) for name in known]
        ja = "、".join(f"{name}（{title.ja}）" for name, title in titles)
        en = ", ".join(f"{name} ({title.en})" for name, title in titles)
        told = {
            "ja": f"この手続にそのような当事者はありません。あるもの：{ja}",
            "en": f"no such party; there are {en}.",
        }
        raise BadInput([{"place": f"parties.{name[:60]}", **told} for name in unknown])
    given: Mapping[str, Any] = parties  # whatever the embedder was given
    blank = [name for name, one in given.items() if not (isinstance(one, str) and one.strip())]
    if blank:
        told = {"ja": "機関の識別名が必要です。", "en": "the id of an institution is needed."}
        raise BadInput([{"place": f"parties.{name}", **told} for name in blank])


def only_operator(actor: Actor, act: str) -> None:
    """That the store's operator acts; no party of a case may do this.

    Raises:
        NotPossible: ACTOR_NOT_ALLOWED.
    """
    if actor is not SYSTEM and not actor.operator:
        raise NotPossible("ACTOR_NOT_ALLOWED", event=act, parties=({"ja": "運用者", "en": "the operator"},))


def moment(occurred_at: int | None) -> int | None:
    """That a moment is integer microseconds that a store can hold.

    Raises:
        BadInput: it is not.
    """
    if occurred_at is None or (type(occurred_at) is int and abs(occurred_at) <= LARGEST_INTEGER):
        return occurred_at
    ja, en = "発生日時はUTCのマイクロ秒（整数）で指定してください。", "give the moment in integer microseconds, UTC."
    raise BadInput([{"place": "occurred_at", "ja": ja, "en": en}])

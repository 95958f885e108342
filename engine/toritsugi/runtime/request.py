"""A request before anything is done with it: its content as bytes, within bounds, and the parties that it names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from toritsugi.core.plainjson import encode_bytes
from toritsugi.core.values import Actor
from toritsugi.definition.model import Procedure
from toritsugi.errors import BadInput, TooLarge

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

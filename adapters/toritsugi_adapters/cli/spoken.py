"""What a person calls a thing on the command line (its id, or its title in either language), found as its id."""

from __future__ import annotations

from collections.abc import Mapping

from toritsugi.definition.fields import CHANNELS
from toritsugi.definition.literals import fold
from toritsugi.definition.types import Title
from toritsugi_adapters.cli.account import Failure

#: what offices call the ways a thing can travel.
_CHANNELS: Mapping[str, tuple[str, ...]] = {
    "email": ("電子メール", "メール", "eメール", "e-mail", "mail"),
    "fax": ("ファックス", "ファクス", "ファクシミリ"),
    "post": ("郵便", "郵送"),
    "phone": ("電話", "telephone", "tel"),
    "web_form": ("ウェブ", "web", "webフォーム", "web form"),
}


def named(word: str, titles: Mapping[str, Title]) -> str:
    """The id in `titles` that `word` names by id or by title; `word` itself where nothing is called so.

    Raises:
        Failure: several are called so.
    """
    if word in titles:
        return word
    plain = _plain(word)
    found = [id_ for id_, title in titles.items() if plain in (_plain(id_), _plain(title.ja), _plain(title.en))]
    found = found or [id_ for id_, title in titles.items() if plain and plain in map(_plain, _short(title))]
    if len(found) > 1:
        raise Failure(
            f"「{word}」だけでは一つに決まりません。識別子で指定してください：{'、'.join(found)}",
            f'"{word}" may be {" or ".join(found)}; give the identifier.',
        )
    return found[0] if found else word


def channel(word: str | None) -> str | None:
    """The channel that `word` names (郵便, FAX, メール); anything else as it is."""
    if word is None:
        return None
    plain = _plain(word)
    for id_, title in CHANNELS.items():
        if plain in (id_, _plain(title.ja), _plain(title.en)) or plain in _CHANNELS.get(id_, ()):
            return id_
    return word.strip()


def _short(title: Title) -> tuple[str, str]:
    """Titles without what stands in brackets behind them."""
    return fold(title.ja).split("(")[0], fold(title.en).split(" (")[0]


def _plain(text: str) -> str:
    return fold(text).casefold().rstrip("。.").strip()

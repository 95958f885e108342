"""Seals personal values with the data key of their case, and opens them again."""

import json
import os
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from toritsugi.errors import NotDisclosable
from toritsugi.ports import Vault

Json = Any

_NONCE_BYTES = 12
#: data keys kept opened; a worker has about as many cases at hand.
_OPENED_KEYS = 1024


class Keyring:
    """The data keys of cases, opened by the vault and kept for a while.

    Kept by their wrapped form, which the case's row no longer has once the key was destroyed: an erased case is not
    read from here either.
    """

    def __init__(self, vault: Vault) -> None:
        self.vault = vault
        self._opened: Callable[[bytes], AESGCM] = lru_cache(_OPENED_KEYS)(self._open)

    def _open(self, wrapped: bytes) -> AESGCM:
        return AESGCM(self.vault.unwrap(wrapped))

    def cipher(self, wrapped: bytes | None, case_id: str) -> AESGCM:
        """The cipher of a case.

        Raises:
            NotDisclosable: ERASED, the key was destroyed.
            KeyMissing: this vault did not wrap it.
        """
        if wrapped is None:
            raise NotDisclosable("ERASED", case=case_id)
        return self._opened(wrapped)

    def __repr__(self) -> str:
        return "Keyring(***)"


def seal(cipher: AESGCM, place: str, text: str) -> bytes:
    """JSON text, sealed so that it opens only in its `place` (`case/seq`, or `case/seq/number` of a message)."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + cipher.encrypt(nonce, text.encode(), place.encode())


def unseal(cipher: AESGCM, place: str, sealed: bytes) -> dict[str, Json]:
    """What was sealed in this place.

    Raises:
        Broken: it was altered, or sealed elsewhere.
    """
    try:
        text = cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], place.encode())
    except InvalidTag:
        raise Broken(place) from None
    content: dict[str, Json] = json.loads(text)
    return content


class Broken(ValueError):
    """A sealed value does not open in the place where it stands."""

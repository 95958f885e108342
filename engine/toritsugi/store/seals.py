"""A seal: one signed statement about every case and every refusal in a store, small enough to be kept on paper."""

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from toritsugi.core.canonical import canonical_json
from toritsugi.ports import Refusal, Vault

#: version of what is signed.
FORM = "toritsugi-seal-1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """What a store contained when it was sealed."""

    #: 1, 2, 3, ...
    number: int
    #: moment, microseconds UTC.
    sealed_at: int
    #: `digest` of the seal before; None for the first.
    previous: str | None
    cases: int
    #: history rows of all cases.
    rows: int
    #: Merkle root over (case id, number of rows, head) in the order of ids, hex.
    root: str
    refusals: int
    #: number of the last refusal row; 0: there was none.
    last_refusal: int
    #: Merkle root over the refusal rows in the order of their numbers, hex.
    refusals_root: str
    #: Ed25519, hex, over `content`.
    signature: str = ""
    public_key: str = ""

    @property
    def content(self) -> str:
        """What is signed."""
        return canonical_json(
            {
                "form": FORM,
                "number": self.number,
                "sealed_at": self.sealed_at,
                "previous": self.previous,
                "cases": self.cases,
                "rows": self.rows,
                "root": self.root,
                "refusals": self.refusals,
                "last_refusal": self.last_refusal,
                "refusals_root": self.refusals_root,
            }
        )

    @property
    def digest(self) -> str:
        """What the next seal says of this one."""
        return sha256(self.content.encode()).hexdigest()

    def text(self) -> str:
        """The seal for keeping outside, as JSON; `seal_from` reads it back."""
        return canonical_json({**json.loads(self.content), "signature": self.signature, "public_key": self.public_key})

    def is_signed_by(self, public_key: bytes) -> bool:
        """Whether the signature is that key's."""
        try:
            key = Ed25519PublicKey.from_public_bytes(public_key)
            key.verify(bytes.fromhex(self.signature), self.content.encode())
        except (InvalidSignature, ValueError):
            return False
        return True


def signed(vault: Vault, **content: Any) -> Seal:
    """A seal with this content, signed."""
    bare = Seal(**content)
    signature = vault.sign(bare.content.encode()).hex()
    return Seal(**content, signature=signature, public_key=vault.public_key().hex())


def seal_from(text: str) -> Seal:
    """A seal from its `text`.

    Raises:
        ValueError: it is none, or of a form that this code does not know.
    """
    content = json.loads(text)
    if not isinstance(content, dict) or content.pop("form", None) != FORM:
        raise ValueError("this is no seal of a form known here")
    try:
        return Seal(**content)
    except TypeError:
        raise ValueError("a seal lacks a member, or has one too many") from None


def head_leaf(case_id: str, revision: int, head: bytes) -> bytes:
    """The leaf of a case in the Merkle tree."""
    return canonical_json([case_id, revision, head.hex()]).encode()


def refusal_leaf(number: int, refusal: Refusal) -> bytes:
    """The leaf of a refusal row in the Merkle tree."""
    row = [
        number,
        refusal.case_id,
        refusal.code,
        refusal.event,
        refusal.actor,
        refusal.institution,
        refusal.role,
        refusal.recorded_at,
    ]
    return canonical_json(row).encode()

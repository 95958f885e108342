"""The root of a Merkle tree over many leaves, in one pass and little memory.

Leaves and inner nodes are hashed with different prefixes (RFC 6962, section 2.1), so neither can pass for the other.
Unlike there the root also covers how many leaves there are, and no leaf at all has a root too.
"""

from __future__ import annotations

from hashlib import sha256


class MerkleRoot:
    """Collects leaves in order; keeps one digest for each level of the tree."""

    __slots__ = ("_count", "_peaks")

    def __init__(self) -> None:
        self._count = 0
        #: (height, digest) of the complete subtrees so far, highest first.
        self._peaks: list[tuple[int, bytes]] = []

    @property
    def count(self) -> int:
        """How many leaves were added."""
        return self._count

    def add(self, leaf: bytes) -> None:
        """Add the next leaf."""
        self._count += 1
        height, digest = 0, sha256(b"\0" + leaf).digest()
        while self._peaks and self._peaks[-1][0] == height:
            digest = _node(self._peaks.pop()[1], digest)
            height += 1
        self._peaks.append((height, digest))

    def digest(self) -> bytes:
        """The root over what was added so far; more may be added afterwards."""
        root = b""
        for _height, digest in reversed(self._peaks):
            root = _node(digest, root) if root else digest
        return sha256(b"\2" + self._count.to_bytes(8, "big") + root).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right).digest()

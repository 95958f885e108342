"""The keys that never lie in the store: one wraps the data keys of cases, one signs seals."""

import base64
import binascii
import hmac
import os
from collections.abc import Mapping
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from toritsugi.errors import KeyMissing

#: environment variables: base64 of 32 bytes each; without a seal key both keys come from the first.
KEY_VARIABLE = "TORITSUGI_KEY"
SEAL_VARIABLE = "TORITSUGI_SEAL_KEY"

_KEY_BYTES = 32
_NONCE_BYTES = 12
_WRAPPED = b"toritsugi data key 1"


class KeyVault:
    """A vault around a 32-byte master key.

    Whoever has the master key can read every case; whoever has the seal key can forge seals. They are separate so that
    an office can keep the second where the database's administrator has no access.
    """

    def __init__(self, master_key: bytes, seal_key: bytes | None = None) -> None:
        for key in (master_key, seal_key):
            if key is not None and len(key) != _KEY_BYTES:
                raise ValueError(f"a key has {_KEY_BYTES} bytes")
        self._wrapper = AESGCM(_derived(master_key, b"wrap"))
        self._mac = hmac.new(_derived(master_key, b"mac"), digestmod="sha256")
        self._signer = Ed25519PrivateKey.from_private_bytes(_derived(seal_key or master_key, b"seal"))
        self._public_key = self._signer.public_key().public_bytes_raw()

    @classmethod
    def from_environment(
        cls, *, default_file: Path | None = None, make: bool = True, environment: Mapping[str, str] | None = None
    ) -> "KeyVault":
        """The vault of the environment's keys, else of a key file.

        Args:
            default_file: where the key lies if the environment names none.
            make: whether a file that is not there is made, for its owner only; a store that exists needs its own key.
        Raises:
            KeyMissing: no key is to be had, or it is not base64 of 32 bytes.
        """
        given = os.environ if environment is None else environment
        seal_key = _decoded(given[SEAL_VARIABLE]) if given.get(SEAL_VARIABLE) else None
        if given.get(KEY_VARIABLE):
            return cls(_decoded(given[KEY_VARIABLE]), seal_key)
        if default_file is None or not (make or default_file.exists()):
            raise KeyMissing
        return cls(_from_file(default_file), seal_key)

    def new_data_key(self) -> tuple[bytes, bytes]:
        """A fresh 32-byte data key: (key, the same key wrapped)."""
        key = os.urandom(_KEY_BYTES)
        nonce = os.urandom(_NONCE_BYTES)
        return key, nonce + self._wrapper.encrypt(nonce, key, _WRAPPED)

    def unwrap(self, wrapped: bytes) -> bytes:
        """The data key inside `wrapped`.

        Raises:
            KeyMissing: this vault did not wrap it.
        """
        try:
            return self._wrapper.decrypt(wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:], _WRAPPED)
        except (InvalidTag, ValueError):
            raise KeyMissing from None

    def sign(self, content: bytes) -> bytes:
        """An Ed25519 signature over `content`."""
        return self._signer.sign(content)

    def mac(self, content: bytes) -> str:
        """HMAC-SHA256 of `content`, hex."""
        # a copy of the keyed start, not `hmac.digest`, which looks its algorithm up anew: 8 µs an event, cold
        mac = self._mac.copy()
        mac.update(content)
        return mac.hexdigest()

    def public_key(self) -> bytes:
        """The 32 bytes that verify `sign`."""
        return self._public_key

    def __repr__(self) -> str:
        return "KeyVault(***)"


def _derived(key: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=b"toritsugi " + purpose + b" 1").derive(key)


def _decoded(text: str) -> bytes:
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except binascii.Error:
        raise KeyMissing from None
    if len(key) != _KEY_BYTES:
        raise KeyMissing
    return key


def _from_file(path: Path) -> bytes:
    """The key in a file; made whole or not at all, and never over another process's."""
    if not path.exists():
        draft = path.with_name(f"{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(base64.b64encode(os.urandom(_KEY_BYTES)) + b"\n")
                file.flush()
                os.fsync(file.fileno())
            try:
                os.link(draft, path)
            except FileExistsError:
                pass
        finally:
            draft.unlink()
    return _decoded(path.read_text("ascii"))

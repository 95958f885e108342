"""A folder of files to be sent by something else: each file appears whole, once, and survives a power cut."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from toritsugi.errors import ChannelDelayed

#: A spool that cannot be written is looked at again after this many seconds: somebody has to make room first.
SPOOL_RETRY_S = 300
_UNSAFE = re.compile(r"[^A-Za-z0-9.-]")
_LONGEST_NAME = 120


def file_name(key: str, suffix: str) -> str:
    """A parcel's key as a file name: `case/12/1` is `case_12_1.eml`; different keys have different names."""
    plain = _UNSAFE.sub("_", key)
    if len(plain) > _LONGEST_NAME or plain.startswith(".") or _UNSAFE.search(key.replace("/", "")):
        plain = f"{plain[:60].lstrip('.')}-{hashlib.sha256(key.encode()).hexdigest()[:16]}"
    return plain + suffix


def put(folder: Path, name: str, content: bytes) -> None:
    """Write `content` to `folder/name`, unless a file of this name is there: the first one stays.

    Written beside, made durable, then renamed: a reader never sees half a file, and after a crash the file is
    there whole or not at all.

    Raises:
        ChannelDelayed: the folder cannot be written (full, read-only, not ours).
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not (folder / name).exists():
            with _beside(folder, name) as temporary:
                _write_durably(temporary, content)
                temporary.replace(folder / name)
        _make_durable(folder)
    except OSError as fault:
        raise ChannelDelayed(SPOOL_RETRY_S, reason=type(fault).__name__) from None


@contextmanager
def _beside(folder: Path, name: str) -> Iterator[Path]:
    temporary = folder / f".{name}.{secrets.token_hex(8)}.part"
    try:
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)


def _write_durably(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _make_durable(folder: Path) -> None:
    if os.name != "posix":  # elsewhere a folder cannot be opened, and the rename is durable by itself
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

"""Whether an address can be a store's at all, told before anything is made there."""

from __future__ import annotations

import os
from pathlib import Path

import sqlalchemy as sa

from toritsugi.errors import StoreMismatch

#: the first bytes of every SQLite database.
_SQLITE = b"SQLite format 3\x00"


def check_address(address: str) -> None:
    """That `address` names a SQLite file that is ours to open or make, or a PostgreSQL database.

    Raises:
        StoreMismatch: STORE_ADDRESS (not such an address), STORE_FOLDER (the folder is missing or closed to us),
            STORE_FOREIGN (a file that is no database). Nothing of the address is repeated: it may hold a password.
    """
    try:
        url = sa.make_url(address)
        backend = url.get_backend_name()
    except sa.exc.ArgumentError:
        raise StoreMismatch("STORE_ADDRESS") from None
    if backend not in ("sqlite", "postgresql"):
        raise StoreMismatch("STORE_ADDRESS")
    file = sqlite_file(address)
    if file is not None:
        _check_file(file)


def sqlite_file(address: str) -> Path | None:
    """The file of a SQLite store; None for a passing store or another database."""
    url = sa.make_url(address)
    if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
        return None
    return Path(str(url.database))


def _check_file(file: Path) -> None:
    if file.is_dir():
        raise StoreMismatch("STORE_FOREIGN", file=file.name)
    if not os.access(file.parent, os.W_OK | os.X_OK):
        raise StoreMismatch("STORE_FOLDER", folder=file.parent)
    if file.exists() and file.stat().st_size:
        with file.open("rb") as opened:
            if opened.read(len(_SQLITE)) != _SQLITE:
                raise StoreMismatch("STORE_FOREIGN", file=file.name)

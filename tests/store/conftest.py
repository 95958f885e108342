"""A store on each database in turn, and the vault it was opened with."""

from collections.abc import Iterator

import pytest

from toritsugi.runtime.vault import KeyVault
from toritsugi.store.store import SqlStore, open_store
from toritsugi.testing.decisions import CONTENT_HASH, KEPT, NOON


@pytest.fixture
def vault() -> KeyVault:
    return KeyVault(b"m" * 32, b"s" * 32)


@pytest.fixture
def store(store_url: str, vault: KeyVault) -> Iterator[SqlStore]:
    """An empty store that knows the example's procedure."""
    opened = open_store(store_url, vault=vault)
    with opened.unit() as unit:
        unit.keep_procedure(CONTENT_HASH, KEPT, NOON)
        unit.commit()
    yield opened
    opened.close()

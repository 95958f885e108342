"""Our store keeps every promise of the contract, on both databases."""

import pytest

from toritsugi.runtime.vault import KeyVault
from toritsugi.store.store import SqlStore, open_store
from toritsugi.testing.store_contract import PROMISES, Promise, exercise_store


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.__name__)
def test_the_store_promises(store: SqlStore, promise: Promise) -> None:
    promise(store)


def test_the_whole_suite_runs_over_a_passing_store(vault: KeyVault) -> None:
    exercise_store(lambda: open_store("sqlite://", vault=vault))

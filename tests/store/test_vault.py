"""The master key and the seal key: where they come from, and that they are not shown."""

import base64
import stat
from pathlib import Path

import pytest

from toritsugi.errors import KeyMissing
from toritsugi.runtime.vault import KeyVault

KEY = base64.b64encode(b"k" * 32).decode()


def test_a_data_key_opens_only_with_the_vault_that_wrapped_it() -> None:
    vault = KeyVault(b"k" * 32)
    key, wrapped = vault.new_data_key()
    assert len(key) == 32 and key not in wrapped
    assert vault.unwrap(wrapped) == KeyVault(b"k" * 32, b"s" * 32).unwrap(wrapped) == key
    altered = wrapped[:-1] + bytes([wrapped[-1] ^ 1])
    for other, text in ((KeyVault(b"x" * 32), wrapped), (vault, altered), (vault, b""), (vault, b"x" * 60)):
        with pytest.raises(KeyMissing):
            other.unwrap(text)


def test_the_seal_key_is_another_than_the_master_key() -> None:
    assert KeyVault(b"k" * 32).public_key() != KeyVault(b"k" * 32, b"s" * 32).public_key()
    assert KeyVault(b"k" * 32, b"s" * 32).public_key() == KeyVault(b"x" * 32, b"s" * 32).public_key()


def test_a_vault_shows_no_key() -> None:
    assert repr(KeyVault(b"k" * 32)) == str(KeyVault(b"k" * 32)) == "KeyVault(***)"


def test_the_environment_comes_before_the_file(tmp_path: Path) -> None:
    file = tmp_path / "key"
    vault = KeyVault.from_environment(default_file=file, environment={"TORITSUGI_KEY": KEY})
    assert vault.public_key() == KeyVault(b"k" * 32).public_key()
    assert not file.exists()
    both = {"TORITSUGI_KEY": KEY, "TORITSUGI_SEAL_KEY": base64.b64encode(b"s" * 32).decode()}
    assert KeyVault.from_environment(environment=both).public_key() == KeyVault(b"k" * 32, b"s" * 32).public_key()


def test_a_key_file_is_made_on_first_use_for_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "store.key"
    first = KeyVault.from_environment(default_file=file, environment={})
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["store.key"]
    again = KeyVault.from_environment(default_file=file, environment={})
    assert again.public_key() == first.public_key()


@pytest.mark.parametrize("given", ["", "not base64!", base64.b64encode(b"short").decode()])
def test_a_key_that_is_none_is_refused(given: str) -> None:
    with pytest.raises(KeyMissing):
        KeyVault.from_environment(environment={"TORITSUGI_KEY": given})


def test_a_key_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError):
        KeyVault(b"short")

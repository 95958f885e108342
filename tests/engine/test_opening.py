"""Opening an engine: a wrong address or a wrong key is told before anything is made."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from toritsugi.engine import Engine
from toritsugi.errors import KeyMissing, StoreMismatch, UnknownDriver
from toritsugi.runtime.vault import KeyVault


@pytest.mark.parametrize("address", ["nai.db", "mysql://host/db", "postgres://host/db", "sqlite", ""])
def test_what_is_no_address_of_a_store_is_told(address: str) -> None:
    with pytest.raises(StoreMismatch) as told:
        Engine.open(address, plugins=())
    assert told.value.code == "STORE_ADDRESS"


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    memo = tmp_path / "memo.txt"
    memo.write_text("買い物の一覧です。", "utf-8")
    with pytest.raises(StoreMismatch) as told:
        Engine.open(f"sqlite:///{memo}", plugins=())
    assert told.value.code == "STORE_FOREIGN"
    assert [one.name for one in tmp_path.iterdir()] == ["memo.txt"]


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreMismatch) as told:
        Engine.open(f"sqlite:///{tmp_path / 'nowhere' / 'x.db'}", plugins=())
    assert told.value.code == "STORE_FOLDER"


def test_a_store_that_lost_its_key_gets_no_second_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TORITSUGI_KEY", raising=False)
    address = f"sqlite:///{tmp_path / 'store.db'}"
    Engine.open(address, plugins=()).close()
    (tmp_path / "store.db.key").unlink()
    with pytest.raises(KeyMissing):
        Engine.open(address, plugins=())
    assert not (tmp_path / "store.db.key").exists()


def test_a_store_with_cases_opens_with_its_own_key_only(
    tmp_path: Path, store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from toritsugi.hooks import InstitutionManifest, ProcedureFile
    from world import COMPANY, FOLDER

    files = [ProcedureFile(file=path.name, text=path.read_bytes()) for path in FOLDER.glob("*.yaml")]
    bank = InstitutionManifest(id="test_bank", title={"ja": "銀行", "en": "Bank"})
    vault = KeyVault(b"a" * 32)
    with Engine.open(store_url, plugins=(), procedures=files, institutions=[bank], vault=vault) as engine:
        engine.start("loan_request", COMPANY, {"company": "Acme"})
    Engine.open(store_url, plugins=(), procedures=files, vault=KeyVault(b"a" * 32)).close()
    monkeypatch.setenv("TORITSUGI_KEY", base64.b64encode(b"b" * 32).decode())
    with pytest.raises(KeyMissing):
        Engine.open(store_url, plugins=(), procedures=files)


def test_an_unknown_driver_is_told(tmp_path: Path) -> None:
    with Engine.open(f"sqlite:///{tmp_path / 'store.db'}", plugins=()) as engine, pytest.raises(UnknownDriver):
        engine.driver("nope")


def test_a_deadline_without_a_calendar_is_told_when_the_file_is_read(tmp_path: Path) -> None:
    from toritsugi.errors import DefinitionError
    from toritsugi.hooks import ProcedureFile
    from world import COMPANY, FOLDER

    files = [ProcedureFile(file=path.name, text=path.read_bytes()) for path in FOLDER.glob("*.yaml")]
    with (
        Engine.open(f"sqlite:///{tmp_path / 'store.db'}", plugins=(), procedures=files) as engine,
        pytest.raises(DefinitionError) as told,
    ):
        engine.start("loan_request", COMPANY, {"company": "Acme"})
    lines = (FOLDER / "loan_request.yaml").read_text("utf-8").splitlines()
    place = next(number for number, line in enumerate(lines, start=1) if line.strip().startswith("calendar:"))
    assert f"loan_request.yaml:{place}:5: error UNKNOWN_CALENDAR" in told.value.message("en")

"""After an erasure the key is nowhere in the database's files."""

from pathlib import Path

import sqlalchemy as sa

from toritsugi.runtime.vault import KeyVault
from toritsugi.store.store import SqlStore, open_store
from toritsugi.testing.decisions import NOON, moving
from toritsugi.testing.store_acts import keep_example, load, moved, opened


def _wrapped(store: SqlStore, case_id: str) -> bytes:
    with store.engine.connect() as connection:
        return bytes(connection.scalar(sa.text("SELECT data_key FROM toritsugi_case WHERE id = :id"), {"id": case_id}))


def _files(url: str) -> bytes:
    path = Path(str(sa.make_url(url).database))
    return b"".join(file.read_bytes() for file in sorted(path.parent.glob(path.name + "*")))


def _erase(store: SqlStore, case_id: str) -> None:
    with store.unit(write=True) as unit:
        unit.write(moving(load(store, case_id), "erase"))
        unit.erase(case_id, NOON)
        unit.commit()


def test_the_destroyed_key_is_in_none_of_sqlites_files(sqlite_url: str, vault: KeyVault) -> None:
    store = open_store(sqlite_url, vault=vault)
    keep_example(store)
    for name in ("c1", "c2", "c3"):
        case = opened(store, name, personal={"contact": "高橋"}, values={"filler": "x" * 900})
        moved(store, case, values={"more": "y" * 3000}, send=({"subject": "s"},))
    wrapped, other = _wrapped(store, "c2"), _wrapped(store, "c1")
    assert wrapped in _files(sqlite_url)
    _erase(store, "c2")
    assert wrapped not in _files(sqlite_url)
    assert other in _files(sqlite_url)
    store.close()


def test_a_reader_only_delays_the_emptying_of_the_log(sqlite_url: str, vault: KeyVault) -> None:
    store = open_store(sqlite_url, vault=vault)
    keep_example(store)
    opened(store, "c1", personal={"contact": "高橋"})
    wrapped = _wrapped(store, "c1")
    link = store._connections.take()
    link.run("PRAGMA busy_timeout = 1")
    store._connections.give(link)
    with store.engine.connect() as reader:
        reader.execute(sa.text("SELECT count(*) FROM toritsugi_case")).all()
        _erase(store, "c1")
        assert wrapped in _files(sqlite_url)
    store.checkpoint()
    assert wrapped not in _files(sqlite_url)
    store.close()


def test_a_key_kept_open_does_not_open_an_erased_case(store: SqlStore) -> None:
    opened(store, "c1", personal={"contact": "高橋"})
    assert load(store, "c1", personal=True).personal == {"contact": "高橋"}
    _erase(store, "c1")
    assert load(store, "c1", personal=True).personal == {}


def test_personal_values_stand_nowhere_in_the_clear(sqlite_url: str, vault: KeyVault) -> None:
    store = open_store(sqlite_url, vault=vault)
    keep_example(store)
    case = opened(store, "c1", personal={"contact": "髙﨑𠮷子"})
    moved(store, case, personal={"reason": "髙﨑𠮷子が希望"}, send=({"body": "髙﨑𠮷子様"},))
    assert "髙﨑".encode() not in _files(sqlite_url)
    assert b"\\u9ad9" not in _files(sqlite_url)
    store.close()


def test_the_row_with_the_destroyed_key_is_vacuumed_away(postgresql_url: str, vault: KeyVault) -> None:
    store = open_store(postgresql_url, vault=vault)
    keep_example(store)
    opened(store, "c1", personal={"contact": "高橋"})
    assert store.remains
    _erase(store, "c1")
    with store.engine.connect() as connection:
        vacuumed = sa.text("SELECT vacuum_count FROM pg_stat_user_tables WHERE relname = 'toritsugi_case'")
        assert connection.scalar(vacuumed) == 1
    assert store.vacuumed
    store.close()


def test_a_vacuum_that_cannot_run_does_not_undo_the_erasure(postgresql_url: str, vault: KeyVault) -> None:
    store = open_store(postgresql_url, vault=vault)
    keep_example(store)
    opened(store, "c1", personal={"contact": "高橋"})
    with store.engine.connect() as other:
        other.execute(sa.text("LOCK TABLE toritsugi_case IN SHARE UPDATE EXCLUSIVE MODE"))
        _erase(store, "c1")
    assert load(store, "c1", personal=True).erased
    assert not store.vacuumed
    store.close()

"""What opening a store does to a database: made, refused, migrated."""

import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from toritsugi.errors import StoreMismatch
from toritsugi.runtime.vault import KeyVault
from toritsugi.store import schema
from toritsugi.store.dialect import make_engine
from toritsugi.store.store import open_store
from toritsugi.store.tables import METADATA


def _described(engine: sa.Engine) -> dict[str, object]:
    """Everything a database knows of our tables, in no particular order."""
    found: dict[str, object] = {}
    inspector = sa.inspect(engine)
    for table in inspector.get_table_names():
        columns = {
            (column["name"], str(column["type"]), column["nullable"], getattr(column["type"], "collation", None))
            for column in inspector.get_columns(table)
        }
        checks = {(check["name"], check["sqltext"]) for check in inspector.get_check_constraints(table)}
        found[table] = (
            columns,
            checks,
            tuple(inspector.get_pk_constraint(table)["constrained_columns"]),
            {(key["constrained_columns"][0], key["referred_table"]) for key in inspector.get_foreign_keys(table)},
        )
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            query = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
            options = "SELECT name, sql LIKE '%WITHOUT ROWID%', sql LIKE '%AUTOINCREMENT%' FROM sqlite_master WHERE type = 'table'"
        else:
            query = "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
            options = "SELECT relname, reloptions::text FROM pg_class WHERE relname LIKE 'toritsugi%' AND relkind = 'r'"
        found["indexes"] = {tuple(row) for row in connection.execute(sa.text(query))}
        found["options"] = {tuple(row) for row in connection.execute(sa.text(options))}
    return found


def test_the_migrations_make_the_same_schema_as_the_tables_declare(store_url: str) -> None:
    engine = make_engine(store_url, "FULL")
    schema.migrate(engine)
    migrated = _described(engine)
    assert schema.version(engine) == schema.CURRENT
    with engine.begin() as connection:
        METADATA.drop_all(connection)
    schema.prepare(engine, "refuse")
    declared = _described(engine)
    engine.dispose()
    assert migrated.keys() == declared.keys()
    for name in declared:
        assert migrated[name] == declared[name], name


def test_alembic_sees_no_difference_between_the_migrations_and_the_tables(store_url: str) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    engine = make_engine(store_url, "FULL")
    schema.migrate(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": "toritsugi_schema"})
        assert compare_metadata(context, METADATA) == []
    engine.dispose()


def test_an_older_schema_is_refused_unless_migration_is_asked_for(store_url: str, vault: KeyVault) -> None:
    engine = make_engine(store_url, "FULL")
    schema.prepare(engine, "refuse")
    known = schema.REVISIONS
    with engine.begin() as connection:
        METADATA.drop_all(
            connection, tables=[table for name, table in METADATA.tables.items() if name != "toritsugi_schema"]
        )
        connection.execute(sa.text("DELETE FROM toritsugi_schema"))
        connection.execute(sa.text("INSERT INTO toritsugi_schema VALUES ('0000')"))
    schema.REVISIONS = ("0000", *known)
    try:
        with pytest.raises(StoreMismatch) as refused:
            schema.prepare(engine, "refuse")
        assert refused.value.code == "STORE_OLDER"
    finally:
        schema.REVISIONS = known
    engine.dispose()


def test_a_newer_schema_is_always_refused(store_url: str, vault: KeyVault) -> None:
    open_store(store_url, vault=vault).close()
    engine = make_engine(store_url, "FULL")
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE toritsugi_schema SET version_num = '9999'"))
    engine.dispose()
    for on_schema in ("refuse", "migrate"):
        with pytest.raises(StoreMismatch) as refused:
            open_store(store_url, vault=vault, on_schema=on_schema)  # type: ignore[arg-type]  # each literal in turn
        assert refused.value.code == "STORE_NEWER"


def test_a_host_finds_none_of_our_tables_among_its_own() -> None:
    from sqlmodel import SQLModel

    assert not [name for name in SQLModel.metadata.tables if name.startswith("toritsugi")]


def test_opening_a_store_that_is_up_to_date_does_not_import_alembic(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "from toritsugi.runtime.vault import KeyVault\n"
        "from toritsugi.store.store import open_store\n"
        "open_store(sys.argv[1], vault=KeyVault(b'k' * 32)).close()\n"
        "assert 'alembic' not in sys.modules\n"
    )
    for _ in range(2):
        subprocess.run([sys.executable, "-c", program, f"sqlite:///{tmp_path / 'store.db'}"], check=True)


def test_several_processes_that_open_an_empty_database_make_it_once(store_url: str) -> None:
    program = (
        "import sys\n"
        "from toritsugi.runtime.vault import KeyVault\n"
        "from toritsugi.store.store import open_store\n"
        "open_store(sys.argv[1], vault=KeyVault(b'k' * 32)).close()\n"
    )
    crew = [subprocess.Popen([sys.executable, "-c", program, store_url]) for _ in range(3)]
    assert [one.wait(60) for one in crew] == [0, 0, 0]

"""A store of the first schema, with cases in it, is brought to the present one and goes on."""

import sqlalchemy as sa

from toritsugi.runtime.vault import KeyVault
from toritsugi.store import schema
from toritsugi.store.audit import verify
from toritsugi.store.dialect import make_engine
from toritsugi.store.store import open_store
from toritsugi.testing.decisions import CONTENT, CONTENT_HASH, KEPT, NOON, PROCEDURE
from toritsugi.testing.store_acts import load, moved, opened


def _as_it_was(url: str) -> None:
    """Take away what the later revisions have added, as far as they do not replace it themselves."""
    engine = make_engine(url, "FULL")
    with engine.begin() as connection:
        for statement in (
            "DROP INDEX toritsugi_case_ended",
            "DROP INDEX toritsugi_deadline_suspended",
            "DROP INDEX toritsugi_case_parent",
            "ALTER TABLE toritsugi_case DROP COLUMN parent",
            "ALTER TABLE toritsugi_case DROP COLUMN opened_by_link",
            "ALTER TABLE toritsugi_procedure DROP COLUMN interfaces",
            "UPDATE toritsugi_schema SET version_num = '0001'",
        ):
            connection.execute(sa.text(statement))
    engine.dispose()


def test_a_store_of_the_first_schema_is_migrated_with_its_cases(store_url: str, vault: KeyVault) -> None:
    store = open_store(store_url, vault=vault)
    with store.unit() as unit:
        unit.keep_procedure(CONTENT_HASH, KEPT, NOON)
        unit.commit()
    opened(store, "c1", subject="s")
    store.close()
    _as_it_was(store_url)

    migrated = open_store(store_url, vault=vault, on_schema="migrate")
    assert schema.version(migrated.engine) == schema.CURRENT
    case = load(migrated, "c1")
    assert (case.parent, case.opened_by_link) == (None, None)
    kept = migrated.kept_procedure(CONTENT_HASH)
    assert kept is not None
    assert (kept.id, kept.content, kept.interfaces) == (PROCEDURE, CONTENT, {})
    moved(migrated, case, "step", "accepted")
    assert verify(migrated).clean
    migrated.close()

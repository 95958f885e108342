"""Which schema a database has: made when there is none, refused when it is another, migrated when asked for.

The version row is read here, so that opening a store that is up to date does not import alembic.
"""

from typing import Literal

import sqlalchemy as sa

from toritsugi.errors import StoreMismatch
from toritsugi.store.dialect import writing
from toritsugi.store.tables import METADATA

OnSchema = Literal["refuse", "migrate"]

#: every revision of the schema, oldest first; the files are in migrations/versions.
REVISIONS = ("0001", "0002", "0003", "0004")
CURRENT = REVISIONS[-1]

_VERSION = METADATA.tables["toritsugi_schema"]
#: PostgreSQL's advisory lock for making and migrating tables ("toritsu" in ASCII).
_LOCK = int.from_bytes(b"toritsu", "big")


def prepare(engine: sa.Engine, on_schema: OnSchema) -> None:
    """Have the tables of this code in the database.

    Raises:
        StoreMismatch: STORE_OLDER unless `on_schema` is migrate; STORE_NEWER always; STORE_UNREACHABLE.
    """
    try:
        found = version(engine)
        if found is None:
            found = _create(engine)
    except sa.exc.OperationalError as error:
        raise StoreMismatch("STORE_UNREACHABLE") from error
    if found == CURRENT:
        return
    if found not in REVISIONS:
        raise StoreMismatch("STORE_NEWER", found=found, needed=CURRENT)
    if on_schema != "migrate":
        raise StoreMismatch("STORE_OLDER", found=found, needed=CURRENT)
    migrate(engine)


def version(engine: sa.Engine) -> str | None:
    """The revision that a database is at; None: our tables are not there."""
    with engine.connect() as connection:
        return _version(connection)


def _version(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table(_VERSION.name):
        return None
    return connection.scalar(sa.select(_VERSION.c.version_num))


def _create(engine: sa.Engine) -> str:
    with writing(engine, _LOCK) as connection:
        # another process may have made them while this one waited
        found = _version(connection)
        if found is None:
            METADATA.create_all(connection)
            connection.execute(sa.insert(_VERSION).values(version_num=CURRENT))
            found = CURRENT
        connection.commit()
    return found


def migrate(engine: sa.Engine, revision: str = "head") -> None:
    """Bring the database to a revision; from nothing, or from an older one."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "toritsugi.store:migrations")
    config.set_main_option("path_separator", "os")
    with writing(engine, _LOCK) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        connection.commit()

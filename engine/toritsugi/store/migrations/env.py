"""Runs the revisions on the connection that `schema.migrate` hands over; it holds the lock and commits."""

from alembic import context

from toritsugi.store.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    version_table="toritsugi_schema",
    transactional_ddl=False,
)
context.run_migrations()

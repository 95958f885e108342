"""Which case opened a case and through which link, and what a kept procedure knew of those it links to."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

#: ids compare by their bytes on both databases.
_ID = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Cases that were opened before have no parent that anybody wrote down; procedures kept before, no interfaces."""
    op.add_column("toritsugi_case", sa.Column("parent", _ID, nullable=True))
    op.add_column("toritsugi_case", sa.Column("opened_by_link", sa.Text(), nullable=True))
    op.create_index(
        "toritsugi_case_parent",
        "toritsugi_case",
        ["parent", "opened_at", "id"],
        unique=False,
        sqlite_where=sa.text("parent IS NOT NULL"),
        postgresql_where=sa.text("parent IS NOT NULL"),
    )
    op.add_column("toritsugi_procedure", sa.Column("interfaces", sa.Text(), nullable=True))

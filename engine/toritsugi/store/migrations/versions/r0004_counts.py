"""Ended cases by what they were about: for counts that look back."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """An index that a case comes into when it ends; open cases have one already."""
    op.create_index(
        "toritsugi_case_ended",
        "toritsugi_case",
        ["procedure", "subject"],
        unique=False,
        sqlite_where=sa.text("ended = 1 AND subject IS NOT NULL"),
        postgresql_where=sa.text("ended AND subject IS NOT NULL"),
    )

"""Deadlines that are suspended, and those that went on after it."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

#: ids compare by their bytes on both databases.
_ID = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_TABLE = "toritsugi_deadline"
_STATUS = "status IN ('armed', 'missed', 'met', 'late', 'cancelled', 'cleared', 'suspended', 'resumed')"


def upgrade() -> None:
    """Two more words for what became of a deadline, and an index of the suspended ones."""
    # SQLite cannot change a check of a table: it makes the table anew, from what is written here
    with op.batch_alter_table(_TABLE, copy_from=_deadline()) as table:
        table.drop_constraint(op.f("toritsugi_deadline_status_check"), type_="check")
        table.create_check_constraint(op.f("toritsugi_deadline_status_check"), _STATUS)
    _index("suspended")


def _index(status: str) -> None:
    where = sa.text(f"status = '{status}'")
    op.create_index(
        f"toritsugi_deadline_{status}",
        _TABLE,
        ["due_at", "case_id"],
        unique=False,
        sqlite_where=where,
        postgresql_where=where,
    )


def _deadline() -> sa.Table:
    """The table as revision 0001 made it."""
    table = sa.Table(
        _TABLE,
        sa.MetaData(),
        sa.Column("case_id", _ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("due_on", sa.Text(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("responsible", sa.Text(), nullable=True),
        sa.Column("calendar", sa.Text(), nullable=False),
        sa.Column("calendar_hash", sa.Text(), nullable=False),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.Column("ended_seq", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("(status = 'armed') = (ended_seq IS NULL)", name=op.f("toritsugi_deadline_ended_check")),
        sa.CheckConstraint(
            "status IN ('armed', 'missed', 'met', 'late', 'cancelled', 'cleared')",
            name=op.f("toritsugi_deadline_status_check"),
        ),
        sa.CheckConstraint("length(due_on) = 10", name=op.f("toritsugi_deadline_due_on_check")),
        sa.ForeignKeyConstraint(["case_id"], ["toritsugi_case.id"], name=op.f("toritsugi_deadline_case_id_fkey")),
        sa.PrimaryKeyConstraint("case_id", "name", "seq", name=op.f("toritsugi_deadline_pkey")),
    )
    for name, status in (("toritsugi_deadline_due", "armed"), ("toritsugi_deadline_missed", "missed")):
        where = sa.text(f"status = '{status}'")
        sa.Index(name, table.c.due_at, table.c.case_id, sqlite_where=where, postgresql_where=where)
    return table

"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

#: ids compare by their bytes on both databases.
_ID = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """From nothing."""
    op.create_table(
        "toritsugi_procedure",
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("procedure", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("content_hash", name=op.f("toritsugi_procedure_pkey")),
    )
    op.create_table(
        "toritsugi_refusal",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", _ID, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("institution", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("toritsugi_refusal_pkey")),
        sqlite_autoincrement=True,
    )
    op.create_index("toritsugi_refusal_case", "toritsugi_refusal", ["case_id"], unique=False)
    op.create_table(
        "toritsugi_seal",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("toritsugi_seal_pkey")),
    )
    op.create_table(
        "toritsugi_sealed_head",
        sa.Column("case_id", _ID, nullable=False),
        sa.Column("seal", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("head", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "seal", name=op.f("toritsugi_sealed_head_pkey")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "toritsugi_case",
        sa.Column("id", _ID, nullable=False),
        sa.Column("procedure", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("head", sa.LargeBinary(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("occurred_at", sa.BigInteger(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("one_per_subject", sa.Boolean(), nullable=False),
        sa.Column("withdrawn_seq", sa.BigInteger(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("data_key", sa.LargeBinary(), nullable=True),
        sa.Column("erased_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("(data_key IS NULL) = (erased_at IS NOT NULL)", name=op.f("toritsugi_case_key_check")),
        sa.CheckConstraint("length(head) = 32", name=op.f("toritsugi_case_head_check")),
        sa.CheckConstraint("revision >= 1", name=op.f("toritsugi_case_revision_check")),
        sa.CheckConstraint("withdrawn_seq BETWEEN 1 AND revision", name=op.f("toritsugi_case_withdrawn_check")),
        sa.ForeignKeyConstraint(
            ["content_hash"], ["toritsugi_procedure.content_hash"], name=op.f("toritsugi_case_content_hash_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("toritsugi_case_pkey")),
    )
    op.create_index(
        "toritsugi_case_one",
        "toritsugi_case",
        ["procedure", "subject"],
        unique=True,
        sqlite_where=sa.text("ended = 0 AND one_per_subject = 1"),
        postgresql_where=sa.text("NOT ended AND one_per_subject"),
    )
    op.create_index(
        "toritsugi_case_open",
        "toritsugi_case",
        ["procedure", "subject", "opened_at"],
        unique=False,
        sqlite_where=sa.text("ended = 0"),
        postgresql_where=sa.text("NOT ended"),
    )
    op.create_table(
        "toritsugi_deadline",
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
    op.create_index(
        "toritsugi_deadline_due",
        "toritsugi_deadline",
        ["due_at", "case_id"],
        unique=False,
        sqlite_where=sa.text("status = 'armed'"),
        postgresql_where=sa.text("status = 'armed'"),
    )
    op.create_index(
        "toritsugi_deadline_missed",
        "toritsugi_deadline",
        ["due_at", "case_id"],
        unique=False,
        sqlite_where=sa.text("status = 'missed'"),
        postgresql_where=sa.text("status = 'missed'"),
    )
    op.create_table(
        "toritsugi_history",
        sa.Column("case_id", _ID, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("idempotency", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("length(hash) = 32", name=op.f("toritsugi_history_hash_check")),
        sa.CheckConstraint("seq >= 1", name=op.f("toritsugi_history_seq_check")),
        sa.ForeignKeyConstraint(["case_id"], ["toritsugi_case.id"], name=op.f("toritsugi_history_case_id_fkey")),
        sa.PrimaryKeyConstraint("case_id", "seq", name=op.f("toritsugi_history_pkey")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "toritsugi_history_claim",
        "toritsugi_history",
        ["idempotency"],
        unique=True,
        sqlite_where=sa.text("idempotency IS NOT NULL"),
        postgresql_where=sa.text("idempotency IS NOT NULL"),
    )
    op.create_table(
        "toritsugi_ledger",
        sa.Column("case_id", _ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("ceiling", sa.BigInteger(), nullable=False),
        sa.Column("consumed", sa.BigInteger(), nullable=False),
        sa.Column("reserved", sa.BigInteger(), nullable=False),
        sa.Column("open_items", sa.Text(), nullable=False),
        sa.CheckConstraint("consumed + reserved <= ceiling", name=op.f("toritsugi_ledger_ceiling_check")),
        sa.CheckConstraint("consumed >= 0", name=op.f("toritsugi_ledger_consumed_check")),
        sa.CheckConstraint("reserved >= 0", name=op.f("toritsugi_ledger_reserved_check")),
        sa.ForeignKeyConstraint(["case_id"], ["toritsugi_case.id"], name=op.f("toritsugi_ledger_case_id_fkey")),
        sa.PrimaryKeyConstraint("case_id", "name", name=op.f("toritsugi_ledger_pkey")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "toritsugi_message",
        sa.Column("case_id", _ID, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("institution", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("approval", sa.Text(), nullable=True),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("ready_at", sa.BigInteger(), nullable=False),
        sa.Column("claim", sa.Text(), nullable=True),
        sa.Column("claimed_until", sa.BigInteger(), nullable=True),
        sa.Column("proof", sa.Text(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "claim IS NULL OR status IN ('waiting', 'failed')", name=op.f("toritsugi_message_waiting_check")
        ),
        sa.CheckConstraint(
            "status IN ('waiting', 'handed_over', 'failed', 'unknown', 'set_aside', 'recalled')",
            name=op.f("toritsugi_message_status_check"),
        ),
        sa.CheckConstraint("(claim IS NULL) = (claimed_until IS NULL)", name=op.f("toritsugi_message_claim_check")),
        sa.CheckConstraint("attempts >= 0", name=op.f("toritsugi_message_attempts_check")),
        sa.ForeignKeyConstraint(["case_id"], ["toritsugi_case.id"], name=op.f("toritsugi_message_case_id_fkey")),
        sa.PrimaryKeyConstraint("case_id", "seq", "number", name=op.f("toritsugi_message_pkey")),
    )
    op.create_index(
        "toritsugi_message_ready",
        "toritsugi_message",
        ["ready_at", "case_id"],
        unique=False,
        sqlite_where=sa.text("status IN ('waiting', 'failed')"),
        postgresql_where=sa.text("status IN ('waiting', 'failed')"),
    )
    op.create_table(
        "toritsugi_personal",
        sa.Column("case_id", _ID, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["toritsugi_case.id"], name=op.f("toritsugi_personal_case_id_fkey")),
        sa.PrimaryKeyConstraint("case_id", "seq", name=op.f("toritsugi_personal_pkey")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "toritsugi_posting",
        sa.Column("case_id", _ID, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("ledger", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("reserved", sa.BigInteger(), nullable=False),
        sa.Column("consumed", sa.BigInteger(), nullable=False),
        sa.Column("company_pays", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("act IN ('reserve', 'consume', 'release')", name=op.f("toritsugi_posting_act_check")),
        sa.ForeignKeyConstraint(["case_id"], ["toritsugi_case.id"], name=op.f("toritsugi_posting_case_id_fkey")),
        sa.PrimaryKeyConstraint("case_id", "seq", "number", name=op.f("toritsugi_posting_pkey")),
        sqlite_with_rowid=False,
    )
    if op.get_bind().dialect.name == "postgresql":
        # room in each page, so that a case's next state lies beside its last
        op.execute("ALTER TABLE toritsugi_case SET (fillfactor = 70)")

"""Access tokens, and the scratch beside them: last use, and answers kept for repeated requests."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

IDENTIFIER = sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql")


def upgrade() -> None:
    """Create the three tables."""
    op.create_table(
        "access_token",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("division", IDENTIFIER, nullable=True),
        sa.Column("secret_sha256", sa.String(length=64), nullable=False),
        sa.Column("issued_at", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.Text(), nullable=False),
        sa.Column("revoked_at", sa.Text(), nullable=True),
        sa.CheckConstraint("role IN ('administrator', 'auditor')", name=op.f("ck_access_token_role")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_token")),
        sa.UniqueConstraint("secret_sha256", name=op.f("uq_access_token_secret_sha256")),
        comment="Who may sign in; the secret itself is nowhere, and issue and revocation are in the log.",
    )
    op.create_table(
        "token_use",
        sa.Column("token_id", IDENTIFIER, nullable=False),
        sa.Column("last_used_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["token_id"], ["access_token.id"], name=op.f("fk_token_use_token_id_access_token")),
        sa.PrimaryKeyConstraint("token_id", name=op.f("pk_token_use")),
        comment="Scratch: when a token was last seen, to about five minutes.",
    )
    op.create_table(
        "idempotency",
        sa.Column("token_id", IDENTIFIER, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("request", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("token_id", "key", name=op.f("pk_idempotency")),
        comment="Scratch: answers of the last day, for clients whose connection broke before they heard them.",
    )
    op.create_index(op.f("ix_idempotency_at"), "idempotency", ["at"], unique=False)

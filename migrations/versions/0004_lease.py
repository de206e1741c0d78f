"""How long a worker may rely on the revision that it was told; whoever writes waits so long before saying so."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the table and its one row."""
    lease = op.create_table(
        "lease",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_lease_single")),
        sa.CheckConstraint("milliseconds BETWEEN 0 AND 1000", name=op.f("ck_lease_milliseconds")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lease")),
        comment="One row: how long a worker may go by the revision it was told, and a writer waits before it answers.",
    )
    op.bulk_insert(lease, [{"id": 1, "milliseconds": 4}])


def downgrade() -> None:
    """Remove the table; the release before knows no lease."""
    op.drop_table("lease")

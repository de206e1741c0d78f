"""Lists of what is far between: the latest changes of a province or a city, and retired services."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

NAME = "ix_service_version_province_from_revision_service_id"


def upgrade() -> None:
    """Create the two indexes."""
    province = sa.func.substr(sa.column("service_id"), sa.literal_column("1"), sa.literal_column("2"))
    op.create_index(op.f(NAME), "service_version", [province, "from_revision", "service_id"], unique=False)
    is_retired = sa.text("status = 'retired'")
    op.create_index(op.f("ix_service_retired"), "service", ["id"], sqlite_where=is_retired, postgresql_where=is_retired)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ANALYZE service_version")  # without it the planner takes every province for a small one


def downgrade() -> None:
    """Remove them."""
    op.drop_index(op.f("ix_service_retired"), "service")
    op.drop_index(op.f(NAME), "service_version")

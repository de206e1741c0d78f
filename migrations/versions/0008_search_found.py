"""Searching: on SQLite an index of all that is read of a hit, as of the rows themselves only two fill a page."""

from alembic import op

revision = "0008"
down_revision = "0007"

NAME = "ix_search_found"
READ = (
    *("position", "service_id", "status", "domain", "visits", "single_window", "for_individual", "for_enterprise"),
    *("depth_individual", "depth_enterprise", "life_events"),
)


def upgrade() -> None:
    """Create the index."""
    if op.get_bind().dialect.name == "sqlite":
        op.create_index(op.f(NAME), "search", READ, unique=False)


def downgrade() -> None:
    """Remove it."""
    if op.get_bind().dialect.name == "sqlite":
        op.drop_index(op.f(NAME), "search")

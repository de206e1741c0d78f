"""What is kept of each name: all that some of its services are found by, and what of this others are not.

Also an index by which the services of a name are found in their order, with all that is read of each.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

CALLED = (
    *("name", "position", "service_id", "status", "domain", "visits", "single_window", "for_individual"),
    *("for_enterprise", "depth_individual", "depth_enterprise", "life_events"),
)
COMMENT = (
    "The names that services have, each once, all that some services of a name are found by, and what of this"
    " others are not; short names have small numbers."
)
BEFORE = "The names that services have, each once, and what a name is found by; short names have small numbers."


def upgrade() -> None:
    """Add the column, and empty the table: 0011 fills it."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("TRUNCATE service_name")
        op.add_column("service_name", sa.Column("lacking", sa.Text(), nullable=False))
        op.create_table_comment("service_name", COMMENT)
    else:  # unlike PostgreSQL, SQLite adds no column that must have a value
        _create_for_sqlite(sa.Column("lacking", sa.Text(), nullable=False))
    op.create_index("ix_search_called", "search", CALLED, unique=False)


def downgrade() -> None:
    """Remove the column; the words stay until the release before runs ``db reindex``, and no question asks for them."""
    op.drop_index("ix_search_called", "search")
    if op.get_bind().dialect.name == "postgresql":
        op.drop_column("service_name", "lacking")
        op.create_table_comment("service_name", BEFORE)
    else:
        op.execute("ALTER TABLE service_name DROP COLUMN lacking")


def _create_for_sqlite(*columns: sa.Column[str]) -> None:
    """Create the table anew, and the triggers that keep its index, which is emptied."""
    op.drop_table("service_name")
    op.execute("INSERT INTO service_name_index (service_name_index) VALUES ('delete-all')")
    op.create_table(
        "service_name",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("zh", sa.Text(), nullable=False),
        sa.Column("en", sa.Text(), nullable=True),
        sa.Column("tokens", sa.Text(), nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("number", name=op.f("pk_service_name")),
    )
    add = "INSERT INTO service_name_index (rowid, tokens) VALUES (NEW.number, NEW.tokens);"
    drop = (
        "INSERT INTO service_name_index (service_name_index, rowid, tokens) VALUES ('delete', OLD.number, OLD.tokens);"
    )
    for event, actions in (("INSERT", add), ("DELETE", drop), ("UPDATE OF number, tokens", drop + add)):
        name = f"service_name_{event.split()[0].lower()}"
        op.execute(f"CREATE TRIGGER {name} AFTER {event} ON service_name BEGIN {actions} END")

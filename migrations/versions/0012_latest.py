"""The latest changes among services that share all attributes, by an index; for this, life events are one of them."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

IDENTIFIER = sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql")
EVENTS = {
    "postgresql": "SELECT string_agg(life_event || ',', '' ORDER BY life_event COLLATE \"C\")"
    " FROM service_life_event AS e WHERE e.service_id = service.id",
    "sqlite": "SELECT group_concat(life_event || ',', '') FROM (SELECT life_event FROM service_life_event AS e"
    " WHERE e.service_id = service.id ORDER BY life_event)",
}
INDEXED = (
    *("status", "domain", "visits", "single_window", "for_individual", "for_enterprise"),
    *(sa.text("coalesce(depth_individual, -1)"), sa.text("coalesce(depth_enterprise, -1)")),
    *("life_events", "revision", "id", "version"),
)


def upgrade() -> None:
    """Move life events into the table of services, and create the index."""
    dialect = op.get_bind().dialect.name
    op.add_column("service", sa.Column("life_events", sa.Text(), server_default=",", nullable=False))
    op.execute(
        f"UPDATE service SET life_events = ',' || ({EVENTS[dialect]})"  # noqa: S608 - our own words
        " WHERE EXISTS (SELECT 1 FROM service_life_event AS e WHERE e.service_id = service.id)"
    )
    op.drop_table("service_life_event")
    province = sa.func.substr(sa.column("id"), sa.literal_column("1"), sa.literal_column("2"))
    op.create_index("ix_service_latest", "service", [province, *INDEXED], unique=False)
    if dialect == "postgresql":
        op.execute("ANALYZE service")  # of a new column nothing is known, nor of an expression


def downgrade() -> None:
    """Move life events into a table of their own again."""
    op.drop_index("ix_service_latest", "service")
    op.create_table(
        "service_life_event",
        sa.Column("service_id", IDENTIFIER, nullable=False),
        sa.Column("life_event", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_service_life_event_service_id_service")),
        sa.PrimaryKeyConstraint("service_id", "life_event", name=op.f("pk_service_life_event")),
        comment="The occasions in life a service belongs to; part of the index.",
    )
    for event in _events():
        op.get_bind().execute(_MOVE_BACK, {"event": event, "listed": f"%,{event},%"})
    op.create_index(
        op.f("ix_service_life_event_life_event_service_id"),
        "service_life_event",
        ["life_event", "service_id"],
        unique=False,
    )
    if op.get_bind().dialect.name == "postgresql":
        op.drop_column("service", "life_events")
    else:
        op.execute("ALTER TABLE service DROP COLUMN life_events")


def _events() -> list[str]:
    lists = op.get_bind().execute(sa.text("SELECT DISTINCT life_events FROM service")).scalars()
    return sorted({event for found in lists for event in found.split(",") if event})


_MOVE_BACK = sa.text(
    "INSERT INTO service_life_event (service_id, life_event)"
    " SELECT id, CAST(:event AS TEXT) FROM service WHERE life_events LIKE :listed"
)

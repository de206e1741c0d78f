"""Searching: rows as narrow as what is read of each hit, with the attributes that hits are filtered and counted by.

On PostgreSQL the index is asked stretch by stretch in the order of entry, as the first hits of a common word are wanted
and it knows no order. It goes from each hit to its row, which with the tokens in it would fill a fifth of a page, so
that every hit cost a page of its own. Tokens go elsewhere (TOAST) only where a row is longer than 2 kB when it is
written; hence 2 kB of spaces, which are kept as some thirty bytes.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

revision = "0007"
down_revision = "0006"

IDENTIFIER = sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql")
STRETCH = f"ARRAY[width_bucket(position, '{{{','.join(str(2**power) for power in range(13, 31))}}}'::integer[])]"
PENDING = 256
"""Kilobytes of entries, some fifty rows, that may wait to be put in place; each search looks through them all."""

KEPT = ("position", "service_id", "former", "tokens")
ATTRIBUTES = {
    "status": "status",
    "domain": "domain",
    "visits": "visits",
    "single_window": "single_window",
    "for_individual": "for_individual",
    "for_enterprise": "for_enterprise",
    "depth_individual": "coalesce(depth_individual, -1)",
    "depth_enterprise": "coalesce(depth_enterprise, -1)",
}
EVENTS = {
    "postgresql": "SELECT string_agg(life_event || ',', '' ORDER BY life_event COLLATE \"C\")"
    " FROM service_life_event AS e WHERE e.service_id = service.id",
    "sqlite": "SELECT group_concat(life_event || ',', '') FROM (SELECT life_event FROM service_life_event AS e"
    " WHERE e.service_id = service.id ORDER BY life_event)",
}


def upgrade() -> None:
    """Write the rows anew with the attributes of their services."""
    dialect = op.get_bind().dialect.name
    _put_aside()
    op.create_table(
        "search",
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("service_id", IDENTIFIER, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("domain", sa.Text(), nullable=False),
        sa.Column("visits", sa.SmallInteger(), nullable=False),
        sa.Column("single_window", sa.Boolean(), nullable=False),
        sa.Column("for_individual", sa.Boolean(), nullable=False),
        sa.Column("for_enterprise", sa.Boolean(), nullable=False),
        sa.Column("depth_individual", sa.SmallInteger(), nullable=False),
        sa.Column("depth_enterprise", sa.SmallInteger(), nullable=False),
        sa.Column("life_events", sa.Text(), nullable=False),
        *_columns(),
        comment="What each service is found by, at the log position of its first version, and what it is counted by.",
    )
    if dialect == "postgresql":
        op.execute("ALTER TABLE search ADD padding text NOT NULL GENERATED ALWAYS AS (repeat(' ', 2048)) STORED")
        op.execute("ALTER TABLE search ALTER service_id SET STORAGE MAIN, ALTER tokens SET STORAGE EXTERNAL")
        op.execute("ALTER TABLE search SET (toast_tuple_target = 256, fillfactor = 90)")
    names, values = (*ATTRIBUTES, "life_events"), (*ATTRIBUTES.values(), f"',' || coalesce(({EVENTS[dialect]}), '')")
    op.execute(
        f"INSERT INTO search ({', '.join((*KEPT, *names))}) SELECT {', '.join((*KEPT, *values))}"  # noqa: S608
        " FROM search_before JOIN service ON id = service_id ORDER BY position"
    )
    op.execute("DROP TABLE search_before")
    _create_index(
        dialect, f"(tokens, ({STRETCH})) WITH (gin_pending_list_limit = {PENDING})", "UPDATE OF position, tokens"
    )


def downgrade() -> None:
    """Write the rows as they were."""
    _put_aside()
    op.create_table(
        "search",
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("service_id", IDENTIFIER, nullable=False),
        *_columns(),
        comment="What each service is found by, at the log position of its first version; former names as JSON.",
    )
    op.execute(f"INSERT INTO search ({', '.join(KEPT)}) SELECT * FROM search_before ORDER BY position")  # noqa: S608
    op.execute("DROP TABLE search_before")
    _create_index(op.get_bind().dialect.name, "(tokens)", "UPDATE")


def _put_aside() -> None:
    """Take the table away, and with it its index and triggers; SQLite's own index needs only its name and rowids."""
    op.execute(f"CREATE TEMPORARY TABLE search_before AS SELECT {', '.join(KEPT)} FROM search")  # noqa: S608
    op.drop_table("search")


def _columns() -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("former", sa.Text(), nullable=False),
        sa.Column("tokens", sa.Text().with_variant(TSVECTOR(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_search_service_id_service")),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_search")),
        sa.UniqueConstraint("service_id", name=op.f("uq_search_service_id")),
    )


def _create_index(dialect: str, indexed: str, update: str) -> None:
    if dialect == "postgresql":
        op.execute(f"CREATE INDEX ix_search_tokens ON search USING gin {indexed}")
        op.execute("ANALYZE search")  # of a new table nothing is known
        return
    add = "INSERT INTO search_index (rowid, tokens) VALUES (NEW.position, NEW.tokens);"
    drop = "INSERT INTO search_index (search_index, rowid, tokens) VALUES ('delete', OLD.position, OLD.tokens);"
    actions = {"INSERT": add, "DELETE": drop, update: drop + add}
    for event, statements in actions.items():
        name = f"search_{event.split()[0].lower()}"
        op.execute(f"CREATE TRIGGER {name} AFTER {event} ON search BEGIN {statements} END")

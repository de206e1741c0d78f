"""The names that services have, each once: what is asked of names alone is asked of these, and not of every service."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

revision = "0009"
down_revision = "0008"

IDENTIFIER = sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql")
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TOKENS = sa.Text().with_variant(TSVECTOR(), "postgresql")
PENDING = 256
"""Kilobytes of names that may wait to be put in place; each search looks through them all."""

FOUND = (
    *("position", "service_id", "status", "domain", "visits", "single_window", "for_individual", "for_enterprise"),
    *("depth_individual", "depth_enterprise", "life_events"),
)
"""What SQLite's index of entries holds."""


def upgrade() -> None:
    """Create the table of names, and empty that for searching, in which each service now has its name's number."""
    dialect = op.get_bind().dialect.name
    op.create_table(
        "service_name",
        sa.Column("number", NUMBER, autoincrement=False, nullable=False),
        sa.Column("zh", sa.Text(), nullable=False),
        sa.Column("en", sa.Text(), nullable=True),
        sa.Column("tokens", TOKENS, nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_service_name")),
        comment="The names that services have, each once, and what a name is found by; short names have small numbers.",
    )
    if dialect == "postgresql":
        op.execute("TRUNCATE search")
        op.add_column("search", sa.Column("name", NUMBER, nullable=False))
        op.execute(
            "CREATE INDEX ix_service_name_tokens ON service_name USING gin (tokens)"
            f" WITH (gin_pending_list_limit = {PENDING})"
        )
    else:
        _create_search_of_sqlite()
        op.execute(
            "CREATE VIRTUAL TABLE service_name_index USING fts5"
            "(tokens, content='service_name', content_rowid='number', detail='none', columnsize=0, tokenize='ascii')"
        )
        _keep_index("service_name", "number")
    op.create_index(op.f("ix_search_name_status_service_id"), "search", ["name", "status", "service_id"], unique=False)


def downgrade() -> None:
    """Remove the table and the numbers; their tokens stay, until the release before runs ``db reindex``."""
    op.drop_index(op.f("ix_search_name_status_service_id"), "search")
    op.drop_column("search", "name")
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE service_name_index")
    op.drop_table("service_name")


def _create_search_of_sqlite() -> None:
    """Create the table for searching anew: unlike PostgreSQL, SQLite adds no column that must have a value."""
    op.drop_table("search")
    op.execute("INSERT INTO search_index (search_index) VALUES ('delete-all')")
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
        sa.Column("former", sa.Text(), nullable=False),
        sa.Column("tokens", TOKENS, nullable=False),
        sa.Column("name", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_search_service_id_service")),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_search")),
        sa.UniqueConstraint("service_id", name=op.f("uq_search_service_id")),
    )
    op.create_index(op.f("ix_search_found"), "search", FOUND, unique=False)
    _keep_index("search", "position")


def _keep_index(table: str, key: str) -> None:
    """Let triggers keep SQLite's index of a table's tokens."""
    index = f"{table}_index"
    add = f"INSERT INTO {index} (rowid, tokens) VALUES (NEW.{key}, NEW.tokens);"  # noqa: S608
    drop = f"INSERT INTO {index} ({index}, rowid, tokens) VALUES ('delete', OLD.{key}, OLD.tokens);"  # noqa: S608
    for event, actions in (("INSERT", add), ("DELETE", drop), (f"UPDATE OF {key}, tokens", drop + add)):
        name = f"{table}_{event.split()[0].lower()}"
        op.execute(f"CREATE TRIGGER {name} AFTER {event} ON {table} BEGIN {actions} END")

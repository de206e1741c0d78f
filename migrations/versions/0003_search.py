"""Full-text search: what each service is found by; a later migration fills the table."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

revision = "0003"
down_revision = "0002"

IDENTIFIER = sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql")


def upgrade() -> None:
    """Create the table with the index of either database."""
    op.create_table(
        "search",
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("service_id", IDENTIFIER, nullable=False),
        sa.Column("former", sa.Text(), nullable=False),
        sa.Column("tokens", sa.Text().with_variant(TSVECTOR(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_search_service_id_service")),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_search")),
        sa.UniqueConstraint("service_id", name=op.f("uq_search_service_id")),
        comment="What each service is found by, at the log position of its first version; former names as JSON.",
    )
    if op.get_bind().dialect.name == "postgresql":
        op.create_index(op.f("ix_search_tokens"), "search", ["tokens"], postgresql_using="gin")
    else:
        _index_by_fts5()


def _index_by_fts5() -> None:
    """Create SQLite's index: each token is a word between spaces; neither its places nor its text are kept twice."""
    op.execute(
        "CREATE VIRTUAL TABLE search_index USING fts5"
        "(tokens, content='search', content_rowid='position', detail='none', columnsize=0, tokenize='ascii')"
    )
    add = "INSERT INTO search_index (rowid, tokens) VALUES (NEW.position, NEW.tokens);"
    drop = "INSERT INTO search_index (search_index, rowid, tokens) VALUES ('delete', OLD.position, OLD.tokens);"
    for event, actions in (("insert", add), ("delete", drop), ("update", drop + add)):
        op.execute(f"CREATE TRIGGER search_{event} AFTER {event} ON search BEGIN {actions} END")


def downgrade() -> None:
    """Remove the table, and with it its index and triggers; all it holds can be computed from the documents."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_index")
    op.drop_table("search")

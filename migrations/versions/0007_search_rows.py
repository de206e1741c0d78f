"""Searching on PostgreSQL: rows as narrow as what is read of them, and an index that can be asked stretch by stretch.

A common word has tens of thousands of hits, of which the first in the order of entry are wanted. PostgreSQL goes from
its index to the row of each hit, and with the tokens in it a row fills a fifth of a page, so that every hit cost a page
of its own. They go elsewhere (TOAST) where a row is longer than 2 kB when it is written; hence 2 kB of spaces, which
are kept as some thirty bytes.
"""

from alembic import op

revision = "0007"
down_revision = "0006"

STRETCH = f"ARRAY[width_bucket(position, '{{{','.join(str(2**power) for power in range(13, 31))}}}'::integer[])]"


def upgrade() -> None:
    """Write the rows anew, without their tokens, and the index with where in the order of entry each stands."""
    if op.get_bind().dialect.name != "postgresql":
        return
    op.drop_index("ix_search_tokens", "search")
    op.execute("ALTER TABLE search ALTER tokens SET STORAGE EXTERNAL, ALTER service_id SET STORAGE MAIN")
    op.execute("ALTER TABLE search SET (toast_tuple_target = 256)")
    op.execute("ALTER TABLE search ADD padding text NOT NULL GENERATED ALWAYS AS (repeat(' ', 2048)) STORED")
    op.execute(f"CREATE INDEX ix_search_tokens ON search USING gin (tokens, ({STRETCH}))")
    op.execute("ANALYZE search")  # of the expression nothing is known before


def downgrade() -> None:
    """Write the rows with their tokens again."""
    if op.get_bind().dialect.name != "postgresql":
        return
    op.drop_index("ix_search_tokens", "search")
    op.drop_column("search", "padding")
    op.execute("ALTER TABLE search ALTER tokens SET STORAGE EXTENDED, ALTER service_id SET STORAGE EXTENDED")
    op.execute("ALTER TABLE search RESET (toast_tuple_target)")
    op.create_index(op.f("ix_search_tokens"), "search", ["tokens"], postgresql_using="gin")

"""Whole codes are found by a letter of their own, so that names tell of whole names."""

from alembic import op
from sqlalchemy.orm import Session

from service_catalog.actions.indexing import mend_entries

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Write anew what services and names are found by."""
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    if is_postgresql:  # where what is replaced would still lie in the indexes
        op.execute("TRUNCATE search, service_name")
    with Session(op.get_bind()) as session:
        mend_entries(session)  # a later migration of either table fills it itself, and takes this away
    if is_postgresql:
        op.execute("ANALYZE search, service_name")  # of a new table nothing is known


def downgrade() -> None:
    """Leave all as it is: the release before finds codes by their words alone until it runs ``db reindex``."""

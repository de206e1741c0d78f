"""Counts that are kept: of services by their attributes, and of divisions, under each prefix of 0, 2 and 4 digits."""

from collections import Counter
from itertools import groupby

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

IDENTIFIER = sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql")
ATTRIBUTES = (
    "status",
    "domain",
    "visits",
    "single_window",
    "for_individual",
    "for_enterprise",
    "depth_individual",
    "depth_enterprise",
    "life_events",
)
LEVELS = (0, 2, 4)


def upgrade() -> None:
    """Create the two tables, and count what is there."""
    services = op.create_table(
        "tally",
        sa.Column("prefix", IDENTIFIER, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("domain", sa.Text(), nullable=False),
        sa.Column("visits", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("single_window", sa.Boolean(), nullable=False),
        sa.Column("for_individual", sa.Boolean(), nullable=False),
        sa.Column("for_enterprise", sa.Boolean(), nullable=False),
        sa.Column("depth_individual", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("depth_enterprise", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("life_events", sa.Text(), nullable=False),
        sa.Column("services", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("prefix", *ATTRIBUTES, name=op.f("pk_tally")),
        comment="How many services share each combination of attributes: in all, in each province and in each city.",
    )
    divisions = op.create_table(
        "division_tally",
        sa.Column("prefix", IDENTIFIER, nullable=False),
        sa.Column("divisions", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("prefix", name=op.f("pk_division_tally")),
        comment="In how many divisions services are in force: in all, in each province and in each city.",
    )
    _fill(services, divisions)


def _fill(services: sa.Table, divisions: sa.Table) -> None:
    """Count every service, read in stretches so that a catalogue of any size needs the same memory."""
    numbers: Counter[tuple[object, ...]] = Counter()
    in_force: set[str] = set()
    rows = op.get_bind().execute(sa.text(_SERVICES), execution_options={"yield_per": 1000})
    for _, events in groupby(rows, key=lambda row: row.id):
        row, *others = events
        found = sorted(one.life_event for one in (row, *others) if one.life_event)
        numbers[row.division[:4], *row[2:10], "," + "".join(f"{event}," for event in found)] += 1
        if row.status == "active":
            in_force.add(row.division)
    tallied: Counter[tuple[object, ...]] = Counter()
    for (city, *attributes), number in numbers.items():
        for digits in LEVELS:
            tallied[str(city)[:digits], *attributes] += number
    names = ("prefix", *ATTRIBUTES)
    rows_of_tally = [dict(zip(names, key, strict=True)) | {"services": number} for key, number in tallied.items()]
    if rows_of_tally:
        op.bulk_insert(services, rows_of_tally)
    by_prefix = Counter(division[:digits] for division in in_force for digits in LEVELS)
    if by_prefix:
        op.bulk_insert(divisions, [{"prefix": prefix, "divisions": number} for prefix, number in by_prefix.items()])


_SERVICES = (
    "SELECT id, division, status, domain, visits, single_window, for_individual, for_enterprise,"
    " coalesce(depth_individual, -1), coalesce(depth_enterprise, -1), life_event"
    " FROM service LEFT JOIN service_life_event ON service_id = id ORDER BY id"
)


def downgrade() -> None:
    """Remove both tables; all they hold can be counted from the services."""
    op.drop_table("division_tally")
    op.drop_table("tally")

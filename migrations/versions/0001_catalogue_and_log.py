"""The catalogue, its versions, and the append-only log."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

IDENTIFIER = sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql")
APPEND_ONLY = {"revision": ("number",), "log_entry": ("position",), "log_node": ("level", "position")}


def upgrade() -> None:
    """Create every table, and let triggers refuse any change to what was logged."""
    op.create_table(
        "division_version",
        sa.Column("division", IDENTIFIER, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("from_revision", sa.Integer(), nullable=False),
        sa.Column("to_revision", sa.Integer(), nullable=True),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.CheckConstraint("to_revision > from_revision", name=op.f("ck_division_version_interval")),
        sa.CheckConstraint("version > 0", name=op.f("ck_division_version_version")),
        sa.PrimaryKeyConstraint("division", "version", name=op.f("pk_division_version")),
        comment="Every version of a division's own document: notice, source and control totals.",
    )
    op.create_table(
        "head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("verifier_key", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("log_size", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_head_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_head")),
        comment="One row, locked by each write: the current revision, and whose log this is.",
    )
    op.create_table(
        "log_entry",
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("position >= 0", name=op.f("ck_log_entry_position")),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_log_entry")),
        comment="The log's leaves as they were hashed, append-only.",
    )
    op.create_index(op.f("ix_log_entry_revision"), "log_entry", ["revision"], unique=False)
    op.create_table(
        "log_node",
        sa.Column("level", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("level > 0", name=op.f("ck_log_node_level")),
        sa.PrimaryKeyConstraint("level", "position", name=op.f("pk_log_node")),
        comment="Hashes of full subtrees of 256, 65536, ... leaves; derived, append-only.",
    )
    op.create_table(
        "revision",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("log_size", sa.Integer(), nullable=False),
        sa.Column("checkpoint", sa.Text(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_revision_number")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_revision")),
        comment="One row a write, append-only.",
    )
    op.create_table(
        "service",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("division", IDENTIFIER, nullable=False),
        sa.Column("domain", sa.Text(), nullable=False),
        sa.Column("visits", sa.SmallInteger(), nullable=False),
        sa.Column("single_window", sa.Boolean(), nullable=False),
        sa.Column("for_individual", sa.Boolean(), nullable=False),
        sa.Column("for_enterprise", sa.Boolean(), nullable=False),
        sa.Column("depth_individual", sa.SmallInteger(), nullable=True),
        sa.Column("depth_enterprise", sa.SmallInteger(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("status IN ('active', 'retired')", name=op.f("ck_service_status")),
        sa.CheckConstraint("depth_enterprise BETWEEN 0 AND 5", name=op.f("ck_service_depth_enterprise")),
        sa.CheckConstraint("depth_individual BETWEEN 0 AND 5", name=op.f("ck_service_depth_individual")),
        sa.CheckConstraint("for_enterprise OR depth_enterprise IS NULL", name=op.f("ck_service_channel_enterprise")),
        sa.CheckConstraint("for_individual OR depth_individual IS NULL", name=op.f("ck_service_channel_individual")),
        sa.CheckConstraint("for_individual OR for_enterprise", name=op.f("ck_service_audience")),
        sa.CheckConstraint(
            "visits = 1 OR depth_enterprise IS NOT NULL OR NOT for_enterprise",
            name=op.f("ck_service_zero_visit_enterprise"),
        ),
        sa.CheckConstraint(
            "visits = 1 OR depth_individual IS NOT NULL OR NOT for_individual",
            name=op.f("ck_service_zero_visit_individual"),
        ),
        sa.CheckConstraint("visits IN (0, 1)", name=op.f("ck_service_visits")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service")),
        comment="The index of the current documents: every column is computed from the document.",
    )
    op.create_table(
        "service_life_event",
        sa.Column("service_id", IDENTIFIER, nullable=False),
        sa.Column("life_event", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_service_life_event_service_id_service")),
        sa.PrimaryKeyConstraint("service_id", "life_event", name=op.f("pk_service_life_event")),
        comment="The occasions in life a service belongs to; part of the index.",
    )
    op.create_index(
        op.f("ix_service_life_event_life_event_service_id"),
        "service_life_event",
        ["life_event", "service_id"],
        unique=False,
    )
    op.create_index(op.f("ix_service_revision_id"), "service", ["revision", "id"], unique=False)
    op.create_table(
        "service_version",
        sa.Column("service_id", IDENTIFIER, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("from_revision", sa.Integer(), nullable=False),
        sa.Column("to_revision", sa.Integer(), nullable=True),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("to_revision > from_revision", name=op.f("ck_service_version_interval")),
        sa.CheckConstraint("version > 0", name=op.f("ck_service_version_version")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_service_version_service_id_service")),
        sa.PrimaryKeyConstraint("service_id", "version", name=op.f("pk_service_version")),
        sa.UniqueConstraint("from_revision", "service_id", name=op.f("uq_service_version_from_revision_service_id")),
        comment="Every version's exact bytes, logged at position; in force from from_revision to before to_revision.",
    )
    for table, key in APPEND_ONLY.items():
        _protect(table, key)


def _protect(table: str, key: tuple[str, ...]) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for event in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        # REPLACE deletes the row that stands in its way without asking the trigger of DELETE.
        same = " AND ".join(f"{column} = NEW.{column}" for column in key)
        op.execute(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "  # noqa: S608 - names of our own
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same} OR rowid = NEW.rowid) "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
        return
    op.execute(
        f"CREATE FUNCTION {table}_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$BEGIN RAISE EXCEPTION '{table} is append-only'; END$$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_is_append_only()"
    )

"""The tables, as SQLAlchemy Core; the migrations build them and a test holds both equal.

Ids sort by their bytes on both engines (collation C on PostgreSQL), so that lists and exports have one order.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ColumnClause,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    and_,
    func,
    literal_column,
    text,
)
from sqlalchemy.dialects import postgresql

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

Identifier = Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
Number = BigInteger().with_variant(Integer(), "sqlite")  # only an INTEGER can be the key of SQLite's rows
Tokens = Text().with_variant(postgresql.TSVECTOR(), "postgresql")

head = Table(
    "head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("origin", Text, nullable=False),
    Column("verifier_key", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("log_size", Integer, nullable=False),
    CheckConstraint("id = 1", name="single"),
    comment="One row, locked by each write: the current revision, and whose log this is.",
)

lease = Table(
    "lease",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("milliseconds", Integer, nullable=False),
    CheckConstraint("id = 1", name="single"),
    CheckConstraint("milliseconds BETWEEN 0 AND 1000", name="milliseconds"),
    comment="One row: how long a worker may go by the revision it was told, and a writer waits before it answers.",
)

revision = Table(
    "revision",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("log_size", Integer, nullable=False),
    Column("checkpoint", Text, nullable=False),
    CheckConstraint("number > 0", name="number"),
    comment="One row a write, append-only.",
)

NO_EVENTS = ","
"""The list of no life events: the default, as SQLite adds no other column that must have a value."""

service = Table(
    "service",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("division", Identifier, nullable=False),
    Column("domain", Text, nullable=False),
    Column("visits", SmallInteger, nullable=False),
    Column("single_window", Boolean, nullable=False),
    Column("for_individual", Boolean, nullable=False),
    Column("for_enterprise", Boolean, nullable=False),
    Column("depth_individual", SmallInteger),
    Column("depth_enterprise", SmallInteger),
    Column("status", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("life_events", Text, server_default=NO_EVENTS, nullable=False),
    CheckConstraint("visits IN (0, 1)", name="visits"),
    CheckConstraint("status IN ('active', 'retired')", name="status"),
    CheckConstraint("depth_individual BETWEEN 0 AND 5", name="depth_individual"),
    CheckConstraint("depth_enterprise BETWEEN 0 AND 5", name="depth_enterprise"),
    CheckConstraint("for_individual OR for_enterprise", name="audience"),
    CheckConstraint("for_individual OR depth_individual IS NULL", name="channel_individual"),
    CheckConstraint("for_enterprise OR depth_enterprise IS NULL", name="channel_enterprise"),
    CheckConstraint("visits = 1 OR depth_individual IS NOT NULL OR NOT for_individual", name="zero_visit_individual"),
    CheckConstraint("visits = 1 OR depth_enterprise IS NOT NULL OR NOT for_enterprise", name="zero_visit_enterprise"),
    comment="The index of the current documents: every column is computed from the document.",
)

Index(None, service.c.revision, service.c.id)
_IS_RETIRED = service.c.status == literal_column("'retired'")
Index("ix_service_retired", service.c.id, sqlite_where=_IS_RETIRED, postgresql_where=_IS_RETIRED)

PROVINCE = func.substr(service.c.id, literal_column("1"), literal_column("2"))
"""The first two digits of a service's division, in figures, as the index has it."""

COUNTED_BY = {
    column.name: func.coalesce(column, literal_column("-1")) if column.nullable else column
    for column in (
        *(service.c.status, service.c.domain, service.c.visits, service.c.single_window, service.c.for_individual),
        *(service.c.for_enterprise, service.c.depth_individual, service.c.depth_enterprise, service.c.life_events),
    )
}
"""What a service is counted by, as ``tally`` has it."""

Index("ix_service_latest", PROVINCE, *COUNTED_BY.values(), service.c.revision, service.c.id, service.c.version)

service_version = Table(
    "service_version",
    metadata,
    Column("service_id", Identifier, ForeignKey("service.id"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("from_revision", Integer, nullable=False),
    Column("to_revision", Integer),
    Column("document", LargeBinary, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("position", Integer, nullable=False),
    CheckConstraint("version > 0", name="version"),
    CheckConstraint("to_revision > from_revision", name="interval"),
    UniqueConstraint("from_revision", "service_id"),
    comment="Every version's exact bytes, logged at position; in force from from_revision to before to_revision.",
)

Index(
    "ix_service_version_province_from_revision_service_id",
    func.substr(service_version.c.service_id, 1, 2),
    service_version.c.from_revision,
    service_version.c.service_id,
)

IS_CURRENT = and_(service_version.c.service_id == service.c.id, service_version.c.version == service.c.version)
"""How a service is joined to its current version: by its number, as ``to_revision`` stands in each of them."""

division_version = Table(
    "division_version",
    metadata,
    Column("division", Identifier, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("from_revision", Integer, nullable=False),
    Column("to_revision", Integer),
    Column("document", LargeBinary, nullable=False),
    Column("sha256", String(64), nullable=False),
    CheckConstraint("version > 0", name="version"),
    CheckConstraint("to_revision > from_revision", name="interval"),
    comment="Every version of a division's own document: notice, source and control totals.",
)

log_entry = Table(
    "log_entry",
    metadata,
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("revision", Integer, nullable=False),
    Column("leaf", LargeBinary, nullable=False),
    CheckConstraint("position >= 0", name="position"),
    comment="The log's leaves as they were hashed, append-only.",
)
Index(None, log_entry.c.revision)

log_node = Table(
    "log_node",
    metadata,
    Column("level", SmallInteger, primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary, nullable=False),
    CheckConstraint("level > 0", name="level"),
    comment="Hashes of full subtrees of 256, 65536, ... leaves; derived, append-only.",
)

search = Table(
    "search",
    metadata,
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("service_id", Identifier, ForeignKey("service.id"), nullable=False, unique=True),
    Column("status", Text, nullable=False),
    Column("domain", Text, nullable=False),
    Column("visits", SmallInteger, nullable=False),
    Column("single_window", Boolean, nullable=False),
    Column("for_individual", Boolean, nullable=False),
    Column("for_enterprise", Boolean, nullable=False),
    Column("depth_individual", SmallInteger, nullable=False),
    Column("depth_enterprise", SmallInteger, nullable=False),
    Column("life_events", Text, nullable=False),
    Column("former", Text, nullable=False),
    Column("tokens", Tokens, nullable=False),
    Column("name", Number, nullable=False),
    comment="What each service is found by, at the log position of its first version, and what it is counted by.",
)
Index(None, search.c.name, search.c.status, search.c.service_id)

LAST_STRETCH = 18
"""The number of the last stretch of positions; each is as long as all before it, but for the first."""

STRETCHES: ColumnClause[Any] = literal_column(
    f"'{{{','.join(str(2**power) for power in range(31 - LAST_STRETCH, 31))}}}'::integer[]"
)
"""PostgreSQL: the positions with which stretches begin, but for the first."""

SQLITE_ENTRIES = "ix_search_found"
"""SQLite's copy of the rows without what is long: all that is read of each hit."""

_NOT_READ = ("former", "tokens", "name")
_READ = [column for column in search.columns if column.name not in _NOT_READ]
Index(SQLITE_ENTRIES, *_READ).ddl_if(dialect="sqlite")
Index("ix_search_called", search.c.name, *_READ)

# On PostgreSQL rows also have spaces as padding, so that their tokens are kept elsewhere; see migration 0007.
Index(
    "ix_search_tokens",
    search.c.tokens,
    text(f"(ARRAY[width_bucket(position, {STRETCHES})])"),
    postgresql_using="gin",
).ddl_if(dialect="postgresql")

service_name = Table(
    "service_name",
    metadata,
    Column("number", Number, primary_key=True, autoincrement=False),
    Column("zh", Text, nullable=False),
    Column("en", Text),
    Column("tokens", Tokens, nullable=False),
    Column("lacking", Text, nullable=False),
    comment="The names that services have, each once, all that some services of a name are found by, and what of this"
    " others are not; short names have small numbers.",
)
Index("ix_service_name_tokens", service_name.c.tokens, postgresql_using="gin").ddl_if(dialect="postgresql")

tally = Table(
    "tally",
    metadata,
    Column("prefix", Identifier, primary_key=True),
    Column("status", Text, primary_key=True),
    Column("domain", Text, primary_key=True),
    Column("visits", SmallInteger, primary_key=True, autoincrement=False),
    Column("single_window", Boolean, primary_key=True),
    Column("for_individual", Boolean, primary_key=True),
    Column("for_enterprise", Boolean, primary_key=True),
    Column("depth_individual", SmallInteger, primary_key=True, autoincrement=False),
    Column("depth_enterprise", SmallInteger, primary_key=True, autoincrement=False),
    Column("life_events", Text, primary_key=True),
    Column("services", Integer, nullable=False),
    comment="How many services share each combination of attributes: in all, in each province and in each city.",
)

division_tally = Table(
    "division_tally",
    metadata,
    Column("prefix", Identifier, primary_key=True),
    Column("divisions", Integer, nullable=False),
    comment="In how many divisions services are in force: in all, in each province and in each city.",
)

access_token = Table(
    "access_token",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("division", Identifier),
    Column("secret_sha256", String(64), nullable=False, unique=True),
    Column("issued_at", Text, nullable=False),
    Column("expires_at", Text, nullable=False),
    Column("revoked_at", Text),
    CheckConstraint("role IN ('administrator', 'auditor')", name="role"),
    comment="Who may sign in; the secret itself is nowhere, and issue and revocation are in the log.",
)

token_use = Table(
    "token_use",
    metadata,
    Column("token_id", Identifier, ForeignKey("access_token.id"), primary_key=True),
    Column("last_used_at", Text, nullable=False),
    comment="Scratch: when a token was last seen, to about five minutes.",
)

idempotency = Table(
    "idempotency",
    metadata,
    Column("token_id", Identifier, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("request", String(64), nullable=False),
    Column("answer", LargeBinary, nullable=False),
    Column("at", Text, nullable=False),
    comment="Scratch: answers of the last day, for clients whose connection broke before they heard them.",
)
Index(None, idempotency.c.at)

SQLITE_SEARCH = "search_index"
"""SQLite's own index of ``search.tokens`` (FTS5), which triggers keep; PostgreSQL has a GIN index on the column."""

SQLITE_NAMES = "service_name_index"
"""The same of ``service_name.tokens``."""

SCRATCH = ("token_use", "idempotency", "lease")
"""Tables of what running servers need, which are no record: losing one loses no fact, and ``check`` looks at none."""

APPEND_ONLY = ("revision", "log_entry", "log_node")
"""Tables whose rows a trigger protects from UPDATE, DELETE and TRUNCATE."""

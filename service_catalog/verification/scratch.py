"""What a verification must hold of a log and an export until both are compared, in memory that does not grow.

SQLite keeps it in a temporary file of its own, which nobody else sees and which is gone with the connection; while it
is small it never reaches the disk.
"""

import sqlite3
from collections.abc import Iterator
from types import TracebackType
from typing import Self

from service_catalog.domain.revisions import EntryKind, LogEntry, StoredDocument

_TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -16384;
CREATE TABLE logged (kind TEXT, id TEXT, version INTEGER, sha256 TEXT, PRIMARY KEY (kind, id)) WITHOUT ROWID;
CREATE TABLE given (id TEXT PRIMARY KEY, version INTEGER, sha256 TEXT, length INTEGER) WITHOUT ROWID;
CREATE TEMP VIEW expected AS SELECT id, version, sha256 FROM logged WHERE kind = 'service';
BEGIN;
"""


class Scratch:
    """The latest log entry of each thing, and the services of an export with the lengths of their lines in bytes."""

    def __init__(self) -> None:
        """Begin with neither."""
        self._tables = sqlite3.connect("", isolation_level=None)  # a file without a name: temporary, SQLite's own
        self._tables.executescript(_TABLES)

    def version_of(self, entry: LogEntry) -> int:
        """Return the version that the thing of an entry had come to before it, or 0."""
        return self._number("SELECT version FROM logged WHERE (kind, id) = (?, ?)", entry.kind, entry.id)

    def add_entry(self, entry: LogEntry) -> None:
        """Take in an entry, in place of the one before it for the same thing."""
        row = (entry.kind, entry.id, entry.version, entry.sha256)
        self._tables.execute("INSERT OR REPLACE INTO logged VALUES (?, ?, ?, ?)", row)

    def add_service(self, stored: StoredDocument) -> None:
        """Take in a service of the export; ids come in ascending order."""
        row = (stored.id, stored.version, stored.sha256, len(stored.document))
        self._tables.execute("INSERT INTO given VALUES (?, ?, ?, ?)", row)

    def digests(self, kind: EntryKind) -> Iterator[tuple[str, str]]:
        """Yield id and digest of the latest entries of a kind, in order of their ids."""
        yield from self._tables.execute("SELECT id, sha256 FROM logged WHERE kind = ? ORDER BY id", (kind,))

    def missing(self, prefix: str) -> tuple[int, str]:
        """Return how many services whose id begins with ``prefix`` the log has and the export has not, and the first.

        Where there are none the second is empty.
        """
        return self._first_of("expected", prefix, "given", "")

    def surplus(self, prefix: str) -> tuple[int, str]:
        """Return how many services the export has and the log has not under this prefix, and the first."""
        return self._first_of("given", "", "expected", prefix)

    def other_version(self) -> tuple[str, int] | None:
        """Return the first service whose version or digest is not the logged one, and the logged version."""
        found: tuple[str, int] | None = self._tables.execute(
            "SELECT id, expected.version FROM given JOIN expected USING (id)"
            " WHERE (given.version, given.sha256) <> (expected.version, expected.sha256) ORDER BY id LIMIT 1"
        ).fetchone()
        return found

    def lengths(self) -> Iterator[int]:
        """Yield the length of each line of the export, in order."""
        for (length,) in self._tables.execute("SELECT length FROM given ORDER BY id"):
            yield length

    def __enter__(self) -> Self:
        """Hold it until the verification ends."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go of everything."""
        self._tables.close()

    def _number(self, question: str, *values: str) -> int:
        found = self._tables.execute(question, values).fetchone()
        return int(found[0]) if found else 0

    def _first_of(self, these: str, prefix: str, those: str, other_prefix: str) -> tuple[int, str]:
        """Count what is in one table under a prefix and not in the other under its own."""
        question = (
            f"SELECT count(*), coalesce(min(id), '') FROM {these} WHERE substr(id, 1, ?) = ? AND NOT EXISTS"  # noqa: S608 - our own names
            f" (SELECT 1 FROM {those} WHERE {those}.id = {these}.id AND substr({those}.id, 1, ?) = ?)"
        )
        values = (len(prefix), prefix, len(other_prefix), other_prefix)
        count, first = self._tables.execute(question, values).fetchone()
        return count, first

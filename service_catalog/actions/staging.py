"""Rows of a file between their validation and the write turn: on disk, by id, each id once."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from service_catalog.documents.canonical import compact, stored_document


@dataclass(frozen=True, slots=True)
class StagedRow:
    """One row that may be written: its number as a person counts, its content, and the server-set members it named.

    ``tokens`` are those by which its service is found where it is new.
    """

    number: int
    content: dict[str, Any]
    claims: dict[str, Any]
    tokens: list[str]


class Staging:
    """A temporary file that SQLite removes by itself, so that a file of any size needs the same memory."""

    def __init__(self) -> None:
        """Open an empty one."""
        self._file = sqlite3.connect("", isolation_level=None)
        self._file.execute("PRAGMA journal_mode = OFF")
        self._file.execute(
            "CREATE TABLE row (id TEXT PRIMARY KEY, number INTEGER, division TEXT, content BLOB, claims BLOB,"
            " tokens TEXT) WITHOUT ROWID"
        )
        self._file.execute("BEGIN")

    def put(self, identity: str, row: StagedRow) -> int | None:
        """Stage one row; return the number of an earlier one with the same id instead of staging it twice."""
        content, claims, tokens = compact(row.content), compact(row.claims), " ".join(row.tokens)
        values = (identity, row.number, row.content["division"], content, claims, tokens)
        try:
            self._file.execute("INSERT INTO row VALUES (?, ?, ?, ?, ?, ?)", values)
        except sqlite3.IntegrityError:
            earlier: int = self._file.execute("SELECT number FROM row WHERE id = ?", (identity,)).fetchone()[0]
            return earlier
        return None

    def __len__(self) -> int:
        count: int = self._file.execute("SELECT count(*) FROM row").fetchone()[0]
        return count

    def divisions(self) -> set[str]:
        """Return the divisions of all rows."""
        return {row[0] for row in self._file.execute("SELECT DISTINCT division FROM row")}

    def rows(self) -> Iterator[StagedRow]:
        """Yield every row in the order of the ids."""
        query = "SELECT number, content, claims, tokens FROM row ORDER BY id"
        for number, content, claims, tokens in self._file.execute(query):
            yield StagedRow(number, stored_document(content), stored_document(claims), tokens.split(" "))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove the file."""
        self._file.close()

"""What writers change: statements that the driver runs itself, and the session in which they are sent together.

As with ``statements.Remembered``, SQLAlchemy writes each statement once. A writer need not hear of one change before
making the next, so changes wait until something is asked or committed: PostgreSQL then hears of all of them at once.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from sqlalchemy import Connection, Delete, Insert, Table, TextClause, Update, bindparam, insert
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Session

from service_catalog.domain.errors import StaleVersion
from service_catalog.domain.vocabulary import Text
from service_catalog.store.snapshots import Connections, Snapshot
from service_catalog.store.statements import Values, Written, fail

_ONCE: Sequence[Values] = ({},)


class Change:
    """An INSERT, UPDATE, DELETE or SET whose named parameters alone differ from time to time."""

    def __init__(self, statement: Insert | Update | Delete | TextClause, *, missed: Text | None = None) -> None:
        """Take the statement; ``missed`` says what it means where it does not find a row for each that it is given."""
        self._statement = statement
        self._missed = missed
        self._by_dialect: dict[str, Written] = {}

    def make(self, session: Session, rows: Sequence[Values] = _ONCE) -> None:
        """Make the change for each of the rows, in a ``WritingSession`` before anything else is asked.

        Raises:
            DBAPIError: as SQLAlchemy would.
            StaleVersion: where a row was missed that must be there.
        """
        if not rows:
            return
        if isinstance(session, WritingSession):
            session.put_off(self, rows)
        else:
            _make(session.connection(), [(self, rows)])

    def start(self, connection: Connection, cursor: Any, rows: Sequence[Values]) -> None:
        """Hand the statement over to the driver."""
        text, constants, names = self._by_dialect.get(connection.dialect.name) or self._write(connection.dialect)
        values = [{**constants, **row} for row in rows] if constants else rows
        given = [[row[name] for name in names] for row in values] if names else values
        if len(given) == 1:
            cursor.execute(text, given[0])
        else:
            cursor.executemany(text, given)

    def check(self, found: int, rows: int) -> None:
        """Compare the number of rows that were found with those that must be there."""
        if self._missed is not None and found != rows:
            raise StaleVersion(self._missed)

    def _write(self, dialect: Dialect) -> Written:
        compiled: Any = self._statement.compile(dialect=dialect)
        constants = {name: value for name, value in compiled.params.items() if value is not None}
        written = Written(str(compiled), constants, compiled.positiontup)
        return self._by_dialect.setdefault(dialect.name, written)


def inserted(table: Table) -> Insert:
    """Return the statement that writes a whole row of a table."""
    return insert(table).values({column.name: bindparam(column.name) for column in table.columns})


def _make(connection: Connection, changes: Sequence[tuple[Change, Sequence[Values]]]) -> None:
    """Make changes in their order, and return when all of them are made."""
    started = []
    try:
        with _together(connection):
            for change, rows in changes:
                started.append(connection.connection.cursor())
                change.start(connection, started[-1], rows)
    except connection.dialect.loaded_dbapi.Error as error:
        fail(connection, f"{len(changes)} changes", error)
    for cursor, (change, rows) in zip(started, changes, strict=True):
        change.check(cursor.rowcount, len(rows))
        cursor.close()


def _together(connection: Connection) -> AbstractContextManager[Any]:
    if connection.dialect.name == "sqlite":
        return nullcontext()
    driver: Any = connection.connection.driver_connection
    return driver.pipeline()  # type: ignore[no-any-return]


class WritingSession(Snapshot):
    """One transaction for writing, begun with the first question; it is undone unless the caller commits."""

    def __init__(self, connections: Connections) -> None:
        """Prepare to write; nothing is opened yet."""
        super().__init__(connections)
        self._put_off: list[tuple[Change, Sequence[Values]]] = []

    def put_off(self, change: Change, rows: Sequence[Values]) -> None:
        """Make a change before the next question, or before the commit."""
        self._put_off.append((change, rows))

    def connection(self, *_: Any, **__: Any) -> Connection:
        """Return the connection, on which all that was put off is made."""
        connection = super().connection()
        if self._put_off:
            changes, self._put_off = self._put_off, []
            _make(connection, changes)
        return connection

    def commit(self) -> None:
        """Commit."""
        self.connection().commit()
        self.close()

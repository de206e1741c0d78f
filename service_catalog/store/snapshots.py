"""What readers hold: a session that sees one state of the database, without all that a session does for objects.

Readers ask for rows alone, and to begin and to end SQLAlchemy's own session takes longer than two of their questions.
"""

from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session


class Connections:
    """Connections for readers, or for writers. One of them may stay open from one to the next, past the pool.

    To take one from the pool and to give it back costs SQLite as much as three questions.
    """

    def __init__(self, engine: Engine, *, is_kept: bool) -> None:
        """Prepare to open connections; a server counts them, so that one ``is_kept`` only where there is none."""
        self.engine = engine
        self._is_kept = is_kept
        self._left: list[Connection] = []

    def take(self) -> Connection:
        """Return a connection in a transaction of its own."""
        connection = self._left.pop() if self._left else self.engine.connect()
        try:
            connection.begin()
        except DBAPIError:
            connection.close()
            raise
        return connection

    def leave(self, connection: Connection) -> None:
        """End the transaction, and leave the connection to the next one or to the pool."""
        if self._is_kept and not self._left:
            connection.rollback()
            self._left.append(connection)
        else:
            connection.close()

    def close(self) -> None:
        """Close what was left."""
        while self._left:
            self._left.pop().close()


class Snapshot(Session):
    """One transaction for reading, begun with the first question; it is given up at the end."""

    def __init__(self, connections: Connections) -> None:
        """Prepare to read; nothing is opened yet."""
        self._connections = connections  # what Session keeps besides serves objects, of which there are none
        self._taken: Connection | None = None

    def connection(self, *_: Any, **__: Any) -> Connection:
        """Return the connection on which everything is read."""
        if self._taken is None:
            self._taken = self._connections.take()
        return self._taken

    def get_bind(self, *_: Any, **__: Any) -> Engine:
        """Return the engine."""
        return self._connections.engine

    def execute(self, statement: Any, params: Any = None, **options: Any) -> Any:
        """Run a statement and return what it finds."""
        return self.connection().execute(statement, params, **options)

    def close(self) -> None:
        """End the transaction; what was found must have been read by now."""
        if self._taken is not None:
            taken, self._taken = self._taken, None
            self._connections.leave(taken)

"""What readers hold: a session that sees one state of the database, without all that a session does for objects.

Readers ask for rows alone, and to begin and to end SQLAlchemy's own session takes longer than two of their questions.
"""

import time
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session


_SINCE = "taken_since"


class ReadingConnections:
    """Connections for readers, one of which stays open from one reader to the next while it is young.

    To take one from the pool, and to say on PostgreSQL how it will be used, costs as much as a question.
    """

    def __init__(self, engine: Engine, longest_age: float) -> None:
        """Prepare to open connections; after so many seconds one goes back to the engine's pool, which looks at it."""
        self.engine = engine
        self._longest_age = longest_age
        self._left: list[Connection] = []

    def take(self) -> Connection:
        """Return a connection in a transaction of its own."""
        if self._left:
            connection = self._left.pop()
        else:
            connection = self.engine.connect()
            connection.info[_SINCE] = time.monotonic()
        connection.begin()
        return connection

    def leave(self, connection: Connection) -> None:
        """End the transaction, and leave the connection to the next reader."""
        connection.rollback()
        if self._left or connection.invalidated or time.monotonic() - connection.info[_SINCE] > self._longest_age:
            connection.close()
        else:
            self._left.append(connection)

    def close(self) -> None:
        """Give back what was left to the next reader."""
        while self._left:
            self._left.pop().close()


class Snapshot(Session):
    """One transaction for reading, begun with the first question; it is given up at the end."""

    def __init__(self, connections: ReadingConnections) -> None:
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

"""What readers hold: a session that sees one state of the database, without all that a session does for objects.

Readers ask for rows alone, and to begin and to end SQLAlchemy's own session takes longer than two of their questions.
"""

from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session


class Snapshot(Session):
    """One transaction for reading, begun with the first question; it is given up at the end."""

    def __init__(self, engine: Engine) -> None:
        """Prepare to read; nothing is opened yet."""
        self._engine = engine  # what Session keeps besides serves objects, of which there are none
        self._connection: Connection | None = None

    def connection(self, *_: Any, **__: Any) -> Connection:
        """Return the connection on which everything is read."""
        if self._connection is None:
            self._connection = self._engine.connect()
            self._connection.begin()
        return self._connection

    def get_bind(self, *_: Any, **__: Any) -> Engine:
        """Return the engine."""
        return self._engine

    def execute(self, statement: Any, params: Any = None, **options: Any) -> Any:
        """Run a statement and return what it finds."""
        return self.connection().execute(statement, params, **options)

    def close(self) -> None:
        """End the transaction; what was read of it is no longer to be asked for."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

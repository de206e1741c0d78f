"""The current revision by the shortest way: one statement on a connection of its own, past session and transaction.

The response cache asks it hundreds of times a second. It must be asked of the database that takes the writes.
"""

from typing import Any

from service_catalog.store.engine import Database, translated, unavailable

_QUESTION = "SELECT head.revision, lease.milliseconds FROM head JOIN lease ON lease.id = head.id"


class LatestRevision:
    """The question, and the connection on which it is asked; for one thread at a time."""

    def __init__(self, database: Database) -> None:
        """Prepare to ask; nothing is opened yet."""
        self._database = database
        self._failure = database.engine.dialect.loaded_dbapi.Error
        self._connection: Any = None

    def ask(self) -> tuple[int, float]:
        """Return the number of the latest revision, and for how many seconds from before the question it may be used.

        Raises:
            DatabaseUnavailable: where the database does not answer, or the catalogue has no log yet.
        """
        try:
            if self._connection is None:
                self._connection = self._connected()
            row = self._connection.execute(_QUESTION).fetchone()
        except self._failure as error:
            self.close()
            raise unavailable(str(error)) from error
        if row is None:
            raise unavailable("the catalogue has no log yet")
        return row[0], row[1] / 1000

    def close(self) -> None:
        """Close the connection; the next question opens another."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _connected(self) -> Any:
        """Return a connection of the driver's own, without transactions: each question sees what was committed."""
        with translated(self._database.file):
            proxied = self._database.engine.raw_connection()
        connection: Any = proxied.driver_connection
        proxied.detach()  # it is no part of the pool, from which requests take theirs
        if not self._database.is_sqlite:
            connection.autocommit = True
            connection.prepare_threshold = 0
        return connection

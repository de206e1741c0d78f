"""Connections and transactions: one snapshot for each answer, one write at a time, on both engines.

SQLite: WAL, ``synchronous=FULL``, a real BEGIN before the first statement, BEGIN IMMEDIATE for a write.
PostgreSQL: REPEATABLE READ READ ONLY for reading, READ COMMITTED after the head row's lock for a write.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, Select, create_engine, event, make_url
from sqlalchemy.exc import DatabaseError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.orm import Session

from service_catalog.domain.errors import CatalogueBusy, DatabaseUnavailable
from service_catalog.domain.vocabulary import Text

logger = logging.getLogger(__name__)

LONGEST_WAIT = 5
"""Seconds that a write waits for its turn before the caller is told to come back."""

_BUSY_STATES = {"55P03", "40001", "40P01"}
"""PostgreSQL: lock not available, serialization failure, deadlock."""


class Database:
    """One database and the two ways to use it."""

    def __init__(self, url: str) -> None:
        """Prepare connections to ``url``; nothing is opened yet."""
        self.is_sqlite = make_url(url).get_backend_name() == "sqlite"
        self.engine = _sqlite_engine(url) if self.is_sqlite else _postgresql_engine(url)
        self._writer = self.engine.execution_options(write_turn=True)
        self._reader = self.engine.execution_options(
            **({} if self.is_sqlite else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True})
        )

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Yield a session that sees one state of the database throughout.

        Raises:
            DatabaseUnavailable: where the database cannot be reached.
        """
        with translated(), Session(self._reader, autoflush=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Yield a session for one write; it is rolled back unless the caller commits.

        Raises:
            CatalogueBusy: where another write holds the turn for longer than ``LONGEST_WAIT``.
            DatabaseUnavailable: where the database cannot be reached.
        """
        with translated(), Session(self._writer, autoflush=False) as session:
            yield session

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def _sqlite_engine(url: str) -> Engine:
    engine = create_engine(url, connect_args={"timeout": LONGEST_WAIT})

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # pysqlite begins late; the listener below begins at once
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        is_write = connection.get_execution_options().get("write_turn")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if is_write else "BEGIN")

    return engine


def _postgresql_engine(url: str) -> Engine:
    return create_engine(
        make_url(url).set(drivername="postgresql+psycopg"),
        connect_args={"connect_timeout": LONGEST_WAIT, "application_name": "service-catalog"},
    )


@contextmanager
def translated() -> Iterator[None]:
    """Turn the driver's errors into the catalogue's own; their text may hold SQL and stays in the cause.

    Raises:
        CatalogueBusy, DatabaseUnavailable: for errors that time may mend; any other passes through.
    """
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        if _is_busy(error):
            raise CatalogueBusy(
                Text("另一项写入正在进行，请稍后再试", "another write is under way; try again shortly")
            ) from error
        raise unavailable(str(error.orig)) from error
    except DBAPIError as error:
        if error.connection_invalidated or type(error) is DatabaseError:  # the latter: SQLite's "not a database"
            raise unavailable(str(error.orig)) from error
        raise


def stream_rows(session: Session, query: Select[Any]) -> Iterator[Any]:
    """Yield the rows of a whole table, a thousand at a time; the cursor is closed however the reading ends."""
    with session.execute(query, execution_options={"yield_per": 1000}) as rows:
        yield from rows


def unavailable(cause: str) -> DatabaseUnavailable:
    """Log the cause, which may name hosts and paths, and return the error that a caller may see."""
    logger.warning("database unavailable: %s", cause)
    return DatabaseUnavailable(
        Text("数据库暂时无法访问，请稍后再试", "the database cannot be reached; try again shortly")
    )


def _is_busy(error: DBAPIError) -> bool:
    state = getattr(error.orig, "sqlstate", None)
    name = getattr(error.orig, "sqlite_errorname", "") or ""
    return state in _BUSY_STATES or name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))

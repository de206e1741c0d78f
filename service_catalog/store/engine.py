"""Connections and transactions: one snapshot for each answer, one write at a time, on both engines.

SQLite: WAL, ``synchronous=FULL``, a real BEGIN before the first statement, BEGIN IMMEDIATE for a write.
PostgreSQL: REPEATABLE READ READ ONLY for reading, READ COMMITTED after the head row's lock for a write.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from pathlib import Path
from typing import Any, Self

from psycopg.pq import Format
from sqlalchemy import Connection, Engine, ExceptionContext, Select, create_engine, event, make_url
from sqlalchemy.exc import DatabaseError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.orm import Session

from service_catalog.domain.errors import CatalogueBusy, DatabaseUnavailable
from service_catalog.domain.vocabulary import Text
from service_catalog.store.changes import WritingSession
from service_catalog.store.commits import WatchedSession
from service_catalog.store.snapshots import Connections, Snapshot
from service_catalog.store.statements import is_of_standby, run

LONGEST_WAIT = 5
"""Seconds that a write waits for its turn before the caller is told to come back."""

LONGEST_READ = 10
"""Seconds that PostgreSQL may take over one question of a reader, where readers share it with others."""

_BUSY_STATES = {"55P03", "40001", "40P01"}
"""PostgreSQL: lock not available, serialization failure, deadlock."""

_CANCELED = "57014"
"""PostgreSQL: a statement took longer than it may, or somebody cancelled it."""

_LONGEST_AGE = 60
"""Seconds after which a connection to PostgreSQL is opened anew, so that a server that came back is used again."""


_BY_INDEX = "-c enable_seqscan=off"
"""For whoever serves readers: each of their statements has an index, and a scan of ``search`` costs far more than it
seems, as the planner counts its narrow rows, and not the tokens that are kept elsewhere."""

_DEFAULTS: dict[str, int | str] = {
    "application_name": "service-catalog",
    "connect_timeout": LONGEST_WAIT,
    "keepalives_idle": LONGEST_WAIT,
    "keepalives_interval": 1,
    "keepalives_count": LONGEST_WAIT,
    "tcp_user_timeout": LONGEST_WAIT * 1000,
}
"""Options of libpq where the address names no others: a host that vanished is given up in seconds, not in minutes."""


class Database:
    """One database and the two ways to use it."""

    is_certain = True
    """Whether what was read last is known to be the latest."""

    def __init__(self, url: str, longest_read: float | None = None) -> None:
        """Prepare connections to ``url``; nothing is opened yet.

        ``longest_read`` limits, in seconds, each statement of a reader on PostgreSQL; writes have no such limit.
        With it the wait for a COMMIT is limited too: whoever gives it serves others meanwhile.
        """
        address = make_url(url)
        self.is_sqlite = address.get_backend_name() == "sqlite"
        self.file = address.database if self.is_sqlite else None
        self.engine = _sqlite_engine(url) if self.is_sqlite else _postgresql_engine(url, longest_read)
        self._shared: Session | None = None
        writer = self.engine.execution_options(write_turn=True)
        self._writing = Connections(writer, is_kept=self.is_sqlite)
        self._write_session = WritingSession if self.is_sqlite or longest_read is None else WatchedSession
        reader = self.engine.execution_options(
            **({} if self.is_sqlite else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True})
        )
        self._reading = Connections(reader, is_kept=self.is_sqlite)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Yield a session that sees one state of the database throughout.

        Raises:
            DatabaseUnavailable: where the database cannot be reached.
        """
        if self._shared is not None:
            yield self._shared
            return
        with self._begun_reading() as session:
            yield session

    @contextmanager
    def _begun_reading(self) -> Iterator[Session]:
        """Yield a session of its own on the server that answers."""
        with translated(self.file), Snapshot(self._reading) as session:
            yield session

    @contextmanager
    def snapshot(self) -> Iterator["Database"]:
        """Yield this database as one transaction sees it, whoever reads through it how often.

        Raises:
            DatabaseUnavailable: where the database cannot be reached.
        """
        with self.reading() as session:
            frozen = copy(self)
            frozen._shared = session  # noqa: SLF001 - its own copy
            yield frozen

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Yield a session for one write; it is rolled back unless the caller commits.

        Raises:
            CatalogueBusy: where another write holds the turn for longer than ``LONGEST_WAIT``.
            DatabaseUnavailable: where the database cannot be reached.
            OutcomeUnknown: where nobody can tell whether the commit was made.
        """
        with translated(self.file), self._write_session(self._writing) as session:
            yield session

    def for_one_answer(self) -> Self:
        """Return the database as it is read for one answer to the public."""
        return self

    def is_missing(self) -> bool:
        """Tell whether there is no file yet, which opening it would make; a server's database is only asked for."""
        return self.file is not None and not Path(self.file).exists()

    def close(self) -> None:
        """Close every connection."""
        self._reading.close()
        self._writing.close()
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
        run(connection, "BEGIN IMMEDIATE" if is_write else "BEGIN")

    return engine


def _postgresql_engine(url: str, longest_read: float | None) -> Engine:
    address = make_url(url).set(drivername="postgresql+psycopg")
    arguments = {name: value for name, value in _DEFAULTS.items() if name not in address.query}
    if longest_read is not None:
        ours = f"-c statement_timeout={round(longest_read * 1000)} {_BY_INDEX}"
        theirs = address.query.get("options", "")  # the last one counts
        arguments["options"] = f"{ours} {theirs}".strip()
    engine = create_engine(address, connect_args=arguments, pool_recycle=_LONGEST_AGE)
    event.listen(engine, "handle_error", _leave_standby)
    event.listen(engine, "before_cursor_execute", _choose_format)
    return engine


def _leave_standby(context: ExceptionContext) -> None:
    if is_of_standby(context.original_exception):
        context.is_disconnect = True


def _choose_format(_: Any, cursor: Any, __: Any, ___: Any, context: Any, ____: bool) -> None:
    if context.execution_options.get("binary"):  # documents sent as text are twice as long
        cursor.format = Format.BINARY


@contextmanager
def translated(file: str | None = None) -> Iterator[None]:
    """Turn the driver's errors into the catalogue's own; their text, and SQLite's ``file``, become the cause.

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
        if getattr(error.orig, "sqlstate", None) == _CANCELED:
            raise DatabaseUnavailable(
                Text(
                    "数据库查询耗时过长，已中止；请稍后再试", "the database took too long over this; try again shortly"
                ),
                cause=_said(error, file),
            ) from error
        raise unavailable(_said(error, file)) from error
    except DBAPIError as error:
        if error.connection_invalidated or type(error) is DatabaseError:  # the latter: SQLite's "not a database"
            raise unavailable(_said(error, file)) from error
        raise


def stream_rows(session: Session, query: Select[Any]) -> Iterator[Any]:
    """Yield the rows of a whole table, a thousand at a time; the cursor is closed however the reading ends."""
    with session.execute(query, execution_options={"yield_per": 1000}) as rows:
        yield from rows


def unavailable(cause: str) -> DatabaseUnavailable:
    """Return the error for a database that does not answer; the cause may name hosts and paths."""
    return DatabaseUnavailable(
        Text("数据库暂时无法访问，请稍后再试", "the database cannot be reached; try again shortly"), cause=cause
    )


def _said(error: DBAPIError, file: str | None) -> str:
    return f"{file}: {error.orig}" if file else str(error.orig)


def _is_busy(error: DBAPIError) -> bool:
    state = getattr(error.orig, "sqlstate", None)
    name = getattr(error.orig, "sqlite_errorname", "") or ""
    return state in _BUSY_STATES or name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))

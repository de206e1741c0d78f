"""Statements that readers ask again and again: written by SQLAlchemy once, then run by the driver itself.

SQLAlchemy's own way of running one takes ten times as long as the database takes to answer it. What is run here is part
of the session's transaction like everything else, finds the same values and fails with the same errors.
"""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple, NoReturn

from sqlalchemy import Connection, Select
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

Values = Mapping[str, Any]

_CURSOR: dict[str, dict[str, Any]] = {"sqlite": {}, "postgresql": {"binary": True}}
"""How a cursor is opened: documents that PostgreSQL sends as text are twice as long."""

_NO_VALUES: Values = MappingProxyType({})


class Written(NamedTuple):
    """A statement as the driver reads it, with its parameters that never differ.

    ``names`` are all its parameters in order, for a driver that knows no names.
    """

    text: str
    constants: dict[str, Any]
    names: Sequence[str] | None


class _Statement:
    """A query for one kind of database."""

    def __init__(self, query: Select[Any], dialect: Dialect) -> None:
        self._compiled: Any = query.compile(dialect=dialect)
        self._written: Written | None = None
        types = [column.type.dialect_impl(dialect) for column in query.selected_columns]
        converters = [of_one.result_processor(dialect, None) for of_one in types]
        self.converters: list[Any] | None = converters if any(converters) else None
        """What makes our values of the driver's, column by column, where there is anything to make."""

    def written(self, values: Values) -> Written:
        """Return the statement, put together once unless some of the values are spelt out in it."""
        return self._written or self._write(values)

    def _write(self, values: Values) -> Written:
        state = self._compiled.construct_expanded_state(values)
        constants = {name: value for name, value in state.parameters.items() if name not in values}
        written = Written(state.statement, constants, state.positiontup)
        spelt_out = {parameter.key for parameter in self._compiled.literal_execute_params}
        if not spelt_out & values.keys():
            self._written = written
        return written


class Remembered:
    """A query whose named parameters alone differ from time to time."""

    def __init__(self, query: Select[Any]) -> None:
        """Take the query; it is written when a database is first asked."""
        self.query = query
        self._statements: dict[str, _Statement] = {}

    def rows(self, session: Session, values: Values = _NO_VALUES) -> list[Any]:
        """Return all rows, as tuples; values that the query has no parameter for are passed over."""
        connection = session.connection()
        statement = self._statements.get(connection.dialect.name) or self._statement(connection.dialect)
        text, constants, names = statement.written(values)
        named = {**constants, **values}
        found = run(connection, text, [named[name] for name in names] if names else named)
        return [_converted(row, statement.converters) for row in found] if statement.converters else found

    def _statement(self, dialect: Dialect) -> _Statement:
        return self._statements.setdefault(dialect.name, _Statement(self.query, dialect))


def _converted(row: Any, converters: list[Callable[[Any], Any] | None]) -> tuple[Any, ...]:
    pairs = zip(row, converters, strict=True)
    return tuple(value if convert is None else convert(value) for value, convert in pairs)


def is_on_sqlite(session: Session) -> bool:
    """Tell whether a session is on SQLite; where it is not, it is on PostgreSQL."""
    return session.get_bind().dialect.name == "sqlite"


def run(connection: Connection, statement: str, values: Values | Sequence[Any] = ()) -> list[Any]:
    """Run a statement past SQLAlchemy, and return the rows that it finds.

    Raises:
        DBAPIError: as SQLAlchemy would; a connection that is gone takes the others of its age with it.
    """
    cursor = connection.connection.cursor(**_CURSOR[connection.dialect.name])
    try:
        cursor.execute(statement, values)
        return list(cursor.fetchall()) if cursor.description else []
    except connection.dialect.loaded_dbapi.Error as error:
        fail(connection, statement, error)
    finally:
        cursor.close()


def fail(connection: Connection, statement: str, error: Any) -> NoReturn:
    """Raise an error of the driver as SQLAlchemy would; a connection that is gone takes the others of its age with it.

    Raises:
        DBAPIError: always.
    """
    dialect = connection.dialect
    is_gone = dialect.is_disconnect(error, connection.connection.driver_connection, None) or is_of_standby(error)
    if is_gone:
        connection.invalidate(error)
        connection.engine.dispose()
    raise DBAPIError.instance(
        statement, None, error, dialect.loaded_dbapi.Error, connection_invalidated=is_gone, dialect=dialect
    ) from error


_READ_ONLY = "25006"
"""PostgreSQL: a write on a server that is no primary, or is one no longer."""


def is_of_standby(error: BaseException) -> bool:
    """Tell whether a server refused to write; the next connection looks for the primary."""
    return getattr(error, "sqlstate", None) == _READ_ONLY

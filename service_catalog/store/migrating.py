"""Bringing the tables to this release's shape, by one process at a time, and telling whether they have it."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import IO

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.orm import Session

from service_catalog.store.engine import Database, translated, unavailable

_UPGRADE_LOCK = 4302030073
"""Key of PostgreSQL's advisory lock around an upgrade; any number that nothing else uses."""


@contextmanager
def alone(database: Database) -> Iterator[None]:
    """Let one process at a time through, on this machine (SQLite) or on every host of the database (PostgreSQL)."""
    if database.file is None:
        with translated(), database.engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _UPGRADE_LOCK})
            yield
        return
    with _lock_file(Path(database.file)) as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _first_bytes(path: Path) -> bytes:
    if not path.exists():
        return b""
    with path.open("rb") as file:
        return file.read(16)


def _lock_file(path: Path) -> IO[str]:
    """Open the lock beside an SQLite file, or beside the place of a new one; never beside anything else."""
    try:
        if _first_bytes(path) not in (b"", b"SQLite format 3\x00"):
            raise unavailable(f"{path} is not an SQLite database")
        if path.exists() and not os.access(path, os.W_OK):
            raise unavailable(f"{path} may not be written")
        return Path(f"{path}.lock").open("a")
    except OSError as error:
        raise unavailable(str(error)) from None


def upgrade(database: Database, migrations: Path) -> None:
    """Run the migrations that the database lacks, in one transaction; the caller holds ``alone``.

    Raises:
        DatabaseUnavailable: where the database cannot be reached.
    """
    with translated(database.file):
        _upgrade(database, migrations)


def _upgrade(database: Database, migrations: Path) -> None:
    if database.is_sqlite:
        with closing(database.engine.raw_connection()) as connection:  # a mode cannot change inside a transaction
            connection.cursor().execute("PRAGMA journal_mode = WAL")
    with database.engine.begin() as connection:
        if MigrationContext.configure(connection).get_current_heads() == _heads(migrations):
            return
        config = _config(migrations)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def is_current(session: Session, migrations: Path) -> bool:
    """Tell whether the database has exactly the tables of this release."""
    return MigrationContext.configure(session.connection()).get_current_heads() == _heads(migrations)


@cache
def _heads(migrations: Path) -> tuple[str, ...]:
    return tuple(ScriptDirectory.from_config(_config(migrations)).get_heads())


def _config(migrations: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config

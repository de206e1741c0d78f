"""The migrations build exactly the tables that the code speaks of."""

import re
import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text
from sqlalchemy.sql.schema import SchemaItem

from service_catalog.actions.auditing import check_catalogue
from service_catalog.actions.seeding import seed_catalogue
from service_catalog.config import packaged_folder
from service_catalog.store.tables import metadata
from tests.conftest import open_database, prepare

PARTS = re.compile(r"\n|, (?=[a-z])")
"""Where a definition of SQLite's may be divided; of a column that was added there is no new line before it."""


def is_no_index_of_the_other_engine(item: SchemaItem, name: str | None, kind: str, *_: object) -> bool:
    """Leave out what one engine alone has or can be asked for.

    Tables of FTS5, GIN indexes, indexes of expressions, and the padding of PostgreSQL's rows for searching.
    """
    names = (
        "search_index",
        "ix_search_tokens",
        "ix_search_found",
        "service_name_index",
        "ix_service_name_tokens",
        "ix_service_version_province",
        "ix_service_latest",
        "padding",
    )
    return not (name or "").startswith(names)


@pytest.mark.filterwarnings("ignore:.*expression-based index")  # of which SQLAlchemy cannot read SQLite's
def test_migrations_when_run_leave_no_difference_to_the_tables(empty_url: str) -> None:
    catalogue = prepare(empty_url)
    with catalogue.database.engine.connect() as connection:
        options = {
            "compare_type": True,
            "compare_server_default": True,
            "include_object": is_no_index_of_the_other_engine,
        }
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []
    catalogue.database.close()


def test_migrations_on_sqlite_write_the_same_constraints_as_the_tables(tmp_path: Path) -> None:
    migrated = prepare(f"sqlite:///{tmp_path / 'migrated'}")
    created = create_engine(f"sqlite:///{tmp_path / 'created'}")
    metadata.create_all(created)
    query = text(
        "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name != 'alembic_version'"
        " AND name NOT LIKE 'search_index%' AND name NOT LIKE 'service_name_index%' ORDER BY name"
    )

    def constraints(engine: object) -> dict[str, list[str]]:
        with engine.connect() as connection:  # type: ignore[attr-defined]
            rows = connection.execute(query).all()
        return {name: sorted(filter(None, (part.strip(" ,\t)") for part in PARTS.split(sql)))) for name, sql in rows}

    assert constraints(migrated.database.engine) == constraints(created)
    migrated.database.close()
    created.dispose()


def test_migrations_have_one_head() -> None:
    config = Config()
    config.set_main_option("script_location", str(packaged_folder("migrations")))
    config.set_main_option("path_separator", "os")
    assert len(ScriptDirectory.from_config(config).get_heads()) == 1


def test_preparing_and_seeding_by_eight_at_once_gives_one_catalogue(empty_url: str) -> None:
    """Each of the eight has connections of its own, as processes would."""
    failed: list[BaseException] = []
    barrier = threading.Barrier(8)

    def start() -> None:
        barrier.wait()
        try:
            catalogue = prepare(empty_url)
            seed_catalogue(catalogue, packaged_folder("seed"))
            catalogue.database.close()
        except BaseException as error:  # noqa: BLE001 - whatever it is, the test must show it
            failed.append(error)

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    catalogue = open_database(empty_url)
    report = check_catalogue(catalogue)
    catalogue.database.close()
    assert (report.broken, report.revision, report.services) == (None, 1, 73)

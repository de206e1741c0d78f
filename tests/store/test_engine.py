"""One snapshot for each answer, one write at a time, and the driver's errors in the catalogue's words."""

import threading
from pathlib import Path

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError

from service_catalog.actions.catalogue import Catalogue
from service_catalog.domain.errors import CatalogueBusy, DatabaseUnavailable
from service_catalog.store import log
from service_catalog.store.engine import Database


def _rename_origin(catalogue: Catalogue, origin: str) -> None:
    with catalogue.database.writing() as session:
        session.execute(text("UPDATE head SET origin = :origin"), {"origin": origin})
        session.commit()


def test_reading_twice_while_somebody_writes_sees_one_state(catalogue: Catalogue) -> None:
    with catalogue.database.reading() as session:
        before = log.find_head(session)
        _rename_origin(catalogue, "elsewhere")
        after = log.find_head(session)
    with catalogue.database.reading() as session:
        later = log.find_head(session)
    assert before == after
    assert later is not None and later.origin == "elsewhere"


def test_writing_without_commit_leaves_nothing(catalogue: Catalogue) -> None:
    with catalogue.database.writing() as session:
        session.execute(text("UPDATE head SET origin = 'gone'"))
    with catalogue.database.reading() as session:
        head = log.find_head(session)
    assert head is not None and head.origin == "tests"


def test_second_writer_when_the_turn_is_held_is_told_to_come_back(catalogue: Catalogue) -> None:
    refused: list[BaseException] = []

    def try_to_write() -> None:
        try:
            with catalogue.database.writing() as session:
                log.take_turn(session)
        except CatalogueBusy as error:
            refused.append(error)

    with catalogue.database.writing() as session:
        log.take_turn(session)
        other = threading.Thread(target=try_to_write)
        other.start()
        other.join()
    assert len(refused) == 1


def test_sqlite_waits_for_the_disk_on_every_commit(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'file'}")
    with database.reading() as session:
        assert session.execute(text("PRAGMA synchronous")).scalar_one() == 2  # FULL
        assert session.execute(text("PRAGMA foreign_keys")).scalar_one() == 1
    database.close()


@pytest.mark.parametrize("url", ["sqlite:////nowhere/at/all", "postgresql://127.0.0.1:1/none"])
def test_database_that_is_not_there_is_unavailable(url: str) -> None:
    database = Database(url)
    with pytest.raises(DatabaseUnavailable), database.reading() as session:
        log.current_revision(session)
    database.close()


def _postgresql_with(url: str, longest_read: float, options: str = "") -> Database:
    address = make_url(url).update_query_dict({"options": options} if options else {})
    return Database(address.render_as_string(hide_password=False), longest_read)


def test_reading_for_too_long_on_postgresql_is_cut_and_writing_is_not(postgresql: str) -> None:
    database = _postgresql_with(postgresql, 0.1)
    with pytest.raises(DatabaseUnavailable, match="too long"), database.reading() as session:
        session.execute(text("SELECT pg_sleep(5)"))
    with database.writing() as session:
        session.execute(text("SELECT pg_sleep(0.3)"))
    database.close()


def test_limit_on_reading_leaves_the_options_of_the_address_and_yields_to_its_own_limit(postgresql: str) -> None:
    database = _postgresql_with(postgresql, 9, "-c search_path=elsewhere")
    with database.reading() as session:
        shown = [session.execute(text(f"SHOW {name}")).scalar_one() for name in ("statement_timeout", "search_path")]
    database.close()
    assert shown == ["9s", "elsewhere"]
    database = _postgresql_with(postgresql, 9, "-c statement_timeout=2s")
    with database.reading() as session:
        assert session.execute(text("SHOW statement_timeout")).scalar_one() == "2s"
    database.close()


def test_file_that_is_no_database_is_unavailable(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"not a database at all" * 100)
    database = Database(f"sqlite:///{path}")
    with pytest.raises(DatabaseUnavailable), database.reading() as session:
        log.current_revision(session)
    database.close()


REPLACE = "REPLACE INTO {0} SELECT * FROM {0}"


@pytest.mark.parametrize("statement", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {}", REPLACE])
@pytest.mark.parametrize(("table", "column"), [("revision", "reason"), ("log_entry", "revision"), ("log_node", "hash")])
def test_changing_what_was_logged_is_refused_by_the_database(
    catalogue: Catalogue, statement: str, table: str, column: str
) -> None:
    if statement.startswith("TRUNCATE") and catalogue.database.is_sqlite:
        statement = "DELETE FROM {}"  # SQLite has no TRUNCATE
    if statement == REPLACE and not catalogue.database.is_sqlite:
        statement = "UPDATE {} SET {} = {}"  # PostgreSQL has no REPLACE
    with catalogue.database.writing() as session:
        session.execute(text("INSERT INTO log_node (level, position, hash) VALUES (9, 0, :hash)"), {"hash": b"x"})
        with pytest.raises(DBAPIError, match="append-only"):
            session.execute(text(statement.format(table, column, column)))


@pytest.mark.parametrize(
    "columns",
    [
        "visits = 2",
        "status = 'gone'",
        "depth_individual = 6",
        "for_individual = FALSE, for_enterprise = FALSE, depth_individual = NULL, depth_enterprise = NULL",
        "visits = 0, depth_individual = NULL",
    ],
)
def test_index_row_that_no_document_could_have_is_refused_by_the_database(catalogue: Catalogue, columns: str) -> None:
    target = "430203-benefit-eligibility-certification"
    with catalogue.database.writing() as session, pytest.raises(DBAPIError, match=r"(?i)check"):
        session.execute(text(f"UPDATE service SET {columns} WHERE id = '{target}'"))  # noqa: S608 - our own words


def test_rows_are_ordered_by_bytes_on_both_engines(catalogue: Catalogue) -> None:
    with catalogue.database.reading() as session:
        ids = list(session.execute(text("SELECT id FROM service ORDER BY id")).scalars())
    assert ids == sorted(ids, key=str.encode)


@pytest.mark.parametrize("engine", ["postgresql"])
def test_readers_are_answered_by_indexes_unless_the_address_says_otherwise(seeded_url: str) -> None:
    """A question of 20,000 services was planned as a scan, and took seven times as long."""
    theirs = make_url(seeded_url).update_query_dict({"options": "-c enable_seqscan=on"})
    for url, expected in ((seeded_url, "off"), (theirs.render_as_string(hide_password=False), "on")):
        database = Database(url, longest_read=10)
        with database.reading() as session:
            assert session.execute(text("SHOW enable_seqscan")).scalar_one() == expected
        database.close()

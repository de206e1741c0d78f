"""The question for the current revision, past sessions: it sees every commit, and tells where nobody answers."""

from contextlib import closing

import pytest
from sqlalchemy import text

from service_catalog.actions.catalogue import Catalogue
from service_catalog.domain.errors import DatabaseUnavailable
from service_catalog.store.engine import Database
from service_catalog.store.latest import LatestRevision
from tests.actions.test_writing import content, write


def test_question_after_a_write_on_another_connection_sees_it(catalogue: Catalogue) -> None:
    with closing(LatestRevision(catalogue.database)) as latest:
        before = latest.ask()
        write(catalogue, content(catalogue, single_window=False))
        assert (before, latest.ask()) == ((1, 0.004), (2, 0.004))


def test_question_to_a_database_without_a_catalogue_is_unavailable(empty_url: str) -> None:
    database = Database(empty_url)
    with closing(LatestRevision(database)) as latest, pytest.raises(DatabaseUnavailable):
        latest.ask()
    database.close()


@pytest.mark.parametrize("engine", ["postgresql"])
def test_question_when_the_server_ended_the_connection_fails_once(catalogue: Catalogue) -> None:
    with closing(LatestRevision(catalogue.database)) as latest:
        latest.ask()
        with catalogue.database.engine.begin() as connection:
            query = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database()"
            connection.execute(text(f"{query} AND pid <> pg_backend_pid()"))
        with pytest.raises(DatabaseUnavailable):
            latest.ask()
        assert latest.ask() == (1, 0.004)

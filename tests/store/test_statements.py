"""Statements that the driver runs itself: the same rows, the same errors, the same snapshot as by SQLAlchemy."""

import pytest
from sqlalchemy import bindparam, literal, select, text

from service_catalog.actions.catalogue import Catalogue
from service_catalog.domain.errors import DatabaseUnavailable
from service_catalog.domain.selection import Filters
from service_catalog.store import counts, log
from service_catalog.store.statements import Remembered
from service_catalog.store.tables import service
from tests.actions.test_writing import content, write

QUERY = select(service.c.id, service.c.single_window, service.c.depth_enterprise).where(
    service.c.status == literal("active", literal_execute=True),
    service.c.visits == 1,
    service.c.id > bindparam("after"),
)


def test_remembered_query_finds_what_sqlalchemy_finds_each_time_with_other_values(catalogue: Catalogue) -> None:
    remembered = Remembered(QUERY.order_by(service.c.id))
    with catalogue.database.reading() as session:
        for after in ("", "430203-m", "430203-m", "9"):
            expected = [tuple(row) for row in session.execute(remembered.query, {"after": after})]
            found = [tuple(row) for row in remembered.rows(session, {"after": after, "unknown": 1})]
            assert found == expected
            assert {type(row[1]) for row in found} <= {bool}


def test_value_that_is_spelt_out_in_a_remembered_query_is_the_one_given_each_time(catalogue: Catalogue) -> None:
    spelt_out = service.c.domain == bindparam("domain", type_=service.c.domain.type, literal_execute=True)
    remembered = Remembered(select(service.c.domain).distinct().where(spelt_out))
    with catalogue.database.reading() as session:
        for domain in ("employment", "social-insurance", "employment"):
            assert [tuple(row) for row in remembered.rows(session, {"domain": domain})] == [(domain,)]


def test_readings_within_each_other_each_see_their_own_state(catalogue: Catalogue) -> None:
    database = catalogue.database
    with database.reading() as outer:
        assert log.current_revision(outer) == 1
        write(catalogue, content(catalogue, single_window=False))
        with database.reading() as inner:
            assert (log.current_revision(outer), log.current_revision(inner)) == (1, 2)
        assert log.current_revision(outer) == 1
    for _ in range(2):
        with database.reading() as later:
            assert log.current_revision(later) == 2


@pytest.mark.parametrize("engine", ["postgresql"])
def test_remembered_query_when_the_server_ended_the_connection_fails_once(catalogue: Catalogue) -> None:
    query = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database()"
    with pytest.raises(DatabaseUnavailable), catalogue.database.reading() as session:
        log.current_revision(session)
        with catalogue.database.writing() as other:
            other.execute(text(f"{query} AND pid <> pg_backend_pid()"))
        log.current_revision(session)
    with catalogue.database.reading() as session:
        assert counts.count_services(session, Filters()) == 73

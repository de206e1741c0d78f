"""Health and readiness, and what is answered while the database is away."""

from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import text

from service_catalog.actions.catalogue import Catalogue
from service_catalog.app import create_app
from tests.api.test_http import assert_problem
from tests.conftest import open_database


def test_readiness_of_a_seeded_catalogue_says_its_revision(client: FlaskClient) -> None:
    assert client.get("/readyz").get_json() == {"status": "ready", "revision": 1}
    assert client.get("/healthz").get_json() == {"status": "ok"}


def test_readiness_of_an_empty_database_is_503_not_ready(empty_url: str) -> None:
    catalogue = open_database(empty_url)
    response = create_app(catalogue).test_client().get("/readyz")
    catalogue.database.close()
    assert_problem(response, 503, "not-ready")
    assert int(response.headers["Retry-After"]) > 0


def test_readiness_of_tables_from_another_release_is_503_not_ready(client: FlaskClient, catalogue: Catalogue) -> None:
    with catalogue.database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        session.commit()
    assert_problem(client.get("/readyz"), 503, "not-ready")


def test_everything_that_asks_the_database_when_it_is_away_is_503_and_health_is_not(tmp_path: Path) -> None:
    catalogue = open_database("postgresql://127.0.0.1:1/none")
    client = create_app(catalogue).test_client()
    for path in ("/readyz", "/api/v1", "/api/v1/services", "/api/v1/services/430203-a", "/api/v1/indicators"):
        response = client.get(path)
        assert_problem(response, 503, "database-unavailable")
        assert int(response.headers["Retry-After"]) > 0
        assert b"127.0.0.1" not in response.data
    assert client.get("/healthz").status_code == 200
    assert client.get("/api/v1/vocabularies").status_code == 200
    catalogue.database.close()

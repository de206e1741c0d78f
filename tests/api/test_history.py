"""A service's history: every version, who made it, and what it changed."""

import pytest
from flask.testing import FlaskClient

from service_catalog.actions.catalogue import Catalogue
from tests.actions.test_writing import CARD, content, write
from tests.api.test_http import assert_problem

HISTORY = f"/api/v1/services/{CARD}/history"


@pytest.fixture
def changed(catalogue: Catalogue) -> Catalogue:
    """Return a catalogue in which the card's application was changed, retired and brought back."""
    write(catalogue, content(catalogue, single_window=False, life_events=[]))
    write(catalogue, content(catalogue, status="retired"))
    write(catalogue, content(catalogue, status="active"))
    return catalogue


def test_history_names_each_version_newest_first_with_what_it_changed(client: FlaskClient, changed: Catalogue) -> None:
    answer = client.get(HISTORY).get_json()
    assert [(item["version"], item["revision"], item["op"], item["changed"]) for item in answer["items"]] == [
        (4, 4, "restored", ["status"]),
        (3, 3, "retired", ["status"]),
        (2, 2, "changed", ["life_events", "single_window"]),
        (1, 1, "created", []),
    ]
    assert {(item["actor"], item["reason"]) for item in answer["items"][:3]} == {("seed", "test")}
    assert answer["revision"] == 4


def test_history_in_pages_is_the_history(client: FlaskClient, changed: Catalogue) -> None:
    whole = client.get(HISTORY).get_json()["items"]
    seen, address = [], f"{HISTORY}?limit=1"
    while address:
        response = client.get(address)
        seen += response.get_json()["items"]
        link = response.headers.get("Link")
        address = link.split(">")[0].removeprefix("<") if link else ""
    assert seen == whole


def test_history_digest_is_the_tag_of_the_document_at_that_revision(client: FlaskClient, changed: Catalogue) -> None:
    for item in client.get(HISTORY).get_json()["items"]:
        document = client.get(f"/api/v1/services/{CARD}?revision={item['revision']}")
        assert document.headers["ETag"] == f'"{item["sha256"]}"'


@pytest.mark.parametrize("service_id", ["430203-no-such-service", "nonsense", "%00"])
def test_history_of_what_does_not_exist_is_404(client: FlaskClient, service_id: str) -> None:
    assert_problem(client.get(f"/api/v1/services/{service_id}/history"), 404, "unknown-service")


def test_history_cursor_of_another_service_is_refused(client: FlaskClient, changed: Catalogue) -> None:
    cursor = client.get(f"{HISTORY}?limit=1").get_json()["next"]
    other = f"/api/v1/services/430203-card-replacement/history?cursor={cursor}"
    assert_problem(client.get(other), 422, "invalid-cursor")

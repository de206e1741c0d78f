"""Tagging through the front door."""

import pytest
from flask.testing import FlaskClient

from service_catalog.actions.auditing import check_catalogue
from service_catalog.actions.catalogue import Catalogue
from tests.api.test_http import assert_problem
from tests.tokens import signed

CARD = "/api/v1/services/430203-card-application"
OFFLINE = "/api/v1/services/430203-personnel-file-transfer"


@pytest.fixture
def headers(client: FlaskClient, catalogue: Catalogue) -> dict[str, str]:
    """Return an administrator's headers for a write to the card's application as it stands."""
    return signed(catalogue) | {"If-Match": client.get(CARD).headers["ETag"]}


def test_tags_that_are_put_are_the_services_tags_under_a_new_etag(
    client: FlaskClient, catalogue: Catalogue, headers: dict[str, str]
) -> None:
    response = client.put(f"{CARD}/tags", json={"tags": ["one-visit"], "reason": "测试"}, headers=headers)
    assert response.status_code == 200, response.json
    assert response.json["changed"] is True
    assert response.json["service"]["tags"] == ["one-visit"]
    assert response.json["service"] == client.get(CARD).json
    assert response.headers["ETag"] == client.get(CARD).headers["ETag"] != headers["If-Match"]
    assert check_catalogue(catalogue).broken is None


def test_zero_visit_without_a_channel_is_refused_by_name_with_the_way_to_do_it(
    client: FlaskClient, headers: dict[str, str]
) -> None:
    tag = headers | {"If-Match": client.get(OFFLINE).headers["ETag"]}
    response = client.put(f"{OFFLINE}/tags/zero-visit", json={"reason": "测试"}, headers=tag)
    body = assert_problem(response, 422, "rules-broken")
    assert {fault["rule"] for fault in body["errors"]} == {"R2"}
    assert "add one first" in body["errors"][0]["detail"]


def test_visit_tag_that_is_deleted_is_refused_with_the_way_to_do_it(
    client: FlaskClient, headers: dict[str, str]
) -> None:
    body = assert_problem(client.delete(f"{CARD}/tags/one-visit?reason=x", headers=headers), 422, "rules-broken")
    assert "put the other one instead" in body["detail"]


def test_tag_that_is_there_already_makes_no_revision(client: FlaskClient, headers: dict[str, str]) -> None:
    before = client.get("/api/v1").json["revision"]
    response = client.put(f"{CARD}/tags/single-window", json={"reason": "x"}, headers=headers)
    assert (response.status_code, response.json["changed"]) == (200, False)
    assert client.get("/api/v1").json["revision"] == before

"""A copy that follows the changes is the catalogue, whatever happens to it between two pages."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from service_catalog.actions.catalogue import Catalogue
from tests.actions.test_writing import content, write
from tests.api.test_http import assert_problem


def catch_up(client: FlaskClient, copy: dict[str, Any], since: int, limit: int, between: Any = None) -> int:
    """Take in every page and return the revision that the copy has reached."""
    address = f"/api/v1/changes?since={since}&limit={limit}"
    while True:
        response = client.get(address)
        answer = response.get_json()
        for item in answer["items"]:
            if item.get("removed"):
                copy.pop(item["id"], None)
            else:
                copy[item["id"]] = item
        if answer["next"] is None:
            return int(answer["revision"])
        if between:
            between()
        address = response.headers["Link"].split(">")[0].removeprefix("<")


def catalogue_now(client: FlaskClient) -> dict[str, Any]:
    return {item["id"]: item for item in client.get("/api/v1/services?limit=1000").get_json()["items"]}


@pytest.mark.parametrize("limit", [1, 10, 73, 1000])
def test_copy_that_begins_at_zero_becomes_the_catalogue(client: FlaskClient, limit: int) -> None:
    copy: dict[str, Any] = {}
    assert catch_up(client, copy, 0, limit) == 1
    assert copy == catalogue_now(client)


def test_copy_that_follows_on_takes_in_changes_and_retirements_alone(client: FlaskClient, catalogue: Catalogue) -> None:
    copy: dict[str, Any] = {}
    reached = catch_up(client, copy, 0, 1000)
    write(catalogue, content(catalogue, single_window=False))
    write(catalogue, content(catalogue, "430203-card-replacement", status="retired"))
    items = client.get(f"/api/v1/changes?since={reached}").get_json()["items"]
    assert [item["id"] for item in items] == ["430203-card-application", "430203-card-replacement"]
    assert items[1] == {"id": "430203-card-replacement", "removed": True, "revision": 3}
    assert catch_up(client, copy, reached, 1000) == 3
    assert copy == catalogue_now(client)
    assert client.get("/api/v1/changes?since=3").get_json()["items"] == []


def test_copy_when_the_catalogue_changes_between_pages_still_becomes_it(
    client: FlaskClient, catalogue: Catalogue
) -> None:
    codes = iter(["card-application", "career-guidance", "card-loss-report", "vacancy-posting"] * 20)

    def change() -> None:
        before = content(catalogue, f"430203-{next(codes)}")
        write(catalogue, before | {"single_window": not before["single_window"]})

    copy: dict[str, Any] = {}
    catch_up(client, copy, 0, 20, change)
    assert copy == catalogue_now(client)


def test_since_that_is_ahead_of_the_catalogue_is_422(client: FlaskClient) -> None:
    body = assert_problem(client.get("/api/v1/changes?since=2"), 422, "invalid-parameters")
    assert [fault["parameter"] for fault in body["errors"]] == ["since"]


def test_since_that_is_missing_is_422(client: FlaskClient) -> None:
    body = assert_problem(client.get("/api/v1/changes"), 422, "invalid-parameters")
    assert [fault["parameter"] for fault in body["errors"]] == ["since"]


def test_cursor_of_another_since_is_refused(client: FlaskClient, catalogue: Catalogue) -> None:
    write(catalogue, content(catalogue, single_window=False))
    cursor = client.get("/api/v1/changes?since=0&limit=1").get_json()["next"]
    assert_problem(client.get(f"/api/v1/changes?since=1&cursor={cursor}"), 422, "invalid-cursor")

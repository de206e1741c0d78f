"""Lists and documents: what the filters find, how pages go on, and that stored bytes are what is served."""

import hashlib
from typing import Any
from urllib.parse import urlencode

import jsonschema
import pytest
from flask import Flask
from flask.testing import FlaskClient

from service_catalog.actions.catalogue import Catalogue
from service_catalog.api.contract import current_contract
from service_catalog.documents.cursors import write_cursor
from service_catalog.documents.schemas.service import ServiceSchema
from service_catalog.domain.selection import Filters, Position, Sort
from service_catalog.store import lists
from tests.actions.test_writing import CARD, content, write

LIST = "/api/v1/services"


def ids(client: FlaskClient, **query: Any) -> list[str]:
    answer = client.get(f"{LIST}?{urlencode(query, doseq=True)}").get_json()
    found = [item["id"].removeprefix("430203-") for item in answer["items"]]
    assert answer["total"] == len(found)
    return found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, 73),
        ({"tag": "zero-visit"}, 22),
        ({"tag": "one-visit"}, 51),
        ({"tag": "single-window"}, 46),
        ({"online_for": "individual"}, 29),
        ({"online_for": "enterprise"}, 33),
        ({"online_for": ["individual", "enterprise"]}, 3),
        ({"online": "true"}, 59),
        ({"online": "false"}, 14),
        ({"max_visits": 1}, 73),
        ({"max_visits": 0}, 22),
        ({"tag": ["zero-visit", "one-visit"]}, 0),
        ({"domain": "social-insurance"}, 33),
        ({"domain": "employment"}, 20),
        ({"division": "430203"}, 73),
        ({"division": "43"}, 73),
        ({"division": "4302"}, 73),
        ({"division": "44"}, 0),
        ({"division": "430203002"}, 0),
        ({"status": "retired"}, 0),
        ({"status": "any"}, 73),
        ({"min_depth": "complete"}, 22),
        ({"min_depth": "accept"}, 59),
        ({"min_depth": "consult", "online_for": "individual"}, 29),
        ({"min_depth": "complete", "online_for": "individual"}, 9),
        ({"min_depth": "complete", "online_for": "enterprise"}, 14),
        ({"online": "false", "min_depth": "consult"}, 0),
    ],
)
def test_list_under_filters_finds_as_many_as_the_source_says(client: FlaskClient, query: Any, found: int) -> None:
    assert len(ids(client, **query)) == found


def test_list_of_zero_visit_services_for_pensioners_names_the_certification(client: FlaskClient) -> None:
    found = ids(client, tag="zero-visit", audience="individual", life_event="retirement")
    assert found == ["benefit-eligibility-certification"]


def test_list_by_audience_finds_services_for_both_too(client: FlaskClient) -> None:
    individual, enterprise = ids(client, audience="individual"), ids(client, audience="enterprise")
    both = set(individual) & set(enterprise)
    assert len(individual) + len(enterprise) - len(both) == 73
    assert "normal-retirement" in both


def test_retired_service_leaves_the_default_list_and_stays_readable(client: FlaskClient, catalogue: Catalogue) -> None:
    write(catalogue, content(catalogue, status="retired"))
    assert len(ids(client)) == 72
    assert ids(client, status="retired") == ["card-application"]
    assert client.get(f"{LIST}/{CARD}").get_json()["status"] == "retired"


@pytest.mark.parametrize("sort", ["id", "-revision"])
@pytest.mark.parametrize("limit", [1, 7, 72, 73, 1000])
def test_pages_when_followed_show_everything_once(client: FlaskClient, sort: str, limit: int) -> None:
    assert walk(client, sort=sort, limit=limit) == ids(client, sort=sort)


def walk(client: FlaskClient, between: Any = None, **query: Any) -> list[str]:
    seen, address = [], f"{LIST}?{urlencode(query, doseq=True)}"
    while address:
        response = client.get(address)
        answer = response.get_json()
        seen += [item["id"].removeprefix("430203-") for item in answer["items"]]
        link = response.headers.get("Link")
        assert (link is None) == (answer["next"] is None)
        address = link.split(">")[0].removeprefix("<") if link else ""
        if between:
            between(seen)
    return seen


@pytest.fixture(params=[0, 1, 2, 6])
def any_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the latest services looked for by their attributes alone, and before that on walks of some lengths."""
    monkeypatch.setattr(lists, "MOST_WALKED", request.param)


@pytest.mark.parametrize(
    "filters",
    [
        {},
        {"audience": "individual"},
        {"division": 43, "domain": "social-insurance"},
        {"q": "社保"},
        {"q": "社会保帐卡"},
    ],
)
@pytest.mark.parametrize("sort", ["id", "-revision"])
@pytest.mark.usefixtures("any_way")
def test_pages_when_rows_change_in_between_neither_skip_nor_repeat(
    client: FlaskClient, catalogue: Catalogue, sort: str, filters: Any
) -> None:
    """Between any two pages one that was shown, two that were not and one of no page change.

    Some had changed before, and more than stand on a page in the revision in which the list begins.
    """
    earlier = [["normal-retirement"], [CARD.removeprefix("430203-")], ["unemployment-benefit-claim"]]
    for codes in (*earlier, ids(client, **filters)[:12]):
        write(catalogue, *(content(catalogue, f"430203-{code}", materials=[]) for code in codes))
    everything = ids(client, sort=sort, **filters)
    elsewhere = [code for code in ids(client) if code not in everything]

    def change(seen: list[str]) -> None:
        unseen = [code for code in everything if code not in seen]
        for code in {seen[-1], *unseen[:1], *unseen[-1:], *elsewhere[:1]}:
            before = content(catalogue, f"430203-{code}")
            write(catalogue, before | {"single_window": not before["single_window"]})

    assert walk(client, change, sort=sort, limit=10, **filters) == everything


@pytest.mark.usefixtures("any_way")
def test_latest_first_shows_what_is_alike_before_what_changed_earlier(
    client: FlaskClient, catalogue: Catalogue
) -> None:
    """More services of one kind than the page has rows were written last, the first of them after the others."""
    alike = [content(catalogue, division=f"4399{number:02}") for number in range(30)]
    for some in (alike[10:20], alike[20:], alike[:10]):
        write(catalogue, *some)
    found = walk(client, sort="-revision", limit=25)
    written = [f"4399{number:02}-card-application" for number in (*range(9, -1, -1), *range(29, 9, -1))]
    assert (found[:30], len(found)) == (written, 103)


@pytest.mark.usefixtures("any_way")
def test_latest_first_of_a_province_shows_no_other(client: FlaskClient, catalogue: Catalogue) -> None:
    write(catalogue, *(content(catalogue, division=division) for division in ("430302", "440103")))
    found = ids(client, sort="-revision", division=43)
    assert (found[0], len(found)) == ("430302-card-application", 74)


def test_latest_first_after_a_write_begins_with_what_was_written(client: FlaskClient, catalogue: Catalogue) -> None:
    write(catalogue, content(catalogue, single_window=False))
    found = ids(client, sort="-revision")
    assert found[0] == "card-application"
    assert found[1:] == sorted(found[1:], reverse=True)


def test_next_link_keeps_repeated_filters(client: FlaskClient) -> None:
    both = ids(client, online_for=["individual", "enterprise"])
    assert walk(client, online_for=["individual", "enterprise"], limit=1) == both


@pytest.mark.parametrize(
    "change", [{"domain": "employment"}, {"sort": "-revision"}, {"cursor": "bm9wZQ"}, {"cursor": "W10"}]
)
def test_cursor_that_belongs_to_another_list_is_refused(client: FlaskClient, change: Any) -> None:
    cursor = client.get(f"{LIST}?limit=1").get_json()["next"]
    response = client.get(f"{LIST}?{urlencode({'cursor': cursor} | change)}")
    assert (response.status_code, response.get_json()["code"]) == (422, "invalid-cursor")


def test_cursor_that_goes_on_from_a_change_after_its_list_began_is_refused(client: FlaskClient) -> None:
    cursor = write_cursor(Position(as_of=1, last_id=CARD, last_revision=2), Filters(), Sort.LATEST)
    response = client.get(f"{LIST}?{urlencode({'sort': '-revision', 'cursor': cursor})}")
    assert (response.status_code, response.get_json()["code"]) == (422, "invalid-cursor")
    assert "later than its list" in response.get_json()["detail"]


def test_every_served_document_fits_the_schemas_that_document_it(app: Flask, client: FlaskClient) -> None:
    contract = current_contract(app)
    validator = jsonschema.Draft202012Validator({**contract, "$ref": "#/components/schemas/ServiceList"})
    answer = client.get(f"{LIST}?limit=1000").get_json()
    assert [error.message for error in validator.iter_errors(answer)] == []
    assert [ServiceSchema().validate(item) for item in answer["items"]] == [{}] * 73


def test_detail_is_the_stored_bytes_tagged_with_their_digest(client: FlaskClient) -> None:
    response = client.get(f"{LIST}/{CARD}")
    assert response.headers["ETag"] == f'"{hashlib.sha256(response.data).hexdigest()}"'
    listed = client.get(f"{LIST}?limit=1000").data
    assert response.data in listed


def test_detail_at_a_revision_is_the_document_of_that_time(client: FlaskClient, catalogue: Catalogue) -> None:
    before = client.get(f"{LIST}/{CARD}").data
    write(catalogue, content(catalogue, single_window=False))
    past = client.get(f"{LIST}/{CARD}?revision=1")
    assert past.data == before
    assert "immutable" in past.headers["Cache-Control"]
    assert client.get(f"{LIST}/{CARD}?revision=2").get_json()["single_window"] is False


@pytest.mark.parametrize(
    ("path", "code"),
    [
        (f"{LIST}/{CARD}?revision=2", "unknown-revision"),
        (f"{LIST}/430203-no-such-service", "unknown-service"),
        (f"{LIST}/nonsense", "unknown-service"),
        (f"{LIST}/%00", "unknown-service"),
        (f"{LIST}/430203-card-application%0A", "unknown-service"),
        (f"{LIST}/{'9' * 3000}", "unknown-service"),
        (f"{LIST}/%F0%9F%98%80", "unknown-service"),
        (f"{LIST}/", "unknown-service"),
        ("/api/v1/nothing", "not-found"),
        ("/api//v1/services", "not-found"),
    ],
)
def test_what_does_not_exist_is_404_and_says_why(client: FlaskClient, path: str, code: str) -> None:
    response = client.get(path)
    expected = "not-found" if path == f"{LIST}/" else code
    assert (response.status_code, response.get_json()["code"]) == (404, expected)

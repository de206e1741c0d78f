"""Facets, indicators, vocabularies and the entry point."""

import pytest
from flask.testing import FlaskClient

from service_catalog.actions.catalogue import Catalogue
from service_catalog.domain.vocabulary import VOCABULARIES
from tests.actions.test_writing import content, write


def test_facets_without_filters_count_the_published_totals(client: FlaskClient) -> None:
    facets = client.get("/api/v1/facets").get_json()
    assert facets["total"] == 73
    assert facets["tag"] == {"zero-visit": 22, "one-visit": 51, "single-window": 46}
    assert facets["online_for"] == {"individual": 29, "enterprise": 33}
    assert sum(facets["domain"].values()) == 73
    assert sum(facets["life_event"].values()) == 73


@pytest.mark.parametrize("query", ["audience=individual&online=true", "audience=individual&life_event=card"])
def test_facets_under_filters_agree_with_the_lists_they_lead_to(client: FlaskClient, query: str) -> None:
    facets = client.get(f"/api/v1/facets?{query}").get_json()
    assert facets["audience"]["individual"] == facets["total"] > 0
    for facet in [name for name in ("tag", "domain", "life_event") if f"{name}=" not in query]:
        for value, number in facets[facet].items():
            listed = client.get(f"/api/v1/services?{query}&{facet}={value}&limit=1").get_json()
            assert number == listed["total"], (facet, value)


def test_indicators_of_the_district_meet_what_was_declared(client: FlaskClient) -> None:
    for query in ("", "?division=430203", "?division=43"):
        indicators = client.get(f"/api/v1/indicators{query}").get_json()
        assert (indicators["total"], indicators["zero_visit"], indicators["one_visit"]) == (73, 22, 51)
        assert indicators["single_window"] == 46
        assert indicators["online"] == {"individual": 29, "enterprise": 33, "any": 59, "both": 3}
        assert indicators["declared"]["holds"] is True
        assert indicators["shares"]["zero_visit"] == 0.3014


def test_indicators_of_a_division_without_services_are_zero_and_shares_null(client: FlaskClient) -> None:
    indicators = client.get("/api/v1/indicators?division=110101").get_json()
    assert (indicators["total"], indicators["divisions"], indicators["declared"]) == (0, 0, None)
    assert indicators["shares"]["online"]["any"] is None


def test_indicators_after_retagging_show_the_difference(client: FlaskClient, catalogue: Catalogue) -> None:
    write(catalogue, content(catalogue, single_window=False))
    declared = client.get("/api/v1/indicators?division=430203").get_json()["declared"]
    assert declared["holds"] is False
    assert declared["differences"] == [{"figure": "single_window", "declared": 46, "actual": 45}]


def test_indicators_count_active_services_alone(client: FlaskClient, catalogue: Catalogue) -> None:
    write(catalogue, content(catalogue, status="retired"))
    assert client.get("/api/v1/indicators").get_json()["total"] == 72
    assert client.get("/api/v1/facets?status=any").get_json()["total"] == 73


def test_vocabularies_label_every_code_in_both_languages(client: FlaskClient) -> None:
    vocabularies = client.get("/api/v1/vocabularies").get_json()
    assert set(vocabularies) == {*VOCABULARIES, "rules"}
    assert [term["code"] for term in vocabularies["depths"]] == [
        "consult",
        "submit",
        "preliminary-review",
        "accept",
        "complete",
    ]
    assert all(term["label"]["zh"] and term["label"]["en"] for terms in vocabularies.values() for term in terms)


def test_entry_point_leads_to_every_call_that_reads(client: FlaskClient) -> None:
    links = client.get("/api/v1").get_json()["links"]
    paths = client.get("/api/v1/openapi.json").get_json()["paths"]
    reading = {path.replace("{service_id}", "{id}") for path, item in paths.items() if "get" in item}
    assert reading - {address.partition("?")[0] for address in links.values()} == {"/api/v1"}
    assert {"/docs", "/docs/errors", "/api/v1/openapi.json"} <= set(links.values())


def test_entry_point_leads_to_addresses_that_answer(client: FlaskClient) -> None:
    links = client.get("/api/v1").get_json()["links"]
    for address in links.values():
        signed_in_only = address.startswith("/api/v1/revisions")
        asked = address.replace("{id}", "430203-card-application").replace("{number}", "1")
        assert client.get(asked).status_code == (401 if signed_in_only else 200)

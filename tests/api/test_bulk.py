"""Changing the tags of many services: all or nothing, one revision, and a dry run that says the truth."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service_catalog.actions.auditing import check_catalogue
from service_catalog.actions.catalogue import Catalogue
from tests.actions.test_writing import content, write
from tests.api.test_http import assert_problem
from tests.api.writes import API, CARD, Headers, document, patch, pointers, revision
from tests.tokens import signed

CARD_ID = "430203-card-application"
REPLACEMENT_ID = "430203-card-replacement"
FILING_ID = "430203-hr-services-filing"
OFFLINE_ID = "430203-personnel-file-transfer"


@pytest.fixture
def headers(catalogue: Catalogue) -> Headers:
    """Return an administrator's headers."""
    return signed(catalogue)


def post(client: FlaskClient, headers: Headers, *changes: dict[str, Any], **members: Any) -> TestResponse:
    """Send a bulk change."""
    return client.post(
        f"{API}/tag-changes", json={"changes": list(changes), "reason": "核对", **members}, headers=headers
    )


def change(identity: str, *add: str, remove: tuple[str, ...] = (), **members: Any) -> dict[str, Any]:
    """Return one change of a bulk change."""
    return {"id": identity, "add": list(add), "remove": list(remove), **members}


CHANGES = (
    change(CARD_ID, remove=("single-window",)),
    change(FILING_ID, "one-visit", "single-window"),
    change(REPLACEMENT_ID, "zero-visit"),
    change(OFFLINE_ID, "one-visit"),
)
"""Two that lose or gain a window, two that change their visits, one of them to what it has already."""


def test_changes_are_one_revision_and_each_effect_is_told_in_order(
    client: FlaskClient, catalogue: Catalogue, headers: Headers
) -> None:
    before = revision(client)
    answer = post(client, headers, *CHANGES).json
    assert (answer["dry_run"], answer["revision"]) == (False, before + 1)
    assert [(effect["id"], effect["op"], effect["version"], effect["changed"]) for effect in answer["effects"]] == [
        (CARD_ID, "changed", 2, ["single_window"]),
        (FILING_ID, "changed", 2, ["single_window", "visits"]),
        (REPLACEMENT_ID, "changed", 2, ["visits"]),
        (OFFLINE_ID, "unchanged", 1, []),
    ]
    assert answer["effects"][1]["tags"] == {"before": ["zero-visit"], "after": ["one-visit", "single-window"]}
    assert answer["counts"] == {"created": 0, "changed": 3, "retired": 0, "restored": 0, "unchanged": 1}
    for effect in answer["effects"]:
        assert document(client, f"{API}/services/{effect['id']}")["tags"] == effect["tags"]["after"]
    assert revision(client) == before + 1
    assert {item["revision"] for item in client.get(f"{API}/changes?since={before}").json["items"]} == {before + 1}
    assert check_catalogue(catalogue).broken is None


def test_indicators_before_and_after_are_those_that_the_catalogue_gives(client: FlaskClient, headers: Headers) -> None:
    def indicators() -> dict[str, Any]:
        found: dict[str, Any] = client.get(f"{API}/indicators?division=430203").json
        return {name: value for name, value in found.items() if name != "revision"}

    before = indicators()
    told = post(client, headers, CHANGES[0]).json["indicators"]
    assert (told["before"], told["after"]) == (before, indicators())
    assert before != indicators()


def test_totals_that_no_longer_hold_are_told_with_both_figures(client: FlaskClient, headers: Headers) -> None:
    totals = post(client, headers, change(CARD_ID, remove=("single-window",)), dry_run=True).json["totals"]
    assert totals == [{"division": "430203", "figure": "single_window", "declared": 46, "actual": 45}]
    assert post(client, headers, change(CARD_ID, "single-window"), dry_run=True).json["totals"] == []


@pytest.mark.parametrize(
    "changes",
    [
        CHANGES,
        CHANGES[:1],
        (change(CARD_ID, "single-window"),),
        (change(CARD_ID),),
        tuple(reversed(CHANGES)),
    ],
)
def test_dry_run_answers_what_the_call_then_answers_and_does_nothing(
    client: FlaskClient, catalogue: Catalogue, headers: Headers, changes: tuple[dict[str, Any], ...]
) -> None:
    before, tag = revision(client), client.get(f"{API}/services").headers["ETag"]
    dry = post(client, headers, *changes, dry_run=True)
    assert (dry.status_code, dry.json["dry_run"], dry.json["revision"]) == (200, True, before)
    assert (revision(client), client.get(f"{API}/services").headers["ETag"]) == (before, tag)
    done = post(client, headers, *changes, expected_revision=dry.json["revision"])
    own = ("dry_run", "revision")
    assert {k: v for k, v in dry.json.items() if k not in own} == {k: v for k, v in done.json.items() if k not in own}
    assert check_catalogue(catalogue).broken is None


BROKEN = (
    change(CARD_ID, remove=("single-window",)),
    change(OFFLINE_ID, "zero-visit"),
    change(REPLACEMENT_ID, remove=("one-visit",)),
    change(FILING_ID, remove=("zero-visit", "single-window")),
)


@pytest.mark.parametrize("dry_run", [True, False])
def test_every_rule_that_would_be_broken_is_told_at_its_change_and_nothing_is_done(
    client: FlaskClient, headers: Headers, dry_run: bool
) -> None:
    before = revision(client)
    body = assert_problem(post(client, headers, *BROKEN, dry_run=dry_run), 422, "rules-broken")
    assert {(fault["rule"], fault["pointer"]) for fault in body["errors"]} == {
        ("R2", "/changes/1"),
        ("R1", "/changes/2/remove"),
        ("R1", "/changes/3/remove"),
    }
    assert revision(client) == before
    assert document(client)["version"] == 1


def test_problem_says_how_many_rules_are_broken_where_it_cannot_list_them_all(
    client: FlaskClient, catalogue: Catalogue, headers: Headers
) -> None:
    model = content(catalogue, OFFLINE_ID)
    write(catalogue, *(model | {"code": f"made-{n}"} for n in range(501)))
    body = post(client, headers, *(change(f"430203-made-{n}", "zero-visit") for n in range(501))).json
    assert (body["code"], len(body["errors"])) == ("rules-broken", 1000)
    assert "1002" in body["detail"] and "1002" in body["detail_zh"]


def test_service_that_is_unknown_is_told_at_its_change_and_nothing_is_done(
    client: FlaskClient, headers: Headers
) -> None:
    before = revision(client)
    response = post(client, headers, CHANGES[0], change("430203-nothing"), change("nonsense", "one-visit"))
    assert pointers(assert_problem(response, 422, "invalid-body")) == {"/changes/1/id", "/changes/2/id"}
    assert revision(client) == before


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("changes", "places"),
    [
        ([change(CARD_ID), change(FILING_ID), change(CARD_ID)], {"/changes/0/id", "/changes/2/id"}),
        ([change(CARD_ID, "single-window", remove=("single-window",))], {"/changes/0/remove"}),
        ([change(CARD_ID, "zero-visit", "one-visit")], {"/changes/0/add"}),
        ([], {"/changes"}),
        ([{"add": []}], {"/changes/0/id"}),
        ([change(CARD_ID, "fast")], {"/changes/0/add/0"}),
        ([change(CARD_ID, "one-visit", "one-visit")], {"/changes/0/add"}),
        ([change(CARD_ID, expected_version=0)], {"/changes/0/expected_version"}),
        ([change(CARD_ID, expected_version="1")], {"/changes/0/expected_version"}),
        ([change(CARD_ID, tags=[])], {"/changes/0/tags"}),
        ([change("x" * 114)], {"/changes/0/id"}),
        (["x"], {"/changes/0"}),
    ],
)
def test_change_that_contradicts_itself_or_does_not_fit_is_422_by_place(
    client: FlaskClient, headers: Headers, changes: list[Any], places: set[str]
) -> None:
    assert pointers(assert_problem(post(client, headers, *changes), 422, "invalid-body")) == places


def test_service_that_is_not_at_the_version_expected_stops_everything(client: FlaskClient, headers: Headers) -> None:
    patch(client, headers, {"life_events": []})
    before = revision(client)
    response = post(client, headers, CHANGES[1], change(CARD_ID, expected_version=1))
    body = assert_problem(response, 412, "stale-version")
    assert pointers(body) == {"/changes/1/expected_version"}
    assert "version 2" in body["errors"][0]["detail"]
    assert revision(client) == before
    assert post(client, headers, CHANGES[1], change(CARD_ID, expected_version=2)).status_code == 200


def test_service_that_changed_since_the_dry_run_stops_everything_and_others_do_not(
    client: FlaskClient, headers: Headers
) -> None:
    seen = post(client, headers, *CHANGES[:2], dry_run=True).json["revision"]
    patch(client, headers, {"life_events": []}, f"{API}/services/{REPLACEMENT_ID}")
    assert post(client, headers, CHANGES[1], expected_revision=seen).status_code == 200
    patch(client, headers, {"life_events": []})
    body = assert_problem(post(client, headers, CHANGES[0], expected_revision=seen), 412, "stale-version")
    assert pointers(body) == {"/changes/0/id"}


def test_revision_that_is_expected_but_was_never_made_is_422(client: FlaskClient, headers: Headers) -> None:
    ahead = revision(client) + 1
    body = assert_problem(post(client, headers, CHANGES[0], expected_revision=ahead), 422, "invalid-body")
    assert pointers(body) == {"/expected_revision"}


def test_retired_service_can_be_tagged_and_is_not_counted(client: FlaskClient, headers: Headers) -> None:
    patch(client, headers, {"status": "retired"})
    answer = post(client, headers, change(CARD_ID, remove=("single-window",))).json
    assert answer["indicators"]["before"] == answer["indicators"]["after"]
    assert document(client)["status"] == "retired"


def test_area_of_the_indicators_is_the_smallest_that_holds_every_division(
    client: FlaskClient, catalogue: Catalogue, headers: Headers
) -> None:
    model = content(catalogue)
    write(catalogue, model | {"division": "430204"}, model | {"division": "430203002"}, model | {"division": "110101"})
    for other, area in (("430203002", "430203"), ("430204", "4302"), ("110101", None)):
        answer = post(client, headers, change(CARD_ID), change(f"{other}-card-application"), dry_run=True).json
        assert answer["indicators"]["before"]["division"] == area


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_ten_thousand_changes_are_one_revision_and_one_more_is_refused(
    client: FlaskClient, catalogue: Catalogue, headers: Headers
) -> None:
    model = content(catalogue)
    write(catalogue, *(model | {"code": f"made-{n}"} for n in range(10_000)))
    before = revision(client)
    changes = [change(f"430203-made-{n}", remove=("single-window",)) for n in range(10_001)]
    assert pointers(assert_problem(post(client, headers, *changes), 422, "invalid-body")) == {"/changes"}
    answer = post(client, headers, *changes[:-1]).json
    assert (answer["revision"], answer["counts"]["changed"], len(answer["effects"])) == (before + 1, 10_000, 10_000)
    assert client.get(f"{API}/indicators?division=430203").json["single_window"] == 46
    assert check_catalogue(catalogue).broken is None


def test_tag_of_the_card_is_that_of_its_new_version_after_a_bulk_change(client: FlaskClient, headers: Headers) -> None:
    old = client.get(CARD).headers["ETag"]
    post(client, headers, *CHANGES)
    assert client.get(CARD).headers["ETag"] != old


def test_import_of_a_file_without_services_is_refused(client: FlaskClient, headers: Headers) -> None:
    before = revision(client)
    response = client.post(f"{API}/imports?reason=x", json=[], headers=headers)
    assert_problem(response, 422, "unreadable-file")
    assert revision(client) == before

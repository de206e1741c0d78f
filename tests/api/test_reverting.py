"""Undoing a revision through the front door."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service_catalog.actions.auditing import check_catalogue
from service_catalog.actions.catalogue import Catalogue
from service_catalog.domain.access import Role
from tests.actions.test_writing import content, write
from tests.api.test_http import assert_problem
from tests.api.writes import API, CARD, FILING, REPLACEMENT, Headers, document, matching, patch, pointers, revision
from tests.tokens import signed

CARD_ID = "430203-card-application"
CHANNEL = {"audience": "individual", "platform": "web", "name": None, "url": None, "depth": None}


@pytest.fixture
def headers(catalogue: Catalogue) -> Headers:
    """Return an administrator's headers."""
    return signed(catalogue)


def revert(client: FlaskClient, headers: Headers, number: int, **members: Any) -> TestResponse:
    return client.post(f"{API}/revisions/{number}/revert", json={"reason": "误改", **members}, headers=headers)


def edited(client: FlaskClient, headers: Headers, changes: dict[str, Any], path: str = CARD) -> int:
    """Make a change and return the revision that it is."""
    response = patch(client, headers, changes, path)
    assert response.json["changed"] is True, response.data
    return int(response.json["service"]["revision"])


def without_set(service: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in service.items() if name not in ("version", "revision", "updated_at")}


def test_revision_that_is_undone_leaves_what_stood_before_as_a_new_version(
    client: FlaskClient, catalogue: Catalogue, headers: Headers
) -> None:
    before = document(client)
    number = edited(client, headers, {"life_events": [], "summary": {"en": "Changed."}})
    answer = revert(client, headers, number).json
    assert (answer["dry_run"], answer["revision"]) == (False, number + 1)
    (effect,) = answer["effects"]
    assert (effect["id"], effect["op"], effect["version"]) == (CARD_ID, "changed", 3)
    assert effect["changed"] == ["life_events", "summary"]
    assert without_set(document(client)) == without_set(before)
    assert (document(client)["version"], document(client)["revision"]) == (3, number + 1)
    assert check_catalogue(catalogue).broken is None


def test_undoing_an_undo_does_it_again(client: FlaskClient, catalogue: Catalogue, headers: Headers) -> None:
    number = edited(client, headers, {"single_window": False})
    done = document(client)
    undo = revert(client, headers, number).json["revision"]
    again = revert(client, headers, undo).json["revision"]
    assert without_set(document(client)) == without_set(done)
    revert(client, headers, again)
    assert document(client)["single_window"] is True
    assert check_catalogue(catalogue).broken is None


def test_later_change_of_other_members_stays(client: FlaskClient, headers: Headers) -> None:
    number = edited(client, headers, {"single_window": False})
    edited(client, headers, {"life_events": []})
    assert revert(client, headers, number).status_code == 200
    assert (document(client)["single_window"], document(client)["life_events"]) == (True, [])


def test_revision_that_is_undone_already_changes_nothing(client: FlaskClient, headers: Headers) -> None:
    number = edited(client, headers, {"single_window": False})
    revert(client, headers, number)
    before = revision(client)
    answer = revert(client, headers, number).json
    assert (answer["revision"], answer["counts"]["unchanged"], revision(client)) == (before, 1, before)


def test_later_change_that_stands_in_the_way_is_named_by_service_member_and_revision(
    client: FlaskClient, headers: Headers
) -> None:
    number = edited(client, headers, {"life_events": [], "single_window": False, "codes": {"basic": "1"}})
    edited(client, headers, {"life_events": ["card"]})
    culprit = edited(client, headers, {"life_events": ["retirement"]})
    other = edited(client, headers, {"codes": {"basic": "2"}})
    edited(client, headers, {"summary": {"en": "Harmless."}})
    before = revision(client)
    for dry_run in (True, False):
        body = assert_problem(revert(client, headers, number, dry_run=dry_run), 409, "revert-conflict")
        told = {fault["pointer"]: fault["detail"] for fault in body["errors"]}
        assert told == {
            f"/{CARD_ID}/life_events": f"life_events of {CARD_ID} was changed again by revision {culprit}",
            f"/{CARD_ID}/codes": f"codes of {CARD_ID} was changed again by revision {other}",
        }
        assert str(culprit) in body["errors"][1]["detail_zh"]
    assert revision(client) == before
    assert document(client)["single_window"] is False


def test_revision_of_several_services_is_undone_for_all_or_none(
    client: FlaskClient, catalogue: Catalogue, headers: Headers
) -> None:
    other = FILING.rpartition("/")[2]
    made = write(catalogue, content(catalogue, life_events=[]), content(catalogue, other, life_events=["retirement"]))
    assert made is not None
    edited(client, headers, {"life_events": ["card"]}, FILING)
    body = assert_problem(revert(client, headers, made.number), 409, "revert-conflict")
    assert pointers(body) == {f"/{other}/life_events"}
    assert document(client)["life_events"] == []
    edited(client, headers, {"life_events": ["retirement"]}, FILING)
    assert revert(client, headers, made.number).json["counts"]["changed"] == 2
    assert document(client)["life_events"] != []


def test_undo_of_a_creation_retires_and_undo_of_that_brings_back(
    client: FlaskClient, catalogue: Catalogue, headers: Headers
) -> None:
    new = f"{API}/services/430203-made-up"
    service = content(catalogue) | {"code": "made-up"}
    created = client.put(new, json={"service": service, "reason": "x"}, headers=headers | {"If-None-Match": "*"})
    answer = revert(client, headers, created.json["service"]["revision"]).json
    assert (answer["counts"]["retired"], document(client, new)["status"]) == (1, "retired")
    assert revert(client, headers, answer["revision"]).json["counts"]["restored"] == 1
    assert document(client, new)["status"] == "active"
    assert check_catalogue(catalogue).broken is None


def test_undo_of_a_retirement_brings_back(client: FlaskClient, headers: Headers) -> None:
    retired = client.delete(f"{CARD}?reason=x", headers=matching(client, headers)).json["service"]["revision"]
    assert revert(client, headers, retired).json["counts"]["restored"] == 1
    assert document(client)["status"] == "active"


def test_undo_of_the_seed_retires_everything_and_leaves_the_divisions_document(
    client: FlaskClient, catalogue: Catalogue, headers: Headers
) -> None:
    answer = revert(client, headers, 1).json
    assert answer["counts"]["retired"] == 73
    assert client.get(f"{API}/services").json["total"] == 0
    assert {total["figure"] for total in answer["totals"]} >= {"total", "zero_visit", "one_visit"}
    assert check_catalogue(catalogue).broken is None


def test_rule_that_an_undo_would_break_is_named_with_its_service(client: FlaskClient, headers: Headers) -> None:
    channel = CHANNEL | {"authentication": None}
    number = edited(client, headers, {"online_channels": [channel]})
    edited(client, headers, {"visits": 0})
    body = assert_problem(revert(client, headers, number), 422, "rules-broken")
    assert [(fault["rule"], fault["pointer"]) for fault in body["errors"]] == [("R2", f"/{CARD_ID}/online_channels")]


def test_dry_run_of_an_undo_answers_what_the_undo_then_answers(client: FlaskClient, headers: Headers) -> None:
    number = edited(client, headers, {"single_window": False})
    before = revision(client)
    dry = revert(client, headers, number, dry_run=True).json
    assert (dry.pop("dry_run"), dry.pop("revision"), revision(client)) == (True, before, before)
    done = revert(client, headers, number).json
    assert (done.pop("dry_run"), done.pop("revision")) == (False, before + 1)
    assert dry == done


def test_revision_that_changed_no_service_is_409(client: FlaskClient, headers: Headers) -> None:
    assert_problem(revert(client, headers, revision(client)), 409, "nothing-to-revert")


@pytest.mark.parametrize("number", ["0", "99", "-1", "01", "1.0", "x", "９", "99999999999"])
def test_revision_that_was_never_made_is_404(client: FlaskClient, headers: Headers, number: str) -> None:
    body = {"reason": "误改"}
    response = client.post(f"{API}/revisions/{number}/revert", json=body, headers=headers)
    assert_problem(response, 404, "unknown-revision")


def test_undo_needs_a_reason_and_the_right_to_write(
    client: FlaskClient, catalogue: Catalogue, headers: Headers
) -> None:
    response = client.post(f"{API}/revisions/1/revert", json={}, headers=headers)
    assert pointers(assert_problem(response, 422, "invalid-body")) == {"/reason"}
    assert_problem(revert(client, signed(catalogue, Role.AUDITOR), 1), 403, "not-permitted")
    assert_problem(revert(client, signed(catalogue, division="430204"), 1), 403, "not-permitted")


def test_revision_that_touches_another_division_is_not_undone_by_its_own_administrator(
    client: FlaskClient, catalogue: Catalogue, headers: Headers
) -> None:
    model = content(catalogue)
    made = write(catalogue, model | {"code": "made"}, model | {"division": "430204"})
    assert made is not None
    assert_problem(revert(client, signed(catalogue, division="430203"), made.number), 403, "not-permitted")
    assert revert(client, headers, made.number).json["counts"]["retired"] == 2


def test_revert_of_more_services_than_are_told_counts_them_all(
    client: FlaskClient, catalogue: Catalogue, headers: Headers
) -> None:
    model = content(catalogue)
    made = write(catalogue, *(model | {"code": f"made-{number:04}"} for number in range(1101)))
    assert made is not None
    answer = revert(client, headers, made.number).json
    assert (answer["counts"]["retired"], len(answer["effects"])) == (1101, 1000)
    assert check_catalogue(catalogue).broken is None
    assert document(client, REPLACEMENT)["status"] == "active"

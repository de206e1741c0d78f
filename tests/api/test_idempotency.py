"""A lost answer: the same request under the same Idempotency-Key is done once and answered alike."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service_catalog.actions.auditing import check_catalogue
from service_catalog.actions.catalogue import Catalogue
from service_catalog.actions.signing_in import issue_token
from service_catalog.app import create_app
from service_catalog.domain.access import Role
from tests.actions.test_writing import content, write
from tests.api.test_http import assert_problem
from tests.api.writes import API, Headers, document, patch, revision
from tests.conftest import NOON, open_database
from tests.tokens import signed

CHANGE: dict[str, Any] = {
    "changes": [{"id": "430203-card-application", "remove": ["single-window"]}],
    "reason": "核对",
}
UNCHANGED: dict[str, Any] = {"changes": [{"id": "430203-card-application"}], "reason": "核对"}
KEYED = {"Idempotency-Key": "7f0c8f0e-2d3b"}


@pytest.fixture
def headers(catalogue: Catalogue) -> Headers:
    """Return an administrator's headers, with a key, for more than a day."""
    _, secret = issue_token(catalogue, "测试", Role.ADMINISTRATOR, days=9, division=None)
    return {"Authorization": f"Bearer {secret}"} | KEYED


def post(client: FlaskClient, headers: Headers, body: object = CHANGE) -> TestResponse:
    return client.post(f"{API}/tag-changes", json=body, headers=headers)


def test_request_that_is_sent_again_gets_the_same_bytes_and_makes_one_revision(
    client: FlaskClient, catalogue: Catalogue, headers: Headers
) -> None:
    before = revision(client)
    first, again = post(client, headers), post(client, headers)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.data == again.data
    assert first.content_type == again.content_type
    assert first.json["counts"]["changed"] == 1
    assert revision(client) == before + 1
    assert check_catalogue(catalogue).broken is None


def test_request_without_a_key_is_done_as_often_as_it_is_sent(client: FlaskClient, headers: Headers) -> None:
    del headers["Idempotency-Key"]
    assert post(client, headers).json["counts"]["changed"] == 1
    assert post(client, headers).json["counts"]["unchanged"] == 1


@pytest.mark.parametrize("key", ["a", "~" * 200, "A!b", '"quoted"'])
def test_key_tells_requests_apart_to_the_letter(client: FlaskClient, headers: Headers, key: str) -> None:
    first = post(client, headers | {"Idempotency-Key": key})
    post(client, headers | {"Idempotency-Key": key.swapcase() + "x" if len(key) < 200 else "x"}, UNCHANGED)
    assert post(client, headers | {"Idempotency-Key": key}).data == first.data


@pytest.mark.parametrize("key", ["", "~" * 201, "a b", "键", "a\tb"])
def test_key_that_cannot_be_one_is_422_by_name(client: FlaskClient, headers: Headers, key: str) -> None:
    sent = key.encode().decode("latin-1")
    body = assert_problem(post(client, headers | {"Idempotency-Key": sent}), 422, "invalid-parameters")
    assert [fault["parameter"] for fault in body["errors"]] == ["Idempotency-Key"]


def test_key_that_came_with_another_request_is_422_and_nothing_is_done(client: FlaskClient, headers: Headers) -> None:
    post(client, headers)
    before = revision(client)
    assert_problem(post(client, headers, CHANGE | {"reason": "另一理由"}), 422, "idempotency-key-reused")
    reverted = client.post(f"{API}/revisions/{before}/revert", json={"reason": "x"}, headers=headers)
    assert_problem(reverted, 422, "idempotency-key-reused")
    assert revision(client) == before


def test_same_body_at_another_address_is_another_request(client: FlaskClient, headers: Headers) -> None:
    numbers = [patch(client, headers, {"single_window": it}).json["service"]["revision"] for it in (False, True)]
    sent = [client.post(f"{API}/revisions/{n}/revert", json={"reason": "x"}, headers=headers) for n in numbers]
    assert [response.status_code for response in sent] == [200, 422]


def test_key_belongs_to_its_token(client: FlaskClient, catalogue: Catalogue, headers: Headers) -> None:
    post(client, headers)
    other = post(client, signed(catalogue) | KEYED, CHANGE | {"reason": "另一人"})
    assert (other.status_code, other.json["counts"]["unchanged"]) == (200, 1)


def test_dry_run_is_not_kept_and_does_not_use_up_the_key(client: FlaskClient, headers: Headers) -> None:
    dry = post(client, headers, CHANGE | {"dry_run": True})
    assert dry.json["dry_run"] is True
    done = post(client, headers)
    assert (done.json["dry_run"], done.json["counts"]["changed"]) == (False, 1)
    later = post(client, headers, CHANGE | {"dry_run": True})
    assert (later.json["dry_run"], later.json["counts"]["unchanged"]) == (True, 1)
    assert post(client, headers).data == done.data


def test_answer_that_nothing_changed_is_kept_too(client: FlaskClient, headers: Headers) -> None:
    before = revision(client)
    first = post(client, headers, UNCHANGED)
    assert (first.json["revision"], revision(client)) == (before, before)
    patch(client, headers, {"single_window": False})
    assert post(client, headers, UNCHANGED).data == first.data


def test_refusal_is_not_kept(client: FlaskClient, catalogue: Catalogue, headers: Headers) -> None:
    body = {"changes": [{"id": "430203-made-up", "remove": ["single-window"]}], "reason": "x"}
    assert post(client, headers, body).status_code == 422
    write(catalogue, content(catalogue) | {"code": "made-up"})
    assert post(client, headers, body).json["counts"]["changed"] == 1


@pytest.mark.parametrize(("seconds", "remembered"), [(0, True), (-1, True), (1, False)])
def test_answer_is_remembered_for_24_hours(
    client: FlaskClient, catalogue: Catalogue, headers: Headers, seconds: int, remembered: bool
) -> None:
    first = post(client, headers)
    patch(client, headers, {"single_window": True})
    a_day_later = replace(catalogue, clock=lambda: NOON + timedelta(hours=24, seconds=seconds))
    again = post(create_app(a_day_later).test_client(), headers)
    assert (again.data == first.data) is remembered
    assert document(client)["single_window"] is remembered


def test_answer_survives_a_restart(client: FlaskClient, seeded_url: str, headers: Headers) -> None:
    first = post(client, headers)
    reopened = open_database(seeded_url)
    again = post(create_app(reopened).test_client(), headers)
    reopened.database.close()
    assert again.data == first.data


def test_undo_that_is_sent_again_is_not_undone(client: FlaskClient, headers: Headers) -> None:
    number = patch(client, headers, {"single_window": False}).json["service"]["revision"]
    address = f"{API}/revisions/{number}/revert"
    first, again = (client.post(address, json={"reason": "x"}, headers=headers) for _ in range(2))
    assert first.data == again.data
    assert document(client)["version"] == 3


def test_import_that_is_sent_again_is_done_once(client: FlaskClient, headers: Headers) -> None:
    file = [document(client) | {"single_window": False, "tags": ["one-visit"]}]
    first, again = (client.post(f"{API}/imports?reason=x", json=file, headers=headers) for _ in range(2))
    assert (first.status_code, first.data) == (200, again.data)
    assert_problem(client.post(f"{API}/imports?reason=y", json=file, headers=headers), 422, "idempotency-key-reused")

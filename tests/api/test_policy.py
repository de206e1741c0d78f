"""Who may do what: every route with every kind of caller, and in which order a request is judged."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from service_catalog.actions.auditing import check_catalogue
from service_catalog.actions.catalogue import Catalogue
from service_catalog.actions.signing_in import issue_token, list_tokens, revoke_token
from service_catalog.api.auth import POLICY as API_POLICY
from service_catalog.app import POLICY
from service_catalog.console.policy import POLICY as PAGES
from service_catalog.console.sessions import COOKIE
from service_catalog.domain.access import Permission, Role
from tests.api.test_http import assert_problem
from tests.api.writes import API, CALLS, CARD, document, revision, send
from tests.conftest import NOON
from tests.console.administrators import HERE
from tests.rules.test_routes import build_app
from tests.tokens import signed

VALUES = {
    "service_id": "430203-card-application",
    "tag": "single-window",
    "number": "1",
    "name": "docs.css",
    "path": "swagger-ui.css",
    "digest": "0",
    "language": "zh",
}
"""What stands in an address for each of its parts."""

WHO_MAY = {
    Permission.READ_CATALOGUE: {"none", "wrong", "expired", "revoked", "auditor", "administrator", "elsewhere"},
    Permission.READ_REVISIONS: {"auditor", "administrator", "elsewhere"},
    Permission.WRITE_CATALOGUE: {"administrator", "elsewhere"},
}
OF_ONE_DIVISION = {"editing_pages.edit_service"}
"""Pages that ask at once whether the service is within the reader's reach; other calls find out from the body."""

BAD_FORM = {"reason": "x" * 501}
"""What no page carries out, whoever sends it."""

SIGNED_IN = {"auditor", "administrator", "elsewhere"}


def routes() -> Iterator[tuple[str, str, str]]:
    """Yield the endpoint, a method and an address of each route of the application."""
    app = build_app()
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            _, address = rule.build({name: VALUES[name] for name in rule.arguments}, append_unknown=False) or ("", "")
            for method in sorted((rule.methods or set()) - {"OPTIONS"}):
                if POLICY[rule.endpoint] is not Permission.SIGN_IN:  # tests/console/test_signing_in.py
                    yield rule.endpoint, method, address


@pytest.fixture
def callers(catalogue: Catalogue) -> dict[str, dict[str, str]]:
    """Return the headers of each kind of caller."""
    long_ago = replace(catalogue, clock=lambda: NOON - timedelta(days=2))
    revoked = signed(catalogue)
    revoke_token(catalogue, list_tokens(catalogue)[0][0].id)
    return {
        "none": {},
        "wrong": {"Authorization": "Bearer sct_wrong"},
        "expired": signed(long_ago),
        "revoked": revoked,
        "auditor": signed(catalogue, Role.AUDITOR),
        "administrator": signed(catalogue),
        "elsewhere": signed(catalogue, division="430204"),
    }


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("endpoint", "method", "address"), list(routes()))
def test_route_lets_in_just_the_callers_that_its_policy_names(
    client: FlaskClient, callers: dict[str, dict[str, str]], endpoint: str, method: str, address: str
) -> None:
    allowed = WHO_MAY[POLICY[endpoint]] - ({"elsewhere"} if endpoint in OF_ONE_DIVISION else set())
    for caller, headers in callers.items():
        client.delete_cookie(COOKIE)
        if endpoint in PAGES and headers:
            client.set_cookie(COOKIE, headers["Authorization"].removeprefix("Bearer "), secure=False)
        is_page = endpoint in PAGES
        response = client.open(
            address,
            method=method,
            headers=headers | HERE if is_page else headers,
            data=BAD_FORM if is_page else b"not JSON",
        )
        if caller in allowed:
            assert response.status_code not in (401, 403), (caller, response.data)
        else:
            assert response.status_code == (403 if caller in SIGNED_IN else 401), (caller, response.data)


@pytest.mark.parametrize(
    ("caller", "code", "challenge"),
    [
        ("none", "not-signed-in", 'Bearer realm="service_catalog"'),
        ("wrong", "invalid-token", 'Bearer realm="service_catalog", error="invalid_token"'),
        ("expired", "invalid-token", 'Bearer realm="service_catalog", error="invalid_token"'),
        ("revoked", "invalid-token", 'Bearer realm="service_catalog", error="invalid_token"'),
    ],
)
def test_caller_without_a_token_that_holds_is_told_how_to_sign_in(
    client: FlaskClient, callers: dict[str, dict[str, str]], caller: str, code: str, challenge: str
) -> None:
    response = client.get(f"{API}/revisions", headers=callers[caller])
    assert_problem(response, 401, code)
    assert response.headers["WWW-Authenticate"] == challenge


@pytest.mark.parametrize("given", ["Bearer", "Bearer ", "Basic YTpi", "sct_wrong", "Bearer a=b", "Bearer é"])
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_credential_of_another_form_is_401(client: FlaskClient, given: str) -> None:
    response = client.get(f"{API}/revisions", headers={"Authorization": given})
    assert (response.status_code, response.content_type) == (401, "application/problem+json")


def test_token_is_good_to_the_second_before_it_expires_and_no_longer(client: FlaskClient, catalogue: Catalogue) -> None:
    a_day_ago = replace(catalogue, clock=lambda: NOON - timedelta(days=1))
    _, secret = issue_token(a_day_ago, "x", Role.AUDITOR, days=1, division=None)
    assert client.get(f"{API}/revisions", headers={"Authorization": f"Bearer {secret}"}).status_code == 401
    just_before = replace(catalogue, clock=lambda: NOON - timedelta(days=1) + timedelta(seconds=1))
    _, secret = issue_token(just_before, "y", Role.AUDITOR, days=1, division=None)
    assert client.get(f"{API}/revisions", headers={"Authorization": f"Bearer {secret}"}).status_code == 200


def test_calls_that_write_are_each_tried() -> None:
    assert set(CALLS) == {name for name, permission in API_POLICY.items() if permission is Permission.WRITE_CATALOGUE}


@pytest.mark.parametrize("endpoint", CALLS)
def test_administrator_of_another_division_writes_nothing(
    client: FlaskClient, catalogue: Catalogue, endpoint: str
) -> None:
    elsewhere = signed(catalogue, division="430204")
    before = revision(client)
    body = assert_problem(send(client, CALLS[endpoint], elsewhere), 403, "not-permitted")
    assert "430204" in body["detail"] and "430203" in body["detail_zh"]
    assert revision(client) == before


@pytest.mark.parametrize("division", [None, "43", "4302", "430203"])
@pytest.mark.parametrize("endpoint", [name for name in CALLS if name != "revisions.revert_revision"])
def test_administrator_of_the_division_or_one_above_writes(
    client: FlaskClient, catalogue: Catalogue, endpoint: str, division: str | None
) -> None:
    response = send(client, CALLS[endpoint], signed(catalogue, division=division))
    assert response.status_code == 200, response.data
    assert check_catalogue(catalogue).broken is None


def test_administrator_of_a_village_does_not_write_in_its_district(client: FlaskClient, catalogue: Catalogue) -> None:
    assert send(client, CALLS["tagging.put_tags"], signed(catalogue, division="430203002")).status_code == 403


def test_bulk_change_of_another_division_is_403_before_its_services_are_looked_up(
    client: FlaskClient, catalogue: Catalogue
) -> None:
    changes = [{"id": "430204-nothing"}, {"id": "430203-nothing", "expected_version": 9}]
    body = {"changes": changes, "reason": "核对"}
    response = client.post(f"{API}/tag-changes", json=body, headers=signed(catalogue, division="430204"))
    assert_problem(response, 403, "not-permitted")


def test_request_is_judged_in_one_order_from_the_route_to_the_rules(client: FlaskClient, catalogue: Catalogue) -> None:
    """Everything is wrong at first; each step mends what the answer before named."""
    sound = document(client)
    address = f"{API}/services/430203-nothing"
    asked: dict[str, Any] = {
        "path": f"{API}/service/430203-nothing",
        "method": "POST",
        "data": b"not JSON",
        "content_type": "text/plain",
        "headers": {},
        "environ_overrides": {"CONTENT_LENGTH": str(2**24 + 1)},
    }
    administrator, auditor = signed(catalogue), signed(catalogue, Role.AUDITOR)
    stale = '"0000"'
    broken = {"service": sound | {"audiences": []}, "reason": "核对"}
    mends: list[tuple[dict[str, Any], int, str]] = [
        ({}, 404, "not-found"),
        ({"path": address}, 405, "method-not-allowed"),
        ({"method": "PUT"}, 413, "body-too-large"),
        ({"environ_overrides": {}}, 401, "not-signed-in"),
        ({"headers": {"Authorization": "Bearer x"}}, 401, "invalid-token"),
        ({"headers": auditor}, 403, "not-permitted"),
        ({"headers": administrator}, 415, "unsupported-media-type"),
        ({"content_type": "application/json"}, 400, "malformed-body"),
        ({"data": b"{}"}, 422, "invalid-body"),
        ({"data": None, "json": broken, "content_type": None}, 428, "precondition-required"),
        ({"headers": administrator | {"If-Match": "*"}}, 400, "invalid-precondition"),
        ({"headers": administrator | {"If-Match": stale}}, 404, "unknown-service"),
        ({"path": CARD}, 412, "stale-version"),
        ({"headers": administrator | {"If-Match": client.get(CARD).headers["ETag"]}}, 422, "rules-broken"),
    ]
    for mend, status, code in mends:
        asked |= mend
        assert_problem(client.open(**asked), status, code)
    assert client.open(**(asked | {"json": {"service": sound, "reason": "核对"}})).status_code == 200


def test_token_that_is_revoked_lets_nobody_in_from_then_on(client: FlaskClient, catalogue: Catalogue) -> None:
    headers = signed(catalogue)
    assert client.get(f"{API}/revisions", headers=headers).status_code == 200
    revoke_token(catalogue, list_tokens(catalogue)[0][0].id)
    assert_problem(client.get(f"{API}/revisions", headers=headers), 401, "invalid-token")


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_tokens_of_one_second_when_listed_stand_by_name(catalogue: Catalogue) -> None:
    names = ["李四", "张三", "王五", "陈六", "赵七", "孙八"]
    for name in names:
        issue_token(catalogue, name, Role.AUDITOR, days=1, division=None)
    assert [token.name for token, _ in list_tokens(catalogue)] == sorted(names)

"""Editing one service through the front door: create, replace, patch, retire and bring back."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from service_catalog.actions.auditing import check_catalogue
from service_catalog.actions.catalogue import Catalogue
from tests.api.test_http import assert_problem
from tests.api.writes import API, CARD, REPLACEMENT, SERVER_SET, Headers, document, matching, patch, pointers, revision
from tests.tokens import signed

NEW = f"{API}/services/430203-made-up"
CREATING = {"If-None-Match": "*"}
ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
"""For what is settled before any database is asked."""


@pytest.fixture
def headers(catalogue: Catalogue) -> Headers:
    """Return an administrator's headers."""
    return signed(catalogue)


def new_service(client: FlaskClient, **changes: Any) -> dict[str, Any]:
    """Return a document for ``NEW``, as somebody writes it who knows nothing of what the catalogue sets."""
    content = {name: value for name, value in document(client).items() if name not in SERVER_SET}
    return content | {"code": "made-up"} | changes


def put(client: FlaskClient, path: str, service: object, headers: Headers) -> Any:
    return client.put(path, json={"service": service, "reason": "核对"}, headers=headers)


def test_service_that_is_created_is_answered_as_it_can_be_read_with_its_address(
    client: FlaskClient, catalogue: Catalogue, headers: Headers
) -> None:
    before = revision(client)
    response = put(client, NEW, new_service(client), headers | CREATING)
    assert response.status_code == 201, response.data
    assert response.headers["Location"] == NEW
    assert response.headers["Cache-Control"] == "no-store"
    read = client.get(NEW)
    assert response.json["service"] == read.json
    assert response.headers["ETag"] == read.headers["ETag"]
    assert response.json["changed"] is True
    assert (read.json["version"], read.json["revision"], read.json["id"]) == (1, before + 1, "430203-made-up")
    assert client.get(f"{API}/services").json["total"] == 74
    assert check_catalogue(catalogue).broken is None


def test_service_that_is_created_may_bear_what_the_catalogue_would_set(client: FlaskClient, headers: Headers) -> None:
    known = {"id": "430203-made-up", "tags": document(client)["tags"], "schema": 1}
    assert put(client, NEW, new_service(client) | known, headers | CREATING).status_code == 201


@ON_SQLITE
@pytest.mark.parametrize(
    "claim",
    [
        {"id": "430203-other"},
        {"tags": ["zero-visit"]},
        {"version": 1},
        {"revision": 2},
        {"updated_at": "2026-11-24T08:00:00Z"},
    ],
)
def test_service_that_is_created_may_not_bear_anything_else_of_that(
    client: FlaskClient, headers: Headers, claim: dict[str, Any]
) -> None:
    body = assert_problem(put(client, NEW, new_service(client) | claim, headers | CREATING), 422, "invalid-body")
    assert pointers(body) == {f"/service/{name}" for name in claim}


def test_service_that_exists_is_not_created_again_even_if_retired(client: FlaskClient, headers: Headers) -> None:
    assert_problem(put(client, CARD, document(client), headers | CREATING), 412, "service-exists")
    client.delete(f"{CARD}?reason=x", headers=matching(client, headers))
    assert_problem(put(client, CARD, document(client), headers | CREATING), 412, "service-exists")


@ON_SQLITE
@pytest.mark.parametrize("path", [f"{API}/services/made-up", f"{API}/services/430203-Made", f"{API}/services/43-x"])
def test_address_that_cannot_be_an_id_is_404_to_create(client: FlaskClient, headers: Headers, path: str) -> None:
    assert_problem(put(client, path, new_service(client), headers | CREATING), 404, "unknown-service")


@ON_SQLITE
@pytest.mark.parametrize("member", [{"code": "other"}, {"division": "430204"}])
def test_service_whose_id_is_not_the_address_is_refused(
    client: FlaskClient, headers: Headers, member: dict[str, str]
) -> None:
    body = assert_problem(put(client, NEW, new_service(client, **member), headers | CREATING), 422, "invalid-body")
    assert "/service/code" in pointers(body)
    replaced = put(client, CARD, document(client) | member, matching(client, headers))
    assert "/service/code" in pointers(assert_problem(replaced, 422, "invalid-body"))


@ON_SQLITE
@pytest.mark.parametrize("given", ['"abc"', "abc", '*, "a"', ""])
def test_if_none_match_of_a_write_that_is_no_star_is_400(client: FlaskClient, headers: Headers, given: str) -> None:
    response = put(client, NEW, new_service(client), headers | {"If-None-Match": given})
    body = assert_problem(response, 400, "invalid-precondition")
    assert [fault["parameter"] for fault in body["errors"]] == ["If-None-Match"]


def test_write_that_would_both_create_and_replace_is_400(client: FlaskClient, headers: Headers) -> None:
    both = matching(client, headers) | CREATING
    assert_problem(put(client, CARD, document(client), both), 400, "invalid-precondition")


def test_what_get_gave_put_takes_and_makes_no_revision(client: FlaskClient, headers: Headers) -> None:
    before = revision(client)
    for path in (CARD, REPLACEMENT):
        response = put(client, path, document(client, path), matching(client, headers, path))
        assert (response.status_code, response.json["changed"]) == (200, False)
        assert response.json["service"] == document(client, path)
        assert response.headers["ETag"] == client.get(path).headers["ETag"]
    assert revision(client) == before


def test_replaced_service_has_the_next_version_under_a_new_etag(
    client: FlaskClient, catalogue: Catalogue, headers: Headers
) -> None:
    before = client.get(CARD)
    response = put(client, CARD, before.json | {"life_events": []}, matching(client, headers))
    assert response.status_code == 200
    assert response.json["service"] == document(client)
    assert response.json["service"]["version"] == before.json["version"] + 1
    assert response.json["service"]["revision"] == revision(client)
    assert response.headers["ETag"] == client.get(CARD).headers["ETag"] != before.headers["ETag"]
    assert client.get(f"{CARD}?revision={before.json['revision']}").data == before.data
    assert check_catalogue(catalogue).broken is None


@ON_SQLITE
@pytest.mark.parametrize(
    ("member", "other"),
    [
        ("id", "430203-other"),
        ("tags", ["zero-visit"]),
        ("schema", 2),
        ("version", 2),
        ("revision", 9),
        ("updated_at", "2027-01-01T00:00:00Z"),
    ],
)
def test_member_that_the_catalogue_sets_is_refused_by_place_with_another_value(
    client: FlaskClient, headers: Headers, member: str, other: object
) -> None:
    before = revision(client)
    replaced = put(client, CARD, document(client) | {member: other}, matching(client, headers))
    assert pointers(assert_problem(replaced, 422, "invalid-body")) == {f"/service/{member}"}
    patched = patch(client, headers, {member: other, "single_window": False})
    assert pointers(assert_problem(patched, 422, "invalid-body")) == {f"/changes/{member}"}
    assert revision(client) == before


def test_members_that_the_catalogue_sets_are_taken_with_their_values_in_a_patch(
    client: FlaskClient, headers: Headers
) -> None:
    response = patch(client, headers, document(client))
    assert (response.status_code, response.json["changed"]) == (200, False)


@ON_SQLITE
@pytest.mark.parametrize(("member", "other"), [("version", True), ("version", 1.0), ("schema", True)])
def test_member_that_the_catalogue_sets_is_refused_with_its_value_in_another_type(
    client: FlaskClient, headers: Headers, member: str, other: object
) -> None:
    body = assert_problem(patch(client, headers, {member: other}), 422, "invalid-body")
    assert pointers(body) == {f"/changes/{member}"}


@ON_SQLITE
@pytest.mark.parametrize(("member", "other"), [("division", "430204"), ("code", "other")])
def test_patch_never_changes_an_id(client: FlaskClient, headers: Headers, member: str, other: str) -> None:
    body = assert_problem(patch(client, headers, {member: other}), 422, "invalid-body")
    assert pointers(body) == {f"/changes/{member}"}
    assert patch(client, headers, {member: document(client)[member]}).status_code == 200


Write = tuple[str, str, Any]
WRITES: list[Write] = [
    ("PUT", CARD, {"service": {}, "reason": "x"}),
    ("PATCH", CARD, {"changes": {}, "reason": "x"}),
    ("DELETE", f"{CARD}?reason=x", None),
    ("PUT", f"{CARD}/tags", {"tags": ["one-visit"], "reason": "x"}),
    ("PUT", f"{CARD}/tags/one-visit", {"reason": "x"}),
    ("DELETE", f"{CARD}/tags/single-window?reason=x", None),
]


def filled(client: FlaskClient, write: Write) -> Write:
    """Return the write with the service's own document where it needs one."""
    method, path, body = write
    return method, path, body | {"service": document(client)} if body and "service" in body else body


@ON_SQLITE
@pytest.mark.parametrize(
    ("given", "refused"),
    [
        (None, (428, "precondition-required")),
        ("*", (400, "invalid-precondition")),
        ('W/"abc"', (400, "invalid-precondition")),
        ('"abc", "def"', (400, "invalid-precondition")),
        ("abc", (400, "invalid-precondition")),
        ('""', (400, "invalid-precondition")),
        ("", (400, "invalid-precondition")),
        (f'"{"x" * 101}"', (400, "invalid-precondition")),
        ('"abc"', (412, "stale-version")),
    ],
)
@pytest.mark.parametrize("write", WRITES)
def test_write_without_the_one_strong_tag_of_the_service_is_refused(
    client: FlaskClient, headers: Headers, write: Write, given: str | None, refused: tuple[int, str]
) -> None:
    method, path, body = filled(client, write)
    before = revision(client)
    named = headers | ({} if given is None else {"If-Match": given})
    problem = assert_problem(client.open(path, method=method, json=body, headers=named), *refused)
    if refused[0] != 412:
        assert [fault["parameter"] for fault in problem["errors"]] == ["If-Match"]
    assert revision(client) == before


@ON_SQLITE
@pytest.mark.parametrize("write", WRITES)
def test_write_to_a_service_that_is_not_there_is_404(client: FlaskClient, headers: Headers, write: Write) -> None:
    method, path, body = filled(client, write)
    for nobody in ("430203-nothing", "430204-card-application", "nothing", "4302-x"):
        elsewhere = path.replace("430203-card-application", nobody)
        response = client.open(elsewhere, method=method, json=body, headers=headers | {"If-Match": '"abc"'})
        assert_problem(response, 404, "unknown-service")


def test_tag_of_the_version_before_is_stale_and_says_where_the_service_stands(
    client: FlaskClient, headers: Headers
) -> None:
    old = matching(client, headers)
    assert patch(client, headers, {"single_window": False}).status_code == 200
    body = {"changes": {"single_window": False}, "reason": "x"}
    problem = assert_problem(client.patch(CARD, json=body, headers=old), 412, "stale-version")
    assert "version 2" in problem["detail"] and "第 2 版" in problem["detail_zh"]


FILLED = {
    "codes": {"basic": "1", "implementation": "2"},
    "fees": [{"amount": 100, "text": None}],
    "legal_basis": [{"title": "社会保险法", "document_number": None, "article": None}],
    "materials": [{"name": {"zh": "身份证", "en": None}, "required": True, "form": None}],
    "summary": {"zh": "补领社保卡。", "en": "Replace the card."},
    "provenance": {"note": {"zh": "核对", "en": "checked"}},
    "life_events": ["card"],
    "time_limits": {
        "statutory": {"days": 20, "unit": "working-day", "note": None},
        "promised": {"days": 5, "unit": "working-day", "note": None},
    },
}


@pytest.mark.parametrize(
    ("member", "empty"),
    [
        ("summary", {"zh": None, "en": None}),
        ("time_limits", {"statutory": None, "promised": None}),
        ("online_channels", []),
        ("legal_basis", []),
        ("materials", []),
        ("fees", []),
        ("life_events", []),
        ("codes", {}),
    ],
)
def test_null_in_a_patch_sets_a_member_back_to_unknown(
    client: FlaskClient, catalogue: Catalogue, headers: Headers, member: str, empty: object
) -> None:
    patch(client, headers, FILLED, REPLACEMENT)
    before = document(client, REPLACEMENT)
    assert before[member] != empty
    response = patch(client, headers, {member: None}, REPLACEMENT)
    assert response.status_code == 200, response.data
    after = document(client, REPLACEMENT)
    assert after[member] == empty
    assert {name for name in after if after[name] != before[name]} <= {member, "version", "revision", "updated_at"}
    assert check_catalogue(catalogue).broken is None


@ON_SQLITE
@pytest.mark.parametrize(
    ("changes", "member", "left"),
    [
        ({"provenance": {"note": None}}, ("provenance", "note"), None),
        ({"time_limits": {"promised": None}}, ("time_limits", "promised"), None),
        ({"time_limits": {"promised": {"unit": None}}}, ("time_limits", "promised", "unit"), None),
        ({"summary": {"en": None}}, ("summary", "en"), None),
        ({"codes": {"basic": None}}, ("codes",), {"implementation": "2"}),
        ({"codes": {"nothing": None, "basic": "3"}}, ("codes",), {"basic": "3", "implementation": "2"}),
    ],
)
def test_null_inside_a_member_resets_that_part_alone(
    client: FlaskClient, headers: Headers, changes: dict[str, Any], member: tuple[str, ...], left: object
) -> None:
    patch(client, headers, FILLED, REPLACEMENT)
    response = patch(client, headers, changes, REPLACEMENT)
    assert response.status_code == 200, response.data
    part: Any = document(client, REPLACEMENT)
    for step in member:
        part = part[step]
    assert part == left


@ON_SQLITE
@pytest.mark.parametrize(
    "member",
    ["division", "code", "domain", "visits", "single_window", "matter_type", "handling", "provenance", "status"],
)
def test_null_is_refused_by_place_where_nothing_is_unknown(client: FlaskClient, headers: Headers, member: str) -> None:
    body = assert_problem(patch(client, headers, {member: None}), 422, "invalid-body")
    assert pointers(body) == {f"/changes/{member}"}


@ON_SQLITE
@pytest.mark.parametrize(("member", "place"), [("name", "/changes/name/zh"), ("audiences", "/changes/audiences")])
def test_null_is_refused_where_a_rule_needs_the_member(
    client: FlaskClient, headers: Headers, member: str, place: str
) -> None:
    response = patch(client, headers, {member: None})
    assert response.status_code == 422
    assert place in pointers(response.json)


@ON_SQLITE
@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"extra": 1}, "/changes/extra"),
        ({"extra": None}, "/changes/extra"),
        ({"x" * 41: 1}, f"/changes/{'x' * 41}"),
        ({"x" * 1000: 1}, f"/changes/{'x' * 1000}"[:300]),
        ({"a/b~c": 1}, "/changes/a~1b~0c"),
        ({"name": {"fr": "carte"}}, "/changes/name/fr"),
        ({"name": "卡"}, "/changes/name"),
        ({"online_channels": [{"audience": "nobody"}]}, "/changes/online_channels/0/audience"),
        ({"visits": 2}, "/changes/visits"),
        ({"visits": False}, "/changes/visits"),
        ({"single_window": 1}, "/changes/single_window"),
        ({"life_events": [{}]}, "/changes/life_events/0"),
        ({"audiences": [[]]}, "/changes/audiences/0"),
        ({"codes": []}, "/changes/codes"),
        ({"codes": {"": "1"}}, "/changes/codes/"),
        ({"time_limits": 5}, "/changes/time_limits"),
    ],
)
def test_patch_that_leaves_no_service_is_422_by_place(
    client: FlaskClient, headers: Headers, changes: dict[str, Any], place: str
) -> None:
    before = client.get(CARD).data
    body = assert_problem(patch(client, headers, changes), 422, "invalid-body")
    assert place in pointers(body)
    assert client.get(CARD).data == before


@ON_SQLITE
@pytest.mark.parametrize("changes", [None, [], "x", 1])
def test_patch_that_is_no_object_is_422_in_both_languages(client: FlaskClient, headers: Headers, changes: Any) -> None:
    body = assert_problem(patch(client, headers, changes), 422, "invalid-body")
    (fault,) = body["errors"]
    assert fault["pointer"] == "/changes"
    assert (fault["detail"], fault["detail_zh"]) in (
        ("has the wrong type", "类型不正确"),
        ("may not be null", "不能为空值"),
    )


@ON_SQLITE
@pytest.mark.parametrize("reason", [None, "", " \n", "x" * 501, 1])
def test_write_without_a_reason_is_422(client: FlaskClient, headers: Headers, reason: Any) -> None:
    response = client.patch(
        CARD, json={"changes": {}} | ({} if reason is None else {"reason": reason}), headers=matching(client, headers)
    )
    assert pointers(assert_problem(response, 422, "invalid-body")) == {"/reason"}
    query = {} if reason is None else {"reason": reason}
    if reason != 1:
        deleted = client.delete(CARD, query_string=query, headers=matching(client, headers))
        assert_problem(deleted, 422, "invalid-parameters")


def test_rules_that_a_write_would_break_are_all_named_by_place(client: FlaskClient, headers: Headers) -> None:
    broken = {"visits": 0, "online_channels": [], "fees": [{"amount": None, "text": None}]}
    body = assert_problem(patch(client, headers, broken), 422, "rules-broken")
    assert {(fault["rule"], fault["pointer"]) for fault in body["errors"]} == {
        ("R2", "/changes/online_channels"),
        ("R6", "/changes/fees/0"),
    }
    replaced = put(client, CARD, document(client) | {"audiences": []}, matching(client, headers))
    assert pointers(assert_problem(replaced, 422, "rules-broken")) >= {"/service/audiences"}


def test_warnings_come_back_with_the_answer(client: FlaskClient, headers: Headers) -> None:
    response = patch(client, headers, {"summary": None, "legal_basis": None})
    found = {(warning["rule"], warning["pointer"]) for warning in response.json["warnings"]}
    assert {("W1", "/legal_basis"), ("W2", "/summary")} <= found
    assert all(warning["detail"] and warning["detail_zh"] for warning in response.json["warnings"])


def test_service_that_is_retired_stays_readable_and_leaves_the_default_list(
    client: FlaskClient, catalogue: Catalogue, headers: Headers
) -> None:
    before = client.get(CARD)
    response = client.delete(f"{CARD}?reason=停办", headers=matching(client, headers))
    assert response.status_code == 200
    assert response.json["service"] == document(client)
    assert document(client)["status"] == "retired"
    assert client.get(f"{CARD}?revision=1").data == before.data
    ids = {item["id"] for item in client.get(f"{API}/services").json["items"]}
    assert "430203-card-application" not in ids and len(ids) == 72
    retired = client.get(f"{API}/services?status=retired").json
    assert [item["id"] for item in retired["items"]] == ["430203-card-application"]
    assert client.get(f"{API}/services?status=any").json["total"] == 73
    assert client.get(f"{API}/indicators").json["total"] == 72
    (change,) = client.get(f"{API}/changes?since=1").json["items"]
    assert change["id"] == "430203-card-application" and "online_channels" not in change and change["removed"] is True
    assert check_catalogue(catalogue).broken is None


def test_service_that_is_retired_again_stays_as_it_is(client: FlaskClient, headers: Headers) -> None:
    client.delete(f"{CARD}?reason=x", headers=matching(client, headers))
    before = revision(client)
    response = client.delete(f"{CARD}?reason=x", headers=matching(client, headers))
    assert (response.status_code, response.json["changed"], revision(client)) == (200, False, before)


def test_service_that_is_brought_back_is_a_new_version_in_the_list(
    client: FlaskClient, catalogue: Catalogue, headers: Headers
) -> None:
    client.delete(f"{CARD}?reason=x", headers=matching(client, headers))
    response = patch(client, headers, {"status": "active"})
    assert (response.json["service"]["version"], response.json["service"]["status"]) == (3, "active")
    assert client.get(f"{API}/services").json["total"] == 73
    (change,) = client.get(f"{API}/changes?since=1").json["items"]
    assert change == document(client)
    ops = [item["op"] for item in client.get(f"{CARD}/history").json["items"]]
    assert ops == ["restored", "retired", "created"]
    assert check_catalogue(catalogue).broken is None


def test_retired_service_can_still_be_edited_and_stays_retired(client: FlaskClient, headers: Headers) -> None:
    client.delete(f"{CARD}?reason=x", headers=matching(client, headers))
    assert patch(client, headers, {"single_window": False}).json["service"]["status"] == "retired"
    assert client.get(f"{API}/services").json["total"] == 72


def test_history_names_the_token_that_wrote_and_its_reason(client: FlaskClient, headers: Headers) -> None:
    patch(client, headers, {"single_window": False}, reason="窗口调整")
    latest = client.get(f"{CARD}/history").json["items"][0]
    assert latest["actor"].startswith("token-")
    assert (latest["reason"], latest["changed"]) == ("窗口调整", ["single_window"])


def test_actor_or_dry_run_in_a_body_is_unknown(client: FlaskClient, headers: Headers) -> None:
    body = {"changes": {}, "reason": "x", "actor": "somebody", "dry_run": True}
    response = client.patch(CARD, json=body, headers=matching(client, headers))
    assert pointers(assert_problem(response, 422, "invalid-body")) == {"/actor", "/dry_run"}

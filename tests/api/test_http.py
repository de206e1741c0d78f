"""HTTP done right: tags, conditions, methods, foreign readers, strictness, and one shape for every error."""

import json
import re
from itertools import product
from string import ascii_lowercase, digits
from typing import Any

import pytest
from flask.testing import FlaskClient

from service_catalog.actions.catalogue import Catalogue
from service_catalog.logs import JsonLines
from tests.actions.test_writing import content, write
from tests.api.probe import application

READS = [
    "/api/v1",
    "/api/v1/services",
    "/api/v1/services?online_for=individual&limit=5",
    "/api/v1/services/430203-card-application",
    "/api/v1/services/430203-card-application?revision=1",
    "/api/v1/services/430203-card-application/history",
    "/api/v1/changes?since=0",
    "/api/v1/log/checkpoint",
    "/api/v1/log/entries?from=0&limit=5",
    "/api/v1/export",
    "/api/v1/export?revision=1&format=csv",
    "/api/v1/facets",
    "/api/v1/indicators",
    "/api/v1/vocabularies",
    "/api/v1/suggestions?q=sb",
    "/api/v1/openapi.json",
]
PROBLEM = {"type", "title", "title_zh", "status", "detail", "detail_zh", "code", "errors"}


def assert_problem(response: Any, status: int, code: str) -> dict[str, Any]:
    assert response.status_code == status, response.data
    assert response.content_type == "application/problem+json"
    body: dict[str, Any] = response.get_json()
    assert set(body) == PROBLEM
    assert (body["code"], body["status"]) == (code, status)
    assert not re.search(rb"Traceback|SELECT|sqlite|psycopg|site-packages", response.data)
    return body


@pytest.mark.parametrize("path", READS)
def test_read_with_the_tag_it_gave_is_304_with_the_same_headers(client: FlaskClient, path: str) -> None:
    first = client.get(path)
    tag = first.headers["ETag"]
    assert re.fullmatch(r'"[0-9a-f]{64}"', tag)
    for given in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = client.get(path, headers={"If-None-Match": given})
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["ETag"] == tag
        assert again.headers["Cache-Control"] == first.headers["Cache-Control"]
        assert again.headers["Access-Control-Allow-Origin"] == "*"
    assert client.get(path, headers={"If-None-Match": '"0"'}).data == first.data


@pytest.mark.parametrize("given", ["*", '"other"'])
def test_read_with_if_match_is_answered_as_without(client: FlaskClient, given: str) -> None:
    first = client.get("/api/v1/services")
    again = client.get("/api/v1/services", headers={"If-Match": given})
    assert (again.status_code, again.data) == (200, first.data)
    known = client.get("/api/v1/services", headers={"If-Match": given, "If-None-Match": first.headers["ETag"]})
    assert (known.status_code, known.data) == (304, b"")


def test_parameters_without_end_are_answered_within_the_documented_bounds(client: FlaskClient) -> None:
    body = assert_problem(client.get(f"/api/v1/services?{'x' * 4000}=1"), 422, "invalid-parameters")
    assert [fault["parameter"] for fault in body["errors"]] == ["x" * 100]
    names = "&".join("".join(pair) for pair in product(ascii_lowercase + digits, repeat=2))
    assert len(assert_problem(client.get(f"/api/v1/services?{names}"), 422, "invalid-parameters")["errors"]) == 1000


def test_tag_of_a_list_moves_with_any_change(client: FlaskClient, catalogue: Catalogue) -> None:
    before = client.get("/api/v1/services").headers["ETag"]
    write(catalogue, content(catalogue, single_window=False))
    assert client.get("/api/v1/services", headers={"If-None-Match": before}).status_code == 200


@pytest.mark.parametrize("path", [*READS, "/healthz", "/readyz"])
def test_head_answers_as_get_without_a_body(client: FlaskClient, path: str) -> None:
    get, head = client.get(path), client.head(path)
    assert (head.status_code, head.data) == (200, b"")
    for name in ("ETag", "Content-Length", "Content-Type", "Cache-Control", "Link"):
        assert head.headers.get(name) == get.headers.get(name)


@pytest.mark.parametrize("path", READS)
def test_options_tells_what_may_be_asked_and_lets_foreign_pages_read(client: FlaskClient, path: str) -> None:
    response = client.options(path, headers={"Origin": "https://a.example", "Access-Control-Request-Method": "GET"})
    assert response.status_code == 200
    writing = {"PUT", "PATCH", "DELETE"} if "card-application" in path and "history" not in path else set()
    assert {"GET", "HEAD", "OPTIONS"} | writing == set(response.headers["Allow"].split(", "))
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.headers["Access-Control-Allow-Methods"] == "GET, HEAD"
    assert response.headers["Access-Control-Allow-Headers"] == "If-None-Match, X-Request-ID"
    assert response.headers["Access-Control-Max-Age"] == "86400"


def test_foreign_pages_may_read_answers_and_errors_and_their_headers(client: FlaskClient) -> None:
    for path in ("/api/v1/services", "/api/v1/services?nonsense=1", "/api/v1/nothing"):
        response = client.get(path, headers={"Origin": "https://a.example"})
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        exposed = set(response.headers["Access-Control-Expose-Headers"].split(", "))
        assert exposed == {"ETag", "Link", "X-Request-ID", "Retry-After"}


def test_calls_with_credentials_or_that_write_are_not_for_foreign_pages(client: FlaskClient) -> None:
    signed = client.get("/api/v1/services", headers={"Authorization": "Bearer x"})
    preflight = client.options("/api/v1/services", headers={"Access-Control-Request-Method": "PUT"})
    posted = client.post("/api/v1/services")
    for response in (signed, preflight, posted):
        assert "Access-Control-Allow-Origin" not in response.headers


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE"])
@pytest.mark.parametrize("path", ["/api/v1/services", "/api/v1/services/430203-card-application/history", "/healthz"])
def test_method_that_is_not_taken_is_405_and_says_which_are(client: FlaskClient, method: str, path: str) -> None:
    response = client.open(path, method=method)
    assert_problem(response, 405, "method-not-allowed")
    assert {"GET", "HEAD", "OPTIONS"} == set(response.headers["Allow"].split(", "))


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("taggs=zero-visit", "taggs"),
        ("page=1", "page"),
        ("limit=1&limit=2", "limit"),
        ("domain=employment&domain=employment", "domain"),
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
        ("limit=-1", "limit"),
        ("limit=1.0", "limit"),
        ("limit=1_0", "limit"),
        ("limit=%EF%BC%91%EF%BC%92", "limit"),
        ("limit=99999999999999999999", "limit"),
        ("limit=", "limit"),
        ("limit=%201", "limit"),
        ("online=yes", "online"),
        ("online=1", "online"),
        ("online=True", "online"),
        ("tag=zero", "tag"),
        ("tag=zero-visit&tag=nonsense", "tag"),
        ("online_for=", "online_for"),
        ("division=4", "division"),
        ("division=430203%0A", "division"),
        ("division=%00", "division"),
        ("division=%EF%BC%94%EF%BC%93", "division"),
        ("division=%ff%fe", "division"),
        ("sort=name", "sort"),
        ("sort=__class__", "sort"),
        ("cursor=!!", "cursor"),
        ("max_visits=2", "max_visits"),
        ("min_depth=deep", "min_depth"),
        ("status=gone", "status"),
        ("q=%00", "q"),
    ],
)
def test_parameter_that_is_wrong_is_422_and_named(client: FlaskClient, query: str, parameter: str) -> None:
    body = assert_problem(client.get(f"/api/v1/services?{query}"), 422, "invalid-parameters")
    assert {fault["parameter"] for fault in body["errors"]} == {parameter}
    assert all(fault["detail"] and re.search(r"[\u4e00-\u9fff]", fault["detail_zh"]) for fault in body["errors"])


def test_several_wrong_parameters_are_all_named(client: FlaskClient) -> None:
    body = assert_problem(client.get("/api/v1/services?limit=x&online=x&foo=1"), 422, "invalid-parameters")
    assert {fault["parameter"] for fault in body["errors"]} == {"limit", "online", "foo"}


@pytest.mark.parametrize("path", [*READS, "/healthz", "/readyz"])
def test_parameter_that_is_unknown_is_refused_everywhere(client: FlaskClient, path: str) -> None:
    joined = "&" if "?" in path else "?"
    assert_problem(client.get(f"{path}{joined}unknown=1"), 422, "invalid-parameters")


def test_query_that_is_endless_is_refused(client: FlaskClient) -> None:
    assert client.get("/api/v1/services?" + "&" * 4096).status_code == 200
    body = assert_problem(client.get("/api/v1/services?" + "&" * 4097), 422, "invalid-parameters")
    assert (body["detail_zh"], body["detail"]) == (
        "查询字符串最多 4096 字节",
        "a query string has at most 4096 bytes",
    )


@pytest.mark.parametrize("path", READS)
def test_tag_list_that_is_endless_is_400_and_says_which_header_and_how_long(client: FlaskClient, path: str) -> None:
    assert client.get(path, headers={"If-None-Match": "x" * 2000}).status_code == 200
    body = assert_problem(client.get(path, headers={"If-None-Match": "x" * 2001}), 400, "invalid-precondition")
    assert [fault["parameter"] for fault in body["errors"]] == ["If-None-Match"]
    for words in (body["detail"], body["detail_zh"]):
        assert "If-None-Match" in words and "2000" in words


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/docs", "/api/v1/services?nonsense=1"])
def test_tag_list_that_is_endless_is_ignored_where_no_tag_is_compared(client: FlaskClient, path: str) -> None:
    asked = client.get(path, headers={"If-None-Match": "x" * 2001})
    assert asked.status_code == client.get(path).status_code


@pytest.mark.parametrize("path", ["/api/v1/services", "/healthz"])
def test_body_that_is_too_large_is_413_and_ends_the_connection(client: FlaskClient, path: str) -> None:
    response = client.open(path, method="GET", data=b"x" * (16 * 1024 * 1024 + 1))
    assert_problem(response, 413, "body-too-large")
    assert response.headers["Connection"] == "close"
    assert client.open(path, method="GET", data=b"x" * (16 * 1024 * 1024)).status_code == 200


@pytest.fixture
def probe() -> FlaskClient:
    """Return a client of the tests' own calls: no public call of the contract takes a body yet."""
    return application().test_client()


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "application/merge-patch+json",
        "application/json; charset=gbk",
    ],
)
def test_body_of_another_type_is_415(probe: FlaskClient, content_type: str | None) -> None:
    assert_problem(
        probe.post("/probe", data=b'{"text": "a"}', content_type=content_type), 415, "unsupported-media-type"
    )


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff",
        b'{"text": "a", "text": "b"}',
        b'{"text": "\\ud800"}',
        b'{"text": "\\u0000"}',
        b'{"number": NaN}',
        b'{"text": "a", "number": 20000000000000000000}',
        b"[" * 100_000,
        b'{"number": ' + b"9" * 5000 + b"}",
    ],
)
def test_body_that_is_not_strict_json_is_400(probe: FlaskClient, body: bytes) -> None:
    assert_problem(probe.post("/probe", data=body, content_type="application/json"), 400, "malformed-body")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/text"),
        ([], ""),
        ({"text": "a", "extra": 1}, "/extra"),
        ({"text": 1}, "/text"),
        ({"text": ""}, "/text"),
        ({"text": "a" * 11}, "/text"),
        ({"text": None}, "/text"),
        ({"text": "a", "number": "1"}, "/number"),
        ({"text": "a", "number": 1.0}, "/number"),
        ({"text": "a", "number": True}, "/number"),
        ({"text": "a", "number": 10**15}, "/number"),
        ({"text": "a", "flag": "yes"}, "/flag"),
        ({"text": "a", "flag": 1}, "/flag"),
    ],
)
def test_body_that_does_not_fit_is_422_with_the_pointer(probe: FlaskClient, body: Any, pointer: str) -> None:
    answered = assert_problem(probe.post("/probe", json=body), 422, "invalid-body")
    assert [fault["pointer"] for fault in answered["errors"]] == [pointer]


def test_view_that_breaks_is_500_and_only_the_log_tells_of_the_inside(
    probe: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    response = probe.get("/probe/broken?name=personal", headers={"X-Request-ID": "abc-1"})
    body = assert_problem(response, 500, "internal-error")
    assert "secret" not in json.dumps(body)
    assert response.headers["X-Request-ID"] == "abc-1"
    (line,) = [json.loads(JsonLines().format(record)) for record in caplog.records if record.exc_info]
    assert (line["level"], line["method"], line["route"], line["request_id"]) == (
        "error",
        "GET",
        "/probe/broken",
        "abc-1",
    )
    assert "Traceback" in line["traceback"] and "RuntimeError: SELECT secret FROM service" in line["traceback"]
    assert "personal" not in json.dumps(line)


def test_every_answer_carries_security_headers_and_a_request_id(client: FlaskClient) -> None:
    for path in ("/api/v1/services", "/api/v1/nothing", "/docs", "/healthz"):
        headers = client.get(path).headers
        policy = headers["Content-Security-Policy"].split("; ")
        assert {"default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'"} <= set(policy)
        assert ("script-src 'self'" in policy) is (path == "/docs")
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Frame-Options"] == "DENY"
        assert re.fullmatch(r"[0-9a-f]{32}", headers["X-Request-ID"])


@pytest.mark.parametrize(("given", "kept"), [("a-B_1.2", True), ("x" * 65, False), ("a b", False), ("ä", False)])
def test_request_id_that_is_harmless_is_kept(client: FlaskClient, given: str, kept: bool) -> None:
    answered = client.get("/healthz", headers={"X-Request-ID": given}).headers["X-Request-ID"]
    assert (answered == given) is kept

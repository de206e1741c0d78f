"""Importing a file over HTTP."""

import io
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service_catalog.actions.auditing import check_catalogue
from service_catalog.actions.catalogue import Catalogue
from service_catalog.documents.tabular.export_rows import EXPORT_HEADER, csv_line, row_of
from service_catalog.documents.tabular.formats import ImportFormat
from service_catalog.domain.access import Role
from tests.api.test_http import assert_problem
from tests.api.writes import API, Headers, document, revision
from tests.documents.tabular.files import CSV, JSON, JSONL, XLSX, csv_file, exported, file_of, table
from tests.domain.samples import content
from tests.tokens import signed

IMPORTS = f"{API}/imports"
on_sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def headers(catalogue: Catalogue) -> Headers:
    """Return an administrator's headers."""
    return signed(catalogue)


def post(client: FlaskClient, headers: Headers, file: bytes, media_type: str, **query: str) -> TestResponse:
    parameters = {"reason": "核对", **query}
    return client.post(IMPORTS, data=file, query_string=parameters, headers=headers, content_type=media_type)


def post_csv(client: FlaskClient, headers: Headers, rows: list[list[Any]], **query: str) -> TestResponse:
    return post(client, headers, csv_file(rows).read(), CSV.media_type, **query)


@pytest.mark.parametrize("file_format", [JSON, JSONL, CSV, XLSX])
def test_service_as_the_catalogue_gives_it_changes_nothing_when_it_is_sent_back(
    client: FlaskClient, headers: Headers, file_format: ImportFormat
) -> None:
    before = revision(client)
    response = post(client, headers, file_of(file_format, [document(client)]).read(), file_format.media_type)
    assert response.status_code == 200, response.json
    assert response.json["counts"]["unchanged"] == 1
    assert (response.json["revision"], revision(client)) == (before, before)
    assert response.headers["Cache-Control"] == "no-store"


def test_row_that_was_edited_changes_its_service_for_everybody(client: FlaskClient, headers: Headers) -> None:
    response = post_csv(client, headers, exported([document(client) | {"single_window": False}]))
    assert response.status_code == 200, response.json
    assert response.json["revision"] == document(client)["revision"] == revision(client)
    assert response.json["effects"][0]["tags"] == {"before": ["one-visit", "single-window"], "after": ["one-visit"]}
    assert document(client)["tags"] == ["one-visit"]


def test_dry_run_answers_as_the_import_and_leaves_nothing(client: FlaskClient, headers: Headers) -> None:
    rows, before = exported([content(code="made")]), revision(client)
    tried = post_csv(client, headers, rows, dry_run="true").json
    assert revision(client) == before
    assert client.get(f"{API}/services/430203-made").status_code == 404
    done = post_csv(client, headers, rows).json
    assert {**tried, "dry_run": False, "revision": before + 1} == done


def test_faults_come_by_row_and_column_in_both_languages(
    client: FlaskClient, headers: Headers, catalogue: Catalogue
) -> None:
    rows = table({"visits": "3", "time_limits.promised.days": "soon", "code": "made"})
    body = assert_problem(post_csv(client, headers, rows), 422, "invalid-body")
    assert [(fault["row"], fault["column"]) for fault in body["errors"]] == [
        (2, "time_limits.promised.days"),
        (2, "visits"),
    ]
    for fault in body["errors"]:
        assert fault["detail"].startswith("row 2, column ") and fault["detail_zh"].startswith("第 2 行")
    assert check_catalogue(catalogue).services == 73


def test_row_for_another_version_is_412_by_row_and_column(client: FlaskClient, headers: Headers) -> None:
    rows = exported([document(client) | {"version": 7, "single_window": False}])
    body = assert_problem(post_csv(client, headers, rows), 412, "stale-version")
    assert [(fault["row"], fault["column"]) for fault in body["errors"]] == [(2, "version")]
    assert document(client)["version"] == 1


def test_rule_that_a_row_breaks_is_named(client: FlaskClient, headers: Headers) -> None:
    file = file_of(JSON, [content(code="made", online_channels=[])]).read()
    body = assert_problem(post(client, headers, file, JSON.media_type), 422, "rules-broken")
    assert {fault["rule"] for fault in body["errors"]} == {"R2"}


@on_sqlite
@pytest.mark.parametrize("media_type", ["application/zip", "text/plain", "", "multipart/form-data; boundary=x"])
def test_file_of_another_media_type_is_415(client: FlaskClient, headers: Headers, media_type: str) -> None:
    assert_problem(post(client, headers, b"[]", media_type), 415, "unsupported-media-type")


@on_sqlite
@pytest.mark.parametrize("file_format", [JSON, JSONL, CSV, XLSX])
def test_empty_body_is_refused_by_name(client: FlaskClient, headers: Headers, file_format: ImportFormat) -> None:
    assert_problem(post(client, headers, b"", file_format.media_type), 422, "unreadable-file")


@on_sqlite
@pytest.mark.parametrize(
    ("query", "parameter"), [({"reason": " "}, "reason"), ({"dry_run": "yes"}, "dry_run"), ({"mode": "x"}, "mode")]
)
def test_parameter_that_does_not_fit_is_refused_by_name(
    client: FlaskClient, headers: Headers, query: dict[str, str], parameter: str
) -> None:
    body = assert_problem(post(client, headers, b"[]", JSON.media_type, **query), 422, "invalid-parameters")
    assert [fault["parameter"] for fault in body["errors"]] == [parameter]


def test_import_under_one_key_is_done_once_and_answered_twice(client: FlaskClient, headers: Headers) -> None:
    keyed, rows = headers | {"Idempotency-Key": "lost"}, exported([content(code="made")])
    first = post_csv(client, keyed, rows)
    again = post_csv(client, keyed, rows)
    assert (first.status_code, again.data) == (200, first.data)
    assert revision(client) == first.json["revision"]
    other = post_csv(client, keyed, exported([content(code="other")]))
    assert_problem(other, 422, "idempotency-key-reused")


def test_token_bound_to_a_division_imports_there_alone(client: FlaskClient, catalogue: Catalogue) -> None:
    bound, before = signed(catalogue, division="430203"), check_catalogue(catalogue)
    inside, outside = content(code="made"), content(code="made", division="430204")
    body = assert_problem(post_csv(client, bound, exported([inside, outside])), 403, "not-permitted")
    assert "430204" in body["detail"]
    assert check_catalogue(catalogue).services == before.services
    assert post_csv(client, bound, exported([inside])).status_code == 200


@on_sqlite
def test_auditor_and_stranger_may_not_import(client: FlaskClient, catalogue: Catalogue) -> None:
    rows = exported([content(code="made")])
    assert_problem(post_csv(client, signed(catalogue, Role.AUDITOR), rows), 403, "not-permitted")
    assert_problem(post_csv(client, {}, rows), 401, "not-signed-in")


def short_rows(count: int) -> bytes:
    """Return services that say little, so that many fit into one request."""
    silent = {"zh": "甲", "en": None}
    limits = {"statutory": None, "promised": None}
    little = {"name": silent, "summary": silent, "visits": 1, "time_limits": limits}
    empty: dict[str, Any] = {name: [] for name in ("online_channels", "legal_basis", "materials", "life_events")}
    line = csv_line(row_of(content(**little, **empty, code="made-0")))
    return "".join([csv_line(EXPORT_HEADER), *(line.replace("made-0", f"made-{n}") for n in range(count))]).encode()


@on_sqlite
def test_20000_rows_are_imported_and_20001_are_413_with_the_command_to_use(
    client: FlaskClient, headers: Headers, catalogue: Catalogue
) -> None:
    refused = post(client, headers, short_rows(20_001), CSV.media_type, dry_run="true")
    body = assert_problem(refused, 413, "too-many-rows")
    assert "service-catalog import" in body["detail"] and "service-catalog import" in body["detail_zh"]
    taken = post(client, headers, short_rows(20_000), CSV.media_type)
    assert taken.status_code == 200, taken.json
    assert (taken.json["counts"]["created"], len(taken.json["effects"])) == (20_000, 1000)
    assert check_catalogue(catalogue).broken is None


@on_sqlite
def test_body_over_16_mib_is_413(client: FlaskClient, headers: Headers) -> None:
    response = client.post(
        f"{IMPORTS}?reason=x",
        input_stream=io.BytesIO(b" " * (16 * 2**20 + 1)),
        content_length=16 * 2**20 + 1,
        headers=headers,
        content_type=CSV.media_type,
    )
    assert_problem(response, 413, "body-too-large")

"""Exports over HTTP: what a browser or a cache must know, and where they end."""

import base64
import hashlib
import io
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from service_catalog.actions.catalogue import Catalogue
from service_catalog.actions.export_folder import ExportFolder
from service_catalog.app import create_app
from service_catalog.documents.examples.errors import EXAMPLES
from service_catalog.documents.export import read_export
from service_catalog.domain.errors import ExportsUnavailable
from tests.actions.test_writing import content, write
from tests.api.test_http import assert_problem

EXPORT = "/api/v1/export"
on_sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.mark.parametrize(
    ("written_as", "content_type"),
    [
        ("json", "application/json"),
        ("jsonl", "application/jsonl"),
        ("csv", "text/csv; charset=utf-8"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("jsonld", "application/ld+json"),
    ],
)
def test_export_of_a_named_revision_is_a_file_that_never_changes(
    client: FlaskClient, written_as: str, content_type: str
) -> None:
    answer = client.get(f"{EXPORT}?revision=1&division=430203&format={written_as}")
    digest = hashlib.sha256(answer.data)
    assert (answer.status_code, answer.content_type) == (200, content_type)
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["ETag"] == f'"{digest.hexdigest()}"'
    assert answer.headers["Content-Digest"] == f"sha-256=:{base64.b64encode(digest.digest()).decode()}:"
    assert answer.headers["Content-Disposition"] == (f'attachment; filename="service-catalog-430203-r1.{written_as}"')
    assert "Content-Location" not in answer.headers


@pytest.mark.parametrize(
    "asked", ["", "?at=2026-11-24T16:00:00%2B08:00", "?format=jsonl", "?division=430204&format=csv"]
)
def test_export_without_a_number_names_the_address_where_its_bytes_stay(
    client: FlaskClient, catalogue: Catalogue, asked: str
) -> None:
    answer = client.get(EXPORT + asked)
    assert answer.headers["Cache-Control"] == "public, no-cache"
    lasting = answer.headers["Content-Location"]
    write(catalogue, content(catalogue, status="retired"))
    assert client.get(lasting).data == answer.data
    assert "immutable" in client.get(lasting).headers["Cache-Control"]
    assert "revision=1" in lasting


def test_export_by_default_is_todays_as_json(client: FlaskClient, catalogue: Catalogue) -> None:
    write(catalogue, content(catalogue, status="retired"))
    answer = client.get(EXPORT)
    assert answer.get_json()["header"]["revision"] == 2
    assert len(list(read_export(io.BytesIO(answer.data)))) == 75
    assert answer.headers["Content-Disposition"] == 'attachment; filename="service-catalog-r2.json"'


@on_sqlite
def test_head_of_an_export_says_what_get_would(client: FlaskClient) -> None:
    got, head = client.get(EXPORT), client.head(EXPORT)
    assert head.data == b""
    for name in ("ETag", "Content-Digest", "Content-Length", "Content-Type", "Content-Location", "Cache-Control"):
        assert head.headers[name] == got.headers[name]


@on_sqlite
def test_export_that_the_reader_has_is_304_without_a_digest_of_nothing(client: FlaskClient) -> None:
    tag = client.get(EXPORT).headers["ETag"]
    again = client.get(EXPORT, headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    assert "Content-Digest" not in again.headers
    assert "revision=1" in again.headers["Content-Location"]


@pytest.mark.parametrize(
    ("asked", "parameters"),
    [
        ("revision=1&at=2026-11-24T08:00:00Z", ["at"]),
        ("revision=0", ["revision"]),
        ("at=2026-11-24", ["at"]),
        ("at=2026-11-24T08:00:00", ["at"]),
        ("at=2026-02-30T08:00:00Z", ["at"]),
        ("at=0000-01-01T00:00:00Z", ["at"]),
        ("at=0001-01-01T00:00:00%2B08:00", ["at"]),
        ("at=2026-11-24T16:00:00+08:00", ["at"]),
        ("division=4302031", ["division"]),
        ("format=xml", ["format"]),
        ("status=active", ["status"]),
    ],
)
@on_sqlite
def test_export_asked_for_wrongly_is_422_and_names_the_parameter(
    client: FlaskClient, asked: str, parameters: list[str]
) -> None:
    body = assert_problem(client.get(f"{EXPORT}?{asked}"), 422, "invalid-parameters")
    assert [fault["parameter"] for fault in body["errors"]] == parameters


@pytest.mark.parametrize("asked", ["revision=2", "revision=2147483647", "at=2026-11-24T07:59:59.999Z"])
def test_export_of_a_revision_that_does_not_exist_is_404(client: FlaskClient, asked: str) -> None:
    body = assert_problem(client.get(f"{EXPORT}?{asked}"), 404, "unknown-revision")
    assert "1" in body["detail"] and "1" in body["detail_zh"]


@on_sqlite
def test_export_over_the_bound_where_no_files_are_served_is_refused_and_its_divisions_are_not(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    nowhere = ExportFolder(tmp_path / "exports", None, most_kept=2**30, at_once=100_000, writer=("false",))
    client = create_app(catalogue, exports=nowhere).test_client()
    answer = client.get(EXPORT)
    body = assert_problem(answer, 503, "exports-unavailable")
    assert "this server hands out no files" in body["detail"]
    assert int(answer.headers["Retry-After"]) > 0
    assert client.get(f"{EXPORT}?division=430204").status_code == 200
    assert client.get(f"{EXPORT}?revision=9").status_code == 404
    assert not (tmp_path / "exports").exists()


@on_sqlite
def test_export_whose_writer_cannot_be_started_is_refused(catalogue: Catalogue, tmp_path: Path) -> None:
    folder = ExportFolder(tmp_path, "/exports", most_kept=2**30, at_once=100_000, writer=(str(tmp_path / "none"),))
    body = assert_problem(create_app(catalogue, exports=folder).test_client().get(EXPORT), 503, "exports-unavailable")
    assert (body["detail"], body["detail_zh"]) == (
        EXAMPLES[ExportsUnavailable].detail.en,
        EXAMPLES[ExportsUnavailable].detail.zh,
    )

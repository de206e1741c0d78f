"""The contract: its examples are real, each call gives what it says, and the live server keeps it under fuzzing."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import schemathesis
import yaml
from flask.testing import FlaskClient
from hypothesis import settings
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig
from sqlalchemy import make_url

from service_catalog.actions.catalogue import Catalogue
from service_catalog.app import create_app
from service_catalog.documents.examples import example, example_text
from tests.api.probe import application
from tests.conftest import open_database
from tests.examples import QUESTIONS, SIGNED, SIGNED_QUESTIONS, answer, told, write_signed
from tests.serving import Server, run

ROOT = Path(__file__).parent.parent.parent
CONTRACT: dict[str, Any] = yaml.safe_load((ROOT / "openapi.yaml").read_text(encoding="utf-8"))
ALL_READS: dict[str, dict[str, Any]] = {path: item["get"] for path, item in CONTRACT["paths"].items() if "get" in item}
READS = {path: operation for path, operation in ALL_READS.items() if not operation["security"]}
"""The public ones."""
SIGNED_READS = {path: operation for path, operation in ALL_READS.items() if operation["security"]}


def shown(described: dict[str, Any]) -> Any:
    """Return a parameter's example as it stands in an address."""
    value = described["example"] if "example" in described else described["schema"]["example"]
    return json.dumps(value) if isinstance(value, bool) else value


def parameters(path: str) -> list[dict[str, Any]]:
    """Return the parameters of a read call."""
    return [*CONTRACT["paths"][path].get("parameters", ()), *ALL_READS[path].get("parameters", ())]


def required(path: str) -> dict[str, Any]:
    """Return the examples of the query parameters that a read call cannot do without."""
    if path.endswith("/log/proof"):
        return {"index": 66}  # either this or a service
    return {p["name"]: shown(p) for p in parameters(path) if p["in"] == "query" and p["required"]}


def asked(path: str, service_id: str = "430203-card-application") -> str:
    """Return the address of a read call."""
    return path.replace("{service_id}", service_id).replace("{number}", "3")


def problems() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield each read call with each code that it may answer and the problem shown for that."""
    for path, operation in READS.items():
        for response in operation["responses"].values():
            described = response.get("content", {}).get("application/problem+json", {})
            for code, problem in described.get("examples", {}).items():
                if (path, code) not in OF_AN_EMPTY_LOG:
                    yield path, code, problem["value"]


OF_AN_EMPTY_LOG = {
    ("/api/v1/log/proof", "unknown-revision"),
    ("/api/v1/log/consistency", "unknown-revision"),
}
"""What only a catalogue without any revision answers; tests of the proofs ask it."""

PROBLEMS = list(problems())
WAYS: dict[str, dict[str, Any]] = {
    "invalid-parameters": {"query_string": {"page": "2"}},
    "unknown-revision": {"query_string": {"revision": "2"}},
    "invalid-cursor": {"query_string": {"cursor": "x"}},
    "unknown-service": {},
    "invalid-precondition": {"headers": {"If-None-Match": "x" * 2001}},
    "body-too-large": {"environ_overrides": {"CONTENT_LENGTH": str(2**24 + 1)}},
}
"""What brings a call to answer with a code; 430203-nothing for an unknown service."""

ELSEWHERE = {"internal-error", "export-too-large", "exports-unavailable", "busy", "database-unavailable", "not-ready"}
"""Codes that no question brings about, each with a test of its own."""


def test_code_that_a_read_call_documents_is_tested() -> None:
    assert {code for _, code, _ in PROBLEMS} == {*WAYS, *ELSEWHERE}


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("path", "code", "problem"), [case for case in PROBLEMS if case[1] in WAYS])
def test_problem_shown_for_a_call_is_what_the_seeded_catalogue_answers(
    client: FlaskClient, path: str, code: str, problem: dict[str, Any]
) -> None:
    way = WAYS[code]
    address = asked(path, "430203-nothing") if code == "unknown-service" else asked(path)
    asked_for = required(path) | way.get("query_string", {})
    if code == "unknown-service" and path.endswith("/log/proof"):
        asked_for = {"service": "430203-nothing"}
    response = client.get(address, **{**way, "query_string": asked_for})
    assert (response.status_code, response.get_json()) == (problem["status"], problem)


def test_problem_shown_for_what_is_unexpected_is_what_is_answered() -> None:
    answered = application().test_client().get("/probe/broken").get_json()
    assert [problem for _, code, problem in PROBLEMS if code == "internal-error"] == [answered] * len(READS)


def assert_documented_while_away(client: FlaskClient, code: str) -> None:
    """Assert that exactly the calls that document the code answer with it."""
    documented = {path: problem for path, shown_code, problem in PROBLEMS if shown_code == code}
    assert documented
    for path, operation in READS.items():
        response = client.get(asked(path), query_string=required(path))
        if path in documented:
            assert response.get_json() == documented[path]
            assert int(response.headers["Retry-After"]) > 0
            assert "Retry-After" in operation["responses"]["503"]["headers"]
        else:
            assert response.status_code == 200
            assert "503" not in operation["responses"]


def test_call_documents_database_unavailable_just_where_it_asks_the_database() -> None:
    catalogue = open_database("postgresql://127.0.0.1:1/none")
    assert_documented_while_away(create_app(catalogue).test_client(), "database-unavailable")
    catalogue.database.close()


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_call_documents_busy_just_where_it_asks_the_database(seeded_url: str) -> None:
    impatient = make_url(seeded_url).update_query_dict({"options": "-c lock_timeout=50"})
    catalogue = open_database(impatient.render_as_string(hide_password=False))
    with psycopg.connect(seeded_url) as holder:
        tables = holder.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        holder.execute("LOCK TABLE " + ", ".join(name for (name,) in tables) + " IN ACCESS EXCLUSIVE MODE")
        assert_documented_while_away(create_app(catalogue).test_client(), "busy")
        holder.rollback()
    catalogue.database.close()


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_problem_shown_for_not_ready_is_what_an_empty_database_answers(empty_url: str) -> None:
    catalogue = open_database(empty_url)
    response = create_app(catalogue).test_client().get("/readyz")
    catalogue.database.close()
    assert [("/readyz", response.get_json())] == [
        (path, shown) for path, code, shown in PROBLEMS if code == "not-ready"
    ]


SIGNED_WAYS: dict[str, dict[str, Any]] = {
    **WAYS,
    "not-signed-in": {"headers": {}},
    "invalid-token": {"headers": {"Authorization": "Bearer unknown"}},
}


@pytest.fixture
def edited(client: FlaskClient, catalogue: Catalogue) -> FlaskClient:
    """Return a client of the catalogue that the signed examples were asked of."""
    for _ in write_signed(client, catalogue):
        pass
    return client


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("path", SIGNED_READS)
def test_signed_read_answers_by_the_code_that_it_documents(edited: FlaskClient, path: str) -> None:
    for status, response in SIGNED_READS[path]["responses"].items():
        described = response.get("content", {}).get("application/problem+json", {})
        for code in described.get("examples", {}).keys() - ELSEWHERE:
            address = asked(path).replace("3", "9") if code == "unknown-revision" else asked(path)
            way = SIGNED_WAYS[code] if code != "unknown-revision" else {}
            headers = way.get("headers", SIGNED) if "token" in code or "signed" in code else SIGNED
            answered = edited.get(address, **{**way, "headers": headers | way.get("headers", {})})
            assert (answered.status_code, answered.get_json()["code"]) == (int(status), code)


@pytest.mark.parametrize("name", [*SIGNED_QUESTIONS])
def test_example_of_a_signed_call_is_what_the_edited_catalogue_answers(edited: FlaskClient, name: str) -> None:
    answered = told(edited.get(SIGNED_QUESTIONS[name], headers=SIGNED))
    assert answered == (example_text(name) if isinstance(answered, str) else example(name))


def test_example_of_a_write_is_what_the_catalogue_answered(client: FlaskClient, catalogue: Catalogue) -> None:
    for name, answered in write_signed(client, catalogue):
        assert answered == (example_text(name) if isinstance(answered, str) else example(name)), name


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("path", READS)
def test_call_with_the_examples_of_all_its_parameters_finds_something(client: FlaskClient, path: str) -> None:
    examples = {p["name"]: shown(p) for p in parameters(path) if p["in"] == "query"}
    if path.endswith("/log/proof"):
        del examples["index"]  # either this or a service
    if path.endswith("/export"):
        del examples["at"]  # either this or a revision
    response = client.get(asked(path), query_string=examples)
    assert response.status_code == 200
    assert response.data
    if response.is_json:
        assert response.get_json().get("items") != []
        assert response.get_json().get("total") != 0


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("path", ["/api/v1/services", "/api/v1/changes"])
def test_cursor_shown_is_the_one_given_out_under_the_other_examples(client: FlaskClient, path: str) -> None:
    examples = {p["name"]: shown(p) for p in parameters(path) if p["in"] == "query"}
    cursor = examples.pop("cursor")
    assert client.get(path, query_string=examples | {"limit": 1}).get_json()["next"] == cursor


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_tag_shown_is_that_of_the_service_shown(client: FlaskClient) -> None:
    (described,) = [p for p in parameters("/api/v1/services/{service_id}") if p["name"] == "If-None-Match"]
    response = client.get("/api/v1/services/430203-card-application")
    assert response.headers["ETag"] == shown(described)


@pytest.mark.parametrize("name", QUESTIONS)
def test_example_of_the_contract_is_what_the_seeded_catalogue_answers(client: FlaskClient, name: str) -> None:
    answered = answer(client, name)
    assert answered == (example_text(name) if isinstance(answered, str) else example(name))


ACCEPTED = ["2xx", "3xx", "401", "403", "404", "409", "412", "422", "428", "429"]
"""What valid data may be answered with: a cursor or a document may be well formed and still not be ours."""

REFUSED = ["400", "401", "403", "404", "405", "406", "409", "412", "413", "415", "422", "428", "429"]
"""What invalid data may be answered with; a stale tag is found before the rules are, and too many rows are 413."""

config = SchemathesisConfig.from_dict(
    {
        "checks": {
            "positive_data_acceptance": {"expected-statuses": ACCEPTED},
            "negative_data_rejection": {"expected-statuses": REFUSED},
        },
        "generation": {"allow-x00": False},  # a schema cannot say that no text may hold NUL, which is 400
    }
)
for media_type in ("application/jsonl", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"):

    @schemathesis.serializer(media_type)
    def as_it_is(context: schemathesis.SerializationContext, value: Any) -> bytes:
        """Send a generated text as it is."""
        return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")


schema = schemathesis.openapi.from_path(str(ROOT / "openapi.yaml"), config=config)


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("live")) as running:
        yield running


signed_calls = schema.include(lambda context: bool(context.operation.definition.raw["security"]))
public_calls = schema.exclude(lambda context: bool(context.operation.definition.raw["security"]))


@public_calls.parametrize()
@settings(derandomize=True, max_examples=40, deadline=None)
def test_live_server_under_schemathesis_keeps_the_contract(case: schemathesis.Case, live: Server) -> None:
    call_as_documented(case, live, {})


@pytest.fixture(scope="module")
def administered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, dict[str, str]]]:
    """Yield a server of its own, which the calls may change, and an administrator's header."""
    folder = tmp_path_factory.mktemp("administered")
    with Server(folder, WRITE_RATE="0") as running:
        created = run(folder, "token", "create", "--role", "administrator", "--name", "fuzz")
        yield running, {"Authorization": f"Bearer {created.stdout.strip()}"}


@signed_calls.parametrize()
@settings(derandomize=True, max_examples=40, deadline=None)
def test_live_server_under_schemathesis_keeps_the_contract_for_administrators(
    case: schemathesis.Case, administered: tuple[Server, dict[str, str]]
) -> None:
    server, headers = administered
    if case.meta is not None and case.meta.generation.mode is GenerationMode.POSITIVE:
        aim(case, server)
    call_as_documented(case, server, headers)


def aim(case: schemathesis.Case, server: Server) -> None:
    """Let a valid call meet a service that is there, at the version where it is; it cannot both create and replace."""
    if "service_id" in case.path_parameters:
        case.path_parameters["service_id"] = "430203-card-application"
    if "If-Match" in (case.headers or {}):
        case.headers["If-Match"] = server.get("/api/v1/services/430203-card-application").headers["ETag"]
        case.headers.pop("If-None-Match", None)


def call_as_documented(case: schemathesis.Case, server: Server, headers: dict[str, str]) -> None:
    """Send a call and hold the answer against the contract, its code included."""
    # A broken Content-Length is refused by the HTTP server itself, before any application is asked.
    for name in [name for name in case.headers or {} if name.lower() == "content-length"]:
        del case.headers[name]
    response = case.call_and_validate(base_url=server.base, headers=headers)
    if response.status_code >= 400 and response.status_code != 405:
        documented = CONTRACT["paths"][case.path][case.method.lower()]["responses"][str(response.status_code)]
        assert response.json()["code"] in documented["content"]["application/problem+json"]["examples"]

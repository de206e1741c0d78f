"""The examples of the contract, asked of the seeded catalogue; run as a module to write them anew."""

import hashlib
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service_catalog.actions.catalogue import Catalogue
from service_catalog.actions.ledger import Intent
from service_catalog.actions.seeding import seed_catalogue
from service_catalog.actions.writing import open_write
from service_catalog.app import create_app
from service_catalog.config import packaged_folder
from service_catalog.documents import examples
from service_catalog.documents.canonical import canonical
from service_catalog.documents.examples import example
from service_catalog.documents.tabular.export_rows import EXPORT_HEADER, csv_line, row_of
from service_catalog.domain.access import OPERATOR, AccessToken, Permission, Role
from service_catalog.domain.revisions import Action

FOLDER = Path(examples.__file__).parent
QUESTIONS = {
    "entry": "/api/v1",
    "services": "/api/v1/services?online_for=individual&tag=zero-visit&life_event=retirement&limit=1",
    "service": "/api/v1/services/430203-card-application",
    "suggestions": "/api/v1/suggestions?q=shebaok",
    "checkpoint": "/api/v1/log/checkpoint",
    "entries": "/api/v1/log/entries?from=0&limit=2",
    "proof": "/api/v1/log/proof?service=430203-card-application&size=75",
    "consistency": "/api/v1/log/consistency?from=70&to=75",
    "history": "/api/v1/services/430203-card-application/history",
    "changes": "/api/v1/changes?since=0&limit=1",
    "export": "/api/v1/export?revision=1&division=430203002",
    "export-jsonl": "/api/v1/export?revision=1&division=430203002&format=jsonl",
    "export-jsonld": "/api/v1/export?revision=1&division=430203&format=jsonld",
    "facets": "/api/v1/facets?division=430203",
    "indicators": "/api/v1/indicators?division=430203",
    "vocabularies": "/api/v1/vocabularies",
    "health": "/healthz",
    "readiness": "/readyz",
}


ADMINISTRATOR = AccessToken(
    id="token-5f0c3a9d2e71",
    name="芦淞区人社局管理员",
    role=Role.ADMINISTRATOR,
    division=None,
    secret_sha256=hashlib.sha256(b"example").hexdigest(),
    issued_at="2026-11-24T08:00:00Z",
    expires_at="2027-11-24T08:00:00Z",
    revoked_at=None,
)
SIGNED_QUESTIONS = {
    "revisions": "/api/v1/revisions?limit=2",
    "revision": "/api/v1/revisions/3",
    "diff": "/api/v1/revisions/3/diff",
    "diff-text": "/api/v1/revisions/3/diff?format=text",
}
SIGNED = {"Authorization": "Bearer example"}


def write_signed(client: FlaskClient, catalogue: Catalogue) -> Iterator[tuple[str, object]]:
    """Yield the examples of calls that need a token, after a first edit made with one."""
    with open_write(catalogue, Intent(OPERATOR, Permission.MANAGE_TOKENS, Action.ISSUE_TOKEN, "签发令牌")) as write:
        write.put_token(ADMINISTRATOR)
        write.commit()
    service = client.get(QUESTIONS["service"])
    yield "service-body", {"service": service.get_json(), "reason": "按核对结果更新 · brought up to date"}
    address = f"/api/v1/services/{service.get_json()['id']}"
    headers = SIGNED | {"If-Match": service.headers["ETag"]}
    yield "written", client.patch(address, json=example("changes-body"), headers=headers).get_json()
    document = service.get_json()
    yield "services-jsonl", canonical(document).decode() + "\n"
    yield "services-csv", csv_line(EXPORT_HEADER) + csv_line(row_of(document))
    for name, question in SIGNED_QUESTIONS.items():
        yield name, told(client.get(question, headers=SIGNED))
    yield "bulk", client.post("/api/v1/revisions/3/revert", json=example("revert-body"), headers=SIGNED).get_json()


def answer(client: FlaskClient, name: str) -> object:
    """Return what the catalogue answers to the question behind an example."""
    response = client.get(QUESTIONS[name])
    if name == "export-jsonld":  # the catalogue's own node and one service, without the code lists in between
        first, *_, last = response.get_json()["@graph"]
        return response.get_json() | {"@graph": [first, last]}
    return told(response)


def told(response: TestResponse) -> object:
    """Return what an answer holds, JSON or text."""
    return response.get_json() if response.is_json else response.get_data(as_text=True)


def write_example(name: str, answered: object) -> None:
    """Write one example as text or as JSON."""
    if isinstance(answered, str):
        (FOLDER / f"{name}.txt").write_bytes(answered.encode())
    else:
        text = json.dumps(answered, ensure_ascii=False, indent=2)
        (FOLDER / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def write_all() -> None:
    """Write every example from a catalogue seeded for the purpose."""
    from tests.conftest import prepare  # noqa: PLC0415 - pytest imports that module by itself

    with tempfile.TemporaryDirectory() as folder:
        catalogue = prepare(f"sqlite:///{folder}/catalogue.sqlite3")
        seed_catalogue(catalogue, packaged_folder("seed"))
        client = create_app(catalogue).test_client()
        answers = [(name, answer(client, name)) for name in QUESTIONS]
        for name, answered in [*answers, *write_signed(client, catalogue)]:
            write_example(name, answered)
        catalogue.database.close()


if __name__ == "__main__":
    write_all()

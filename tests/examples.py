"""The examples of the contract, asked of the seeded catalogue; run as a module to write them anew."""

import json
import tempfile
from pathlib import Path

from flask.testing import FlaskClient

from service_catalog.actions.importing import seed_catalogue
from service_catalog.app import create_app
from service_catalog.config import packaged_folder
from service_catalog.documents import examples

FOLDER = Path(examples.__file__).parent
QUESTIONS = {
    "entry": "/api/v1",
    "services": "/api/v1/services?online_for=individual&tag=zero-visit&life_event=retirement&limit=1",
    "service": "/api/v1/services/430203-card-application",
    "checkpoint": "/api/v1/log/checkpoint",
    "entries": "/api/v1/log/entries?from=0&limit=2",
    "proof": "/api/v1/log/proof?service=430203-card-application&size=75",
    "consistency": "/api/v1/log/consistency?from=70&to=75",
    "history": "/api/v1/services/430203-card-application/history",
    "changes": "/api/v1/changes?since=0&limit=1",
    "facets": "/api/v1/facets?division=430203",
    "indicators": "/api/v1/indicators?division=430203",
    "vocabularies": "/api/v1/vocabularies",
    "health": "/healthz",
    "readiness": "/readyz",
}


def answer(client: FlaskClient, name: str) -> object:
    """Return what the catalogue answers to the question behind an example."""
    response = client.get(QUESTIONS[name])
    return response.get_json() if response.is_json else response.get_data(as_text=True)


def write_all() -> None:
    """Write every example from a catalogue seeded for the purpose."""
    from tests.conftest import prepare  # noqa: PLC0415 - pytest imports that module by itself

    with tempfile.TemporaryDirectory() as folder:
        catalogue = prepare(f"sqlite:///{folder}/catalogue.sqlite3")
        seed_catalogue(catalogue, packaged_folder("seed"))
        client = create_app(catalogue).test_client()
        for name in QUESTIONS:
            answered = answer(client, name)
            if isinstance(answered, str):
                (FOLDER / f"{name}.txt").write_text(answered, encoding="utf-8")
            else:
                text = json.dumps(answered, ensure_ascii=False, indent=2)
                (FOLDER / f"{name}.json").write_text(text + "\n", encoding="utf-8")
        catalogue.database.close()


if __name__ == "__main__":
    write_all()

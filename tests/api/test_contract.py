"""The contract: its examples are real, and the live server keeps it under schemathesis."""

from pathlib import Path

import pytest
import schemathesis
from flask.testing import FlaskClient
from hypothesis import settings
from schemathesis.config import SchemathesisConfig

from service_catalog.documents.examples import example, example_text
from tests.examples import QUESTIONS, answer
from tests.serving import Server

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.parametrize("name", QUESTIONS)
def test_example_of_the_contract_is_what_the_seeded_catalogue_answers(client: FlaskClient, name: str) -> None:
    answered = answer(client, name)
    assert answered == (example_text(name) if isinstance(answered, str) else example(name))


ACCEPTED = ["2xx", "3xx", "401", "403", "404", "409", "412", "422", "428", "429"]
"""What valid data may be answered with: a cursor or a document may be well formed and still not be ours."""

config = SchemathesisConfig.from_dict({"checks": {"positive_data_acceptance": {"expected-statuses": ACCEPTED}}})
schema = schemathesis.openapi.from_path(str(ROOT / "openapi.yaml"), config=config)


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Server:
    with Server(tmp_path_factory.mktemp("live")) as running:
        yield running


@schema.parametrize()
@settings(derandomize=True, max_examples=40, deadline=None)
def test_live_server_under_schemathesis_keeps_the_contract(case: schemathesis.Case, live: Server) -> None:
    # A broken Content-Length is refused by the HTTP server itself, before any application is asked.
    for name in [name for name in case.headers or {} if name.lower() == "content-length"]:
        del case.headers[name]
    case.call_and_validate(base_url=live.base)

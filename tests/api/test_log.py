"""The public log: anybody can rebuild the root from the entries and check the signature on it."""

import base64
import hashlib

from flask.testing import FlaskClient

from service_catalog.actions.catalogue import Catalogue
from service_catalog.documents.notes import open_note, read_signing_key
from tests.actions.test_writing import CARD, content, write
from tests.api.test_http import assert_problem
from tests.conftest import SIGNING_KEY
from tests.domain.test_merkle import naive_root

LOG = "/api/v1/log"


def leaves(client: FlaskClient, size: int) -> list[bytes]:
    """Return all entries, read three at a time."""
    found: list[bytes] = []
    while len(found) < size:
        body = client.get(f"{LOG}/entries?from={len(found)}&limit=3").data
        found += body.splitlines()
    return found


def test_root_rebuilt_from_the_entries_is_the_signed_one(client: FlaskClient, catalogue: Catalogue) -> None:
    write(catalogue, content(catalogue, single_window=False))
    note = client.get(f"{LOG}/checkpoint")
    text = open_note(note.get_data(as_text=True), read_signing_key(SIGNING_KEY).verifier_key)
    assert text is not None
    origin, size, root = text.splitlines()
    assert (origin, size) == ("tests", "76")
    assert naive_root(leaves(client, 76)).hex() == base64.b64decode(root).hex()


def test_entry_of_a_service_names_the_digest_of_its_document(client: FlaskClient) -> None:
    document = client.get(f"/api/v1/services/{CARD}").data
    (entry,) = [leaf for leaf in leaves(client, 75) if CARD.encode() in leaf]
    assert hashlib.sha256(document).hexdigest().encode() in entry


def test_checkpoint_of_a_past_revision_stays_the_same_for_ever(client: FlaskClient, catalogue: Catalogue) -> None:
    before = client.get(f"{LOG}/checkpoint").data
    write(catalogue, content(catalogue, single_window=False))
    past = client.get(f"{LOG}/checkpoint?revision=1")
    assert past.data == before != client.get(f"{LOG}/checkpoint").data
    assert "immutable" in past.headers["Cache-Control"]


def test_entries_at_the_end_are_none_and_beyond_it_422(client: FlaskClient) -> None:
    assert client.get(f"{LOG}/entries?from=75").data == b""
    body = assert_problem(client.get(f"{LOG}/entries?from=76"), 422, "invalid-parameters")
    assert [fault["parameter"] for fault in body["errors"]] == ["from"]


def test_checkpoint_of_a_revision_not_yet_made_is_404(client: FlaskClient) -> None:
    assert_problem(client.get(f"{LOG}/checkpoint?revision=2"), 404, "unknown-revision")

"""The log's proofs by HTTP: whoever holds the key and a checkpoint can follow them, and nothing altered passes."""

import hashlib
from typing import Any

import pytest
from flask.testing import FlaskClient

from service_catalog.actions.catalogue import Catalogue
from service_catalog.api.answering import FOREVER, REVALIDATE
from service_catalog.app import create_app
from service_catalog.documents.notes import Checkpoint, open_note, read_checkpoint, read_signing_key
from service_catalog.documents.proofs import read_consistency_proof, read_inclusion_proof
from service_catalog.domain.merkle import leaf_hash, verify_consistency, verify_inclusion
from tests.actions.test_writing import CARD, content, write
from tests.api.test_http import assert_problem
from tests.conftest import SIGNING_KEY, prepare

LOG = "/api/v1/log"
KEY = read_signing_key(SIGNING_KEY).verifier_key


def signed(note: str) -> Checkpoint | None:
    """Return what a note says where its signature is that of the tests' log."""
    text = open_note(note, KEY)
    return None if text is None else read_checkpoint(text)


def is_included(leaf: bytes, text: str) -> bool:
    """Follow an inclusion proof as an auditor does, who has nothing but the key and the entry."""
    proof = read_inclusion_proof(text)
    head = signed(proof.checkpoint) if proof else None
    if proof is None or head is None:
        return False
    return verify_inclusion(leaf_hash(leaf), proof.index, head.size, proof.path, head.root)


def is_continued(kept: str, text: str) -> bool:
    """Follow a consistency proof as an auditor does, who has nothing but the key and an older checkpoint."""
    old, proof = signed(kept), read_consistency_proof(text)
    new = signed(proof.checkpoint) if proof else None
    if old is None or proof is None or new is None or proof.old_size != old.size:
        return False
    return verify_consistency(old.size, old.root, new.size, new.root, proof.path)


def asked(client: FlaskClient, path: str) -> str:
    response = client.get(f"{LOG}/{path}")
    assert (response.status_code, response.content_type) == (200, "text/plain; charset=utf-8"), response.data
    return response.get_data(as_text=True)


def entries(client: FlaskClient) -> list[bytes]:
    return client.get(f"{LOG}/entries?limit=10000").data.splitlines()


def position_of(text: str) -> int:
    proof = read_inclusion_proof(text)
    assert proof is not None
    return proof.index


def test_every_entry_of_a_log_of_several_thousand_is_proven_in_every_signed_size(
    client: FlaskClient, catalogue: Catalogue
) -> None:
    model = content(catalogue)
    many = [model | {"code": f"made-{number}"} for number in range(1100)]
    write(catalogue, *many)
    write(catalogue, *(one | {"single_window": False} for one in many))
    write(catalogue, content(catalogue, single_window=False))
    write(catalogue, *many[:300])
    leaves, sizes = entries(client), [75, 1175, 2275, 2276, 2576]
    assert len(leaves) == sizes[-1]
    for size in sizes:
        for index in {0, 1, 74, 75, 255, 256, 511, 512, 1023, 1024, 2047, 2048, 2275, size // 2, size - 1}:
            if index < size:
                assert is_included(leaves[index], asked(client, f"proof?index={index}&size={size}"))
    kept = [asked(client, f"checkpoint?revision={number}") for number in range(1, 6)]
    for old, note in zip(sizes, kept, strict=True):
        for new in (size for size in sizes if size >= old):
            assert is_continued(note, asked(client, f"consistency?from={old}&to={new}"))


def test_proof_when_any_bit_of_it_is_flipped_proves_nothing(client: FlaskClient) -> None:
    text = asked(client, f"proof?service={CARD}")
    leaf = entries(client)[position_of(text)]
    assert is_included(leaf, text)
    assert not is_included(leaf.replace(b'"seed"', b'"deed"'), text)
    assert [altered for altered in flipped(text) if is_included(leaf, altered)] == []


def test_consistency_when_any_bit_of_it_is_flipped_proves_nothing(client: FlaskClient, catalogue: Catalogue) -> None:
    kept = asked(client, "checkpoint")
    write(catalogue, content(catalogue, single_window=False))
    text = asked(client, "consistency?from=75")
    assert is_continued(kept, text)
    assert [altered for altered in flipped(text) if is_continued(kept, altered)] == []


def flipped(text: str) -> list[str]:
    """Return the text with each of its bits flipped in turn, where that is still text."""
    body, found = text.encode(), []
    for bit in range(len(body) * 8):
        altered = bytearray(body)
        altered[bit // 8] ^= 1 << bit % 8
        try:
            found.append(altered.decode())
        except UnicodeDecodeError:
            continue
    return found


def test_proof_of_a_service_is_of_the_entry_with_its_documents_digest(
    client: FlaskClient, catalogue: Catalogue
) -> None:
    write(catalogue, content(catalogue, "430203-benefit-eligibility-certification", single_window=False))
    write(catalogue, content(catalogue, single_window=False))
    leaves = entries(client)
    for query, document in (
        (f"service={CARD}", f"/api/v1/services/{CARD}"),
        (f"service={CARD}&version=1", f"/api/v1/services/{CARD}?revision=1"),
        (f"service={CARD}&version=2", f"/api/v1/services/{CARD}?revision=3"),
        (f"service={CARD}&size=76", f"/api/v1/services/{CARD}?revision=2"),
        (f"service={CARD}&version=1&size=75", f"/api/v1/services/{CARD}?revision=1"),
    ):
        text = asked(client, f"proof?{query}")
        leaf = leaves[position_of(text)]
        assert is_included(leaf, text)
        assert hashlib.sha256(client.get(document).data).hexdigest().encode() in leaf
    assert position_of(asked(client, f"proof?service={CARD}")) == 76


@pytest.mark.parametrize(
    "query",
    [
        "service=430203-no-such-service",
        "service=nonsense",
        "service=",
        "service=%00",
        f"service={'9' * 3000}",
        f"service={CARD}&version=3",
        f"service={CARD}&version=2&size=75",
        "service=430203-new&size=75",
    ],
)
def test_proof_of_a_service_or_version_that_the_log_has_not_is_404(
    client: FlaskClient, catalogue: Catalogue, query: str
) -> None:
    write(catalogue, content(catalogue, single_window=False), content(catalogue) | {"code": "new"})
    assert_problem(client.get(f"{LOG}/proof?{query}"), 404, "unknown-service")


@pytest.mark.parametrize(
    ("path", "parameter"),
    [
        ("proof", "index"),
        ("proof?size=75", "index"),
        ("proof?index=-1", "index"),
        ("proof?index=75", "index"),
        ("proof?index=01", "index"),
        ("proof?index=2147483647", "index"),
        ("proof?index=2147483648", "index"),
        ("proof?index=0&index=1", "index"),
        (f"proof?index=0&service={CARD}", "service"),
        ("proof?index=0&version=1", "version"),
        (f"proof?service={CARD}&version=0", "version"),
        (f"proof?service={CARD}&service={CARD}", "service"),
        ("proof?index=0&size=0", "size"),
        ("proof?index=0&size=74", "size"),
        ("proof?index=0&size=76", "size"),
        ("proof?index=0&size=2147483647", "size"),
        ("proof?index=0&from=0", "from"),
        ("consistency", "from"),
        ("consistency?from=-1", "from"),
        ("consistency?from=76", "from"),
        ("consistency?from=2147483647", "from"),
        ("consistency?from=1&from=2", "from"),
        ("consistency?from=1&to=74", "to"),
        ("consistency?from=1&to=0", "to"),
        ("consistency?from=1&to=76", "to"),
        ("consistency?from=1&size=75", "size"),
    ],
)
def test_proof_when_asked_wrongly_is_422_and_names_the_parameter(
    client: FlaskClient, path: str, parameter: str
) -> None:
    body = assert_problem(client.get(f"{LOG}/{path}"), 422, "invalid-parameters")
    assert [fault["parameter"] for fault in body["errors"]] == [parameter]


@pytest.mark.parametrize(
    ("size", "told"), [(74, "no revision signed a log of 74"), (76, "below has 75"), (79, "below has 78")]
)
def test_size_that_no_revision_signed_is_422_and_tells_the_nearest_below(
    client: FlaskClient, catalogue: Catalogue, size: int, told: str
) -> None:
    model = content(catalogue)
    write(catalogue, *(model | {"code": f"made-{number}"} for number in range(3)))
    for path in (f"proof?index=0&size={size}", f"consistency?from=1&to={size}"):
        body = assert_problem(client.get(f"{LOG}/{path}"), 422, "invalid-parameters")
        assert told in body["detail"]


def test_proof_of_a_named_size_is_kept_for_ever_and_of_the_latest_asked_again(
    client: FlaskClient, catalogue: Catalogue
) -> None:
    named = [f"proof?service={CARD}&size=75", "proof?index=3&size=75", "consistency?from=70&to=75"]
    latest = [f"proof?service={CARD}", "proof?index=3", "consistency?from=70"]
    before = [client.get(f"{LOG}/{path}") for path in (*named, *latest)]
    assert [answer.headers["Cache-Control"] for answer in before] == [FOREVER] * 3 + [REVALIDATE] * 3
    assert [answer.data for answer in before[:3]] == [answer.data for answer in before[3:]]
    write(catalogue, content(catalogue, single_window=False))
    after = [client.get(f"{LOG}/{path}") for path in (*named, *latest)]
    assert [answer.data for answer in after[:3]] == [answer.data for answer in before[:3]]
    assert all(new.data != old.data for new, old in zip(after[3:], before[3:], strict=True))


@pytest.mark.parametrize("path", ["proof?index=0", "consistency?from=1&to=75"])
def test_proof_is_tagged_with_its_digest_and_304_where_the_reader_has_it(client: FlaskClient, path: str) -> None:
    answer = client.get(f"{LOG}/{path}")
    assert answer.headers["ETag"] == f'"{hashlib.sha256(answer.data).hexdigest()}"'
    again = client.get(f"{LOG}/{path}", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("old", [0, 75])
def test_consistency_of_the_empty_log_or_of_the_same_has_no_hashes(client: FlaskClient, old: int) -> None:
    note = asked(client, "checkpoint")
    assert asked(client, f"consistency?from={old}") == f"old {old}\n\n{note}"
    assert asked(client, f"consistency?from={old}&to=75") == f"old {old}\n\n{note}"


@pytest.mark.parametrize(
    "path", ["proof?index=0", "proof?index=0&size=1", f"proof?service={CARD}", "consistency?from=0"]
)
def test_proof_from_a_log_without_any_entry_is_404(empty_url: str, path: str) -> None:
    catalogue = prepare(empty_url)
    answer: Any = create_app(catalogue).test_client().get(f"{LOG}/{path}")
    assert_problem(answer, 404, "unknown-revision")
    catalogue.database.close()

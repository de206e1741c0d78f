"""The transparency log, public: its signed head, its entries as the bytes that were hashed, and its proofs."""

from collections.abc import Mapping

from flask import Response

from service_catalog.actions import browsing, proving
from service_catalog.api.answering import FOREVER, REVALIDATE, answer
from service_catalog.api.contract import API, Blueprint
from service_catalog.api.current import current_catalogue
from service_catalog.documents.examples import example_text
from service_catalog.documents.schemas.queries import CheckpointQuery, ConsistencyQuery, EntriesQuery, ProofQuery
from service_catalog.domain.errors import InvalidParameters, UnknownRevision, UnknownService
from service_catalog.domain.selection import ConsistencyRequest, ProofRequest

NOTE_TYPE = "text/plain; charset=utf-8"
ENTRIES_TYPE = "application/jsonl"
LONGEST_CHECKPOINT = 1000
LONGEST_PROOF = 5000
LONGEST_STRETCH = 100_000_000

blueprint = Blueprint(
    "log",
    __name__,
    url_prefix=f"{API}/log",
    description="每次写入都记入的只增日志 · The append-only log under every write.",
)


@blueprint.route("/checkpoint")
@blueprint.arguments(CheckpointQuery, location="query")
@blueprint.reads(
    "getCheckpoint",
    {"type": "string", "maxLength": LONGEST_CHECKPOINT},
    example=example_text("checkpoint"),
    errors=(InvalidParameters, UnknownRevision),
    content_type=NOTE_TYPE,
)
def get_checkpoint(query: Mapping[str, int]) -> Response:
    """日志的签名检查点 · Read the signed head of the log.

    A C2SP `signed-note` over a `tlog-checkpoint`: the log's name, its number of entries, the root of its Merkle tree
    (RFC 6962), and an Ed25519 signature. Keep it: whoever holds one can tell later whether what came before it was
    rewritten.
    """
    revision = query.get("revision")
    note = browsing.get_checkpoint(current_catalogue(), revision)
    kept = REVALIDATE if revision is None else FOREVER
    return answer(note.encode(), cache_control=kept, content_type=NOTE_TYPE)


@blueprint.route("/entries")
@blueprint.arguments(EntriesQuery, location="query")
@blueprint.reads(
    "getLogEntries",
    {"type": "string", "maxLength": LONGEST_STRETCH},
    example=example_text("entries"),
    errors=(InvalidParameters,),
    content_type=ENTRIES_TYPE,
)
def get_entries(query: Mapping[str, int]) -> Response:
    """读取一段日志，每行一条 · Read a stretch of the log, one entry a line.

    Each line is one leaf of the Merkle tree, byte for byte, followed by a line feed. Fewer lines than `limit` mean that
    the log ends there.
    """
    leaves = browsing.get_entries(current_catalogue(), query["start"], query["limit"])
    return answer(b"".join(leaf + b"\n" for leaf in leaves), content_type=ENTRIES_TYPE)


@blueprint.route("/proof")
@blueprint.arguments(ProofQuery, location="query")
@blueprint.reads(
    "getInclusionProof",
    {"type": "string", "maxLength": LONGEST_PROOF},
    example=example_text("proof"),
    errors=(InvalidParameters, UnknownService, UnknownRevision),
    content_type=NOTE_TYPE,
)
def get_proof(request: ProofRequest) -> Response:
    """证明某条在日志中 · Prove that an entry is in the log.

    A C2SP `tlog-proof`: the entry's position, the hashes from it up to the root (RFC 6962, 2.1.1), and the signed
    checkpoint of that root. Name the entry by `index`, or by `service`, and read at that position in
    `/log/entries` what was proven.
    """
    proof = proving.prove_inclusion(current_catalogue(), request)
    return _answer_proof(proof.text(), request.size)


@blueprint.route("/consistency")
@blueprint.arguments(ConsistencyQuery, location="query")
@blueprint.reads(
    "getConsistencyProof",
    {"type": "string", "maxLength": LONGEST_PROOF},
    example=example_text("consistency"),
    errors=(InvalidParameters, UnknownRevision),
    content_type=NOTE_TYPE,
)
def get_consistency(request: ConsistencyRequest) -> Response:
    """证明日志只增未改 · Prove that the log was only appended to.

    The earlier size, the hashes that lead from that log's root to the later one's (RFC 6962, 2.1.2), and the signed
    checkpoint of the later log, written as the body of `add-checkpoint` in C2SP `tlog-witness`. Hold it against the
    earlier checkpoint that you kept.
    """
    proof = proving.prove_consistency(current_catalogue(), request)
    return _answer_proof(proof.text(), request.new)


def _answer_proof(text: str, size: int | None) -> Response:
    """Answer a proof; the one of a named size never changes."""
    return answer(text.encode(), cache_control=REVALIDATE if size is None else FOREVER, content_type=NOTE_TYPE)

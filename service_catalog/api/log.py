"""The transparency log, public: its signed head and its entries, as the bytes that were hashed."""

from collections.abc import Mapping

from flask import Response

from service_catalog.actions import browsing
from service_catalog.api.answering import FOREVER, REVALIDATE, answer
from service_catalog.api.contract import API, Blueprint
from service_catalog.api.current import current_catalogue
from service_catalog.documents.examples import example_text
from service_catalog.documents.schemas.queries import CheckpointQuery, EntriesQuery
from service_catalog.domain.errors import InvalidParameters, UnknownRevision

CHECKPOINT_TYPE = "text/plain; charset=utf-8"
ENTRIES_TYPE = "application/jsonl"
LONGEST_CHECKPOINT = 1000
LONGEST_STRETCH = 100_000_000

blueprint = Blueprint("log", __name__, url_prefix=f"{API}/log", description="The append-only log under every write.")


@blueprint.route("/checkpoint")
@blueprint.arguments(CheckpointQuery, location="query")
@blueprint.reads(
    "getCheckpoint",
    {"type": "string", "maxLength": LONGEST_CHECKPOINT},
    example=example_text("checkpoint"),
    errors=(InvalidParameters, UnknownRevision),
    content_type=CHECKPOINT_TYPE,
)
def get_checkpoint(query: Mapping[str, int]) -> Response:
    """Read the signed head of the log.

    A C2SP `signed-note` over a `tlog-checkpoint`: the log's name, its number of entries, the root of its Merkle tree
    (RFC 6962), and an Ed25519 signature. Keep it: whoever holds one can tell later whether what came before it was
    rewritten.
    """
    revision = query.get("revision")
    note = browsing.get_checkpoint(current_catalogue(), revision)
    kept = REVALIDATE if revision is None else FOREVER
    return answer(note.encode(), cache_control=kept, content_type=CHECKPOINT_TYPE)


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
    """Read a stretch of the log, one entry a line.

    Each line is one leaf of the Merkle tree, byte for byte, followed by a line feed. Fewer lines than `limit` mean that
    the log ends there.
    """
    leaves = browsing.get_entries(current_catalogue(), query["start"], query["limit"])
    return answer(b"".join(leaf + b"\n" for leaf in leaves), content_type=ENTRIES_TYPE)

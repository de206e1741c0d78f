"""Revisions under review, and undoing one."""

from collections.abc import Mapping
from typing import Any

from flask import Response

from service_catalog.actions import comparing, reverting, reviewing
from service_catalog.api.answering import answer_bulk, answer_private, answer_private_page
from service_catalog.api.auth import current_actor
from service_catalog.api.contract import API, IDEMPOTENCY_KEY, LINK_HEADER, Blueprint
from service_catalog.api.current import current_catalogue
from service_catalog.api.preconditions import once
from service_catalog.documents.differences import written
from service_catalog.documents.examples import example, example_text
from service_catalog.documents.query_strings import revision_in_path
from service_catalog.documents.schemas.outcomes import BulkSchema, DiffSchema, RevisionListSchema, RevisionSchema
from service_catalog.documents.schemas.queries import DiffQuery, NoQuery, RevisionsQuery
from service_catalog.documents.schemas.service import LAST_REVISION
from service_catalog.documents.schemas.writes import RevertBody
from service_catalog.domain.errors import (
    InvalidCursor,
    InvalidParameters,
    KeyReused,
    NothingToRevert,
    RevertConflict,
    RulesBroken,
    UnknownRevision,
)
from service_catalog.domain.selection import DiffFormat, DiffRequest, RevisionsRequest, Span

blueprint = Blueprint(
    "revisions",
    __name__,
    url_prefix=f"{API}/revisions",
    description="谁在何时为何改了什么，限登录者 · Who changed what, when and why; for signed-in roles.",
)

NUMBER = {
    "in": "path",
    "name": "number",
    "required": True,
    "description": "The revision's number.",
    "schema": {"type": "integer", "minimum": 1, "maximum": LAST_REVISION},
    "example": 1,
}

MEDIA_TYPES = {DiffFormat.JSON: "application/json", DiffFormat.TEXT: "text/plain; charset=utf-8"}

TABLE = {"type": "string", "maxLength": 2**26}
"""A page's table: a few labels and signs around each value that differs."""


@blueprint.route("")
@blueprint.arguments(RevisionsQuery, location="query")
@blueprint.reads(
    "listRevisions",
    RevisionListSchema,
    example=example("revisions"),
    errors=(InvalidParameters, InvalidCursor),
    headers=LINK_HEADER,
    signed_in=True,
)
def list_revisions(request: RevisionsRequest) -> Response:
    """列出修订，新的在前 · List revisions, newest first.

    Every write is one: a tag put, a file imported, a token issued.
    """
    return answer_private(reviewing.list_revisions(current_catalogue(), current_actor(), request))


@blueprint.route("/<number>", parameters=[NUMBER])
@blueprint.arguments(NoQuery, location="query")
@blueprint.reads(
    "getRevision",
    RevisionSchema,
    example=example("revision"),
    errors=(InvalidParameters, UnknownRevision),
    signed_in=True,
)
def get_revision(_: Mapping[str, Any], number: str) -> Response:
    """查看一次修订及其签名检查点 · Read one revision, with its signed checkpoint.

    What it did to each service is its difference from the revision before.
    """
    return answer_private(reviewing.get_revision(current_catalogue(), current_actor(), revision_in_path(number)))


@blueprint.route("/<number>/diff", parameters=[NUMBER])
@blueprint.arguments(DiffQuery, location="query")
@blueprint.reads(
    "compareRevisions",
    DiffSchema,
    example=example("diff"),
    errors=(InvalidParameters, InvalidCursor, UnknownRevision),
    headers=LINK_HEADER,
    signed_in=True,
    other_content={"text/plain": {"schema": TABLE, "example": example_text("diff-text")}},
)
def compare_revisions(query: Mapping[str, Any], number: str) -> Response:
    """比较两次修订 · Compare a revision with an earlier one.

    Each service that differs, by id, with each member before and after, and the divisions' own documents. Where `from`
    is absent, the revision before. The command `service-catalog diff` answers the same in one piece.
    """
    end, written_as = revision_in_path(number), DiffFormat(query["format"])
    span = Span(query.get("start", end - 1), end, query.get("division"))
    request = DiffRequest(span, query["limit"], query.get("cursor"))
    page = comparing.compare_page(current_catalogue(), current_actor(), request)
    return answer_private_page(b"".join(written(page, written_as)), page.next, content_type=MEDIA_TYPES[written_as])


@blueprint.route("/<number>/revert", methods=["POST"], parameters=[NUMBER])
@blueprint.arguments(RevertBody, example=example("revert-body"))
@blueprint.writes(
    "revertRevision",
    BulkSchema,
    example=example("bulk"),
    errors=(UnknownRevision, NothingToRevert, RevertConflict, RulesBroken, KeyReused),
    parameters=(IDEMPOTENCY_KEY,),
)
def revert_revision(body: dict[str, Any], number: str) -> Response:
    """撤销一次修订 · Undo a revision.

    Member by member, as a new revision: what it set goes back if it still has that value. Where a later change stands
    in the way, nothing is done (409), and service, member and revision are named. Undoing a creation retires.
    """
    done = reverting.revert_revision(
        current_catalogue(),
        current_actor(),
        revision_in_path(number),
        body["reason"],
        dry_run=body["dry_run"],
        once=once(),
    )
    return answer_bulk(done)

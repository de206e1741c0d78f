"""Lists of services, and one service: stored bytes, joined and tagged."""

from collections.abc import Mapping

from flask import Response

from service_catalog.actions import browsing
from service_catalog.api.answering import answer_changes, answer_document, answer_linked, answer_page, answer_value
from service_catalog.api.contract import API, LINK_HEADER, Blueprint
from service_catalog.api.current import current_catalogue
from service_catalog.documents.examples import example
from service_catalog.documents.schemas.answers import (
    ChangeListSchema,
    HistorySchema,
    ServiceListSchema,
    SuggestionListSchema,
)
from service_catalog.documents.schemas.queries import (
    ChangesQuery,
    HistoryQuery,
    ListQuery,
    ServiceQuery,
    SuggestionQuery,
)
from service_catalog.documents.schemas.service import ServiceSchema
from service_catalog.domain.errors import InvalidCursor, InvalidParameters, UnknownRevision, UnknownService
from service_catalog.domain.selection import ChangesRequest, HistoryRequest, PageRequest, SuggestionRequest
from service_catalog.domain.service import ID_PATTERN, LONGEST_ID

blueprint = Blueprint(
    "services", __name__, url_prefix=f"{API}/services", description="目录中的事项 · The catalogue's entries."
)

changes = Blueprint(
    "changes", __name__, url_prefix=f"{API}/changes", description="让副本保持同步 · Keeping a copy in step."
)

suggestions = Blueprint(
    "suggestions", __name__, url_prefix=f"{API}/suggestions", description="边输入边提示 · Names while somebody types."
)

SERVICE_ID = {
    "in": "path",
    "name": "service_id",
    "required": True,
    "description": "The service's id, division-code.",
    "schema": {"type": "string", "minLength": 8, "maxLength": LONGEST_ID, "pattern": f"^{ID_PATTERN}$"},
    "example": "430203-card-application",
}


@blueprint.route("")
@blueprint.arguments(ListQuery, location="query")
@blueprint.reads(
    "listServices",
    ServiceListSchema,
    example=example("services"),
    errors=(InvalidParameters, InvalidCursor),
    headers=LINK_HEADER,
)
def list_services(page: PageRequest) -> Response:
    """按条件列出或检索事项 · List services under filters, or search them.

    All filters that are given must hold. With `q` the best answers come first: the exact name, then what was typed in
    a name, then other words for it, the summary, the materials; where no service has all words, those that come
    nearest. `total` counts every service found, with `q` the first 10,000. Follow `Link: rel=next`, or pass `next` as
    `cursor`; a page neither skips nor repeats an entry when the catalogue changes in between.
    """
    return answer_page(browsing.list_services(current_catalogue(), page))


@blueprint.route("/<service_id>", parameters=[SERVICE_ID])
@blueprint.arguments(ServiceQuery, location="query")
@blueprint.reads(
    "getService",
    ServiceSchema,
    example=example("service"),
    errors=(InvalidParameters, UnknownService, UnknownRevision),
)
def get_service(query: Mapping[str, int], service_id: str) -> Response:
    """查看一个事项 · Read one service.

    The current document, or with `revision` the one that stood after that write. Retired services stay readable.
    """
    revision = query.get("revision")
    return answer_document(
        browsing.get_service(current_catalogue(), service_id, revision), immutable=revision is not None
    )


@blueprint.route("/<service_id>/history", parameters=[SERVICE_ID])
@blueprint.arguments(HistoryQuery, location="query")
@blueprint.reads(
    "getServiceHistory",
    HistorySchema,
    example=example("history"),
    errors=(InvalidParameters, InvalidCursor, UnknownService),
    headers=LINK_HEADER,
)
def get_history(request: HistoryRequest, service_id: str) -> Response:
    """查看事项的各版，新的在前 · Read a service's versions, newest first.

    Each names the revision that made it, when, who and why, and the members that it changed. Read the document of a
    version by `/services/{id}?revision=N`.
    """
    return answer_linked(browsing.list_history(current_catalogue(), service_id, request))


@changes.route("")
@changes.arguments(ChangesQuery, location="query")
@changes.reads(
    "listChanges",
    ChangeListSchema,
    example=example("changes"),
    errors=(InvalidParameters, InvalidCursor),
    headers=LINK_HEADER,
)
def list_changes(request: ChangesRequest) -> Response:
    """副本跟上现行修订所需的变化 · List what a copy must take in to reach the current revision.

    Begin with `since=0`. Put each document in place of the one with its id, drop what is `removed`, follow
    `Link: rel=next` to the last page, and keep that page's `revision` as the next `since`.
    """
    return answer_changes(browsing.list_changes(current_catalogue(), request))


@suggestions.route("")
@suggestions.arguments(SuggestionQuery, location="query")
@suggestions.reads("suggestNames", SuggestionListSchema, example=example("suggestions"), errors=(InvalidParameters,))
def suggest_names(request: SuggestionRequest) -> Response:
    """边输入边提示事项名称 · Suggest names of services while somebody types.

    At most 10 names of services in force, each once: those that begin with what was typed, in characters, pinyin,
    initials or English, then those that have it inside or say it otherwise. Each comes with one service of this name.
    """
    return answer_value(browsing.suggest_names(current_catalogue(), request))

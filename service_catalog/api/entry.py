"""Where a client begins, and where whoever watches the process looks."""

from collections.abc import Mapping

from flask import Response

from service_catalog import __version__
from service_catalog.actions import browsing
from service_catalog.actions.preparing import check_readiness
from service_catalog.api.answering import answer_value
from service_catalog.api.contract import API, Blueprint
from service_catalog.api.current import current_catalogue
from service_catalog.documents.canonical import compact
from service_catalog.documents.examples import example
from service_catalog.documents.schemas.answers import EntrySchema, HealthSchema, ReadinessSchema
from service_catalog.documents.schemas.queries import NoQuery
from service_catalog.domain.errors import InvalidParameters, NotReady

entry = Blueprint("entry", __name__, url_prefix=API, description="从这里开始 · Where to begin.")
health = Blueprint("health", __name__, description="服务是否正常 · Whether the server lives and can answer.")

LINKS = {
    "services": f"{API}/services",
    "suggestions": f"{API}/suggestions?q=",
    "service": f"{API}/services/{{id}}",
    "history": f"{API}/services/{{id}}/history",
    "changes": f"{API}/changes?since=0",
    "export": f"{API}/export",
    "facets": f"{API}/facets",
    "indicators": f"{API}/indicators",
    "vocabularies": f"{API}/vocabularies",
    "checkpoint": f"{API}/log/checkpoint",
    "entries": f"{API}/log/entries",
    "proof": f"{API}/log/proof?index=0",
    "consistency": f"{API}/log/consistency?from=0",
    "revisions": f"{API}/revisions",
    "revision": f"{API}/revisions/{{number}}",
    "diff": f"{API}/revisions/{{number}}/diff",
    "openapi": f"{API}/openapi.json",
    "documentation": "/docs",
    "errors": "/docs/errors",
    "health": "/healthz",
    "readiness": "/readyz",
}


@entry.route("")
@entry.arguments(NoQuery, location="query")
@entry.reads("getEntry", EntrySchema, example=example("entry"), errors=(InvalidParameters,))
def get_entry(_: Mapping[str, str]) -> Response:
    """接口入口 · List the entry points of this API.

    The links are relative to this server.
    """
    return answer_value(
        {
            "name": {"zh": "政务服务事项目录", "en": "Government service catalogue"},
            "version": __version__,
            "revision": browsing.current_revision(current_catalogue()),
            "links": LINKS,
        }
    )


@health.route("/healthz")
@health.arguments(NoQuery, location="query")
@health.reads(
    "getHealth",
    HealthSchema,
    example=example("health"),
    errors=(InvalidParameters,),
    conditional=False,
    asks_database=False,
)
def get_health(_: Mapping[str, str]) -> Response:
    """进程是否在运行 · Tell that the process lives.

    It asks nothing of the database.
    """
    return _uncached({"status": "ok"})


@health.route("/readyz")
@health.arguments(NoQuery, location="query")
@health.reads(
    "getReadiness",
    ReadinessSchema,
    example=example("readiness"),
    errors=(InvalidParameters, NotReady),
    conditional=False,
)
def get_readiness(_: Mapping[str, str]) -> Response:
    """目录能否应答 · Tell whether the catalogue can answer.

    Ready means that the database is reachable and its tables are those of this release.
    """
    return _uncached({"status": "ready", "revision": check_readiness(current_catalogue())})


def _uncached(value: object) -> Response:
    response = Response(compact(value), content_type="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response

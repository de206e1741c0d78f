"""Editing one service: PUT, PATCH and DELETE."""

from typing import Any

from flask import Response

from service_catalog.actions import editing
from service_catalog.actions.editing import Target
from service_catalog.api.answering import answer_written
from service_catalog.api.auth import current_actor
from service_catalog.api.contract import API, IF_MATCH, IF_NONE_MATCH_ANY, Blueprint
from service_catalog.api.current import current_catalogue
from service_catalog.api.preconditions import expected_tag, is_creation
from service_catalog.api.services import SERVICE_ID
from service_catalog.documents.examples import example
from service_catalog.documents.schemas.outcomes import WrittenSchema
from service_catalog.documents.schemas.writes import ChangesBody, ReasonQuery, ServiceBody
from service_catalog.domain.errors import (
    InvalidPrecondition,
    PreconditionRequired,
    RulesBroken,
    ServiceExists,
    StaleVersion,
    UnknownService,
)

blueprint = Blueprint(
    "editing",
    __name__,
    url_prefix=f"{API}/services",
    description="修改单个事项，限管理员 · Editing one service; for administrators.",
)

BOUND = (UnknownService, PreconditionRequired, InvalidPrecondition, StaleVersion)
"""What a write to one version of one service may be refused for."""


@blueprint.route("/<service_id>", methods=["PUT"], parameters=[SERVICE_ID])
@blueprint.arguments(ServiceBody, example=example("service-body"))
@blueprint.writes(
    "putService",
    WrittenSchema,
    example=example("written"),
    errors=(*BOUND, RulesBroken, ServiceExists),
    parameters=(IF_MATCH, IF_NONE_MATCH_ANY),
    creates=True,
)
def put_service(body: dict[str, Any], service_id: str) -> Response:
    """新建或整体替换事项 · Create or replace a service.

    With `If-None-Match: *` the service is created; with `If-Match` it takes the place of the version named. What GET
    gave may be sent back: members that the catalogue sets (`id`, `tags`, `schema`, `version`, `revision`,
    `updated_at`) are accepted with their current values only.
    """
    document, reason = body["service"], body["reason"]
    if is_creation():
        written = editing.create_service(current_catalogue(), current_actor(), service_id, document, reason)
    else:
        target = Target(service_id, expected_tag(), reason)
        written = editing.replace_service(current_catalogue(), current_actor(), target, document)
    return answer_written(written)


@blueprint.route("/<service_id>", methods=["PATCH"], parameters=[SERVICE_ID])
@blueprint.arguments(ChangesBody, example=example("changes-body"))
@blueprint.writes(
    "patchService",
    WrittenSchema,
    example=example("written"),
    errors=(*BOUND, RulesBroken),
    parameters=(IF_MATCH,),
)
def patch_service(body: dict[str, Any], service_id: str) -> Response:
    """修改事项的部分内容 · Edit part of a service.

    `changes` is an RFC 7396 merge patch; null sets a member back to unknown. `{"status": "active"}` brings a retired
    service back.
    """
    target = Target(service_id, expected_tag(), body["reason"])
    return answer_written(editing.edit_service(current_catalogue(), current_actor(), target, body["changes"]))


@blueprint.route("/<service_id>", methods=["DELETE"], parameters=[SERVICE_ID])
@blueprint.arguments(ReasonQuery, location="query")
@blueprint.writes(
    "retireService",
    WrittenSchema,
    example=example("written"),
    errors=BOUND,
    parameters=(IF_MATCH,),
    body=False,
)
def delete_service(query: dict[str, Any], service_id: str) -> Response:
    """停用事项 · Retire a service.

    It leaves the default list and stays readable, with its whole history; it can be brought back.
    """
    target = Target(service_id, expected_tag(), query["reason"])
    return answer_written(editing.retire_service(current_catalogue(), current_actor(), target))

"""Tagging one service, and thousands at once."""

from typing import Any

from flask import Response

from service_catalog.actions import tagging
from service_catalog.actions.editing import Target
from service_catalog.api.answering import answer_bulk, answer_written
from service_catalog.api.auth import current_actor
from service_catalog.api.contract import API, IDEMPOTENCY_KEY, IF_MATCH, Blueprint
from service_catalog.api.current import current_catalogue
from service_catalog.api.editing import BOUND
from service_catalog.api.preconditions import expected_tag, once
from service_catalog.api.services import SERVICE_ID
from service_catalog.documents.examples import example
from service_catalog.documents.schemas.outcomes import BulkSchema, WrittenSchema
from service_catalog.documents.schemas.writes import ReasonBody, ReasonQuery, TagChangesBody, TagsBody
from service_catalog.domain.errors import KeyReused, RulesBroken, StaleVersion
from service_catalog.domain.vocabulary import Tag

blueprint = Blueprint(
    "tagging",
    __name__,
    url_prefix=f"{API}/services",
    description="给单个事项打标签，限管理员 · Tagging one service; for administrators.",
)
bulk = Blueprint(
    "bulk",
    __name__,
    url_prefix=API,
    description="一次修订改动多个事项，限管理员 · Changing many services in one revision; for administrators.",
)

_ONE_TAG = f"<any{tuple(tag.value for tag in Tag)}:tag>"
TAG = {
    "in": "path",
    "name": "tag",
    "required": True,
    "description": "The tag.",
    "schema": {"$ref": "#/components/schemas/Tag"},
    "example": "single-window",
}


@blueprint.route("/<service_id>/tags", methods=["PUT"], parameters=[SERVICE_ID])
@blueprint.arguments(TagsBody, example=example("tags-body"))
@blueprint.writes(
    "putTags",
    WrittenSchema,
    example=example("written"),
    errors=(*BOUND, RulesBroken),
    parameters=(IF_MATCH,),
)
def put_tags(body: dict[str, Any], service_id: str) -> Response:
    """设置事项的全部标签 · Give a service exactly these tags.

    Exactly one visit tag is among them. `zero-visit` is refused (R2) while an audience has no online channel.
    """
    target = Target(service_id, expected_tag(), body["reason"])
    return answer_written(tagging.set_tags(current_catalogue(), current_actor(), target, body["tags"]))


@blueprint.route(f"/<service_id>/tags/{_ONE_TAG}", methods=["PUT"], parameters=[SERVICE_ID, TAG])
@blueprint.arguments(ReasonBody, example=example("reason-body"))
@blueprint.writes(
    "putTag",
    WrittenSchema,
    example=example("written"),
    errors=(*BOUND, RulesBroken),
    parameters=(IF_MATCH,),
    names_tag=True,
)
def put_tag(body: dict[str, Any], service_id: str, tag: str) -> Response:
    """给事项加一个标签 · Add one tag to a service.

    A visit tag takes the place of the other.
    """
    target = Target(service_id, expected_tag(), body["reason"])
    return answer_written(tagging.put_tag(current_catalogue(), current_actor(), target, tag))


@blueprint.route(f"/<service_id>/tags/{_ONE_TAG}", methods=["DELETE"], parameters=[SERVICE_ID, TAG])
@blueprint.arguments(ReasonQuery, location="query")
@blueprint.writes(
    "deleteTag",
    WrittenSchema,
    example=example("written"),
    errors=(*BOUND, RulesBroken),
    parameters=(IF_MATCH,),
    names_tag=True,
    body=False,
)
def delete_tag(query: dict[str, Any], service_id: str, tag: str) -> Response:
    """删除事项的一个标签 · Remove one tag from a service.

    A visit tag cannot be removed, since one of the two must stand: put the other one instead.
    """
    target = Target(service_id, expected_tag(), query["reason"])
    return answer_written(tagging.remove_tag(current_catalogue(), current_actor(), target, tag))


@bulk.route("/tag-changes", methods=["POST"])
@bulk.arguments(TagChangesBody, example=example("tag-changes-body"))
@bulk.writes(
    "changeTags",
    BulkSchema,
    example=example("bulk"),
    errors=(StaleVersion, RulesBroken, KeyReused),
    parameters=(IDEMPOTENCY_KEY,),
)
def change_tags(body: dict[str, Any]) -> Response:
    """批量改标签，最多一万项 · Change the tags of up to 10,000 services.

    All or nothing, as one revision. A `dry_run` answers what the call would do: each effect, each rule broken, the
    indicators before and after, and published totals that would no longer hold. Send its `revision` as
    `expected_revision` to do just that.
    """
    request = tagging.requested(body)
    return answer_bulk(tagging.change_tags(current_catalogue(), current_actor(), request, once()))

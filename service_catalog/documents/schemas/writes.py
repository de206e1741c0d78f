"""The bodies and parameters of the calls that write."""

from typing import Any

import marshmallow as ma

from service_catalog.documents.fields import Bilingual, Many, Nested, OneOf, StrictSchema, Truth, Whole, Words
from service_catalog.documents.schemas.service import LAST_REVISION, ServiceSchema
from service_catalog.domain.revisions import LONGEST_REASON
from service_catalog.domain.service import LONGEST_ID, SERVER_SET
from service_catalog.domain.vocabulary import Tag

MOST_TAG_CHANGES = 10_000
"""Services in one bulk change."""


def reason() -> Words:
    """Return the member or parameter that says why something is written."""
    return Words(
        longest=LONGEST_REASON,
        pattern=r"[\s\S]*\S[\s\S]*",
        required=True,
        metadata={
            "description": "Why. Reasons are public and stay in the log for ever: name no person.",
            "example": "按 2026 年 11 月核对结果更新",
        },
    )


def _dry_run(**options: Any) -> Truth:
    description = "Answer what the call would do, and do nothing."
    return Truth(load_default=False, metadata={"description": description, "example": False}, **options)


class ReasonBody(StrictSchema):
    """Nothing but why."""

    reason = reason()


class ReasonQuery(StrictSchema):
    """Why, as a parameter, where a call has no body."""

    reason = reason()


class ServiceInputSchema(ServiceSchema):
    """A service as somebody sends it: what GET gave may be sent back, members that the catalogue sets unchanged."""

    def __init__(self, **options: Any) -> None:
        """Let the members that the catalogue sets be absent."""
        super().__init__(**{**options, "partial": SERVER_SET})


class ServiceBody(StrictSchema):
    """A whole service."""

    service = Nested(ServiceInputSchema, required=True)
    reason = reason()


class Patch(Bilingual, ma.fields.Dict):
    """A merge patch over a service; what it leaves behind is checked, not the patch itself."""


class ChangesBody(StrictSchema):
    """Part of a service."""

    changes = Patch(
        required=True,
        metadata={
            "description": "RFC 7396 merge patch over the service; null sets a member back to unknown.",
            "maxProperties": 40,
            "additionalProperties": True,
            "example": {"single_window": False},
        },
    )
    reason = reason()


def _tags(description: str, **options: Any) -> Many:
    return Many(OneOf(Tag), most=3, distinct=True, metadata={"description": description}, **options)


class TagsBody(StrictSchema):
    """The tags that a service should have."""

    tags = _tags("Exactly one visit tag, and single-window where it holds.", required=True)
    reason = reason()


class TagChangeSchema(StrictSchema):
    """Tags to add to one service and to remove from it."""

    id = Words(longest=LONGEST_ID, required=True, metadata={"description": "Which service."})
    add = _tags("A visit tag takes the place of the other.", load_default=list)
    remove = _tags("A visit tag can be removed only where the other is added.", load_default=list)
    expected_version = Whole(
        least=1,
        most=LAST_REVISION,
        load_default=None,
        metadata={"description": "Refuse everything (412) where the service is not at this version."},
    )


class TagChangesBody(StrictSchema):
    """Tag changes of many services, carried out together or not at all."""

    changes = Many(
        Nested(TagChangeSchema),
        least=1,
        most=MOST_TAG_CHANGES,
        required=True,
        metadata={"description": "Each service at most once."},
    )
    reason = reason()
    dry_run = _dry_run()
    expected_revision = Whole(
        least=0,
        most=LAST_REVISION,
        load_default=None,
        metadata={"description": "Refuse everything (412) where one of the services has changed since this revision."},
    )


class RevertBody(StrictSchema):
    """Why a revision is undone."""

    reason = reason()
    dry_run = _dry_run()


class ImportQuery(StrictSchema):
    """Why a file is imported, and whether only to see what it would do."""

    reason = reason()
    dry_run = Truth(
        from_text=True,
        load_default=False,
        metadata={"description": "Answer what the call would do, and do nothing.", "example": True},
    )

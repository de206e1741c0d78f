"""The shapes of what writes answer, and of revisions under review."""

import marshmallow as ma

from service_catalog.documents.export import MOST_QUOTED
from service_catalog.documents.fields import Many, Nested, OneOf, StrictSchema, Truth, Whole, Words
from service_catalog.documents.schemas.answers import FiguresSchema, next_cursor
from service_catalog.documents.schemas.division import count
from service_catalog.documents.schemas.queries import LARGEST_LIMIT
from service_catalog.documents.schemas.service import LAST_REVISION, ServiceSchema
from service_catalog.documents.schemas.texts import text
from service_catalog.documents.schemas.writes import MOST_TAG_CHANGES
from service_catalog.domain.revisions import LONGEST_REASON, Action, Operation
from service_catalog.domain.rules import Rule
from service_catalog.domain.service import DIVISION_PATTERN, ID_PATTERN, LONGEST_ID, PREFIX_PATTERN
from service_catalog.domain.times import TIME_PATTERN
from service_catalog.domain.vocabulary import Status, Tag

WARNINGS = tuple(rule.value for rule in Rule if rule.is_warning)
OPERATIONS = (*(operation.value for operation in Operation), "unchanged")


def _revision(description: str, least: int = 0) -> Whole:
    return Whole(least=least, most=LAST_REVISION, required=True, metadata={"description": description})


class WarningSchema(StrictSchema):
    """Something about a service that could be better; it does not stand in the way."""

    rule = OneOf(WARNINGS, required=True, metadata={"description": "Which warning; see /vocabularies."})
    pointer = Words(longest=300, shortest=0, required=True, metadata={"description": "JSON Pointer into the service."})
    detail = Words(longest=1000, required=True, metadata={"description": "In English."})
    detail_zh = Words(longest=1000, required=True, metadata={"description": "In Chinese."})


def _warnings() -> Many:
    return Many(Nested(WarningSchema), most=100, required=True, metadata={"description": "What could be better."})


class WrittenSchema(StrictSchema):
    """A service after a write."""

    changed = Truth(required=True, metadata={"description": "False where it was so already: no revision was made."})
    service = Nested(ServiceSchema, required=True)
    warnings = _warnings()


def _some_tags(description: str) -> Many:
    return Many(OneOf(Tag), most=2, required=True, metadata={"description": description})


class TagsBeforeAfterSchema(StrictSchema):
    """A service's tags before and after."""

    before = _some_tags("Empty where the service did not exist.")
    after = _some_tags("As they are, or would be, afterwards.")


def _members() -> Many:
    description = "Members that differ."
    return Many(Words(longest=40), most=30, required=True, metadata={"description": description})


class EffectSchema(StrictSchema):
    """What a bulk change does to one service."""

    id = Words(longest=LONGEST_ID, pattern=ID_PATTERN, required=True, metadata={"description": "Which service."})
    op = OneOf(OPERATIONS, required=True, metadata={"description": "What happens to it."})
    version = _revision("Its version afterwards.", 1)
    changed = _members()
    tags = Nested(TagsBeforeAfterSchema, required=True)
    warnings = _warnings()


class BeforeAfterSchema(StrictSchema):
    """The 3140 figures of the smallest division that holds every service concerned."""

    before = Nested(FiguresSchema, required=True)
    after = Nested(FiguresSchema, required=True)


class FailingTotalSchema(StrictSchema):
    """A published total that the catalogue does not meet afterwards."""

    division = Words(
        longest=12, pattern=DIVISION_PATTERN, required=True, metadata={"description": "Whose total it is."}
    )
    figure = Words(longest=30, required=True, metadata={"description": "Its name."})
    declared = count("What was published.")
    actual = count("What the catalogue holds afterwards.")


EffectCountsSchema = StrictSchema.from_dict(
    {name: count(f"Services: {name}.") for name in OPERATIONS},
    name="EffectCounts",
)


class BulkSchema(StrictSchema):
    """What a bulk change did, or as a dry run would do."""

    dry_run = Truth(required=True, metadata={"description": "Whether nothing was done."})
    revision = _revision("The revision made; where none was, the present one.")
    counts = Nested(EffectCountsSchema, required=True)
    effects = Many(
        Nested(EffectSchema),
        most=MOST_TAG_CHANGES,
        required=True,
        metadata={"description": "Each effect; of a revert and an import the first 1,000."},
    )
    indicators = Nested(BeforeAfterSchema, required=True)
    totals = Many(
        Nested(FailingTotalSchema),
        most=120,
        required=True,
        metadata={"description": "Published totals of the divisions concerned that do not hold afterwards."},
    )


class RevisionSummarySchema(StrictSchema):
    """One write: who, when, what and why."""

    number = _revision("Its number.", 1)
    at = Words(longest=20, pattern=TIME_PATTERN, required=True, metadata={"description": "When, UTC."})
    actor = Words(longest=200, required=True, metadata={"description": "Public id of who wrote, as in the log."})
    actor_name = Words(
        longest=200,
        required=True,
        allow_none=True,
        metadata={"description": "Name of the token, null for the machine's operator and the seed."},
    )
    action = OneOf(tuple(Action), required=True, metadata={"description": "What they did."})
    reason = Words(longest=LONGEST_REASON, required=True, metadata={"description": "Why."})
    entries = Whole(least=1, most=LAST_REVISION, required=True, metadata={"description": "Log entries it made."})
    log_size = _revision("Entries in the log after it.", 1)


class RevisionSchema(RevisionSummarySchema):
    """One write with its signed checkpoint."""

    checkpoint = Words(longest=1000, required=True, metadata={"description": "C2SP signed note."})


class RevisionListSchema(StrictSchema):
    """One page of revisions, newest first."""

    items = Many(
        Nested(RevisionSummarySchema), most=LARGEST_LIMIT, required=True, metadata={"description": "Newest first."}
    )
    next = next_cursor()


class AnyValue(ma.fields.Raw):
    """The value of any member of a service; the answer is built from stored documents and never loaded."""

    def __init__(self, description: str) -> None:
        """Document every type that a member may have."""
        thing = {"type": "object", "maxProperties": 40, "additionalProperties": True}
        kinds = [
            {"type": "string", "maxLength": 2000},
            {"type": "integer", "minimum": 0, "maximum": 2**53 - 1},
            {"type": "boolean"},
            {"type": "null"},
            {"type": "array", "maxItems": 50, "items": {"anyOf": [thing, {"type": "string", "maxLength": 100}]}},
            thing,
        ]
        super().__init__(required=True, metadata={"description": description, "anyOf": kinds})


class MemberDifferenceSchema(StrictSchema):
    """One member of a service before and after."""

    member = Words(longest=40, required=True, metadata={"description": "Its name."})
    before = AnyValue("Its value before.")
    after = AnyValue("Its value after.")


class VersionsSchema(StrictSchema):
    """A service's versions at both revisions."""

    before = Whole(
        least=1, most=LAST_REVISION, required=True, allow_none=True, metadata={"description": "Null if there was none."}
    )
    after = _revision("Its version at the later revision.", 1)


def _changed() -> Many:
    description = "Each member that differs; empty for what is new."
    return Many(Nested(MemberDifferenceSchema), most=30, required=True, metadata={"description": description})


def _op() -> OneOf:
    return OneOf(
        tuple(Operation), required=True, metadata={"description": "What happened to it, everything taken together."}
    )


class ServiceDifferenceSchema(StrictSchema):
    """A service that differs between two revisions."""

    id = Words(longest=LONGEST_ID, pattern=ID_PATTERN, required=True, metadata={"description": "Which service."})
    op = _op()
    name = text("Its name at the later revision.")
    status = OneOf(Status, required=True, metadata={"description": "Its status at the later revision."})
    versions = Nested(VersionsSchema, required=True)
    tags = Nested(TagsBeforeAfterSchema, required=True)
    changed = _changed()


class DivisionDifferenceSchema(StrictSchema):
    """A division whose own document differs between two revisions."""

    division = Words(longest=12, pattern=DIVISION_PATTERN, required=True, metadata={"description": "Its code."})
    op = _op()
    name = text("Its name at the later revision.")
    changed = _changed()


class DiffFields(StrictSchema):
    """One page of what differs between two revisions, in id order; a page may hold fewer items than asked for."""

    to = _revision("The later revision.", 1)
    division = Words(
        longest=12,
        shortest=2,
        pattern=PREFIX_PATTERN,
        required=True,
        allow_none=True,
        metadata={"description": "Prefix of the divisions compared, null for all."},
    )
    divisions = Many(
        Nested(DivisionDifferenceSchema),
        most=MOST_QUOTED,
        required=True,
        allow_none=True,
        metadata={
            "description": "Of the divisions' own documents that exports quote, those that differ; null where the "
            "later export quotes none."
        },
    )
    items = Many(
        Nested(ServiceDifferenceSchema), most=LARGEST_LIMIT, required=True, metadata={"description": "Services, by id."}
    )
    next = next_cursor()


DiffSchema = DiffFields.from_dict({"from": _revision("The earlier revision.")}, name="Diff")

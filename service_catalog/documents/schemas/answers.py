"""The shapes of what the read calls answer, beside the documents themselves."""

from typing import Any

import marshmallow as ma

from service_catalog.documents.fields import Many, Nested, OneOf, StrictSchema, Truth, Whole, Words
from service_catalog.documents.schemas.division import DeclaredSchema, SourceSchema, count
from service_catalog.documents.schemas.queries import LARGEST_LIMIT
from service_catalog.documents.schemas.service import LAST_REVISION, ServiceSchema
from service_catalog.documents.schemas.texts import NameSchema
from service_catalog.domain.revisions import Action, Operation
from service_catalog.domain.rules import Rule
from service_catalog.domain.selection import TotalIs
from service_catalog.domain.service import ID_PATTERN, LONGEST_ID
from service_catalog.domain.times import TIME_PATTERN
from service_catalog.domain.vocabulary import VOCABULARIES, Audience, Code, Domain, LifeEvent, Tag

CURRENT_REVISION = "The revision at which this was read."


def _revision() -> Whole:
    return Whole(least=0, most=LAST_REVISION, required=True, metadata={"description": CURRENT_REVISION, "example": 1})


def _total_is() -> OneOf:
    return OneOf(
        tuple(TotalIs),
        required=True,
        metadata={"description": "With q the first 10,000 hits are counted: then total is only a lower bound."},
    )


def next_cursor() -> Words:
    """Return the member that leads to the next page."""
    return Words(
        longest=600,
        required=True,
        allow_none=True,
        metadata={"description": "The cursor of the next page, null on the last."},
    )


class ServiceListSchema(StrictSchema):
    """One page of services."""

    items = Many(
        Nested(ServiceSchema), most=LARGEST_LIMIT, required=True, metadata={"description": "The services, in order."}
    )
    total = count("All services under these filters.")
    total_is = _total_is()
    next = next_cursor()
    revision = _revision()


class SuggestionSchema(StrictSchema):
    """A name that may be meant, and a service that has it."""

    id = Words(longest=LONGEST_ID, pattern=ID_PATTERN, required=True, metadata={"description": "One such service."})
    name = Nested(NameSchema, required=True, metadata={"description": "Its name."})


class SuggestionListSchema(StrictSchema):
    """Names for a search box."""

    items = Many(
        Nested(SuggestionSchema), most=10, required=True, metadata={"description": "Each name once, likeliest first."}
    )
    revision = _revision()


class RemovalSchema(StrictSchema):
    """The notice that a service was retired: a copy that shows active services drops it."""

    id = Words(longest=LONGEST_ID, pattern=ID_PATTERN, required=True, metadata={"description": "Which service."})
    revision = Whole(least=1, most=LAST_REVISION, required=True, metadata={"description": "The write that retired it."})
    removed = Truth(required=True, metadata={"description": "Always true.", "enum": [True]})


class HistoryItemSchema(StrictSchema):
    """One version of a service and the write that made it."""

    version = Whole(least=1, most=LAST_REVISION, required=True, metadata={"description": "1, 2, 3 without gaps."})
    revision = Whole(least=1, most=LAST_REVISION, required=True, metadata={"description": "The write that made it."})
    at = Words(longest=20, pattern=TIME_PATTERN, required=True, metadata={"description": "When, UTC."})
    actor = Words(longest=200, required=True, metadata={"description": "Public id of who wrote."})
    action = OneOf(tuple(Action), required=True, metadata={"description": "What they did."})
    op = OneOf(tuple(Operation), required=True, metadata={"description": "What happened to the service."})
    reason = Words(longest=2000, required=True, metadata={"description": "Why; reasons are public."})
    changed = Many(
        Words(longest=40),
        most=30,
        required=True,
        metadata={"description": "Members that differ from the version before."},
    )
    sha256 = Words(
        longest=64,
        pattern=r"[0-9a-f]{64}",
        required=True,
        metadata={"description": "Digest of the document, its ETag."},
    )


class HistorySchema(StrictSchema):
    """One page of a service's versions, newest first."""

    items = Many(
        Nested(HistoryItemSchema), most=LARGEST_LIMIT, required=True, metadata={"description": "Its versions."}
    )
    next = next_cursor()
    revision = _revision()


class ChangeField(ma.fields.Field[Any]):
    """A service document, or the notice that one was retired."""

    def __init__(self) -> None:
        """Document both shapes; what is served are stored bytes, so nothing is ever loaded or dumped."""
        references = [{"$ref": f"#/components/schemas/{name}"} for name in ("Service", "Removal")]
        super().__init__(metadata={"oneOf": references})


class ChangeListSchema(StrictSchema):
    """One page of changes, oldest first."""

    items = Many(ChangeField(), most=LARGEST_LIMIT, required=True, metadata={"description": "What to take in."})
    next = next_cursor()
    revision = Whole(
        least=0,
        most=LAST_REVISION,
        required=True,
        metadata={"description": "Where the copy stands after the last page: its next since.", "example": 1},
    )


def _counts(name: str, codes: type[Code]) -> type[ma.Schema]:
    fields: dict[str, ma.fields.Field[Any]] = {
        code.value: count(f"{code.label.zh}: {code.label.en}.") for code in codes
    }
    return StrictSchema.from_dict(fields, name=name)


class FacetsSchema(StrictSchema):
    """How many services have each value, under the given filters."""

    total = count("All services under these filters.")
    total_is = _total_is()
    tag = Nested(_counts("TagCounts", Tag), required=True)
    domain = Nested(_counts("DomainCounts", Domain), required=True)
    audience = Nested(_counts("AudienceCounts", Audience), required=True)
    online_for = Nested(_counts("OnlineForCounts", Audience), required=True)
    life_event = Nested(_counts("LifeEventCounts", LifeEvent), required=True)
    revision = _revision()


class OnlineFiguresSchema(StrictSchema):
    """Online for whom: these overlap, since a service may be online for both."""

    individual = count("Online for individuals.")
    enterprise = count("Online for enterprises.")
    any = count("Online for anybody.")
    both = count("Online for both.")


def _share(description: str) -> ma.fields.Float:
    return ma.fields.Float(
        required=True,
        allow_none=True,
        metadata={
            "description": f"{description} Four decimals, null where there is no service.",
            "minimum": 0,
            "maximum": 1,
        },
    )


class OnlineSharesSchema(StrictSchema):
    """The online figures as parts of the total."""

    individual = _share("Online for individuals.")
    enterprise = _share("Online for enterprises.")
    any = _share("Online for anybody.")
    both = _share("Online for both.")


class SharesSchema(StrictSchema):
    """The figures as parts of the total, 0 to 1."""

    zero_visit = _share("一次不用跑.")
    one_visit = _share("最多跑一次.")
    single_window = _share("一窗通办.")
    online = Nested(OnlineSharesSchema, required=True)


class DifferenceSchema(StrictSchema):
    """A declared figure that the catalogue does not meet."""

    figure = Words(longest=30, required=True, metadata={"description": "Its name.", "example": "online.individual"})
    declared = count("What was published.")
    actual = count("What the catalogue holds.")


class DeclaredFiguresSchema(DeclaredSchema):
    """The control totals of the divisions asked for that published any, summed, beside the actual figures."""

    divisions = count("How many divisions published totals.")
    sources = Many(
        Nested(SourceSchema), most=10, required=True, metadata={"description": "Where; the first ten by division."}
    )
    holds = Truth(required=True, metadata={"description": "Whether the catalogue meets every declared figure."})
    differences = Many(
        Nested(DifferenceSchema), most=6, required=True, metadata={"description": "The figures that differ."}
    )


class FiguresSchema(StrictSchema):
    """The 3140 figures: active services by visits, window and channels, declared beside actual."""

    division = Words(
        longest=12, required=True, allow_none=True, metadata={"description": "As asked; null is everything."}
    )
    divisions = count("How many divisions have active services.")
    total = count("All services.")
    zero_visit = count("一次不用跑: nobody need come.")
    one_visit = count("最多跑一次: at most one visit.")
    single_window = count("一窗通办: any window takes it.")
    online = Nested(OnlineFiguresSchema, required=True)
    shares = Nested(SharesSchema, required=True)
    declared = Nested(DeclaredFiguresSchema, required=True, allow_none=True)


class IndicatorsSchema(FiguresSchema):
    """The 3140 figures and when they were so."""

    revision = _revision()


class LabelSchema(StrictSchema):
    """A code's label."""

    zh = Words(longest=100, required=True, metadata={"description": "Chinese label."})
    en = Words(longest=100, required=True, metadata={"description": "English label."})


class TermSchema(StrictSchema):
    """A code with its label."""

    code = Words(longest=40, required=True, metadata={"description": "The code, as documents carry it."})
    label = Nested(LabelSchema, required=True)


def _terms(description: str) -> Many:
    return Many(Nested(TermSchema), most=100, required=True, metadata={"description": description})


VocabulariesSchema = StrictSchema.from_dict(
    {
        name: _terms((codes.__doc__ or "").partition(":")[0].strip().rstrip(".") + ".")
        for name, codes in {**VOCABULARIES, "rules": Rule}.items()
    },
    name="Vocabularies",
)


def _link(description: str) -> Words:
    return Words(longest=200, required=True, metadata={"description": description})


class LinksSchema(StrictSchema):
    """Where to go from here, relative to this server."""

    services = _link("List and search services.")
    suggestions = _link("Names while somebody types.")
    service = _link("One service; a URI template.")
    history = _link("A service's versions; a URI template.")
    changes = _link("What a copy must take in, from an empty one on.")
    export = _link("A revision as a file; the latest where none is named.")
    facets = _link("Counts under filters.")
    indicators = _link("The 3140 figures.")
    vocabularies = _link("Code lists.")
    checkpoint = _link("The log's signed head.")
    entries = _link("The log's entries.")
    proof = _link("Proof that an entry is in the log; takes index or service.")
    consistency = _link("Proof that the log was only appended to.")
    revisions = _link("Who changed what, when and why; for auditors and administrators.")
    revision = _link("One revision; a URI template.")
    diff = _link("What differs between two revisions; a URI template.")
    openapi = _link("This contract as OpenAPI 3.1.")
    documentation = _link("The contract as a page.")
    errors = _link("Every error code, explained on a page.")
    health = _link("Whether the process lives.")
    readiness = _link("Whether the catalogue can answer.")


class EntrySchema(StrictSchema):
    """What this API is and where its calls are."""

    name = Nested(LabelSchema, required=True)
    version = Words(longest=40, required=True, metadata={"description": "Release of this catalogue."})
    revision = _revision()
    links = Nested(LinksSchema, required=True)


class HealthSchema(StrictSchema):
    """The process is up."""

    status = OneOf(("ok",), required=True, metadata={"description": "Always ok where it answers at all."})


class ReadinessSchema(StrictSchema):
    """The catalogue can answer."""

    status = OneOf(
        ("ready",), required=True, metadata={"description": "Ready: database and tables are as they must be."}
    )
    revision = _revision()

"""The shape of a service document, and of the part of it that a writer decides."""

from service_catalog.documents.fields import Codes, Many, Nested, OneOf, PlainSchema, Truth, Whole, Words
from service_catalog.documents.schemas.texts import NameSchema, text
from service_catalog.domain.service import CODE_PATTERN, DIVISION_PATTERN, ID_PATTERN, LONGEST_ID, SCHEMA
from service_catalog.domain.times import TIME_PATTERN
from service_catalog.domain.vocabulary import (
    Audience,
    Authentication,
    Basis,
    Confidence,
    DayUnit,
    Depth,
    Domain,
    FlagOrigin,
    Handling,
    LifeEvent,
    MaterialForm,
    MatterType,
    Platform,
    Status,
    Tag,
)

LAST_REVISION = 2**31 - 1


class OnlineChannelSchema(PlainSchema):
    """One way to do a service online, for one audience."""

    audience = OneOf(Audience, required=True, metadata={"description": "Whom the channel serves."})
    platform = OneOf(Platform, required=True, metadata={"description": "What the channel runs on."})
    name = text("The channel's own name, null where unknown.", nullable=True)
    url = Words(
        longest=500,
        pattern=r"https?://[^\s]+",
        required=True,
        allow_none=True,
        metadata={"description": "Where the channel is, null where unknown."},
    )
    depth = OneOf(Depth, required=True, allow_none=True, metadata={"description": "How far it goes, null if unknown."})
    authentication = OneOf(
        Authentication,
        required=True,
        allow_none=True,
        metadata={"description": "How a person proves who they are, null where unknown."},
    )


class TimeLimitSchema(PlainSchema):
    """A number of days and their unit."""

    days = Whole(least=0, most=3650, required=True, metadata={"description": "Number of days."})
    unit = OneOf(DayUnit, required=True, allow_none=True, metadata={"description": "Null where the source is open."})
    note = text("What the number leaves out, null for nothing.", nullable=True)


class TimeLimitsSchema(PlainSchema):
    """The time the law allows and the shorter one that is promised; null where there is none."""

    statutory = Nested(TimeLimitSchema, required=True, allow_none=True)
    promised = Nested(TimeLimitSchema, required=True, allow_none=True)


class LegalBasisSchema(PlainSchema):
    """设定依据: the law or document a service rests on."""

    title = Words(longest=300, required=True, metadata={"description": "Title as published, in Chinese."})
    document_number = Words(
        longest=100, required=True, allow_none=True, metadata={"description": "文号, null where there is none."}
    )
    article = Words(longest=200, required=True, allow_none=True, metadata={"description": "Articles, as cited."})


class MaterialSchema(PlainSchema):
    """Something to bring or upload."""

    name = Nested(NameSchema, required=True, metadata={"description": "What it is called."})
    required = Truth(
        required=True, allow_none=True, metadata={"description": "False where it depends on the case, null if unknown."}
    )
    form = OneOf(MaterialForm, required=True, allow_none=True, metadata={"description": "Null where unknown."})


class FeeSchema(PlainSchema):
    """A charge: an amount, a text, or both."""

    amount = Whole(
        least=0, most=10**12, required=True, allow_none=True, metadata={"description": "In fen (1/100 yuan)."}
    )
    text = text("Where the amount is not fixed, what applies.", nullable=True)


class ProvenanceSchema(PlainSchema):
    """What an entry rests on. Only totals and five names are published; all else is a reconstruction."""

    basis = OneOf(Basis, required=True, metadata={"description": "What the entry rests on."})
    confidence = OneOf(Confidence, required=True, metadata={"description": "How sure it is that it exists as named."})
    flags = OneOf(
        FlagOrigin, required=True, metadata={"description": "Where visit, window and channel flags come from."}
    )
    note = text("Sources and doubts in plain words.", nullable=True)


class ServiceContentSchema(PlainSchema):
    """The part of a service that a writer decides."""

    division = Words(
        longest=12,
        pattern=DIVISION_PATTERN,
        required=True,
        metadata={"description": "行政区划代码 of 6, 9 or 12 digits.", "example": "430203"},
    )
    code = Words(
        longest=100,
        pattern=CODE_PATTERN,
        required=True,
        metadata={"description": "The service's name within its division.", "example": "card-application"},
    )
    name = text("What the service is called.", zh="社会保障卡申领", en="Application for a social security card")
    summary = text("One or two plain sentences for whoever needs it.")
    domain = OneOf(Domain, required=True, metadata={"description": "业务板块: the area of business."})
    audiences = Many(
        OneOf(Audience), most=2, distinct=True, required=True, metadata={"description": "Whom the service is for."}
    )
    visits = Whole(least=0, most=1, required=True, metadata={"description": "Upper bound of visits: 0 or 1."})
    single_window = Truth(required=True, metadata={"description": "一窗通办: any window takes it."})
    online_channels = Many(
        Nested(OnlineChannelSchema),
        most=20,
        required=True,
        metadata={"description": "Ways to do it online; may be none."},
    )
    matter_type = OneOf(MatterType, required=True, metadata={"description": "事项类型: its legal nature."})
    handling = OneOf(Handling, required=True, metadata={"description": "办件类型: on the spot or within a time."})
    time_limits = Nested(TimeLimitsSchema, required=True)
    legal_basis = Many(
        Nested(LegalBasisSchema), most=30, required=True, metadata={"description": "Laws and documents it rests on."}
    )
    materials = Many(
        Nested(MaterialSchema), most=50, required=True, metadata={"description": "What to bring or upload."}
    )
    fees = Many(Nested(FeeSchema), most=20, required=True, metadata={"description": "Charges; none means free."})
    life_events = Many(
        OneOf(LifeEvent), most=12, distinct=True, required=True, metadata={"description": "一件事: when it is needed."}
    )
    codes = Codes(
        most=10, required=True, metadata={"description": "Official codes by scheme; empty unless truly known."}
    )
    provenance = Nested(ProvenanceSchema, required=True)
    status = OneOf(Status, required=True, metadata={"description": "Retired entries stay readable."})


class ServiceSchema(ServiceContentSchema):
    """One service, exactly as it is stored and served: what a writer decided and what the catalogue added."""

    id = Words(
        longest=LONGEST_ID,
        pattern=ID_PATTERN,
        required=True,
        metadata={"description": "Identity, division-code; it never changes.", "example": "430203-card-application"},
    )
    tags = Many(
        OneOf(Tag), most=2, distinct=True, required=True, metadata={"description": "Computed from visits and window."}
    )
    schema = Whole(least=1, most=SCHEMA, required=True, metadata={"description": "Version of this shape."})
    version = Whole(least=1, most=LAST_REVISION, required=True, metadata={"description": "1, 2, 3 for each service."})
    revision = Whole(
        least=1, most=LAST_REVISION, required=True, metadata={"description": "The write that last touched it."}
    )
    updated_at = Words(
        longest=20,
        pattern=TIME_PATTERN,
        required=True,
        metadata={"description": "When that was, UTC.", "format": "date-time", "example": "2026-11-24T08:00:00Z"},
    )

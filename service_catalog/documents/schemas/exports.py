"""The shape of an export in JSON, for the contract; what writes and reads the file is ``documents.export``."""

from service_catalog.documents.export import FORMAT, MOST_QUOTED
from service_catalog.documents.fields import Many, Nested, OneOf, StrictSchema, Whole, Words
from service_catalog.documents.schemas.division import DivisionSchema, count
from service_catalog.documents.schemas.service import LAST_REVISION, ServiceSchema
from service_catalog.documents.schemas.texts import text
from service_catalog.domain.service import PREFIX_PATTERN

MOST_SERVICES = 100_000
"""Services in one answer; even the largest that may be set holds fewer."""

LONGEST_CHECKPOINT = 1000

LONGEST_LOCATION = 400


class ExportFiltersSchema(StrictSchema):
    """What an export was narrowed to."""

    division = Words(
        longest=12,
        shortest=2,
        pattern=PREFIX_PATTERN,
        required=True,
        allow_none=True,
        metadata={"description": "Prefix of the divisions, null for all."},
    )


class ExportHeaderSchema(StrictSchema):
    """What an export is of."""

    format = OneOf((FORMAT,), required=True, metadata={"description": "Name and version of the format."})
    origin = Words(longest=200, required=True, metadata={"description": "The log's name."})
    revision = Whole(least=1, most=LAST_REVISION, required=True, metadata={"description": "Which revision."})
    log_size = Whole(least=1, most=LAST_REVISION, required=True, metadata={"description": "Entries of its log."})
    filters = Nested(ExportFiltersSchema, required=True)
    notice = text("What every reader must know, where all divisions say the same; else null.", nullable=True)
    divisions = Many(
        Nested(DivisionSchema),
        most=MOST_QUOTED,
        required=True,
        metadata={"description": f"The divisions' own documents; none where over {MOST_QUOTED} are concerned."},
    )


class ExportTrailerSchema(StrictSchema):
    """How an export ends."""

    count = count("Services.")
    sha256 = Words(
        longest=64,
        shortest=64,
        pattern="[0-9a-f]{64}",
        required=True,
        metadata={"description": "SHA-256 over each service's line and a line feed."},
    )
    checkpoint = Words(
        longest=LONGEST_CHECKPOINT, required=True, metadata={"description": "The revision's signed checkpoint."}
    )


class ExportSchema(StrictSchema):
    """A revision of the catalogue as a file of evidence, in canonical JSON (RFC 8785)."""

    header = Nested(ExportHeaderSchema, required=True)
    services = Many(
        Nested(ServiceSchema),
        most=MOST_SERVICES,
        required=True,
        metadata={"description": "The services in order of their ids, retired ones too."},
    )
    trailer = Nested(ExportTrailerSchema, required=True)


class ExportProgressSchema(StrictSchema):
    """How far the file of a large export is."""

    status = OneOf(
        ("writing", "waiting", "ready"),
        required=True,
        metadata={
            "description": "Being written; waiting for another that is; or there, at `location`.",
        },
    )
    revision = Whole(least=1, most=LAST_REVISION, required=True, metadata={"description": "Which revision."})
    location = Words(
        longest=LONGEST_LOCATION,
        required=True,
        allow_none=True,
        metadata={"description": "Where the file is, null until it is there."},
    )
    message = text("What is happening, and what to do.")

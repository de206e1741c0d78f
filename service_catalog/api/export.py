"""Exports: a revision of the catalogue as a file, which stays the same for ever."""

from urllib.parse import urlencode

from flask import Response

from service_catalog.actions import exporting
from service_catalog.api.answering import FOREVER, REVALIDATE, answer_file
from service_catalog.api.contract import API, Blueprint
from service_catalog.api.current import current_catalogue
from service_catalog.documents.examples import example, example_text
from service_catalog.documents.schemas.exports import ExportSchema
from service_catalog.documents.schemas.queries import ExportQuery
from service_catalog.domain.errors import ExportTooLarge, InvalidParameters, UnknownRevision
from service_catalog.domain.selection import ExportFormat, ExportRequest

LARGEST_EXPORT = 8 * 2**20
"""Bytes of an export that is put together while a reader waits."""

LONGEST_SHEET = 1_000
"""Services of a workbook that is written while a reader waits, which takes longer than any other format."""

MEDIA_TYPES = {
    ExportFormat.JSON: "application/json",
    ExportFormat.JSONL: "application/jsonl",
    ExportFormat.CSV: "text/csv; charset=utf-8",
    ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ExportFormat.JSONLD: "application/ld+json",
}

HEADERS = {
    "Content-Disposition": {
        "description": "The file's name.",
        "schema": {"type": "string", "maxLength": 200},
        "example": 'attachment; filename="service-catalog-430203-r1.json"',
    },
    "Content-Location": {
        "description": "Where these very bytes stay; absent where `revision` was asked for.",
        "schema": {"type": "string", "maxLength": 200},
        "example": f"{API}/export?revision=1&format=json",
    },
    "Content-Digest": {
        "description": "RFC 9530: SHA-256 of the body.",
        "schema": {"type": "string", "maxLength": 60, "pattern": "^sha-256=:[A-Za-z0-9+/]{43}=:$"},
        "example": "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:",
    },
}

_TEXT = {"type": "string", "maxLength": LARGEST_EXPORT}
_GRAPH = {
    "type": "object",
    "description": "The services as CPSV-AP 3.2 describes them; a rendition, no evidence.",
    "required": ["@context", "@graph"],
    "properties": {
        "@context": {"type": "object", "maxProperties": 200, "additionalProperties": True},
        "@graph": {
            "type": "array",
            "maxItems": LARGEST_EXPORT,
            "items": {"type": "object", "maxProperties": 50, "additionalProperties": True},
        },
    },
}

blueprint = Blueprint(
    "export",
    __name__,
    url_prefix=f"{API}/export",
    description="导出：供审计留存的文件 · Export: files of evidence, for auditors.",
)


@blueprint.route("")
@blueprint.arguments(ExportQuery, location="query")
@blueprint.reads(
    "exportCatalogue",
    ExportSchema,
    example=example("export"),
    errors=(InvalidParameters, UnknownRevision, ExportTooLarge),
    headers=HEADERS,
    other_content={
        MEDIA_TYPES[ExportFormat.JSONL]: {"schema": _TEXT, "example": example_text("export-jsonl")},
        "text/csv": {"schema": _TEXT, "example": example_text("services-csv")},
        MEDIA_TYPES[ExportFormat.XLSX]: {"schema": _TEXT | {"format": "binary"}},
        MEDIA_TYPES[ExportFormat.JSONLD]: {"schema": _GRAPH, "example": example("export-jsonld")},
    },
)
def get_export(request: ExportRequest) -> Response:
    """导出一个修订 · Export a revision.

    As `json`, `jsonl` and `csv` the same revision gives the same bytes for ever. `json` and `jsonl` hold a header, each
    service as it is stored (retired ones too, in order of their ids), and a trailer with count, digest and signed
    checkpoint; `csv` holds the services as a table. `xlsx`, a workbook, and `jsonld`, CPSV-AP 3.2, are renditions for
    reading and exchange, which prove nothing and may look otherwise in a later release. At most 8 MiB, or 1,000
    services as `xlsx`; the command `service-catalog export` has no such bound.
    """
    exported = exporting.export(current_catalogue(), request, LONGEST_SHEET)
    is_named = request.revision is not None
    return answer_file(
        exporting.whole(exported, LARGEST_EXPORT),
        name=exported.name,
        content_type=MEDIA_TYPES[request.format],
        cache_control=FOREVER if is_named else REVALIDATE,
        location=None if is_named else _address(exported.revision, request),
    )


def _address(revision: int, request: ExportRequest) -> str:
    """Return the address of an export by the number of its revision, relative to the server."""
    among = {"division": request.division} if request.division else {}
    return f"{API}/export?{urlencode({'revision': revision, **among, 'format': request.format})}"

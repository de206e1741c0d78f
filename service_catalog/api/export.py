"""Exports: a revision of the catalogue as a file, which stays the same for ever."""

from typing import Any
from urllib.parse import urlencode

from flask import Response

from service_catalog.actions import exporting
from service_catalog.actions.export_folder import Progress
from service_catalog.actions.exporting import FoundExport
from service_catalog.api.answering import FOREVER, REVALIDATE, answer_file
from service_catalog.api.contract import API, WAIT_HEADER, Blueprint
from service_catalog.api.current import current_catalogue, current_exports
from service_catalog.documents.canonical import compact
from service_catalog.documents.examples import example, example_text
from service_catalog.documents.schemas.exports import LONGEST_LOCATION, ExportProgressSchema, ExportSchema
from service_catalog.documents.schemas.queries import ExportQuery
from service_catalog.domain.errors import ExportsUnavailable, ExportTooLarge, InvalidParameters, UnknownRevision
from service_catalog.domain.selection import ExportFormat, ExportRequest

LARGEST_EXPORT = 2**27
"""Bytes that no answer exceeds: twice what may be set, since a frame and quotation marks are added to documents."""

WAIT = 2
"""Seconds after which to ask again for a file that is being written."""

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

MESSAGES = {
    Progress.WRITING: {
        "zh": "导出较大，正在写成文件；请按 Retry-After 稍后再问同一地址，写好后会转到文件",
        "en": "a large export: its file is being written; ask here again after Retry-After to be led to it",
    },
    Progress.WAITING: {
        "zh": "导出较大，须等另一个导出文件写完；请按 Retry-After 稍后再问同一地址",
        "en": "a large export: another one is being written first; ask here again after Retry-After",
    },
}
_READY = {"zh": "导出较大，已写成文件，见 location", "en": "a large export: its file is at location"}
_UNDER_WAY = {"status": "writing", "revision": 1, "location": None, "message": MESSAGES[Progress.WRITING]}
_FILE = "/exports/service-catalog-r1-8c51e2a4f0b7.json"

OTHER_ANSWERS = {
    202: {
        "description": "Larger: its file is being written; ask again.",
        "headers": WAIT_HEADER,
        "content": {"application/json": {"schema": ExportProgressSchema, "example": _UNDER_WAY}},
    },
    303: {
        "description": "Larger: its file is at `Location`.",
        "headers": {
            "Location": {
                "description": "The file, on this server or on another.",
                "schema": {"type": "string", "maxLength": LONGEST_LOCATION},
                "example": _FILE,
            }
        },
        "content": {
            "application/json": {
                "schema": ExportProgressSchema,
                "example": {"status": "ready", "revision": 1, "location": _FILE, "message": _READY},
            }
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
    errors=(InvalidParameters, UnknownRevision, ExportTooLarge, ExportsUnavailable),
    headers=HEADERS,
    other_answers=OTHER_ANSWERS,
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
    reading and exchange, which prove nothing and may look otherwise in a later release. What is larger than 8 MiB is
    written to a file once: 202 until it is there, then 303.
    """
    catalogue, folder = current_catalogue(), current_exports()
    found = exporting.find_export(catalogue, request)
    address = folder.find(found)
    if address is not None:
        return _answer_elsewhere(found, address)
    body = None if folder.is_large(found) else exporting.small_export(catalogue, found, folder.at_once)
    if body is None:
        return _answer_later(found, folder.begin(found))
    is_named = request.revision is not None
    return answer_file(
        body,
        name=found.named.name,
        content_type=MEDIA_TYPES[found.format],
        cache_control=FOREVER if is_named else REVALIDATE,
        location=None if is_named else _address(found),
    )


def _address(found: FoundExport) -> str:
    """Return the address of an export by the number of its revision, relative to the server."""
    return f"{API}/export?{urlencode(found.named.parameters)}"


def _answer_elsewhere(found: FoundExport, address: str) -> Response:
    response = _tell(found, 303, {"status": "ready", "location": address, "message": _READY})
    response.headers["Location"] = address
    return response


def _answer_later(found: FoundExport, progress: Progress) -> Response:
    response = _tell(found, 202, {"status": progress, "location": None, "message": MESSAGES[progress]})
    response.headers["Retry-After"] = str(WAIT)
    return response


def _tell(found: FoundExport, status: int, members: dict[str, Any]) -> Response:
    body = compact({"revision": found.revision.number, **members})
    response = Response(body, status=status, content_type="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response

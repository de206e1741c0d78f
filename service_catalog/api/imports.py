"""Importing a file of services."""

import io
from collections.abc import Mapping
from typing import Any

from flask import Response, request
from werkzeug.exceptions import UnsupportedMediaType

from service_catalog.actions import importing
from service_catalog.actions.importing import MOST_ROWS, ImportRequest
from service_catalog.api.answering import answer_bulk
from service_catalog.api.auth import current_actor
from service_catalog.api.contract import API, IDEMPOTENCY_KEY, Blueprint
from service_catalog.api.current import current_catalogue
from service_catalog.api.parsing import LARGEST_BODY
from service_catalog.api.preconditions import once
from service_catalog.documents.examples import example, example_text
from service_catalog.documents.schemas.outcomes import BulkSchema
from service_catalog.documents.schemas.writes import ImportQuery, ServiceInputSchema
from service_catalog.documents.tabular.formats import ImportFormat, format_of_media_type
from service_catalog.domain.errors import KeyReused, RulesBroken, StaleVersion, TooManyRows, UnreadableFile

blueprint = Blueprint(
    "imports",
    __name__,
    url_prefix=f"{API}/imports",
    description="导入文件，限管理员 · Importing files; for administrators.",
)

_TEXT = {"type": "string", "maxLength": LARGEST_BODY}
FILE = {
    "required": True,
    "description": "The file itself; its format is told by Content-Type.",
    "content": {
        ImportFormat.JSON.media_type: {
            "schema": {"type": "array", "maxItems": MOST_ROWS, "items": ServiceInputSchema},
            "example": [example("service")],
        },
        ImportFormat.JSONL.media_type: {"schema": _TEXT, "example": example_text("services-jsonl")},
        ImportFormat.CSV.media_type: {"schema": _TEXT, "example": example_text("services-csv")},
        ImportFormat.XLSX.media_type: {"schema": _TEXT | {"format": "binary"}},
    },
}


@blueprint.route("", methods=["POST"])
@blueprint.arguments(ImportQuery, location="query")
@blueprint.doc(requestBody=FILE)
@blueprint.writes(
    "importServices",
    BulkSchema,
    example=example("bulk"),
    errors=(UnreadableFile, TooManyRows, StaleVersion, RulesBroken, KeyReused),
    parameters=(IDEMPOTENCY_KEY,),
)
def import_services(query: Mapping[str, Any]) -> Response:
    """从文件导入事项 · Import a file of services.

    JSON, JSONL, CSV or XLSX; all rows or none, as one revision. A row with a `version` changes the service that is at
    this version, one without only creates; services that are not in the file stay. Faults come by row and column, all
    at once (the first 1,000, and their number). At most 20,000 rows.
    """
    file_format = format_of_media_type(request.headers.get("Content-Type", ""))
    if file_format is None:
        raise UnsupportedMediaType
    file = io.BytesIO(request.get_data(cache=True))
    asked = ImportRequest(file, file_format, query["reason"], query["dry_run"], MOST_ROWS)
    return answer_bulk(importing.import_services(current_catalogue(), current_actor(), asked, once()))

"""The page by which administrators upload a file of services: its faults by cell, what it would change, the import."""

import io
import json
import re
import secrets
from dataclasses import dataclass
from typing import Any

from flask import Response, current_app, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge

from service_catalog.actions.filling_in import template
from service_catalog.actions.importing import MOST_ROWS, MOST_TOLD, ImportRequest, import_services
from service_catalog.actions.writing import Once
from service_catalog.console.chosen_files import LARGEST, ChosenFile, chosen_file
from service_catalog.console.current import latest_catalogue
from service_catalog.console.pages import export_address
from service_catalog.console.sessions import PrivatePages, answer_in_private, current_actor
from service_catalog.console.texts import TEXTS
from service_catalog.documents.query_strings import read_query
from service_catalog.documents.schemas.writes import ImportQuery
from service_catalog.documents.tabular.formats import ImportFormat
from service_catalog.domain.errors import CatalogueError, InvalidParameters
from service_catalog.domain.revisions import LONGEST_REASON, digest_of
from service_catalog.domain.selection import ExportFormat, ExportRequest
from service_catalog.domain.vocabulary import Text

TEMPLATE_NAME = "services-template.xlsx"
"""How the command calls the template, too."""

RETRIED = (429, 503)
"""Statuses after which the same file may be sent again as it is."""

_KEY = re.compile(r"[0-9a-f]{32}")

pages = PrivatePages("upload_pages", __name__)


@dataclass(frozen=True, slots=True)
class Form:
    """What the reader filled in.

    ``key`` is that of one preview, which is imported once however often it is sent; ``previewed`` is the SHA-256 of
    the file that was shown, so that no other one is imported unseen.
    """

    reason: str = ""
    file: ChosenFile | None = None
    key: str = ""
    previewed: str = ""

    @classmethod
    def sent(cls) -> "Form":
        """Return the present form as it was filled in."""
        given = request.form
        return cls(given.get("reason", "").strip(), chosen_file(), given.get("key", ""), given.get("previewed", ""))

    @property
    def is_import(self) -> bool:
        """Tell whether the file is to be imported, and is the one whose effect was shown."""
        return self.file is not None and self.previewed == digest_of(self.file.content)

    def wrong(self) -> dict[str, Text]:
        """Return what is wrong with each field, by its name."""
        wrong = {}
        if self.file is None:
            wrong["file"] = TEXTS["upload.file_missing"]
        try:
            read_query(ImportQuery(), [("reason", self.reason)] if self.reason else [], 0)
        except InvalidParameters as error:
            wrong["reason"] = error.places[0].message
        return wrong


@pages.page("/admin/upload", methods=("GET", "POST"))
def upload_file() -> Response:
    """Ask for a file and a reason; tell what is wrong with the file, or what it would change; import it."""
    if request.method != "POST":
        return _page(Form())
    try:
        form = Form.sent()
    except RequestEntityTooLarge:
        return _page(Form(), 413, wrong={"file": TEXTS["upload.file_too_large"]})
    if form.file is None or (wrong := form.wrong()):
        return _page(form, 422, wrong=wrong)
    try:
        outcome = _imported(form.file, form)
    except CatalogueError as error:
        return _page(form, status_of(error), error=error)
    if form.is_import and _changes(outcome):
        return onward(url_for("admin_pages.show_revision", number=outcome["revision"], done=1))
    return _page(form, outcome=outcome)


@pages.page("/admin/upload/template.xlsx")
def get_template() -> Response:
    """Answer the blank spreadsheet that ``service-catalog template`` writes."""
    response = Response(template(), content_type=ImportFormat.XLSX.media_type)
    response.headers["Content-Disposition"] = f"attachment; filename={TEMPLATE_NAME}"
    response.headers["Cache-Control"] = "no-store"
    return response


def _imported(file: ChosenFile, form: Form) -> dict[str, Any]:
    """Return the API's own answer: to the import of what was shown, or else to its dry run."""
    wanted = ImportRequest(io.BytesIO(file.content), file.format, form.reason, not form.is_import, MOST_ROWS)
    once = Once(form.key, form.previewed) if _KEY.fullmatch(form.key) else None
    answer: dict[str, Any] = json.loads(import_services(latest_catalogue(), current_actor(), wanted, once))
    return answer


def status_of(error: CatalogueError) -> int:
    return current_app.make_response(current_app.handle_user_exception(error)).status_code


def onward(address: str) -> Response:
    response = Response(status=303, headers={"Cache-Control": "no-store"})
    response.location = address
    return response


def _changes(outcome: dict[str, Any]) -> int:
    return sum(outcome["counts"].values()) - int(outcome["counts"]["unchanged"])


def _page(
    form: Form,
    status: int = 200,
    *,
    wrong: dict[str, Text] | None = None,
    error: CatalogueError | None = None,
    outcome: dict[str, Any] | None = None,
) -> Response:
    """Answer the page in its present state; a file that can be sent again as it is goes on with it."""
    changes = _changes(outcome) if outcome else 0
    is_over = outcome is not None and not changes
    file = None if is_over or (error is not None and status not in RETRIED) else form.file
    is_shown = file is not None and (form.is_import or changes > 0)
    response = answer_in_private(
        "upload.html",
        form=form,
        wrong=wrong or {},
        error=error,
        outcome=outcome,
        changes=changes,
        file=file,
        held=file.packed() if file else None,
        is_shown=is_shown,
        key=form.key if form.is_import else secrets.token_hex(16),
        previewed=digest_of(file.content) if file else "",
        exports={one.value.upper(): export_address(_present(one)) for one in (ExportFormat.XLSX, ExportFormat.CSV)},
        most_rows=MOST_ROWS,
        most_told=MOST_TOLD,
        most_bytes=LARGEST,
        longest_reason=LONGEST_REASON,
    )
    response.status_code = status
    return response


def _present(written_as: ExportFormat) -> ExportRequest:
    return ExportRequest(None, None, current_actor().division, written_as)

"""The page by which administrators upload a file of services: its faults by cell, what it would change, the import."""

import io
import re
import secrets
from dataclasses import dataclass
from typing import Any

from flask import Response, request, url_for

from service_catalog.actions import browsing
from service_catalog.actions.catalogue import Catalogue
from service_catalog.actions.filling_in import template
from service_catalog.actions.importing import MOST_ROWS, MOST_TOLD, ImportRequest, import_services
from service_catalog.actions.writing import Once
from service_catalog.console.chosen_files import LARGEST, ChosenFile, chosen_file
from service_catalog.console.current import latest_catalogue
from service_catalog.console.divisions import whose
from service_catalog.console.pages import export_address
from service_catalog.console.problems import shown_within
from service_catalog.console.rendering import UNSAID, answer_in_private, lead_on
from service_catalog.console.services import described
from service_catalog.console.sessions import PrivatePages, current_actor
from service_catalog.console.texts import TEXTS
from service_catalog.documents.canonical import stored_document
from service_catalog.documents.faults import read_body
from service_catalog.documents.schemas.writes import ReasonBody
from service_catalog.documents.tabular.formats import ImportFormat
from service_catalog.domain.errors import InvalidBody, Place
from service_catalog.domain.revisions import digest_of
from service_catalog.domain.selection import ExportFormat, ExportRequest
from service_catalog.domain.service import LocalText

TEMPLATE_NAME = "services-template.xlsx"
"""How the command calls the template, too."""

_KEY = re.compile(r"[0-9a-f]{32}")

pages = PrivatePages("upload_pages", __name__)


@dataclass(frozen=True, slots=True)
class UploadForm:
    """What the reader filled in.

    ``previewed`` is the SHA-256 of the file whose effect was shown, so that no other one is imported unseen. ``key`` is
    that of one preview, which is imported once however often it is sent.
    """

    reason: str = ""
    file: ChosenFile | None = None
    previewed: str = ""
    key: str = ""

    @classmethod
    def sent(cls) -> "UploadForm":
        """Return the form as it was sent."""
        given = request.form
        return cls(given.get("reason", ""), chosen_file(), given.get("previewed", ""), given.get("key", ""))

    @property
    def digest(self) -> str:
        """The SHA-256 of the file, empty where there is none."""
        return digest_of(self.file.content) if self.file else ""

    @property
    def is_import(self) -> bool:
        """Tell whether the file is to be imported, not only previewed."""
        return self.file is not None and self.previewed == self.digest

    def carry_out(self, catalogue: Catalogue) -> dict[str, Any]:
        """Import the file, or only find out what that would do, and return the API's own answer.

        Raises:
            InvalidBody: where a field is left empty or too long; else as ``import_services``.
        """
        if self.file is None:
            raise InvalidBody(TEXTS["upload.no_file"], [Place(TEXTS["upload.no_file"], pointer="/file")])
        read_body(ReasonBody(), {"reason": self.reason or ("" if self.is_import else UNSAID)})
        wanted = ImportRequest(
            io.BytesIO(self.file.content), self.file.format, self.reason or UNSAID, not self.is_import, MOST_ROWS
        )
        once = Once(self.key, self.digest) if _KEY.fullmatch(self.key) else None
        answer: dict[str, Any] = stored_document(import_services(catalogue, current_actor(), wanted, once))
        return answer


@pages.page("/admin/upload", methods=("GET", "POST"))
def upload_file() -> Response:
    """Ask for a file, tell what is wrong with it or what it would change, or import it and lead to its revision."""
    form = UploadForm.sent() if request.method == "POST" else UploadForm()
    shown = _shown(form)
    if request.method != "POST":
        return answer_in_private("upload.html", **shown)
    with shown_within("upload.html", **shown):
        outcome = form.carry_out(latest_catalogue())
    if form.is_import and _changes(outcome):
        return lead_on(url_for("revision_pages.show_revision", number=outcome["revision"], done=1))
    shown |= {"outcome": outcome, "changes": _changes(outcome), "names": _names(outcome)}
    return answer_in_private("upload.html", **shown)


def _shown(form: UploadForm) -> dict[str, Any]:
    """Return what the page shows of a form before anything is done with it."""
    with latest_catalogue().snapshot() as catalogue:
        owner = whose(catalogue, current_actor().division)
    return {
        "whose": owner,
        "form": form,
        "key": form.key if form.is_import else secrets.token_hex(16),
        "exports": {one.value.upper(): _export(one) for one in (ExportFormat.XLSX, ExportFormat.CSV)},
        "most_rows": MOST_ROWS,
        "most_told": MOST_TOLD,
        "most_bytes": LARGEST,
        "problem": None,
        "outcome": None,
        "names": {},
    }


@pages.page("/admin/upload/template.xlsx")
def get_template() -> Response:
    """Answer the blank spreadsheet that ``service-catalog template`` writes."""
    response = Response(template(), content_type=ImportFormat.XLSX.media_type)
    response.headers["Content-Disposition"] = f"attachment; filename={TEMPLATE_NAME}"
    response.headers["Cache-Control"] = "no-store"
    return response


def _export(written_as: ExportFormat) -> str:
    return export_address(ExportRequest(None, None, current_actor().division, written_as))


def _changes(outcome: dict[str, Any]) -> int:
    counts: dict[str, int] = outcome["counts"]
    return sum(counts.values()) - counts["unchanged"]


def _names(outcome: dict[str, Any]) -> dict[str, LocalText]:
    """Return what the services that would change are called now; one that is new has no name yet."""
    ids = [effect["id"] for effect in outcome["effects"] if effect["op"] not in ("unchanged", "created")]
    found = (described(stored) for stored in browsing.get_services(latest_catalogue(), ids))
    return {service["id"]: service["name"] for service in found}

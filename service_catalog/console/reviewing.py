"""The page of one revision for whoever is signed in: who made it, what it changed, and undoing it."""

from dataclasses import dataclass
from typing import Any

from flask import Response, request, url_for

from service_catalog.actions import comparing, reverting, reviewing
from service_catalog.actions.catalogue import Catalogue
from service_catalog.console.current import latest_catalogue
from service_catalog.console.divisions import whose
from service_catalog.console.pages import parameters
from service_catalog.console.problems import shown_within
from service_catalog.console.rendering import UNSAID, answer_in_private, lead_on
from service_catalog.console.revisions import Made, made_by
from service_catalog.console.sessions import PrivatePages, current_actor
from service_catalog.documents.canonical import stored_document
from service_catalog.documents.differences import lines_of
from service_catalog.documents.faults import read_body
from service_catalog.documents.query_strings import revision_in_path
from service_catalog.documents.schemas.writes import RevertBody
from service_catalog.domain.access import Permission
from service_catalog.domain.differences import Difference
from service_catalog.domain.selection import DiffRequest, Span

MOST_SHOWN = 100
"""Services whose changes are shown on the page of a revision."""

DONE = ("done", "1")
"""The parameter, and its one value, with which a form leads to the revision that it made."""

pages = PrivatePages("revision_pages", __name__)


@dataclass(frozen=True, slots=True)
class Review:
    """A revision with what it changed, its services in order of their ids; there may be ``more``."""

    made: Made
    services: list[Difference]
    more: bool


def read_review(catalogue: Catalogue, number: int) -> Review:
    """Return a revision as whoever is signed in may see it.

    Raises:
        NotPermitted, UnknownRevision: as ``get_revision``.
    """
    made = made_by(catalogue, reviewing.get_revision(catalogue, current_actor(), number))
    request_for = DiffRequest(Span(number - 1, number, None), MOST_SHOWN, None)
    page = comparing.compare_page(catalogue, current_actor(), request_for)
    return Review(made, list(page.services), page.next is not None)


@pages.page("/admin/revisions/<number>")
def show_revision(number: str) -> Response:
    """Show who made a revision, when and why, what it changed, and the way to undo it."""
    wanted = revision_in_path(number)
    return answer_in_private("revision.html", **_shown(wanted) | {"is_done": DONE in parameters()})


@pages.page("/admin/revisions/<number>/undo", methods=("GET", "POST"))
def undo_revision(number: str) -> Response:
    """Show what undoing a revision would do, or undo it and lead to the revision that did so."""
    wanted = revision_in_path(number)
    here = url_for("revision_pages.show_revision", number=wanted)
    if request.method != "POST":
        return lead_on(here)
    is_meant = request.form.get("step") == "apply"
    shown = _shown(wanted) | {"reason": request.form.get("reason", "")}
    with shown_within("revision.html", **shown):
        outcome = _undo(wanted, shown["reason"], dry_run=not is_meant)
    if is_meant and any(effect["op"] != "unchanged" for effect in outcome["effects"]):
        return lead_on(url_for("revision_pages.show_revision", number=outcome["revision"], done=1))
    return answer_in_private("revision.html", **shown | {"outcome": outcome})


def _undo(number: int, reason: str, *, dry_run: bool) -> dict[str, Any]:
    body = read_body(RevertBody(), {"reason": reason or (UNSAID if dry_run else ""), "dry_run": dry_run})
    answer: dict[str, Any] = stored_document(
        reverting.revert_revision(
            latest_catalogue(), current_actor(), number, body["reason"], dry_run=dry_run, once=None
        )
    )
    return answer


def _shown(number: int) -> dict[str, Any]:
    """Return what the page of a revision shows before anything is asked of it."""
    with latest_catalogue().snapshot() as catalogue:
        review = read_review(catalogue, number)
        owner = whose(catalogue, None)
    return {
        "whose": owner,
        "review": review,
        "lines_of": lines_of,
        "may_undo": current_actor().may(Permission.WRITE_CATALOGUE) and bool(review.services),
        "is_done": False,
        "names": {one.id: one.after["name"] for one in review.services},
        "reason": "",
        "outcome": None,
        "problem": None,
    }

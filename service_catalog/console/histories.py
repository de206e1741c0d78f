"""The page that shows a service's versions: when each was made, by whom, why, and what it changed."""

from dataclasses import dataclass

from flask import Response

from service_catalog.actions import browsing, reviewing
from service_catalog.actions.browsing import MadeVersion
from service_catalog.actions.catalogue import Catalogue
from service_catalog.console.current import latest_catalogue
from service_catalog.console.divisions import whose
from service_catalog.console.pages import asked, parameters
from service_catalog.console.rendering import answer_in_private
from service_catalog.console.services import described
from service_catalog.console.sessions import PrivatePages, current_actor
from service_catalog.console.texts import TEXTS
from service_catalog.documents.differences import Line, lines_of
from service_catalog.documents.schemas.queries import HistoryQuery
from service_catalog.domain.access import Actor, Permission
from service_catalog.domain.differences import service_difference
from service_catalog.domain.revisions import operation_between
from service_catalog.domain.selection import HistoryRequest
from service_catalog.domain.vocabulary import Text

PAGE_LENGTH = 20
"""Versions on a page, unless ``limit`` says otherwise."""

pages = PrivatePages("history_pages", __name__)


@dataclass(frozen=True, slots=True)
class Version:
    """A version as a reader sees it; ``who`` is the holder's name, or what else the log calls the writer."""

    number: int
    revision: int
    at: str
    did: Text
    who: Text
    reason: str
    lines: list[Line]


@pages.page("/admin/services/<service_id>/history")
def show_history(service_id: str) -> Response:
    """Show a service's versions, newest first."""
    wanted: HistoryRequest = asked(HistoryQuery)
    given = parameters()
    if "limit" not in dict(given):
        wanted = HistoryRequest(PAGE_LENGTH, wanted.cursor)
    actor = current_actor()
    with latest_catalogue().snapshot() as catalogue:
        versions, following = versions_of(catalogue, actor, service_id, wanted)
        current = described(browsing.get_service(catalogue, service_id))
        owner = whose(catalogue, current["division"])
    return answer_in_private(
        "history.html",
        may_edit=actor.may(Permission.WRITE_CATALOGUE) and actor.may_write_in(service_id),
        whose=owner,
        service=current,
        versions=versions,
        next=following,
        given=[pair for pair in given if pair[0] != "cursor"],
        is_first=wanted.cursor is None,
    )


def versions_of(
    catalogue: Catalogue, actor: Actor, service_id: str, wanted: HistoryRequest
) -> tuple[list[Version], str | None]:
    """Return a page of a service's versions, newest first, and the cursor of the next page.

    Raises:
        NotPermitted, UnknownService, InvalidCursor: as ``reviewing.review_history``.
    """
    history = reviewing.review_history(catalogue, actor, service_id, wanted)
    return [_version(made, history.names) for made in history.page.versions], history.page.next


def _version(version: MadeVersion, names: dict[str, str]) -> Version:
    made, before, after = version.made, version.before, version.after
    name = names.get(made.actor, made.actor)
    difference = service_difference(before, after)
    return Version(
        number=version.stored.version,
        revision=made.number,
        at=made.at,
        did=operation_between(before, after).label,
        who=TEXTS.get(f"actor.{made.actor}") or Text(name, name),
        reason=made.reason,
        lines=lines_of(difference) if difference else [],
    )

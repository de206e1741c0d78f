"""Reviewing revisions: who changed what, when and why; names of holders for auditors and administrators alone."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from service_catalog.actions.browsing import HistoryPage, read_history, unknown_revision
from service_catalog.actions.catalogue import Catalogue
from service_catalog.documents.cursors import write_cursor
from service_catalog.domain.access import Actor, Permission
from service_catalog.domain.errors import NotPermitted
from service_catalog.domain.revisions import Revision
from service_catalog.domain.selection import HistoryRequest, Position, RevisionsRequest
from service_catalog.domain.vocabulary import Text
from service_catalog.store import log, tokens

FindNames = Callable[[Session, set[str]], dict[str, str]]


def list_revisions(catalogue: Catalogue, actor: Actor, request: RevisionsRequest) -> dict[str, Any]:
    """Return a page of revisions, newest first.

    Raises:
        NotPermitted: where the actor may not read them.
    """
    check_may_review(actor)
    return _page(catalogue, request, tokens.find_names)


def list_published(catalogue: Catalogue, request: RevisionsRequest) -> dict[str, Any]:
    """Return a page of revisions as the public log has them, newest first. Public; no permission is asked.

    Each entry of the log says when, what and why, and names the actor by a public id; nobody's name is looked up.
    """
    return _page(catalogue, request, lambda session, actors: {})


def _page(catalogue: Catalogue, request: RevisionsRequest, find_names: FindNames) -> dict[str, Any]:
    with catalogue.database.reading() as session:
        below = request.after.last_revision if request.after else log.current_revision(session) + 1
        found = log.find_revisions(session, below, request.limit + 1)
        names = find_names(session, {revision.actor for revision in found})
    page = found[: request.limit]
    sizes = [revision.log_size for revision in found[1:]] + [0]
    items = [_summary(revision, size, names) for revision, size in zip(page, sizes, strict=False)]
    more = len(found) > len(page)
    last = Position(page[-1].number, "", page[-1].number) if page else None
    return {"items": items, "next": write_cursor(last, "revisions") if more and last else None}


def get_revision(catalogue: Catalogue, actor: Actor, number: int) -> dict[str, Any]:
    """Return one revision with its checkpoint.

    Raises:
        NotPermitted: where the actor may not read it.
        UnknownRevision: where it has not been made.
    """
    check_may_review(actor)
    with catalogue.database.reading() as session:
        current = log.current_revision(session)
        if not 0 < number <= current:
            raise unknown_revision(number, current)
        found = log.find_revisions(session, number + 1, 2)
        names = tokens.find_names(session, {found[0].actor})
    size = found[1].log_size if len(found) > 1 else 0
    return {**_summary(found[0], size, names), "checkpoint": found[0].checkpoint}


@dataclass(frozen=True, slots=True)
class ReviewedHistory:
    """A page of a service's versions, and the names of those who made them, by the ids of their tokens."""

    page: HistoryPage
    names: dict[str, str]


def review_history(catalogue: Catalogue, actor: Actor, service_id: str, request: HistoryRequest) -> ReviewedHistory:
    """Return a service's versions, newest first, with the names of those who made them.

    Raises:
        NotPermitted: where the actor may not read them.
        UnknownService, InvalidCursor: as ``browsing.read_history``.
    """
    check_may_review(actor)
    page = read_history(catalogue, service_id, request)
    with catalogue.database.reading() as session:
        names = tokens.find_names(session, {version.made.actor for version in page.versions})
    return ReviewedHistory(page, names)


def _summary(revision: Revision, size_before: int, names: dict[str, str]) -> dict[str, Any]:
    return {
        "number": revision.number,
        "at": revision.at,
        "actor": revision.actor,
        "actor_name": names.get(revision.actor),
        "action": revision.action,
        "reason": revision.reason,
        "entries": revision.log_size - size_before,
        "log_size": revision.log_size,
    }


def check_may_review(actor: Actor) -> None:
    """Refuse whoever may not read revisions.

    Raises:
        NotPermitted: for any but auditors, administrators and the operator.
    """
    if not actor.may(Permission.READ_REVISIONS):
        raise NotPermitted(Text("只有审计员和管理员可以查看", "only auditors and administrators may read this"))

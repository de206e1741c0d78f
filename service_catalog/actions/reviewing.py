"""Reviewing revisions, for auditors and administrators: who changed what, when and why."""

from typing import Any

from sqlalchemy.orm import Session

from service_catalog.actions.browsing import unknown_revision
from service_catalog.actions.catalogue import Catalogue
from service_catalog.documents.canonical import stored_document
from service_catalog.documents.cursors import read_cursor, write_cursor
from service_catalog.domain.access import Actor, Permission
from service_catalog.domain.errors import InvalidParameters, NotPermitted, Place
from service_catalog.domain.revisions import Revision, StoredDocument, operation_between
from service_catalog.domain.selection import DiffRequest, Position, RevisionsRequest
from service_catalog.domain.service import Service, changed_members, upgraded
from service_catalog.domain.vocabulary import Text
from service_catalog.store import log, services, tokens


def list_revisions(catalogue: Catalogue, actor: Actor, request: RevisionsRequest) -> dict[str, Any]:
    """Return a page of revisions, newest first.

    Raises:
        NotPermitted: where the actor may not read them.
    """
    _check(actor)
    with catalogue.database.reading() as session:
        below = request.after.last_revision if request.after else log.current_revision(session) + 1
        found = log.find_revisions(session, below, request.limit + 1)
        names = tokens.find_names(session, {revision.actor for revision in found})
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
    _check(actor)
    with catalogue.database.reading() as session:
        current = log.current_revision(session)
        if not 0 < number <= current:
            raise unknown_revision(number, current)
        found = log.find_revisions(session, number + 1, 2)
        names = tokens.find_names(session, {found[0].actor})
    size = found[1].log_size if len(found) > 1 else 0
    return {**_summary(found[0], size, names), "checkpoint": found[0].checkpoint}


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


def compare_revisions(catalogue: Catalogue, actor: Actor, request: DiffRequest) -> dict[str, Any]:
    """Return a page of the services that differ between two revisions, with each member before and after.

    Raises:
        NotPermitted: where the actor may not read them.
        UnknownRevision: where the later one has not been made.
        InvalidParameters: where the earlier one is after the later one.
    """
    _check(actor)
    if request.start > request.end:
        message = Text(f"不得大于 {request.end}", f"may be at most {request.end}")
        raise InvalidParameters(message, [Place(message, parameter="from")])
    scope = ("diff", request.start, request.end)
    after = read_cursor(request.cursor, *scope).last_id if request.cursor else ""
    with catalogue.database.reading() as session:
        current = log.current_revision(session)
        if not 0 < request.end <= current:
            raise unknown_revision(request.end, current)
        ids = services.find_touched(session, request.start, request.end, after, request.limit + 1)
        page = ids[: request.limit]
        items = [item for identity in page if (item := _difference(session, identity, request))]
    more = len(ids) > len(page)
    following = write_cursor(Position(request.end, page[-1], request.end), *scope) if more else None
    return {"from": request.start, "to": request.end, "items": items, "next": following}


def _difference(session: Session, identity: str, request: DiffRequest) -> dict[str, Any] | None:
    """Return how a service differs; ``None`` where it was changed and changed back."""
    before = _service(services.find_at(session, identity, request.start))
    after = _service(services.find_at(session, identity, request.end))
    members = changed_members(before, after) if before and after else []
    if after is None or (before and not members):
        return None
    return {
        "id": identity,
        "op": operation_between(before, after).value,
        "versions": {"before": before["version"] if before else None, "after": after["version"]},
        "changed": [
            {"member": name, "before": before.get(name) if before else None, "after": after.get(name)}
            for name in members
        ],
    }


def _service(stored: StoredDocument | None) -> Service | None:
    return upgraded(stored_document(stored.document)) if stored else None


def _check(actor: Actor) -> None:
    if not actor.may(Permission.READ_REVISIONS):
        raise NotPermitted(Text("只有审计员和管理员可以查看", "only auditors and administrators may read this"))

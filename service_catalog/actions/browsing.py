"""What readers do: list services, read one, follow the changes and the log. Public; no permission is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from service_catalog.actions.catalogue import Catalogue
from service_catalog.documents.canonical import canonical, stored_document
from service_catalog.documents.cursors import read_cursor, write_cursor
from service_catalog.domain.errors import InvalidCursor, InvalidParameters, Place, UnknownRevision, UnknownService
from service_catalog.domain.revisions import Revision, StoredDocument, operation_between
from service_catalog.domain.search import suggested
from service_catalog.domain.selection import (
    ChangesRequest,
    Entry,
    Filters,
    HistoryRequest,
    PageRequest,
    Position,
    Sort,
    SuggestionRequest,
    TotalIs,
)
from service_catalog.domain.service import LONGEST_ID, Service, can_be_id, changed_members, upgraded
from service_catalog.domain.vocabulary import Text
from service_catalog.store import counts, divisions, lists, log, names, search, services

LAST_VERSION = 2**31 - 1
"""Above every version."""


@dataclass(frozen=True, slots=True)
class ServicePage:
    """One page of stored documents, the number of all under the filters, and the cursor of the next page."""

    documents: tuple[bytes, ...]
    total: int
    total_is: TotalIs
    next: str | None
    revision: int


def list_services(catalogue: Catalogue, request: PageRequest) -> ServicePage:
    """Return one page of services, read at one revision.

    Raises:
        InvalidCursor: where the cursor was not given out: it speaks of a revision that does not exist yet, or goes on
            from a change after its list began.
    """
    with catalogue.database.reading() as session:
        revision = log.current_revision(session)
        as_of = request.after.as_of if request.after else revision
        if as_of > revision:
            raise InvalidCursor(Text("游标所指的修订尚不存在", "the cursor speaks of a revision that does not exist"))
        if request.after and request.sort is Sort.LATEST and request.after.last_revision > as_of:
            raise InvalidCursor(
                Text("游标所指的位置晚于列表的修订", "the cursor goes on from a change that is later than its list")
            )
        is_latest = as_of == revision
        if request.filters.q:
            found, total = search.find_page(session, request, as_of, is_latest=is_latest)
        else:
            total = counts.count_services(session, request.filters)
            found = lists.find_page(session, request, total, as_of, is_latest=is_latest) if total else []
    return page_of(found, total, request, revision)


def page_of(found: Sequence[Entry], total: int, request: PageRequest, revision: int) -> ServicePage:
    """Return the page of up to ``limit`` + 1 entries that were found at a revision, and how it goes on."""
    page = found[: request.limit]
    more = len(found) > len(page)
    as_of = request.after.as_of if request.after else revision
    following = write_cursor(page[-1].position(as_of), request.filters, request.sort) if more else None
    documents = tuple(entry.document for entry in page)
    return ServicePage(documents, total, total_is(request.filters, total), following, revision)


def total_is(filters: Filters, total: int) -> TotalIs:
    """Tell whether a total is exact: what a question finds is counted up to a bound."""
    return TotalIs.AT_LEAST if filters.q and total >= search.MOST_COUNTED else TotalIs.EXACT


MOST_SUGGESTED = 10
"""Names suggested at once."""


def suggest_names(catalogue: Catalogue, request: SuggestionRequest) -> dict[str, Any]:
    """Return names of services in force that may be meant by what somebody is typing, each once, the likeliest first.

    A name that begins so comes before one that has it inside, a short name before a long one.
    """
    with catalogue.database.reading() as session:
        revision = log.current_revision(session)
        found = names.find_suggestions(session, suggested(request.question), request.division)
    items: dict[str, dict[str, Any]] = {}
    for one in sorted(found, key=lambda one: (one.rank, len(one.zh), one.service_id)):
        items.setdefault(one.zh, {"id": one.service_id, "name": {"zh": one.zh, "en": one.en}})
    return {"items": [*items.values()][:MOST_SUGGESTED], "revision": revision}


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """What a copy must take in: each item is a document, or the notice that one is gone, as canonical bytes."""

    items: tuple[bytes, ...]
    next: str | None
    revision: int


def list_changes(catalogue: Catalogue, request: ChangesRequest) -> ChangesPage:
    """Return what changed after revision ``since``, oldest first; retired services come as notices of removal.

    Raises:
        InvalidParameters: where ``since`` is ahead of the catalogue.
    """
    with catalogue.database.reading() as session:
        revision = log.current_revision(session)
        if request.since > revision:
            message = Text(f"最新修订为 {revision}", f"the latest revision is {revision}")
            raise InvalidParameters(message, [Place(message, parameter="since")])
        found = lists.find_changes(session, request)
    page = found[: request.limit]
    following = write_cursor(page[-1][1], "changes", request.since) if len(found) > len(page) else None
    return ChangesPage(tuple(_change(*change) for change in page), following, revision)


def _change(stored: StoredDocument, position: Position, is_active: bool) -> bytes:
    if is_active:
        return stored.document
    return canonical({"id": stored.id, "revision": position.last_revision, "removed": True})


def get_services(catalogue: Catalogue, ids: Sequence[str]) -> list[StoredDocument]:
    """Return the current documents of those of ``ids`` that exist, in the order given."""
    with catalogue.database.reading() as session:
        found = services.find_many(session, [identity for identity in ids if can_be_id(identity)])
    return [found[identity] for identity in ids if identity in found]


def get_service(catalogue: Catalogue, service_id: str, revision: int | None = None) -> StoredDocument:
    """Return a service's current document, or the one that stood after ``revision``.

    Raises:
        UnknownService: where there is none, or none yet at that revision.
        UnknownRevision: where that revision has not been made.
    """
    if not can_be_id(service_id):
        raise unknown_service(service_id)
    with catalogue.database.reading() as session:
        if revision is None:
            stored = services.find_current(session, service_id)
        else:
            _check_revision(session, revision)
            stored = services.find_at(session, service_id, revision)
    if stored is None:
        raise unknown_service(service_id)
    return stored


@dataclass(frozen=True, slots=True)
class MadeVersion:
    """One version of a service: its bytes, the revision that made it, and the document before and after."""

    stored: StoredDocument
    made: Revision
    before: Service | None
    after: Service


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """A page of a service's versions, newest first, the cursor of the next page, and the catalogue's revision."""

    versions: tuple[MadeVersion, ...]
    next: str | None
    revision: int


def list_history(catalogue: Catalogue, service_id: str, request: HistoryRequest) -> dict[str, Any]:
    """Return a service's versions, newest first: which revision made each, when, who, why, and what it changed.

    Raises:
        UnknownService, InvalidCursor: as ``read_history``.
    """
    page = read_history(catalogue, service_id, request)
    return {"items": [*map(_history_item, page.versions)], "next": page.next, "revision": page.revision}


def read_history(catalogue: Catalogue, service_id: str, request: HistoryRequest) -> HistoryPage:
    """Return a page of a service's versions, newest first, each beside the one before it.

    Raises:
        UnknownService: where there is none.
        InvalidCursor: where the cursor was not given out for this service's history.
    """
    if not can_be_id(service_id):
        raise unknown_service(service_id)
    after = read_cursor(request.cursor, "history", service_id) if request.cursor else None
    with catalogue.database.reading() as session:
        revision = log.current_revision(session)
        below = after.last_revision if after else LAST_VERSION
        found = services.find_history(session, service_id, below, request.limit + 1)
        if not found and services.find_current(session, service_id) is None:
            raise unknown_service(service_id)
    states = [upgraded(stored_document(stored.document)) for stored, _ in found]
    before = [*states[1:], None]  # the extra version is there to compare the last of the page with
    versions = [
        MadeVersion(*version, *pair) for version, pair in zip(found, zip(before, states, strict=True), strict=True)
    ]
    page = versions[: request.limit]
    more = len(versions) > len(page)
    following = (
        write_cursor(Position(revision, service_id, page[-1].stored.version), "history", service_id) if more else None
    )
    return HistoryPage(tuple(page), following, revision)


def _history_item(version: MadeVersion) -> dict[str, Any]:
    made, before, after = version.made, version.before, version.after
    return {
        "version": version.stored.version,
        "revision": made.number,
        "at": made.at,
        "actor": made.actor,
        "action": made.action,
        "op": operation_between(before, after).value,
        "reason": made.reason,
        "changed": changed_members(before, after) if before else [],
        "sha256": version.stored.sha256,
    }


def unknown_service(service_id: str) -> UnknownService:
    """Return the refusal that names an id nobody has, or could have."""
    shown = service_id[:LONGEST_ID]
    return UnknownService(Text(f"没有事项 {shown}", f"there is no service {shown}"))


def get_checkpoint(catalogue: Catalogue, number: int | None) -> str:
    """Return the signed head of the log after revision ``number``, or the latest one.

    Raises:
        UnknownRevision: where that revision has not been made, or none at all.
    """
    with catalogue.database.reading() as session:
        current = log.current_revision(session)
        revision = log.find_revision(session, current if number is None else number)
    if revision is None:
        raise unknown_revision(number or 1, current)
    return revision.checkpoint


def get_entries(catalogue: Catalogue, start: int, limit: int) -> list[bytes]:
    """Return up to ``limit`` of the log's leaves from position ``start`` on, as they were hashed.

    Raises:
        InvalidParameters: where ``start`` is beyond the end of the log; at the end there is simply nothing yet.
    """
    with catalogue.database.reading() as session:
        head = log.find_head(session)
        size = head.log_size if head else 0
        if start > size:
            message = Text(f"日志共有 {size} 条", f"the log has {size} entries")
            raise InvalidParameters(message, [Place(message, parameter="from")])
        return log.find_leaves(session, start, limit)


def _check_revision(session: Session, revision: int) -> None:
    current = log.current_revision(session)
    if revision > current:
        raise unknown_revision(revision, current)


def unknown_revision(number: int, current: int) -> UnknownRevision:
    """Return the refusal that names a revision not made yet."""
    return UnknownRevision(
        Text(f"没有修订 {number}；最新为 {current}", f"there is no revision {number}; the latest is {current}")
    )


def read_divisions(catalogue: Catalogue, prefix: str | None, most: int) -> list[dict[str, Any]]:
    """Return the documents of up to ``most`` divisions below ``prefix`` or above it, in order: name, notice, source."""
    with catalogue.database.reading() as session:
        found = divisions.find_concerning(session, prefix, log.current_revision(session), most)
    return [stored_document(stored.document) for stored in found]


def current_revision(catalogue: Catalogue) -> int:
    """Return the number of the latest revision, 0 before the first."""
    with catalogue.database.reading() as session:
        return log.current_revision(session)

"""Lists of services: which rows the filters stand for, in which order, and one page of them.

Statements are built once for each set of filters and remembered: building one costs more than running it.
"""

from dataclasses import replace
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select, tuple_
from sqlalchemy.orm import Session

from service_catalog.domain.revisions import StoredDocument
from service_catalog.domain.selection import ChangesRequest, Filters, PageRequest, Position, Sort
from service_catalog.domain.tally import is_tallied
from service_catalog.domain.vocabulary import Status
from service_catalog.store import search
from service_catalog.store.conditions import form_of, matching, values_of
from service_catalog.store.tables import service, service_version

REMEMBERED = 1024
"""Statements kept."""


def find_page(session: Session, request: PageRequest, as_of: int) -> list[tuple[StoredDocument, Position]]:
    """Return up to ``limit`` + 1 documents of one page, each with its place; the extra one tells that more follow.

    Documents are today's; ``as_of`` fixes only the places in the latest-first order.
    """
    filters = request.filters
    form, goes_on = form_of(filters), request.after is not None
    if request.sort is Sort.LATEST:
        query = _latest_query(form, is_wide=not filters.q and is_tallied(filters.division), goes_on=goes_on)
    else:
        query = _page_query(form, goes_on=goes_on)
    if filters.q:
        query = query.where(search.found(session, filters))
    place: dict[str, int | str] = {**values_of(filters), "as_of": as_of, "rows": request.limit + 1}
    if request.after is not None:
        place |= {"last_id": request.after.last_id, "last_revision": request.after.last_revision}
    rows = session.execute(query, place)
    return [
        (StoredDocument(identity, version, document, sha256), Position(as_of, identity, revision))
        for identity, version, document, sha256, revision in rows
    ]


def find_changes(session: Session, request: ChangesRequest) -> list[tuple[StoredDocument, Position, bool]]:
    """Return up to ``limit`` + 1 services that changed after ``since``, oldest change first.

    Each comes with its current document, its place, and whether it is in force.
    """
    query = _CHANGES_FURTHER if request.after else _CHANGES
    place: dict[str, int | str] = {"since": request.since, "rows": request.limit + 1}
    if request.after:
        place |= {"last_id": request.after.last_id, "last_revision": request.after.last_revision}
    return [
        (
            StoredDocument(identity, version, document, sha256),
            Position(revision, identity, revision),
            status == Status.ACTIVE,
        )
        for identity, version, document, sha256, revision, status in session.execute(query, place)
    ]


@lru_cache(maxsize=REMEMBERED)
def _page_query(filters: Filters, *, goes_on: bool) -> Select[Any]:
    """Select a page in the order of ids."""
    query = _documents(service.c.revision).where(*matching(filters)).order_by(service.c.id)
    return query.where(service.c.id > bindparam("last_id")) if goes_on else query


@lru_cache(maxsize=REMEMBERED)
def _latest_query(filters: Filters, *, is_wide: bool, goes_on: bool) -> Select[Any]:
    """Select a page of the latest changes first; within one revision the ids run backwards, as the index does.

    Of a small division all services are sorted; of a province, or everything, the changes are walked until the page is
    full. Neither planner knows which of the two is cheaper, so each form leaves it no choice.
    """
    placed = service_version.alias("placed").c
    revision, identity = placed.from_revision, placed.service_id
    stands = or_(placed.to_revision.is_(None), placed.to_revision > bindparam("as_of"))
    query = _documents(revision).join(placed.service_id.table, and_(identity == service.c.id, stands))
    by = revision if is_wide else revision + 0  # what is computed is sorted, and never looked up in the index
    if goes_on:
        query = query.where(tuple_(by, identity) < tuple_(bindparam("last_revision"), bindparam("last_id")))
    else:
        query = query.where(by <= bindparam("as_of"))
    query = query.order_by(by.desc(), identity.desc())
    if not is_wide:
        return query.where(*matching(filters))
    if filters.division is not None:
        walked = identity.concat("")  # no column of the primary key, whose index would be taken for this range
        query = query.where(
            func.substr(identity, 1, 2) == func.substr(bindparam("prefix"), 1, 2),
            walked >= bindparam("prefix"),
            walked < bindparam("prefix_end"),
        )
    return query.where(*matching(replace(filters, division=None)))


def _documents(revision: ColumnElement[int]) -> Select[Any]:
    """Select current documents, each with the revision by which it is placed."""
    return (
        select(service.c.id, service.c.version, service_version.c.document, service_version.c.sha256, revision)
        .join_from(service, service_version, _IS_CURRENT)
        .limit(bindparam("rows"))
    )


_IS_CURRENT = and_(service_version.c.service_id == service.c.id, service_version.c.version == service.c.version)
_CHANGES = (
    select(
        service.c.id,
        service.c.version,
        service_version.c.document,
        service_version.c.sha256,
        service.c.revision,
        service.c.status,
    )
    .join_from(service, service_version, _IS_CURRENT)
    .where(service.c.revision > bindparam("since"))
    .order_by(service.c.revision, service.c.id)
    .limit(bindparam("rows"))
)
_CHANGES_FURTHER = _CHANGES.where(
    service.c.revision >= bindparam("last_revision"),
    or_(service.c.revision > bindparam("last_revision"), service.c.id > bindparam("last_id")),
)


def in_force(version: Any, revision: Any) -> ColumnElement[bool]:
    """Return the condition that a row of a table of versions was in force after ``revision``."""
    return and_(
        version.c.from_revision <= revision,
        or_(version.c.to_revision.is_(None), version.c.to_revision > revision),
    )

"""Lists of services: which rows the filters stand for, in which order, and one page of them.

Statements are built once for each set of filters and remembered: building one costs more than running it.
"""

from dataclasses import replace
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from service_catalog.domain.revisions import StoredDocument
from service_catalog.domain.selection import ChangesRequest, Filters, PageRequest, Position, Sort
from service_catalog.domain.vocabulary import Status
from service_catalog.store import search
from service_catalog.store.conditions import matching
from service_catalog.store.tables import service, service_version

REMEMBERED = 1024
"""Statements kept."""


def find_page(session: Session, request: PageRequest, as_of: int) -> list[tuple[StoredDocument, Position]]:
    """Return up to ``limit`` + 1 documents of one page, each with its place; the extra one tells that more follow.

    Documents are today's; ``as_of`` fixes only the places in the latest-first order.
    """
    filters = request.filters
    query = _page_query(_without_question(filters), request.sort, goes_on=request.after is not None)
    if filters.q:
        query = query.where(search.found(session, filters))
    place: dict[str, int | str] = {"as_of": as_of, "rows": request.limit + 1}
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


def count_services(session: Session, filters: Filters) -> int:
    """Return how many services the filters find."""
    query = _count_query(_without_question(filters))
    if filters.q:
        query = query.where(search.found(session, filters))
    return int(session.execute(query).scalar_one())


def _without_question(filters: Filters) -> Filters:
    """Return the filters for which a statement is remembered: no two questions are alike."""
    return replace(filters, q=None) if filters.q else filters


@lru_cache(maxsize=REMEMBERED)
def _count_query(filters: Filters) -> Select[Any]:
    return select(func.count()).select_from(service).where(*matching(filters))


@lru_cache(maxsize=REMEMBERED)
def _page_query(filters: Filters, sort: Sort, *, goes_on: bool) -> Select[Any]:
    placed = service_version.alias("placed")
    revision = placed.c.from_revision if sort is Sort.LATEST else service.c.revision
    query = (
        select(service.c.id, service.c.version, service_version.c.document, service_version.c.sha256, revision)
        .join_from(service, service_version, _IS_CURRENT)
        .where(*matching(filters))
        .limit(bindparam("rows"))
    )
    is_later = service.c.id > bindparam("last_id")
    if sort is Sort.ID:
        return (query.where(is_later) if goes_on else query).order_by(service.c.id)
    query = query.join(placed, and_(placed.c.service_id == service.c.id, in_force(placed, bindparam("as_of"))))
    if goes_on:
        last: BindParameter[int] = bindparam("last_revision")
        query = query.where(revision <= last, or_(revision < last, is_later))
    return query.order_by(revision.desc(), service.c.id)


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

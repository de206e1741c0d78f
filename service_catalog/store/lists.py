"""Lists of services: which rows the filters stand for, in which order, and one page of them.

Statements are built once for each set of filters and remembered: building one costs more than running it.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session

from service_catalog.domain.revisions import StoredDocument
from service_catalog.domain.selection import ChangesRequest, Filters, PageRequest, Position, Sort
from service_catalog.domain.vocabulary import Audience, Depth, Status, Tag
from service_catalog.store.tables import service, service_life_event, service_version

REMEMBERED = 1024
"""Statements kept."""

_DEPTH_OF = {Audience.INDIVIDUAL: service.c.depth_individual, Audience.ENTERPRISE: service.c.depth_enterprise}
_HAS_TAG = {
    Tag.ZERO_VISIT: service.c.visits == 0,
    Tag.ONE_VISIT: service.c.visits == 1,
    Tag.SINGLE_WINDOW: service.c.single_window,
}
_IS_FOR = {Audience.INDIVIDUAL: service.c.for_individual, Audience.ENTERPRISE: service.c.for_enterprise}


def find_page(session: Session, request: PageRequest, as_of: int) -> list[tuple[StoredDocument, Position]]:
    """Return up to ``limit`` + 1 documents of one page, each with its place; the extra one tells that more follow.

    Documents are today's; ``as_of`` fixes only the places in the latest-first order.
    """
    query = _page_query(request.filters, request.sort, goes_on=request.after is not None)
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
    return int(session.execute(_count_query(filters)).scalar_one())


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


def matching(filters: Filters) -> list[ColumnElement[bool]]:
    """Return the conditions on ``service`` that the filters stand for; all must hold."""
    conditions: list[ColumnElement[bool]] = []
    if filters.status != "any":
        conditions.append(service.c.status == filters.status)
    if filters.division is not None:
        conditions.append(below(filters.division))
    if filters.domain is not None:
        conditions.append(service.c.domain == filters.domain)
    if filters.audience is not None:
        conditions.append(_IS_FOR[Audience(filters.audience)])
    conditions.extend(_HAS_TAG[Tag(tag)] for tag in filters.tags)
    conditions.extend(_online_conditions(filters))
    if filters.max_visits is not None:
        conditions.append(service.c.visits <= filters.max_visits)
    if filters.life_event is not None:
        event = service_life_event.alias().c  # its own name: the query around it may count the same table
        conditions.append(exists().where(event.service_id == service.c.id, event.life_event == filters.life_event))
    return conditions


def below(division: str) -> ColumnElement[bool]:
    """Return the condition that a service belongs to a division or to one below it.

    An id starts with its division, so a prefix is a range of the primary key.
    """
    following = division[:-1] + chr(ord(division[-1]) + 1)
    return and_(service.c.id >= division, service.c.id < following)


def _online_conditions(filters: Filters) -> Iterator[ColumnElement[bool]]:
    anybody = or_(*(depth.is_not(None) for depth in _DEPTH_OF.values()))
    if filters.online is not None:
        yield anybody if filters.online else ~anybody
    named = [_DEPTH_OF[Audience(audience)] for audience in filters.online_for]
    yield from (depth.is_not(None) for depth in named)
    if filters.min_depth is not None:
        rank = Depth(filters.min_depth).rank
        if named:
            yield from (depth >= rank for depth in named)
        else:
            yield or_(*(depth >= rank for depth in _DEPTH_OF.values()))

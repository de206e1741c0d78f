"""Lists of services: which rows the filters stand for, in which order, and one page of them.

Statements are built once for each set of filters and remembered: building one costs more than running it.
"""

from dataclasses import replace
from functools import lru_cache
from math import isqrt
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from service_catalog.domain.revisions import StoredDocument
from service_catalog.domain.selection import ChangesRequest, Entry, Filters, PageRequest, Position, Sort
from service_catalog.domain.vocabulary import Status
from service_catalog.store import latest_first
from service_catalog.store.conditions import form_of, matching, tallied, values_of
from service_catalog.store.latest_first import Form, Reach
from service_catalog.store.statements import Remembered, is_on_sqlite
from service_catalog.store.tables import IS_CURRENT, service, service_version, tally

_Place = dict[str, int | str]
"""The parameters of a page's statement."""

REMEMBERED = 1024
"""Statements kept."""


def find_page(session: Session, request: PageRequest, total: int, as_of: int, *, is_latest: bool) -> list[Entry]:
    """Return up to ``limit`` + 1 entries of a list without a question; the extra one tells that more follow.

    Documents are today's; ``as_of`` fixes only the places in the latest-first order. ``is_latest`` tells that it is the
    latest revision; ``total`` services meet the filters.
    """
    filters = request.filters
    form = Form(
        form_of(filters),
        request.sort,
        Reach.of(filters),
        goes_on=request.after is not None,
        is_today=is_latest or request.sort is not Sort.LATEST,
    )
    place: _Place = {**values_of(filters), "as_of": as_of, "rows": request.limit + 1}
    if request.after is not None:
        place |= {"last_id": request.after.last_id, "last_revision": request.after.last_revision}
    if form.sort is Sort.LATEST and form.reach.is_wide:
        rows = _find_latest(session, form, place, total)
    elif _may_be_sparse(form):
        rows = _find_by_city(session, form, place)
    else:
        rows = _remembered_page(form).rows(session, place)
    return [Entry._make(row) for row in rows]


def _find_by_city(session: Session, form: Form, place: _Place) -> list[Any]:
    """Return a page in the order of ids, looked for only in those cities of which the tally says that they have any.

    However few services meet the filters, what is passed on the way to them is no more than their own cities.
    """
    wanted = int(place["rows"])
    start = max(str(place["prefix"]), str(place.get("last_id", ""))[:4])
    rows: list[Any] = []
    within = _within_city(form)
    for (city,) in _cities(form.filters).rows(session, place | {"start": start}):
        here = {"prefix": city, "prefix_end": f"{city}:", "rows": wanted - len(rows)}
        rows += within.rows(session, place | here)
        if len(rows) == wanted:
            break
    return rows


@lru_cache(maxsize=REMEMBERED)
def _within_city(form: Form) -> Remembered:
    return _remembered_page(form._replace(filters=form_of(replace(form.filters, division="0")), reach=Reach.FEW))


@lru_cache(maxsize=REMEMBERED)
def _cities(filters: Filters) -> Remembered:
    """Select the cities that have services which meet the filters, in order: as many as a page may need."""
    prefix = tally.c.prefix
    query = select(prefix).distinct().where(*tallied(filters), prefix >= bindparam("start"), func.length(prefix) == 4)
    return Remembered(query.where(prefix < bindparam("prefix_end")).order_by(prefix).limit(bindparam("rows")))


MOST_WALKED = 20
"""Changes walked for each row of a page of the latest ones, before it is found by attributes: either takes as long."""


def _find_latest(session: Session, form: Form, place: _Place, total: int) -> list[Any]:
    """Return a page of the latest changes, wherever those are that meet the filters.

    What is frequent is soon found on a walk; what is seldom, or changed long ago, by its attributes. No walk is longer
    than ``total``, and there is none where that does not fill the page.
    """
    wanted = int(place["rows"])
    is_sqlite = is_on_sqlite(session)
    walked = min(MOST_WALKED * wanted, total)
    if walked >= wanted:
        end = _end_of_walk(form).rows(session, place | {"walked": walked})
        end_revision, end_id = end[0] if end else (0, "")
        near = place | {"end_revision": end_revision, "end_id": end_id}
        rows = _page_on_walk(form, is_sqlite=is_sqlite).rows(session, near)
        if len(rows) == wanted or not end:  # where no change is behind the walk, nothing else can be on the page
            return rows
    by_attributes = _page_by_attributes(form, is_sqlite=is_sqlite)
    return by_attributes.rows(session, place | {"some": isqrt(wanted)})


@lru_cache(maxsize=REMEMBERED)
def _end_of_walk(form: Form) -> Remembered:
    return Remembered(latest_first.end_of_walk(form))


@lru_cache(maxsize=REMEMBERED)
def _page_on_walk(form: Form, *, is_sqlite: bool) -> Remembered:
    return Remembered(_page(latest_first.by_walking(form, is_sqlite=is_sqlite), form))


@lru_cache(maxsize=REMEMBERED)
def _page_by_attributes(form: Form, *, is_sqlite: bool) -> Remembered:
    return Remembered(_page(latest_first.by_attributes(form, is_sqlite=is_sqlite), form))


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
        for identity, version, document, sha256, revision, status in query.rows(session, place)
    ]


@lru_cache(maxsize=REMEMBERED)
def _may_be_sparse(form: Form) -> bool:
    """Tell whether what stands on a page may lie far apart: most are in force, and the retired have an index."""
    is_filtered = replace(form.filters, division=None, status="any") != Filters(status="any")
    return form.reach.is_wide and is_filtered and form.filters.status != "retired"


@lru_cache(maxsize=REMEMBERED)
def _remembered_page(form: Form) -> Remembered:
    return Remembered(_page(_chosen(form), form))


def _page(chosen: Select[Any], form: Form) -> Select[Any]:
    """Select the documents of a page; its services are chosen first, so that no planner joins all documents to them."""
    page = chosen.limit(bindparam("rows")).subquery("page")
    version = service_version.c
    is_current = and_(version.service_id == page.c.id, version.version == page.c.version)
    query = select(page.c.id, page.c.revision, version.document)
    query = query.join_from(page, service_version, is_current)
    return query.order_by(*((page.c.revision.desc(), page.c.id.desc()) if form.sort is Sort.LATEST else (page.c.id,)))


def _chosen(form: Form) -> Select[Any]:
    """Select id, version and place of the services of a list, in its order."""
    return latest_first.by_sorting(form) if form.sort is Sort.LATEST else _by_id(form)


def _by_id(form: Form) -> Select[Any]:
    query = select(service.c.id, service.c.version, service.c.revision).where(*matching(form.filters))
    return (query.where(service.c.id > bindparam("last_id")) if form.goes_on else query).order_by(service.c.id)


_changes = (
    select(
        service.c.id,
        service.c.version,
        service_version.c.document,
        service_version.c.sha256,
        service.c.revision,
        service.c.status,
    )
    .join_from(service, service_version, IS_CURRENT)
    .where(service.c.revision > bindparam("since"))
    .order_by(service.c.revision, service.c.id)
    .limit(bindparam("rows"))
)
_CHANGES = Remembered(_changes)
_CHANGES_FURTHER = Remembered(
    _changes.where(
        service.c.revision >= bindparam("last_revision"),
        or_(service.c.revision > bindparam("last_revision"), service.c.id > bindparam("last_id")),
    )
)


def in_force(version: Any, revision: Any) -> ColumnElement[bool]:
    """Return the condition that a row of a table of versions was in force after ``revision``."""
    return and_(
        version.c.from_revision <= revision,
        or_(version.c.to_revision.is_(None), version.c.to_revision > revision),
    )

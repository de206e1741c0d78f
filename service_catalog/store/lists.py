"""Lists of services: which rows the filters stand for, in which order, and one page of them.

Statements are built once for each set of filters and remembered: building one costs more than running it.
"""

from dataclasses import replace
from enum import Enum
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, literal_column, or_, select, tuple_
from sqlalchemy.orm import Session

from service_catalog.domain.revisions import StoredDocument
from service_catalog.domain.selection import ChangesRequest, Entry, Filters, PageRequest, Position, Sort
from service_catalog.domain.vocabulary import Status
from service_catalog.store import search
from service_catalog.store.conditions import form_of, matching, tallied, values_of
from service_catalog.store.statements import Remembered
from service_catalog.store.tables import IS_CURRENT, service, service_version, tally

_Place = dict[str, int | str]
"""The parameters of a page's statement."""

REMEMBERED = 1024
"""Statements kept."""


def find_page(session: Session, request: PageRequest, total: int, as_of: int, *, is_latest: bool) -> list[Entry]:
    """Return up to ``limit`` + 1 of the ``total`` entries of a list; the extra one tells that more follow.

    Documents are today's; ``as_of`` fixes only the places in the latest-first order. It may be the latest revision.
    """
    filters = request.filters
    scope = _Scope.of(filters, total, is_latest=is_latest)
    form = _Form(form_of(filters), request.sort, scope, goes_on=request.after is not None)
    place: _Place = {**values_of(filters), "as_of": as_of, "rows": request.limit + 1}
    if request.after is not None:
        place |= {"last_id": request.after.last_id, "last_revision": request.after.last_revision}
    if filters.q:
        rows = session.execute(_page(_chosen(form).where(search.found(session, filters)), form), place).all()
    elif _may_be_sparse(form):
        rows = _find_by_city(session, form, place)
    else:
        rows = _remembered_page(form).rows(session, place)
    return [Entry._make(row) for row in rows]


def _find_by_city(session: Session, form: "_Form", place: "_Place") -> list[Any]:
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
def _within_city(form: "_Form") -> Remembered:
    return _remembered_page(form._replace(filters=form_of(replace(form.filters, division="0")), scope=_Scope.FEW))


@lru_cache(maxsize=REMEMBERED)
def _cities(filters: Filters) -> Remembered:
    """Select the cities that have services which meet the filters, in order: as many as a page may need."""
    prefix = tally.c.prefix
    query = select(prefix).distinct().where(*tallied(filters), prefix >= bindparam("start"), func.length(prefix) == 4)
    return Remembered(query.where(prefix < bindparam("prefix_end")).order_by(prefix).limit(bindparam("rows")))


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


_MOST_SORTED = 10_000
"""Retired services that are all looked at for the latest of them; of more, some are soon found among the changes."""


class _Scope(Enum):
    """How far a list reaches, by which the latest changes are found in one way or another."""

    ALL = "all"
    PROVINCE = "province"
    FEW = "few"
    """A city or a smaller division, what a question finds, or a few retired ones."""
    FEW_TODAY = "few today"
    """The same, where every service stands in the place of its current version."""

    @classmethod
    def of(cls, filters: Filters, total: int, *, is_latest: bool) -> "_Scope":
        is_few = filters.q or (filters.status == "retired" and total <= _MOST_SORTED)
        few = cls.FEW_TODAY if is_latest else cls.FEW
        return few if is_few else {0: cls.ALL, 2: cls.PROVINCE}.get(len(filters.division or ""), few)


class _Form(NamedTuple):
    """What pages have in common that need the same statement."""

    filters: Filters
    sort: Sort
    scope: _Scope
    goes_on: bool


@lru_cache(maxsize=REMEMBERED)
def _may_be_sparse(form: _Form) -> bool:
    """Tell whether what stands on a page may lie far apart: nearly all are in force, the retired have an index."""
    is_wide = form.scope in (_Scope.ALL, _Scope.PROVINCE)
    is_known = form.filters.status == "retired" or replace(form.filters, division=None) == Filters()
    return is_wide and form.sort is Sort.ID and not is_known


@lru_cache(maxsize=REMEMBERED)
def _remembered_page(form: _Form) -> Remembered:
    return Remembered(_page(_chosen(form), form))


def _page(chosen: Select[Any], form: _Form) -> Select[Any]:
    """Select the documents of a page; its services are chosen first, so that no planner joins all documents to them."""
    page = chosen.limit(bindparam("rows")).subquery("page")
    version = service_version.c
    is_current = and_(version.service_id == page.c.id, version.version == page.c.version)
    query = select(page.c.id, page.c.revision, version.document)
    query = query.join_from(page, service_version, is_current)
    return query.order_by(*((page.c.revision.desc(), page.c.id.desc()) if form.sort is Sort.LATEST else (page.c.id,)))


def _chosen(form: _Form) -> Select[Any]:
    """Select id, version and place of the services of a list, in its order."""
    return _latest(form) if form.sort is Sort.LATEST else _by_id(form)


def _by_id(form: _Form) -> Select[Any]:
    query = select(service.c.id, service.c.version, service.c.revision).where(*matching(form.filters))
    return (query.where(service.c.id > bindparam("last_id")) if form.goes_on else query).order_by(service.c.id)


def _latest(form: _Form) -> Select[Any]:
    """Select the latest changes first; within one revision the ids run backwards, as the index does.

    Where there are few services, or those of one city, all are sorted: the latest changes may all lie elsewhere. Of a
    province, or everything, the changes are walked until the page is full. No planner knows by itself which of the two
    is cheaper, so each form of the statement leaves it no choice.
    """
    filters, scope = form.filters, form.scope
    placed = service_version.alias("placed")
    identity: ColumnElement[str] = placed.c.service_id
    revision: ColumnElement[int] = placed.c.from_revision
    if scope is _Scope.FEW_TODAY:
        identity, revision = service.c.id, service.c.revision
    if scope in (_Scope.FEW, _Scope.FEW_TODAY):
        revision = revision + 0  # what is computed is sorted, and never looked up in the index
        conditions = matching(filters)
    else:
        conditions = matching(replace(filters, division=None))
        if scope is _Scope.PROVINCE:  # in figures, as the index has it: a parameter might stand for any other part
            first = func.substr(identity, literal_column("1"), literal_column("2"))
            conditions.append(first == bindparam("province"))
    query = select(service.c.id, service.c.version, revision.label("revision")).where(*conditions)
    if scope is not _Scope.FEW_TODAY:
        stands = or_(placed.c.to_revision.is_(None), placed.c.to_revision > bindparam("as_of"))
        query = query.join_from(placed, service, and_(identity == service.c.id, stands))
    if form.goes_on:
        query = query.where(tuple_(revision, identity) < tuple_(bindparam("last_revision"), bindparam("last_id")))
    else:
        query = query.where(revision <= bindparam("as_of"))
    return query.order_by(revision.desc(), identity.desc())


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

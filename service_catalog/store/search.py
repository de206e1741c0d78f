"""Full-text search: finding the services that a question asks for, by what ``search_entries`` wrote of them.

The tokens are ours, and so is the order; the databases only find which rows have which tokens, SQLite by FTS5 and
PostgreSQL by a GIN index. A question means the same to both, so both give the same services in the same order.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    FromClause,
    Integer,
    Select,
    Text,
    bindparam,
    exists,
    func,
    literal_column,
    not_,
    select,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.orm import Session

from service_catalog.domain.namesakes import are_kept
from service_catalog.domain.search import (
    MOST_NEAR,
    NEAR,
    NOTHING,
    AllOf,
    Condition,
    Question,
    Token,
    called,
    comes_near,
    nearest,
    ranked,
)
from service_catalog.domain.selection import Entry, Filters, PageRequest, Sort
from service_catalog.domain.tally import Attributes
from service_catalog.store.candidates import NARROW, candidates
from service_catalog.store.latest_first import place_of
from service_catalog.store.names import MOST_NAMES, find_called
from service_catalog.store.search_entries import ATTRIBUTES
from service_catalog.store.search_terms import Codes, Shapes, Terms, codes_of, remaining, terms
from service_catalog.store.statements import Remembered, is_on_sqlite
from service_catalog.store.tables import IS_CURRENT, search, service, service_version

MOST_COUNTED = 10_000
"""Hits that are counted, and can be paged through: of more, those that have been in the catalogue longest.

Whichever these are, they come by rank and then by id.
"""

_MOST_IN_FRONT = 1000
"""Hits of each better rank, by the same measure; ranking the rest would cost more than anybody reads."""

_MOST_NEAR_RANKED = 1000
"""Hits looked at for each piece of a question whose words no service has all of."""

REMEMBERED = 256
"""Statements kept."""


class _Hits(NamedTuple):
    """All that a question finds, with positions, and those of the ranks that a page reaches, with rank and place."""

    all: FromClause
    reached: FromClause


_LAST_PLACE = bindparam("last_place", type_=Integer())
_LAST_RANK = _LAST_PLACE - 1
_ROWS = bindparam("rows", type_=Integer())


def _hits_by_rank(filters: Filters, shapes: Shapes, *, is_sqlite: bool) -> _Hits:
    """Return what the conditions find; a service's rank is the first one that finds it.

    The last condition finds all that the others find, so they only bring the first of theirs to the front. What it
    alone finds is not looked at before a page is reached that the others do not fill.
    """
    least = len(shapes) - 1
    *others, last = (
        candidates(filters, number, shapes, _MOST_IN_FRONT if number < least else MOST_COUNTED, is_sqlite=is_sqlite)
        for number in range(len(shapes))
    )
    everything = last.cte("everything")
    is_any = exists(select(everything))  # where the last condition finds nothing, none of the others is looked at
    in_front = union_all(*(_with_rank(*one).where(is_any) for one in enumerate(others))).subquery()
    rank, *place = in_front.c
    better = select(func.min(rank).label("rank"), *place).group_by(*place).cte("better")
    following = select(better.c.rank).where(better.c.rank > _LAST_RANK).order_by(better.c.rank)
    filled = following.limit(1).offset(_ROWS - 1).scalar_subquery()
    in_reach = better.c.rank.between(_LAST_RANK, func.coalesce(filled, least))
    is_better = everything.c.position.in_(select(better.c.position))
    rest = _with_rank(least, select(everything).where(filled.is_(None), not_(is_better)))
    in_front_of_rest = select(func.count()).select_from(better).scalar_subquery()
    counted = rest.order_by(literal_column("position")).limit(MOST_COUNTED - in_front_of_rest).subquery()
    return _Hits(everything, union_all(select(better).where(in_reach), select(counted)).subquery("reached"))


def _with_rank(rank: int, candidates: Select[Any]) -> Select[Any]:
    return select(literal_column(str(rank)).label("rank"), *candidates.subquery().c)


def _hits_by_nearness(filters: Filters, shapes: Shapes, *, is_sqlite: bool) -> Select[Any]:
    """Select rank and place of what meets at least a third of the conditions, who meets most first."""
    of_all: CompoundSelect[Any] = union_all(
        *(
            select(candidates(filters, number, shapes, _MOST_NEAR_RANKED, is_sqlite=is_sqlite).subquery())
            for number in range(len(shapes))
        )
    )
    hits = of_all.subquery()
    rank = (NEAR + len(shapes) - func.count()).label("rank")
    query = select(rank, *hits.c).group_by(*hits.c).having(comes_near(func.count(), len(shapes)))
    return query.order_by(rank, hits.c.position).limit(MOST_NEAR)


class _Scope(NamedTuple):
    """One way to look for what is asked: its conditions, and whether meeting some of them is enough."""

    values: dict[str, Any]
    shapes: Shapes
    is_near: bool


def _scopes(session: Session, filters: Filters) -> Iterator[_Scope]:
    """Yield where to look for what has all the words, and then for what comes nearest."""
    question, is_sqlite = filters.q, is_on_sqlite(session)
    if question is None or not question.words:
        return
    codes = codes_of(filters, is_sqlite=is_sqlite)
    by_rank = conditions(session, question)
    if by_rank[-1] != NOTHING:
        yield _Scope(*terms(by_rank, codes, is_sqlite=is_sqlite), is_near=False)
    yield _Scope(*_near_terms(question, codes, is_sqlite=is_sqlite), is_near=True)


def conditions(session: Session, question: Question) -> list[Condition]:
    """Return the conditions by which services are ranked, told by the numbers of the names where these are few.

    Words that are frequent, but that few services have together, or none, would have either index go through the whole
    catalogue. What a single word finds, or what many names have, it comes upon soon.
    """
    by_words = ranked(question)
    asked = [condition for condition in by_words if are_kept(condition) and not isinstance(condition, Token)]
    told: dict[Condition, Condition] = {}
    for condition, (numbers, are_all) in zip(asked, find_called(session, asked), strict=True):
        if len(numbers) <= MOST_NAMES:
            told[condition] = called(numbers) if are_all else AllOf((called(numbers), condition))
    *others, last = (told.get(condition, condition) for condition in by_words)
    # What is asked for a second time finds nothing new.
    return [*(NOTHING if one in others[:place] else one for place, one in enumerate(others)), last]


@lru_cache(maxsize=REMEMBERED)
def _near_terms(question: Question, codes: Codes, *, is_sqlite: bool) -> Terms:
    return terms(nearest(question), codes, is_sqlite=is_sqlite)


class _Form(NamedTuple):
    """What pages of what questions find have in common that need the same statement."""

    filters: Filters
    shapes: Shapes
    is_near: bool
    sort: Sort
    is_today: bool


@lru_cache(maxsize=REMEMBERED)
def _page_query(form: _Form, *, is_sqlite: bool) -> Remembered:
    """Select the number of all hits beside each document of a page; one row without a document where it is empty.

    A page begins after a place and an id. The place is counted from 1 in the order of relevance, one and the same for
    all in the order of ids, and a revision where the latest stand first.
    """
    hits = _hits(form, is_sqlite=is_sqlite)
    placed = _placed(hits.reached, form)
    mark, last = tuple_(placed.c.place, placed.c.service_id), tuple_(_LAST_PLACE, bindparam("last_id", type_=Text()))
    is_later = mark < last if form.sort is Sort.LATEST else mark > last
    chosen = select(placed).where(is_later).order_by(*_in_order(placed, form.sort))
    total = select(func.count().label("total")).select_from(hits.all).subquery("counted")
    page, version = chosen.limit(_ROWS).subquery("page"), service_version.c
    query = (
        select(total.c.total, page.c.service_id, page.c.place, version.document)
        .select_from(total.outerjoin(page, true()))
        .outerjoin(service, service.c.id == page.c.service_id)
        .outerjoin(service_version, IS_CURRENT)
    )
    return Remembered(query.order_by(*_in_order(page, form.sort)))


def _hits(form: _Form, *, is_sqlite: bool) -> _Hits:
    filters, shapes = form.filters, form.shapes
    if not form.is_near and form.sort is Sort.RELEVANCE:
        return _hits_by_rank(filters, shapes, is_sqlite=is_sqlite)
    query = (
        _hits_by_nearness(filters, shapes, is_sqlite=is_sqlite)
        if form.is_near  # else the last condition finds all
        else candidates(filters, len(shapes) - 1, shapes, MOST_COUNTED, is_sqlite=is_sqlite)
    )
    everything = query.cte("everything")
    return _Hits(everything, everything)


def _placed(hits: FromClause, form: _Form) -> FromClause:
    named = _named(hits).subquery("named")
    if form.sort is Sort.LATEST:  # an offset keeps either database from looking each place up twice
        place = place_of(named.c.service_id, is_today=form.is_today).label("place")
        return select(place, named.c.service_id).offset(0).subquery("placed")
    place = (named.c.rank + 1 if form.sort is Sort.RELEVANCE else literal_column("1")).label("place")
    return select(place, named.c.service_id).subquery("placed")


def _in_order(of: FromClause, sort: Sort) -> list[ColumnElement[Any]]:
    columns: list[ColumnElement[Any]] = [of.c.place, of.c.service_id]
    return [column.desc() for column in columns] if sort is Sort.LATEST else columns


def _named(hits: FromClause) -> Select[Any]:
    """Select hits with their ids; they have them where the rows were read."""
    if "service_id" in hits.c:
        return select(*hits.c)
    entry = NARROW.subquery()
    return select(*hits.c, entry.c.service_id).join(entry, entry.c.position == hits.c.position)


def find_page(session: Session, request: PageRequest, as_of: int, *, is_latest: bool) -> tuple[list[Entry], int]:
    """Return up to ``limit`` + 1 entries of what a question finds, and the number of all up to the bound.

    Places are counted from 1 in the order of relevance. Where no service has all the words, those that come nearest.
    For ``as_of`` and ``is_latest``, see ``lists.find_page``.
    """
    is_sqlite = is_on_sqlite(session)
    place = {"rows": request.limit + 1, "as_of": as_of, **_start(request, as_of)}
    rest, is_today = remaining(request.filters), is_latest or request.sort is not Sort.LATEST
    for values, shapes, is_near in _scopes(session, request.filters):
        form = _Form(rest, shapes, is_near, request.sort, is_today)
        rows = _page_query(form, is_sqlite=is_sqlite).rows(session, place | values)
        if total := rows[0][0]:
            return [Entry(*found) for _, *found in rows if found[0] is not None], total
    return [], 0


def _start(request: PageRequest, as_of: int) -> dict[str, int | str]:
    """Return the place and the id after which a page begins."""
    if request.after is None:
        return {"last_place": as_of + 1 if request.sort is Sort.LATEST else 0, "last_id": ""}
    last_place = 1 if request.sort is Sort.ID else request.after.last_revision
    return {"last_place": last_place, "last_id": request.after.last_id}


def count_found(session: Session, filters: Filters) -> list[tuple[Attributes, int]]:
    """Return what the filters' question finds, of more those counted first, by all attributes."""
    is_sqlite = is_on_sqlite(session)
    rest = remaining(filters)
    for values, shapes, is_near in _scopes(session, filters):
        query = _count_query(rest, shapes, is_near=is_near, is_sqlite=is_sqlite)
        if rows := query.rows(session, values):
            return [(Attributes(*attributes), number) for *attributes, number in rows]
    return []


@lru_cache(maxsize=REMEMBERED)
def _count_query(filters: Filters, shapes: Shapes, *, is_near: bool, is_sqlite: bool) -> Remembered:
    if is_near:
        near = _hits_by_nearness(filters, shapes, is_sqlite=is_sqlite).subquery()
        found = select(*ATTRIBUTES).join(near, near.c.position == search.c.position)
    else:  # the last condition finds all
        found = candidates(filters, len(shapes) - 1, shapes, MOST_COUNTED, is_sqlite=is_sqlite, counted=True)
    hits = found.subquery()
    attributes = [hits.c[name] for name in Attributes._fields]
    return Remembered(select(*attributes, func.count()).group_by(*attributes))

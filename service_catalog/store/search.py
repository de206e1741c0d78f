"""Full-text search: finding the services that a question asks for, by what ``search_entries`` wrote of them.

The tokens are ours, and so is the order; the databases only find which rows have which tokens, SQLite by FTS5 and
PostgreSQL by a GIN index. A question means the same to both, so both give the same services in the same order.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import starmap
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    FromClause,
    Integer,
    Select,
    Text,
    and_,
    bindparam,
    cast,
    column,
    func,
    literal_column,
    not_,
    select,
    table,
    text,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.dialects.postgresql import TSQUERY, array
from sqlalchemy.orm import Session

from service_catalog.domain.search import MOST_NEAR, NEAR, Condition, Question, comes_near, nearest, ranked
from service_catalog.domain.selection import Entry, Filters, PageRequest
from service_catalog.domain.tally import Attributes
from service_catalog.store.conditions import tallied
from service_catalog.store.search_entries import ATTRIBUTES
from service_catalog.store.search_terms import Codes, Terms, codes_of, names, remaining, terms
from service_catalog.store.statements import Remembered, is_on_sqlite
from service_catalog.store.tables import (
    IS_CURRENT,
    LAST_STRETCH,
    SQLITE_ENTRIES,
    SQLITE_SEARCH,
    STRETCHES,
    search,
    service,
    service_version,
)

MOST_COUNTED = 10_000
"""Hits that are counted, and can be paged through: of more, those that have been in the catalogue longest.

Whichever these are, they come by rank and then by id.
"""

_MOST_IN_FRONT = 1000
"""Hits of each better rank, by the same measure; ranking the rest would cost more than anybody reads."""

_MOST_NEAR_RANKED = 1000
"""Hits looked at for each piece of a question whose words no service has all of."""

_SUGGESTED = 100
"""Names looked at for each way in which one may be meant."""

REMEMBERED = 256
"""Statements kept."""

Keys = tuple[int, ...]
"""Of how many keys each condition consists; with the filters this is all that a statement depends on."""


@lru_cache(maxsize=REMEMBERED)
def _terms(question: Question, codes: Codes, *, is_near: bool, is_sqlite: bool) -> Terms:
    return terms(nearest(question) if is_near else ranked(question), codes, is_sqlite=is_sqlite)


def _candidates(
    filters: Filters, number: int, keys: Keys, rows: int, *, is_sqlite: bool, counted: bool = False
) -> Select[Any]:
    """Select the positions that one condition finds under the remaining filters, the first ones.

    They come with the ids where the rows are read anyway; those that are to be counted come with their attributes.
    """
    found_by = _found_by_fts5 if is_sqlite else _found_by_gin
    return found_by(filters, names(number, keys[number]), rows, counted=counted)


_COLUMNS = (search.c.position, search.c.service_id, *ATTRIBUTES)
_NARROW = text(
    f"SELECT {', '.join(column.name for column in _COLUMNS)} FROM search INDEXED BY {SQLITE_ENTRIES}"  # noqa: S608
).columns(*_COLUMNS)
"""SQLite: the rows without what is long, from an index that it would not think of; with it, only two fill a page."""


def _found_by_fts5(filters: Filters, asked: list[str], rows: int, *, counted: bool) -> Select[Any]:
    """Select them in the order of the index; the table is only read where it must be, as its rows are wide."""
    index = table(SQLITE_SEARCH, column("rowid"))
    position: ColumnElement[int] = index.c.rowid
    matches = [literal_column(SQLITE_SEARCH).op("MATCH")(bindparam(name)) for name in asked]
    query = select(position.label("position")).where(*matches)
    entry = _NARROW.subquery()
    conditions = tallied(filters, entry)
    if conditions or counted:
        query = query.join(entry, entry.c.position == position).where(*conditions)
    if counted:
        query = query.add_columns(*(entry.c[name] for name in Attributes._fields))
    return query.order_by(position).limit(rows)


def _found_by_gin(filters: Filters, asked: list[str], rows: int, *, counted: bool) -> Select[Any]:
    """Select them stretch by stretch until there are enough, as the index knows no order by which it could stop.

    A LATERAL with a limit can only be run for one stretch after the other, so the first rows are the first positions.
    """
    stretch = func.generate_series(0, LAST_STRETCH).table_valued("number").render_derived(name="stretch")
    last = select(_stretch(func.max(search.c.position))).scalar_subquery()
    is_found = [search.c.tokens.op("@@")(cast(_spelt_out(name), TSQUERY)) for name in asked]
    is_here = array([_stretch(search.c.position)]).op("@>")(array([stretch.c.number]))
    query = select(search.c.position, search.c.service_id, *(ATTRIBUTES if counted else ()))
    query = query.where(*is_found, is_here, *tallied(filters, search))
    hits = query.order_by(search.c.position).limit(rows).lateral("hits")
    return select(*hits.c).select_from(stretch).join(hits, true()).where(stretch.c.number <= last).limit(rows)


def _spelt_out(name: str) -> BindParameter[str]:
    """Return a parameter that stands in the statement itself: a plan made for any question is bad for each."""
    return bindparam(name, type_=Text(), literal_execute=True)


def _stretch(position: ColumnElement[int]) -> ColumnElement[int]:
    return func.width_bucket(position, STRETCHES, type_=Integer())


class _Hits(NamedTuple):
    """All that a question finds, with positions, and those of the ranks that a page reaches, with rank and place."""

    all: FromClause
    reached: FromClause


_LAST_RANK = bindparam("last_rank", type_=Integer())
_ROWS = bindparam("rows", type_=Integer())


def _hits_by_rank(filters: Filters, keys: Keys, *, is_sqlite: bool) -> _Hits:
    """Return what the conditions find; a service's rank is the first one that finds it.

    The last condition finds all that the others find, so they only bring the first of theirs to the front. What it
    alone finds is not looked at before a page is reached that the others do not fill.
    """
    least = len(keys) - 1
    *others, last = (
        _candidates(filters, number, keys, _MOST_IN_FRONT if number < least else MOST_COUNTED, is_sqlite=is_sqlite)
        for number in range(len(keys))
    )
    everything = last.cte("everything")
    in_front = union_all(*starmap(_with_rank, enumerate(others))).subquery()
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


def _hits_by_nearness(filters: Filters, keys: Keys, *, is_sqlite: bool) -> Select[Any]:
    """Select rank and place of what meets at least a third of the conditions, who meets most first."""
    of_all: CompoundSelect[Any] = union_all(
        *(
            select(_candidates(filters, number, keys, _MOST_NEAR_RANKED, is_sqlite=is_sqlite).subquery())
            for number in range(len(keys))
        )
    )
    hits = of_all.subquery()
    rank = (NEAR + len(keys) - func.count()).label("rank")
    query = select(rank, *hits.c).group_by(*hits.c).having(comes_near(func.count(), len(keys)))
    return query.order_by(rank, hits.c.position).limit(MOST_NEAR)


class _Scope(NamedTuple):
    """One way to look for what is asked: its conditions, and whether meeting some of them is enough."""

    values: dict[str, str]
    keys: Keys
    is_near: bool


def _scopes(session: Session, filters: Filters) -> Iterator[_Scope]:
    """Yield where to look for what has all the words, and then for what comes nearest."""
    question, is_sqlite = filters.q, is_on_sqlite(session)
    for is_near in (False, True) if question and question.words else ():
        codes = codes_of(filters, is_sqlite=is_sqlite)
        yield _Scope(*_terms(question, codes, is_near=is_near, is_sqlite=is_sqlite), is_near)


@lru_cache(maxsize=REMEMBERED)
def _page_query(filters: Filters, keys: Keys, *, is_near: bool, is_sqlite: bool) -> Remembered:
    """Select the number of all hits beside each document of a page; one row without a document where it is empty.

    A page begins after a rank and an id.
    """
    if is_near:
        near = _hits_by_nearness(filters, keys, is_sqlite=is_sqlite).cte("near")
        hits = _Hits(near, near)
    else:
        hits = _hits_by_rank(filters, keys, is_sqlite=is_sqlite)
    named = _named(hits.reached).subquery()
    is_later = tuple_(named.c.rank, named.c.service_id) > tuple_(_LAST_RANK, bindparam("last_id", type_=Text()))
    chosen = select(named).where(is_later).order_by(named.c.rank, named.c.service_id)
    total = select(func.count().label("total")).select_from(hits.all).subquery("counted")
    page, version = chosen.limit(_ROWS).subquery("page"), service_version.c
    query = (
        select(total.c.total, page.c.service_id, page.c.rank + 1, version.document)
        .select_from(total.outerjoin(page, true()))
        .outerjoin(service, service.c.id == page.c.service_id)
        .outerjoin(service_version, IS_CURRENT)
    )
    return Remembered(query.order_by(page.c.rank, page.c.service_id))


def _named(hits: FromClause) -> Select[Any]:
    """Select hits with their ids; they have them where the rows were read."""
    if "service_id" in hits.c:
        return select(*hits.c)
    entry = _NARROW.subquery()
    return select(*hits.c, entry.c.service_id).join(entry, entry.c.position == hits.c.position)


def find_page(session: Session, request: PageRequest) -> tuple[list[Entry], int]:
    """Return up to ``limit`` + 1 entries by relevance, places counted from 1, and the number of all up to the bound.

    Where no service has all the words, those that come nearest.
    """
    filters, after = request.filters, request.after
    last_rank, last_id = (after.last_revision - 1, after.last_id) if after else (-1, "")
    place: dict[str, int | str] = {"rows": request.limit + 1, "last_rank": last_rank, "last_id": last_id}
    is_sqlite = is_on_sqlite(session)
    rest = remaining(filters, is_sqlite=is_sqlite)
    for values, keys, is_near in _scopes(session, filters):
        query = _page_query(rest, keys, is_near=is_near, is_sqlite=is_sqlite)
        rows = query.rows(session, place | values)
        if total := rows[0][0]:
            return [Entry(*found) for _, *found in rows if found[0] is not None], total
    return [], 0


def found(session: Session, filters: Filters) -> ColumnElement[bool]:
    """Return the condition that a service is among what the filters' question finds, of more those counted first."""
    is_sqlite = is_on_sqlite(session)
    rest = remaining(filters, is_sqlite=is_sqlite)
    for values, keys, is_near in _scopes(session, filters):
        if is_near:
            hits = _hits_by_nearness(rest, keys, is_sqlite=is_sqlite)
        else:  # the last condition finds all; in which order does not matter here
            hits = _candidates(rest, len(keys) - 1, keys, MOST_COUNTED, is_sqlite=is_sqlite)
        bound = hits.params(values)
        if session.execute(bound.limit(1)).first() is not None:
            return service.c.id.in_(select(_named(bound.subquery()).subquery().c.service_id))
    return service.c.id.in_([])


def count_found(session: Session, filters: Filters) -> list[tuple[Attributes, int]]:
    """Return what the filters' question finds, of more those counted first, by all attributes."""
    is_sqlite = is_on_sqlite(session)
    rest = remaining(filters, is_sqlite=is_sqlite)
    for values, keys, is_near in _scopes(session, filters):
        query = _count_query(rest, keys, is_near=is_near, is_sqlite=is_sqlite)
        if rows := query.rows(session, values):
            return [(Attributes(*attributes), number) for *attributes, number in rows]
    return []


@lru_cache(maxsize=REMEMBERED)
def _count_query(filters: Filters, keys: Keys, *, is_near: bool, is_sqlite: bool) -> Remembered:
    if is_near:
        near = _hits_by_nearness(filters, keys, is_sqlite=is_sqlite).subquery()
        found = select(*ATTRIBUTES).join(near, near.c.position == search.c.position)
    else:  # the last condition finds all
        found = _candidates(filters, len(keys) - 1, keys, MOST_COUNTED, is_sqlite=is_sqlite, counted=True)
    hits = found.subquery()
    attributes = [hits.c[name] for name in Attributes._fields]
    return Remembered(select(*attributes, func.count()).group_by(*attributes))


@lru_cache(maxsize=REMEMBERED)
def _suggestion_query(keys: Keys, *, is_sqlite: bool) -> Remembered:
    rest = remaining(Filters(), is_sqlite=is_sqlite)
    hits = [_candidates(rest, number, keys, _SUGGESTED, is_sqlite=is_sqlite) for number in range(len(keys))]
    of_all = _named(union_all(*starmap(_with_rank, enumerate(hits))).subquery()).subquery()
    chosen = select(of_all.c.rank, service.c.id, service.c.version).join(service, service.c.id == of_all.c.service_id)
    # The bound cuts nothing off; it has PostgreSQL choose services before it looks at any of their versions.
    page, version = chosen.limit(len(keys) * _SUGGESTED).subquery("page"), service_version.c
    is_current = and_(version.service_id == page.c.id, version.version == page.c.version)
    return Remembered(select(page.c.rank, page.c.id, version.document).join(service_version, is_current))


def find_suggestions(
    session: Session, conditions: Sequence[Condition], division: str | None
) -> list[tuple[int, str, bytes]]:
    """Return rank, id and document of the first services in force that each condition finds, in no order."""
    if not conditions:
        return []
    is_sqlite = is_on_sqlite(session)
    values, keys = terms(conditions, codes_of(Filters(division=division), is_sqlite=is_sqlite), is_sqlite=is_sqlite)
    return _suggestion_query(keys, is_sqlite=is_sqlite).rows(session, values)

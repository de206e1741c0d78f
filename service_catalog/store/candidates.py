"""What one condition finds, the first services of the catalogue that meet it, by the index that finds them soonest.

Those of few names stand in the order of an index. Otherwise tokens are looked for: FTS5 comes upon hits in their order
and can stop, GIN knows no order.
"""

from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, bindparam, func, select, text, true, union_all
from sqlalchemy.dialects.postgresql import array

from service_catalog.domain.selection import Filters
from service_catalog.domain.tally import Attributes
from service_catalog.store.conditions import tallied
from service_catalog.store.search_entries import ATTRIBUTES
from service_catalog.store.search_terms import Shapes, fts5, gin, parameters
from service_catalog.store.tables import LAST_STRETCH, SQLITE_ENTRIES, SQLITE_SEARCH, STRETCHES, search

_COLUMNS = (search.c.position, search.c.service_id, *ATTRIBUTES)
NARROW = text(
    f"SELECT {', '.join(column.name for column in _COLUMNS)} FROM search INDEXED BY {SQLITE_ENTRIES}"  # noqa: S608
).columns(*_COLUMNS)
"""SQLite: the rows without what is long, from an index that it would not think of; with it, only two fill a page."""


def candidates(
    filters: Filters, number: int, shapes: Shapes, rows: int, *, is_sqlite: bool, counted: bool = False
) -> Select[Any]:
    """Select the positions that one condition finds under the remaining filters, the first ones.

    They come with the ids where the rows are read anyway; those that are to be counted come with their attributes.
    """
    shape = shapes[number]
    asked = parameters(number, shape)
    if shape.names:
        return _found_by_name(filters, asked, rows, is_sqlite=is_sqlite, counted=counted)
    found_by = _found_by_fts5 if is_sqlite else _found_by_gin
    return found_by(filters, asked, rows, counted=counted)


def _found_by_name(filters: Filters, asked: list[str], rows: int, *, is_sqlite: bool, counted: bool) -> Select[Any]:
    """Select them name by name in the order of their index, which has all that is read of each, and merge them.

    Each is put in order by itself, which is its order already; else PostgreSQL would read all of them, and sort them.
    """
    columns = (search.c.position, *(() if is_sqlite else (search.c.service_id,)), *(ATTRIBUTES if counted else ()))
    meeting = tallied(filters, search)
    in_order = select(*columns).order_by(search.c.position)
    called = (in_order.where(search.c.name == bindparam(name), *meeting).subquery() for name in asked)
    hits = union_all(*(select(of_one) for of_one in called)).subquery()
    return select(*hits.c).order_by(hits.c.position).limit(rows)


def _found_by_fts5(filters: Filters, asked: list[str], rows: int, *, counted: bool) -> Select[Any]:
    """Select them in the order of the index; the table is only read where it must be, as its rows are wide."""
    index, meets = fts5(SQLITE_SEARCH, asked)
    position: ColumnElement[int] = index.c.rowid
    query = select(position.label("position")).where(*meets)
    entry = NARROW.subquery()
    conditions = tallied(replace(filters, status="any"), entry)  # which the index was asked for
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
    is_here = array([_stretch(search.c.position)]).op("@>")(array([stretch.c.number]))
    query = select(search.c.position, search.c.service_id, *(ATTRIBUTES if counted else ()))
    query = query.where(*gin(search.c.tokens, asked), is_here, *tallied(filters, search))
    hits = query.order_by(search.c.position).limit(rows).lateral("hits")
    return select(*hits.c).select_from(stretch).join(hits, true()).where(stretch.c.number <= last).limit(rows)


def _stretch(position: ColumnElement[int]) -> ColumnElement[int]:
    return func.width_bucket(position, STRETCHES, type_=Integer())

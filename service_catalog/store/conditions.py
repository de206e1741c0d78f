"""What the filters of a list mean: which rows of ``service`` they stand for, and which of ``tally`` and ``search``.

The tables have the same attributes under the same names, but for the division. A
division is a parameter of the statement, so that one statement serves all forty thousand.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from sqlalchemy import ColumnElement, FromClause, and_, bindparam, literal, or_

from service_catalog.domain.selection import Filters
from service_catalog.domain.service import event_list
from service_catalog.domain.vocabulary import Audience, Depth, Tag
from service_catalog.store.tables import service, tally

REMEMBERED = 1024
"""Forms of filters kept."""

_SOME_DIVISION = "0"

_CHANNEL = 0
"""The least depth of an online channel; an audience without one has none, or in ``tally`` a depth below it."""


@lru_cache(maxsize=REMEMBERED)
def form_of(filters: Filters) -> Filters:
    """Return what filters have in common that need the same statement: all but the division's digits and the words."""
    return replace(filters, division=filters.division and _SOME_DIVISION, q=None)


def values_of(filters: Filters) -> dict[str, str]:
    """Return the parameters of a statement with these filters.

    An id starts with its division, so a prefix is a range of the primary key; a colon sorts right above the digits.
    """
    prefix = filters.division or ""
    return {"prefix": prefix, "prefix_end": f"{prefix}:", "province": prefix[:2]}


def matching(filters: Filters) -> list[ColumnElement[bool]]:
    """Return the conditions on ``service`` that the filters stand for; all must hold."""
    conditions = tallied(filters, service)
    if filters.division is not None:
        conditions += [service.c.id >= bindparam("prefix"), service.c.id < bindparam("prefix_end")]
    return conditions


def tallied(filters: Filters, of: FromClause = tally) -> list[ColumnElement[bool]]:
    """Return the conditions on any of the tables that the filters stand for, but for the division."""
    return [*_attributes(filters, of)]


def _attributes(filters: Filters, of: FromClause) -> Iterator[ColumnElement[bool]]:
    has_tag = {
        Tag.ZERO_VISIT: of.c.visits == 0,
        Tag.ONE_VISIT: of.c.visits == 1,
        Tag.SINGLE_WINDOW: of.c.single_window,
    }
    if filters.status != "any":
        yield of.c.status == literal(filters.status, literal_execute=True)  # spelt out: retired ones have an index
    if filters.domain is not None:
        yield of.c.domain == filters.domain
    if filters.audience is not None:
        yield {Audience.INDIVIDUAL: of.c.for_individual, Audience.ENTERPRISE: of.c.for_enterprise}[
            Audience(filters.audience)
        ]
    yield from (has_tag[Tag(tag)] for tag in filters.tags)
    if filters.max_visits is not None:
        yield of.c.visits <= filters.max_visits
    if filters.life_event is not None:
        yield of.c.life_events.contains(event_list((filters.life_event,)), autoescape=True)
    yield from _online(filters, of)


def _online(filters: Filters, of: FromClause) -> Iterator[ColumnElement[bool]]:
    depth_of = {Audience.INDIVIDUAL: of.c.depth_individual, Audience.ENTERPRISE: of.c.depth_enterprise}
    if filters.online:
        yield or_(*(depth >= _CHANNEL for depth in depth_of.values()))
    elif filters.online is not None:
        yield and_(*(or_(depth.is_(None), depth < _CHANNEL) for depth in depth_of.values()))
    named = [depth_of[Audience(audience)] for audience in filters.online_for]
    yield from (depth >= _CHANNEL for depth in named)
    if filters.min_depth is not None:
        rank = Depth(filters.min_depth).rank
        if named:
            yield from (depth >= rank for depth in named)
        else:
            yield or_(*(depth >= rank for depth in depth_of.values()))

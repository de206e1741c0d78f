"""Which rows of ``service`` the filters of a list stand for."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, and_, exists, or_

from service_catalog.domain.selection import Filters
from service_catalog.domain.vocabulary import Audience, Depth, Tag
from service_catalog.store.tables import service, service_life_event

_DEPTH_OF = {Audience.INDIVIDUAL: service.c.depth_individual, Audience.ENTERPRISE: service.c.depth_enterprise}
_HAS_TAG = {
    Tag.ZERO_VISIT: service.c.visits == 0,
    Tag.ONE_VISIT: service.c.visits == 1,
    Tag.SINGLE_WINDOW: service.c.single_window,
}
_IS_FOR = {Audience.INDIVIDUAL: service.c.for_individual, Audience.ENTERPRISE: service.c.for_enterprise}


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

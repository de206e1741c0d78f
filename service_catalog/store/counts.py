"""Counts: how many services share each combination of attributes, from which every total and facet is a sum.

Those of the catalogue, a province or a city are kept and only added up; those of a smaller division, and of what a
question finds, are counted when somebody asks. Statements are remembered, as those of lists are.
"""

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import FromClause, Select, func, select
from sqlalchemy.orm import Session

from service_catalog.domain.selection import Filters
from service_catalog.domain.tally import NO_CHANNEL, events_in, is_tallied
from service_catalog.domain.vocabulary import Status
from service_catalog.store.conditions import below, matching, tallied
from service_catalog.store.search import conditions_of
from service_catalog.store.tables import division_tally, service, service_life_event, tally

REMEMBERED = 1024
"""Statements kept, of each kind."""


@dataclass(frozen=True, slots=True)
class Group:
    """The number of services with one combination of attributes."""

    domain: str
    visits: int
    single_window: bool
    for_individual: bool
    for_enterprise: bool
    online_individual: bool
    online_enterprise: bool
    services: int


def count_services(session: Session, filters: Filters) -> int:
    """Return how many services the filters find."""
    if filters.q:
        query = select(func.count()).select_from(service).where(*conditions_of(session, filters))
    else:
        query = _total_query(filters)
    return int(session.execute(query).scalar_one())


def count_groups(session: Session, filters: Filters) -> list[Group]:
    """Return the services that the filters find, counted by their attributes."""
    query = (
        _groups(service, func.count()).where(*conditions_of(session, filters)) if filters.q else _group_query(filters)
    )
    return [Group(*row) for row in session.execute(query)]


def count_life_events(session: Session, filters: Filters) -> dict[str, int]:
    """Return how many of the services that the filters find belong to each life event."""
    if _is_kept(filters):
        numbers: Counter[str] = Counter()
        for events, services in session.execute(_event_query(filters)):
            numbers.update(dict.fromkeys(events_in(events), services))
        return numbers
    query = (
        select(service_life_event.c.life_event, func.count())
        .join(service, service.c.id == service_life_event.c.service_id)
        .where(*conditions_of(session, filters))
        .group_by(service_life_event.c.life_event)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def count_divisions(session: Session, division: str | None) -> int:
    """Return how many divisions, below a prefix or in all, have services in force."""
    if is_tallied(division):
        query = select(division_tally.c.divisions).where(division_tally.c.prefix == (division or ""))
        return session.execute(query).scalar_one_or_none() or 0
    counted = select(func.count(service.c.division.distinct())).where(
        below(division or ""), service.c.status == Status.ACTIVE.value
    )
    return session.execute(counted).scalar_one()


def _is_kept(filters: Filters) -> bool:
    return filters.q is None and is_tallied(filters.division)


@lru_cache(maxsize=REMEMBERED)
def _total_query(filters: Filters) -> Select[Any]:
    if _is_kept(filters):
        return select(func.coalesce(func.sum(tally.c.services), 0)).where(*tallied(filters))
    return select(func.count()).select_from(service).where(*matching(filters))


@lru_cache(maxsize=REMEMBERED)
def _group_query(filters: Filters) -> Select[Any]:
    if _is_kept(filters):
        return _groups(tally, func.sum(tally.c.services)).where(*tallied(filters))
    return _groups(service, func.count()).where(*matching(filters))


@lru_cache(maxsize=REMEMBERED)
def _event_query(filters: Filters) -> Select[Any]:
    columns = tally.c
    query = select(columns.life_events, func.sum(columns.services)).where(*tallied(filters))
    return query.group_by(columns.life_events)


def _groups(source: FromClause, number: Any) -> Select[Any]:
    attributes = (
        source.c.domain,
        source.c.visits,
        source.c.single_window,
        source.c.for_individual,
        source.c.for_enterprise,
        func.coalesce(source.c.depth_individual, NO_CHANNEL) > NO_CHANNEL,
        func.coalesce(source.c.depth_enterprise, NO_CHANNEL) > NO_CHANNEL,
    )
    return select(*attributes, number).group_by(*attributes)

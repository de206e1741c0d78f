"""Counts: how many services share each combination of attributes, from which every total and facet is a sum."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service_catalog.domain.selection import Filters
from service_catalog.store.search import conditions_of
from service_catalog.store.tables import service, service_life_event


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


def count_groups(session: Session, filters: Filters) -> list[Group]:
    """Return the services that the filters find, counted by their attributes."""
    attributes = (
        service.c.domain,
        service.c.visits,
        service.c.single_window,
        service.c.for_individual,
        service.c.for_enterprise,
        service.c.depth_individual.is_not(None),
        service.c.depth_enterprise.is_not(None),
    )
    query = select(*attributes, func.count()).where(*conditions_of(session, filters)).group_by(*attributes)
    return [Group(*row) for row in session.execute(query)]


def count_life_events(session: Session, filters: Filters) -> dict[str, int]:
    """Return how many of the services that the filters find belong to each life event."""
    query = (
        select(service_life_event.c.life_event, func.count())
        .join(service, service.c.id == service_life_event.c.service_id)
        .where(*conditions_of(session, filters))
        .group_by(service_life_event.c.life_event)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def count_divisions(session: Session, filters: Filters) -> int:
    """Return how many divisions have services that the filters find."""
    query = select(func.count(service.c.division.distinct())).where(*conditions_of(session, filters))
    return session.execute(query).scalar_one()

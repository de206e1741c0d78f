"""Counts: how many services share each combination of attributes, from which every total and facet is a sum.

Those of the catalogue, a province or a city are kept and only added up; those of a smaller division, and of what a
question finds, are counted when somebody asks. Statements are remembered, as those of lists are.
"""

from collections import Counter
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import FromClause, Select, bindparam, func, select
from sqlalchemy.orm import Session

from service_catalog.domain.selection import Filters
from service_catalog.domain.service import events_in
from service_catalog.domain.tally import NO_CHANNEL, is_tallied
from service_catalog.store.conditions import form_of, matching, tallied, values_of
from service_catalog.store.search import count_found
from service_catalog.store.statements import Remembered
from service_catalog.store.tables import division_tally, service, tally

REMEMBERED = 1024
"""Statements kept, of each kind."""


class Group(NamedTuple):
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
    """Return how many services filters without a question find."""
    query = _total_query(form_of(filters), is_kept=is_tallied(filters.division))
    return int(query.rows(session, values_of(filters))[0][0])


def count_facets(session: Session, filters: Filters) -> tuple[list[Group], dict[str, int]]:
    """Return the services that the filters find, counted by their attributes and by life event."""
    if filters.q is None:
        return count_groups(session, filters), _count_life_events(session, filters)
    groups, events = [], Counter[str]()
    for one, number in count_found(session, filters):
        groups.append(
            Group(
                one.domain,
                one.visits,
                one.single_window,
                one.for_individual,
                one.for_enterprise,
                one.depth_individual > NO_CHANNEL,
                one.depth_enterprise > NO_CHANNEL,
                number,
            )
        )
        for event in events_in(one.life_events):
            events[event] += number
    return groups, events


def count_groups(session: Session, filters: Filters) -> list[Group]:
    """Return the services that filters without a question find, counted by their attributes."""
    query = _group_query(form_of(filters), is_kept=is_tallied(filters.division))
    return [Group(*row) for row in query.rows(session, values_of(filters))]


def _count_life_events(session: Session, filters: Filters) -> dict[str, int]:
    query = _event_query(form_of(filters), is_kept=is_tallied(filters.division))
    numbers: Counter[str] = Counter()
    for events, services in query.rows(session, values_of(filters)):
        numbers.update(dict.fromkeys(events_in(events), services))
    return numbers


def count_divisions(session: Session, division: str | None) -> int:
    """Return how many divisions, below a prefix or in all, have services in force."""
    query = _KEPT_DIVISIONS if is_tallied(division) else _DIVISIONS
    found = query.rows(session, values_of(Filters(division=division)))
    return int(found[0][0]) if found else 0


_OF_PREFIX = tally.c.prefix == bindparam("prefix")
_KEPT_DIVISIONS = Remembered(select(division_tally.c.divisions).where(division_tally.c.prefix == bindparam("prefix")))
_DIVISIONS = Remembered(select(func.count(service.c.division.distinct())).where(*matching(Filters(division="0"))))


@lru_cache(maxsize=REMEMBERED)
def _total_query(filters: Filters, *, is_kept: bool) -> Remembered:
    if is_kept:
        return Remembered(select(func.coalesce(func.sum(tally.c.services), 0)).where(_OF_PREFIX, *tallied(filters)))
    return Remembered(select(func.count()).select_from(service).where(*matching(filters)))


@lru_cache(maxsize=REMEMBERED)
def _group_query(filters: Filters, *, is_kept: bool) -> Remembered:
    if is_kept:
        return Remembered(_groups(tally, func.sum(tally.c.services)).where(_OF_PREFIX, *tallied(filters)))
    return Remembered(_groups(service, func.count()).where(*matching(filters)))


@lru_cache(maxsize=REMEMBERED)
def _event_query(filters: Filters, *, is_kept: bool) -> Remembered:
    if is_kept:
        query = select(tally.c.life_events, func.sum(tally.c.services)).where(_OF_PREFIX, *tallied(filters))
        return Remembered(query.group_by(tally.c.life_events))
    query = select(service.c.life_events, func.count()).where(*matching(filters))
    return Remembered(query.group_by(service.c.life_events))


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

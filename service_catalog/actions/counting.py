"""Counting services: facets under filters, and the 3140 figures with the published totals beside them."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from sqlalchemy.orm import Session

from service_catalog.actions.browsing import total_is
from service_catalog.actions.catalogue import Catalogue
from service_catalog.documents.canonical import stored_document
from service_catalog.domain.indicators import Figures, differences, shares, total_of
from service_catalog.domain.selection import Filters
from service_catalog.domain.vocabulary import Audience, Domain, LifeEvent, Tag
from service_catalog.store import counts, divisions, log

MOST_SOURCES = 10
"""Sources named beside declared totals; a whole country's would have no end."""

MOST_COMPARED = 20
"""Divisions whose published totals are held against a bulk change; each costs a count."""


def count_facets(catalogue: Catalogue, filters: Filters) -> dict[str, Any]:
    """Return how many services have each tag, domain, audience, online audience and life event."""
    with catalogue.database.reading() as session:
        revision = log.current_revision(session)
        groups, life_events = counts.count_facets(session, filters)
    figures = total_of(_figures(group) for group in groups)
    domains: Counter[str] = Counter()
    for group in groups:
        domains[group.domain] += group.services
    return {
        "total": figures.total,
        "total_is": total_is(filters, figures.total).value,
        "tag": {
            Tag.ZERO_VISIT.value: figures.zero_visit,
            Tag.ONE_VISIT.value: figures.one_visit,
            Tag.SINGLE_WINDOW.value: figures.single_window,
        },
        "domain": {domain.value: domains[domain] for domain in Domain},
        "audience": {
            Audience.INDIVIDUAL.value: sum(group.services for group in groups if group.for_individual),
            Audience.ENTERPRISE.value: sum(group.services for group in groups if group.for_enterprise),
        },
        "online_for": {Audience.INDIVIDUAL.value: figures.individual, Audience.ENTERPRISE.value: figures.enterprise},
        "life_event": {event.value: life_events.get(event, 0) for event in LifeEvent},
        "revision": revision,
    }


def read_domains(catalogue: Catalogue, division: str | None) -> dict[str, dict[str, Any]]:
    """Return the figures of each domain, of a division and all below it, or of everything."""
    with catalogue.database.reading() as session:
        groups = counts.count_groups(session, Filters(division=division))
    return {
        domain.value: total_of(_figures(group) for group in groups if group.domain == domain).as_document()
        for domain in Domain
    }


def read_indicators(catalogue: Catalogue, division: str | None) -> dict[str, Any]:
    """Return the 3140 figures of a division and all below it, or of everything, declared beside actual."""
    with catalogue.database.reading() as session:
        revision = log.current_revision(session)
        return {**indicators_of(session, division), "revision": revision}


def indicators_of(session: Session, division: str | None) -> dict[str, Any]:
    """Return the 3140 figures as the session sees them; inside a write, those it would leave."""
    filters = Filters(division=division)
    figures = total_of(_figures(group) for group in counts.count_groups(session, filters))
    documents = [stored_document(d.document) for d in divisions.read_divisions(session, division)]
    return {
        "division": division,
        "divisions": counts.count_divisions(session, division),
        **figures.as_document(),
        "shares": shares(figures),
        "declared": _declared(documents, figures),
    }


def _figures(group: counts.Group) -> Figures:
    n = group.services
    return Figures(
        total=n,
        zero_visit=n if group.visits == 0 else 0,
        one_visit=n if group.visits == 1 else 0,
        single_window=n if group.single_window else 0,
        individual=n if group.online_individual else 0,
        enterprise=n if group.online_enterprise else 0,
        any=n if group.online_individual or group.online_enterprise else 0,
        both=n if group.online_individual and group.online_enterprise else 0,
    )


def _declared(documents: Iterable[dict[str, Any]], actual: Figures) -> dict[str, Any] | None:
    declaring = [document for document in documents if document["declared"]]
    if not declaring:
        return None
    declared = total_of(Figures.declared(document["declared"]) for document in declaring)
    differing = differences(declared, actual)
    return {
        **declared.as_declaration(),
        "divisions": len(declaring),
        "sources": [document["source"] for document in declaring if document["source"]][:MOST_SOURCES],
        "holds": not differing,
        "differences": differing,
    }


def declared_differences(session: Session, among: Iterable[str]) -> list[dict[str, Any]]:
    """Return each published total of these divisions that does not hold, as the session sees the catalogue."""
    documents = [stored_document(stored.document) for stored in divisions.find_many(session, among)]
    declaring = [document for document in documents if document["declared"]]
    return [
        {"division": document["division"], **difference}
        for document in declaring[:MOST_COMPARED]
        for difference in indicators_of(session, document["division"])["declared"]["differences"]
    ]

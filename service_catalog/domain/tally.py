"""How services are counted in advance: by every attribute that a filter may ask for, under each province and city.

A service is counted three times: in the whole catalogue, in its province (2 digits) and in its city (4 digits). What
is below a city is small enough to be counted when somebody asks.
"""

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from service_catalog.domain.service import ServiceIndex
from service_catalog.domain.vocabulary import Status

LEVELS = (0, 2, 4)
"""Digits of the prefixes under which services are counted."""

NO_CHANNEL = -1
"""The depth of an audience without an online channel: below every depth there is."""


class Attributes(NamedTuple):
    """All that a filter can ask of a service, but its division and its words; ``life_events`` as ``event_list``."""

    status: str
    domain: str
    visits: int
    single_window: bool
    for_individual: bool
    for_enterprise: bool
    depth_individual: int
    depth_enterprise: int
    life_events: str


def attributes_of(index: ServiceIndex) -> Attributes:
    """Return the attributes by which a service is counted."""
    return Attributes(
        index.status,
        index.domain,
        index.visits,
        index.single_window,
        index.for_individual,
        index.for_enterprise,
        NO_CHANNEL if index.depth_individual is None else index.depth_individual,
        NO_CHANNEL if index.depth_enterprise is None else index.depth_enterprise,
        index.life_events,
    )


def is_tallied(division: str | None) -> bool:
    """Tell whether services are counted in advance under a prefix."""
    return len(division or "") in LEVELS


class Numbers(NamedTuple):
    """What is kept under each prefix, or by how much it changes: services by their attributes, and divisions."""

    services: dict[tuple[str, Attributes], int]
    divisions: dict[str, int]

    def prefixes(self) -> set[str]:
        """Return the prefixes that are spoken of."""
        return {prefix for prefix, _ in self.services} | self.divisions.keys()


class Tally:
    """Services counted one by one, or by how much their numbers change."""

    def __init__(self) -> None:
        """Begin with none."""
        self._cities: Counter[tuple[str, Attributes]] = Counter()
        self._in_force: Counter[str] = Counter()

    def add(self, index: ServiceIndex, number: int = 1) -> None:
        """Count a service; -1 takes it away."""
        self._cities[index.division[: LEVELS[-1]], attributes_of(index)] += number
        if index.status == Status.ACTIVE:
            self._in_force[index.division] += number

    def services(self) -> dict[tuple[str, Attributes], int]:
        """Return how many services have each combination of attributes, under every prefix."""
        numbers: Counter[tuple[str, Attributes]] = Counter()
        for (city, attributes), number in self._cities.items():
            for digits in LEVELS:
                numbers[city[:digits], attributes] += number
        return {key: number for key, number in numbers.items() if number}

    def in_force(self) -> dict[str, int]:
        """Return how many services are in force in each division itself, not counting those below it."""
        return {division: number for division, number in self._in_force.items() if number}


def by_prefix(divisions: Mapping[str, int]) -> dict[str, int]:
    """Return the sum of the numbers of divisions, under every prefix."""
    numbers: Counter[str] = Counter()
    for division, number in divisions.items():
        for digits in LEVELS:
            numbers[division[:digits]] += number
    return {prefix: number for prefix, number in numbers.items() if number}

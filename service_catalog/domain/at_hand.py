"""A small catalogue held in memory: what filters, questions and orders mean, said once without any database.

Each set of services is a number of as many bits, the service with the first id being the lowest, so that what holds
together is ``&`` and what holds in one way or another is ``|``. The statements of the store find the same by the
databases' own indexes, however large the catalogue; a test holds both together.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from service_catalog.domain.search import (
    MOST_NEAR,
    NEAR,
    AllOf,
    Condition,
    Question,
    Token,
    comes_near,
    nearest,
    ranked,
)
from service_catalog.domain.selection import Entry, Filters, PageRequest, Sort
from service_catalog.domain.service import event_list
from service_catalog.domain.tally import NO_CHANNEL, Attributes
from service_catalog.domain.vocabulary import Audience, Depth, Tag


@dataclass(frozen=True, slots=True)
class Held:
    """A service as it is held: its current document, what it is counted by, and its places in each order.

    ``position`` is that of its first version in the log, ``revision`` the one that wrote its current version.
    """

    id: str
    position: int
    revision: int
    attributes: Attributes
    document: bytes


class CatalogueAtHand:
    """All services of a catalogue at one revision, and one page of those that a reader asks for."""

    def __init__(self, revision: int, services: Iterable[tuple[Held, Iterable[str]]]) -> None:
        """Hold services, given with their tokens in the order of their ids, as they stand after ``revision``."""
        self.revision = revision
        self._services: list[Held] = []
        self._having: defaultdict[str, int] = defaultdict(int)
        for place, (service, tokens) in enumerate(services):
            self._services.append(service)
            for token in tokens:
                self._having[token] |= 1 << place
        self.size = len(self._services)
        self._all = (1 << self.size) - 1
        self._latest = sorted(range(self.size), key=lambda place: (self._services[place].revision, place), reverse=True)
        self._meeting: dict[tuple[str, Any], int] = {}

    def page(self, request: PageRequest) -> tuple[list[Entry], int]:
        """Return up to ``limit`` + 1 entries of a page, the extra one telling that more follow, and how many are found.

        In the latest-first order only the first page can be told: on later ones services stand where they stood.
        """
        meeting = self._under(request.filters)
        if request.filters.q is None:
            return self._taken(self._in_order(meeting, request), request), meeting.bit_count()
        by_rank = self._found(request.filters.q, meeting)
        total = sum(found.bit_count() for _, found in by_rank)
        if request.sort is Sort.RELEVANCE:
            return self._taken(self._by_relevance(by_rank, request), request), total
        found = sum(found for _, found in by_rank)  # none has two ranks
        return self._taken(self._in_order(found, request), request), total

    def _taken(self, entries: Iterator[Entry], request: PageRequest) -> list[Entry]:
        return [entry for entry, _ in zip(entries, range(request.limit + 1), strict=False)]

    def _in_order(self, meeting: int, request: PageRequest) -> Iterator[Entry]:
        if request.sort is Sort.LATEST:
            return (self._entry(place) for place in self._latest if meeting >> place & 1)
        after = request.after.last_id if request.after else ""
        return (entry for entry in map(self._entry, _places(meeting)) if entry.id > after)

    def _by_relevance(self, by_rank: list[tuple[int, int]], request: PageRequest) -> Iterator[Entry]:
        after = (request.after.last_revision, request.after.last_id) if request.after else (0, "")
        for rank, found in by_rank:
            for place in _places(found):
                service = self._services[place]
                if (rank + 1, service.id) > after:
                    yield Entry(service.id, rank + 1, service.document)

    def _entry(self, place: int) -> Entry:
        service = self._services[place]
        return Entry(service.id, service.revision, service.document)

    def _under(self, filters: Filters) -> int:
        """Return the services that meet all filters but the question."""
        meeting = self._all if filters.division is None else self._within(filters.division)
        for name, value in _single(filters):
            meeting &= self._meet(name, value)
        return meeting

    def _within(self, prefix: str) -> int:
        """Return the services of a division and all below it, which stand side by side: ids begin with divisions."""
        start, end = (bisect_left(self._services, edge, key=lambda one: one.id) for edge in (prefix, f"{prefix}:"))
        return (1 << end) - (1 << start)

    def _meet(self, name: str, value: Any) -> int:
        """Return the services that meet one filter but the division; of those there are few, so each is tried once."""
        if (name, value) not in self._meeting:
            meets = _TESTS[name]
            self._meeting[name, value] = sum(
                1 << place for place, service in enumerate(self._services) if meets(service, value)
            )
        return self._meeting[name, value]

    def _found(self, question: Question, among: int) -> list[tuple[int, int]]:
        """Return what a question finds among some services, by rank; what comes nearest where none has all words."""
        if not question.words:
            return []
        left, by_rank = among, []
        for rank, condition in enumerate(ranked(question)):
            found = self._fulfilling(condition) & left
            left &= ~found
            by_rank.append((rank, found))
        return by_rank if left != among else self._nearest(question, among)

    def _nearest(self, question: Question, among: int) -> list[tuple[int, int]]:
        conditions = nearest(question)
        met = Counter(place for condition in conditions for place in _places(self._fulfilling(condition) & among))
        ranks = [
            (NEAR + len(conditions) - number, self._services[place].position, place)
            for place, number in met.items()
            if comes_near(number, len(conditions))
        ]
        by_rank: defaultdict[int, int] = defaultdict(int)
        for rank, _, place in sorted(ranks)[:MOST_NEAR]:
            by_rank[rank] |= 1 << place
        return sorted(by_rank.items())

    def _fulfilling(self, condition: Condition) -> int:
        if isinstance(condition, Token):
            return self._having.get(condition.text, 0)  # a question's words are whole; only suggestions have beginnings
        first, *others = map(self._fulfilling, condition.parts)
        for other in others:
            first = first & other if isinstance(condition, AllOf) else first | other
        return first


def _places(found: int) -> Iterator[int]:
    """Yield the places of the services of a set, in the order of ids."""
    while found:
        lowest = found & -found
        yield lowest.bit_length() - 1
        found ^= lowest


def _single(filters: Filters) -> Iterator[tuple[str, Any]]:
    """Yield each filter that is given but the division, by its name and value; all of them must hold."""
    for name in ("domain", "audience", "online", "max_visits", "life_event"):
        value = getattr(filters, name)
        if value is not None:
            yield name, value
    if filters.status != "any":
        yield "status", filters.status
    yield from (("tag", tag) for tag in filters.tags)
    yield from (("online_for", audience) for audience in filters.online_for)
    if filters.min_depth is not None:
        yield from (("depth_for", (audience, filters.min_depth)) for audience in filters.online_for)
        if not filters.online_for:
            yield "depth", filters.min_depth


def _depth(service: Held, audience: str) -> int:
    of = service.attributes
    return {Audience.INDIVIDUAL: of.depth_individual, Audience.ENTERPRISE: of.depth_enterprise}[Audience(audience)]


def _deepest(service: Held) -> int:
    return max(service.attributes.depth_individual, service.attributes.depth_enterprise)


_TAGS: dict[str, Callable[[Attributes], bool]] = {
    Tag.ZERO_VISIT: lambda of: of.visits == 0,
    Tag.ONE_VISIT: lambda of: of.visits == 1,
    Tag.SINGLE_WINDOW: lambda of: of.single_window,
}
_AUDIENCES: dict[str, Callable[[Attributes], bool]] = {
    Audience.INDIVIDUAL: lambda of: of.for_individual,
    Audience.ENTERPRISE: lambda of: of.for_enterprise,
}
_TESTS: dict[str, Callable[[Held, Any], bool]] = {
    "domain": lambda service, domain: service.attributes.domain == domain,
    "audience": lambda service, audience: _AUDIENCES[audience](service.attributes),
    "online": lambda service, online: (_deepest(service) > NO_CHANNEL) is online,
    "max_visits": lambda service, visits: service.attributes.visits <= visits,
    "life_event": lambda service, event: event_list((event,)) in service.attributes.life_events,
    "status": lambda service, status: service.attributes.status == status,
    "tag": lambda service, tag: _TAGS[tag](service.attributes),
    "online_for": lambda service, audience: _depth(service, audience) > NO_CHANNEL,
    "depth_for": lambda service, asked: _depth(service, asked[0]) >= Depth(asked[1]).rank,
    "depth": lambda service, depth: _deepest(service) >= Depth(depth).rank,
}

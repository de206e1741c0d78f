"""What a reader asks for: filters that all hold together, an order, and a place to go on from.

Filters and orders are closed sets; no name from a URL ever reaches a table.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from service_catalog.domain.search import Question
from service_catalog.domain.service import StatusFilter


class Sort(StrEnum):
    """The orders of a list: by identity, the latest change first, or the best answer first.

    What one revision changed comes backwards in the latest-first order, as in the log read from its end.
    """

    ID = "id"
    LATEST = "-revision"
    RELEVANCE = "relevance"


class TotalIs(StrEnum):
    """What a total says: of what a question finds only so many are counted."""

    EXACT = "exact"
    AT_LEAST = "at-least"


@dataclass(frozen=True, slots=True)
class Filters:
    """The filters of a list, all of which must hold; an absent one is ``None`` or empty.

    ``division`` is a prefix; ``tags`` and ``online_for`` must all hold; ``min_depth`` judges the channel of each
    audience in ``online_for``, and where that is empty any channel; ``q`` is what was typed into a search box.
    """

    division: str | None = None
    domain: str | None = None
    audience: str | None = None
    tags: tuple[str, ...] = ()
    online: bool | None = None
    online_for: tuple[str, ...] = ()
    min_depth: str | None = None
    max_visits: int | None = None
    life_event: str | None = None
    status: StatusFilter = "active"
    q: Question | None = None


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page ends: the last id shown, and for the latest-first order also the revision it stood at.

    In the order of relevance the rank stands in the place of that revision, counted from 1.

    ``as_of`` is the revision at which the first page was read. It fixes every entry's place in the latest-first
    order, so that an entry that changes between two pages is neither skipped nor shown twice.
    """

    as_of: int
    last_id: str
    last_revision: int


class Entry(NamedTuple):
    """One entry of a list: its id, what it is ordered by before that (``Position.last_revision``), and its document."""

    id: str
    place: int
    document: bytes

    def position(self, as_of: int) -> Position:
        """Return where a page ends that ends with this entry."""
        return Position(as_of, self.id, self.place)


@dataclass(frozen=True, slots=True)
class ChangesRequest:
    """One page of what changed after revision ``since``."""

    since: int
    limit: int
    after: Position | None


@dataclass(frozen=True, slots=True)
class HistoryRequest:
    """One page of a service's versions; the cursor's text is read when the service is known."""

    limit: int
    cursor: str | None


@dataclass(frozen=True, slots=True)
class RevisionsRequest:
    """One page of revisions."""

    limit: int
    after: Position | None


class DiffFormat(StrEnum):
    """The formats of what differs between two revisions: JSON for programs, a table for people."""

    JSON = "json"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Span:
    """Two revisions to compare, 0 being the empty catalogue, in all divisions or in those below a prefix."""

    start: int
    end: int
    division: str | None = None


@dataclass(frozen=True, slots=True)
class DiffRequest:
    """One page of what differs between two revisions."""

    span: Span
    limit: int
    cursor: str | None


@dataclass(frozen=True, slots=True)
class ServiceEntry:
    """The log entry of one version of a service, or without ``version`` of the one in force."""

    service_id: str
    version: int | None


@dataclass(frozen=True, slots=True)
class ProofRequest:
    """A proof that an entry, named by position or by service, is in the log of ``size`` entries (latest if absent)."""

    entry: int | ServiceEntry
    size: int | None


@dataclass(frozen=True, slots=True)
class ConsistencyRequest:
    """A proof that the log of ``new`` entries (latest if absent) begins with its first ``old``."""

    old: int
    new: int | None


class ExportFormat(StrEnum):
    """The formats of an export: two of evidence, a table whose bytes stay the same too, and two renditions."""

    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    XLSX = "xlsx"
    JSONLD = "jsonld"


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """An export of revision ``revision``, or the one in force ``at`` a time, or the latest; at most one is given.

    ``division`` is a prefix; ``at`` is written as the catalogue writes times.
    """

    revision: int | None
    at: str | None
    division: str | None
    format: ExportFormat

    @property
    def name(self) -> str:
        """How the file of a revision that is asked for by its number is called."""
        among = f"-{self.division}" if self.division else ""
        return f"service-catalog{among}-r{self.revision}.{self.format}"

    @property
    def parameters(self) -> dict[str, str | int]:
        """What an address says to ask for it."""
        given = {"revision": self.revision, "at": self.at, "division": self.division, "format": self.format.value}
        return {name: value for name, value in given.items() if value is not None}


@dataclass(frozen=True, slots=True)
class SuggestionRequest:
    """Names of a division's services, or of all, that may be meant by what somebody is typing."""

    question: Question
    division: str | None


@dataclass(frozen=True, slots=True)
class PageRequest:
    """One page of a list."""

    filters: Filters
    sort: Sort
    limit: int
    after: Position | None

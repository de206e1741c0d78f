"""The query parameters of each read call; what they load becomes a selection of the domain."""

from typing import Any

import marshmallow as ma

from service_catalog.documents.cursors import read_cursor, write_cursor
from service_catalog.documents.fields import Bilingual, Many, Moment, OneOf, StrictSchema, Truth, Whole, Words
from service_catalog.documents.schemas.service import LAST_REVISION
from service_catalog.documents.search.questions import begun, understood
from service_catalog.domain.selection import (
    ChangesRequest,
    ConsistencyRequest,
    DiffFormat,
    ExportFormat,
    ExportRequest,
    Filters,
    HistoryRequest,
    PageRequest,
    Position,
    ProofRequest,
    RevisionsRequest,
    ServiceEntry,
    Sort,
    SuggestionRequest,
)
from service_catalog.domain.service import ID_PATTERN, LONGEST_ID, PREFIX_PATTERN
from service_catalog.domain.vocabulary import Audience, Depth, Domain, LifeEvent, Tag, Text

DEFAULT_LIMIT = 100
LARGEST_LIMIT = 1000
MOST_ENTRIES = 10_000
"""Log entries in one answer: about 4 MB."""

EXAMPLE: dict[str, Any] = {
    "division": "430203",
    "domain": "employment",
    "audience": "individual",
    "tag": ["zero-visit"],
    "online": True,
    "online_for": ["individual"],
    "min_depth": "complete",
    "max_visits": 0,
    "life_event": "job-seeking",
    "status": "active",
    "q": "就业",
    "sort": "relevance",
}
"""One question that holds together: what people who look for a job in Lusong District can do without coming."""


def _described(name: str, description: str) -> dict[str, Any]:
    return {"description": description, "example": EXAMPLE[name]}


def _division(description: str) -> Words:
    return Words(longest=12, shortest=2, pattern=PREFIX_PATTERN, metadata=_described("division", description))


class NoQuery(StrictSchema):
    """No parameter at all."""


class DivisionQuery(StrictSchema):
    """The division whose figures are asked for."""

    division = _division("行政区划代码, or a prefix of 2, 4, 6 or 9 digits; everything where absent.")


class ServiceQuery(StrictSchema):
    """Whether today's document is asked for, or that of an earlier revision."""

    revision = Whole(
        least=1,
        most=LAST_REVISION,
        from_text=True,
        metadata={"description": "Answer the document as it stood after this revision.", "example": 1},
    )


def _limit() -> Whole:
    return Whole(
        least=1,
        most=LARGEST_LIMIT,
        from_text=True,
        load_default=DEFAULT_LIMIT,
        metadata={"description": "Items on a page.", "example": 20},
    )


def _cursor(same: str, *, after: Position, scope: tuple[object, ...]) -> Words:
    """Return the cursor field; its example is the one given out where the first page ends at ``after``."""
    return Words(
        longest=600,
        pattern=r"[A-Za-z0-9_-]+",
        metadata={
            "description": f"Where to go on: the value of next in the page before, with the same {same}.",
            "example": write_cursor(after, *scope),
        },
    )


class ChangesQuery(StrictSchema):
    """The revision a copy stands at."""

    since = Whole(
        least=0,
        most=LAST_REVISION,
        from_text=True,
        required=True,
        metadata={"description": "The revision the copy stands at; 0 for an empty one.", "example": 0},
    )
    limit = _limit()
    cursor = _cursor("since", after=Position(1, "430203-arrears-contribution-declaration", 1), scope=("changes", 0))

    @ma.post_load
    def to_selection(self, data: dict[str, Any], **_: Any) -> Any:
        """Turn the parameters into a request.

        Raises:
            InvalidCursor: where the cursor was not given out for this list.
        """
        after = read_cursor(data["cursor"], "changes", data["since"]) if "cursor" in data else None
        return ChangesRequest(data["since"], data["limit"], after)


class RevisionsQuery(StrictSchema):
    """A page of revisions."""

    limit = _limit()
    cursor = _cursor("parameters", after=Position(2, "", 2), scope=("revisions",))

    @ma.post_load
    def to_selection(self, data: dict[str, Any], **_: Any) -> Any:
        """Turn the parameters into a request.

        Raises:
            InvalidCursor: where the cursor was not given out for this list.
        """
        after = read_cursor(data["cursor"], "revisions") if "cursor" in data else None
        return RevisionsRequest(data["limit"], after)


class DiffQuery(StrictSchema):
    """The earlier of two revisions, of which division, and the format of the answer."""

    start = Whole(
        least=0,
        most=LAST_REVISION,
        from_text=True,
        data_key="from",
        metadata={"description": "The earlier revision; the one before where absent, 0 for nothing.", "example": 1},
    )
    division = _division("行政区划代码, or a prefix of 2, 4, 6 or 9 digits; everything where absent.")
    format = OneOf(
        tuple(DiffFormat),
        load_default=DiffFormat.JSON.value,
        metadata={"description": "json for programs; text is a table in both languages.", "example": "json"},
    )
    limit = _limit()
    cursor = _cursor(
        "from and division", after=Position(2, "430203-card-application", 2), scope=("diff", 1, 2, "430203")
    )


class CheckpointQuery(StrictSchema):
    """Whether the latest checkpoint is asked for, or that of an earlier revision."""

    revision = Whole(
        least=1,
        most=LAST_REVISION,
        from_text=True,
        metadata={"description": "Answer the checkpoint that this revision signed.", "example": 1},
    )


class ExportQuery(StrictSchema):
    """Which revision is exported, of which division, and in which format."""

    revision = Whole(
        least=1,
        most=LAST_REVISION,
        from_text=True,
        metadata={"description": "Export the catalogue as it stood after this revision.", "example": 1},
    )
    at = Moment(
        metadata={
            "description": "Export the revision in force at this time; either this or revision, else the latest.",
            "example": "2026-11-24T16:00:00+08:00",
        },
    )
    division = _division("行政区划代码, or a prefix of 2, 4, 6 or 9 digits; everything where absent.")
    format = OneOf(
        tuple(ExportFormat),
        load_default=ExportFormat.JSON.value,
        metadata={
            "description": "json and jsonl are evidence; csv is a table, xlsx a workbook, jsonld CPSV-AP 3.2.",
            "example": "json",
        },
    )

    @ma.post_load
    def to_selection(self, data: dict[str, Any], **_: Any) -> ExportRequest:
        """Turn the parameters into a request.

        Raises:
            ValidationError: where they name a revision twice.
        """
        if "revision" in data and "at" in data:
            raise _misplaced("at", "不能与 revision 同时给出", "may not be given together with revision")
        return ExportRequest(data.get("revision"), data.get("at"), data.get("division"), ExportFormat(data["format"]))


class EntriesQuery(StrictSchema):
    """A stretch of the log."""

    start = Whole(
        least=0,
        most=LAST_REVISION,
        from_text=True,
        data_key="from",
        load_default=0,
        metadata={"description": "Position of the first entry; counts from 0.", "example": 0},
    )
    limit = Whole(
        least=1,
        most=MOST_ENTRIES,
        from_text=True,
        load_default=1000,
        metadata={"description": "Entries at most.", "example": 20},
    )


def _signed_size(data_key: str | None = None) -> Whole:
    return Whole(
        least=1,
        most=LAST_REVISION,
        from_text=True,
        data_key=data_key,
        metadata={
            "description": "Number of entries in the log after some revision; the latest where absent.",
            "example": 75,
        },
    )


class ProofQuery(StrictSchema):
    """The entry whose place in the log is to be proven, and the log it is proven of."""

    index = Whole(
        least=0,
        most=LAST_REVISION,
        from_text=True,
        metadata={"description": "Position of the entry, counting from 0; either this or service.", "example": 66},
    )
    service = Bilingual(  # taken as it stands: an impossible id is 404, not 422
        metadata={
            "description": "The service whose entry it is: that of the version in force in the log of this size.",
            "type": "string",
            "minLength": 8,
            "maxLength": LONGEST_ID,
            "pattern": f"^{ID_PATTERN}$",
            "example": "430203-card-application",
        },
    )
    version = Whole(
        least=1,
        most=LAST_REVISION,
        from_text=True,
        metadata={"description": "With service: the entry of this version.", "example": 1},
    )
    size = _signed_size()

    @ma.post_load
    def to_selection(self, data: dict[str, Any], **_: Any) -> ProofRequest:
        """Turn the parameters into a request.

        Raises:
            ValidationError: where they name no entry, or two.
        """
        index, service, version = data.get("index"), data.get("service"), data.get("version")
        if index is not None and service is not None:
            raise _misplaced("service", "不能与 index 同时给出", "may not be given together with index")
        if service is None and version is not None:
            raise _misplaced("version", "须与 service 同时给出", "goes with service only")
        if service is not None:
            return ProofRequest(ServiceEntry(service, version), data.get("size"))
        if index is None:
            raise _misplaced("index", "index 和 service 须给出一项", "either index or service must be given")
        return ProofRequest(index, data.get("size"))


def _misplaced(parameter: str, zh: str, en: str) -> ma.ValidationError:
    return ma.ValidationError({parameter: [Text(zh, en)]})


class ConsistencyQuery(StrictSchema):
    """The two logs of which the later is to be proven to begin with the earlier."""

    old = Whole(
        least=0,
        most=LAST_REVISION,
        from_text=True,
        required=True,
        data_key="from",
        metadata={"description": "Number of entries in the earlier log; of 0 nothing need be proven.", "example": 75},
    )
    new = _signed_size("to")

    @ma.post_load
    def to_selection(self, data: dict[str, Any], **_: Any) -> ConsistencyRequest:
        """Turn the parameters into a request."""
        return ConsistencyRequest(data["old"], data.get("new"))


class HistoryQuery(StrictSchema):
    """The page of a history."""

    limit = _limit()
    cursor = _cursor(
        "service", after=Position(1, "430203-card-application", 2), scope=("history", "430203-card-application")
    )

    @ma.post_load
    def to_selection(self, data: dict[str, Any], **_: Any) -> HistoryRequest:
        """Turn the parameters into a request."""
        return HistoryRequest(data["limit"], data.get("cursor"))


def _filters(data: dict[str, Any]) -> Filters:
    return Filters(
        division=data.get("division"),
        domain=data.get("domain"),
        audience=data.get("audience"),
        tags=tuple(sorted(set(data.get("tag", ())))),
        online=data.get("online"),
        online_for=tuple(sorted(set(data.get("online_for", ())))),
        min_depth=data.get("min_depth"),
        max_visits=data.get("max_visits"),
        life_event=data.get("life_event"),
        status=data["status"],
        q=understood(data["q"]) if data.get("q", "").strip() else None,
    )


LONGEST_QUESTION = 100
"""Characters of a question; longer ones are sentences, of which no service has every word."""


def _question(description: str, *, shortest: int = 0) -> Words:
    return Words(longest=LONGEST_QUESTION, shortest=shortest, metadata=_described("q", description))


class FilterQuery(StrictSchema):
    """The filters of lists and facets; all given ones must hold."""

    division = _division("行政区划代码, or a prefix of 2, 4, 6 or 9 digits, which finds everything below.")
    domain = OneOf(Domain, metadata=_described("domain", "Area of business."))
    audience = OneOf(Audience, metadata=_described("audience", "Services for this audience, online or not."))
    tag = Many(OneOf(Tag), most=3, metadata=_described("tag", "Has all of these tags; may be repeated."))
    online = Truth(from_text=True, metadata=_described("online", "Whether anybody can do it online."))
    online_for = Many(
        OneOf(Audience),
        most=2,
        metadata=_described("online_for", "Has an online channel for all of these audiences; may be repeated."),
    )
    min_depth = OneOf(
        Depth,
        metadata=_described(
            "min_depth", "Goes online at least this far, for each audience in online_for, else for any."
        ),
    )
    max_visits = Whole(
        least=0,
        most=1,
        from_text=True,
        metadata=_described("max_visits", "Needs at most so many visits: 1 finds zero-visit services too."),
    )
    life_event = OneOf(LifeEvent, metadata=_described("life_event", "Belongs to this occasion in life."))
    status = OneOf(
        ("active", "retired", "any"),
        load_default="active",
        metadata=_described("status", "In force, retired, or both."),
    )
    q = _question("Words to search for, in Chinese, pinyin or English; all must be found. An empty one asks nothing.")

    @ma.post_load
    def to_selection(self, data: dict[str, Any], **_: Any) -> Any:
        """Turn the parameters into filters."""
        return _filters(data)


class ListQuery(FilterQuery):
    """The filters, the order and the page of a list."""

    sort = OneOf(
        tuple(Sort),
        metadata=_described(
            "sort", "By identity, the latest change first, or the best answer to q first, as where q is given."
        ),
    )
    limit = _limit()
    cursor = _cursor(
        "filters",
        after=Position(1, "430203-employment-policy-consultation", 2),
        scope=(_filters(EXAMPLE), Sort.RELEVANCE),
    )

    @ma.post_load
    def to_selection(self, data: dict[str, Any], **_: Any) -> Any:
        """Turn the parameters into a request for a page.

        Raises:
            InvalidCursor: where the cursor was not given out for this list.
        """
        filters, sort = _filters(data), _sort(data)
        after = read_cursor(data["cursor"], filters, sort) if "cursor" in data else None
        return PageRequest(filters, sort, data["limit"], after)


def _sort(data: dict[str, Any]) -> Sort:
    """Return the order asked for; to an empty question all services are equally good an answer."""
    if data.get("sort") == Sort.RELEVANCE and "q" not in data:
        raise _misplaced("sort", "relevance 须与 q 同时给出", "relevance goes with q only")
    is_asked = bool(data.get("q", "").strip())
    sort = Sort(data.get("sort", Sort.RELEVANCE))
    return Sort.ID if sort is Sort.RELEVANCE and not is_asked else sort


class SuggestionQuery(StrictSchema):
    """What somebody has typed so far."""

    q = Words(
        longest=LONGEST_QUESTION,
        shortest=0,
        required=True,
        metadata={
            "description": "What has been typed so far: characters, pinyin, initials or English.",
            "example": "shebaok",
        },
    )
    division = _division("行政区划代码, or a prefix of 2, 4, 6 or 9 digits: names of services there and below.")

    @ma.post_load
    def to_selection(self, data: dict[str, Any], **_: Any) -> SuggestionRequest:
        """Turn the parameters into a request."""
        return SuggestionRequest(begun(data["q"]), data.get("division"))

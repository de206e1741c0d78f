"""Comparing two revisions, for auditors and administrators: page by page, or all that differs in constant memory."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from service_catalog.actions.browsing import unknown_revision
from service_catalog.actions.catalogue import Catalogue
from service_catalog.actions.exporting import quoted_divisions
from service_catalog.actions.reviewing import check_may_review
from service_catalog.documents.canonical import stored_document
from service_catalog.documents.cursors import read_cursor, write_cursor
from service_catalog.documents.differences import Comparison, written
from service_catalog.domain.access import Actor
from service_catalog.domain.differences import Difference, division_differences, service_difference
from service_catalog.domain.errors import InvalidParameters, Place
from service_catalog.domain.revisions import StoredDocument
from service_catalog.domain.selection import DiffFormat, DiffRequest, Position, Span
from service_catalog.domain.service import Service, upgraded
from service_catalog.domain.vocabulary import Text
from service_catalog.store import log, services

LARGEST_PAGE = 2 * 2**20
"""Bytes of the documents that a page compares, after which it ends early."""

_BATCH = 50
"""Services whose documents are read at a time."""

_STRETCH = 500
"""Services looked for at a time where all that differs is read."""


def compare_page(catalogue: Catalogue, actor: Actor, request: DiffRequest) -> Comparison:
    """Return a page of what differs between two revisions; it may hold fewer services than asked for, even none.

    Raises:
        NotPermitted: where the actor may not read revisions.
        UnknownRevision: where the later one has not been made.
        InvalidParameters: where the earlier one is after the later one.
        InvalidCursor: where the cursor was not given out for this comparison.
    """
    span = request.span
    check_may_review(actor)
    _check_order(span)
    scope = ("diff", span.start, span.end, span.division)
    after = read_cursor(request.cursor, *scope).last_id if request.cursor else ""
    with catalogue.database.reading() as session:
        _check_made(session, span)
        divisions = _divisions(session, span)
        found, last = _read_page(session, span, after, request.limit)
    following = None if last is None else write_cursor(Position(span.end, last, span.end), *scope)
    return Comparison(span, divisions, found, following)


def compare(catalogue: Catalogue, actor: Actor, span: Span, written_as: DiffFormat) -> Iterator[bytes]:
    """Return all that differs between two revisions, written in constant memory; the chunks can be read once.

    Raises:
        NotPermitted, UnknownRevision, InvalidParameters: as ``compare_page``.
        DatabaseUnavailable: also while the chunks are read.
    """
    check_may_review(actor)
    _check_order(span)
    with catalogue.database.reading() as session:
        _check_made(session, span)
        divisions = _divisions(session, span)
    return written(Comparison(span, divisions, _read_all(catalogue, span)), written_as)


def _read_all(catalogue: Catalogue, span: Span) -> Iterator[Difference]:
    """Yield page after page, each in a transaction of its own: no revision ever changes."""
    after: str | None = ""
    while after is not None:
        with catalogue.database.reading() as session:
            found, after = _read_page(session, span, after, _STRETCH)
        yield from found


def _read_page(session: Session, span: Span, after: str, rows: int) -> tuple[list[Difference], str | None]:
    """Return what differs among the next services, and the id to go on after, ``None`` at the end."""
    ids, last = services.find_touched(session, span, after, rows)
    found, size = [], 0
    for start in range(0, len(ids), _BATCH):
        batch = ids[start : start + _BATCH]
        for earlier, later in services.find_pairs(session, batch, span):
            size += len(later.document) + (len(earlier.document) if earlier else 0)
            difference = service_difference(_service(earlier) if earlier else None, _service(later))
            found += [difference] if difference else []
        if size > LARGEST_PAGE and batch[-1] != ids[-1]:
            return found, batch[-1]
    return found, last


def _service(stored: StoredDocument) -> Service:
    return upgraded(stored_document(stored.document))


def _divisions(session: Session, span: Span) -> tuple[Difference, ...] | None:
    quoted = (quoted_divisions(session, revision, span.division) for revision in (span.start, span.end))
    return division_differences(*quoted)


def _check_order(span: Span) -> None:
    if span.start > span.end:
        message = Text(f"不得大于 {span.end}", f"may be at most {span.end}")
        raise InvalidParameters(message, [Place(message, parameter="from")])


def _check_made(session: Session, span: Span) -> None:
    current = log.current_revision(session)
    if not 0 < span.end <= current:
        raise unknown_revision(span.end, current)

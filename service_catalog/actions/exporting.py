"""Exporting a revision: the same bytes whenever it is asked for, from either database. Public; no permission is asked.

A revision never changes, so its documents are read in short stretches, each in a transaction of its own.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Any

from sqlalchemy.orm import Session

from service_catalog.actions.browsing import unknown_revision
from service_catalog.actions.catalogue import Catalogue
from service_catalog.documents.canonical import stored_document
from service_catalog.documents.cpsv_ap import jsonld_chunks
from service_catalog.documents.export import MOST_QUOTED, Header, json_chunks, jsonl_chunks
from service_catalog.documents.tabular.export_rows import csv_chunks
from service_catalog.documents.tabular.exported_workbook import MOST_SERVICES, check_rows, xlsx_chunks
from service_catalog.domain.errors import UnknownRevision
from service_catalog.domain.revisions import Revision
from service_catalog.domain.selection import ExportFormat, ExportRequest
from service_catalog.domain.service import upgraded
from service_catalog.domain.vocabulary import Text
from service_catalog.store import divisions, log, services

COST = dict.fromkeys(ExportFormat, 1) | {ExportFormat.XLSX: 8}
"""How much sooner a format counts as large, so that it takes a reader no longer: a workbook is written slowly."""


@dataclass(frozen=True, slots=True)
class FoundExport:
    """An export whose revision was found: with the services, this is all that its bytes depend on."""

    revision: Revision
    header: Header
    format: ExportFormat

    @property
    def named(self) -> ExportRequest:
        """How to ask for it again, whatever is written meanwhile: by the number of its revision."""
        return ExportRequest(self.revision.number, None, self.header.division, self.format)


@dataclass(frozen=True, slots=True)
class Export:
    """An export that was begun: what it is of, and its bytes, read as they go."""

    found: FoundExport
    chunks: Iterator[bytes]


def find_export(catalogue: Catalogue, request: ExportRequest) -> FoundExport:
    """Find what a request is about, and read none of it yet.

    Raises:
        UnknownRevision: where there is no such revision, or none yet at that time.
    """
    with catalogue.database.reading() as session:
        revision = _find_revision(session, request)
        return FoundExport(revision, _header(session, revision, request.division), request.format)


def export(catalogue: Catalogue, request: ExportRequest) -> Export:
    """Begin an export in constant memory; its chunks can be read once.

    Raises:
        UnknownRevision: as ``find_export``.
        DatabaseUnavailable: also while the chunks are read.
        ExportTooLarge: while they are read, where no workbook can have so many rows.
    """
    found = find_export(catalogue, request)
    return Export(found, _chunks(found, partial(_lines, catalogue, found)))


def small_export(
    catalogue: Catalogue, found: FoundExport, most_bytes: int, most_rows: int = MOST_SERVICES
) -> bytes | None:
    """Return all bytes of an export whose documents have at most ``most_bytes``; ``None`` for a larger one.

    Documents are counted, so that a format which costs much is not begun in vain.

    Raises:
        ExportTooLarge: where a larger one would be a workbook of more than ``most_rows``, which no file can be.
    """
    lines, size = [], 0
    for line in _lines(catalogue, found):
        lines.append(line)
        size += len(line) * COST[found.format]
        if size > most_bytes:
            break
    else:
        return b"".join(_chunks(found, lambda: lines))
    if found.format is ExportFormat.XLSX:
        with catalogue.database.reading() as session:
            check_rows(
                services.count_in_force(session, found.header.revision, found.header.division, most_rows + 1), most_rows
            )
    return None


def _chunks(found: FoundExport, read: Callable[[], Iterable[bytes]]) -> Iterator[bytes]:
    header, checkpoint = found.header, found.revision.checkpoint
    match found.format:
        case ExportFormat.CSV:
            return csv_chunks(map(stored_document, read()))
        case ExportFormat.XLSX:
            return xlsx_chunks(header, lambda: map(stored_document, read()))
        case ExportFormat.JSONLD:
            return jsonld_chunks(header, map(upgraded, map(stored_document, read())))
        case ExportFormat.JSONL:
            return jsonl_chunks(header, read(), checkpoint)
        case ExportFormat.JSON:
            return json_chunks(header, read(), checkpoint)


def _find_revision(session: Session, request: ExportRequest) -> Revision:
    current = log.current_revision(session)
    number = current if request.revision is None else request.revision
    if request.at is not None:
        number = log.find_revision_at(session, request.at)
        if current and not number:
            raise _none_yet(session, request.at)
    found = log.find_revision(session, number)
    if found is None:
        raise unknown_revision(number or 1, current)
    return found


def _none_yet(session: Session, at: str) -> UnknownRevision:
    first = log.find_revision(session, 1)
    made = first.at if first else ""
    return UnknownRevision(
        Text(f"{at} 时还没有修订；修订 1 写于 {made}", f"there was no revision yet at {at}; revision 1 is of {made}")
    )


def _header(session: Session, revision: Revision, division: str | None) -> Header:
    documents = quoted_divisions(session, revision.number, division)
    origin = revision.checkpoint.partition("\n")[0]
    return Header(origin, revision.number, revision.log_size, division, documents)


def quoted_divisions(session: Session, revision: int, division: str | None) -> tuple[dict[str, Any], ...]:
    """Return the divisions' own documents that the header of an export quotes."""
    quoted = divisions.find_concerning(session, division, revision, MOST_QUOTED + 1)
    return () if len(quoted) > MOST_QUOTED else tuple(stored_document(stored.document) for stored in quoted)


def _lines(catalogue: Catalogue, found: FoundExport) -> Iterator[bytes]:
    return chain.from_iterable(_stretches(catalogue, found.header.revision, found.header.division))


def _stretches(catalogue: Catalogue, revision: int, division: str | None) -> Iterator[list[bytes]]:
    after = ""
    while True:
        with catalogue.database.reading() as session:
            documents, after = services.read_in_force(session, revision, division, after)
        if not documents:
            return
        yield documents

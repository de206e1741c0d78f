"""Exporting a revision: the same bytes whenever it is asked for, from either database. Public; no permission is asked.

A revision never changes, so its documents are read in short stretches, each in a transaction of its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from service_catalog.actions.browsing import unknown_revision
from service_catalog.actions.catalogue import Catalogue
from service_catalog.documents.canonical import stored_document
from service_catalog.documents.cpsv_ap import jsonld_chunks
from service_catalog.documents.export import MOST_QUOTED, Header, json_chunks, jsonl_chunks
from service_catalog.documents.tabular.export_rows import csv_chunks
from service_catalog.documents.tabular.exported_workbook import MOST_SERVICES, xlsx_chunks
from service_catalog.domain.errors import ExportTooLarge, UnknownRevision
from service_catalog.domain.revisions import Revision
from service_catalog.domain.selection import ExportFormat, ExportRequest
from service_catalog.domain.service import upgraded
from service_catalog.domain.vocabulary import Text
from service_catalog.store import divisions, log, services

_MIB = 2**20


@dataclass(frozen=True, slots=True)
class Export:
    """An export that was begun: which revision it is of, how a file of it is called, and its bytes, read as they go."""

    revision: int
    name: str
    chunks: Iterator[bytes]


def export(catalogue: Catalogue, request: ExportRequest, most_rows: int = MOST_SERVICES) -> Export:
    """Begin an export in constant memory; its chunks can be read once.

    ``most_rows`` bounds the services of a workbook, none of whose bytes are there before all is written.

    Raises:
        UnknownRevision: where there is no such revision, or none yet at that time.
        DatabaseUnavailable: also while the chunks are read.
        ExportTooLarge: while they are read, where a workbook would have more rows.
    """
    with catalogue.database.reading() as session:
        revision = _find_revision(session, request)
        header = _header(session, revision, request.division)
    lines = _lines(catalogue, revision.number, request.division)
    match request.format:
        case ExportFormat.CSV:
            chunks = csv_chunks(map(stored_document, lines))
        case ExportFormat.XLSX:
            read_again = partial(_lines, catalogue, revision.number, request.division)
            chunks = xlsx_chunks(header, lambda: map(stored_document, read_again()), most_rows)
        case ExportFormat.JSONLD:
            chunks = jsonld_chunks(header, map(upgraded, map(stored_document, lines)))
        case ExportFormat.JSONL:
            chunks = jsonl_chunks(header, lines, revision.checkpoint)
        case ExportFormat.JSON:
            chunks = json_chunks(header, lines, revision.checkpoint)
    return Export(revision.number, _name(revision.number, request), chunks)


def whole(exported: Export, most_bytes: int) -> bytes:
    """Return all bytes of an export, for whoever waits for them.

    Raises:
        ExportTooLarge: where there are more than ``most_bytes``, as soon as that is known.
    """
    parts, size = [], 0
    for chunk in exported.chunks:
        parts.append(chunk)
        size += len(chunk)
        if size > most_bytes:
            most = f"{most_bytes // _MIB} MiB"
            raise ExportTooLarge(
                Text(
                    f"经 HTTP 最多导出 {most}；请用 division 缩小范围，或用命令 service-catalog export",
                    f"at most {most} by HTTP; narrow it by division, or use the command service-catalog export",
                )
            )
    return b"".join(parts)


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


def _lines(catalogue: Catalogue, revision: int, division: str | None) -> Iterator[bytes]:
    after = ""
    while True:
        with catalogue.database.reading() as session:
            found = services.read_in_force(session, revision, division, after)
        if not found:
            return
        yield from (stored.document for stored in found)
        after = found[-1].id


def _name(revision: int, request: ExportRequest) -> str:
    among = f"-{request.division}" if request.division else ""
    return f"service-catalog{among}-r{revision}.{request.format}"

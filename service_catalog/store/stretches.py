"""The whole catalogue from end to end, some services at a time: the only place that reads all that is kept of them.

Memory does not grow with the catalogue, and no statement stays open while its rows are looked at.
"""

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from service_catalog.domain.revisions import StoredDocument
from service_catalog.domain.service import ServiceIndex
from service_catalog.store.services import STRETCH, find_ids
from service_catalog.store.tables import log_entry, service, service_version


class Kept(NamedTuple):
    """A version as it is kept: its place in the log, the leaf found there, the revisions it held from and up to."""

    stored: StoredDocument
    position: int
    leaf: bytes | None
    start: int
    end: int | None


class Stretch(NamedTuple):
    """Some services next to each other: their index rows by id, and every version in the order of ids and numbers.

    Versions that belong to no service are among them.
    """

    indexes: dict[str, ServiceIndex]
    versions: list[Kept]


def read_stretches(session: Session) -> Iterator[Stretch]:
    """Yield everything, ``STRETCH`` services at a time, retired ones among them."""
    after = ""
    while len(ids := find_ids(session, after)) == STRETCH:
        yield _stretch(session, after, ids[-1])
        after = ids[-1]
    yield _stretch(session, after, None)


def _stretch(session: Session, after: str, last: str | None) -> Stretch:
    """Return what stands above one id and not above another, or all that follows."""

    def is_here(column: ColumnElement[str]) -> ColumnElement[bool]:
        return column > after if last is None else (column > after) & (column <= last)

    kept = service_version.c
    rows = session.execute(select(service).where(is_here(service.c.id)))
    indexes = {row.id: ServiceIndex(*row) for row in rows}
    versions = (
        select(kept.service_id, kept.version, kept.document, kept.sha256)
        .add_columns(kept.position, log_entry.c.leaf, kept.from_revision, kept.to_revision)
        .outerjoin(log_entry, log_entry.c.position == kept.position)
        .where(is_here(kept.service_id))
        .order_by(kept.service_id, kept.version)
        .execution_options(binary=True)
    )
    return Stretch(indexes, [Kept(StoredDocument(*row[:4]), *row[4:]) for row in session.execute(versions)])


def read_unkept(session: Session) -> Iterator[bytes]:
    """Yield the log's leaves at whose positions no version of a service stands, in order."""
    kept = select(service_version.c.position).subquery()
    query = select(log_entry.c.leaf).outerjoin(kept, kept.c.position == log_entry.c.position)
    yield from session.execute(query.where(kept.c.position.is_(None)).order_by(log_entry.c.position)).scalars()

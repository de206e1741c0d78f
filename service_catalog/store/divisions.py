"""Divisions' own documents: the current ones, and writing new versions."""

from collections.abc import Iterable, Iterator

from sqlalchemy import insert, or_, select, update
from sqlalchemy.orm import Session

from service_catalog.domain.revisions import StoredDocument
from service_catalog.store.lists import in_force
from service_catalog.store.tables import division_version

MOST_NAMED = 10_000
"""Codes named in one statement; both engines take about three times as many."""


def find_division(session: Session, division: str) -> StoredDocument | None:
    """Return a division's current document."""
    return next(read_divisions(session, division, exactly=True), None)


def find_many(session: Session, among: Iterable[str]) -> list[StoredDocument]:
    """Return the current documents of those of ``among`` that have one, in order."""
    found: list[StoredDocument] = []
    codes = sorted(among)
    columns = division_version.c
    for start in range(0, len(codes), MOST_NAMED):
        query = select(columns.division, columns.version, columns.document, columns.sha256).where(
            columns.to_revision.is_(None), columns.division.in_(codes[start : start + MOST_NAMED])
        )
        found += [StoredDocument(*row) for row in session.execute(query.order_by(columns.division))]
    return found


def read_divisions(session: Session, prefix: str | None = None, *, exactly: bool = False) -> Iterator[StoredDocument]:
    """Yield the current documents of all divisions, or of those below ``prefix``, in order."""
    columns = division_version.c
    query = select(columns.division, columns.version, columns.document, columns.sha256).where(
        columns.to_revision.is_(None)
    )
    if exactly:
        query = query.where(columns.division == prefix)
    elif prefix is not None:
        query = query.where(columns.division.startswith(prefix, autoescape=True))
    for row in session.execute(query.order_by(columns.division)):
        yield StoredDocument(*row)


def find_concerning(session: Session, prefix: str | None, revision: int, most: int) -> list[StoredDocument]:
    """Return the documents in force after ``revision`` of up to ``most`` divisions below ``prefix`` or above it."""
    columns = division_version.c
    query = select(columns.division, columns.version, columns.document, columns.sha256).where(
        in_force(division_version, revision)
    )
    if prefix is not None:
        above = [prefix[:digits] for digits in range(2, len(prefix))]
        query = query.where(or_(columns.division.startswith(prefix, autoescape=True), columns.division.in_(above)))
    return [StoredDocument(*row) for row in session.execute(query.order_by(columns.division).limit(most))]


def read_versions(session: Session) -> Iterator[tuple[StoredDocument, int, int | None]]:
    """Yield every version of every division's document with the revisions it was in force from and to, in order."""
    columns = division_version.c
    query = select(division_version).order_by(columns.division, columns.version)
    for row in session.execute(query):
        yield StoredDocument(row.division, row.version, row.document, row.sha256), row.from_revision, row.to_revision


def put_division(session: Session, stored: StoredDocument, revision: int) -> None:
    """Write the next version of a division's document."""
    columns = division_version.c
    session.execute(
        update(division_version)
        .where(columns.division == stored.id, columns.to_revision.is_(None))
        .values(to_revision=revision)
    )
    session.execute(
        insert(division_version).values(
            division=stored.id,
            version=stored.version,
            from_revision=revision,
            document=stored.document,
            sha256=stored.sha256,
        )
    )

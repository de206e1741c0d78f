"""Services: finding them by their index, handing out their stored bytes, and writing new versions."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import Select, and_, bindparam, exists, func, select, update
from sqlalchemy.orm import Session

from service_catalog.domain.revisions import Revision, StoredDocument
from service_catalog.domain.selection import Span
from service_catalog.domain.service import ServiceIndex
from service_catalog.domain.vocabulary import Text
from service_catalog.store.changes import Change, inserted
from service_catalog.store.engine import stream_rows
from service_catalog.store.lists import in_force
from service_catalog.store.statements import Remembered
from service_catalog.store.tables import IS_CURRENT, service, service_version
from service_catalog.store.tables import revision as revision_table

_DOCUMENT = ("service_id", "version", "document", "sha256")

STRETCH = 500
"""Rows read at a time where a long reading must not hold one statement open."""


def _documents() -> Select[Any]:
    return select(*(service_version.c[name] for name in _DOCUMENT))


LoggedVersion = tuple[ServiceIndex, StoredDocument, int]
"""What is written of one version: its index row, its document, and the position of its log entry."""

_OF_ONE = _documents().where(service_version.c.service_id == bindparam("id"))
# The current version is the last one, which an index finds: that nothing ended it stands in each row beside a document.
_CURRENT = Remembered(_OF_ONE.order_by(service_version.c.version.desc()).limit(1))
_SOME = (
    _documents()
    .join_from(service, service_version, IS_CURRENT)
    .where(service.c.id.in_(bindparam("ids", expanding=True)))
)
_IN_FORCE = Remembered(
    # Without an end: PostgreSQL takes two bounds of unknown width for few rows, and sorts them all.
    select(service_version.c.service_id, service_version.c.document)
    .where(in_force(service_version, bindparam("revision")), service_version.c.service_id > bindparam("after"))
    .order_by(service_version.c.service_id)
    .limit(STRETCH)
)
_PAST = Remembered(_OF_ONE.where(in_force(service_version, bindparam("revision"))))


def find_current(session: Session, service_id: str) -> StoredDocument | None:
    """Return a service's current document."""
    return _stored(_CURRENT.rows(session, {"id": service_id}))


def find_at(session: Session, service_id: str, revision: int) -> StoredDocument | None:
    """Return a service's document as it stood after ``revision``, or ``None`` where it did not exist then."""
    return _stored(_PAST.rows(session, {"id": service_id, "revision": revision}))


def find_position(session: Session, service_id: str, *, version: int | None, revision: int) -> int | None:
    """Return where the log has this version of a service, or without one the version in force after ``revision``."""
    columns = service_version.c
    wanted = in_force(service_version, revision) if version is None else columns.version == version
    query = select(columns.position).where(columns.service_id == service_id, wanted)
    return session.execute(query).scalar_one_or_none()


def find_history(session: Session, service_id: str, below: int, rows: int) -> list[tuple[StoredDocument, Revision]]:
    """Return up to ``rows`` versions below version ``below``, newest first, each with the revision that made it."""
    version, made = service_version.c, revision_table.c
    query = (
        _documents()
        .add_columns(made.number, made.at, made.actor, made.action, made.reason, made.log_size, made.checkpoint)
        .join(revision_table, made.number == version.from_revision)
        .where(version.service_id == service_id, version.version < below)
        .order_by(version.version.desc())
        .limit(rows)
    )
    found = []
    for row in session.execute(query):
        number, at, actor, action, reason, size, checkpoint = row[4:]
        found.append((_document(row), Revision(number, at, actor, action, reason, size, checkpoint)))
    return found


def find_many(session: Session, ids: Collection[str]) -> dict[str, StoredDocument]:
    """Return the current documents of those of ``ids`` that exist."""
    return {row.service_id: _document(row) for row in session.execute(_SOME, {"ids": list(ids)})}


def has_any(session: Session) -> bool:
    """Tell whether the catalogue holds, or ever held, a service."""
    return session.execute(select(service.c.id).limit(1)).first() is not None


def read_current(session: Session) -> Iterator[tuple[ServiceIndex, StoredDocument]]:
    """Yield every service in id order, its index row beside its current document, in constant memory."""
    query = select(service, service_version.c.document, service_version.c.sha256).outerjoin(
        service_version,
        and_(service_version.c.service_id == service.c.id, service_version.c.to_revision.is_(None)),
    )
    for *columns, document, sha256 in stream_rows(session, query.order_by(service.c.id)):
        index = ServiceIndex(*columns)
        yield index, StoredDocument(index.id, index.version, document, sha256)


def find_ids(session: Session, after: str) -> list[str]:
    """Return the next ids of services, retired ones among them, at most ``STRETCH``, in order from above ``after``."""
    query = select(service.c.id).where(service.c.id > after).order_by(service.c.id).limit(STRETCH)
    return list(session.execute(query).scalars())


def find_all_versions(session: Session, ids: Sequence[str]) -> list[tuple[StoredDocument, int]]:
    """Return every version of some services with its position in the log, in the order of ids and versions."""
    columns = service_version.c
    query = _documents().add_columns(columns.position).where(columns.service_id.in_(ids))
    rows = session.execute(query.order_by(columns.service_id, columns.version))
    return [(_document(row), row.position) for row in rows]


def read_in_force(session: Session, revision: int, division: str | None, after: str) -> tuple[list[bytes], str]:
    """Return the next documents in force after ``revision``, and the id of the last.

    They are at most ``STRETCH``, in id order from above ``after``; retired services are among them. ``division`` is a
    prefix. Where there are none, the id is ``after``.
    """
    prefix = division or ""
    end = f"{prefix}:"  # a colon sorts right above the digits
    rows = _IN_FORCE.rows(session, {"revision": revision, "after": max(after, prefix)})
    while rows and rows[-1][0] >= end:
        rows.pop()
    return [document for _, document in rows], rows[-1][0] if rows else after


def count_in_force(session: Session, revision: int, division: str | None, most: int) -> int:
    """Count the services in force after ``revision``, retired ones among them, but no further than ``most``."""
    ids = service_version.c.service_id
    prefix = division or ""
    found = in_force(service_version, revision), ids >= prefix, ids < f"{prefix}:"
    return session.execute(
        select(func.count()).select_from(select(ids).where(*found).limit(most).subquery())
    ).scalar_one()


def find_divisions_of(session: Session, revision: int) -> set[str]:
    """Return the divisions of the services that a revision wrote."""
    query = (
        select(service.c.division)
        .distinct()
        .join(service_version, service_version.c.service_id == service.c.id)
        .where(service_version.c.from_revision == revision)
    )
    return set(session.execute(query).scalars())


def find_changes_of(
    session: Session, revision: int
) -> Iterator[tuple[StoredDocument | None, StoredDocument, StoredDocument]]:
    """Yield what a revision did to each service, in id order: the version before, the one it wrote, the current one.

    Read in short stretches, so that the caller may write the same services in between.
    """
    made, before, current = (service_version.alias(name) for name in ("made", "before", "current"))
    query = (
        select(*(table.c[name] for table in (made, before, current) for name in _DOCUMENT))
        .outerjoin(before, and_(before.c.service_id == made.c.service_id, before.c.version == made.c.version - 1))
        .join(current, and_(current.c.service_id == made.c.service_id, current.c.to_revision.is_(None)))
        .where(made.c.from_revision == revision, made.c.service_id > bindparam("after"))
        .order_by(made.c.service_id)
        .limit(STRETCH)
    )
    after = ""
    while rows := session.execute(query, {"after": after}).all():
        for row in rows:
            written, earlier, now = (_document(row[start : start + 4]) for start in (0, 4, 8))
            yield (earlier if earlier.id else None), written, now
        after = rows[-1][0]


FEW = 20_000
"""Versions whose ids may be sorted for every page; where more were written, the services are walked in order."""

WALKED = 10_000
"""Services that one walk looks at."""

_within = and_(
    service_version.c.from_revision > bindparam("start"), service_version.c.from_revision <= bindparam("end")
)
_some = select(service_version.c.service_id).where(_within).limit(FEW + 1).subquery()
_WRITTEN = select(func.count()).select_from(_some)
_TOUCHED = (
    select(_some.c.service_id)  # out of the bounded few, so that no planner walks all services for the order's sake
    .distinct()
    .where(_some.c.service_id > bindparam("after"), _some.c.service_id < bindparam("stop"))
    .order_by(_some.c.service_id)
    .limit(bindparam("rows"))
)
_walk = (
    select(service.c.id)
    .where(service.c.id > bindparam("after"), service.c.id < bindparam("stop"))
    .order_by(service.c.id)
    .limit(WALKED)
    .subquery()
)
_WALK_END = select(func.count(), func.max(_walk.c.id))
_TOUCHED_IN_WALK = (
    select(_walk.c.id)
    .where(exists().where(service_version.c.service_id == _walk.c.id, _within))
    .order_by(_walk.c.id)
    .limit(bindparam("rows"))
)


def find_touched(session: Session, span: Span, after: str, rows: int) -> tuple[list[str], str | None]:
    """Return up to ``rows`` ids above ``after`` of services that a revision within the span wrote, in order.

    Beside them stands the id up to which these are all; ``None`` where none follow. The time is bounded, however much
    was written: the ids of a walk may be few, or none, though others follow.
    """
    prefix = span.division or ""
    place = {"after": max(after, prefix), "stop": f"{prefix}:", "start": span.start, "end": span.end, "rows": rows + 1}
    walks = session.execute(_WRITTEN, place).scalar_one() > FEW
    ids = list(session.execute(_TOUCHED_IN_WALK if walks else _TOUCHED, place).scalars())
    if len(ids) > rows:
        return ids[:rows], ids[rows - 1]
    count, last = session.execute(_WALK_END, place).one() if walks else (0, None)
    return ids, last if count == WALKED else None


_SOME_IN_FORCE = _documents().where(
    service_version.c.service_id.in_(bindparam("ids", expanding=True)), in_force(service_version, bindparam("revision"))
)


def find_pairs(session: Session, ids: Sequence[str], span: Span) -> list[tuple[StoredDocument | None, StoredDocument]]:
    """Return touched services, in the order given, as they stood after both revisions; ``None`` before its creation."""
    earlier, later = (
        {row.service_id: _document(row) for row in session.execute(_SOME_IN_FORCE, {"ids": list(ids), "revision": one})}
        for one in (span.start, span.end)
    )
    return [(earlier.get(one), later[one]) for one in ids]


def find_versions_from(session: Session, service_id: str, version: int) -> list[StoredDocument]:
    """Return a service's versions from ``version`` on, oldest first."""
    query = _OF_ONE.where(service_version.c.version >= version).order_by(service_version.c.version)
    return [_document(row) for row in session.execute(query, {"id": service_id})]


_STALE = Text("事项在此期间已被他人修改", "a service was changed by somebody else in the meantime")
_CREATE = Change(inserted(service))
_MOVE = Change(
    update(service)
    .where(service.c.id == bindparam("_id"), service.c.version == bindparam("_version"))
    .values({column.name: bindparam(column.name) for column in service.columns if column.name != "id"}),
    missed=_STALE,
)
_END = Change(
    update(service_version)
    .where(service_version.c.service_id == bindparam("_id"), service_version.c.version == bindparam("_version"))
    .values(to_revision=bindparam("revision"))
)
_ADD_VERSION = Change(inserted(service_version))


def insert_services(session: Session, rows: Sequence[LoggedVersion]) -> None:
    """Write services that did not exist, each with its first version."""
    _CREATE.make(session, [_columns(index) for index, *_ in rows])
    _insert_versions(session, rows)


def update_services(session: Session, rows: Sequence[LoggedVersion]) -> None:
    """Write the next version of services that exist.

    Raises:
        StaleVersion: where one of them is not at the version before; the check is the UPDATE's own WHERE. It comes no
            later than with the commit.
    """
    moved = [{**_columns(index), "_id": index.id, "_version": index.version - 1} for index, *_ in rows]
    _MOVE.make(session, moved)
    _END.make(session, moved)
    _insert_versions(session, rows)


def _insert_versions(session: Session, rows: Sequence[LoggedVersion]) -> None:
    versions = [
        {
            "service_id": index.id,
            "version": index.version,
            "from_revision": index.revision,
            "to_revision": None,
            "document": stored.document,
            "sha256": stored.sha256,
            "position": position,
        }
        for index, stored, position in rows
    ]
    _ADD_VERSION.make(session, versions)


_COLUMNS = tuple(column.name for column in service.columns)


def _columns(index: ServiceIndex) -> dict[str, Any]:
    return {name: getattr(index, name) for name in _COLUMNS}


def _document(row: Any) -> StoredDocument:
    identity, version, document, sha256, *_ = row
    return StoredDocument(identity, version, document, sha256)


def _stored(rows: list[Any]) -> StoredDocument | None:
    return _document(rows[0]) if rows else None

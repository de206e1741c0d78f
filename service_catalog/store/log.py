"""The log's rows: the write turn, the leaves, the hashes of full subtrees and of ranges, and the revisions."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import bindparam, insert, select, text, update
from sqlalchemy.orm import Session

from service_catalog.domain.merkle import WIDTH, Frontier, Range, Subtree, frontier_of, leaf_hash
from service_catalog.domain.revisions import Revision
from service_catalog.domain.vocabulary import Text
from service_catalog.store import tables
from service_catalog.store.changes import Change, inserted
from service_catalog.store.engine import LONGEST_WAIT, stream_rows
from service_catalog.store.statements import Remembered, is_on_sqlite

_BE_IMPATIENT = Change(text(f"SET LOCAL lock_timeout = '{LONGEST_WAIT}s'"))
_REVISION = Remembered(select(tables.head.c.revision))
_head = select(
    tables.head.c.origin,
    tables.head.c.verifier_key,
    tables.head.c.revision,
    tables.head.c.log_size,
    tables.lease.c.milliseconds,
).join_from(tables.head, tables.lease, tables.head.c.id == tables.lease.c.id)
_HEAD = Remembered(_head)
_LOCKED_HEAD = Remembered(_head.with_for_update(of=tables.head))
_ONE_REVISION = Remembered(select(tables.revision).where(tables.revision.c.number == bindparam("number")))
_TIME_OF = select(tables.revision.c.at).where(tables.revision.c.number == bindparam("number"))
_LEAVES = Remembered(
    select(tables.log_entry.c.leaf)
    .where(tables.log_entry.c.position >= bindparam("first"), tables.log_entry.c.position < bindparam("end"))
    .order_by(tables.log_entry.c.position)
)
_SUBTREES = Remembered(
    select(tables.log_node.c.hash)
    .where(
        tables.log_node.c.level == bindparam("level"),
        tables.log_node.c.position >= bindparam("first"),
        tables.log_node.c.position < bindparam("end"),
    )
    .order_by(tables.log_node.c.position)
)
_ADD_LEAF = Change(inserted(tables.log_entry))
_ADD_SUBTREE = Change(inserted(tables.log_node))
_ADD_REVISION = Change(inserted(tables.revision))
_MOVE_HEAD = Change(
    update(tables.head)
    .where(tables.head.c.revision == bindparam("before"))
    .values(revision=bindparam("number"), log_size=bindparam("size")),
    missed=Text("目录在此期间已有新的修订", "another revision was made in the meantime"),
)


@dataclass(frozen=True, slots=True)
class Head:
    """Where the catalogue stands, whose log it is, and how many milliseconds a reader may rely on it."""

    origin: str
    verifier_key: str
    revision: int
    log_size: int
    lease: int


def create_head(session: Session, origin: str, verifier_key: str) -> None:
    """Bind an empty catalogue to its log's name and public key."""
    session.execute(insert(tables.head).values(id=1, origin=origin, verifier_key=verifier_key, revision=0, log_size=0))


def find_head(session: Session) -> Head | None:
    """Return where the catalogue stands, or ``None`` where it was never given a log."""
    return _found_head(session, _HEAD)


def current_revision(session: Session) -> int:
    """Return the number of the latest revision, 0 before the first."""
    found = _REVISION.rows(session)
    return int(found[0][0]) if found else 0


def take_turn(session: Session) -> Head | None:
    """Wait for the one write turn and hold it until the transaction ends.

    On SQLite the transaction began with it; on PostgreSQL it is the head row's lock.
    """
    if not is_on_sqlite(session):
        _BE_IMPATIENT.make(session)
    return _found_head(session, _LOCKED_HEAD)


def _found_head(session: Session, query: Remembered) -> Head | None:
    rows = query.rows(session)
    return Head(*rows[0]) if rows else None


def load_frontier(session: Session, size: int) -> Frontier:
    """Return the right edge of a tree of ``size`` leaves, from at most 255 hashes a level."""
    return frontier_of(_levels(session, (0, size)))


def hash_range(session: Session, leaves: Range) -> bytes:
    """Return the hash over a range of leaves that is one node of the tree, as a proof names it.

    However long the range, at most 255 leaves are read, and 255 hashes of full subtrees a level.
    """
    return frontier_of(_levels(session, leaves)).root()


def _levels(session: Session, leaves: Range) -> list[list[bytes]]:
    """Return the hashes that make up a range: its last leaves, then on each level the full subtrees before them."""
    first, end = leaves
    levels: list[list[bytes]] = []
    while end - first >= WIDTH:  # so wide a range begins where a full subtree does
        full = end - end % WIDTH
        levels.append(_hashes(session, len(levels), full, end))
        first, end = first // WIDTH, full // WIDTH
    return [*levels, _hashes(session, len(levels), first, end)]


def _hashes(session: Session, level: int, first: int, end: int) -> list[bytes]:
    if first == end:
        return []
    if level == 0:
        return [leaf_hash(leaf) for (leaf,) in _LEAVES.rows(session, {"first": first, "end": end})]
    return [digest for (digest,) in _SUBTREES.rows(session, {"level": level, "first": first, "end": end})]


def append_leaves(
    session: Session, revision: int, first: int, leaves: Sequence[bytes], filled: Sequence[Subtree]
) -> None:
    """Write leaves from position ``first`` on, and the hashes of the subtrees they filled."""
    rows = [{"position": first + i, "revision": revision, "leaf": leaf} for i, leaf in enumerate(leaves)]
    _ADD_LEAF.make(session, rows)
    _ADD_SUBTREE.make(session, [asdict(subtree) for subtree in filled])


def append_revision(session: Session, revision: Revision) -> None:
    """Write the revision's row and move the head to it.

    Raises:
        StaleVersion: where the head is not at the revision before; it comes no later than with the commit.
    """
    _ADD_REVISION.make(session, [asdict(revision)])
    moved = {"number": revision.number, "size": revision.log_size, "before": revision.number - 1}
    _MOVE_HEAD.make(session, [moved])


def find_revision(session: Session, number: int) -> Revision | None:
    """Return one revision."""
    rows = _ONE_REVISION.rows(session, {"number": number})
    return Revision(*rows[0]) if rows else None


def find_revision_at(session: Session, at: str) -> int:
    """Return the number of the last revision made at or before a time, 0 where there is none; times never go back."""
    return bisect_right(range(1, current_revision(session) + 1), at, key=lambda number: _time_of(session, number))


def _time_of(session: Session, number: int) -> str:
    return str(session.execute(_TIME_OF, {"number": number}).scalar_one())


def find_revisions(session: Session, below: int, rows: int) -> list[Revision]:
    """Return up to ``rows`` revisions below number ``below``, newest first."""
    columns = tables.revision.c
    query = select(tables.revision).where(columns.number < below).order_by(columns.number.desc()).limit(rows)
    return [Revision(**row) for row in session.execute(query).mappings()]


def find_revision_within(session: Session, size: int) -> Revision | None:
    """Return the latest revision after which the log had at most ``size`` entries."""
    columns = tables.log_entry.c
    following = session.execute(select(columns.revision).where(columns.position == size)).scalar_one_or_none()
    return find_revision(session, current_revision(session) if following is None else following - 1)


def read_revisions(session: Session) -> Iterator[Revision]:
    """Yield every revision in order."""
    rows = session.execute(select(tables.revision).order_by(tables.revision.c.number)).mappings()
    return (Revision(**row) for row in rows)


def read_leaves(session: Session) -> Iterator[tuple[int, int, bytes]]:
    """Yield (position, revision, leaf) of the whole log in order, in constant memory."""
    columns = tables.log_entry.c
    query = select(columns.position, columns.revision, columns.leaf).order_by(columns.position)
    for row in stream_rows(session, query):
        yield row.position, row.revision, row.leaf


def find_leaves(session: Session, start: int, limit: int) -> list[bytes]:
    """Return up to ``limit`` leaves from position ``start`` on."""
    columns = tables.log_entry.c
    query = select(columns.leaf).where(columns.position >= start).order_by(columns.position).limit(limit)
    return list(session.execute(query).scalars())


def read_subtrees(session: Session) -> Iterator[Subtree]:
    """Yield the stored hashes of full subtrees, by level and position."""
    columns = tables.log_node.c
    query = select(columns.level, columns.position, columns.hash).order_by(columns.level, columns.position)
    for row in stream_rows(session, query):
        yield Subtree(row.level, row.position, row.hash)

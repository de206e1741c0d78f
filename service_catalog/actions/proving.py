"""What whoever distrusts the log asks of it: that an entry is in it, and that it was only appended to. Public."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from service_catalog.actions.browsing import unknown_revision, unknown_service
from service_catalog.actions.catalogue import Catalogue
from service_catalog.documents.proofs import ConsistencyProof, InclusionProof
from service_catalog.domain.errors import InvalidParameters, Place, UnknownService
from service_catalog.domain.merkle import Range, consistency_path, inclusion_path
from service_catalog.domain.revisions import Revision
from service_catalog.domain.selection import ConsistencyRequest, ProofRequest, ServiceEntry
from service_catalog.domain.service import can_be_id
from service_catalog.domain.vocabulary import Text
from service_catalog.store import log, services


def prove_inclusion(catalogue: Catalogue, request: ProofRequest) -> InclusionProof:
    """Return the proof that an entry is in a log whose head was signed.

    Raises:
        UnknownService: where the log of this size has no such service, or not that version of it.
        InvalidParameters: where no revision signed a log of this size, or it has no entry at that position.
        UnknownRevision: where nothing was ever written.
    """
    if isinstance(request.entry, ServiceEntry) and not can_be_id(request.entry.service_id):
        raise unknown_service(request.entry.service_id)
    with catalogue.database.reading() as session:
        revision = _signed(session, request.size, "size")
        index = _position(session, request.entry, revision)
        path = _hashes(session, inclusion_path(index, revision.log_size))
    return InclusionProof(index, path, revision.checkpoint)


def prove_consistency(catalogue: Catalogue, request: ConsistencyRequest) -> ConsistencyProof:
    """Return the proof that a log whose head was signed begins with its first ``old`` entries.

    Raises:
        InvalidParameters: where no revision signed a log of the later size, or the earlier size is above it.
        UnknownRevision: where nothing was ever written.
    """
    with catalogue.database.reading() as session:
        revision = _signed(session, request.new, "to")
        if request.old > revision.log_size:
            raise _refused("from", f"不得大于 {revision.log_size}", f"must be at most {revision.log_size}")
        path = _hashes(session, consistency_path(request.old, revision.log_size))
    return ConsistencyProof(request.old, path, revision.checkpoint)


def _signed(session: Session, size: int | None, parameter: str) -> Revision:
    """Return the revision that signed the log of ``size`` entries, or the latest; no other size has a checkpoint."""
    latest = log.find_revision(session, log.current_revision(session))
    if latest is None:
        raise unknown_revision(1, 0)
    if size is None:
        return latest
    within = log.find_revision_within(session, size)
    if within is None:
        raise _refused(parameter, f"没有修订签署过 {size} 条的日志", f"no revision signed a log of {size} entries")
    if within.log_size != size:
        raise _refused(
            parameter,
            f"没有修订签署过 {size} 条的日志；往下最近的是 {within.log_size} 条",
            f"no revision signed a log of {size} entries; the nearest below has {within.log_size}",
        )
    return within


def _position(session: Session, entry: int | ServiceEntry, revision: Revision) -> int:
    size = revision.log_size
    if isinstance(entry, int):
        if entry >= size:
            raise _refused("index", f"日志共有 {size} 条，从 0 数起", f"the log has {size} entries, counted from 0")
        return entry
    identity, version = entry.service_id, entry.version
    position = services.find_position(session, identity, version=version, revision=revision.number)
    if position is not None and position < size:
        return position
    if version is None:
        raise unknown_service(identity)
    raise UnknownService(
        Text(
            f"日志前 {size} 条中没有事项 {identity} 的第 {version} 版",
            f"the log's first {size} entries have no version {version} of service {identity}",
        )
    )


def _hashes(session: Session, path: Iterable[Range]) -> tuple[bytes, ...]:
    return tuple(log.hash_range(session, leaves) for leaves in path)


def _refused(parameter: str, zh: str, en: str) -> InvalidParameters:
    message = Text(zh, en)
    return InvalidParameters(message, [Place(message, parameter=parameter)])

"""Holding the catalogue against its own log: recompute everything from stored bytes and name what differs."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from service_catalog.actions.catalogue import Catalogue
from service_catalog.actions.counting import read_indicators
from service_catalog.actions.folding import Broken, FoldedLog, Logged, fold_log
from service_catalog.actions.matching import check_shape, compare_services, not_recorded, wrong_interval
from service_catalog.actions.preparing import check_readiness
from service_catalog.documents.canonical import canonical, stored_document
from service_catalog.documents.schemas.division import DivisionSchema
from service_catalog.domain.revisions import EntryKind, StoredDocument, digest_of
from service_catalog.domain.vocabulary import Text
from service_catalog.store import divisions, log, tokens

_SHAPE = DivisionSchema()


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found: how much it looked at, what is broken, and which declared totals no longer hold."""

    revision: int
    entries: int
    services: int
    broken: Text | None
    differing_totals: tuple[Text, ...]


def check_catalogue(catalogue: Catalogue) -> Report:
    """Recompute the log's root, fold the log, and compare it with the tables; stop at the first difference.

    Raises:
        NotReady: where the tables are not those of this release.
        DatabaseUnavailable: where the database cannot be reached.
    """
    check_readiness(catalogue)
    broken, entries, found = None, 0, 0
    with catalogue.database.reading() as session:
        revision = log.current_revision(session)
        try:
            folded = fold_log(session)
            entries = folded.entries
            found = compare_services(session, folded.of_services)
            _compare_divisions(session, folded)
            _compare_tokens(session, folded)
            _compare_key(session, folded)
            _nothing_left(folded)
        except Broken as error:
            broken = error.text
    totals = () if broken else tuple(_differing_totals(catalogue))  # counts of a broken index mean nothing
    return Report(revision, entries, found, broken, totals)


def _compare_document(kind: EntryKind, stored: StoredDocument, folded: FoldedLog) -> Logged:
    """Return what the log recorded of the document, which is taken out of what is left to be found."""
    digest = digest_of(stored.document)
    logged = folded.others.get((kind, stored.id), {}).pop(stored.version, None)
    if logged is None or not digest == stored.sha256 == logged.sha256:
        raise not_recorded(stored)
    return logged


def _compare_divisions(session: Session, folded: FoldedLog) -> None:
    ends: dict[str, int | None] = {}
    for stored, start, end in divisions.read_versions(session):
        logged = _compare_document(EntryKind.DIVISION, stored, folded)
        if start != logged.revision or (stored.version > 1 and ends.get(stored.id) != start):
            raise wrong_interval(stored)
        check_shape(_SHAPE, stored_document(stored.document), stored)
        ends[stored.id] = end
    for division, end in ends.items():
        if end is not None:
            raise Broken(f"{division} 没有现行版本", f"{division} has no version in force")


def _compare_tokens(session: Session, folded: FoldedLog) -> None:
    for token, _ in tokens.read_tokens(session):
        issued = replace(token, revoked_at=None)
        for state in (issued, token) if token.revoked_at else (issued,):
            body = canonical(state.as_document())
            _compare_document(EntryKind.TOKEN, StoredDocument(token.id, state.version, body, digest_of(body)), folded)


def _compare_key(session: Session, folded: FoldedLog) -> None:
    head = log.find_head(session)
    if head is not None and head.revision:
        key = head.verifier_key.encode()
        _compare_document(EntryKind.KEY, StoredDocument(head.origin, 1, key, digest_of(key)), folded)


def _nothing_left(folded: FoldedLog) -> None:
    for (_, identity), versions in folded.others.items():
        if versions:
            version = min(versions)
            raise Broken(
                f"日志中有 {identity} 第 {version} 版，表中没有",
                f"the log has {identity} version {version}, the tables do not",
            )


def _differing_totals(catalogue: Catalogue) -> Iterator[Text]:
    with catalogue.database.reading() as session:
        codes = [stored.id for stored in divisions.read_divisions(session)]
    for code in codes:
        declared = read_indicators(catalogue, code)["declared"]
        for difference in declared["differences"] if declared else ():
            figure, said, actual = difference["figure"], difference["declared"], difference["actual"]
            yield Text(
                f"{code} {figure}：公布 {said}，实际 {actual}", f"{code} {figure}: declared {said}, actual {actual}"
            )

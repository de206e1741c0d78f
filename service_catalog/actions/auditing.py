"""Holding the catalogue against its own log: recompute everything from stored bytes and name what differs."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import marshmallow as ma
from sqlalchemy.orm import Session

from service_catalog.actions.catalogue import Catalogue
from service_catalog.actions.counting import read_indicators
from service_catalog.actions.indexing import find_differing
from service_catalog.actions.preparing import check_readiness
from service_catalog.documents.canonical import canonical, stored_document
from service_catalog.documents.notes import Checkpoint, open_note
from service_catalog.documents.schemas.division import DivisionSchema
from service_catalog.documents.schemas.service import ServiceSchema
from service_catalog.domain.errors import KeyMismatch
from service_catalog.domain.merkle import Frontier, Subtree
from service_catalog.domain.revisions import EntryKind, LogEntry, Revision, StoredDocument, digest_of
from service_catalog.domain.rules import broken_rules
from service_catalog.domain.service import ServiceIndex, index_of, upgraded
from service_catalog.domain.tally import Tally
from service_catalog.domain.vocabulary import Text
from service_catalog.store import divisions, log, search, services, tally, tokens


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found: how much it looked at, what is broken, and which declared totals no longer hold."""

    revision: int
    entries: int
    services: int
    broken: Text | None
    differing_totals: tuple[Text, ...]


class Logged(NamedTuple):
    """What one entry says of a version: its digest, by which revision, and at which position of the log."""

    sha256: str
    revision: int
    position: int


Expected = dict[tuple[EntryKind, str], dict[int, Logged]]
"""What the log says of each version of each thing."""

Ends = dict[str, int | None]
"""Of each thing, the revision that ended the version looked at last; ``None`` while it is in force."""


class _Broken(Exception):
    """The first thing found that differs."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.text = Text(zh, en)


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
            expected, entries = _fold_log(session)
            found = _compare_services(session, expected)
            _compare_search(session)
            _compare_divisions(session, expected)
            _compare_tokens(session, expected)
            _compare_key(session, expected)
            _nothing_left(expected)
        except _Broken as error:
            broken = error.text
    totals = () if broken else tuple(_differing_totals(catalogue))  # counts of a broken index mean nothing
    return Report(revision, entries, found, broken, totals)


def _fold_log(session: Session) -> tuple[Expected, int]:
    head = log.find_head(session)
    if head is None:
        return {}, 0
    revisions = log.read_revisions(session)
    revision = next(revisions, None)
    frontier, filled, expected, last = Frontier(), [], Expected(), 0
    for position, number, leaf in log.read_leaves(session):
        if position != frontier.size:
            raise _Broken(f"日志缺少第 {frontier.size} 条", f"log entry {frontier.size} is missing")
        filled += frontier.append(leaf)
        if revision is None:
            raise _Broken(f"日志第 {position} 条不属于任何修订", f"log entry {position} belongs to no revision")
        if revision.number != last + 1:
            raise _Broken(f"缺少修订 {last + 1}", f"revision {last + 1} is missing")
        _fold_entry(expected, position, number, leaf, revision)
        if frontier.size == revision.log_size:
            _compare_checkpoint(head, revision, frontier)
            last, revision = revision.number, next(revisions, None)
    if (frontier.size, last, revision) != (head.log_size, head.revision, None):
        raise _Broken("日志长度与修订记录不符", "the log's length is not what the revisions say")
    _compare_subtrees(filled, list(log.read_subtrees(session)))
    return expected, frontier.size


def _fold_entry(expected: Expected, position: int, number: int, leaf: bytes, revision: Revision) -> None:
    try:
        entry = LogEntry(**stored_document(leaf))
        versions = expected.setdefault((EntryKind(entry.kind), entry.id), {})
    except (ValueError, TypeError):
        raise _Broken(f"日志第 {position} 条无法识别", f"log entry {position} is not an entry of this log") from None
    made = (revision.number, revision.at, revision.actor, revision.action, revision.reason)
    if number != entry.revision or made != (entry.revision, entry.time, entry.actor, entry.action, entry.reason):
        raise _Broken(
            f"日志第 {position} 条与修订 {revision.number} 的记录不符",
            f"log entry {position} is not what revision {revision.number} says of itself",
        )
    if entry.version != len(versions) + 1:
        raise _Broken(
            f"日志第 {position} 条：{entry.id} 的版本不连续",
            f"log entry {position}: the version of {entry.id} does not follow",
        )
    versions[entry.version] = Logged(entry.sha256, entry.revision, position)


def _compare_checkpoint(head: log.Head, revision: Revision, frontier: Frontier) -> None:
    number = revision.number
    try:
        text = open_note(revision.checkpoint, head.verifier_key)
    except KeyMismatch as error:
        raise _Broken(error.detail.zh, error.detail.en) from None
    if text is None:
        raise _Broken(
            f"修订 {number} 的检查点签名无效", f"the signature of revision {number}'s checkpoint is not valid"
        )
    if text != Checkpoint(head.origin, frontier.size, frontier.root()).text():
        raise _Broken(f"修订 {number} 的检查点与日志不符", f"revision {number}'s checkpoint is not that of the log")


def _compare_subtrees(computed: list[Subtree], stored: list[Subtree]) -> None:
    if sorted(computed, key=lambda s: (s.level, s.position)) != stored:
        raise _Broken("子树哈希表与日志不符", "the table of subtree hashes is not that of the log")


def _compare_services(session: Session, expected: Expected) -> int:
    found = 0
    ends, counted = Ends(), Tally()
    for stored, position, start, end in services.read_versions(session):
        logged = _compare_document(EntryKind.SERVICE, stored, expected)
        if logged.position != position:
            raise _Broken(
                f"{stored.id} 第 {stored.version} 版在日志中的位置有误",
                f"the log has {stored.id} version {stored.version} at another position",
            )
        _compare_interval(stored, start, logged, ends)
        ends[stored.id] = end
    for index, stored in services.read_current(session):
        found += 1
        _compare_index(index, stored, ends)
        counted.add(index)
    _compare_tally(session, counted)
    return found


def _compare_tally(session: Session, counted: Tally) -> None:
    prefixes = tally.find_difference(session, counted).prefixes()
    if prefixes:
        prefix = max(prefixes)
        raise _Broken(
            f"所记的数目（区划前缀“{prefix}”）与目录不符；运行 db reindex 修复",
            f"the numbers kept for divisions below '{prefix}' are not those of the catalogue; db reindex mends them",
        )


def _compare_interval(stored: StoredDocument, start: int, logged: Logged, ends: Ends) -> None:
    follows = stored.version == 1 or ends.get(stored.id) == start
    if not follows or start != logged.revision:
        raise _Broken(
            f"{stored.id} 第 {stored.version} 版的起止修订有误",
            f"the revisions of {stored.id} version {stored.version} are not those of the log",
        )


def _compare_document(kind: EntryKind, stored: StoredDocument, expected: Expected) -> Logged:
    """Return what the log recorded of the document."""
    digest = digest_of(stored.document)
    logged = expected.get((kind, stored.id), {}).pop(stored.version, None)
    if logged is None or not digest == stored.sha256 == logged.sha256:
        raise _Broken(
            f"{stored.id} 第 {stored.version} 版与日志所记不同",
            f"{stored.id} version {stored.version} is not the document that the log recorded",
        )
    return logged


def _compare_index(index: ServiceIndex, stored: StoredDocument, ends: Ends) -> None:
    if stored.document is None or ends.get(index.id, 0) is not None:
        raise _Broken(f"{index.id} 没有现行版本", f"{index.id} has no version in force")
    document = stored_document(stored.document)
    _check_shape(ServiceSchema(), document, stored)
    service = upgraded(document)
    if index_of(service) != index:
        raise _Broken(f"{index.id} 的索引与文档不符", f"the index of {index.id} is not that of its document")
    for finding in broken_rules(service):
        rule, message = finding.rule.value, finding.message
        raise _Broken(
            f"{index.id} 违反规则 {rule}（{finding.pointer}）：{message.zh}",
            f"{index.id} breaks rule {rule} at {finding.pointer}: {message.en}",
        )


def _compare_search(session: Session) -> None:
    """Compute what each service is found by from all its versions, and hold the table against it."""
    wrong = next((entry.service_id for entries in find_differing(session) for entry in entries), None)
    if wrong is not None:
        raise _Broken(
            f"{wrong} 的检索词与文档不符；运行 db reindex 修复",
            f"what {wrong} is found by is not of its document; db reindex mends it",
        )
    if stray := search.find_stray(session):
        raise _Broken(
            f"检索表中的 {stray} 不在目录中；运行 db reindex 修复",
            f"the table for searching has {stray}, which the catalogue has not; db reindex mends it",
        )
    if not search.is_index_whole(session):
        raise _Broken(
            "检索索引与检索表不符；运行 db reindex 修复",
            "the index for searching is not of its table; db reindex mends it",
        )


def _check_shape(schema: ma.Schema, document: Any, stored: StoredDocument) -> None:
    if schema.validate(document) or canonical(document) != stored.document:
        raise _Broken(f"{stored.id} 的文档不符合格式", f"the document of {stored.id} does not have its shape")


def _compare_divisions(session: Session, expected: Expected) -> None:
    ends = Ends()
    for stored, start, end in divisions.read_versions(session):
        _compare_interval(stored, start, _compare_document(EntryKind.DIVISION, stored, expected), ends)
        _check_shape(DivisionSchema(), stored_document(stored.document), stored)
        ends[stored.id] = end
    for division, end in ends.items():
        if end is not None:
            raise _Broken(f"{division} 没有现行版本", f"{division} has no version in force")


def _compare_tokens(session: Session, expected: Expected) -> None:
    for token, _ in tokens.read_tokens(session):
        issued = replace(token, revoked_at=None)
        for state in (issued, token) if token.revoked_at else (issued,):
            body = canonical(state.as_document())
            _compare_document(EntryKind.TOKEN, StoredDocument(token.id, state.version, body, digest_of(body)), expected)


def _compare_key(session: Session, expected: Expected) -> None:
    head = log.find_head(session)
    if head is not None and head.revision:
        key = head.verifier_key.encode()
        _compare_document(EntryKind.KEY, StoredDocument(head.origin, 1, key, digest_of(key)), expected)


def _nothing_left(expected: Expected) -> None:
    for (_, identity), versions in expected.items():
        if versions:
            version = min(versions)
            raise _Broken(
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

"""Holding all that is kept of services against the log: versions, index, words to find them by, and counts.

Both are read in the order of ids and never as a whole. Each version is held against the log's entry at its position.
No two versions can meet the same entry, as each entry names one of them; so where there are as many entries about
services as versions that met theirs, the log has all that the tables have, and nothing else.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

import marshmallow as ma
from sqlalchemy.orm import Session

from service_catalog.actions.folding import Broken
from service_catalog.actions.indexing import find_unkept, searched
from service_catalog.documents.canonical import canonical, stored_document
from service_catalog.documents.schemas.service import ServiceSchema
from service_catalog.domain.namesakes import Namesakes
from service_catalog.domain.revisions import EntryKind, StoredDocument, digest_of
from service_catalog.domain.rules import broken_rules
from service_catalog.domain.service import Service, ServiceIndex, index_of, upgraded
from service_catalog.domain.tally import Tally
from service_catalog.store import names, search_entries, stretches, tally
from service_catalog.store.search_entries import SearchEntry
from service_catalog.store.stretches import Kept, Stretch

_SHAPE = ServiceSchema()


def compare_services(session: Session, logged: int) -> int:
    """Compare every service, where the log has ``logged`` entries about services; return how many services there are.

    Raises:
        Broken: naming the first difference.
    """
    found, met, counted = 0, 0, Tally()
    for stretch in stretches.read_stretches(session):
        called = _compare_stretch(stretch, search_entries.find_entries(session, list(stretch.indexes)))
        if find_unkept(session, called):
            raise _not_of_the_names()
        found, met = found + len(stretch.indexes), met + len(stretch.versions)
        for index in stretch.indexes.values():
            counted.add(index)
    if met != logged:
        _name_unkept(session)
    _compare_search(session)
    _compare_tally(session, counted)
    return found


def _compare_stretch(stretch: Stretch, found_by: dict[str, SearchEntry]) -> list[Namesakes]:
    """Compare some services, and return what must be kept of their names."""
    without, called = set(stretch.indexes), []
    for identity, group in groupby(stretch.versions, key=lambda kept: kept.stored.id):
        versions = list(group)
        _compare_versions(versions)
        index = stretch.indexes.get(identity)
        if index is None or versions[-1].end is not None:
            raise _not_in_force(identity)
        without.discard(identity)
        documents = [stored_document(kept.stored.document) for kept in versions]
        check_shape(_SHAPE, documents[-1], versions[-1].stored)
        services = [upgraded(document) for document in documents]
        _compare_index(index, services[-1])
        expected = searched(services, versions[0].position)
        if found_by.get(identity) != expected.entry:
            raise Broken(
                f"{identity} 的检索词与文档不符；运行 db reindex 修复",
                f"what {identity} is found by is not of its document; db reindex mends it",
            )
        called.append(expected.called)
    if without:
        raise _not_in_force(min(without))
    return called


def _not_in_force(identity: str) -> Broken:
    return Broken(f"{identity} 没有现行版本", f"{identity} has no version in force")


def _compare_versions(versions: Sequence[Kept]) -> None:
    """Hold all versions of one service, the oldest first, against the log's entries and against each other."""
    end, position = None, -1
    for number, kept in enumerate(versions, 1):
        revision = _logged_revision(kept)
        identity, version = kept.stored.id, kept.stored.version
        if version != number or kept.position < position:
            raise Broken(f"{identity} 的版本不连续", f"the versions of {identity} do not follow each other")
        if kept.start != revision or (number > 1 and end != kept.start):
            raise wrong_interval(kept.stored)
        end, position = kept.end, kept.position


def _logged_revision(kept: Kept) -> int:
    """Return the revision by which the log has a version, once its entry says the same of it."""
    identity, version = kept.stored.id, kept.stored.version
    entry = stored_document(kept.leaf) if kept.leaf is not None else {}
    if (entry.get("kind"), entry.get("id"), entry.get("version")) != (EntryKind.SERVICE, identity, version):
        raise Broken(
            f"{identity} 第 {version} 版在日志中的位置有误，或日志中没有这一版",
            f"the log has {identity} version {version} at another position, or not at all",
        )
    if not digest_of(kept.stored.document) == kept.stored.sha256 == entry["sha256"]:
        raise not_recorded(kept.stored)
    return int(entry["revision"])


def not_recorded(stored: StoredDocument) -> Broken:
    """Say that a version is not the one in the log."""
    return Broken(
        f"{stored.id} 第 {stored.version} 版与日志所记不同",
        f"{stored.id} version {stored.version} is not the document that the log recorded",
    )


def wrong_interval(stored: StoredDocument) -> Broken:
    """Say that a version does not hold from the revision that made it, or not up to the next one."""
    return Broken(
        f"{stored.id} 第 {stored.version} 版的起止修订有误",
        f"the revisions of {stored.id} version {stored.version} are not those of the log",
    )


def _compare_index(index: ServiceIndex, service: Service) -> None:
    if index_of(service) != index:
        raise Broken(f"{index.id} 的索引与文档不符", f"the index of {index.id} is not that of its document")
    for finding in broken_rules(service):
        rule, message = finding.rule.value, finding.message
        raise Broken(
            f"{index.id} 违反规则 {rule}（{finding.pointer}）：{message.zh}",
            f"{index.id} breaks rule {rule} at {finding.pointer}: {message.en}",
        )


def check_shape(schema: ma.Schema, document: Any, stored: StoredDocument) -> None:
    """Make sure that a document has the members of a schema, and its one spelling."""
    try:
        schema.load(document)
        is_whole = canonical(document) == stored.document
    except ma.ValidationError:
        is_whole = False
    if not is_whole:
        raise Broken(f"{stored.id} 的文档不符合格式", f"the document of {stored.id} does not have its shape")


def _name_unkept(session: Session) -> None:
    entries = (stored_document(leaf) for leaf in stretches.read_unkept(session))
    entry = next(entry for entry in entries if entry["kind"] == EntryKind.SERVICE)
    raise Broken(
        f"日志中有 {entry['id']} 第 {entry['version']} 版，表中没有",
        f"the log has {entry['id']} version {entry['version']}, the tables do not",
    )


def _compare_search(session: Session) -> None:
    """Look for what can be found and is no service; what services are found by was compared with their documents."""
    if stray := search_entries.find_stray(session):
        raise Broken(
            f"检索表中的 {stray} 不在目录中；运行 db reindex 修复",
            f"the table for searching has {stray}, which the catalogue has not; db reindex mends it",
        )
    if names.count_unused(session):
        raise _not_of_the_names()
    if not search_entries.are_indexes_whole(session):
        raise Broken(
            "检索索引与检索表不符；运行 db reindex 修复",
            "the index for searching is not of its table; db reindex mends it",
        )


def _not_of_the_names() -> Broken:
    return Broken(
        "名称表与各事项的名称不符；运行 db reindex 修复",
        "the table of names is not of the services' names; db reindex mends it",
    )


def _compare_tally(session: Session, counted: Tally) -> None:
    prefixes = tally.find_difference(session, counted).prefixes()
    if prefixes:
        prefix = max(prefixes)
        raise Broken(
            f"所记的数目（区划前缀“{prefix}”）与目录不符；运行 db reindex 修复",
            f"the numbers kept for divisions below '{prefix}' are not those of the catalogue; db reindex mends them",
        )

"""An export held against the log: the file is what replaying the log gives, neither less nor more, byte for byte."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO, NamedTuple

from service_catalog.documents.canonical import canonical
from service_catalog.documents.export import (
    MOST_QUOTED,
    Header,
    Trailer,
    concerns,
    json_chunks,
    jsonl_chunks,
    read_export,
)
from service_catalog.documents.notes import Checkpoint
from service_catalog.domain.errors import UnreadableFile
from service_catalog.domain.revisions import EntryKind, LogEntry, StoredDocument, digest_of
from service_catalog.domain.vocabulary import Text
from service_catalog.verification.checkpoints import Auditor, checked_checkpoint
from service_catalog.verification.checks import Check, Checklist, Refuted
from service_catalog.verification.logs import FoldedLog, checked_log

RESTING_ON_LOG = (Check.LOG_ENTRIES, Check.LOG_ROOT, Check.HEADER, Check.COMPLETE, Check.DOCUMENTS, Check.BYTES)
EXPORT_CHECKS = (Check.INPUTS, Check.FORMAT, Check.SIGNATURE, Check.ORIGIN, *RESTING_ON_LOG)
_CHUNK = 2**16
NO_LOG = Text("没有给出日志（--log）", "no log was given (--log)")


class _Line(NamedTuple):
    """What is kept of a service between two readings; ``length`` counts the bytes of its line."""

    id: str
    version: int
    sha256: str
    length: int


@dataclass(frozen=True, slots=True)
class _Outline:
    """What is kept of an export between two readings."""

    header: Header
    services: list[_Line]
    trailer: Trailer


def check_export(checks: Checklist, file: BinaryIO, log: Iterable[bytes] | None, auditor: Auditor) -> None:
    """Carry out every check of an export; without its log most of them cannot be."""
    outline = checks.carry_out(Check.FORMAT, _outlined, file)
    header = outline.header
    checks.facts |= {
        "origin": header.origin,
        "revision": header.revision,
        "log_size": header.log_size,
        "division": header.division,
        "services": outline.trailer.count,
        "sha256": outline.trailer.sha256,
    }
    checkpoint = checked_checkpoint(checks, outline.trailer.checkpoint, auditor)
    checks.begin(Check.HEADER, _compare_head, header, checkpoint)
    if log is None:
        checks.leave_out({*RESTING_ON_LOG, Check.APPEND_ONLY}, NO_LOG)
        return
    folded = checked_log(checks, log, checkpoint, auditor)
    checks.carry_out(Check.HEADER, _compare_header, header, folded)
    expected = _in_force(folded, EntryKind.SERVICE, header.division)
    checks.carry_out(Check.COMPLETE, _compare_identities, outline, expected)
    checks.carry_out(Check.DOCUMENTS, _compare_documents, outline, expected)
    rebuilt = Header(auditor.origin, folded.revision, folded.size, header.division, header.divisions)
    checks.carry_out(Check.BYTES, _compare_bytes, file, replace(outline, header=rebuilt))


def _outlined(file: BinaryIO) -> _Outline:
    services: list[_Line] = []
    try:
        parts = read_export(file)
        header = next(parts)
        for part in parts:
            if isinstance(part, StoredDocument):
                services.append(_Line(part.id, part.version, part.sha256, len(part.document)))
    except UnreadableFile as error:
        raise Refuted(error.detail.zh, error.detail.en) from None
    if not isinstance(header, Header) or not isinstance(part, Trailer):
        raise Refuted("没有文件头或文件尾", "it has no header or no trailer")
    return _Outline(header, services, part)


def _compare_head(header: Header, checkpoint: Checkpoint) -> None:
    if (header.origin, header.log_size) != (checkpoint.origin, checkpoint.size):
        raise Refuted(
            f"文件头写的是日志 {header.origin} 的 {header.log_size} 条，检查点签署的是 {checkpoint.size} 条",
            f"the header names {header.log_size} entries of {header.origin}, the checkpoint signs {checkpoint.size} "
            f"of {checkpoint.origin}",
        )


def _compare_header(header: Header, folded: FoldedLog) -> None:
    if header.revision != folded.revision:
        raise Refuted(
            f"文件头写的是修订 {header.revision}，日志到修订 {folded.revision} 为止",
            f"the header names revision {header.revision}, the log ends with revision {folded.revision}",
        )
    expected = {
        code: entry.sha256
        for code, entry in _in_force(folded, EntryKind.DIVISION, None).items()
        if concerns(code, header.division)
    }
    quoted = [(document.get("division"), digest_of(canonical(document))) for document in header.divisions]
    if quoted != (list(expected.items()) if len(expected) <= MOST_QUOTED else []):
        raise Refuted(
            "文件头所引的区划文档不是日志所记的那些",
            "the divisions' own documents in the header are not those that the log recorded",
        )


def _in_force(folded: FoldedLog, kind: EntryKind, prefix: str | None) -> dict[str, LogEntry]:
    """Return the latest entries of a kind whose id begins with ``prefix``, in order of their ids."""
    found = {one: entry for (of, one), entry in folded.latest.items() if of is kind and one.startswith(prefix or "")}
    return dict(sorted(found.items()))


def _compare_identities(outline: _Outline, expected: dict[str, LogEntry]) -> None:
    given = [line.id for line in outline.services]
    present = set(given)
    missing = [identity for identity in expected if identity not in present]
    surplus = [identity for identity in given if identity not in expected]
    for found, zh, en in ((missing, "缺少", "missing"), (surplus, "多出", "not in the log")):
        if found:
            raise Refuted(f"{zh} {len(found)} 项，第一项是 {found[0]}", f"{len(found)} {en}, the first is {found[0]}")


def _compare_documents(outline: _Outline, expected: dict[str, LogEntry]) -> None:
    for line in outline.services:
        entry = expected[line.id]
        if (line.version, line.sha256) != (entry.version, entry.sha256):
            raise Refuted(
                f"{line.id} 不是日志所记的第 {entry.version} 版",
                f"{line.id} is not the version {entry.version} that the log recorded",
            )


def _compare_bytes(file: BinaryIO, outline: _Outline) -> None:
    """Write the file anew, from a header that the log gave and the file's lines, and hold both together."""
    file.seek(-1, 2)
    chunks = jsonl_chunks if file.read(1) == b"\n" else json_chunks
    first = next(chunks(outline.header, (), ""))
    rebuilt, given = hashlib.sha256(), hashlib.sha256()
    for chunk in chunks(outline.header, _lines(file, len(first), outline.services), outline.trailer.checkpoint):
        rebuilt.update(chunk)
    file.seek(0)
    for chunk in iter(lambda: file.read(_CHUNK), b""):
        given.update(chunk)
    if given.digest() != rebuilt.digest():
        raise Refuted("由日志和各行重建的文件与此不同", "the file rebuilt from the log and its lines is not this one")


def _lines(file: BinaryIO, start: int, services: Iterable[_Line]) -> Iterator[bytes]:
    """Yield the lines that begin at byte ``start``; in both formats one byte stands between two of them."""
    file.seek(start)
    for line in services:
        yield file.read(line.length)
        file.read(1)

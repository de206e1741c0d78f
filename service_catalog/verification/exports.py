"""An export held against the log: the file is what replaying the log gives, neither less nor more, byte for byte."""

import hashlib
from collections.abc import Iterable, Iterator
from typing import BinaryIO

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
from service_catalog.domain.revisions import EntryKind, StoredDocument, digest_of
from service_catalog.domain.vocabulary import Text
from service_catalog.verification.checkpoints import Auditor, checked_checkpoint
from service_catalog.verification.checks import Check, Checklist, Refuted
from service_catalog.verification.logs import FoldedLog, checked_log
from service_catalog.verification.scratch import Scratch

RESTING_ON_LOG = (Check.LOG_ENTRIES, Check.LOG_ROOT, Check.HEADER, Check.COMPLETE, Check.DOCUMENTS, Check.BYTES)
EXPORT_CHECKS = (Check.INPUTS, Check.FORMAT, Check.SIGNATURE, Check.ORIGIN, *RESTING_ON_LOG)
_CHUNK = 2**16
NO_LOG = Text("没有给出日志（--log）", "no log was given (--log)")


def check_export(
    checks: Checklist, file: BinaryIO, log: Iterable[bytes] | None, auditor: Auditor, scratch: Scratch
) -> None:
    """Carry out every check of an export; without its log most of them cannot be."""
    header, trailer = checks.carry_out(Check.FORMAT, _outlined, file, scratch)
    checks.facts |= {
        "origin": header.origin,
        "revision": header.revision,
        "log_size": header.log_size,
        "division": header.division,
        "services": trailer.count,
        "sha256": trailer.sha256,
    }
    signed = checked_checkpoint(checks, trailer.checkpoint, auditor)
    checks.begin(Check.HEADER, _compare_head, header, signed.head)
    if log is None:
        checks.leave_out({*RESTING_ON_LOG, Check.APPEND_ONLY}, NO_LOG)
        return
    folded = checked_log(checks, log, signed, auditor, scratch)
    checks.carry_out(Check.HEADER, _compare_header, header, folded, scratch)
    checks.carry_out(Check.COMPLETE, _compare_identities, header, scratch)
    checks.carry_out(Check.DOCUMENTS, _compare_documents, scratch)
    rebuilt = Header(auditor.origin, folded.revision, signed.head.size, header.division, header.divisions)
    checks.carry_out(Check.BYTES, _compare_bytes, file, rebuilt, trailer, scratch)


def _outlined(file: BinaryIO, scratch: Scratch) -> tuple[Header, Trailer]:
    """Read the whole file, its services into ``scratch``."""
    try:
        parts = read_export(file)
        header = next(parts)
        for part in parts:
            if isinstance(part, StoredDocument):
                scratch.add_service(part)
    except UnreadableFile as error:
        raise Refuted(error.detail.zh, error.detail.en) from None
    if not isinstance(header, Header) or not isinstance(part, Trailer):
        raise Refuted("没有文件头或文件尾", "it has no header or no trailer")
    return header, part


def _compare_head(header: Header, checkpoint: Checkpoint) -> None:
    if (header.origin, header.log_size) != (checkpoint.origin, checkpoint.size):
        raise Refuted(
            f"文件头写的是日志 {header.origin} 的 {header.log_size} 条，检查点签署的是 {checkpoint.size} 条",
            f"the header names {header.log_size} entries of {header.origin}, the checkpoint signs {checkpoint.size} "
            f"of {checkpoint.origin}",
        )


def _compare_header(header: Header, folded: FoldedLog, scratch: Scratch) -> None:
    if header.revision != folded.revision:
        raise Refuted(
            f"文件头写的是修订 {header.revision}，日志到修订 {folded.revision} 为止",
            f"the header names revision {header.revision}, the log ends with revision {folded.revision}",
        )
    divisions = scratch.digests(EntryKind.DIVISION)
    expected = [(code, digest) for code, digest in divisions if concerns(code, header.division)]
    quoted = [(document.get("division"), digest_of(canonical(document))) for document in header.divisions]
    if quoted != (expected if len(expected) <= MOST_QUOTED else []):
        raise Refuted(
            "文件头所引的区划文档不是日志所记的那些",
            "the divisions' own documents in the header are not those that the log recorded",
        )


def _compare_identities(header: Header, scratch: Scratch) -> None:
    prefix = header.division or ""
    for (count, first), zh, en in (
        (scratch.missing(prefix), "缺少", "missing"),
        (scratch.surplus(prefix), "多出", "not in the log"),
    ):
        if count:
            raise Refuted(f"{zh} {count} 项，第一项是 {first}", f"{count} {en}, the first is {first}")


def _compare_documents(scratch: Scratch) -> None:
    if other := scratch.other_version():
        identity, version = other
        raise Refuted(
            f"{identity} 不是日志所记的第 {version} 版",
            f"{identity} is not the version {version} that the log recorded",
        )


def _compare_bytes(file: BinaryIO, header: Header, trailer: Trailer, scratch: Scratch) -> None:
    """Write the file anew, from a header that the log gave and the file's lines, and hold both together."""
    file.seek(-1, 2)
    chunks = jsonl_chunks if file.read(1) == b"\n" else json_chunks
    first = next(chunks(header, (), ""))
    rebuilt, given = hashlib.sha256(), hashlib.sha256()
    for chunk in chunks(header, _lines(file, len(first), scratch.lengths()), trailer.checkpoint):
        rebuilt.update(chunk)
    file.seek(0)
    for chunk in iter(lambda: file.read(_CHUNK), b""):
        given.update(chunk)
    if given.digest() != rebuilt.digest():
        raise Refuted("由日志和各行重建的文件与此不同", "the file rebuilt from the log and its lines is not this one")


def _lines(file: BinaryIO, start: int, lengths: Iterable[int]) -> Iterator[bytes]:
    """Yield the lines that begin at byte ``start``; in both formats one byte stands between two of them."""
    file.seek(start)
    for length in lengths:
        yield file.read(length)
        file.read(1)

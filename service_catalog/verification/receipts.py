"""Proofs without the whole log: that one entry is in it, and that between two checkpoints it was only appended to."""

from collections.abc import Iterable, Sequence

from service_catalog.documents.notes import Checkpoint
from service_catalog.documents.proofs import (
    ConsistencyProof,
    InclusionProof,
    read_consistency_proof,
    read_inclusion_proof,
)
from service_catalog.domain.merkle import leaf_hash, verify_consistency, verify_inclusion
from service_catalog.domain.revisions import LogEntry, digest_of
from service_catalog.domain.vocabulary import Text
from service_catalog.verification.checkpoints import (
    REMEMBERED,
    Auditor,
    SignedHead,
    checked_checkpoint,
    kept_checkpoints,
    older_checkpoint,
)
from service_catalog.verification.checks import Check, Checklist, Refuted, Uncheckable
from service_catalog.verification.exports import NO_LOG
from service_catalog.verification.logs import UnknownEntry, checked_log, read_entry
from service_catalog.verification.scratch import Scratch

RECEIPT_CHECKS = (Check.INPUTS, Check.FORMAT, Check.SIGNATURE, Check.ORIGIN, Check.ENTRY, Check.INCLUSION)
CONSISTENCY_CHECKS = (Check.INPUTS, Check.FORMAT, Check.SIGNATURE, Check.ORIGIN, Check.APPEND_ONLY)
_RESTING_ON_LOG = {Check.LOG_ENTRIES, Check.LOG_ROOT, Check.APPEND_ONLY}
CHECKPOINT_CHECKS = (Check.INPUTS, Check.FORMAT, Check.SIGNATURE, Check.ORIGIN, Check.LOG_ENTRIES, Check.LOG_ROOT)


def check_receipt(checks: Checklist, text: str, entry: bytes | None, document: bytes | None, auditor: Auditor) -> None:
    """Check that an entry is in the signed log, and a document the one that the entry recorded."""
    proof = checks.carry_out(Check.FORMAT, _inclusion, text)
    checks.facts["index"] = proof.index
    checkpoint = checked_checkpoint(checks, proof.checkpoint, auditor).head
    checks.facts |= {"origin": checkpoint.origin, "log_size": checkpoint.size}
    leaf = checks.begin(Check.ENTRY, _given_leaf, entry)
    read = checks.begin(Check.ENTRY, read_entry, leaf)
    if isinstance(read, LogEntry):
        checks.prove(Check.ENTRY)
        checks.facts["entry"] = read.as_document()
    checks.carry_out(Check.INCLUSION, _included, leaf, proof, checkpoint)
    known = checks.begin(Check.ENTRY, _known, read)
    if document is not None:
        checks.carry_out(Check.DOCUMENT, _compare_document, document, known)


def check_consistency(checks: Checklist, text: str, auditor: Auditor) -> None:
    """Check that the log of a proof's checkpoint begins with that of an older one that the auditor kept."""
    proof = checks.carry_out(Check.FORMAT, _consistency, text)
    signed = checked_checkpoint(checks, proof.checkpoint, auditor)
    checks.facts |= {"origin": signed.head.origin, "log_size": signed.head.size, "old_size": proof.old_size}
    checks.carry_out(Check.APPEND_ONLY, _consistent, proof, signed.head, auditor)
    checks.head = signed.note


def check_checkpoint(
    checks: Checklist, note: str, log: Iterable[bytes] | None, auditor: Auditor, scratch: Scratch
) -> None:
    """Check a checkpoint against the whole log."""
    signed = checked_checkpoint(checks, note, auditor)
    checks.facts |= {"origin": signed.head.origin, "log_size": signed.head.size}
    if log is None:
        checks.leave_out([check for check in checks.checks if check in _RESTING_ON_LOG], NO_LOG)
        return
    checks.facts["revision"] = checked_log(checks, log, signed, auditor, scratch).revision


def _inclusion(text: str) -> InclusionProof:
    proof = read_inclusion_proof(text)
    if proof is None:
        raise Refuted("不是写法唯一的 tlog-proof", "it is not a tlog-proof in its one spelling")
    return proof


def _consistency(text: str) -> ConsistencyProof:
    proof = read_consistency_proof(text)
    if proof is None:
        raise Refuted("不是写法唯一的一致性证明", "it is not a consistency proof in its one spelling")
    return proof


def _given_leaf(entry: bytes | None) -> bytes:
    if entry is None:
        raise Uncheckable(Text("没有给出这一条（--entry）", "the entry itself was not given (--entry)"))
    return entry.removesuffix(b"\n")


def _known(entry: LogEntry | UnknownEntry) -> LogEntry:
    """Return an entry that this release understands; that it is in the log is shown whichever release wrote it."""
    if isinstance(entry, UnknownEntry):
        raise Uncheckable(entry.detail)
    return entry


def _included(leaf: bytes, proof: InclusionProof, checkpoint: Checkpoint) -> None:
    if not verify_inclusion(leaf_hash(leaf), proof.index, checkpoint.size, proof.path, checkpoint.root):
        raise Refuted(
            f"证明不能从这一条推到签名的根（位置 {proof.index}）",
            f"the proof does not lead from this entry, at position {proof.index}, to the signed root",
        )


def _compare_document(document: bytes, entry: LogEntry) -> None:
    if digest_of(document) != entry.sha256:
        raise Refuted(
            f"文档不是 {entry.id} 的第 {entry.version} 版",
            f"the document is not version {entry.version} of {entry.id}",
        )


def _consistent(proof: ConsistencyProof, checkpoint: Checkpoint, auditor: Auditor) -> None:
    if not auditor.keeps_any:
        raise Uncheckable(Text("没有给出旧检查点（--since）", "no older checkpoint was given (--since)"))
    kept = kept_checkpoints(auditor)
    old = _start(proof, kept, checkpoint, auditor)
    if not verify_consistency(old.size, old.root, checkpoint.size, checkpoint.root, proof.path):
        raise Refuted(
            "证明不能从旧检查点推到新的：不能认定历史未被改写",
            "the proof does not lead from the older checkpoint to this one: that history stood is not shown",
        )
    _compare_remembered([one.head for one in kept if one.name is REMEMBERED], (old, checkpoint))


def _start(proof: ConsistencyProof, kept: Iterable[SignedHead], checkpoint: Checkpoint, auditor: Auditor) -> Checkpoint:
    """Return the checkpoint from which the proof is to lead: the one that was given, else a remembered one."""
    if auditor.since is None:
        for one in kept:
            if one.head.size == proof.old_size:
                return one.head
        raise Uncheckable(
            Text(
                f"没有记住 {proof.old_size} 条的检查点，请用 --since 给出",
                f"no checkpoint of {proof.old_size} entries is remembered; give it by --since",
            )
        )
    old = older_checkpoint(auditor, checkpoint)
    if proof.old_size != old.size:
        raise Refuted(
            f"证明从 {proof.old_size} 条算起，旧检查点有 {old.size} 条",
            f"the proof starts from {proof.old_size} entries, the older checkpoint has {old.size}",
        )
    return old


def _compare_remembered(remembered: Sequence[Checkpoint], ends: tuple[Checkpoint, Checkpoint]) -> None:
    """Make sure that the proof begins or ends with the newest checkpoint remembered, and contradicts none."""
    for end in ends:
        if any(one.size == end.size and one.root != end.root for one in remembered):
            raise Refuted(
                f"记住的 {end.size} 条的检查点与此不同：历史被改写",
                f"the remembered checkpoint of {end.size} entries is another: history was rewritten",
            )
    newest = max((one.size for one in remembered), default=ends[0].size)
    if newest not in {end.size for end in ends}:
        raise Uncheckable(
            Text(
                f"记住的检查点已有 {newest} 条，请取从它算起、或到它为止的证明",
                f"the newest checkpoint remembered has {newest} entries; take a proof from it or up to it",
            )
        )

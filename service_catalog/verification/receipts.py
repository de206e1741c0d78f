"""Proofs without the whole log: that one entry is in it, and that between two checkpoints it was only appended to."""

from collections.abc import Iterable

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
from service_catalog.verification.checkpoints import Auditor, checked_checkpoint, older_checkpoint
from service_catalog.verification.checks import Check, Checklist, Refuted, Uncheckable
from service_catalog.verification.exports import NO_LOG
from service_catalog.verification.logs import checked_log, read_entry

RECEIPT_CHECKS = (Check.INPUTS, Check.FORMAT, Check.SIGNATURE, Check.ORIGIN, Check.ENTRY, Check.INCLUSION)
CONSISTENCY_CHECKS = (Check.INPUTS, Check.FORMAT, Check.SIGNATURE, Check.ORIGIN, Check.APPEND_ONLY)
CHECKPOINT_CHECKS = (Check.INPUTS, Check.FORMAT, Check.SIGNATURE, Check.ORIGIN, Check.LOG_ENTRIES, Check.LOG_ROOT)


def check_receipt(checks: Checklist, text: str, entry: bytes | None, document: bytes | None, auditor: Auditor) -> None:
    """Check that an entry is in the signed log, and a document the one that the entry recorded."""
    proof = checks.carry_out(Check.FORMAT, _inclusion, text)
    checks.facts["index"] = proof.index
    checkpoint = checked_checkpoint(checks, proof.checkpoint, auditor)
    checks.facts |= {"origin": checkpoint.origin, "log_size": checkpoint.size}
    leaf = checks.begin(Check.ENTRY, _given_leaf, entry)
    read = checks.carry_out(Check.ENTRY, read_entry, leaf)
    checks.facts["entry"] = read.as_document()
    checks.carry_out(Check.INCLUSION, _included, leaf, proof, checkpoint)
    if document is not None:
        checks.carry_out(Check.DOCUMENT, _compare_document, document, read)


def check_consistency(checks: Checklist, text: str, auditor: Auditor) -> None:
    """Check that the log of a proof's checkpoint begins with that of the older one that the auditor kept."""
    proof = checks.carry_out(Check.FORMAT, _consistency, text)
    checkpoint = checked_checkpoint(checks, proof.checkpoint, auditor)
    checks.facts |= {"origin": checkpoint.origin, "log_size": checkpoint.size, "old_size": proof.old_size}
    checks.carry_out(Check.APPEND_ONLY, _consistent, proof, checkpoint, auditor)


def check_checkpoint(checks: Checklist, note: str, log: Iterable[bytes] | None, auditor: Auditor) -> None:
    """Check a checkpoint against the whole log."""
    checkpoint = checked_checkpoint(checks, note, auditor)
    checks.facts |= {"origin": checkpoint.origin, "log_size": checkpoint.size}
    if log is None:
        checks.leave_out(
            [check for check in checks.checks if check in {Check.LOG_ENTRIES, Check.LOG_ROOT, Check.APPEND_ONLY}],
            NO_LOG,
        )
        return
    checks.facts["revision"] = checked_log(checks, log, checkpoint, auditor).revision


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
    if auditor.since is None:
        raise Uncheckable(Text("没有给出旧检查点（--since）", "no older checkpoint was given (--since)"))
    old = older_checkpoint(auditor, checkpoint)
    if proof.old_size != old.size:
        raise Refuted(
            f"证明从 {proof.old_size} 条算起，旧检查点有 {old.size} 条",
            f"the proof starts from {proof.old_size} entries, the older checkpoint has {old.size}",
        )
    if not verify_consistency(old.size, old.root, checkpoint.size, checkpoint.root, proof.path):
        raise Refuted(
            "证明不能从旧检查点推到新的：不能认定历史未被改写",
            "the proof does not lead from the older checkpoint to this one: that history stood is not shown",
        )

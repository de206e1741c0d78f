"""Any file of the catalogue's that can be verified: finding out what it is, and carrying out the checks of its kind."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from service_catalog.domain.vocabulary import Code, Text
from service_catalog.verification.checkpoints import Auditor, check_key
from service_catalog.verification.checks import Check, Checklist, Refuted, Report, Uncheckable
from service_catalog.verification.exports import EXPORT_CHECKS, check_export
from service_catalog.verification.receipts import (
    CHECKPOINT_CHECKS,
    CONSISTENCY_CHECKS,
    RECEIPT_CHECKS,
    check_checkpoint,
    check_consistency,
    check_receipt,
)
from service_catalog.verification.scratch import Scratch

LONGEST_LINE = 2**20
"""Bytes of a log's line; the longest entry has a few thousand."""

LONGEST_NOTE = 2**16
"""Bytes of a checkpoint or a proof; the longest proof has about 4,000."""


class Kind(Code):
    """What a file to be verified can be, told by its first bytes."""

    EXPORT = "export", "导出文件", "an export"
    RECEIPT = "receipt", "收据（tlog-proof）", "a receipt (tlog-proof)"
    CONSISTENCY = "consistency-proof", "一致性证明", "a consistency proof"
    CHECKPOINT = "checkpoint", "检查点", "a checkpoint"
    RENDERING = "rendering", "供阅读的呈现（XLSX、JSON-LD 或 CSV）", "a rendering (XLSX, JSON-LD or CSV)"


CHECKS = {
    Kind.EXPORT: EXPORT_CHECKS,
    Kind.RECEIPT: RECEIPT_CHECKS,
    Kind.CONSISTENCY: CONSISTENCY_CHECKS,
    Kind.CHECKPOINT: CHECKPOINT_CHECKS,
    Kind.RENDERING: (Check.INPUTS,),
}
"""The checks of each kind; an older checkpoint and a document bring one more where they are given."""

RENDERINGS = (b"PK\x03\x04", b'{"@context":', b"\xef\xbb\xbfid,")
"""How a workbook, JSON-LD and a table begin as they are exported; an export that is evidence never begins so."""

ON_LOG = {Kind.EXPORT, Kind.CHECKPOINT}
"""The kinds that are held against the whole log."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The file to verify, which can be read more than once, and what the auditor has beside it.

    ``log`` is the whole log, an entry a line; ``entry`` and ``document`` are what a receipt is for.
    """

    file: BinaryIO
    log: BinaryIO | None = None
    entry: bytes | None = None
    document: bytes | None = None


def verify(evidence: Evidence, auditor: Auditor) -> Report:
    """Find out what the file is, carry out its checks and report each; whatever is wrong is in the report."""
    kind = _kind_of(evidence.file)
    checks = list(CHECKS[kind])
    if auditor.keeps_any and Check.APPEND_ONLY not in checks:
        checks.append(Check.APPEND_ONLY)
    if evidence.document is not None:
        checks.append(Check.DOCUMENT)

    def steps(checklist: Checklist) -> None:
        checklist.begin(Check.INPUTS, _check_inputs, kind, evidence, auditor)
        checklist.carry_out(Check.INPUTS, check_key, auditor)
        with Scratch() as scratch:
            _carry_out(checklist, kind, evidence, auditor, scratch)

    return Checklist(kind.value, checks).report(steps)


def _kind_of(file: BinaryIO) -> Kind:
    file.seek(0)
    start = file.read(LONGEST_NOTE)
    if start.startswith(RENDERINGS):
        return Kind.RENDERING
    if start.startswith(b"c2sp.org/"):
        return Kind.RECEIPT
    if start.startswith(b"old "):
        return Kind.CONSISTENCY
    is_note = not start.startswith(b"{") and "\n\n— ".encode() in start
    return Kind.CHECKPOINT if is_note else Kind.EXPORT


def _check_inputs(kind: Kind, evidence: Evidence, auditor: Auditor) -> None:
    """Refuse what this kind has no use for, rather than leave the auditor to think that it was looked at."""
    if kind is Kind.RENDERING:
        zh, en = kind.label.zh, kind.label.en
        raise Uncheckable(
            Text(
                f"这是{zh}，不是证据；请核对同一修订的 JSON 或 JSON Lines 导出",
                f"this is {en} and no evidence; verify the export of the same revision as JSON or JSON Lines",
            )
        )
    unused = {
        "--log": evidence.log is not None and kind not in ON_LOG,
        "--since": auditor.since is not None and kind is Kind.RECEIPT,
        "--checkpoint": auditor.newer is not None and (kind not in ON_LOG or evidence.log is None),
        "--state": auditor.remembered is not None and kind is Kind.RECEIPT,
        "--entry": evidence.entry is not None and kind is not Kind.RECEIPT,
        "--document": evidence.document is not None and kind is not Kind.RECEIPT,
    }
    for option, is_unused in unused.items():
        if is_unused:
            zh, en = kind.label.zh, kind.label.en
            raise Uncheckable(Text(f"这是{zh}，用不上 {option}", f"this is {en}, for which {option} is of no use"))


def _carry_out(checks: Checklist, kind: Kind, evidence: Evidence, auditor: Auditor, scratch: Scratch) -> None:
    log = None if evidence.log is None else _lines(evidence.log)
    if kind is Kind.EXPORT:
        check_export(checks, evidence.file, log, auditor, scratch)
        return
    text = checks.carry_out(Check.FORMAT, _text, evidence.file)
    if kind is Kind.RECEIPT:
        check_receipt(checks, text, evidence.entry, evidence.document, auditor)
    elif kind is Kind.CONSISTENCY:
        check_consistency(checks, text, auditor)
    else:
        check_checkpoint(checks, text, log, auditor, scratch)


def _text(file: BinaryIO) -> str:
    file.seek(0)
    content = file.read(LONGEST_NOTE + 1)
    if len(content) > LONGEST_NOTE:
        raise Refuted("文件过长", "it is longer than any note or proof")
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise Refuted("不是 UTF-8 文本", "it is not UTF-8 text") from None


def _lines(log: BinaryIO) -> Iterator[bytes]:
    log.seek(0)
    return iter(lambda: log.readline(LONGEST_LINE), b"")

"""Signed checkpoints, as an auditor holds them against the key and the origin that they brought themselves."""

from dataclasses import dataclass

from service_catalog.documents.notes import Checkpoint, open_note, read_checkpoint
from service_catalog.domain.errors import KeyMismatch
from service_catalog.verification.checks import Check, Checklist, Refuted, Uncheckable


@dataclass(frozen=True, slots=True)
class Auditor:
    """What the auditor brings: the log's verifier key, its name, and the text of an older checkpoint they kept."""

    key: str
    origin: str
    since: str | None = None


def checked_checkpoint(checks: Checklist, note: str, auditor: Auditor) -> Checkpoint:
    """Return the checkpoint that a note signs, once key, signature and origin are checked."""
    text = checks.carry_out(Check.SIGNATURE, _opened, note, auditor.key)
    return checks.carry_out(Check.ORIGIN, _of_this_log, text, auditor.origin)


def check_key(auditor: Auditor) -> None:
    """Try the auditor's key.

    Raises:
        Uncheckable: where it cannot be read as a verifier key.
    """
    try:
        open_note("", auditor.key)
    except KeyMismatch as error:
        raise Uncheckable(error.detail) from None


def older_checkpoint(auditor: Auditor, current: Checkpoint) -> Checkpoint:
    """Return the checkpoint that the auditor kept.

    Raises:
        Refuted: where it is not signed by the key, is of another log, or is of a longer log than ``current``.
    """
    note = auditor.since or ""
    try:
        old = _of_this_log(_opened(note, auditor.key), auditor.origin)
    except Refuted as reason:
        zh, en = reason.detail.zh, reason.detail.en
        raise Refuted(f"旧检查点：{zh}", f"the older checkpoint: {en}") from None
    if old.size > current.size:
        raise Refuted(
            f"旧检查点已有 {old.size} 条，而这里只有 {current.size} 条",
            f"the older checkpoint has {old.size} entries already, and here are only {current.size}",
        )
    return old


def _opened(note: str, key: str) -> str:
    text = open_note(note, key)
    if text is None:
        raise Refuted(
            "检查点没有恰好一个由这把密钥签署、写法唯一的有效签名",
            "the checkpoint does not carry exactly one valid signature by this key in its one spelling",
        )
    return text


def _of_this_log(text: str, origin: str) -> Checkpoint:
    checkpoint = read_checkpoint(text)
    if checkpoint is None:
        raise Refuted("所签署的不是检查点", "what is signed is not a checkpoint")
    if checkpoint.origin != origin:
        raise Refuted(
            f"检查点属于日志 {checkpoint.origin}，而不是 {origin}",
            f"the checkpoint is of the log {checkpoint.origin}, not of {origin}",
        )
    return checkpoint

"""Signed checkpoints, as an auditor holds them against the key and the origin that they brought themselves."""

from dataclasses import dataclass

from service_catalog.documents.notes import Checkpoint, open_note, read_checkpoint
from service_catalog.domain.errors import KeyMismatch
from service_catalog.domain.vocabulary import Text
from service_catalog.verification.checks import Check, Checklist, Refuted, Uncheckable


@dataclass(frozen=True, slots=True)
class Auditor:
    """What the auditor brings: the log's verifier key, its name, and the texts of checkpoints that they kept.

    ``since`` is an older one, ``newer`` a newer one, and ``remembered`` those of a folder of audits, ``None`` where
    there is no such folder.
    """

    key: str
    origin: str
    since: str | None = None
    newer: str | None = None
    remembered: tuple[str, ...] | None = None

    @property
    def keeps_any(self) -> bool:
        """Whether there is any checkpoint to hold the log against."""
        return self.since is not None or self.newer is not None or bool(self.remembered)


@dataclass(frozen=True, slots=True)
class SignedHead:
    """A checkpoint whose signature and origin were checked: what it says, what to call it, and the note itself."""

    head: Checkpoint
    name: Text
    note: str


CURRENT = Text("检查点", "the checkpoint")
OLDER = Text("旧检查点", "the older checkpoint")
NEWER = Text("较新的检查点", "the newer checkpoint")
REMEMBERED = Text("记住的检查点", "the remembered checkpoint")


def checked_checkpoint(checks: Checklist, note: str, auditor: Auditor) -> SignedHead:
    """Return the checkpoint that a note signs, once key, signature and origin are checked."""
    text = checks.carry_out(Check.SIGNATURE, _opened, note, auditor.key)
    return SignedHead(checks.carry_out(Check.ORIGIN, _of_this_log, text, auditor.origin), CURRENT, note)


def stated_checkpoint(note: str) -> Checkpoint | None:
    """Return what a note says, whoever signed it, or ``None`` where it is not a checkpoint."""
    return read_checkpoint(note.rpartition("\n\n")[0] + "\n")


def check_key(auditor: Auditor) -> None:
    """Try the auditor's key.

    Raises:
        Uncheckable: where it cannot be read as a verifier key.
    """
    try:
        open_note("", auditor.key)
    except KeyMismatch as error:
        raise Uncheckable(error.detail) from None


def kept_checkpoints(auditor: Auditor) -> list[SignedHead]:
    """Return every checkpoint that the auditor kept.

    Raises:
        Refuted: where one that was given is not signed by the key, or is of another log.
        Uncheckable: where the same holds of a remembered one; that says nothing about the log.
    """
    given = [(note, name) for note, name in ((auditor.since, OLDER), (auditor.newer, NEWER)) if note is not None]
    kept = [_kept(note, name, auditor) for note, name in given]
    try:
        return kept + [_kept(note, REMEMBERED, auditor) for note in auditor.remembered or ()]
    except Refuted as reason:
        raise Uncheckable(reason.detail) from None


def older_checkpoint(auditor: Auditor, current: Checkpoint) -> Checkpoint:
    """Return the older checkpoint that the auditor gave.

    Raises:
        Refuted: where it is not signed by the key, is of another log, or is of a longer log than ``current``.
    """
    old = _kept(auditor.since or "", OLDER, auditor).head
    if old.size > current.size:
        raise Refuted(
            f"旧检查点已有 {old.size} 条，而这里只有 {current.size} 条",
            f"the older checkpoint has {old.size} entries already, and here are only {current.size}",
        )
    return old


def _kept(note: str, name: Text, auditor: Auditor) -> SignedHead:
    try:
        return SignedHead(_of_this_log(_opened(note, auditor.key), auditor.origin), name, note)
    except Refuted as reason:
        zh, en = reason.detail.zh, reason.detail.en
        raise Refuted(f"{name.zh}：{zh}", f"{name.en}: {en}") from None


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

"""The log as a file, one entry a line: folded into what is in force at its end, and its root computed again."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from service_catalog.documents.canonical import canonical, stored_document
from service_catalog.documents.notes import Checkpoint
from service_catalog.domain.merkle import Frontier
from service_catalog.domain.revisions import EntryKind, LogEntry, Operation, digest_of
from service_catalog.domain.vocabulary import Text
from service_catalog.verification.checkpoints import Auditor, SignedHead, kept_checkpoints
from service_catalog.verification.checks import Check, Checklist, Refuted, Uncheckable
from service_catalog.verification.scratch import Scratch

_MEMBERS = {member: int if member in {"version", "revision"} else str for member in LogEntry.__slots__}
_DIGEST = re.compile(r"[0-9a-f]{64}\Z")
_TIME = re.compile(r"[0-9]{4}(?:-[0-9]{2}){2}T[0-9]{2}(?::[0-9]{2}){2}Z\Z")


@dataclass(frozen=True, slots=True)
class UnknownEntry:
    """An entry as only a later release can have written it."""

    detail: Text


@dataclass(slots=True)
class FoldedLog:
    """What reading a log comes to: its size, the roots at the sizes that were asked for, and its last known entry.

    ``unknown`` is what could not be understood, from where on nothing was folded.
    """

    roots: dict[int, bytes] = field(default_factory=dict)
    size: int = 0
    last: LogEntry | None = None
    unknown: Text | None = None

    @property
    def revision(self) -> int:
        """The number of the last revision, 0 before the first."""
        return self.last.revision if self.last else 0


def checked_log(
    checks: Checklist, lines: Iterable[bytes], signed: SignedHead, auditor: Auditor, scratch: Scratch
) -> FoldedLog:
    """Check the log against a signed checkpoint and those that the auditor kept; return it as of that checkpoint.

    Nothing that follows the checkpoint's last entry is read: it is hashed, for the sake of newer checkpoints.
    """
    kept = checks.begin(Check.APPEND_ONLY, kept_checkpoints, auditor)
    heads = [signed, *kept]
    sizes = {one.head.size for one in heads}
    folded = checks.begin(Check.LOG_ENTRIES, fold_log, lines, signed.head.size, sizes, auditor, scratch)
    if folded.unknown is None:
        checks.prove(Check.LOG_ENTRIES)
    checks.carry_out(Check.LOG_ROOT, _compare_root, folded, signed.head)
    if any(one.head.size <= signed.head.size and not _begins_with(folded, one) for one in kept):
        checks.conflict = signed.note
    if kept:
        checks.carry_out(Check.APPEND_ONLY, _compare_kept, folded, kept, signed.head)
    newest = max(heads, key=lambda one: one.head.size)
    checks.head = newest.note
    _look_beyond(checks, folded.size, newest.head, signed.head)
    checks.begin(Check.LOG_ENTRIES, _refuse_unknown, folded)
    return folded


def fold_log(
    lines: Iterable[bytes], size: int, sizes: Collection[int], auditor: Auditor, scratch: Scratch
) -> FoldedLog:
    """Fold the first ``size`` lines, each with its line feed, into ``scratch``; keep the roots at ``sizes``.

    Raises:
        Refuted: at the first line that is not an entry or does not follow those before it.
    """
    frontier, folded = Frontier(), FoldedLog()
    for number, line in enumerate(lines, 1):
        _note_root(folded, frontier, sizes)
        leaf = line.removesuffix(b"\n")
        try:
            if leaf == line:
                raise Refuted("没有换行符结尾，是不完整的", "has no line feed at its end, so it was cut")
            if number <= size and folded.unknown is None:
                _fold(folded, leaf, auditor, scratch)
        except Refuted as reason:
            zh, en = reason.detail.zh, reason.detail.en
            raise Refuted(f"日志第 {number} 行：{zh}", f"line {number} of the log: {en}") from None
        frontier.append(leaf)
    _note_root(folded, frontier, sizes)
    folded.size = frontier.size
    return folded


def read_entry(leaf: bytes) -> LogEntry | UnknownEntry:
    """Return the entry that a leaf is, or what of it only a later release can know.

    Raises:
        Refuted: where the bytes are not an entry in its one spelling.
    """
    members = read_canonical(leaf)
    if members is None or not isinstance(members.get("kind"), str):
        raise _no_entry()
    if members["kind"] not in set(EntryKind):
        return _unknown(f"种类 {members['kind']}", f"the kind {members['kind']}")
    if {member: type(members.get(member)) for member in _MEMBERS} != _MEMBERS:
        raise _no_entry()
    if surplus := sorted(members.keys() - _MEMBERS.keys()):
        return _unknown(f"成员 {surplus[0]}", f"the member {surplus[0]}")
    if members["op"] not in set(Operation):
        return _unknown(f"操作 {members['op']}", f"the operation {members['op']}")
    entry = LogEntry(**members)
    if not (_DIGEST.match(entry.sha256) and _TIME.match(entry.time)):
        raise Refuted("摘要或时间有误", "its digest or time is not one that a log has")
    return entry


def _no_entry() -> Refuted:
    return Refuted("不是写法唯一的日志条目", "it is not a log entry in its one spelling")


def _unknown(zh: str, en: str) -> UnknownEntry:
    return UnknownEntry(Text(f"本版本不认识{zh}，请用较新的版本", f"this release does not know {en}; take a later one"))


def read_canonical(line: bytes) -> dict[str, Any] | None:
    """Return the JSON object that a line is, or ``None`` where it is anything but one in canonical form."""
    try:
        value = stored_document(line)
        return value if isinstance(value, dict) and canonical(value) == line else None
    except (ValueError, TypeError, RecursionError):
        return None


def _note_root(folded: FoldedLog, frontier: Frontier, sizes: Collection[int]) -> None:
    if frontier.size in sizes:
        folded.roots[frontier.size] = frontier.root()


def _fold(folded: FoldedLog, leaf: bytes, auditor: Auditor, scratch: Scratch) -> None:
    entry = read_entry(leaf)
    if isinstance(entry, UnknownEntry):
        folded.unknown = entry.detail
        return
    _follow(folded.last, scratch.version_of(entry), entry, auditor)
    scratch.add_entry(entry)
    folded.last = entry


def _follow(last: LogEntry | None, before: int, entry: LogEntry, auditor: Auditor) -> None:
    """Refuse an entry that cannot stand after those folded so far, with its thing at version ``before``."""
    if last is None:
        _begin(entry, auditor)
    else:
        _continue(last, entry)
    version = before + 1
    if entry.version != version:
        raise Refuted(
            f"{entry.id} 应为第 {version} 版，却是第 {entry.version} 版",
            f"{entry.id} should come to version {version}, not {entry.version}",
        )
    if (entry.op == Operation.CREATED) != (before == 0):
        raise Refuted(f"{entry.id} 只能新建一次", f"{entry.id} is created once, by its first version")


def _begin(entry: LogEntry, auditor: Auditor) -> None:
    made = (entry.kind, entry.id, entry.revision, entry.sha256)
    if made != (EntryKind.KEY, auditor.origin, 1, digest_of(auditor.key.strip().encode())):
        raise Refuted("日志开头记的不是这把密钥", "the log does not begin with this key")


def _continue(last: LogEntry, entry: LogEntry) -> None:
    if entry.revision == last.revision:
        same = (last.time, last.actor, last.action, last.reason)
        if (entry.time, entry.actor, entry.action, entry.reason) != same:
            raise Refuted(
                f"与修订 {entry.revision} 的上一条说法不同",
                f"it does not say of revision {entry.revision} what the entry before it says",
            )
    elif entry.revision != last.revision + 1:
        raise Refuted(
            f"修订 {last.revision} 之后不能是 {entry.revision}",
            f"revision {entry.revision} cannot follow {last.revision}",
        )
    elif entry.time < last.time:
        raise Refuted("时间早于上一条", "its time is before that of the entry before it")


def _compare_root(folded: FoldedLog, checkpoint: Checkpoint) -> None:
    if folded.size < checkpoint.size:
        raise Refuted(
            f"日志有 {folded.size} 条，检查点签署的是 {checkpoint.size} 条：日志被截短，或取得太早，请接着取",
            f"the log has {folded.size} entries, the checkpoint signs {checkpoint.size}: "
            "it was cut, or fetched too early; go on with it",
        )
    if folded.roots[checkpoint.size] != checkpoint.root:
        raise Refuted("日志的内容与检查点签署的不同", "the log does not hold what the checkpoint signs")


def _begins_with(folded: FoldedLog, one: SignedHead) -> bool:
    return folded.roots.get(one.head.size) == one.head.root


def _compare_kept(folded: FoldedLog, kept: Iterable[SignedHead], current: Checkpoint) -> None:
    for one in kept:
        size, name = one.head.size, one.name
        if size > folded.size:
            raise Refuted(
                f"{name.zh}已有 {size} 条，而日志只有 {folded.size} 条：日志被截短或回退",
                f"{name.en} has {size} entries already, the log only {folded.size}: it was cut or rolled back",
            )
        if not _begins_with(folded, one):
            zh, en = ("历史被改写", "history was rewritten") if size <= current.size else _UNCERTAIN
            raise Refuted(
                f"日志的前 {size} 条不是{name.zh}签署的内容：{zh}",
                f"the log's first {size} entries are not those {name.en} signs: {en}",
            )


_UNCERTAIN = ("历史或这份日志被改写", "history, or this copy of the log, was rewritten")
"""What can be said where the current checkpoint does not vouch for all of those entries."""


def _look_beyond(checks: Checklist, size: int, newest: Checkpoint, current: Checkpoint) -> None:
    """Note what vouches for the entries after the current checkpoint, where there are any."""
    if size == current.size:
        return
    checks.facts["later_entries"] = size - current.size
    checks.checks.append(Check.LATER_ENTRIES)
    beyond = size - newest.size
    if beyond:
        detail = Text(
            f"日志的最后 {beyond} 条没有检查点签署，不能采信；请用 --checkpoint 给出较新的检查点",
            f"nothing vouches for the last {beyond} entries of the log; give a newer checkpoint (--checkpoint)",
        )
        checks.leave_out([Check.LATER_ENTRIES], detail)
    else:
        checks.prove(Check.LATER_ENTRIES)


def _refuse_unknown(folded: FoldedLog) -> None:
    """Say what of a log, which is the signed one, this release does not understand."""
    if folded.unknown is not None:
        raise Uncheckable(folded.unknown)

"""The log as a file, one entry a line: folded into what is in force at its end, and its root computed again."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from service_catalog.documents.canonical import canonical, stored_document
from service_catalog.documents.notes import Checkpoint
from service_catalog.domain.merkle import Frontier
from service_catalog.domain.revisions import EntryKind, LogEntry, Operation, digest_of
from service_catalog.verification.checkpoints import Auditor, older_checkpoint
from service_catalog.verification.checks import Check, Checklist, Refuted

_MEMBERS = {member: int if member in {"version", "revision"} else str for member in LogEntry.__slots__}
_DIGEST = re.compile(r"[0-9a-f]{64}\Z")
_TIME = re.compile(r"[0-9]{4}(?:-[0-9]{2}){2}T[0-9]{2}(?::[0-9]{2}){2}Z\Z")


@dataclass(slots=True)
class FoldedLog:
    """What a log comes to: the latest entry of each thing, and roots at the sizes that were asked for."""

    latest: dict[tuple[EntryKind, str], LogEntry] = field(default_factory=dict)
    roots: dict[int, bytes] = field(default_factory=dict)
    size: int = 0
    last: LogEntry | None = None

    @property
    def revision(self) -> int:
        """The number of the last revision, 0 before the first."""
        return self.last.revision if self.last else 0


def checked_log(checks: Checklist, lines: Iterable[bytes], checkpoint: Checkpoint, auditor: Auditor) -> FoldedLog:
    """Return the log, once it is checked against its checkpoint and an older one where the auditor has it."""
    old = checks.begin(Check.APPEND_ONLY, older_checkpoint, auditor, checkpoint) if auditor.since is not None else None
    sizes = {checkpoint.size} | ({old.size} if old else set())
    folded = checks.carry_out(Check.LOG_ENTRIES, fold_log, lines, sizes, auditor)
    checks.carry_out(Check.LOG_ROOT, _compare_root, folded, checkpoint)
    if old:
        checks.carry_out(Check.APPEND_ONLY, _compare_beginning, folded, old)
    return folded


def fold_log(lines: Iterable[bytes], sizes: set[int], auditor: Auditor) -> FoldedLog:
    """Fold lines, each with its line feed, and keep the roots at ``sizes``.

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
            entry = read_entry(leaf)
            _follow(folded, entry, auditor)
        except Refuted as reason:
            zh, en = reason.detail.zh, reason.detail.en
            raise Refuted(f"日志第 {number} 行：{zh}", f"line {number} of the log: {en}") from None
        frontier.append(leaf)
        folded.last = folded.latest[EntryKind(entry.kind), entry.id] = entry
    _note_root(folded, frontier, sizes)
    folded.size = frontier.size
    return folded


def read_entry(leaf: bytes) -> LogEntry:
    """Return the entry that a leaf is.

    Raises:
        Refuted: where the bytes are not an entry in its one spelling.
    """
    members = read_canonical(leaf)
    if members is None or {member: type(value) for member, value in members.items()} != _MEMBERS:
        raise Refuted("不是写法唯一的日志条目", "it is not a log entry in its one spelling")
    entry = LogEntry(**members)
    known = entry.kind in set(EntryKind) and entry.op in set(Operation)
    if not (known and _DIGEST.match(entry.sha256) and _TIME.match(entry.time)):
        raise Refuted("种类、操作、摘要或时间有误", "its kind, operation, digest or time is not one that a log has")
    return entry


def read_canonical(line: bytes) -> dict[str, Any] | None:
    """Return the JSON object that a line is, or ``None`` where it is anything but one in canonical form."""
    try:
        value = stored_document(line)
        return value if isinstance(value, dict) and canonical(value) == line else None
    except (ValueError, TypeError, RecursionError):
        return None


def _note_root(folded: FoldedLog, frontier: Frontier, sizes: set[int]) -> None:
    if frontier.size in sizes:
        folded.roots[frontier.size] = frontier.root()


def _follow(folded: FoldedLog, entry: LogEntry, auditor: Auditor) -> None:
    """Refuse an entry that cannot stand after those folded so far."""
    if folded.last is None:
        _begin(entry, auditor)
    else:
        _continue(folded.last, entry)
    before = folded.latest.get((EntryKind(entry.kind), entry.id))
    version = before.version + 1 if before else 1
    if entry.version != version:
        raise Refuted(
            f"{entry.id} 应为第 {version} 版，却是第 {entry.version} 版",
            f"{entry.id} should come to version {version}, not {entry.version}",
        )
    if (entry.op == Operation.CREATED) != (before is None):
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
    size, signed = folded.size, checkpoint.size
    if size != signed:
        zh, en = (
            ("；较早的文件请按其条数截取日志", "; for an earlier file cut the log to its size")
            if size > signed
            else ("", "")
        )
        raise Refuted(
            f"日志有 {size} 条，检查点签署的是 {signed} 条{zh}",
            f"the log has {size} entries, the checkpoint signs {signed}{en}",
        )
    if folded.roots[checkpoint.size] != checkpoint.root:
        raise Refuted("日志的内容与检查点签署的不同", "the log does not hold what the checkpoint signs")


def _compare_beginning(folded: FoldedLog, old: Checkpoint) -> None:
    if folded.roots[old.size] != old.root:
        raise Refuted(
            f"日志的前 {old.size} 条不是旧检查点签署的内容：历史被改写",
            f"the log's first {old.size} entries are not those the older checkpoint signs: history was rewritten",
        )

"""Reading the log from first entry to last: the one place that holds it against its revisions and checkpoints."""

from collections import defaultdict
from typing import NamedTuple

from sqlalchemy.orm import Session

from service_catalog.documents.canonical import stored_document
from service_catalog.documents.notes import Checkpoint, open_note
from service_catalog.domain.errors import KeyMismatch
from service_catalog.domain.merkle import Frontier, Subtree
from service_catalog.domain.revisions import EntryKind, LogEntry, Revision
from service_catalog.domain.vocabulary import Text
from service_catalog.store import log


class Broken(Exception):
    """The first thing found that differs."""

    def __init__(self, zh: str, en: str) -> None:
        """Keep the sentence in both languages."""
        super().__init__(en)
        self.text = Text(zh, en)


Thing = tuple[EntryKind, str]
"""What an entry is about: its kind and id."""


class Logged(NamedTuple):
    """What one entry says of a version: its digest, and by which revision."""

    sha256: str
    revision: int


class FoldedLog:
    """What the log comes to: how many entries it has, how many of services, and each version of everything else.

    Of services there may be millions. Whoever reads them finds the entry of each beside it.
    """

    def __init__(self) -> None:
        """Begin with nothing."""
        self.entries = 0
        self.of_services = 0
        self.others: dict[Thing, dict[int, Logged]] = defaultdict(dict)

    def add(self, entry: LogEntry) -> None:
        """Take in the next entry.

        Raises:
            Broken: where its version does not follow; those of services are looked at elsewhere.
        """
        self.entries += 1
        if entry.kind == EntryKind.SERVICE:
            self.of_services += 1
            return
        versions = self.others[EntryKind(entry.kind), entry.id]
        if entry.version != len(versions) + 1:
            raise Broken(
                f"日志第 {self.entries - 1} 条：{entry.id} 的版本不连续",
                f"log entry {self.entries - 1}: the version of {entry.id} does not follow",
            )
        versions[entry.version] = Logged(entry.sha256, entry.revision)


def fold_log(session: Session) -> FoldedLog:
    """Recompute the root after each revision, and return what the entries say.

    Raises:
        Broken: where an entry, a revision, a checkpoint or a subtree is not what the others say.
    """
    folded, head = FoldedLog(), log.find_head(session)
    if head is None:
        return folded
    revisions = log.read_revisions(session)
    revision = next(revisions, None)
    frontier, filled, last = Frontier(), [], 0
    for position, number, leaf in log.read_leaves(session):
        if position != frontier.size:
            raise Broken(f"日志缺少第 {frontier.size} 条", f"log entry {frontier.size} is missing")
        filled += frontier.append(leaf)
        if revision is None:
            raise Broken(f"日志第 {position} 条不属于任何修订", f"log entry {position} belongs to no revision")
        if revision.number != last + 1:
            raise Broken(f"缺少修订 {last + 1}", f"revision {last + 1} is missing")
        folded.add(_entry(position, number, leaf, revision))
        if frontier.size == revision.log_size:
            _compare_checkpoint(head, revision, frontier)
            last, revision = revision.number, next(revisions, None)
    if (frontier.size, last, revision) != (head.log_size, head.revision, None):
        raise Broken("日志长度与修订记录不符", "the log's length is not what the revisions say")
    _compare_subtrees(filled, list(log.read_subtrees(session)))
    return folded


def _entry(position: int, number: int, leaf: bytes, revision: Revision) -> LogEntry:
    """Return the entry that a leaf is, made by the revision."""
    try:
        entry = LogEntry(**stored_document(leaf))
        is_known = entry.kind in set(EntryKind)
    except (ValueError, TypeError):
        is_known = False
    if not is_known:
        raise Broken(f"日志第 {position} 条无法识别", f"log entry {position} is not an entry of this log")
    made = (revision.number, revision.at, revision.actor, revision.action, revision.reason)
    if number != entry.revision or made != (entry.revision, entry.time, entry.actor, entry.action, entry.reason):
        raise Broken(
            f"日志第 {position} 条与修订 {revision.number} 的记录不符",
            f"log entry {position} is not what revision {revision.number} says of itself",
        )
    return entry


def _compare_checkpoint(head: log.Head, revision: Revision, frontier: Frontier) -> None:
    number = revision.number
    try:
        text = open_note(revision.checkpoint, head.verifier_key)
    except KeyMismatch as error:
        raise Broken(error.detail.zh, error.detail.en) from None
    if text is None:
        raise Broken(f"修订 {number} 的检查点签名无效", f"the signature of revision {number}'s checkpoint is not valid")
    if text != Checkpoint(head.origin, frontier.size, frontier.root()).text():
        raise Broken(f"修订 {number} 的检查点与日志不符", f"revision {number}'s checkpoint is not that of the log")


def _compare_subtrees(computed: list[Subtree], stored: list[Subtree]) -> None:
    """Hold the hashes that are kept of full subtrees, one for each 256 entries, against those that were computed."""
    if sorted(computed, key=lambda s: (s.level, s.position)) != stored:
        raise Broken("子树哈希表与日志不符", "the table of subtree hashes is not that of the log")

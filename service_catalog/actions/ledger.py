"""The revision being written: it numbers, dates and logs each change, and signs the log's new head at the end."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from service_catalog.documents.canonical import canonical
from service_catalog.documents.notes import Checkpoint, Signer
from service_catalog.domain.access import Actor, Permission
from service_catalog.domain.merkle import Frontier
from service_catalog.domain.revisions import Action, EntryKind, LogEntry, Operation, Revision, StoredDocument, digest_of
from service_catalog.domain.times import format_time
from service_catalog.store import log
from service_catalog.store.log import Head

Recorded = tuple[EntryKind, Operation, StoredDocument]


@dataclass(frozen=True, slots=True)
class Intent:
    """Who writes, by what right, what they do and why."""

    actor: Actor
    permission: Permission
    action: Action
    reason: str


class Edge:
    """The log's right edge as this process last wrote it, so that the next write need not read it again.

    It belongs to the root that was signed then, and is good while the log's last checkpoint is that very one.
    """

    def __init__(self) -> None:
        """Begin with none."""
        self._kept: tuple[str, Frontier] | None = None

    def at(self, checkpoint: str) -> Frontier | None:
        """Return the edge that a checkpoint is of, if it is known."""
        kept = self._kept
        return kept[1].copy() if kept and kept[0] == checkpoint else None

    def keep(self, checkpoint: str, frontier: Frontier) -> None:
        """Keep the edge that a checkpoint is of, once it is committed."""
        self._kept = checkpoint, frontier


class Ledger:
    """One revision under way, inside the transaction that writes it."""

    def __init__(self, session: Session, intent: Intent, head: Head, frontier: Frontier, at: str) -> None:
        """Begin at ``head``; the first revision of all also logs the key it is signed with."""
        self._session = session
        self._intent = intent
        self.frontier = frontier
        self.number = head.revision + 1
        self.at = at
        self.has_changes = False
        if head.log_size == 0:
            key = head.verifier_key.encode()
            self._append([(EntryKind.KEY, Operation.CREATED, StoredDocument(head.origin, 1, key, digest_of(key)))])

    def record(self, changes: list[Recorded]) -> int:
        """Append one log entry for each change and return the position of the first."""
        first = self.frontier.size
        if changes:
            self.has_changes = True
            self._append(changes)
        return first

    def _append(self, changes: list[Recorded]) -> None:
        first = self.frontier.size
        leaves = [self._leaf(kind, op, stored) for kind, op, stored in changes]
        filled = [subtree for leaf in leaves for subtree in self.frontier.append(leaf)]
        log.append_leaves(self._session, self.number, first, leaves, filled)

    def _leaf(self, kind: EntryKind, op: Operation, stored: StoredDocument) -> bytes:
        entry = LogEntry(
            kind=kind,
            id=stored.id,
            version=stored.version,
            op=op,
            sha256=stored.sha256,
            revision=self.number,
            actor=self._intent.actor.id,
            action=self._intent.action,
            reason=self._intent.reason,
            time=self.at,
        )
        return canonical(entry.as_document())

    def close(self, signer: Signer) -> Revision:
        """Sign the log's new head and write the revision."""
        size = self.frontier.size
        checkpoint = signer.sign(Checkpoint(signer.name, size, self.frontier.root()).text())
        actor, action, reason = self._intent.actor.id, self._intent.action, self._intent.reason
        revision = Revision(self.number, self.at, actor, action, reason, size, checkpoint)
        log.append_revision(self._session, revision)
        return revision


def open_ledger(session: Session, head: Head, intent: Intent, now: datetime, edge: Edge) -> Ledger:
    """Begin the next revision after ``head``; its time is never before its predecessor's, whatever the clock says."""
    previous = log.find_revision(session, head.revision)
    at = format_time(now)
    frontier = None
    if previous is not None:
        at = max(at, previous.at)
        frontier = edge.at(previous.checkpoint)
    return Ledger(session, intent, head, frontier or log.load_frontier(session, head.log_size), at)

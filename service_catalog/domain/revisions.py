"""A revision is one write; its log entries say what changed. Closed vocabularies of what may be recorded."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from service_catalog.domain.service import Service
from service_catalog.domain.vocabulary import Code, Status

LONGEST_REASON = 500
"""Characters of a reason, which every log entry of a revision repeats."""


class EntryKind(StrEnum):
    """What a log entry is about; replaying the catalogue takes ``service`` and ``division`` entries alone."""

    SERVICE = "service"
    DIVISION = "division"
    TOKEN = "token"  # noqa: S105 - a kind of entry, not a secret
    KEY = "key"


class Operation(Code):
    """What happened to the thing an entry names."""

    CREATED = "created", "新建", "Created"
    CHANGED = "changed", "修改", "Changed"
    RETIRED = "retired", "停用", "Retired"
    RESTORED = "restored", "恢复", "Brought back"


def operation_between(before: Service | None, after: Service) -> Operation:
    """Return what happened to a service that was ``before``, or did not exist, and is ``after`` now."""
    if before is None:
        return Operation.CREATED
    if before["status"] == after["status"]:
        return Operation.CHANGED
    return Operation.RETIRED if after["status"] == Status.RETIRED else Operation.RESTORED


class Action(StrEnum):
    """What a person did in a revision."""

    SEED = "seed"
    CREATE = "create"
    REPLACE = "replace"
    EDIT = "edit"
    TAG = "tag"
    RETIRE = "retire"
    IMPORT = "import"
    REVERT = "revert"
    ISSUE_TOKEN = "issue-token"  # noqa: S105 - an action
    REVOKE_TOKEN = "revoke-token"  # noqa: S105 - an action


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One leaf of the log. ``version`` counts 1, 2, 3 for each ``id`` without gaps; ``sha256`` is of the document."""

    kind: EntryKind
    id: str
    version: int
    op: Operation
    sha256: str
    revision: int
    actor: str
    action: Action
    reason: str
    time: str

    def as_document(self) -> dict[str, object]:
        """Return the members whose canonical JSON is the leaf."""
        return {member: getattr(self, member) for member in self.__slots__}


@dataclass(frozen=True, slots=True)
class Revision:
    """One committed write: when, who, what and why, the log's size after it, and the signed head of the log.

    ``action`` is one of ``Action``, or of those that a later release knows.
    """

    number: int
    at: str
    actor: str
    action: str
    reason: str
    log_size: int
    checkpoint: str


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """The exact bytes of one version of a service or division, with their digest."""

    id: str
    version: int
    document: bytes
    sha256: str


def digest_of(document: bytes) -> str:
    """Return the SHA-256 of a document's bytes in hex: its entry in the log and its ETag."""
    return hashlib.sha256(document).hexdigest()

"""The log's Merkle tree: hashing by RFC 6962 section 2.1, grown leaf by leaf without keeping the leaves.

The tree is cut into subtrees of 256 leaves, those into subtrees of 256 subtrees, and so on. Because RFC 6962
splits at powers of two, the root over leaves equals the root over full subtrees followed by the root of the
unfinished rest; so a tree of any size is held by at most 255 hashes a level.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

WIDTH = 256
"""Hashes in a full subtree, at every level."""


@dataclass(frozen=True, slots=True)
class Subtree:
    """The hash of a full subtree: ``level`` 1 spans 256 leaves, 2 spans 65,536; ``position`` counts from 0."""

    level: int
    position: int
    hash: bytes


def leaf_hash(leaf: bytes) -> bytes:
    """Return SHA-256 of 0x00 and the leaf's bytes (RFC 6962, 2.1)."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return SHA-256 of 0x01 and both children (RFC 6962, 2.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


EMPTY_ROOT = hashlib.sha256(b"").digest()
"""The root of a tree without leaves (RFC 6962, 2.1)."""


def root_of(hashes: Sequence[bytes]) -> bytes:
    """Return the root over leaf hashes, or over equally high full subtrees of which the last may be unfinished."""
    if not hashes:
        return EMPTY_ROOT
    row = list(hashes)
    while len(row) > 1:
        paired = [node_hash(row[i], row[i + 1]) for i in range(0, len(row) - 1, 2)]
        row = paired + row[len(paired) * 2 :]
    return row[0]


@dataclass(slots=True)
class Frontier:
    """The right edge of a tree: for each level the full subtrees that are not yet part of a higher full one."""

    levels: list[list[bytes]] = field(default_factory=lambda: [[]])
    size: int = 0

    def append(self, leaf: bytes) -> list[Subtree]:
        """Add one leaf and return the subtrees that it filled, lowest first."""
        self.levels[0].append(leaf_hash(leaf))
        self.size += 1
        filled = []
        level = 0
        while len(self.levels[level]) == WIDTH:
            digest = root_of(self.levels[level])
            self.levels[level] = []
            level += 1
            if level == len(self.levels):
                self.levels.append([])
            self.levels[level].append(digest)
            filled.append(Subtree(level, self.size // WIDTH**level - 1, digest))
        return filled

    def root(self) -> bytes:
        """Return the root of the whole tree."""
        rest: list[bytes] = []
        for hashes in self.levels:
            row = hashes + rest
            rest = [root_of(row)] if row else []
        return rest[0] if rest else EMPTY_ROOT

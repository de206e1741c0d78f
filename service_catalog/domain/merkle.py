"""The log's Merkle tree: hashing by RFC 6962 section 2.1, grown leaf by leaf without keeping the leaves; its proofs.

The tree is cut into subtrees of 256 leaves, those into subtrees of 256 subtrees, and so on. Because RFC 6962
splits at powers of two, the root over leaves equals the root over full subtrees followed by the root of the
unfinished rest; so a tree of any size is held by at most 255 hashes a level.

A proof is a list of hashes, each over a range of leaves [start, end) counted from 0. What ranges those are follows
from positions and sizes alone; verifying goes the way of RFC 9162, which never speaks of ranges.
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


Range = tuple[int, int]
"""The leaves from the first position up to, not including, the second."""

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


def inclusion_path(index: int, size: int) -> list[Range]:
    """Return the ranges whose hashes prove leaf ``index`` in a tree of ``size`` leaves, the leaf's neighbour first.

    ``index`` counts from 0 and is less than ``size`` (RFC 6962, 2.1.1).
    """
    start, end, path = 0, size, []
    while end - start > 1:
        middle = _middle(start, end)
        if index < middle:
            path.append((middle, end))
            end = middle
        else:
            path.append((start, middle))
            start = middle
    return path[::-1]


def consistency_path(old: int, new: int) -> list[Range]:
    """Return the ranges whose hashes prove that a tree of ``new`` leaves begins with the tree of its first ``old``.

    ``old`` is at most ``new``; nothing need be proven of the empty tree, nor of the same one (RFC 6962, 2.1.2).
    """
    if old in (0, new):
        return []
    start, end, path = 0, new, []
    while end != old:
        middle = _middle(start, end)
        if old <= middle:
            path.append((middle, end))
            end = middle
        else:
            path.append((start, middle))
            start = middle
    if start:  # otherwise this last range is the whole old tree, whose root the verifier holds
        path.append((start, end))
    return path[::-1]


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Tell whether ``path`` proves the leaf with hash ``leaf`` at ``index`` of the tree (RFC 9162, 2.1.3.2).

    ``size`` and ``root`` must come from a checkpoint whose signature was verified.
    """
    if not 0 <= index < size:
        return False
    sides = _left_sides(index, size - 1)
    if len(path) != len(sides):
        return False
    computed = leaf
    for sibling, is_left in zip(path, sides, strict=True):
        computed = node_hash(sibling, computed) if is_left else node_hash(computed, sibling)
    return computed == root


def verify_consistency(old: int, old_root: bytes, new: int, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Tell whether ``path`` proves that the tree of ``new`` leaves begins with that of ``old`` (RFC 9162, 2.1.4.2).

    Sizes and roots must come from checkpoints whose signatures were verified.
    """
    if old == new:
        return not path and old_root == new_root
    if old == 0:
        return not path and old_root == EMPTY_ROOT
    if not 0 < old < new:
        return False
    node, last = old - 1, new - 1
    while node & 1:  # up to the largest subtree at the old tree's end
        node, last = node >> 1, last >> 1
    nodes = list(path) if node else [old_root, *path]  # a path leaves out that subtree where it is the whole old tree
    sides = _left_sides(node, last)
    if len(nodes) != len(sides) + 1:
        return False
    before = after = nodes[0]
    for sibling, is_left in zip(nodes[1:], sides, strict=True):
        before = node_hash(sibling, before) if is_left else before
        after = node_hash(sibling, after) if is_left else node_hash(after, sibling)
    return (before, after) == (old_root, new_root)


def _left_sides(node: int, last: int) -> list[bool]:
    """Return, for each step from ``node`` up to the root, whether its sibling is on the left.

    Both count from 0 within one level, whose last node is ``last``; a node without a sibling takes no step.
    """
    sides = []
    while last:
        is_left = bool(node & 1) or node == last
        sides.append(is_left)
        while is_left and node and not node & 1:
            node, last = node >> 1, last >> 1
        node, last = node >> 1, last >> 1
    return sides


def _middle(start: int, end: int) -> int:
    """Return where RFC 6962 splits a range: after the largest power of two below its width."""
    return start + (1 << (end - start - 1).bit_length() - 1)

"""The log's Merkle tree: hashing by RFC 6962 section 2.1, grown leaf by leaf without keeping the leaves; its proofs.

RFC 6962 splits at powers of two, so a tree is full binary subtrees side by side, each narrower than the one before, and
grows by their roots alone. What is kept of it are the roots of subtrees of 256 leaves, of 256 such subtrees, and so on:
from at most 255 hashes a level a tree of any size is found again.

A proof is a list of hashes, each over a range of leaves [start, end) counted from 0. What ranges those are follows
from positions and sizes alone; verifying goes the way of RFC 9162, which never speaks of ranges.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

_HEIGHT = 8
WIDTH = 2**_HEIGHT
"""Hashes in a full subtree that is kept, at every level."""


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


@dataclass(slots=True)
class Frontier:
    """The right edge of a tree: the roots of the full binary subtrees side by side in it, the widest first.

    There is one for each 1 among the binary digits of the size, so that whatever is added costs a few hashes.
    """

    roots: list[bytes] = field(default_factory=list)
    size: int = 0

    def copy(self) -> "Frontier":
        """Return another that grows by itself."""
        return Frontier(list(self.roots), self.size)

    def append(self, leaf: bytes) -> list[Subtree]:
        """Add one leaf and return the full subtrees of 256, 65,536, ... leaves that it filled, lowest first."""
        return self._put(leaf_hash(leaf), 0)

    def _put(self, digest: bytes, height: int) -> list[Subtree]:
        """Add a full subtree of ``2 ** height`` leaves."""
        self.size += 1 << height
        filled = []
        while not self.size >> height & 1:  # the one to its left is as wide
            digest = node_hash(self.roots.pop(), digest)
            height += 1
            level, rest = divmod(height, _HEIGHT)
            if not rest:
                filled.append(Subtree(level, (self.size >> height) - 1, digest))
        self.roots.append(digest)
        return filled

    def root(self) -> bytes:
        """Return the root of the whole tree."""
        if not self.roots:
            return EMPTY_ROOT
        *wider, root = self.roots
        for left in reversed(wider):
            root = node_hash(left, root)
        return root


def frontier_of(levels: Sequence[Sequence[bytes]]) -> Frontier:
    """Return the edge of the tree whose hashes these are: the last leaves, and on each level above the full subtrees.

    Of each there are at most 255, those that are not part of a full subtree of the next level.
    """
    frontier = Frontier()
    for level in reversed(range(len(levels))):
        for digest in levels[level]:
            frontier._put(digest, level * _HEIGHT)  # noqa: SLF001 - its own module
    return frontier


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

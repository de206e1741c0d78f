"""The log's tree against a naive RFC 6962 implementation and the vectors of Certificate Transparency."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service_catalog.domain.merkle import EMPTY_ROOT, WIDTH, Frontier, Subtree, frontier_of, leaf_hash, node_hash

SQUARE = WIDTH * WIDTH


def naive_root(leaves: Sequence[bytes]) -> bytes:
    """Return MTH as RFC 6962 section 2.1 writes it down: split at the largest power of two below the size."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\x01" + naive_root(leaves[:split]) + naive_root(leaves[split:])).digest()


def leaves_up_to(size: int) -> list[bytes]:
    return [str(number).encode() for number in range(size)]


CT_LEAVES = [
    bytes.fromhex(leaf)
    for leaf in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
CT_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
"""Roots over the first 0 to 8 leaves, from the tests of Google's Certificate Transparency reference code."""


@dataclass(frozen=True)
class Growth:
    """A tree grown to two full subtrees of the second level: chosen roots, and what each leaf filled."""

    roots: dict[int, bytes]
    filled: dict[int, list[Subtree]]


@pytest.fixture(scope="module")
def growth() -> Growth:
    frontier, roots, filled = Frontier(), {}, {}
    for leaf in leaves_up_to(2 * SQUARE):
        subtrees = frontier.append(leaf)
        if subtrees:
            filled[frontier.size] = subtrees
        if frontier.size in (SQUARE - 1, SQUARE, SQUARE + 1, 2 * SQUARE):
            roots[frontier.size] = frontier.root()
    return Growth(roots, filled)


def test_the_constants_when_compared_with_the_standard_are_its_own():
    assert sha256(b"").hexdigest() == EMPTY_ROOT.hex() == CT_ROOTS[0]
    assert leaf_hash(b"").hex() == CT_ROOTS[1]
    assert node_hash(leaf_hash(b""), leaf_hash(b"\x00")).hex() == CT_ROOTS[2]


@pytest.mark.parametrize("size", range(9))
def test_the_root_when_known_from_certificate_transparency_is_the_same(size: int):
    frontier = Frontier()
    for leaf in CT_LEAVES[:size]:
        frontier.append(leaf)
    assert frontier.root().hex() == CT_ROOTS[size]


def test_the_root_when_grown_from_0_to_600_leaves_equals_the_naive_one_at_every_size():
    leaves, frontier = leaves_up_to(600), Frontier()
    for size in range(601):
        assert (frontier.size, frontier.root()) == (size, naive_root(leaves[:size]))
        if size < 600:
            frontier.append(leaves[size])


@pytest.mark.parametrize("size", [SQUARE - 1, SQUARE, SQUARE + 1, 2 * SQUARE])
def test_the_root_when_a_level_fills_up_equals_the_naive_one(growth: Growth, size: int):
    assert growth.roots[size] == naive_root(leaves_up_to(size))


def test_the_subtrees_when_filled_are_handed_out_once_and_lowest_first(growth: Growth):
    places = {size: [(subtree.level, subtree.position) for subtree in got] for size, got in growth.filled.items()}
    expected = {(position + 1) * WIDTH: [(1, position)] for position in range(2 * WIDTH)}
    expected[SQUARE].append((2, 0))
    expected[2 * SQUARE].append((2, 1))
    assert places == expected


def test_the_subtrees_when_filled_carry_the_root_of_their_own_leaves(growth: Growth):
    leaves = leaves_up_to(2 * SQUARE)
    for subtree in (subtree for got in growth.filled.values() for subtree in got):
        span = WIDTH**subtree.level
        own = leaves[subtree.position * span : (subtree.position + 1) * span]
        assert subtree.hash == naive_root(own), (subtree.level, subtree.position)


def test_the_frontier_when_grown_keeps_one_hash_for_each_full_subtree():
    frontier = Frontier()
    for leaf in leaves_up_to(3 * WIDTH + 7):
        frontier.append(leaf)
        assert len(frontier.roots) == frontier.size.bit_count()


def test_two_frontiers_when_made_empty_share_nothing():
    one, other = Frontier(), Frontier()
    one.append(b"leaf")
    assert (other.size, other.root()) == (0, EMPTY_ROOT)


@settings(deadline=None, max_examples=60)
@given(before=st.integers(0, 1100), after=st.integers(0, 600))
def test_a_frontier_when_rebuilt_from_what_is_kept_continues_alike(before: int, after: int):
    leaves, grown = leaves_up_to(before + after), Frontier()
    kept = [subtree.hash for leaf in leaves[:before] for subtree in grown.append(leaf)]
    rebuilt = frontier_of([[leaf_hash(leaf) for leaf in leaves[before - before % WIDTH : before]], kept])
    for leaf in leaves[before:]:
        assert rebuilt.append(leaf) == grown.append(leaf)
    assert rebuilt == grown
    assert rebuilt.root() == naive_root(leaves)


@settings(deadline=None)
@given(leaves=st.lists(st.binary(max_size=40), max_size=40), index=st.integers(0, 39), other=st.binary(max_size=40))
def test_the_root_when_one_leaf_differs_differs_too(leaves: list[bytes], index: int, other: bytes):
    frontier, changed = Frontier(), Frontier()
    for position, leaf in enumerate(leaves):
        frontier.append(leaf)
        changed.append(other if position == index else leaf)
    assert frontier.root() == naive_root(leaves)
    assert (frontier.root() == changed.root()) == (index >= len(leaves) or leaves[index] == other)

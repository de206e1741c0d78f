"""The log's proofs against the vectors of Certificate Transparency, RFC 6962 to the letter, and another library."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymerkle import ConsistencyProof, InmemoryTree

from service_catalog.domain.merkle import (
    EMPTY_ROOT,
    consistency_path,
    inclusion_path,
    leaf_hash,
    node_hash,
    verify_consistency,
    verify_inclusion,
)
from tests.domain.test_merkle import CT_LEAVES, CT_ROOTS, leaves_up_to, naive_root

LEAF_0 = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
LEAF_1 = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
LEAF_4 = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
LEAF_6 = "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f"
PAIR_0 = "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
PAIR_1 = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
PAIR_2 = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
PAIR_3 = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
FOUR_0 = "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"
FOUR_1 = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"

CT_INCLUSION = {
    (0, 1): [],
    (0, 8): [LEAF_1, PAIR_1, FOUR_1],
    (5, 8): [LEAF_4, PAIR_3, FOUR_0],
    (2, 3): [PAIR_0],
    (1, 5): [LEAF_0, PAIR_1, LEAF_4],
}
CT_CONSISTENCY = {
    (1, 1): [],
    (1, 8): [LEAF_1, PAIR_1, FOUR_1],
    (6, 8): [PAIR_2, PAIR_3, FOUR_0],
    (2, 5): [PAIR_1, LEAF_4],
    (6, 7): [PAIR_2, LEAF_6, FOUR_0],
}
"""The proofs that the tests of the Certificate Transparency implementations agree on, by index or size, and size."""

LEAVES = leaves_up_to(600)


def inclusion(leaves: Sequence[bytes], index: int) -> list[bytes]:
    return [naive_root(leaves[start:end]) for start, end in inclusion_path(index, len(leaves))]


def consistency(leaves: Sequence[bytes], old: int) -> list[bytes]:
    return [naive_root(leaves[start:end]) for start, end in consistency_path(old, len(leaves))]


def split(size: int) -> int:
    k = 1
    while k * 2 < size:
        k *= 2
    return k


def naive_path(m: int, leaves: Sequence[bytes]) -> list[bytes]:
    """Return PATH(m, D[n]) as RFC 6962 section 2.1.1 writes it down."""
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if m < k:
        return [*naive_path(m, leaves[:k]), naive_root(leaves[k:])]
    return [*naive_path(m - k, leaves[k:]), naive_root(leaves[:k])]


def naive_proof(m: int, leaves: Sequence[bytes], *, is_known: bool = True) -> list[bytes]:
    """Return SUBPROOF(m, D[n], b) as RFC 6962 section 2.1.2 writes it down; ``is_known`` is its b."""
    if m == len(leaves):
        return [] if is_known else [naive_root(leaves)]
    k = split(len(leaves))
    if m <= k:
        return [*naive_proof(m, leaves[:k], is_known=is_known), naive_root(leaves[k:])]
    return [*naive_proof(m - k, leaves[k:], is_known=False), naive_root(leaves[:k])]


def as_rfc_6962(proof: ConsistencyProof) -> list[bytes]:
    """Return pymerkle's consistency proof in the standard's form.

    It goes on down to one leaf where RFC 6962 stops at a whole subtree, and names the old tree even where that is
    one subtree. ``subset`` marks the hashes that make up the old tree.
    """
    first = proof.subset.index(1)
    right = proof.path[0]
    for sibling in proof.path[1:first]:
        right = node_hash(right, sibling)
    known = [proof.path[first]] if 1 in proof.subset[first + 1 :] else []
    return [*known, right, *proof.path[first + 1 :]]


@pytest.mark.parametrize(("index", "size"), CT_INCLUSION)
def test_an_inclusion_proof_when_known_from_certificate_transparency_is_the_same_and_verifies(index: int, size: int):
    path = inclusion(CT_LEAVES[:size], index)
    assert [sibling.hex() for sibling in path] == CT_INCLUSION[index, size]
    assert verify_inclusion(leaf_hash(CT_LEAVES[index]), index, size, path, bytes.fromhex(CT_ROOTS[size]))


@pytest.mark.parametrize(("old", "new"), CT_CONSISTENCY)
def test_a_consistency_proof_when_known_from_certificate_transparency_is_the_same_and_verifies(old: int, new: int):
    path = consistency(CT_LEAVES[:new], old)
    assert [sibling.hex() for sibling in path] == CT_CONSISTENCY[old, new]
    assert verify_consistency(old, bytes.fromhex(CT_ROOTS[old]), new, bytes.fromhex(CT_ROOTS[new]), path)


@pytest.mark.parametrize("size", range(1, 41))
def test_a_proof_when_written_as_the_standard_does_is_the_same_for_every_leaf_and_size(size: int):
    leaves = LEAVES[:size]
    for index in range(size):
        assert inclusion(leaves, index) == naive_path(index, leaves)
    for old in range(1, size + 1):
        assert consistency(leaves, old) == naive_proof(old, leaves)


@pytest.mark.parametrize("size", [*range(1, 41), 255, 256, 257, 511, 512, 513, 600])
def test_a_proof_when_made_by_another_library_is_the_same_and_verifies(size: int):
    tree = InmemoryTree.init_from_entries(LEAVES[:size])
    root = tree.get_root()
    near = {number for number in range(size) if size <= 40 or number % 64 in (0, 1, 63) or number == size - 1}
    for index in near:
        path = inclusion(LEAVES[:size], index)
        assert path == tree.prove_inclusion(index + 1).path[1:]
        assert verify_inclusion(leaf_hash(LEAVES[index]), index, size, path, root)
    for old in near - {0}:
        path = consistency(LEAVES[:size], old)
        assert path == as_rfc_6962(tree.prove_consistency(old, size))
        assert verify_consistency(old, tree.get_root(old), size, root, path)


@pytest.mark.parametrize("size", [1, 7, 256, 257, 65536, 65537, 2**31 - 1])
def test_a_proof_when_the_log_is_large_names_at_most_two_hashes_a_level(size: int):
    for index in {0, size // 3, size - 1}:
        assert len(inclusion_path(index, size)) <= size.bit_length()
        assert len(consistency_path(index, size)) <= size.bit_length() + 1


SIZES = st.integers(1, 70)


@settings(deadline=None)
@given(size=SIZES, data=st.data())
def test_an_inclusion_proof_when_any_bit_is_flipped_is_refused(size: int, data: st.DataObject):
    index = data.draw(st.integers(0, size - 1))
    leaves = LEAVES[:size]
    parts = [leaf_hash(leaves[index]), naive_root(leaves), *inclusion(leaves, index)]
    bent = flipped(parts, data)
    assert verify_inclusion(parts[0], index, size, parts[2:], parts[1])
    assert not verify_inclusion(bent[0], index, size, bent[2:], bent[1])


@settings(deadline=None)
@given(new=st.integers(2, 70), data=st.data())
def test_a_consistency_proof_when_any_bit_is_flipped_is_refused(new: int, data: st.DataObject):
    old = data.draw(st.integers(1, new - 1))
    parts = [naive_root(LEAVES[:old]), naive_root(LEAVES[:new]), *consistency(LEAVES[:new], old)]
    bent = flipped(parts, data)
    assert verify_consistency(old, parts[0], new, parts[1], parts[2:])
    assert not verify_consistency(old, bent[0], new, bent[1], bent[2:])


def flipped(parts: list[bytes], data: st.DataObject) -> list[bytes]:
    """Return the hashes with one bit of one of them turned over."""
    at, bit = data.draw(st.integers(0, len(parts) - 1)), data.draw(st.integers(0, 255))
    changed = (int.from_bytes(parts[at]) ^ (1 << bit)).to_bytes(32)
    return [*parts[:at], changed, *parts[at + 1 :]]


@settings(deadline=None)
@given(size=SIZES, data=st.data())
def test_an_inclusion_proof_when_shown_for_another_position_is_refused(size: int, data: st.DataObject):
    index, other = data.draw(st.integers(0, size - 1)), data.draw(st.integers(-2, size + 2))
    leaves = LEAVES[:size]
    proven = verify_inclusion(leaf_hash(leaves[index]), other, size, inclusion(leaves, index), naive_root(leaves))
    assert proven == (other == index)


@settings(deadline=None)
@given(size=SIZES, data=st.data())
def test_a_proof_when_a_hash_is_added_or_left_out_is_refused(size: int, data: st.DataObject):
    leaves, root = LEAVES[:size], naive_root(LEAVES[:size])
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size))
    path, proof = inclusion(leaves, index), consistency(leaves, old)
    for other in resized(path):
        assert not verify_inclusion(leaf_hash(leaves[index]), index, size, other, root)
    for other in resized(proof):
        assert not verify_consistency(old, naive_root(leaves[:old]), size, root, other)


def resized(path: list[bytes]) -> list[list[bytes]]:
    """Return the path with one hash more, and with one less where it has any."""
    longer = [[*path, EMPTY_ROOT], [EMPTY_ROOT, *path]]
    return [*longer, path[1:], path[:-1]] if path else longer


def test_a_consistency_proof_when_the_sizes_are_equal_or_the_old_is_empty_has_no_hashes():
    root = naive_root(LEAVES[:7])
    assert (consistency_path(7, 7), consistency_path(0, 7), consistency_path(0, 0)) == ([], [], [])
    assert verify_consistency(7, root, 7, root, [])
    assert not verify_consistency(7, root, 7, naive_root(LEAVES[:6]), [])
    assert verify_consistency(0, EMPTY_ROOT, 7, root, [])
    assert not verify_consistency(0, root, 7, root, [])


@pytest.mark.parametrize(("old", "new"), [(8, 7), (-1, 7), (7, -1)])
def test_a_consistency_proof_when_its_sizes_are_impossible_is_refused(old: int, new: int):
    root = naive_root(LEAVES[:7])
    assert not verify_consistency(old, root, new, root, [])
    assert not verify_consistency(old, root, new, root, [root])


def test_a_consistency_proof_when_made_up_for_a_size_below_zero_is_refused():
    siblings = [leaf_hash(leaf) for leaf in LEAVES[:4]]
    old_root = node_hash(siblings[3], node_hash(siblings[2], siblings[0]))
    new_root = node_hash(siblings[3], node_hash(siblings[2], node_hash(siblings[0], siblings[1])))
    assert not verify_consistency(-1, old_root, 7, new_root, siblings)


def test_a_log_when_rewritten_before_the_old_size_has_no_consistency_proof():
    old_root = naive_root(LEAVES[:5])
    rewritten = [b"other", *LEAVES[1:9]]
    assert not verify_consistency(5, old_root, 9, naive_root(rewritten), consistency(rewritten, 5))
    assert not verify_consistency(5, old_root, 9, naive_root(rewritten), consistency(LEAVES[:9], 5))
